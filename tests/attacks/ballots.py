"""Ballots with something changed, exchanged, added up or carried over."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from attacks.forger import Forger
from attacks.mounting import Attack, flipped, get, leaves, path_name, put
from attacks.words import bad_points, bad_scalars
from support import forms, samples
from support.forms import Form, word
from support.samples import CHOOSE_ONE, MIXED, OTHER_VOTER, PAIR, SCORE, Voting
from veche.crypto.ballot_proof import Ballot
from veche.crypto.group import G, N, Scalar
from veche.crypto.questions import Questions


def _honest() -> Form:
    return Voting(MIXED).cast((1, 0, 2, 0, 2))


def tampered() -> Iterator[Attack]:
    honest = _honest()
    for path in leaves(honest["ballot"], ("ballot",)):
        yield Attack(f"flipped {path_name(path)}", "ballot", flipped(honest, path))


def honest_pair() -> Form:
    """A small ballot, to put everything into every place of it."""
    return Voting(PAIR).cast((1, 0), "pair")


SMALL = 5


def with_small_answer() -> Form:
    """A good ballot with f = 5, so that f + n fits in a word: its α is 5, and the score 0."""
    forger = Forger(Voting(PAIR), (0, 1), "small answer")
    forger.alpha[0] = Scalar(SMALL)
    return forger.voting.form(forger.prove())


def with_bad_scalars() -> Iterator[Attack]:
    honest = honest_pair()
    places = [("challenge",), *(("responses", i) for i in range(4)), ("blinding",)]
    for path in places:
        for name, value in bad_scalars().items():
            form = put(honest, ("ballot", *path), word(value))
            yield Attack(f"{name} as {path_name(path)}", "ballot", form, "InvalidScalar")
    form = with_small_answer()
    form = put(form, ("ballot", "responses", 0), word(SMALL + N))
    yield Attack("a small answer in other words: n added", "ballot", form, "InvalidScalar")


def with_bad_points() -> Iterator[Attack]:
    honest = honest_pair()
    places = {
        f"{letter} of ciphertext {index}": (("ciphertexts", index), at)
        for index in range(PAIR.choices)
        for letter, at in (("A", 0), ("B", 2))
    }
    for title, (path, at) in (places | {"E_1": (("coefficients", 0), 0)}).items():
        for name, pair in bad_points().items():
            form = deepcopy(honest)
            get(form, ("ballot", *path))[at : at + 2] = forms.words(pair)
            yield Attack(f"{name} as {title}", "ballot", form, "InvalidPoint")


def swapped() -> Iterator[Attack]:
    honest = _honest()
    pairs = {
        "responses": ((0, 1), (0, 2), (1, 3), (0, -2)),
        "ciphertexts": ((0, 1), (1, 2), (0, -1)),
        "coefficients": ((0, 1), (1, 2)),
    }
    for field, places in pairs.items():
        for one, other in places:
            form = deepcopy(honest)
            items = form["ballot"][field]
            items[one], items[other] = items[other], items[one]
            yield Attack(f"{field} {one} and {other} swapped", "ballot", form, "InvalidProof")
    form = deepcopy(honest)
    for ciphertext in form["ballot"]["ciphertexts"]:
        ciphertext[:] = ciphertext[2:] + ciphertext[:2]
    yield Attack("A and B swapped everywhere", "ballot", form, "InvalidProof")
    form = deepcopy(honest)
    responses = form["ballot"]["responses"]
    responses[:4] = responses[2:4] + responses[:2]
    yield Attack("f and z of two choices swapped", "ballot", form, "InvalidProof")


def borrowed() -> Iterator[Attack]:
    """Parts of a ballot of the same voter, of another voter, and of another poll."""
    honest = _honest()
    scores = (0, 1, 3, 1, 0)
    others = {
        "another ballot": Voting(MIXED).cast(scores, "another ballot"),
        "another voter's ballot": Voting(MIXED, voter=OTHER_VOTER).cast(scores, "another voter"),
        "a ballot of another poll": Voting(MIXED, poll=samples.POLL + 1).cast(scores, "elsewhere"),
    }
    fields = ("ciphertexts", "challenge", "responses", "blinding", "coefficients")
    parts = [*((field,) for field in fields), ("blinding", "coefficients")]
    for name, other in others.items():
        for part in parts:
            form = {**honest, "ballot": {**honest["ballot"]}}
            form["ballot"] |= {field: other["ballot"][field] for field in part}
            title = f"{' and '.join(part)} of {name}"
            yield Attack(title, "ballot", form, "InvalidProof")


def combined() -> Iterator[Attack]:
    """The sum of two ballots, and the opposite of one: what is true of ciphertexts and responses
    is not true of challenges.
    """
    voting = Voting(SCORE)
    one, other = (voting.prove(*voting.encrypt((1,), seed), seed) for seed in ("one", "other"))
    for name, challenge in {
        "the first's": one.challenge,
        "the sum of both": one.challenge + other.challenge,
    }.items():
        form = voting.form(_sum(one, other, challenge))
        yield Attack(f"two ballots added up, with {name} challenge", "ballot", form, "InvalidProof")
    for name, challenge in {"the same": one.challenge, "the opposite": -one.challenge}.items():
        form = voting.form(_opposite(one, challenge))
        yield Attack(f"a ballot negated, with {name} challenge", "ballot", form, "InvalidProof")


def _sum(one: Ballot, other: Ballot, challenge: Scalar) -> Ballot:
    return Ballot(
        tuple(a + b for a, b in zip(one.ciphertexts, other.ciphertexts, strict=True)),
        challenge,
        tuple(a + b for a, b in zip(one.responses, other.responses, strict=True)),
        one.blinding + other.blinding,
        tuple(a + b for a, b in zip(one.coefficients, other.coefficients, strict=True)),
    )


def _opposite(ballot: Ballot, challenge: Scalar) -> Ballot:
    return Ballot(
        tuple(-each for each in ballot.ciphertexts),
        challenge,
        tuple(-each for each in ballot.responses),
        -ballot.blinding,
        tuple(-each for each in ballot.coefficients),
    )


def misshapen() -> Iterator[Attack]:
    honest = _honest()
    for field in ("ciphertexts", "responses", "coefficients"):
        items = honest["ballot"][field]
        for name, value in {"short": items[:-1], "long": [*items, items[0]], "no": []}.items():
            form = put(honest, ("ballot", field), value)
            yield Attack(f"{name} {field}", "ballot", form, "InvalidBallotShape")
    form = deepcopy(honest)
    form["ballot"]["coefficients"].append(form["ballot"]["coefficients"][0])
    form["ballot"]["responses"] = form["ballot"]["responses"][:-2]
    yield Attack("a coefficient in place of two responses", "ballot", form)
    form = put(honest, ("questions",), [list(words) for words in CHOOSE_ONE.limits])
    yield Attack("a ballot for other questions", "ballot", form, "InvalidBallotShape")


def carried_over() -> Iterator[Attack]:
    """Copying and replay: the same ballot for another voter, weight, poll, key or place."""
    honest = _honest()
    other_poll = samples.poll_hash(MIXED, poll=samples.POLL + 1)
    same_shape = Questions.of((2, 1, 1, 1), (1, 3, 0, 3), (2, 2, 0, 2))
    changes: dict[str, Form] = {
        "copied by another voter": {"voter": forms.address(OTHER_VOTER)},
        "with another weight": {"weight": 2},
        "as a replacement": {"replaces": forms.word(1)},
        "carried to another poll": {"pollHash": forms.word(other_poll)},
        "under another key": {"key": forms.point(G * Scalar(5))},
        "for other limits": {"questions": [list(words) for words in same_shape.limits]},
    }
    for name, change in changes.items():
        yield Attack(name, "ballot", {**honest, **change}, "InvalidProof")
