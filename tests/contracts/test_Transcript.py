"""Every hash of the protocol, in Solidity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support.forms import Form, data, number, numbers
from support.harnesses import Call
from support.vector_files import each, load


def ciphertexts(of: list[list[str]]) -> list[Any]:
    return [[numbers(words[:2]), numbers(words[2:])] for words in of]


def points(of: list[list[str]]) -> list[list[int]]:
    return [numbers(words) for words in of]


BOARD = ("chainId", "board", "threshold", "minVoters", "dealBy", "confirmBy")

PROVER_ONLY = {"statementHash", "nonceHash", "randomnessHash"}

ARGUMENTS: dict[str, Callable[[Form], list[Any]]] = {
    "boardHash": lambda f: [
        [*(f[key] for key in BOARD), data(f["contentHash"])],
        [[each[0], numbers(each[1:])] for each in f["trustees"]],
    ],
    "dealChallenge": lambda f: [
        data(f["context"]),
        f["dealer"],
        points(f["commitments"]),
        numbers(f["ephemeral"]),
        [data(each) for each in f["sealed"]],
        number(f["first"]),
        number(f["second"]),
    ],
    "dealsHash": lambda f: [data(f["previous"]), f["dealer"], number(f["challenge"])],
    "sealPad": lambda f: [data(f["context"]), f["dealer"], f["recipient"], numbers(f["shared"])],
    "blameChallenge": lambda f: [
        data(f["context"]),
        f["dealer"],
        f["recipient"],
        numbers(f["sealingKey"]),
        numbers(f["ephemeral"]),
        numbers(f["shared"]),
        number(f["first"]),
        numbers(f["second"]),
    ],
    "pollHash": lambda f: [
        [
            f["chainId"],
            f["poll"],
            f["board"],
            data(f["boardHash"]),
            numbers(f["key"]),
            data(f["rollRoot"]),
            f["totalWeight"],
            f["opens"],
            f["closes"],
            f["minVoters"],
            data(f["contentHash"]),
        ],
        f["questions"],
    ],
    "tracker": lambda f: [
        data(f["context"]),
        f["voter"],
        f["weight"],
        data(f["replaces"]),
        ciphertexts(f["ciphertexts"]),
    ],
    "statementFactor": lambda f: [data(f["tracker"])],
    "ballotChallenge": lambda f: [
        data(f["tracker"]),
        [number(word) for each in f["commitments"] for word in each],
        points(f["coefficients"]),
    ],
    "sumsHash": lambda f: [data(f["context"]), ciphertexts(f["sums"])],
    "shareChallenge": lambda f: [
        data(f["context"]),
        f["trustee"],
        numbers(f["verificationKey"]),
        points(f["sums"]),
        points(f["points"]),
        number(f["first"]),
        points(f["others"]),
    ],
}


@each("hashes", "hashes")
def test_hash(call: Call, transcripts: Any, entry: Form) -> None:
    if entry["name"] not in ARGUMENTS:
        assert entry["name"] in PROVER_ONLY
        return
    method = getattr(transcripts, entry["name"])
    result = call(method, *ARGUMENTS[entry["name"]](entry["input"]))
    found = result if isinstance(result, int) else int.from_bytes(result, "big")
    assert found == number(entry["result"])


def test_every_hash_has_a_vector() -> None:
    assert {entry["name"] for entry in load("hashes")["hashes"]} == {*ARGUMENTS, *PROVER_ONLY}
