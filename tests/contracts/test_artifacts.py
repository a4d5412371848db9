"""The artifacts in the Python package are what is compiled, and what stands on chain."""

from __future__ import annotations

import json
from typing import Any

import brownie
import pytest
from brownie import PollCatalogue, web3
from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_utils.abi import collapse_if_tuple

from support.boards import Board
from support.ceremonies import Ceremony
from support.polls import Polling, ready_board
from veche.trust.artifact import NAMES, Artifact, clone_parts, load

DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def code_at(contract: Any) -> bytes:
    return bytes(web3.eth.get_code(str(contract)))


def word(value: Any) -> bytes:
    """A number, an address or a hash as it fills a word."""
    return int(str(value), 0).to_bytes(32, "big")


def short_string(text: str) -> bytes:
    """A string in one word, as OpenZeppelin's ShortStrings has it."""
    return text.encode().ljust(31, b"\0") + bytes([len(text)])


def immutable_values(artifact: Artifact, code: bytes) -> set[bytes]:
    return {code[start : start + length] for start, length in artifact.immutables}


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


def test_board_is_known_by_its_code() -> None:
    board = Board(Ceremony(seed="artifacts")).contract
    names = ["threshold", "trusteeCount", "minVoters", "dealBy", "confirmBy", "boardHash"]
    values = {word(getattr(board, each)()) for each in names}
    code, artifact = code_at(board), load("TrusteeBoard")
    assert artifact.is_code(code)
    assert immutable_values(artifact, code) == values


def test_catalogue_and_the_code_of_polls_are_known_by_their_code() -> None:
    catalogue = PollCatalogue.deploy({"from": brownie.accounts[0]}, silent=True)
    implementation = catalogue.implementation()
    code, artifact = code_at(catalogue), load("PollCatalogue")
    assert artifact.is_code(code)
    assert immutable_values(artifact, code) == {word(implementation)}
    code, artifact = code_at(implementation), load("Poll")
    assert artifact.is_code(code)
    name, version = keccak(b"Veche"), keccak(b"2")
    chain_id, this = word(web3.eth.chain_id), word(implementation)
    separator = keccak(keccak(DOMAIN.encode()) + name + version + chain_id + this)
    strings = {short_string("Veche"), short_string("2")}
    hashes = {name, version, separator}
    assert immutable_values(artifact, code) == {chain_id, this, word(catalogue), *hashes, *strings}
    assert not load("PollCatalogue").is_code(code)


def test_poll_is_a_clone_with_its_terms_and_the_key() -> None:
    polling = Polling(ready_board())
    terms = polling.catalogue.publish.abi["inputs"][1]
    types = [collapse_if_tuple(terms), "(uint256,uint256)"]
    arguments = encode(types, [polling.terms(), (polling.key.x, polling.key.y)])
    implementation = bytes.fromhex(polling.catalogue.implementation()[2:])
    code = code_at(polling.contract)
    assert clone_parts(code) == (implementation, arguments)
    assert clone_parts(code_at(polling.catalogue)) is None
