"""Catalogues on chain, created with CREATE2, so that their addresses prove their state."""

from __future__ import annotations

from itertools import count
from typing import Any

from brownie import Poll, PollCatalogue, TrusteeBoard, accounts, web3

from veche.chain.creation import DEPLOYER
from veche.trust.provenance import NO_SALT, create2

_SALTS = count(1)


def create_catalogue(owner: Any, *, salt: bytes | None = None) -> Any:
    """A catalogue, with the code of polls and boards that all catalogues of a chain share.

    Args:
        owner: the account that owns it.
        salt: of its creation, 32 bytes; by default one that no other catalogue has.
    """
    salt = next(_SALTS).to_bytes(32, "big") if salt is None else salt
    return PollCatalogue.at(created(creation(owner, salt), salt=salt))


def creation(owner: Any, salt: bytes, *, deployer: str = DEPLOYER) -> bytes:
    """The creation code of a catalogue with its arguments, as it is compiled here."""
    codes = (shared_code(each, deployer=deployer) for each in (Poll, TrusteeBoard))
    return bytes.fromhex(PollCatalogue.deploy.encode_input(owner, *codes, salt).removeprefix("0x"))


def shared_code(contract: Any, *, deployer: str = DEPLOYER) -> str:
    """The address of the code that all polls, or all boards, run."""
    return created(bytes.fromhex(contract.bytecode), deployer=deployer)


def created(creation_code: bytes, *, salt: bytes = NO_SALT, deployer: str = DEPLOYER) -> str:
    """The address of what a deployer creates; it is created unless it is there."""
    address = create2(deployer, salt, creation_code)
    if not web3.eth.get_code(address):
        accounts[0].transfer(deployer, data="0x" + (salt + creation_code).hex(), silent=True)
    return address
