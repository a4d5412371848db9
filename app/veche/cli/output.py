"""What a command shows: text and tables for people, or JSON objects for machines.

Text from a chain or a node never steers the terminal: it is not read as markup, and characters that
cannot be shown are replaced. A text that may have several lines stands apart from our own lines.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import wrap
from threading import Timer
from typing import Any, Final

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from veche.protocol.characters import shown

stdout: Final = Console(highlight=False, markup=False, emoji=False)
stderr: Final = Console(highlight=False, markup=False, emoji=False, stderr=True)

PATIENCE: Final = 2.0
"""Seconds before people who wait are told what for."""
WIDEST_BAR: Final = 40
PROGRESS_WIDTH: Final = 24
_NAME: Final = re.compile(r"(?:(?:\S| (?! ))+ {2,})?")
"""What a line of a table begins with: a name, and two or more blanks."""
INDENT: Final = 2
"""Number of spaces before every line of a stranger's text."""


def percent(done: int, most: int) -> str:
    """The part of the steps that is done, in percent."""
    return f"{min(100 * done // max(most, 1), 100)} %"


def count(done: int, most: int) -> str:
    """The number of steps done, and of how many unless that is 0."""
    return f"{done} of {most}" if most else str(done)


@dataclass(frozen=True)
class Output:
    """The channel of a command to people and machines.

    Attributes:
        as_json: whether stdout is for JSON objects; people then read stderr.
        tells_meanwhile: whether lines are shown while progress is shown. In a terminal both then
            go to stderr, as otherwise each would spoil the other.
    """

    as_json: bool
    tells_meanwhile: bool = False

    def tell(self, fields: Mapping[str, Any], *text: RenderableType) -> None:
        """Tells what was found or done: the fields if machines read, otherwise the text."""
        if self.as_json:
            print_json(fields)
        else:
            self.say(*text)

    def say(self, *text: RenderableType) -> None:
        """Shows text to people, on stderr if machines read stdout."""
        is_shared = self.tells_meanwhile and stdout.is_terminal and stderr.is_terminal
        show(stderr if self.as_json or is_shared else stdout, *text)

    @contextmanager
    def progress(
        self, what: str, most: int = 0, *, shown: Callable[[int, int], str] = percent
    ) -> Iterator[Callable[[int], None]]:
        """Shows what is being waited for once that takes long, and removes it afterwards.

        Args:
            what: what is being waited for.
            most: the largest number of steps; 0 if nobody knows it.
            shown: how done and most steps are written.

        Yields:
            A function that takes the number of steps done so far.
        """
        status = stderr.status(plain(what))
        timer = Timer(PATIENCE, status.start)
        timer.daemon = True
        if stderr.is_terminal and not self.as_json:
            timer.start()
        try:
            yield lambda done: status.update(_how_far(f"{what} {shown(done, most)}", done, most))
        finally:
            timer.cancel()
            if timer.is_alive():
                timer.join()
            status.stop()


def _how_far(text: str, done: int, most: int) -> RenderableType:
    """A text, with a bar beside it if the largest number of steps is known."""
    from rich.progress_bar import ProgressBar

    if not most:
        return plain(text)
    row = Table.grid(padding=(0, 1))
    bar = ProgressBar(total=most, completed=min(done, most), width=PROGRESS_WIDTH)
    row.add_row(plain(text), bar)
    return row


def show(console: Console, *text: RenderableType) -> None:
    """Shows text, each piece beginning a line. In a terminal, long lines are broken between words,
    but commands stay whole, so that they can be copied. Elsewhere all lines stay whole.
    """
    for each in text:
        piece = plain(each) if isinstance(each, str) else each
        if isinstance(piece, Text) and console.is_terminal and not piece.no_wrap:
            lines = [
                part for line in piece.plain.split("\n") for part in broken(line, console.width)
            ]
            piece = Text("\n".join(lines), style=piece.style)
        console.print(piece, soft_wrap=isinstance(piece, Text))


def broken(line: str, width: int) -> list[str]:
    """The parts of a line in a terminal of this width, in characters. They go on below the last
    column of the line. A link or another long word stays whole, so that it can be copied.
    """
    text = line.lstrip(" ")
    blanks = len(line) - len(text)
    name = next(_NAME.finditer(text)).end()
    below = blanks + name if blanks + name <= width // 2 else blanks
    parts = wrap(
        text,
        width,
        initial_indent=" " * blanks,
        subsequent_indent=" " * below,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        expand_tabs=False,
    )
    return parts or [""]


def warn(text: str) -> None:
    """Shows on stderr what people should know before they go on."""
    show(stderr, plain(f"Warning: {text}", style="yellow"))


def print_json(fields: Mapping[str, Any]) -> None:
    """Prints one JSON object on a line of stdout."""
    text = json.dumps(fields, ensure_ascii=not _is_unicode())
    sys.stdout.write(shown(text, otherwise=_escaped) + "\n")
    sys.stdout.flush()


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1]


# -- Pieces of text --


def plain(text: str, *, style: str = "") -> Text:
    """A text as it is: no markup, and nothing in it that steers a terminal or hides."""
    return Text(shown(text), style=style)


def command(line: str) -> Text:
    """A command to copy, on a line of its own."""
    text = plain(f"{' ' * INDENT}{line}")
    text.no_wrap = True
    return text


def sentence(text: str) -> str:
    """A text with a capital at its beginning, and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def indented(text: str) -> Padding:
    """A stranger's text of several lines, none of which can pass for a line of our own."""
    return Padding(plain(text), (0, 0, 0, INDENT), expand=False)


def bold(text: str) -> Text:
    """A text that stands out."""
    return plain(text, style="bold")


def facts(named: Mapping[str, str]) -> str:
    """Facts by name, one per line."""
    width = max(map(len, named))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in named.items())


def digits(data: bytes) -> str:
    """Bytes as 0x and hexadecimal digits."""
    return "0x" + data.hex()


def table(*columns: str, rows: Sequence[Sequence[str]]) -> Table:
    """A table of texts and numbers. A text too long for its column continues on the next line."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(plain(column), overflow="fold")
    for row in rows:
        made.add_row(*map(plain, row))
    return made


def chart(
    name: str, scores: Mapping[str, int], columns: Mapping[str, Sequence[str]] | None = None
) -> Table:
    """What every option got: in columns, by their names, and as bars of one scale.

    Args:
        name: the question.
        scores: the score of every option.
        columns: a text for every option, by the names of the columns; by default the scores.
    """
    shown = columns or {"score": [f"{score:,}" for score in scores.values()]}
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    made.add_column(plain(name), overflow="fold")
    for column in shown:
        made.add_column(column, justify="right")
    made.add_column("", ratio=1, min_width=8, max_width=WIDEST_BAR)
    most = max(scores.values(), default=0)
    for (option, score), *texts in zip(scores.items(), *shown.values(), strict=True):
        made.add_row(plain(option), *texts, Bar(score, most))
    return made


@dataclass(frozen=True)
class Bar:
    """A horizontal bar in proportion to a score. Only a score of 0 has none."""

    score: int
    most: int

    def length(self, width: int) -> int:
        """The bar's length in characters, if the largest score has this width."""
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
