"""What Python says of an input in plain form: the refusal's name and values, or acceptance.

The contracts' side has the same function over the same forms; the two must agree on every input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from support.forms import Form, data, number, numbers, pair, trusted_point
from veche.crypto import ballot_proof, deal_proof, equality_proof, transcript
from veche.crypto.ballot_proof import Ballot
from veche.crypto.deal_proof import Deal
from veche.crypto.equality_proof import BlameStatement, EqualityProof, ShareStatement
from veche.crypto.group import FixedBase, Point, Scalar
from veche.crypto.questions import Questions
from veche.errors import Refused, Value

Verdict: TypeAlias = tuple[str, tuple[Value, ...]]

ACCEPTED: Final[Verdict] = ("", ())


def python_verdict(kind: str, form: Form) -> Verdict:
    """The verdict on an input of this kind."""
    try:
        _JUDGES[kind](form)
    except Refused as refusal:
        return type(refusal).__name__, refusal.values
    return ACCEPTED


def questions_of(form: Form) -> Questions:
    return Questions.of(*(tuple(numbers(each)) for each in form["questions"]))  # type: ignore[arg-type]


def ballot_of(form: Form) -> Ballot:
    """The ballot of a case, from its words."""
    return Ballot.from_words(ballot_words(form), questions_of(form))


def ballot_words(form: Form) -> list[int]:
    """The words of the ballot of a case in a row, as many as there are."""
    raw = form["ballot"]
    parts = (raw["challenge"], *raw["responses"], raw["blinding"])
    points = [words for each in raw["coefficients"] for words in each]
    return numbers([*(word for each in raw["ciphertexts"] for word in each), *parts, *points])


def ballot_tracker(form: Form, ballot: Ballot) -> bytes:
    return transcript.tracker(
        data(form["pollHash"]),
        voter=number(form["voter"]),
        weight=number(form["weight"]),
        replaces=data(form["replaces"]),
        ciphertexts=[each.pair for each in ballot.ciphertexts],
    )


def blame_of(form: Form) -> BlameStatement:
    return BlameStatement(
        data(form["boardHash"]),
        form["dealer"],
        form["recipient"],
        trusted_point(form["sealingKey"]),
        trusted_point(form["ephemeral"]),
        Point.from_outside(*pair(form["shared"]), field="shared"),
    )


def share_of(form: Form) -> ShareStatement:
    return ShareStatement(
        data(form["pollHash"]),
        form["trustee"],
        trusted_point(form["verificationKey"]),
        tuple(trusted_point(each) for each in form["sums"]),
        equality_proof.points_from_outside([pair(each) for each in form["points"]]),
    )


def proof_of(form: Form) -> EqualityProof:
    return EqualityProof.from_outside(number(form["challenge"]), number(form["response"]))


def _judge_ballot(form: Form, prepared: Callable[[Point], Point] = lambda key: key) -> None:
    ballot = ballot_of(form)
    ballot_proof.verify(
        ballot,
        questions=questions_of(form),
        key=prepared(trusted_point(form["key"])),
        tracker=ballot_tracker(form, ballot),
    )


def _judge_deal(form: Form) -> None:
    raw = form["deal"]
    deal = Deal.from_outside(
        [pair(each) for each in raw["commitments"]],
        pair(raw["ephemeral"]),
        [data(each) for each in raw["sealed"]],
        number(raw["challenge"]),
        number(raw["secretResponse"]),
        number(raw["ephemeralResponse"]),
    )
    deal_proof.verify(
        deal,
        board_hash=data(form["boardHash"]),
        dealer=form["dealer"],
        threshold=form["threshold"],
        trustees=form["trustees"],
    )


def _judge_blame(form: Form) -> None:
    equality_proof.verify_blame(blame_of(form), proof_of(form["proof"]))


def _judge_share(form: Form) -> None:
    equality_proof.verify_share(share_of(form), proof_of(form["proof"]))


_JUDGES: Final[dict[str, Callable[[Form], object]]] = {
    "point": lambda form: Point.from_outside(*pair(form["point"])),
    "scalar": lambda form: Scalar.from_outside(number(form["scalar"])),
    "questions": questions_of,
    "ballot": _judge_ballot,
    "ballot of many": lambda form: _judge_ballot(form, FixedBase.of),
    "deal": _judge_deal,
    "blame": _judge_blame,
    "share": _judge_share,
}
