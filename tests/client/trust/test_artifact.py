"""The compiled contracts that the package carries."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from eth_hash.auto import keccak

from support import vector_files
from veche.trust.artifact import CLONE_HEAD, CLONE_TAIL, NAMES, Artifact, clone_parts, load

IMPLEMENTATION = bytes(range(20))
CLONE = CLONE_HEAD + IMPLEMENTATION + CLONE_TAIL

CODE_LIMIT = 24_576

SMALL = Artifact(
    "Small",
    [],
    b"",
    bytes.fromhex("aa0000bb00cc0000"),
    {"twice": ((1, 2), (6, 2)), "once": ((4, 1),)},
)


@pytest.mark.parametrize(
    "entry", vector_files.load("published_code")["contracts"], ids=lambda each: each["name"]
)
def test_published_hashes_are_those_of_the_artifact(entry: Any) -> None:
    artifact = load(entry["name"])
    assert entry["creationHash"] == f"0x{keccak(artifact.bytecode).hex()}"
    assert entry["codeHash"] == f"0x{keccak(artifact.runtime).hex()}"


@pytest.mark.parametrize("name", NAMES)
def test_artifact_is_whole(name: str) -> None:
    artifact = load(name)
    assert artifact.name == name
    assert any(each["type"] == "function" for each in artifact.abi)
    assert artifact.runtime in artifact.bytecode
    assert len(artifact.runtime) <= CODE_LIMIT
    ends = [0]
    for start, length in sorted(each for places in artifact.immutables.values() for each in places):
        assert ends[-1] <= start
        assert artifact.runtime[start : start + length] == bytes(length)
        ends.append(start + length)
    assert ends[-1] <= len(artifact.runtime)
    assert load(name) is artifact


@pytest.mark.parametrize("code", ["aa0000bb00cc0000", "aa1234bb56cc1234"])
def test_code_is_known_whatever_its_immutables(code: str) -> None:
    assert SMALL.is_code(bytes.fromhex(code))


@pytest.mark.parametrize(
    "code",
    [
        "",
        "aa0000bb00cc00",
        "aa0000bb00cc000000",
        "ab0000bb00cc0000",
        "aa0000bc00cc0000",
        "aa0000bb00cd0000",
    ],
)
def test_other_code_is_refused(code: str) -> None:
    assert not SMALL.is_code(bytes.fromhex(code))


@pytest.mark.parametrize("code", ["aa0000bb00cc0001", "aa1234bb56cc0000", "aa1234bb56cc1235"])
def test_code_is_refused_if_an_immutable_has_two_values(code: str) -> None:
    assert not SMALL.is_code(bytes.fromhex(code))


def test_address_of_an_immutable_is_read_from_the_code() -> None:
    poll = load("Poll")
    code = bytearray(poll.runtime)
    for start, length in poll.immutables["tally"]:
        code[start : start + length] = IMPLEMENTATION.rjust(length, b"\0")
    assert poll.is_code(bytes(code))
    assert bytes.fromhex(poll.address("tally", bytes(code))[2:]) == IMPLEMENTATION


@pytest.mark.parametrize("code", [b"", b"\xfe"])
def test_address_of_an_immutable_is_zero_where_there_is_no_code(code: bytes) -> None:
    assert load("Poll").address("tally", code) == "0x" + 40 * "0"


@pytest.mark.parametrize("arguments", [b"", b"\0", b"terms" * 100])
def test_clone_falls_into_its_parts(arguments: bytes) -> None:
    assert clone_parts(CLONE + arguments) == (IMPLEMENTATION, arguments)


@pytest.mark.parametrize("place", [*range(10), *range(30, 45)])
def test_clone_is_refused_if_its_code_is_changed(place: int) -> None:
    changed = bytearray(CLONE + b"terms")
    changed[place] ^= 1
    assert clone_parts(bytes(changed)) is None


@pytest.mark.parametrize("code", [b"", CLONE[:-1], CLONE_HEAD, b"\0" + CLONE])
def test_clone_is_refused_if_it_is_cut_or_shifted(code: bytes) -> None:
    assert clone_parts(code) is None


def test_artifacts_load_without_requests_and_brownie() -> None:
    code = (
        "import sys; from veche.trust import artifact; artifact.load('Poll');"
        "assert not {'requests', 'brownie'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code
