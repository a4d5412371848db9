"""Every hash of the protocol, with its inputs in plain form."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any
from unittest import mock

from eth_hash.auto import keccak

from support import samples
from support.forms import Form, address, point, word, words
from support.samples import MIXED
from veche.crypto import transcript
from veche.crypto.group import INFINITY, G, Point, Scalar, Secret


class _Address(int):
    """An address, as a number."""


def _statement_hash(parts: tuple[bytes | Point, ...]) -> bytes:
    return transcript.statement_hash(*parts)


def _nonce_hash(entropy: bytes, secret: Scalar, statement: bytes) -> Scalar:
    return transcript.nonce_hash(entropy, Secret(secret.value), statement)


def _deal_challenge(
    board_hash: bytes,
    dealer: int,
    commitments: list[Point],
    ephemeral: Point,
    sealed: list[bytes],
    first: int,
    second: int,
) -> Scalar:
    return transcript.deal_challenge(
        board_hash,
        dealer,
        commitments=commitments,
        ephemeral=ephemeral,
        sealed=sealed,
        first=(first, second),
    )


CONTEXT, HASH = keccak(b"context"), keccak(b"hash")
Q = [G * Scalar(value) for value in range(2, 7)]
FIRST = _Address(Q[3].address)
ACCOUNTS = [_Address(0xACC1 + index) for index in range(3)]
BOARD, POLL, VOTER = map(_Address, (samples.BOARD, samples.POLL, samples.VOTER))

HASHES: dict[str, tuple[Callable[..., bytes | Scalar], dict[str, Any]]] = {
    "statementHash": (_statement_hash, {"parts": (CONTEXT, (1).to_bytes(32, "big"), Q[0])}),
    "boardHash": (
        transcript.board_hash,
        {
            "chainId": 1471,
            "board": BOARD,
            "threshold": 2,
            "minVoters": 5,
            "dealBy": 1_800_000_000,
            "confirmBy": 1_800_600_000,
            "contentHash": HASH,
            "trustees": list(zip(ACCOUNTS, Q[:3], strict=True)),
        },
    ),
    "dealChallenge": (
        _deal_challenge,
        {
            "context": CONTEXT,
            "dealer": 1,
            "commitments": Q[:2],
            "ephemeral": Q[2],
            "sealed": [HASH, CONTEXT, keccak(b"sealed")],
            "first": FIRST,
            "second": _Address(Q[4].address),
        },
    ),
    "dealsHash": (
        transcript.deals_hash,
        {"previous": CONTEXT, "dealer": 3, "challenge": Scalar(99)},
    ),
    "sealPad": (
        transcript.seal_pad,
        {"context": CONTEXT, "dealer": 1, "recipient": 2, "shared": Q[0]},
    ),
    "blameChallenge": (
        transcript.blame_challenge,
        {
            "context": CONTEXT,
            "dealer": 1,
            "recipient": 2,
            "sealingKey": Q[0],
            "ephemeral": Q[1],
            "shared": Q[2],
            "first": FIRST,
            "second": Q[4],
        },
    ),
    "pollHash": (
        transcript.poll_hash,
        {
            "chainId": 1471,
            "poll": POLL,
            "board": BOARD,
            "boardHash": CONTEXT,
            "key": Q[0],
            "rollRoot": HASH,
            "totalWeight": 1_000,
            "opens": 1_800_700_000,
            "closes": 1_800_800_000,
            "minVoters": 5,
            "contentHash": keccak("Вече".encode()),
            "questions": list(MIXED.limits),
        },
    ),
    "tracker": (
        transcript.tracker,
        {
            "context": CONTEXT,
            "voter": VOTER,
            "weight": 7,
            "replaces": HASH,
            "ciphertexts": [(Q[0], Q[1]), (Q[2], Q[3])],
        },
    ),
    "statementFactor": (transcript.statement_factor, {"tracker": CONTEXT}),
    "ballotChallenge": (
        transcript.ballot_challenge,
        {
            "tracker": CONTEXT,
            "commitments": [(_Address(Q[0].address), Q[1]), (_Address(Q[2].address), Q[3])],
            "coefficients": list(Q[4:7]),
        },
    ),
    "sumsHash": (
        transcript.sums_hash,
        {"context": CONTEXT, "sums": [(Q[0], Q[1]), (INFINITY, INFINITY)]},
    ),
    "shareChallenge": (
        transcript.share_challenge,
        {
            "context": CONTEXT,
            "trustee": 2,
            "verificationKey": Q[0],
            "sums": [Q[1], INFINITY],
            "points": [Q[2], INFINITY],
            "first": FIRST,
            "others": [Q[4]],
        },
    ),
    "nonceHash": (
        _nonce_hash,
        {"entropy": HASH, "secret": Scalar(77), "statement": CONTEXT},
    ),
    "randomnessHash": (
        transcript.randomness_hash,
        {"entropy": HASH, "place": CONTEXT, "scores": [0, 100], "choice": 1},
    ),
}
"""Every hash of the protocol: what computes it, and what of, in the order of its parameters."""


def listed() -> Form:
    """Every tag, and every hash with its inputs, its words in order and its result."""
    entries = [_entry(name, *of) for name, of in HASHES.items()]
    uses = sorted({each["use"] for each in entries})
    return {"tags": {use: word(transcript.tag(use)) for use in uses}, "hashes": entries}


def _entry(
    name: str, compute: Callable[..., bytes | Scalar], inputs: dict[str, Any]
) -> dict[str, Any]:
    parameters = dict(zip(signature(compute).parameters, inputs.values(), strict=True))
    with mock.patch.object(transcript, "digest", wraps=transcript.digest) as digest:
        result = compute(**parameters)
    use, *parts = digest.call_args.args
    content = transcript.words(parts)
    split = [content[at : at + 32] for at in range(0, len(content), 32)]
    return {
        "name": name,
        "use": use,
        "input": {key: _form(value) for key, value in inputs.items()},
        "words": words([transcript.tag(use), *split]),
        "result": word(result),
    }


def _form(value: Any) -> Any:
    """An input in plain form; what stands together in a tuple stands in one row."""
    match value:
        case list():
            return [_form(each) for each in value]
        case tuple():
            return [part for each in value for part in _row(_form(each))]
        case Point():
            return point(value)
        case _Address():
            return address(value)
    return value if isinstance(value, int) else word(value)


def _row(form: Any) -> list[Any]:
    return form if isinstance(form, list) else [form]
