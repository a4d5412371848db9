"""Polls that a stranger makes of the published code, with terms and a board that no catalogue would
take.
"""

from __future__ import annotations

from support.elections import Town
from veche import Poll
from veche.chain.poll_contract import INTERFACE
from veche.chain.transactions import Sender
from veche.trust import artifact

CREATION = "61{:04x}3d81600a3d39f3"
"""What leaves so many bytes behind it as a contract's code."""


def reverting(data: str) -> str:
    """The code of a contract that reverts with up to 36 bytes, whatever it is asked."""
    first, rest = data[:64].ljust(64, "0"), data[64:].ljust(64, "0")
    length = len(data) // 2
    return f"7f{first}6000527f{rest}60205260{length:02x}6000fd"


def forged_poll(town: Town, like: Poll, *, board: str) -> str:
    """The address of a stranger's poll on the terms of another.

    Args:
        town: where.
        like: the other poll.
        board: the code of its board, hexadecimal digits.
    """
    sender, node = Sender(town.embedded.node, town.stranger), town.embedded.node
    own = _created(sender, INTERFACE.creation())
    address = own[:-8] + "0badb0ad"
    node.request("anvil_setCode", address, "0x" + board)
    parts = artifact.clone_parts(like.contract.code)
    assert parts
    terms = parts[1].replace(bytes.fromhex(like.definition.board[2:]), bytes.fromhex(address[2:]))
    clone = artifact.CLONE_HEAD + bytes.fromhex(own[2:]) + artifact.CLONE_TAIL + terms
    made = _created(sender, bytes.fromhex(CREATION.format(len(clone))) + clone)
    data = INTERFACE.data("initialise", like.hash, like.contract.read("content"))
    sender.send(made, data)
    return made


def _created(sender: Sender, creation: bytes) -> str:
    address = sender.send(None, creation).contract
    assert address
    return address
