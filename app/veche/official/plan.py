"""Plans in words: the facts to check, and the transactions in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from veche.chain.pending import OnSent
from veche.errors.amounts import counted

Fact: TypeAlias = tuple[str, str]
"""A name and its value, in one line or several."""

MAX_LISTED: Final = 6
"""Maximum steps that are listed one by one."""


@dataclass(frozen=True)
class Step:
    """A transaction.

    Attributes:
        key: the key that it is noted under until it is confirmed.
        purpose: what it does, in words.
        take: sends the transaction and waits for it; returns the address of the deployer or board
            that it has created, otherwise None.
    """

    key: str
    purpose: str
    take: Callable[[OnSent], str | None]


@dataclass(frozen=True)
class Plan:
    """A plan that an official can accept or decline.

    Attributes:
        title: the plan in one line.
        facts: the facts to check before accepting it.
        steps: the transactions in order, one or more.
        warnings: things that are allowed, but perhaps not meant.
    """

    title: str
    facts: Sequence[Fact]
    steps: Sequence[Step]
    warnings: Sequence[str] = ()

    @property
    def text(self) -> str:
        """The plan as it is shown."""
        return "\n".join(
            [self.title, "", *table(self.facts), *self._warning_lines(), "", *self._step_lines()]
        )

    def _warning_lines(self) -> Iterator[str]:
        for each in self.warnings:
            yield from ("", f"  Mind: {each}")

    def _step_lines(self) -> Iterator[str]:
        yield f"{counted(len(self.steps), 'transaction')}:"
        lines = [f"  {number}. {each.purpose}" for number, each in enumerate(self.steps, start=1)]
        if len(lines) > MAX_LISTED:
            lines[MAX_LISTED - 2 : -1] = ["  …"]
        yield from lines


def table(facts: Sequence[Fact]) -> list[str]:
    """The lines of a table of facts, with the names on the left."""
    width = max((len(name) for name, _ in facts), default=0)
    lines = []
    for name, value in facts:
        first, *more = value.splitlines() or [""]
        lines.append(f"  {name:<{width}}  {first}".rstrip())
        lines += [f"  {'':<{width}}  {line}".rstrip() for line in more]
    return lines
