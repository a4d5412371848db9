"""Inputs with two things wrong at once: what comes first in the protocol's order is named.

For each kind of input there is a list of faults in that order, every step of PROTOCOL §7 and every
place within a step that it tells apart; every pair of them is mounted. No two faults of a list are
refused alike, so that every pair tells which of them was found first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from attacks import bent
from attacks.mounting import Attack, get, put
from attacks.trustees import opposite_image
from attacks.words import high_point
from support import forms, reference_group, samples
from support.forms import Form, number, word
from support.verdicts import python_verdict
from veche.crypto.group import G, N, Scalar
from veche.crypto.sigma import random_secret


@dataclass(frozen=True)
class Fault:
    """A thing that can be wrong with an input.

    Attributes:
        name: of the fault.
        refusal: what it is refused with.
        change: makes the input wrong, whatever else is wrong already with what comes before.
    """

    name: str
    refusal: str
    change: Callable[[Form], Form]


def _set(name: str, refusal: str, path: Sequence[str | int], value: object) -> Fault:
    return Fault(name, refusal, lambda form: put(form, path, value))


def _off_the_curve(index: int) -> list[str]:
    """Words that are no point, others for every index."""
    point = reference_group.G * (index + 1)
    return forms.words((point.x, point.y ^ 1))


def _bad_point(name: str, path: Sequence[str | int], index: int) -> Fault:
    return _set(f"{name} off the curve", "InvalidPoint", path, _off_the_curve(index))


def _bad_scalar(path: Sequence[str | int], value: int) -> Fault:
    return _set(f"{path[-2:]} out of range", "InvalidScalar", path, word(value))


def _shorter(path: Sequence[str | int], refusal: str) -> Fault:
    return Fault(
        f"{path[-1]} too short", refusal, lambda form: put(form, path, get(form, path)[:-1])
    )


def _pairs(kind: str, honest: Form, faults: Sequence[Fault]) -> Iterator[Attack]:
    """Every two faults together. The later is mounted last, on what the earlier has left, unless
    that leaves nothing to compute with: then it is mounted first.
    """
    alone = [python_verdict(kind, each.change(honest)) for each in faults]
    if len(set(alone)) != len(faults):
        raise AssertionError(f"two faults of a {kind} are refused alike")
    for first, second in combinations(faults, 2):
        if first.refusal in ("InvalidPoint", "InvalidScalar") or "short" in first.name:
            form = first.change(second.change(honest))
        else:
            form = second.change(first.change(honest))
        yield Attack(f"{first.name}, and {second.name}", kind, form, first.refusal)


# -- Ballots --


def _ciphertext(index: int, at: int) -> Fault:
    """A or B off the curve."""

    def change(form: Form) -> Form:
        words = list(form["ballot"]["ciphertexts"][index])
        words[at : at + 2] = _off_the_curve(2 * index + at // 2)
        return put(form, ("ballot", "ciphertexts", index), words)

    return Fault(f"{'AB'[at // 2]} of ciphertext {index} off the curve", "InvalidPoint", change)


def _bent(name: str, bend: bent.Bend, refusal: str = "DegenerateSum") -> Fault:
    return Fault(name, refusal, bend)


def _last_sum(form: Form) -> Form:
    """The last sum degenerate; where the one before is, by E_1 = x·S, it stays so."""
    doubled = form["ballot"]["coefficients"][0] == forms.point(bent.product(form, 1))
    if not doubled:
        return bent.last_parts_fall_together(1)(form)
    x = Scalar(number(form["ballot"]["challenge"]))
    half = bent.w(form) * (x * x + x * x).inverse()
    form = bent.with_e(form, 2, half - bent.product(form, 2))
    return bent.e_is_product(1)(form)


def of_ballots() -> Iterator[Attack]:
    """Every one of these changes the hash too, so that each also shows that it comes last."""
    ballot = "ballot"
    faults = (
        _shorter((ballot, "coefficients"), "InvalidBallotShape"),
        _ciphertext(0, 0),
        _ciphertext(0, 2),
        _ciphertext(1, 0),
        _bad_point("E_1", (ballot, "coefficients", 0), 6),
        _set("E_2 at infinity", "InvalidPoint", (ballot, "coefficients", 1), forms.words((0, 0))),
        _bad_scalar((ballot, "challenge"), 0),
        *(_bad_scalar((ballot, "responses", at), N + at) for at in (0, 1, 2, 5)),
        _bad_scalar((ballot, "blinding"), N + 6),
        _bent("a of choice 0 infinity", bent.a_at_infinity(0), "CommitmentAtInfinity"),
        _bent("U = -V in choice 0", bent.u_is_minus_v(0)),
        _bent("a of choice 1 infinity", bent.a_at_infinity(1), "CommitmentAtInfinity"),
        _bent("U of choice 1 infinity", bent.u_at_infinity(1)),
        _bent("E_2 = x·S", bent.e_is_product(2)),
        _bent("E_1 = x·S", bent.e_is_product(1)),
        _bent("the last sum degenerate", _last_sum),
    )
    yield from _pairs(ballot, bent.honest(), faults)


# -- Deals --


def of_deals() -> Iterator[Attack]:
    honest = samples.deal()
    c = Scalar(number(honest["deal"]["challenge"]))
    a, k = samples.polynomial(1).secret.reveal(), random_secret(samples.seeded("deal 1")).reveal()
    infinity = "CommitmentAtInfinity"
    faults = (
        _bad_point("C_0", ("deal", "commitments", 0), 0),
        _set("C_1 at infinity", "InvalidPoint", ("deal", "commitments", 1), forms.words((0, 0))),
        _bad_point("R", ("deal", "ephemeral"), 2),
        _bad_scalar(("deal", "challenge"), 0),
        _bad_scalar(("deal", "secretResponse"), N),
        _bad_scalar(("deal", "ephemeralResponse"), N + 1),
        _shorter(("deal", "sealed"), "InvalidDealShape"),
        _set("first commitment infinity", infinity, ("deal", "secretResponse"), word(c * a)),
        _set("second commitment infinity", infinity, ("deal", "ephemeralResponse"), word(c * k)),
        _set("another dealer", "InvalidProof", ("dealer",), 2),
    )
    yield from _pairs("deal", honest, faults)


# -- Blames and shares --


def of_blames() -> Iterator[Attack]:
    honest = samples.blame()
    product = Scalar(number(honest["proof"]["challenge"])) * samples.sealing_secrets(3)[1].reveal()
    faults = (
        _bad_point("S", ("shared",), 0),
        _bad_scalar(("proof", "challenge"), 0),
        _bad_scalar(("proof", "response"), N),
        _set(
            "first commitment infinity",
            "CommitmentAtInfinity",
            ("proof", "response"),
            word(product),
        ),
        Fault(
            "U = -V",
            "DegenerateSum",
            lambda form: put(form, ("shared",), opposite_image(form, form["ephemeral"])),
        ),
        _set("another dealer", "InvalidProof", ("dealer",), 3),
    )
    yield from _pairs("blame", honest, faults)


def _out_of_reach(choice: int) -> Fault:
    """The A of a choice has n <= x < p, as the sum of ballots may have."""
    point = high_point() if choice else -high_point()
    path = ("sums", choice)
    return _set(f"A of choice {choice} out of reach", "InvalidPoint", path, forms.point(point))


def of_shares() -> Iterator[Attack]:
    honest = samples.share(infinity_at=1, choices=4)
    product = Scalar(number(honest["proof"]["challenge"])) * samples.trustee_secret().reveal()

    def opposite(index: int) -> Fault:
        def change(form: Form) -> Form:
            return put(form, ("points", index), opposite_image(form, form["sums"][index]))

        return Fault(f"U = -V in sum {index}", "DegenerateSum", change)

    faults = (
        _bad_point("D of choice 0", ("points", 0), 0),
        _bad_point("D of choice 2", ("points", 2), 2),
        _bad_scalar(("proof", "challenge"), 0),
        _bad_scalar(("proof", "response"), N),
        _shorter(("points",), "InvalidShareShape"),
        _out_of_reach(0),
        _set("D of choice 0 infinity, A not", "InvalidPoint", ("points", 0), forms.words((0, 0))),
        _set("A of choice 1 infinity, D not", "InvalidPoint", ("points", 1), forms.point(G)),
        _out_of_reach(2),
        _set(
            "first commitment infinity",
            "CommitmentAtInfinity",
            ("proof", "response"),
            word(product),
        ),
        opposite(0),
        opposite(2),
        _set("another trustee", "InvalidProof", ("trustee",), 3),
    )
    yield from _pairs("share", honest, faults)
