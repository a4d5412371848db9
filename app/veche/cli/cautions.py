"""What people are warned of: results that tell more than they should (PROTOCOL §6), and texts that
look alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from veche.chain.poll import Poll
    from veche.protocol.content import Content
    from veche.protocol.definition import PollDefinition
    from veche.protocol.roll import Roll


def of_poll(poll: Poll, voter: str) -> Iterator[str]:
    """Every warning about a poll that the voter should read."""
    yield from of_texts(poll.texts)
    if voter in poll.roll_proofs:
        yield from of_proven_weight(poll.weight(voter))
        return
    yield from of_roll(poll.roll, poll.definition, voter)
    if is_small(len(poll.roll), poll.definition.min_voters):
        yield (
            f"only {len(poll.roll)} people can vote; a result needs {poll.definition.min_voters}. "
            "The fewer people vote, the more the result tells about each."
        )


def of_texts(texts: Content) -> Iterator[str]:
    """The warnings of questions and options that people can take for others."""
    from veche.protocol.lookalikes import in_content

    for doubt in in_content(texts):
        yield f"{doubt}. Go by the numbers, and ask the officials which is meant."


def of_roll(roll: Roll, definition: PollDefinition, voter: str | None = None) -> Iterator[str]:
    """The warning of weights that give their voters away, if there are such.

    Args:
        roll: the electoral roll.
        definition: the definition of its poll.
        voter: the address of the voter who is told; None for anybody else.
    """
    from veche.protocol.rare_weights import caution

    own = roll.weight(voter) if voter else None
    weights = roll.entries.weights()
    yield from filter(None, [caution(weights, fewest=definition.min_voters, own=own)])


def of_proven_weight(weight: int) -> Iterator[str]:
    """The warning of a voter who knows nothing of the others' weights."""
    if weight > 1:
        yield (
            f"your weight is {weight:,}, and a proof does not tell how many voters share it: if "
            "they are few, the result may show how you voted. Leave --proof out to know."
        )


def is_small(voters: int, fewest: int) -> bool:
    """Whether fewer than twice as many people can vote as a result needs."""
    return voters < 2 * fewest
