"""The published roll: the first reading that gives the root, whatever is published later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veche.errors import IncompleteRoll
from veche.protocol import published_roll
from veche.protocol.published_roll import MAX_READINGS, Part
from veche.protocol.roll import Roll

Entries = list[tuple[str, int]]


def address(index: int) -> str:
    return f"0x{index:040x}"


RIGHT: Entries = [(address(each), weight) for each, weight in enumerate((1, 3, 1, 2, 1), start=1)]
ROLL = Roll(RIGHT)
TOTAL = 8
OTHERS: Entries = [(address(100 + each), 1) for each in range(12)]


def read(*parts: Part) -> Roll:
    return published_roll.read(parts, root=ROLL.root, total_weight=TOTAL)


def split(*ends: int) -> list[Part]:
    """The right roll in parts that end at these places."""
    return [
        Part(first, RIGHT[first:end])
        for first, end in zip((0, *ends), (*ends, len(RIGHT)), strict=True)
    ]


WHOLE = Part(0, RIGHT)

# -- What gives the roll --


@pytest.mark.parametrize(
    "parts",
    [
        [WHOLE],
        [WHOLE, WHOLE],
        split(2),
        split(1, 2, 3, 4),
        split(1, 2, 3, 4)[::-1],
        [Part(0, []), WHOLE],
        [Part(0, OTHERS), WHOLE],
        [Part(2, OTHERS), WHOLE],
        [Part(5, OTHERS), WHOLE],
        [Part(0, [*RIGHT, *OTHERS])],
        [Part(0, RIGHT[::-1])],
        [Part(0, [OTHERS[0], *RIGHT[1:]]), Part(0, RIGHT[:1])],
        [*split(2)[1:], Part(0, OTHERS[:2]), *split(2)[:1]],
    ],
)
def test_roll_is_read(parts: Sequence[Part]) -> None:
    assert read(*parts).root == ROLL.root


# -- Attacks: published after it --

LATER = {
    "behind the end": [Part(5, OTHERS[:1])],
    "far behind the end": [Part(2**256 - 1, OTHERS[:1])],
    "over the first place": [Part(0, OTHERS[:1])],
    "over the last place, and further": [Part(4, OTHERS)],
    "another roll of the same weight": [Part(0, OTHERS[:8])],
    "a voter twice": [Part(0, RIGHT[2:3])],
    "no weight": [Part(0, [(address(1), 0)])],
    "all weight there is": [Part(0, [(address(1), 2**256 - 1)])],
    "nothing": [Part(0, []), Part(5, [])],
    "readings without end": [Part(0, [(address(1000 + each), 1)]) for each in range(100)],
}


@pytest.mark.parametrize("attack", LATER)
@pytest.mark.parametrize("before", [[WHOLE], split(2), [Part(3, OTHERS[:1]), WHOLE]])
def test_publishing_more_takes_the_roll_from_nobody(attack: str, before: list[Part]) -> None:
    assert read(*before, *LATER[attack]).root == ROLL.root
    assert read(*before, *LATER[attack], WHOLE, *LATER[attack]).root == ROLL.root


def parts() -> st.SearchStrategy[list[Part]]:
    """Whatever an official may publish."""
    entry = st.tuples(st.integers(1, 9).map(address), st.integers(0, 4) | st.just(2**256 - 1))
    part = st.tuples(st.integers(0, 8), st.lists(entry, max_size=6))
    return st.lists(part.map(lambda each: Part(*each)), max_size=8)


@given(parts(), parts())
def test_roll_that_can_be_read_once_can_be_read_for_ever(
    before: list[Part], after: list[Part]
) -> None:
    assert read(*before, WHOLE).root == ROLL.root
    assert read(*before, WHOLE, *after).root == ROLL.root


@given(parts())
def test_reading_is_that_of_its_rule(found: list[Part]) -> None:
    """Plainly: all places, the later entry at each, from 0 to a gap or to the total weight."""
    places: dict[int, tuple[str, int]] = {}
    for part in found:
        places |= dict(enumerate(part.entries, start=part.first))
    expected: Entries = []
    while sum(weight for _, weight in expected) < TOTAL and len(expected) in places:
        expected.append(places[len(expected)])
    assert list(published_roll.newest(found, total_weight=TOTAL)) == expected


# -- What it costs --


def test_later_parts_are_not_read_once_the_roll_is_there() -> None:
    def endless() -> Iterator[Part]:
        yield WHOLE
        pytest.fail("the roll was there already")

    assert published_roll.read(endless(), root=ROLL.root, total_weight=TOTAL).root == ROLL.root


def test_few_roots_are_computed_however_many_readings_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []

    def counted(entries: Entries) -> Roll:
        made.append(entries)
        return Roll(entries)

    monkeypatch.setattr(published_roll, "Roll", counted)
    wrong = [Part(0, OTHERS[:8]), *LATER["readings without end"]]
    with pytest.raises(IncompleteRoll):
        read(*wrong)
    assert len(made) == MAX_READINGS + 1
    assert read(*wrong, WHOLE).root == ROLL.root  # the newest is always tried
    made.clear()
    halves = [Part(place, OTHERS[place : place + 1]) for place in range(7)] * 100
    with pytest.raises(IncompleteRoll):
        read(*halves, *halves)
    assert len(made) == 1  # of no other reading the weight is right


# -- What does not give it --


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([], "no entry of the roll is published yet"),
        ([Part(0, [])], "no entry of the roll is published yet"),
        ([Part(1, RIGHT)], "no entry of the roll is published yet"),
        (split(2)[:1], "2 voters with weight 4, are not the poll's roll: their root is 0x"),
        ([Part(0, RIGHT[:1]), Part(2, RIGHT[2:])], "1 voter with weight 1, are not the poll's"),
        ([Part(0, OTHERS)], "8 voters with weight 8, are not the poll's roll"),
        ([Part(0, [(address(1), 9)])], "1 voter with weight 9, are not the poll's roll"),
        ([Part(0, RIGHT[:1] * 2)], "not a roll: entry 1: .* twice"),
        ([Part(0, [(address(1), 0)])], "not a roll: entry 0: a weight is 1 or more"),
    ],
)
def test_reading_fails_if_the_parts_do_not_give_the_roll(found: list[Part], reason: str) -> None:
    with pytest.raises(IncompleteRoll, match=reason):
        read(*found)


def test_roll_is_read_even_if_the_poll_says_more_weight() -> None:
    """Its root is right; that its weight is wrong is a check of its own."""
    found = published_roll.read([WHOLE], root=ROLL.root, total_weight=TOTAL + 1)
    assert found.root == ROLL.root
