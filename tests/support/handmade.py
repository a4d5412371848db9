"""Contracts that somebody made by hand, with whatever code and state they liked."""

from __future__ import annotations

from typing import Any

from brownie import accounts, web3

from attacks.init_code import Forgery


def forger() -> Any:
    """The account of whoever makes them."""
    return accounts[5]


def deploy(forgery: Forgery) -> str:
    """The address of a forged contract that somebody has deployed."""
    data = "0x" + forgery.creation.hex()
    receipt = forger().transfer(data=data, silent=True)
    address = str(receipt.contract_address)
    assert code_at(address) == forgery.runtime
    return address


def next_address(after: int = 0) -> str:
    """The address of what will be deployed next, or after so many others."""
    return str(forger().get_deployment_address(forger().nonce + after))


def copy_of(contract: Any) -> str:
    """The address of a contract with the code of another, to the byte, and with no state."""
    return deploy(Forgery(code_at(contract)))


def code_at(contract: Any) -> bytes:
    return bytes(web3.eth.get_code(str(contract)))


def state_read_by(contract: Any, method: str, *args: Any) -> dict[int, int]:
    """The words of a contract's storage that a call looks at, by their places."""
    data = getattr(contract, method).encode_input(*args)
    request = [{"to": contract.address, "data": data}, "latest", {"tracer": "prestateTracer"}]
    result = web3.provider.make_request("debug_traceCall", request)["result"]
    found = {name.lower(): each for name, each in result.items()}[contract.address.lower()]
    return {int(place, 16): int(word, 16) for place, word in found["storage"].items()}
