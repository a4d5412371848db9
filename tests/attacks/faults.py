"""Inputs with two things wrong at once: what comes first in the protocol's order is named.

For each kind of input there is a list of faults in that order, every step of PROTOCOL §7 and every
place within a step that it tells apart; every pair of them is mounted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from attacks import bent
from attacks.mounting import Attack, get, put
from attacks.trustees import opposite_image
from attacks.words import bad_points
from support import forms, samples
from support.forms import Form, number, word
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


def _bad_point(name: str, path: Sequence[str | int], kind: str = "off the curve") -> Fault:
    return _set(name, "InvalidPoint", path, forms.words(bad_points()[kind]))


def _bad_scalar(path: Sequence[str | int], value: int = N) -> Fault:
    return _set(f"{path[-2:]} out of range", "InvalidScalar", path, word(value))


def _shorter(path: Sequence[str | int], refusal: str) -> Fault:
    return Fault(
        f"{path[-1]} too short", refusal, lambda form: put(form, path, get(form, path)[:-1])
    )


def _pairs(kind: str, honest: Form, faults: Sequence[Fault]) -> Iterator[Attack]:
    """Every two faults together. The later is mounted last, on what the earlier has left, unless
    that leaves nothing to compute with: then it is mounted first.
    """
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
        words[at : at + 2] = forms.words(bad_points()["off the curve"])
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
        _bad_point("E_1 off the curve", (ballot, "coefficients", 0)),
        _bad_point("E_2 at infinity", (ballot, "coefficients", 1), "infinity"),
        _bad_scalar((ballot, "challenge"), 0),
        _bad_scalar((ballot, "responses", 0)),
        _bad_scalar((ballot, "responses", 5), 0),
        _bad_scalar((ballot, "blinding")),
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
        _bad_point("C_0 off the curve", ("deal", "commitments", 0)),
        _bad_point("C_1 at infinity", ("deal", "commitments", 1), "infinity"),
        _bad_point("R off the curve", ("deal", "ephemeral")),
        _bad_scalar(("deal", "challenge"), 0),
        _bad_scalar(("deal", "secretResponse")),
        _bad_scalar(("deal", "ephemeralResponse"), 0),
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
        _bad_point("S off the curve", ("shared",)),
        _bad_scalar(("proof", "challenge"), 0),
        _bad_scalar(("proof", "response")),
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


def of_shares() -> Iterator[Attack]:
    honest = samples.share(infinity_at=1, choices=4)
    product = Scalar(number(honest["proof"]["challenge"])) * samples.trustee_secret().reveal()

    def opposite(index: int) -> Fault:
        def change(form: Form) -> Form:
            return put(form, ("points", index), opposite_image(form, form["sums"][index]))

        return Fault(f"U = -V in sum {index}", "DegenerateSum", change)

    faults = (
        _bad_point("D of choice 0 off the curve", ("points", 0)),
        _bad_point("D of choice 2 off the curve", ("points", 2)),
        _bad_scalar(("proof", "challenge"), 0),
        _bad_scalar(("proof", "response")),
        _shorter(("points",), "InvalidShareShape"),
        _set("D of choice 0 infinity, A not", "InvalidPoint", ("points", 0), forms.words((0, 0))),
        _set("A of choice 1 infinity, D not", "InvalidPoint", ("points", 1), forms.point(G)),
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
