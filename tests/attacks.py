"""Hostile inputs of every kind, each mounted on an honest one.

Both languages must refuse every one of them, under the same name and with the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from coincurve import PublicKey

import forms
import reference_group
import samples
from forms import Form, number, word
from samples import APPROVE, CHOOSE_ONE, KEY, MIXED, OTHER_VOTER, PAIR, SCORE, Voting
from veche.crypto import ballot_proof, sigma, transcript
from veche.crypto.ballot_proof import Ballot, Opening
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, N, P, Point, Scalar, Secret
from veche.crypto.questions import Questions
from veche.crypto.sigma import random_secret


@dataclass(frozen=True)
class Attack:
    """An input to refuse; by which name, if it is not for Python to say."""

    name: str
    kind: str
    form: Form
    refusal: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def all_attacks() -> list[Attack]:
    """Every hostile input."""
    makers: Sequence[Callable[[], Iterator[Attack]]] = (
        _points,
        _scalars,
        _questions,
        _tampered,
        _bad_scalars,
        _bad_points,
        _swapped,
        _misshapen,
        _carried_over,
        _out_of_range,
        _two_faults,
        _degenerate,
        _weak_fiat_shamir,
        _deals,
        _blames,
        _shares,
    )
    return [attack for make in makers for attack in make()]


# -- Words that are no points and no scalars --


def bad_points() -> dict[str, tuple[int, int]]:
    """Pairs of words that must not pass for a point, by what is wrong with them."""
    g = reference_group.G
    high = high_point()
    low = next(p for x in range(1, 99) if (p := reference_group.lift(x)) is not None)
    flat = _point_with_small_y()
    return {
        "infinity": (0, 0),
        "x = 0": (0, g.y),
        "y = 0": (g.x, 0),
        "off the curve": (g.x, g.y ^ 1),
        "coordinates exchanged": (g.y, g.x),
        "on the curve, but n <= x < p": (high.x, high.y),
        "x + p for a small x": (low.x + P, low.y),
        "y + p for a small y": (flat.x, flat.y + P),
        "x = p": (P, g.y),
        "y = p": (g.x, P),
        "largest words": (2**256 - 1, 2**256 - 1),
    }


def bad_scalars() -> dict[str, int]:
    """Words that must not pass for a challenge or response."""
    return {"0": 0, "n": N, "n + 1": N + 1, "largest word": 2**256 - 1}


def _point_with_small_y() -> reference_group.ReferencePoint:
    for y in range(1, 99):
        cube = (y * y - 7) % P
        x = pow(cube, (P + 2) // 9, P)  # a cube root where there is one: P is 7 mod 9
        if pow(x, 3, P) == cube:
            return reference_group.ReferencePoint(x, y)
    raise AssertionError


def _points() -> Iterator[Attack]:
    for name, pair in bad_points().items():
        yield Attack(name, "point", {"point": forms.words(pair)}, "InvalidPoint")


def _scalars() -> Iterator[Attack]:
    for name, value in bad_scalars().items():
        yield Attack(name, "scalar", {"scalar": word(value)}, "InvalidScalar")


def _questions() -> Iterator[Attack]:
    impossible: dict[str, list[list[int]]] = {
        "none": [],
        "no options": [[0, 1, 0, 0]],
        "no score": [[3, 0, 0, 0]],
        "total less than nothing": [[3, 1, 2, 1]],
        "total more than everything": [[3, 1, 0, 4]],
        "the second impossible": [[3, 1, 1, 1], [3, 1, 0, 4]],
        "65 choices in one": [[65, 1, 1, 1]],
        "65 choices in two": [[33, 1, 1, 1], [32, 1, 1, 1]],
        "514 branches": [[8, 63, 0, 504], [1, 1, 0, 1]],
        "65 values for one option": [[1, 64, 0, 64]],
        "65 values for a total": [[2, 63, 61, 125]],
        "65 values for a score, in the second": [[3, 1, 1, 1], [2, 64, 1, 1]],
        "a product that wraps": [[2, 2**255, 0, 0]],
        "options that wrap": [[2**256 - 1, 1, 0, 1]],
    }
    for name, questions in impossible.items():
        yield Attack(name, "questions", {"questions": questions}, "InvalidQuestions")


# -- Ballots: every word --


def _honest() -> Form:
    return Voting(MIXED).cast((1, 0, 2, 0, 2))


def leaves(form: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all words in a form."""
    if isinstance(form, str):
        yield path
    elif isinstance(form, dict | list):
        keys: Any = form if isinstance(form, dict) else range(len(form))
        for key in keys:
            yield from leaves(form[key], (*path, key))


def get(form: Any, path: Sequence[str | int]) -> Any:
    for key in path:
        form = form[key]
    return form


