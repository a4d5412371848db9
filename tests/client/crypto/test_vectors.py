"""The shared vectors, through the Python implementation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_hash.auto import keccak

from support.forms import Form, data, number, numbers, pair, trusted_point
from support.vector_files import KINDS, cases, each, each_case, expected, load
from support.verdicts import ballot_of, ballot_tracker, python_verdict, questions_of
from veche.crypto import ballot_proof, elgamal, sharing, transcript
from veche.crypto.group import G, Scalar, Secret, combine
from veche.crypto.second_generator import H
from veche.errors import InvalidShare


@each_case(*KINDS)
def test_verdict(kind: str, case: Form) -> None:
    assert python_verdict(kind, case["input"]) == expected(case)


@each_case("ballot")
def test_verdict_where_multiples_of_the_key_are_kept(kind: str, case: Form) -> None:
    assert python_verdict(f"{kind} of many", case["input"]) == expected(case)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_inputs_to_accept_and_to_refuse(kind: str) -> None:
    refusals = {case["refusal"] for case in cases(kind)}
    assert None in refusals
    assert len(refusals) > 1


# -- Hashes --


@each("hashes", "hashes")
def test_hash_of_the_words(entry: Form) -> None:
    content = b"".join(map(data, entry["words"]))
    assert entry["words"][0] == load("hashes")["tags"][entry["use"]]
    result = keccak(content)
    if entry["name"] in SCALARS:
        result = transcript.scalar(result).value.to_bytes(32, "big")
    assert result == data(entry["result"])


@each("hashes", "hashes")
def test_hash_of_the_input(entry: Form) -> None:
    result = HASHES[entry["name"]](entry["input"])
    found = result.value if isinstance(result, Scalar) else int.from_bytes(result, "big")
    assert found == number(entry["result"])


def test_tags_are_what_they_say() -> None:
    for use, value in load("hashes")["tags"].items():
        assert keccak(f"veche/v2/{use}".encode()) == data(value)


SCALARS = {
    "dealChallenge",
    "blameChallenge",
    "statementFactor",
    "ballotChallenge",
    "shareChallenge",
    "nonceHash",
    "randomnessHash",
}


def points(of: Any) -> list[Any]:
    return [trusted_point(each) for each in of]


def ciphertexts(of: Any) -> list[Any]:
    return [(trusted_point(each[:2]), trusted_point(each[2:])) for each in of]


HASHES: dict[str, Callable[[Form], Any]] = {
    "statementHash": lambda f: transcript.statement_hash(*(data(each) for each in f["parts"])),
    "boardHash": lambda f: transcript.board_hash(
        chain_id=f["chainId"],
        board=number(f["board"]),
        threshold=f["threshold"],
        min_voters=f["minVoters"],
        deal_by=f["dealBy"],
        confirm_by=f["confirmBy"],
        content_hash=data(f["contentHash"]),
        trustees=[(number(each[0]), trusted_point(each[1:])) for each in f["trustees"]],
    ),
    "dealChallenge": lambda f: transcript.deal_challenge(
        data(f["context"]),
        f["dealer"],
        commitments=points(f["commitments"]),
        ephemeral=trusted_point(f["ephemeral"]),
        sealed=[data(each) for each in f["sealed"]],
        first=(number(f["first"]), number(f["second"])),
    ),
    "dealsHash": lambda f: transcript.deals_hash(
        data(f["previous"]), f["dealer"], Scalar(number(f["challenge"]))
    ),
    "sealPad": lambda f: transcript.seal_pad(
        data(f["context"]), f["dealer"], f["recipient"], trusted_point(f["shared"])
    ),
    "blameChallenge": lambda f: transcript.blame_challenge(
        data(f["context"]),
        f["dealer"],
        f["recipient"],
        sealing_key=trusted_point(f["sealingKey"]),
        ephemeral=trusted_point(f["ephemeral"]),
        shared=trusted_point(f["shared"]),
        first=number(f["first"]),
        second=trusted_point(f["second"]),
    ),
    "pollHash": lambda f: transcript.poll_hash(
        chain_id=f["chainId"],
        poll=number(f["poll"]),
        board=number(f["board"]),
        board_hash=data(f["boardHash"]),
        key=trusted_point(f["key"]),
        roll_root=data(f["rollRoot"]),
        total_weight=f["totalWeight"],
        opens=f["opens"],
        closes=f["closes"],
        min_voters=f["minVoters"],
        content_hash=data(f["contentHash"]),
        questions=[tuple(each) for each in f["questions"]],
    ),
    "tracker": lambda f: transcript.tracker(
        data(f["context"]),
        voter=number(f["voter"]),
        weight=f["weight"],
        replaces=data(f["replaces"]),
        ciphertexts=ciphertexts(f["ciphertexts"]),
    ),
    "statementFactor": lambda f: transcript.statement_factor(data(f["tracker"])),
    "ballotChallenge": lambda f: transcript.ballot_challenge(
        data(f["tracker"]),
        [(number(each[0]), trusted_point(each[1:])) for each in f["commitments"]],
        points(f["coefficients"]),
    ),
    "sumsHash": lambda f: transcript.sums_hash(data(f["context"]), ciphertexts(f["sums"])),
    "shareChallenge": lambda f: transcript.share_challenge(
        data(f["context"]),
        f["trustee"],
        verification_key=trusted_point(f["verificationKey"]),
        sums=points(f["sums"]),
        points=points(f["points"]),
        first=number(f["first"]),
        others=points(f["others"]),
    ),
    "nonceHash": lambda f: transcript.nonce_hash(
        data(f["entropy"]), Secret(number(f["secret"])), data(f["statement"])
    ),
    "randomnessHash": lambda f: transcript.randomness_hash(
        data(f["entropy"]), data(f["place"]), f["scores"], f["choice"]
    ),
}


# -- Sharing --


def test_shares_open_to_what_was_dealt() -> None:
    board = load("sharing")
    for dealer, entry in enumerate(board["dealers"], start=1):
        commitments = points(entry["deal"]["commitments"])
        for recipient, secret in enumerate(numbers(board["sealingSecrets"]), start=1):
            opened = sharing.unseal(
                data(entry["deal"]["sealed"][recipient - 1]),
                board_hash=data(board["boardHash"]),
                dealer=dealer,
                recipient=recipient,
                shared=trusted_point(entry["deal"]["ephemeral"]) * Secret(secret),
                commitments=commitments,
            )
            assert opened == Secret(number(entry["shares"][recipient - 1]))


@each("sharing", "seals")
def test_seal_opens_to_its_share_or_is_bad(entry: Form) -> None:
    def opened() -> Secret:
        return sharing.unseal(
            data(entry["sealed"]),
            board_hash=data(load("sharing")["boardHash"]),
            dealer=entry["dealer"],
            recipient=entry["recipient"],
            shared=trusted_point(entry["shared"]),
            commitments=points(entry["commitments"]),
        )

    if entry["share"]:
        assert opened() == Secret(number(entry["share"]))
    else:
        with pytest.raises(InvalidShare):
            opened()


def test_keys_of_the_board() -> None:
    board = load("sharing")
    deals = [points(entry["deal"]["commitments"]) for entry in board["dealers"]]
    assert sharing.encryption_key(deals) == trusted_point(board["encryptionKey"])
    for index, key in enumerate(points(board["verificationKeys"]), start=1):
        assert sharing.verification_key(deals, index) == key
        shares = [Secret(number(entry["shares"][index - 1])) for entry in board["dealers"]]
        x = sharing.secret_share(shares)
        assert x == Secret(number(board["secretShares"][index - 1]))
        assert G * x == key


@each("sharing", "quorums")
def test_quorum_decrypts(entry: Form) -> None:
    sample = load("sharing")["ciphertext"]
    a, b = trusted_point(sample["words"][:2]), trusted_point(sample["words"][2:])
    randomness = Secret(number(sample["randomness"]))
    key = trusted_point(load("sharing")["encryptionKey"])
    assert elgamal.encrypt(key, sample["score"], randomness) == elgamal.Ciphertext(a, b)
    weights = sharing.lagrange(entry["trustees"])
    assert [weights[index].value for index in entry["trustees"]] == numbers(entry["lagrange"])
    parts = dict(zip(entry["trustees"], points(entry["points"]), strict=True))
    (combined,) = sharing.combine({index: [part] for index, part in parts.items()})
    assert combined == trusted_point(entry["combined"])
    assert b == G * Scalar(sample["score"]) + combined


def test_sealed_share_opens_for_nobody_else() -> None:
    board = load("sharing")
    deal = board["dealers"][0]["deal"]
    for recipient, other in ((1, 2), (2, 3), (3, 1)):
        with pytest.raises(InvalidShare):
            sharing.unseal(
                data(deal["sealed"][recipient - 1]),
                board_hash=data(board["boardHash"]),
                dealer=1,
                recipient=recipient,
                shared=trusted_point(deal["ephemeral"])
                * Secret(number(board["sealingSecrets"][other - 1])),
                commitments=points(deal["commitments"]),
            )


# -- Points --


@each("points", "addresses of u·G + w·P")
def test_address_of_a_combination(entry: Form) -> None:
    base = trusted_point(entry["point"])
    result = combine(Scalar(number(entry["u"])), Scalar(number(entry["w"])), base)
    assert (result.x, result.y) == pair(entry["product"])
    assert result.address == number(entry["address"])


def test_hints_of_good_ballots_give_what_is_hashed() -> None:
    for case in cases("ballot"):
        if case["refusal"] is None:
            form = case["input"]
            ballot, asked = ballot_of(form), questions_of(form)
            tracker = ballot_tracker(form, ballot)
            key = trusted_point(form["key"])
            hints = ballot_proof.hints(ballot, questions=asked, key=key, tracker=tracker)
            assert len(hints) == asked.choices + asked.degree - 1
            sums = [u + v for u, v in hints]
            opened = [
                (combine(z, -ballot.challenge, each.a).address, b)
                for z, each, b in zip(
                    ballot.responses[1::2], ballot.ciphertexts, sums, strict=False
                )
            ]
            coefficients = (sums[-1], *ballot.coefficients)
            assert transcript.ballot_challenge(tracker, opened, coefficients) == ballot.challenge


def test_second_generator() -> None:
    assert trusted_point(load("points")["second generator"]) == H
