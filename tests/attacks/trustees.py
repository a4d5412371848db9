"""Deals, blames and decryption shares that prove nothing, or something else."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.mounting import Attack, flipped, get, leaves, path_name, put
from attacks.words import bad_points, bad_scalars, high_point
from support import forms, samples
from support.forms import Form, number, word
from support.samples import MIXED
from veche.crypto.group import G, Scalar
from veche.crypto.sigma import random_secret


def deals() -> Iterator[Attack]:
    honest = samples.deal()
    for path in leaves(honest["deal"], ("deal",)):
        yield Attack(f"flipped {path_name(path)}", "deal", flipped(honest, path))
    for field in ("challenge", "secretResponse", "ephemeralResponse"):
        for name, value in bad_scalars().items():
            form = put(honest, ("deal", field), word(value))
            yield Attack(f"{name} as {field}", "deal", form, "InvalidScalar")
    for name, pair in bad_points().items():
        for path in (("deal", "commitments", 0), ("deal", "commitments", 1), ("deal", "ephemeral")):
            form = put(honest, path, forms.words(pair))
            yield Attack(f"{name} as {path_name(path)}", "deal", form, "InvalidPoint")
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


def blames() -> Iterator[Attack]:
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
    yield Attack("U = V", "blame", form, "DegenerateSum")
    form = put(honest, ("shared",), opposite_image(honest, honest["ephemeral"]))
    yield Attack("U = -V", "blame", form, "DegenerateSum")


def shares() -> Iterator[Attack]:
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
    form = put(cancelled, ("points", 2), opposite_image(cancelled, cancelled["sums"][2]))
    yield Attack("U = -V after a sum at infinity", "share", form, "DegenerateSum")
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
    yield Attack("U = V in every commitment", "share", form, "DegenerateSum")


def opposite_image(form: Form, base: list[str]) -> list[str]:
    """A point D with s·A = c·D, so that the two parts of the commitment to A cancel out."""
    c, s = (Scalar(number(form["proof"][key])) for key in ("challenge", "response"))
    return forms.point(forms.trusted_point(base) * (s * c.inverse()))


def _equality(honest: Form, kind: str, point: tuple[str | int, ...]) -> Iterator[Attack]:
    """What every equality proof must withstand; `point` is one that comes from outside."""
    for path in (*leaves(honest["proof"], ("proof",)), *leaves(get(honest, point), point)):
        yield Attack(f"flipped {path_name(path)}", kind, flipped(honest, path))
    for field in ("challenge", "response"):
        for name, value in bad_scalars().items():
            form = put(honest, ("proof", field), word(value))
            yield Attack(f"{name} as {field}", kind, form, "InvalidScalar")
    for name, pair in bad_points().items():
        form = put(honest, point, forms.words(pair))
        yield Attack(f"{name} as {path_name(point)}", kind, form, "InvalidPoint")
