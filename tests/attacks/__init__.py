"""Hostile inputs of every kind, each mounted on an honest one.

Both languages must refuse every one of them, under the same name and with the same values.
"""

from __future__ import annotations

from attacks import ballots, bent, faults, forgeries, trustees, votes, words
from attacks.mounting import Attack


def all_attacks() -> list[Attack]:
    """Every hostile input."""
    makers = (
        words.points,
        words.scalars,
        words.questions,
        ballots.tampered,
        ballots.with_bad_scalars,
        ballots.with_bad_points,
        ballots.swapped,
        ballots.borrowed,
        ballots.combined,
        ballots.misshapen,
        ballots.carried_over,
        votes.out_of_range,
        bent.degenerate,
        forgeries.forged,
        faults.of_ballots,
        faults.of_deals,
        faults.of_blames,
        faults.of_shares,
        trustees.deals,
        trustees.blames,
        trustees.shares,
    )
    return [attack for make in makers for attack in make()]