def put(form: Form, path: Sequence[str | int], value: Any) -> Form:
    """A copy of the form with `value` at `path`."""
    copy = deepcopy(form)
    get(copy, path[:-1])[path[-1]] = value
    return copy


def flipped(form: Form, path: Sequence[str | int]) -> Form:
    """A copy of the form with the last bit of the word at `path` flipped."""
    return put(form, path, word(number(get(form, path)) ^ 1))


def _tampered() -> Iterator[Attack]:
    honest = _honest()
    for path in leaves(honest["ballot"], ("ballot",)):
        yield Attack(f"flipped {_name(path)}", "ballot", flipped(honest, path))


def _name(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path))


def _pair() -> Form:
    """A small ballot, to put everything into every place of it."""
    return Voting(PAIR).cast((1, 0), "pair")


def _bad_scalars() -> Iterator[Attack]:
    honest = _pair()
    places = [path for path in leaves(honest["ballot"]) if path[0] != "ciphertexts"]
    for path in places:
        for name, value in bad_scalars().items():
            form = put(honest, ("ballot", *path), word(value))
            yield Attack(f"{name} as {_name(path)}", "ballot", form, "InvalidScalar")


def _bad_points() -> Iterator[Attack]:
    honest = _pair()
    for index in range(PAIR.choices):
        for letter, at in (("A", 0), ("B", 2)):
            for name, pair in bad_points().items():
                form = deepcopy(honest)
                form["ballot"]["ciphertexts"][index][at : at + 2] = forms.words(pair)
                title = f"{name} as {letter} of ciphertext {index}"
                yield Attack(title, "ballot", form, "InvalidPoint")


def _swapped() -> Iterator[Attack]:
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


def _misshapen() -> Iterator[Attack]:
    honest = _honest()
    for field in ("ciphertexts", "challenges", "responses"):
        items = honest["ballot"][field]
        for name, value in {"short": items[:-1], "long": [*items, items[0]], "no": []}.items():
            form = put(honest, ("ballot", field), value)
            yield Attack(f"{name} {field}", "ballot", form, "InvalidBallotShape")
    form = put(honest, ("questions",), [list(words) for words in CHOOSE_ONE.words])
    yield Attack("a ballot for other questions", "ballot", form, "InvalidBallotShape")


def _carried_over() -> Iterator[Attack]:
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
        "for other limits": {"questions": [list(words) for words in same_shape.words]},
    }
    for name, change in changes.items():
        yield Attack(name, "ballot", {**honest, **change}, "InvalidProof")


def _two_faults() -> Iterator[Attack]:
    """Several things wrong at once: the first in the protocol's order is the one that is named."""
    honest = _pair()
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


# -- Ballots: votes that no voter may cast --


def _out_of_range() -> Iterator[Attack]:
    """Ciphertexts of one thing, with the proof that a prover would make for another."""
    cases: tuple[tuple[str, Questions, tuple[int, ...], tuple[int, ...]], ...] = (
        ("a score one too high", SCORE, (5,), (4,)),
        ("a score one too low", SCORE, (N - 1,), (0,)),
        ("two votes for one option", CHOOSE_ONE, (2, 0, 0), (1, 0, 0)),
        ("a vote against an option", CHOOSE_ONE, (1, 1, N - 1), (1, 0, 0)),
        ("a huge score", SCORE, (10**6,), (4,)),
    )
    for name, questions, scores, claimed in cases:
        voting = Voting(questions)
        ciphertexts, opening = voting.encrypt(scores, name)
        lie = Opening(claimed, opening.randomness)
        form = voting.form(voting.prove(ciphertexts, lie, name))
        yield Attack(name, "ballot", form, "InvalidProof")
    for name, votes in {"too high": (1, 1, 0), "too low": (0, 0, 0)}.items():
        form = _lying_total(votes)
        yield Attack(f"a total that lies, one {name}", "ballot", form, "InvalidProof")


def _lying_total(votes: tuple[int, ...]) -> Form:
    """Two options or none chosen where one must be: honest choices, a total that claims one."""
    voting = Voting(CHOOSE_ONE)
    ciphertexts, opening = voting.encrypt(votes, "lying total")
    witnesses = list(zip(opening.scores, opening.randomness, strict=True))
    total = Secret(sum(secret.reveal().value for secret in opening.randomness) % N)
    ballot = ballot_proof.prove_witnesses(
        ciphertexts,
        [*witnesses, (1, total)],
        questions=CHOOSE_ONE,
        key=KEY.point,
        tracker=voting.tracker(ciphertexts),
        entropy=samples.seeded("lying total"),
    )
    return voting.form(ballot)


def _degenerate() -> Iterator[Attack]:
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
    honest = _pair()
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


