"""What is going to be done, in words: facts to look at, and the transactions in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from veche.chain.transactions import OnSent
from veche.official.phrases import count

Fact: TypeAlias = tuple[str, str]
"""A name and what there is to know under it, in one line or several."""

MAX_TOLD: Final = 6
"""The most steps that are told one by one."""


@dataclass(frozen=True)
class Step:
    """A transaction.

    Attributes:
        key: what it is noted under until it is confirmed.
        purpose: what it does, in words.
        take: sends it and waits; the address of what it created, if it created something.
    """

    key: str
    purpose: str
    take: Callable[[OnSent], str | None]


@dataclass(frozen=True)
class Plan:
    """What is going to be done.

    Attributes:
        title: all of it in a line.
        facts: what to look at before agreeing.
        steps: the transactions, in order; none where nothing is left to do.
        warnings: what is allowed, but perhaps not meant.
    """

    title: str
    facts: Sequence[Fact]
    steps: Sequence[Step]
    warnings: Sequence[str] = ()

    @property
    def text(self) -> str:
        """The plan as it is shown."""
        return "\n".join(
            [self.title, "", *table(self.facts), *self._told_warnings(), "", *self._told_steps()]
        )

    def _told_warnings(self) -> Iterator[str]:
        for each in self.warnings:
            yield from ("", f"  Mind: {each}")

    def _told_steps(self) -> Iterator[str]:
        if not self.steps:
            yield "Nothing has to be sent."
            return
        yield f"{count(len(self.steps), 'transaction')}:"
        lines = [f"  {number}. {each.purpose}" for number, each in enumerate(self.steps, start=1)]
        if len(lines) > MAX_TOLD:
            lines[MAX_TOLD - 2 : -1] = ["  …"]
        yield from lines


def table(facts: Sequence[Fact]) -> list[str]:
    """The lines of facts, names on the left."""
    width = max((len(name) for name, _ in facts), default=0)
    lines = []
    for name, value in facts:
        first, *more = value.splitlines() or [""]
        lines.append(f"  {name:<{width}}  {first}".rstrip())
        lines += [f"  {'':<{width}}  {line}".rstrip() for line in more]
    return lines
