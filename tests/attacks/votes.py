"""Votes that no voter may cast, with the best proof that a liar can make for them."""

from __future__ import annotations

from collections.abc import Iterator

from attacks.forger import Forger
from attacks.mounting import Attack
from support.samples import APPROVE, CHOOSE_ONE, SCORE, Voting
from veche.crypto.questions import Questions

UP_TO_TWO = Questions.of((3, 1, 0, 2))
CUMULATIVE = Questions.of((2, 4, 4, 4))
LARGE = Questions.of((1, 100, 0, 100))
WIDE = Questions.of((2, 100, 50, 150))
SEVERAL = Questions.of((2, 1, 1, 1), (2, 3, 1, 5))


def out_of_range() -> Iterator[Attack]:
    """Scores and totals one beyond each end, for every kind of question, and far beyond: as a
    liar proves them who drops the coefficient that must be 0.
    """
    cases: tuple[tuple[str, Questions, tuple[int, ...]], ...] = (
        ("a score one too high", SCORE, (5,)),
        ("a score one too low", SCORE, (-1,)),
        ("a huge score", SCORE, (10**6,)),
        ("101 points of 100", LARGE, (101,)),
        ("-1 point of 100", LARGE, (-1,)),
        ("two votes for one option of which it is the only one", CHOOSE_ONE, (2, 0, 0)),
        ("two votes for one option, one against another", CHOOSE_ONE, (2, -1, 0)),
        ("a vote against an option, two for others", CHOOSE_ONE, (1, 1, -1)),
        ("two options where one is chosen", CHOOSE_ONE, (1, 1, 0)),
        ("no option where one is chosen", CHOOSE_ONE, (0, 0, 0)),
        ("three options of up to two", UP_TO_TWO, (1, 1, 1)),
        ("one option against in up to two", UP_TO_TWO, (-1, 0, 0)),
        ("approved twice", APPROVE, (2, 0)),
        ("disapproved", APPROVE, (-1, 0)),
        ("one point more than there are to give", CUMULATIVE, (4, 1)),
        ("one point less than there are to give", CUMULATIVE, (3, 0)),
        ("five points for one option, one against another", CUMULATIVE, (5, -1)),
        ("a total of 151 in 50 to 150", WIDE, (100, 51)),
        ("a total of 49 in 50 to 150", WIDE, (49, 0)),
        ("a second total one too high", SEVERAL, (1, 0, 3, 3)),
        ("a second total one too low", SEVERAL, (1, 0, 0, 0)),
        ("a score of the second question one too high", SEVERAL, (1, 0, 4, 0)),
        ("a score of the second question one too low", SEVERAL, (1, 0, -1, 3)),
        ("both totals lie", SEVERAL, (1, 1, 0, 0)),
    )
    for name, questions, scores in cases:
        voting = Voting(questions)
        form = voting.form(Forger(voting, scores, name).prove())
        yield Attack(name, "ballot", form, "InvalidProof")
