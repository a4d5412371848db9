"""Weights that too few voters share to hide in the result (PROTOCOL §6).

A result never tells more than a result of its own for every weight would. But it may tell as much:
the sums of 1, 2, 4 and 8 are all different, so a total of 11 shows who gave it. So a voter hides
among the voters of the same weight, and these should be as many as a result needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from veche.errors.amounts import counted

SHOWN: Final = 3
"""Maximum weights that a caution names."""


def rare_weights(weights: Iterable[int], *, fewest: int) -> dict[int, int]:
    """The weights that too few voters share, the largest first, with the number of these voters.
    None is rare if all are equal: then the poll's own minimum is enough.

    Args:
        weights: the weight of every voter.
        fewest: the fewest voters that a result is computed for.
    """
    voters = Counter(weights)
    if len(voters) == 1:
        return {}
    return {each: voters[each] for each in sorted(voters, reverse=True) if voters[each] < fewest}


def caution(weights: Iterable[int], *, fewest: int, own: int | None = None) -> str:
    """What people should know of the weights on a roll; empty if no weight is rare.

    Args:
        weights: the weight of every voter.
        fewest: the fewest voters that a result is computed for.
        own: the weight of the voter who is told, if it is a voter.
    """
    rare = rare_weights(weights, fewest=fewest)
    if not rare:
        return ""
    named = [
        f"{weight:,} ({counted(count, 'voter')})" for weight, count in list(rare.items())[:SHOWN]
    ]
    more = [f"{len(rare) - SHOWN} more"] if len(rare) > SHOWN else []
    yours = ", yours among them" if own in rare else ""
    return (
        f"some weights are shared by fewer than {fewest} voters{yours}: "
        f"{', '.join([*named, *more])}. The result may show how these voters voted."
    )
