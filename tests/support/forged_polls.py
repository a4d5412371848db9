"""Contracts that somebody makes of the published code, with a state that it would never have."""

from __future__ import annotations

from collections.abc import Mapping

from support.elections import Town
from veche import Poll
from veche.chain.poll_contract import INTERFACE
from veche.chain.transactions import Sender
from veche.trust import artifact

RETURNS = bytes.fromhex("61aaaa8061bbbb6000396000f3")
"""Leaves aaaa bytes from bbbb on as a contract's code."""


def reverting(data: str) -> str:
    """The code of a contract that reverts with up to 36 bytes, whatever it is asked."""
    first, rest = data[:64].ljust(64, "0"), data[64:].ljust(64, "0")
    length = len(data) // 2
    return f"7f{first}6000527f{rest}60205260{length:02x}6000fd"


def forged_poll(town: Town, like: Poll, *, board: str) -> str:
    """The address of a stranger's poll on the terms of another: a clone of the code of polls, whose
    catalogue is the stranger's account.

    Args:
        town: where.
        like: the other poll.
        board: the code of its board, hexadecimal digits.
    """
    sender, node = Sender(town.embedded.node, town.stranger), town.embedded.node
    address = like.address[:-8] + "0badb0ad"
    node.request("anvil_setCode", address, "0x" + board)
    parts = artifact.clone_parts(like.contract.code)
    assert parts
    code, arguments = parts
    for own, forged in (
        (like.definition.board, address),
        (town.catalogue.address, town.stranger.address),
    ):
        assert bytes.fromhex(own[2:]) in arguments
        arguments = arguments.replace(bytes.fromhex(own[2:]), bytes.fromhex(forged[2:]))
    made = created(sender, clone(code, arguments))
    data = INTERFACE.data("initialise", like.hash, like.contract.read("content"))
    sender.send(made, data)
    return made


def clone(code: bytes, arguments: bytes) -> bytes:
    """The code of a clone of the contract at this address, with these arguments."""
    return artifact.CLONE_HEAD + code + artifact.CLONE_TAIL + arguments


def created(sender: Sender, runtime: bytes, storage: Mapping[int, int] | None = None) -> str:
    """The address of a contract with this code, whose storage was written before it had any."""
    writes = b"".join(
        b"\x7f" + value.to_bytes(32, "big") + b"\x7f" + slot.to_bytes(32, "big") + b"\x55"
        for slot, value in (storage or {}).items()
    )
    size, begin = len(runtime), len(writes) + len(RETURNS)
    returns = RETURNS.hex().replace("aaaa", f"{size:04x}").replace("bbbb", f"{begin:04x}")
    address = sender.send(None, writes + bytes.fromhex(returns) + runtime).contract
    assert address
    return address
