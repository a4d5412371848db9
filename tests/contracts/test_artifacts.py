"""The artifacts in the Python package are what is compiled, and what stands on chain."""

from __future__ import annotations

import json
from typing import Any

import brownie
import pytest
from brownie import web3
from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_utils.abi import collapse_if_tuple

from support.boards import Board
from support.catalogues import create_catalogue
from support.ceremonies import Ceremony
from support.handmade import code_at
from support.polls import Polling, ready_board
from veche.chain import arguments
from veche.trust.artifact import NAMES, Artifact, clone_parts, load
from veche.trust.provenance import first_created

DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def word(value: Any) -> bytes:
    """A number, an address or a hash as it fills a word."""
    return int(str(value), 0).to_bytes(32, "big")


def short_string(text: str) -> bytes:
    """A string in one word, as OpenZeppelin's ShortStrings has it."""
    return text.encode().ljust(31, b"\0") + bytes([len(text)])


def immutable_values(artifact: Artifact, code: bytes) -> set[bytes]:
    places = [each for own in artifact.immutables.values() for each in own]
    return {code[start : start + length] for start, length in places}


@pytest.mark.parametrize("name", NAMES)
def test_artifact_is_what_is_compiled(name: str) -> None:
    # from the file: what Brownie holds it adds to
    folder = brownie.project.get_loaded_projects()[0]._build_path / "contracts"
    build = json.loads((folder / f"{name}.json").read_text())
    artifact = load(name)
    advice = f"{name}.json is out of date: run `make artifacts`"
    assert artifact.abi == build["abi"], advice
    assert artifact.bytecode.hex() == build["bytecode"], advice
    assert artifact.runtime.hex() == build["deployedBytecode"], advice


def test_catalogue_is_known_by_its_code() -> None:
    catalogue = create_catalogue(brownie.accounts[0], salt=b"artifacts".rjust(32))
    code, artifact = code_at(catalogue), load("PollCatalogue")
    assert artifact.is_code(code)
    addresses = (catalogue.firstOwner(), catalogue.deployer())
    codes = (catalogue.pollCode(), catalogue.boardCode())
    numbers = (catalogue.salt(), catalogue.bornAt())
    assert immutable_values(artifact, code) == set(map(word, (*addresses, *codes, *numbers)))


@pytest.mark.parametrize(("name", "read"), [("Poll", "pollCode"), ("TrusteeBoard", "boardCode")])
def test_shared_code_is_known(name: str, read: str) -> None:
    """It knows its own address, and the domain of what is signed; nothing of a catalogue."""
    address = getattr(create_catalogue(brownie.accounts[0]), read)()
    code, artifact = code_at(address), load(name)
    assert artifact.is_code(code)
    hashes = keccak(b"Veche"), keccak(b"2")
    chain_id, this = word(web3.eth.chain_id), word(address)
    separator = keccak(keccak(DOMAIN.encode()) + b"".join(hashes) + chain_id + this)
    strings = short_string("Veche"), short_string("2")
    tally = [word(brownie.Poll.at(address).tally())] if name == "Poll" else []
    known = {chain_id, this, separator, *hashes, *strings, *tally}
    assert immutable_values(artifact, code) == known
    assert not any(load(other).is_code(code) for other in NAMES if other != name)


def test_board_is_a_clone_with_its_terms() -> None:
    board = Board(Ceremony(seed="artifacts"))
    types = [collapse_if_tuple(board.catalogue.convene.abi["inputs"][0]), "address", "uint256"]
    place = board.catalogue.address, board.convening.block_number
    expected = encode(types, [arguments.board_terms(board.terms), *place])
    code = bytes.fromhex(board.catalogue.boardCode()[2:])
    assert clone_parts(code_at(board.contract)) == (code, expected)


def test_tally_is_known_by_its_code_and_its_address() -> None:
    """The code of polls makes it first of all."""
    polls = create_catalogue(brownie.accounts[0]).pollCode()
    tally = brownie.Poll.at(polls).tally()
    assert load("Poll").address("tally", code_at(polls)) == tally == first_created(polls)
    assert load("Tally").is_code(code_at(tally))


def test_poll_is_a_clone_with_its_terms_and_the_key() -> None:
    polling = Polling(ready_board())
    terms = collapse_if_tuple(polling.catalogue.publish.abi["inputs"][1])
    types = [terms, "(uint256,uint256)", "address", "uint256"]
    place = polling.catalogue.address, polling.publishing.block_number
    expected = encode(types, [polling.terms(), arguments.point(polling.key), *place])
    code = bytes.fromhex(polling.catalogue.pollCode()[2:])
    assert clone_parts(code_at(polling.contract)) == (code, expected)
    assert clone_parts(code_at(polling.catalogue)) is None
