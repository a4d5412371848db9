"""What voters are warned of before they vote: results that tell more than they should
(PROTOCOL §6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from veche.chain.poll import Poll


def of_poll(poll: Poll, voter: str) -> Iterator[str]:
    """Every warning about a poll that the voter should read."""
    roll = poll.roll
    heaviest = max(roll, key=lambda each: each.weight)
    if is_exposed(heaviest.weight, roll.total_weight):
        whose = "yours" if heaviest.voter == voter else f"that of {heaviest.voter}"
        yield (
            f"one weight, {whose}, is larger than all others together "
            f"({heaviest.weight} of {roll.total_weight}): the result shows how that voter voted."
        )
    cast = poll.voter_count + (poll.tracker(voter) is None)
    if is_small(cast, poll.definition.min_voters):
        yield (
            f"voters so far, with you: {cast}; a result needs {poll.definition.min_voters}. The "
            "fewer people vote, the more the result tells about each."
        )


def is_exposed(weight: int, total: int) -> bool:
    """Whether a weight is larger than all others together."""
    return 2 * weight > total


def is_small(voters: int, fewest: int) -> bool:
    """Whether fewer than twice as many people have voted as a result needs."""
    return voters < 2 * fewest
