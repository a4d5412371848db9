"""What a command shows: words and tables for people, or JSON objects for machines.

Words from a chain or a node never steer the terminal: they are no markup, and what is not printable
in them is replaced.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from typing import Any, Final

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

stdout: Final = Console(highlight=False, markup=False, emoji=False)
stderr: Final = Console(highlight=False, markup=False, emoji=False, stderr=True)

PATIENCE: Final = 2.0
"""Seconds before somebody who waits is told what for."""
WIDEST_BAR: Final = 40
PROGRESS_WIDTH: Final = 24

OnStep = Callable[[int, int], None]
"""Is told the steps done and the most that there can be."""


def percent(done: int, most: int) -> str:
    """How far it is, of so many steps."""
    return f"{min(100 * done // max(most, 1), 100)} %"


def count(done: int, most: int) -> str:
    """How many are done, of so many; 0 where nobody knows of how many."""
    return f"{done} of {most}" if most else str(done)


@dataclass(frozen=True)
class Output:
    """Where a command's words go.

    Attributes:
        as_json: whether stdout is for JSON objects, and people read stderr.
        tells_meanwhile: whether lines are told while progress is shown. In a terminal they go
            the same way then, or each would spoil the other.
    """

    as_json: bool
    tells_meanwhile: bool = False

    @property
    def console(self) -> Console:
        """What people read."""
        is_shared = self.tells_meanwhile and stdout.is_terminal and stderr.is_terminal
        return stderr if self.as_json or is_shared else stdout

    def say(self, text: str = "", *, style: str = "") -> None:
        """A line, however long: whoever cuts it is the terminal."""
        self.console.print(plain(text, style=style), soft_wrap=True)

    def show(self, renderable: RenderableType) -> None:
        """A table or the like."""
        self.console.print(renderable)

    def facts(self, facts: Mapping[str, str]) -> None:
        """What is known of a thing, name by name."""
        width = max(map(len, facts))
        for name, value in facts.items():
            self.say(f"{name:<{width}}  {value}")

    def warn(self, text: str) -> None:
        """What somebody should know before going on."""
        warn(text)

    def finish(self, fields: Mapping[str, Any]) -> None:
        """The result, for machines; nothing where people read."""
        if self.as_json:
            print_json(fields)

    @contextmanager
    def progress(self, what: str, shown: Callable[[int, int], str] = percent) -> Iterator[OnStep]:
        """Tells what is waited for, once that takes long, and takes it away afterwards.

        Args:
            what: in words.
            shown: how the steps are told.

        Yields:
            What may be told the steps done.
        """
        status = stderr.status(plain(what))
        timer = Timer(PATIENCE, status.start)
        timer.daemon = True
        if stderr.is_terminal and not self.as_json:
            timer.start()
        try:
            yield lambda done, most: status.update(_how_far(what, done, most, shown))
        finally:
            timer.cancel()
            if timer.is_alive():
                timer.join()
            status.stop()


def _how_far(what: str, done: int, most: int, shown: Callable[[int, int], str]) -> RenderableType:
    """How far it is, in words, and as a bar where it is known of how much."""
    from rich.progress_bar import ProgressBar

    said = plain(f"{what} {shown(done, most)}")
    if not most:
        return said
    row = Table.grid(padding=(0, 1))
    row.add_row(said, ProgressBar(total=most, completed=min(done, most), width=PROGRESS_WIDTH))
    return row


def warn(text: str) -> None:
    """What somebody should know before going on, whatever stdout is for."""
    stderr.print(plain(f"Warning: {text}", style="yellow"), soft_wrap=True)


def plain(text: str, *, style: str = "") -> Text:
    """A text as it is: no markup, and nothing in it that steers a terminal or hides."""
    shown = "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text)
    return Text(shown, style=style)


def print_json(fields: Mapping[str, Any]) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(fields, ensure_ascii=not _is_unicode()) + "\n")
    sys.stdout.flush()


def digits(data: bytes) -> str:
    """A hash: 0x and hexadecimal digits."""
    return "0x" + data.hex()


# -- Tables --


def table(*columns: str, rows: Sequence[Sequence[str]]) -> Table:
    """A table of words and numbers; what does not fit goes on in the next line."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(plain(column), overflow="fold")
    for row in rows:
        made.add_row(*map(plain, row))
    return made


def chart(name: str, scores: Mapping[str, int]) -> Table:
    """The score of every option, as a number and as a bar."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    made.add_column(plain(name), overflow="fold")
    made.add_column("score", justify="right")
    made.add_column("", ratio=1, min_width=8, max_width=WIDEST_BAR)
    most = max(scores.values(), default=0)
    for option, score in scores.items():
        made.add_row(plain(option), str(score), Bar(score, most))
    return made


@dataclass(frozen=True)
class Bar:
    """A horizontal bar: as long as its part of the most, and never nothing for something."""

    score: int
    most: int

    def length(self, width: int) -> int:
        """In characters."""
        if not self.score:
            return 0
        return max(1, self.score * width // self.most)

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        length = self.length(min(options.max_width, WIDEST_BAR))
        yield Text(("█" if _is_unicode() else "#") * length)

    def __rich_measure__(self, _: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(1, min(options.max_width, WIDEST_BAR))


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
