"""Writes the test vectors beside this file, from fixed seeds; `--check` only compares.

The vectors are one truth for every implementation: README.md in this folder says how to read them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from eth_hash.auto import keccak

import attacks
from support import forms, reference_group, samples, verdicts
from support.forms import Form, address, point, points, word, words
from support.samples import APPROVE, CHOOSE_ONE, MIXED, SCORE, Voting, seeded
from veche.crypto import elgamal, sharing
from veche.crypto.group import G, N, P, Point, Scalar, Secret
from veche.crypto.questions import Questions
from veche.crypto.second_generator import H
from veche.crypto.sigma import random_secret
from vectors import enrolments, hashes, published_code, records, roll_proofs, signed

HERE = Path(__file__).parent


def main() -> int:
    """Writes or checks every file; 1 if a checked file is not what it would be."""
    check = "--check" in sys.argv[1:]
    stale = [name for name, content in _files().items() if not _settle(name, content, check=check)]
    if stale:
        sys.stderr.write(f"not fresh: {', '.join(stale)}; run `make vectors`\n")
    return 1 if stale else 0


def _settle(name: str, content: Any, *, check: bool) -> bool:
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    path = HERE / name
    if check:
        return path.exists() and path.read_text() == text
    path.write_text(text)
    return True


def _files() -> dict[str, Any]:
    cases = _proofs()
    return {
        "hashes.json": hashes.listed(),
        "points.json": _points(),
        "scalars.json": _cases("scalar", _good_scalars()),
        "questions.json": _cases("questions", _good_questions()),
        "sharing.json": _sharing(),
        "enrolment.json": enrolments.listed(),
        "signatures.json": signed.signed(),
        "addresses.json": signed.addresses(),
        "texts.json": signed.texts(),
        "poll_texts.json": signed.poll_texts(),
        "rolls.json": signed.rolls(),
        "roll_proofs.json": roll_proofs.listed(),
        "published_code.json": published_code.listed(),
        "records.json": records.listed(),
        **{f"{kind}s.json": _cases(kind, good) for kind, good in cases.items()},
    }


def _cases(kind: str, good: dict[str, Form]) -> list[Form]:
    """Inputs to accept, then inputs to refuse with the refusal's name and values."""
    accepted = [{"name": name, "refusal": None, "input": form} for name, form in good.items()]
    refused = []
    for attack in attacks.all_attacks():
        if attack.kind == kind:
            name, values = verdicts.python_verdict(kind, attack.form)
            if not name or attack.refusal not in (None, name):
                raise AssertionError(f"{attack}: {name or 'accepted'}, not {attack.refusal}")
            refusal = {
                "refusal": name,
                "values": words(each for each in values if not isinstance(each, str)),
            }
            refused.append({"name": attack.name, **refusal, "input": attack.form})
    return accepted + refused


# -- Group --


