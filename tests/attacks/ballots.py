"""Ballots with something changed, exchanged, carried over, or bent to a point that is none."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import combinations
from typing import Any

from attacks.mounting import Attack, flipped, leaves, path_name, put
from attacks.words import bad_points, bad_scalars, high_point
from support import forms, samples
from support.forms import Form, number, word
from support.samples import APPROVE, CHOOSE_ONE, KEY, MIXED, OTHER_VOTER, PAIR, Voting
from veche.crypto.elgamal import Ciphertext
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


def with_bad_scalars() -> Iterator[Attack]:
    honest = honest_pair()
    places = [path for path in leaves(honest["ballot"]) if path[0] != "ciphertexts"]
    for path in places:
        for name, value in bad_scalars().items():
            form = put(honest, ("ballot", *path), word(value))
            yield Attack(f"{name} as {path_name(path)}", "ballot", form, "InvalidScalar")


def with_bad_points() -> Iterator[Attack]:
    honest = honest_pair()
    for index in range(PAIR.choices):
        for letter, at in (("A", 0), ("B", 2)):
            for name, pair in bad_points().items():
                form = deepcopy(honest)
                form["ballot"]["ciphertexts"][index][at : at + 2] = forms.words(pair)
                title = f"{name} as {letter} of ciphertext {index}"
                yield Attack(title, "ballot", form, "InvalidPoint")


def swapped() -> Iterator[Attack]:
    honest = _honest()
    for field in ("responses", "challenges", "ciphertexts"):
        for one, other in ((0, 1), (1, 2), (0, -1)):
            form = deepcopy(honest)
            items = form["ballot"][field]
            items[one], items[other] = items[other], items[one]
            yield Attack(f"{field} {one} and {other} swapped", "ballot", form, "InvalidProof")
    form = deepcopy(honest)
    for ciphertext in form["ballot"]["ciphertexts"]:
        ciphertext[:] = ciphertext[2:] + ciphertext[:2]
    yield Attack("A and B swapped everywhere", "ballot", form, "InvalidProof")
    other_ballot = Voting(MIXED).cast((0, 1, 3, 1, 0), "another ballot")
    for field in ("ciphertexts", "challenge", "challenges", "responses"):
        form = put(honest, ("ballot", field), other_ballot["ballot"][field])
        yield Attack(f"{field} of another ballot", "ballot", form, "InvalidProof")


def misshapen() -> Iterator[Attack]:
    honest = _honest()
    for field in ("ciphertexts", "challenges", "responses"):
        items = honest["ballot"][field]
        for name, value in {"short": items[:-1], "long": [*items, items[0]], "no": []}.items():
            form = put(honest, ("ballot", field), value)
            yield Attack(f"{name} {field}", "ballot", form, "InvalidBallotShape")
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


def two_faults() -> Iterator[Attack]:
    """Several things wrong at once: the first in the protocol's order is the one that is named."""
    honest = honest_pair()
    off_curve = forms.words((G.x, G.y ^ 1))
    faults: tuple[tuple[str, tuple[str | int, ...], Any], ...] = (
        ("bad point", ("ciphertexts", 1), [*honest["ballot"]["ciphertexts"][1][:2], *off_curve]),
        ("bad challenge", ("challenge",), word(0)),
        ("bad sub-challenge", ("challenges", 1), word(N)),
        ("bad response", ("responses", 0), word(N + 1)),
        ("missing response", ("responses",), honest["ballot"]["responses"][:-1]),
    )
    for (first, *change), (second, *other) in combinations(faults, 2):
        form = honest
        for path, value in (other, change):
            form = put(form, ("ballot", *path), value)
        refusal = "InvalidPoint" if first == "bad point" else "InvalidScalar"
        yield Attack(f"{first} and {second}", "ballot", form, refusal)


