"""Checks where contracts come from: a catalogue whose address shows that the published constructor
ran there, and boards and polls that it made (PROTOCOL §2).

Comparing code is not enough. Whoever writes the code that creates a contract can leave any state
behind, and then the published code: a board with a key that its author knows, or a poll in which
somebody has voted already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address

from veche.crypto.keccak import keccak
from veche.trust import artifact

CATALOGUE: Final = "catalogue"
POLL_CODE: Final = "code of polls"
TALLY_CODE: Final = "code that counts polls"
BOARD_CODE: Final = "code of boards"
BOARD: Final = "board of the catalogue"
POLL: Final = "poll of the catalogue"
FIRST_BLOCK: Final = "first block"

BEWARE: Final = "somebody may be trying to read votes or to stop them"
NO_SALT: Final = bytes(32)
"""The salt with which the code of polls and of boards is created."""


@dataclass(frozen=True, slots=True)
class SharedCode:
    """A contract whose code all polls, or all boards, of a catalogue run.

    Attributes:
        address: the contract's address, by the catalogue; by the code of polls, of what counts.
        code: its code.
    """

    address: str
    code: bytes


@dataclass(frozen=True, slots=True)
class Root:
    """A catalogue, with everything that its address is the hash of.

    Attributes:
        address: the catalogue's address.
        code: its code.
        deployer: the contract that created it, by the catalogue.
        salt: the salt of its creation, by the catalogue; 32 bytes.
        first_owner: the owner that was named at its creation, by the catalogue.
        polls: the code of its polls.
        tally: the code that counts its polls, which the code of polls has made.
        boards: the code of its boards.
        first_accounts: the addresses that the chain's first block gives code or state to; None if
            that block is not known.
    """

    address: str
    code: bytes
    deployer: str
    salt: bytes
    first_owner: str
    polls: SharedCode
    tally: SharedCode
    boards: SharedCode
    first_accounts: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a board or a poll comes from.

    Attributes:
        address: the contract's address.
        code: its code, a clone.
        is_official: whether the catalogue says that it made the contract.
    """

    address: str
    code: bytes
    is_official: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a poll, its board and its catalogue come from.

    Attributes:
        root: the catalogue that the poll names.
        board: the board that the poll names.
        poll: the poll.
    """

    root: Root
    board: Origin
    poll: Origin


def faults_in_root(root: Root) -> dict[str, str]:
    """What is wrong with a catalogue and the code of its polls and boards, by the name of the
    check; empty texts if nothing is.
    """
    expected = catalogue_address(
        root.deployer,
        root.salt,
        first_owner=root.first_owner,
        poll_code=root.polls.address,
        board_code=root.boards.address,
    )
    return {
        CATALOGUE: _fault("PollCatalogue", root.address, root.code, expected),
        POLL_CODE: _fault_in_code("Poll", root.polls, root.deployer),
        TALLY_CODE: _fault(
            "Tally", root.tally.address, root.tally.code, first_created(root.polls.address)
        ),
        BOARD_CODE: _fault_in_code("TrusteeBoard", root.boards, root.deployer),
    }


def fault_in_origin(origin: Origin, root: Root, shared: SharedCode) -> str:
    """What is wrong with where a board or a poll comes from; empty if nothing.

    Args:
        origin: where it comes from.
        root: the catalogue, whose own faults are looked for by `faults_in_root`.
        shared: the code that it must run: `root.polls` or `root.boards`.
    """
    parts = artifact.clone_parts(origin.code)
    if parts is None or to_checksum_address(parts[0]) != shared.address:
        return f"a clone of {shared.address} is expected at {origin.address}: {BEWARE}"
    if not origin.is_official:
        return f"the catalogue at {root.address} did not make {origin.address}: {BEWARE}"
    return ""


def fault_in_first_block(root: Root, *origins: Origin) -> str:
    """What is wrong with the first block of the chain; empty if nothing, or if it is not known."""
    codes = {each.address for each in (root.polls, root.tally, root.boards)}
    own = {root.address, *codes, *(each.address for each in origins)}
    found = sorted(own & (root.first_accounts or frozenset()))
    return f"the chain began with an account at {', '.join(found)}: {BEWARE}" if found else ""


def _fault_in_code(name: str, shared: SharedCode, deployer: str) -> str:
    expected = create2(deployer, NO_SALT, artifact.load(name).bytecode)
    return _fault(name, shared.address, shared.code, expected)


def _fault(name: str, address: str, code: bytes, expected: str) -> str:
    """What is wrong with the contract at an address where the published code would have another."""
    if address != expected:
        said = f"the published {name}, created like this, is at {expected} and not at {address}"
        return f"{said}: {BEWARE}"
    if not artifact.load(name).is_code(code):
        return f"the code of a {name} is expected at {address}: {BEWARE}"
    return ""


# -- Addresses --


def catalogue_address(
    deployer: str, salt: bytes, *, first_owner: str, poll_code: str, board_code: str
) -> str:
    """The address of the catalogue that a deployer creates.

    Args:
        deployer: the address of the deployer.
        salt: 32 bytes.
        first_owner: the address of its first owner.
        poll_code: the address of the code of its polls.
        board_code: the address of the code of its boards.
    """
    creation = catalogue_creation(
        salt, first_owner=first_owner, poll_code=poll_code, board_code=board_code
    )
    return create2(deployer, salt, creation)


def catalogue_creation(salt: bytes, *, first_owner: str, poll_code: str, board_code: str) -> bytes:
    """The creation code of a catalogue with its arguments."""
    types, values = (
        ["address", "address", "address", "bytes32"],
        [first_owner, poll_code, board_code],
    )
    return artifact.load("PollCatalogue").bytecode + encode(types, [*values, salt])


def create2(deployer: str, salt: bytes, creation: bytes) -> str:
    """The address of the contract that a deployer creates with CREATE2 (EIP-1014).

    Args:
        deployer: the address of the deployer.
        salt: 32 bytes.
        creation: the creation code with its arguments.
    """
    content = b"\xff" + bytes.fromhex(deployer.removeprefix("0x")) + salt + keccak(creation)
    return str(to_checksum_address(keccak(content)[-20:]))


def first_created(creator: str) -> str:
    """The address of the contract that another creates first of all, with CREATE (EIP-161).

    Args:
        creator: the address of the contract that creates it.
    """
    nonce = b"\1"
    rlp = b"\xd6\x94" + bytes.fromhex(creator.removeprefix("0x")) + nonce
    return str(to_checksum_address(keccak(rlp)[-20:]))
