"""Plans and numbers in words, and what a plan requires."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from veche.chain.pending import OnSent
from veche.errors import Declined, NodeUnreachable, NotDeployed, Obstacles, VecheError
from veche.errors.amounts import counted
from veche.official.phrases import command
from veche.official.plan import Plan, Step
from veche.official.requirements import require_all
from veche.official.rolls import _parts


def nothing(_: OnSent) -> None:
    """Sends nothing."""


def plan(steps: int) -> Plan:
    return Plan(
        "Publish",
        [("title", "Trees"), ("question 1", "Which?\nchoose one")],
        [Step(f"step {each}", f"part {each}", nothing) for each in range(steps)],
        ["it is for ever."],
    )


def test_count_and_command_read_well() -> None:
    assert (counted(1, "voter"), counted(2_000, "voter")) == ("1 voter", "2,000 voters")
    assert command("status") == "veche official status"
    given = command("publish_poll", "a poll.toml", network="city")
    assert given == "veche official publish-poll 'a poll.toml' --rpc city"


def test_plan_shows_facts_warnings_and_steps() -> None:
    assert plan(2).text.splitlines() == [
        "Publish",
        "",
        "  title       Trees",
        "  question 1  Which?",
        "              choose one",
        "",
        "  Mind: it is for ever.",
        "",
        "2 transactions:",
        "  1. part 0",
        "  2. part 1",
    ]


def test_long_plan_shows_the_first_steps_and_the_last() -> None:
    lines = plan(200).text.splitlines()
    assert lines[-7:] == [
        "200 transactions:",
        *(f"  {each + 1}. part {each}" for each in range(4)),
        "  …",
        "  200. part 199",
    ]


@pytest.mark.parametrize(
    ("missing", "parts"),
    [
        ([0], [(0, 1)]),
        (range(25), [(0, 10), (10, 20), (20, 25)]),
        ([0, 1, 5, 6, 7], [(0, 2), (5, 8)]),
        ([3, *range(10, 21)], [(3, 4), (10, 20), (20, 21)]),
    ],
)
def test_missing_places_make_parts_without_holes(
    missing: list[int], parts: list[tuple[int, int]]
) -> None:
    assert [(each.start, each.stop) for each in _parts(missing, 10)] == parts


def failing(error: VecheError) -> Callable[[], None]:
    def require() -> None:
        raise error

    return require


def met() -> None:
    """Requires nothing."""


def test_one_obstacle_is_raised_as_it_is_and_several_together() -> None:
    require_all()
    require_all(met, met)
    no_board = failing(NotDeployed("no board"))
    with pytest.raises(NotDeployed, match="no board"):
        require_all(met, no_board)
    with pytest.raises(Obstacles, match=r"no board\n.*\nnot confirmed\n") as caught:
        require_all(no_board, met, failing(Declined()))
    assert len(caught.value.each) == 2


def test_obstacles_within_obstacles_are_raised_as_one_list() -> None:
    several = Obstacles([Declined(), Declined()])
    with pytest.raises(Obstacles) as caught:
        require_all(failing(several), failing(NotDeployed("no board")))
    assert [type(each) for each in caught.value.each] == [Declined, Declined, NotDeployed]


def test_node_that_fails_is_no_obstacle_of_the_plan() -> None:
    with pytest.raises(NodeUnreachable):
        require_all(failing(NotDeployed("no board")), failing(NodeUnreachable("gone")))
