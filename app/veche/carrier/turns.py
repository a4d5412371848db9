"""One ballot of every voter at a time: what a second one may replace is known after the first."""

from __future__ import annotations

from collections.abc import Iterable

from veche.carrier.ballots import EntitledBallot, ReadBallot


class Turns:
    """The ballots that wait, and the one ballot of each voter and poll whose turn it is.

    Its length is the number of ballots that wait.
    """

    def __init__(self) -> None:
        self._waiting: list[EntitledBallot] = []
        self._holders: dict[tuple[str, str], int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def wait(self, ballots: Iterable[EntitledBallot]) -> None:
        """Has ballots wait behind all others."""
        self._waiting += ballots

    def wait_first(self, ballots: Iterable[EntitledBallot]) -> None:
        """Has ballots wait before all others."""
        self._waiting[:0] = ballots

    def begin(self) -> list[EntitledBallot]:
        """Those whose turn it is, which wait no longer: of every voter the first, or the one whose
        turn began before. The turn lasts until `end`.
        """
        begun: list[EntitledBallot] = []
        waiting: list[EntitledBallot] = []
        for each in self._waiting:
            holder = self._holders.setdefault(each.turn, each.number)
            (begun if holder == each.number else waiting).append(each)
        self._waiting = waiting
        return begun

    def end(self, ballot: ReadBallot) -> None:
        """Ends the turn of a ballot, if it is its turn: the voter's next one may begin."""
        if self._holders.get(ballot.turn) == ballot.number:
            del self._holders[ballot.turn]
