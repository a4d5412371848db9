"""Contracts that somebody made by hand, with whatever code and state they liked."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

from brownie import accounts, web3
from eth_hash.auto import keccak

from attacks.init_code import Forgery

SLOTS = 200
"""More than the words of any contract's variables, running sums included."""


def deploy(forgery: Forgery) -> str:
    """The address of a forged contract that somebody has deployed."""
    data = "0x" + forgery.creation.hex()
    receipt = accounts[5].transfer(data=data, silent=True)
    address = str(receipt.contract_address)
    assert code_at(address) == forgery.runtime
    return address


def next_address(after: int = 0) -> str:
    """The address of what will be deployed next, or after so many others."""
    return str(accounts[5].get_deployment_address(accounts[5].nonce + after))


def copy_of(contract: Any) -> str:
    """The address of a contract with the code of another, to the byte, and with no state."""
    return deploy(Forgery(code_at(contract)))


def code_at(contract: Any) -> bytes:
    return bytes(web3.eth.get_code(str(contract)))


# -- State --


def storage_of(address: Any) -> dict[int, int]:
    """The words in a contract's storage, by their places."""
    dump = web3.provider.make_request("anvil_dumpState", [])["result"]
    accounts = json.loads(gzip.decompress(bytes.fromhex(dump[2:])))["accounts"]
    words = {name.lower(): each for name, each in accounts.items()}[str(address).lower()]["storage"]
    return {int(place, 16): int(word, 16) for place, word in words.items()}


def places_of(word: int | bytes, storage: Mapping[int, int]) -> list[int]:
    """The places in a contract's storage at which a word stands."""
    return [place for place, found in storage.items() if found == number(word)]


def neighbour(storage: Mapping[int, int], known: Any, other: Any) -> int:
    """The place in storage of another address's word, in the mapping that has one for a known
    address.
    """
    return next(_mapped(other, slot) for slot in range(SLOTS) if _mapped(known, slot) in storage)


def _mapped(address: Any, slot: int) -> int:
    words = int(str(address), 16).to_bytes(32, "big") + slot.to_bytes(32, "big")
    return int.from_bytes(keccak(words), "big")


def number(word: int | bytes) -> int:
    return int.from_bytes(word, "big") if isinstance(word, bytes) else word