def high_point() -> Point:
    """A point of the curve with n <= x < p, which nobody can send, but which sums can be."""
    high = next(p for x in range(N, N + 99) if (p := reference_group.lift(x)) is not None)
    return Point(PublicKey.from_point(*high.words))


# -- Ballots: the weak Fiat–Shamir transformation --


def weak_challenge(ballot: Ballot, questions: Questions, key: Point) -> Scalar:
    """The challenge as a careless design would compute it: over the commitments alone."""
    commitments = ballot_proof.commitments(ballot, questions, key)
    return transcript.scalar(transcript.digest("ballot", commitments))


ONE_OPTION = Questions.of((1, 1, 0, 1))


def weak_forgery() -> tuple[Ballot, int]:
    """A ballot that passes under the weak challenge, and the score that it hides.

    Commit first, to a_v = α_v·G and b_v = α_v·Y + γ_v·G. Whatever c comes out, c_v = −γ_v/(m − v)
    and s_v = α_v + c_v·r answer for any r and for the m that makes c_0 + c_1 = c: a root of
    c·m² + (γ_0 + γ_1 − c)·m − γ_0 (Bernhard, Pereira, Warinschi 2012).
    """
    entropy = samples.seeded("weak forgery")
    while True:
        draws = [sigma.random_secret(entropy).reveal() for _ in range(5)]
        alpha, gamma, r = draws[:2], draws[2:4], draws[4]
        found = [
            ((G * a).address, KEY.point * a + G * g) for a, g in zip(alpha, gamma, strict=True)
        ]
        c = transcript.scalar(transcript.digest("ballot", found))
        linear = gamma[0] + gamma[1] - c
        root = _square_root((linear * linear + Scalar(4) * c * gamma[0]).value)
        if root is None:
            continue
        m = (Scalar(root) - linear) * (c + c).inverse()
        sub = [-gamma[v] * (m - Scalar(v)).inverse() for v in (0, 1)]
        ciphertext = Ciphertext(G * r, KEY.point * r + G * m)
        responses = tuple(a + each * r for a, each in zip(alpha, sub, strict=True))
        return Ballot((ciphertext,), c, (sub[0],), responses), m.value


