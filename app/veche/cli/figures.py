"""A result in a terminal: a chart of every question with what follows from it, and the turnout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from veche.cli.output import chart

if TYPE_CHECKING:
    from rich.console import RenderableType

    from veche.protocol.figures import Figures


def text(found: Figures) -> Iterator[RenderableType]:
    """A result for a terminal."""
    from veche.protocol.shown_figures import columns, sentences, taking_part

    for each in found.questions:
        yield chart(each.texts.text, each.scores, columns(each))
        yield "\n".join([*sentences(each, is_quorate=found.is_quorate), ""])
    yield "\n".join([*taking_part(found), ""])