def degenerate() -> Iterator[Attack]:
    """Proofs bent so that a point of theirs is infinity, or two of them fall together."""
    voting = Voting(APPROVE)
    ciphertexts, opening = voting.encrypt((1, 0), "degenerate")
    honest = voting.form(voting.prove(ciphertexts, opening, "degenerate"))
    c = Scalar(number(honest["ballot"]["challenge"]))
    c0 = Scalar(number(honest["ballot"]["challenges"][0]))
    y, r = KEY.secret.reveal(), opening.randomness[0].reveal()
    b = r * y + Scalar(1)  # B = b·G, score 1
    c1 = c - c0
    bent = {
        "a of branch 0 is infinity": (0, c0 * r, "CommitmentAtInfinity"),
        "a of branch 1 is infinity": (1, c1 * r, "CommitmentAtInfinity"),
        "U = V in branch 0": (0, -c0 * b * y.inverse(), "DegenerateBranch"),
        "U = -V in branch 0": (0, c0 * b * y.inverse(), "DegenerateBranch"),
        "U = V in branch 1": (1, -c1 * (b + Scalar(1)) * y.inverse(), "DegenerateBranch"),
        "U of branch 1 is infinity": (1, -c1 * y.inverse(), "DegenerateBranch"),
    }
    for name, (branch, response, refusal) in bent.items():
        form = put(honest, ("ballot", "responses", branch), word(response))
        yield Attack(name, "ballot", form, refusal)
    # the true branch has no U = -V with a finite a; the false one of the second choice has
    c3 = c - Scalar(number(honest["ballot"]["challenges"][1]))
    b3 = opening.randomness[1].reveal() * y
    form = put(honest, ("ballot", "responses", 3), word(c3 * (b3 - Scalar(1)) * y.inverse()))
    yield Attack("U = -V in the last branch", "ballot", form, "DegenerateBranch")
    form = put(form, ("ballot", "responses", 0), word(c0 * b * y.inverse()))
    yield Attack("U = -V in the first branch and the last", "ballot", form, "DegenerateBranch")
    for index in (0, 1):
        form = put(honest, ("ballot", "challenges", index), honest["ballot"]["challenge"])
        yield Attack(f"nothing left in disjunction {index}", "ballot", form, "ZeroSubChallenge")
    yield from _degenerate_totals()
    yield from _unusable_totals()


def _degenerate_totals() -> Iterator[Attack]:
    """The same in the disjunction of a total: two options, at most one of them."""
    voting = Voting(Questions.of((2, 1, 0, 1)))
    ciphertexts, opening = voting.encrypt((1, 0), "degenerate total")
    honest = voting.form(voting.prove(ciphertexts, opening, "degenerate total"))
    c = Scalar(number(honest["ballot"]["challenge"]))
    c4 = Scalar(number(honest["ballot"]["challenges"][2]))
    r = opening.randomness[0].reveal() + opening.randomness[1].reveal()
    y = KEY.secret.reveal()
    b = r * y + Scalar(1)
    bent = {
        "a of the total is infinity": (5, (c - c4) * r, "CommitmentAtInfinity"),
        "U = V in the total": (4, -c4 * b * y.inverse(), "DegenerateBranch"),
        "U = -V in the total": (4, c4 * b * y.inverse(), "DegenerateBranch"),
        "U of the total is infinity": (5, -(c - c4) * y.inverse(), "DegenerateBranch"),
    }
    for name, (branch, response, refusal) in bent.items():
        form = put(honest, ("ballot", "responses", branch), word(response))
        yield Attack(name, "ballot", form, refusal)
    form = put(honest, ("ballot", "challenges", 2), honest["ballot"]["challenge"])
    yield Attack("nothing left in the total", "ballot", form, "ZeroSubChallenge")


def _unusable_totals() -> Iterator[Attack]:
    """Randomness that cancels out, or ends on a point that ecrecover cannot take."""
    honest = honest_pair()
    point, pad = G * Scalar(12345), KEY.point * Scalar(12345)
    high = high_point()
    one = Ciphertext(point, pad + G)
    others = {
        "A of the total is infinity": Ciphertext(-point, -pad),
        "A and B of the total are infinity": Ciphertext(-point, -pad - G),
        "B of the total is infinity": Ciphertext(point, -pad - G),
        "A of the total has n <= x < p": Ciphertext(high - point, pad),
        "B of the total has n <= x < p": Ciphertext(point, high - one.b),
    }
    for name, other in others.items():
        form = deepcopy(honest)
        form["ballot"]["ciphertexts"] = [forms.ciphertext(one), forms.ciphertext(other)]
        yield Attack(name, "ballot", form, "InvalidPoint")