def _square_root(value: int) -> int | None:
    """A root mod n, by Tonelli and Shanks: n − 1 is 64 times an odd number."""
    if pow(value, (N - 1) // 2, N) != 1:
        return None
    odd = (N - 1) >> 6
    generator = next(pow(z, odd, N) for z in range(2, 99) if pow(z, (N - 1) // 2, N) != 1)
    root, rest = pow(value, (odd + 1) // 2, N), pow(value, odd, N)
    for level in range(4, -1, -1):
        if pow(rest, 1 << level, N) != 1:
            root = root * generator % N
            rest = rest * generator * generator % N
        generator = generator * generator % N
    return root


def _weak_fiat_shamir() -> Iterator[Attack]:
    form = Voting(ONE_OPTION).form(weak_forgery()[0])
    yield Attack("the weak Fiat-Shamir forgery", "ballot", form, "InvalidProof")


# -- Trustees --


def _deals() -> Iterator[Attack]:
    honest = samples.deal()
    for path in leaves(honest["deal"], ("deal",)):
        yield Attack(f"flipped {_name(path)}", "deal", flipped(honest, path))
    for field in ("challenge", "secretResponse", "ephemeralResponse"):
        for name, value in bad_scalars().items():
            form = put(honest, ("deal", field), word(value))
            yield Attack(f"{name} as {field}", "deal", form, "InvalidScalar")
    for name, pair in bad_points().items():
        for path in (("deal", "commitments", 0), ("deal", "commitments", 1), ("deal", "ephemeral")):
            form = put(honest, path, forms.words(pair))
            yield Attack(f"{name} as {_name(path)}", "deal", form, "InvalidPoint")
    for field in ("commitments", "sealed"):
        items = honest["deal"][field]
        for name, items_ in {"short": items[:-1], "long": [*items, items[0]], "no": []}.items():
            form = put(honest, ("deal", field), items_)
            yield Attack(f"{name} {field}", "deal", form, "InvalidDealShape")
    other_board = forms.word(samples.board_hash(3, 4))
    yield Attack("lifted to another board", "deal", {**honest, "boardHash": other_board})
    yield Attack("posted by another dealer", "deal", {**honest, "dealer": 2}, "InvalidProof")
    yield Attack("a rogue key", "deal", _rogue_key(honest), "InvalidProof")
    c = Scalar(number(honest["deal"]["challenge"]))
    k = random_secret(samples.seeded("deal 1")).reveal()
    for field, secret in {
        "secretResponse": samples.polynomial(1).secret.reveal(),
        "ephemeralResponse": k,
    }.items():
        form = put(honest, ("deal", field), word(c * secret))
        yield Attack(f"infinity by {field}", "deal", form, "CommitmentAtInfinity")


def _rogue_key(honest: Form) -> Form:
    """A last dealer's C_0 that cancels the others' keys and leaves its own."""
    others = samples.deal(2)["deal"]["commitments"][0]
    rogue = G * Scalar(7) - forms.trusted_point(others)
    return put(honest, ("deal", "commitments", 0), forms.point(rogue))


def _blames() -> Iterator[Attack]:
    honest = samples.blame()
    yield from _equality(honest, "blame", ("shared",))
    changes: dict[str, Form] = {
        "of another dealer": {"dealer": 3},
        "by another recipient": {"recipient": 1},
        "carried over from a decoy board": {"boardHash": forms.word(samples.board_hash(3, 4))},
        "with another ephemeral key": {"ephemeral": forms.point(G * Scalar(5))},
        "with another sealing key": {"sealingKey": forms.point(G * Scalar(5))},
        "with a wrong shared point": {"shared": forms.point(G * Scalar(5))},
    }
    for name, change in changes.items():
        yield Attack(name, "blame", {**honest, **change}, "InvalidProof")
    c = Scalar(number(honest["proof"]["challenge"]))
    product = c * samples.sealing_secrets(3)[1].reveal()
    form = put(honest, ("proof", "response"), word(product))
    yield Attack("first commitment at infinity", "blame", form, "CommitmentAtInfinity")
    form = put(honest, ("proof", "response"), word(-product))
    yield Attack("U = V", "blame", form, "DegenerateBranch")
    form = put(honest, ("shared",), _opposite_image(honest, honest["ephemeral"]))
    yield Attack("U = -V", "blame", form, "DegenerateBranch")


def _shares() -> Iterator[Attack]:
    honest = samples.share()
    yield from _equality(honest, "share", ("points", 1))
    changes: dict[str, Form] = {
        "of another trustee": {"trustee": 3},
        "under another verification key": {"verificationKey": forms.point(G * Scalar(5))},
        "carried to another poll": {"pollHash": forms.word(samples.poll_hash(MIXED))},
        "for sums in another order": {"sums": honest["sums"][::-1]},
        "with points in another order": {"points": honest["points"][::-1]},
        "for other sums": {"sums": samples.share(choices=4)["sums"][1:]},
    }
    for name, change in changes.items():
        yield Attack(name, "share", {**honest, **change}, "InvalidProof")
    for name, value in {
        "short": honest["points"][:-1],
        "long": [*honest["points"], honest["points"][0]],
        "no": [],
    }.items():
        form = {**honest, "points": value}
        yield Attack(f"{name} points", "share", form, "InvalidShareShape")
    cancelled = samples.share(infinity_at=1)
    form = put(cancelled, ("points", 2), _opposite_image(cancelled, cancelled["sums"][2]))
    yield Attack("U = -V after a sum at infinity", "share", form, "DegenerateBranch")
    high = high_point()
    form = put(honest, ("sums", 1), forms.point(high))
    yield Attack("a sum with n <= x < p", "share", form, "InvalidPoint")
    form = put(cancelled, ("points", 1), forms.point(G))
    yield Attack("a point where the sum is infinity", "share", form, "InvalidPoint")
    form = put(cancelled, ("sums", 1), honest["sums"][1])
    yield Attack("infinity where the sum is a point", "share", form, "InvalidPoint")
    c = Scalar(number(honest["proof"]["challenge"]))
    product = c * samples.trustee_secret().reveal()
    form = put(honest, ("proof", "response"), word(product))
    yield Attack("first commitment at infinity", "share", form, "CommitmentAtInfinity")
    form = put(honest, ("proof", "response"), word(-product))
    yield Attack("U = V in every commitment", "share", form, "DegenerateBranch")


def _opposite_image(form: Form, base: list[str]) -> list[str]:
    """A point D with s·A = c·D, so that the two parts of the commitment to A cancel out."""
    c, s = (Scalar(number(form["proof"][key])) for key in ("challenge", "response"))
    return forms.point(forms.trusted_point(base) * (s * c.inverse()))


def _equality(honest: Form, kind: str, point: tuple[str | int, ...]) -> Iterator[Attack]:
    """What every equality proof must withstand; `point` is one that comes from outside."""
    for path in (*leaves(honest["proof"], ("proof",)), *leaves(get(honest, point), point)):
        yield Attack(f"flipped {_name(path)}", kind, flipped(honest, path))
    for field in ("challenge", "response"):
        for name, value in bad_scalars().items():
            form = put(honest, ("proof", field), word(value))
            yield Attack(f"{name} as {field}", kind, form, "InvalidScalar")
    for name, pair in bad_points().items():
        form = put(honest, point, forms.words(pair))
        yield Attack(f"{name} as {_name(point)}", kind, form, "InvalidPoint")