def _points() -> Form:
    """Everything here comes from the reference group, not from the one under test."""
    g = reference_group.G
    scalars = (1, 2, 3, 5, N // 2, N // 2 + 1, N - 2, N - 1)
    multiples = {scalar: g * scalar for scalar in scalars}
    first, second = g * 7, g * 11
    zero = reference_group.INFINITY
    sums = {
        "different points": (first, second),
        "doubling": (first, first),
        "opposite points": (first, -first),
        "infinity on the left": (zero, first),
        "infinity on the right": (first, zero),
        "infinity twice": (zero, zero),
        "doubling the generator": (g, g),
    }
    products = [(0, 1), (1, 1), (1, N - 1), (5, N - 1), (N - 7, 1), (0, N - 1), (N - 1, N - 1)]
    return {
        "n": word(N),
        "p": word(P),
        "second generator": point(H),
        "multiples": [
            {"scalar": word(scalar), "point": words(multiple.words)}
            for scalar, multiple in multiples.items()
        ],
        "sums": [
            {
                "name": name,
                "left": words(left.words),
                "right": words(right.words),
                "sum": words((left + right).words),
            }
            for name, (left, right) in sums.items()
        ],
        "addresses of u·G + w·P": [_product(u, w, first) for u, w in products],
        "cases": _cases(
            "point", {f"{s:#x}·G": {"point": words(multiples[s].words)} for s in scalars}
        ),
    }


def _product(u: int, w: int, base: reference_group.ReferencePoint) -> Form:
    result = reference_group.G * u + base * w
    encoded = b"".join(value.to_bytes(32, "big") for value in result.words)
    infinite = result == reference_group.INFINITY
    return {
        "u": word(u),
        "w": word(w),
        "point": words(base.words),
        "product": words(result.words),
        "address": address(0 if infinite else int.from_bytes(keccak(encoded)[12:], "big")),
    }


def _good_scalars() -> dict[str, Form]:
    return {f"{value:#x}": {"scalar": word(value)} for value in (1, 2, N // 2, N - 2, N - 1)}


def _good_questions() -> dict[str, Form]:
    good: dict[str, list[list[int]]] = {
        "choose one": [[3, 1, 1, 1]],
        "choose up to two": [[5, 1, 0, 2]],
        "approval": [[16, 1, 0, 16]],
        "score": [[4, 5, 0, 20]],
        "cumulative": [[4, 5, 5, 5]],
        "nothing to choose": [[2, 1, 0, 0]],
        "60 choices": [[60, 1, 0, 60]],
        "60 choices in three": [[20, 1, 1, 1], [20, 2, 0, 40], [20, 100, 100, 200]],
        "0 to 100 for each": [[60, 100, 0, 6000]],
        "101 values for a total": [[2, 100, 50, 150]],
        "100 points at most for all": [[5, 100, 0, 100]],
        "several": [[2, 1, 1, 1], [1, 3, 0, 3], [2, 2, 1, 3]],
    }
    return {name: {"questions": value} for name, value in good.items()}


# -- Proofs --


def _proofs() -> dict[str, dict[str, Form]]:
    replaced = Voting(CHOOSE_ONE, weight=12, replaces=keccak(b"an earlier ballot"))
    one_option = Questions.of((1, 1, 0, 1))
    ballots = {
        "choose one of three": Voting(CHOOSE_ONE).cast((0, 1, 0)),
        "a replacement of weight 12": replaced.cast((0, 0, 1)),
        "approve nothing": Voting(APPROVE).cast((0, 0)),
        "approve everything": Voting(APPROVE).cast((1, 1)),
        "the lowest score": Voting(SCORE).cast((0,)),
        "the highest score": Voting(SCORE).cast((4,)),
        "one option": Voting(one_option).cast((1,)),
        "an answer of 5": attacks.ballots.with_small_answer(),
        "100 points": Voting(Questions.of((2, 100, 100, 200))).cast((100, 37)),
        "three questions": Voting(MIXED).cast((1, 0, 2, 0, 2)),
        "three questions, least totals": Voting(MIXED).cast((0, 1, 0, 1, 0)),
    }
    return {
        "ballot": ballots,
        "deal": {
            "2 of 3, the first": samples.deal(1),
            "2 of 3, the last": samples.deal(3),
            "9 of 16": samples.deal(16, 9, 16),
        },
        "blame": {"of 1 by 2": samples.blame(1, 2), "of oneself": samples.blame(3, 3)},
        "share": {
            "three sums": samples.share(2),
            "a sum at infinity": samples.share(2, infinity_at=1),
            "one sum": samples.share(3, choices=1),
            "nothing but infinity": samples.share(1, choices=1, infinity_at=0),
        },
    }


# -- Sharing and encryption --


def _sharing() -> Form:
    """A whole board of 2 of 3, every secret shown, and the decryption of one ciphertext."""
    polynomials = [samples.polynomial(dealer) for dealer in (1, 2, 3)]
    commitments = [polynomial.commitments() for polynomial in polynomials]
    key = sharing.encryption_key(commitments)
    randomness = random_secret(seeded("ciphertext"))
    ciphertext = elgamal.encrypt(key, 41, randomness)
    secrets = [samples.trustee_secret(index) for index in (1, 2, 3)]
    parts = {index: ciphertext.a * x for index, x in enumerate(secrets, start=1)}
    return {
        "boardHash": word(samples.board_hash()),
        "sealingSecrets": words(each.reveal() for each in samples.sealing_secrets(3)),
        "dealers": [
            {
                "shares": words(polynomial.evaluate(index) for index in (1, 2, 3)),
                "deal": samples.deal(dealer)["deal"],
            }
            for dealer, polynomial in enumerate(polynomials, start=1)
        ],
        "encryptionKey": point(key),
        "secretShares": words(secret.reveal() for secret in secrets),
        "verificationKeys": points(
            sharing.verification_key(commitments, index) for index in (1, 2, 3)
        ),
        "ciphertext": {
            "score": 41,
            "randomness": word(randomness.reveal()),
            "words": forms.ciphertext(ciphertext),
        },
        "quorums": [_quorum(quorum, parts) for quorum in combinations((1, 2, 3), 2)],
        "seals": list(_seals()),
    }


def _seals() -> Iterator[Form]:
    """What stands in a seal where the dealer has committed to a share of 5, or of 0."""
    context: dict[str, Any] = {"board_hash": samples.board_hash(), "dealer": 2, "recipient": 1}
    shared = G * Scalar(7)
    for committed, shown in ((5, (5, 6, N - 5, N + 5, 0, N, 2**256 - 1)), (0, (0, N))):
        commitments = [G * Scalar(11), G * (Scalar(committed) - Scalar(11))]
        for share in shown:
            # the pad is what hides a share of 1, but for its last bit
            pad = int.from_bytes(sharing.seal(Secret(1), shared=shared, **context), "big") ^ 1
            yield {
                "name": f"{_said(share)}, where {committed} is committed to",
                "dealer": context["dealer"],
                "recipient": context["recipient"],
                "shared": point(shared),
                "commitments": points(commitments),
                "sealed": word(share ^ pad),
                "share": word(share) if share == committed != 0 else None,
            }


def _said(share: int) -> str:
    names = {N: "n", N + 5: "n + 5", N - 5: "n - 5", 2**256 - 1: "the largest word"}
    return names.get(share, str(share))


def _quorum(quorum: tuple[int, ...], parts: dict[int, Point]) -> Form:
    weights = sharing.lagrange(quorum)
    return {
        "trustees": list(quorum),
        "lagrange": words(weights[index] for index in quorum),
        "points": points(parts[index] for index in quorum),
        "combined": point(sharing.combine({index: [parts[index]] for index in quorum})[0]),
    }


if __name__ == "__main__":
    raise SystemExit(main())
