"""How tests speak to the harness contracts: arguments from plain forms, refusals as exceptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from support.forms import Form, data, number, numbers, trusted_point
from support.verdicts import (
    Verdict,
    ballot_of,
    ballot_tracker,
    ballot_words,
    blame_of,
    proof_of,
    questions_of,
    share_of,
)
from veche.chain import arguments
from veche.crypto import ballot_proof, equality_proof
from veche.errors import Refused

Call: TypeAlias = Callable[..., Any]
"""Calls a method of a contract: returns what it returns, or raises Reverted."""


class Reverted(Exception):
    """A contract's refusal: the name and values of its custom error."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(f"{verdict[0]}{verdict[1]}")


def ballot_arguments(form: Form, hints: list[int] | None = None) -> list[Any]:
    """The arguments of BallotHarness.verify."""
    return [
        data(form["pollHash"]),
        form["voter"],
        form["weight"],
        data(form["replaces"]),
        numbers(form["key"]),
        form["questions"],
        ballot_words(form),
        ballot_hints(form) if hints is None else hints,
    ]


def ballot_hints(form: Form) -> list[int]:
    """The words of a ballot's hints; none if it is refused before hints are looked at."""
    try:
        ballot, questions = ballot_of(form), questions_of(form)
        found = ballot_proof.hints(
            ballot,
            questions=questions,
            key=trusted_point(form["key"]),
            tracker=ballot_tracker(form, ballot),
        )
    except Refused:
        return []
    return arguments.ballot_hints(found, questions.choices)


def deal_arguments(form: Form) -> list[Any]:
    """The arguments of TrusteeHarness.verifyDeal."""
    raw = form["deal"]
    deal = [
        [numbers(each) for each in raw["commitments"]],
        numbers(raw["ephemeral"]),
        [data(each) for each in raw["sealed"]],
        number(raw["challenge"]),
        number(raw["secretResponse"]),
        number(raw["ephemeralResponse"]),
    ]
    terms = (form["dealer"], form["threshold"], form["trustees"])
    return [data(form["boardHash"]), *terms, deal]


def blame_arguments(form: Form) -> list[Any]:
    """The arguments of TrusteeHarness.verifyBlame."""
    try:
        statement = blame_of(form)
        proof = proof_of(form["proof"])
        hints = [equality_proof.parts(proof, statement.ephemeral, statement.shared)]
    except Refused:
        hints = []
    return [
        data(form["boardHash"]),
        form["dealer"],
        form["recipient"],
        numbers(form["sealingKey"]),
        numbers(form["ephemeral"]),
        numbers(form["shared"]),
        numbers(form["proof"].values()),
        arguments.hints(hints),
    ]


def share_arguments(form: Form) -> list[Any]:
    """The arguments of TrusteeHarness.verifyShare."""
    try:
        hints = equality_proof.share_hints(share_of(form), proof_of(form["proof"]))
    except (Refused, ValueError):  # sums and points may differ in length
        hints = []
    return [
        data(form["pollHash"]),
        form["trustee"],
        numbers(form["verificationKey"]),
        [numbers(each) for each in form["sums"]],
        [numbers(each) for each in form["points"]],
        numbers(form["proof"].values()),
        arguments.hints(hints),
    ]
