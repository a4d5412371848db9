"""Vectors of roll proofs, honest and hostile (PROTOCOL §3, Roll)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from support.forms import Form
from support.one_poll import POLL
from veche.errors import VecheError
from veche.protocol.roll import Roll
from veche.protocol.roll_proof import RollProof

VOTERS: Final = [
    to_checksum_address(keccak(f"veche vector voter {each}".encode())[:20]) for each in range(7)
]
ROLL: Final = Roll((voter, place + 1) for place, voter in enumerate(VOTERS))
OWN: Final = replace(POLL, roll_root=ROLL.root, total_weight=ROLL.total_weight)
LAST: Final = 2**40 - 1
MOST: Final = 8_192
"""Maximum characters of a document."""


def listed() -> list[Form]:
    """Documents to accept, then documents to refuse, with the refusal's name."""
    return [_case(name, text, None) for name, text in _good()] + [
        _case(name, text, refusal) for name, text, refusal in _bad()
    ]


def _case(name: str, text: str, refusal: str | None, voter: str = VOTERS[0]) -> Form:
    found = None
    try:
        proof = RollProof.from_json(text)
        proof.require_of(OWN)
        proof.require_voter(voter)
    except VecheError as error:
        found = type(error).__name__
    if found != refusal:
        raise AssertionError(f"{name}: {found or 'accepted'}, not {refusal}")
    return {
        "name": name,
        "refusal": refusal,
        "chainId": OWN.chain_id,
        "poll": OWN.address,
        "rollRoot": "0x" + ROLL.root.hex(),
        "voter": voter,
        "document": text,
    }


def _proof(voter: int = 0) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(RollProof.of(ROLL, OWN, VOTERS[voter]).to_json())
    return fields


def _good() -> Iterator[tuple[str, str]]:
    yield "of one of seven", json.dumps(_proof())
    yield "in another order of fields", json.dumps(dict(reversed(_proof().items())))
    yield "with blanks", json.dumps(_proof(), indent=3) + "\n"
    yield "as many characters as a proof may have", json.dumps(_proof()).ljust(MOST)
    yield "an address in lower case", json.dumps(_proof() | {"voter": VOTERS[0].lower()})


def _bad() -> Iterator[tuple[str, str, str]]:
    """Hostile documents; those of `wrong` are well formed, and show nothing."""
    proof = _proof()
    path, place = proof["path"], proof["place"]
    other = Roll([(VOTERS[0], 1), (VOTERS[1], 1)])
    elsewhere = RollProof.of(other, replace(OWN, roll_root=other.root), VOTERS[0])
    wrong: dict[str, dict[str, Any]] = {
        "of another chain": {"chainId": OWN.chain_id + 1},
        "of another poll": {"poll": "0x" + "12" * 20},
        "of another voter": _proof(1),
        "of another roll": json.loads(elsewhere.to_json()),
        "of another roll that claims the root": json.loads(elsewhere.to_json())
        | {"rollRoot": proof["rollRoot"]},
        "another voter's path": {"path": _proof(1)["path"], "place": _proof(1)["place"]},
        "another's address": {"voter": VOTERS[1]},
        "more weight": {"weight": 2},
        "all weight": {"weight": LAST},
        "another root": {"rollRoot": "0x" + "00" * 32},
        "a path too short": {"path": path[:-1], "place": (place - 1) // 2},
        "a path too long": {"path": [*path, path[0]], "place": 2 * place + 1},
        "no path": {"path": [], "place": 0},
        "the root as its path": {"path": [proof["rollRoot"]], "place": 1},
        "a node that shows another root": {"path": ["0x" + "11" * 32, *path[1:]]},
        "40 hashes": {"path": [path[0]] * 40, "place": 2**40 - 1},
        "nodes that changed places": {"path": path[::-1]},
    }
    for name, changed in wrong.items():
        yield name, json.dumps(proof | changed), "WrongRollProof"
    malformed: dict[str, dict[str, Any]] = {
        "fewer hashes than its place wants": {"path": path[:-1]},
        "more hashes than its place wants": {"path": [*path, path[0]]},
        "41 hashes": {"path": [path[0]] * 41, "place": 2**41 - 1},
        "a place that no poll has": {"place": 2**42},
        "a place below 0": {"place": -1},
        "no weight": {"weight": 0},
        "less than no weight": {"weight": -1},
        "a weight that no poll has": {"weight": 2**40},
        "a weight of 256 bits": {"weight": 2**256 - 1},
        "a weight with a fraction": {"weight": 1.5},
        "a weight as a fraction": {"weight": 1.0},
        "a weight as text": {"weight": "1"},
        "true as a weight": {"weight": True},
        "a chain of 257 bits": {"chainId": 2**256},
        "an address that was mistyped": {"voter": VOTERS[0].swapcase().replace("0X", "0x")},
        "an address that is short": {"poll": OWN.address[:-1]},
        "a root in capitals": {"rollRoot": "0x" + "AB" * 32},
        "a root that is short": {"rollRoot": "0x" + "ab" * 31},
        "a hash that is short": {"path": [path[0][:-2], *path[1:]]},
        "a hash as a number": {"path": [1, *path[1:]]},
        "a path as text": {"path": path[0]},
        "a field too many": {"secret": 1},
        "half a letter": {"voter": "\ud800"},
    }
    for name, changed in malformed.items():
        yield name, json.dumps(proof | changed), "InvalidDocument"
    text = json.dumps(proof)
    for field in proof:
        without = {name: value for name, value in proof.items() if name != field}
        yield f"without {field}", json.dumps(without), "InvalidDocument"
    raw = {
        "nothing": "",
        "a list": f"[{text}]",
        "cut off": text[:-1],
        "two documents": text + text,
        "a field twice": text[:-1] + ', "weight": 7}',
        "NaN as a weight": text.replace('"weight": 1', '"weight": NaN'),
        "a weight of 5,000 digits": text.replace('"weight": 1', '"weight": 1' + "0" * 4_999),
        "lists in lists": "[" * 4_000 + "]" * 4_000,
        "objects in objects": '{"path":' * 800 + "0" + "}" * 800,
        "a character more than a proof may have": text.ljust(MOST + 1),
    }
    for name, each in raw.items():
        yield name, each, "InvalidDocument"
