"""`veche check`: all mistakes in the files that officials write, without a chain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from veche.cli import options
from veche.cli.output import Output, bold, warn
from veche.errors import InvalidFile, Mistake

if TYPE_CHECKING:
    from rich.console import RenderableType

    from veche.official.plan import Fact

Reader: TypeAlias = Callable[[Path], "Checked"]


@dataclass(frozen=True)
class Checked:
    """A file without mistakes.

    Attributes:
        path: its path.
        kind: what it describes.
        facts: what is in it.
        cautions: what is allowed in it, but perhaps not meant.
    """

    path: Path
    kind: str
    facts: Sequence[Fact]
    cautions: Sequence[Mistake] = ()

    @property
    def warnings(self) -> list[str]:
        """The cautions, each in a line with its file."""
        return [each.told(str(self.path)) for each in self.cautions]

    @property
    def fields(self) -> dict[str, Any]:
        """The file for machines."""
        return {"file": str(self.path), "kind": self.kind, "warnings": self.warnings}

    @property
    def text(self) -> list[RenderableType]:
        """The file for people."""
        from veche.official.plan import table

        return [bold(f"{self.path}: a {self.kind} without mistakes"), *table(self.facts), ""]


def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="poll.toml (the roll that it names is checked too), board.toml, network.toml, "
            "roll.csv, or ballots of PrefLib, whose names end in .cat.",
        ),
    ],
    *,
    as_json: options.Json = False,
) -> None:
    """Checks files before anything is published: needs no chain, no key and no node.

    Tells all mistakes in all files at once, each with its line and what to write instead; and warns
    of what is allowed, but perhaps not meant.

    Example:  veche check poll.toml board.toml
    """
    output = Output(as_json)
    found: list[Checked] = []
    mistakes: list[Mistake] = []
    for path in files:
        try:
            found.append(_reader(path)(path))
        except InvalidFile as error:
            mistakes += [each._replace(path=each.path or error.path) for each in error.mistakes]
    for each in found:
        for warning in each.warnings:
            warn(warning)
    if mistakes:
        raise InvalidFile(mistakes[0].path, mistakes)
    text = [piece for each in found for piece in each.text]
    output.tell({"files": [each.fields for each in found]}, *text[:-1])


# -- Kinds --


def _reader(path: Path) -> Reader:
    """What reads a file: by the end of its name, and by the keys that stand in it."""
    from veche.files import preflib

    end = path.suffix.lower().removeprefix(".")
    if end == "toml":
        return _toml_reader(path)
    return _ballots if end in {preflib.FORM, *preflib.RANKINGS} else _roll


def _toml_reader(path: Path) -> Reader:
    from veche.files.board import BoardTable
    from veche.files.poll import PollTable
    from veche.files.toml_document import Table, keys
    from veche.network.network_file import NetworkTable

    given = keys(path)
    models: dict[type[Table], Reader] = {
        PollTable: _poll,
        BoardTable: _board,
        NetworkTable: _network,
    }
    in_common = {model: len(given & set(model.model_fields)) for model in models}
    best = max(in_common, key=lambda model: in_common[model])
    if not in_common[best]:
        what = "this is neither a poll nor a board nor a network"
        remedy = "compare it with poll.toml, board.toml and network.toml in examples/"
        raise InvalidFile(str(path), [Mistake(0, what, remedy)])
    return models[best]


def _poll(path: Path) -> Checked:
    from veche.files.poll import read_poll
    from veche.official.polls import facts_of

    file = read_poll(path)
    return Checked(path, "poll", [*facts_of(file), ("board", file.board)], file.cautions)


def _board(path: Path) -> Checked:
    from veche.files.board import read_board
    from veche.official.boards import facts_of

    file = read_board(path)
    trustees = ", ".join(each.name for each in file.trustees)
    return Checked(path, "board", [*facts_of(file), ("trustees", trustees)], file.cautions)


def _network(path: Path) -> Checked:
    from veche.network.network_file import read_network

    file = read_network(path)
    validators = ", ".join(each.name for each in file.validators)
    return Checked(path, "network", [("name", file.name), ("validators", validators)])


def _roll(path: Path) -> Checked:
    from veche.files.roll import read_roll_file

    roll, cautions = read_roll_file(path)
    named = [("voters", f"{len(roll):,}"), ("total weight", f"{roll.total_weight:,}")]
    return Checked(path, "roll", named, cautions)


def _ballots(path: Path) -> Checked:
    from veche.files.preflib import read_preflib

    file = read_preflib(path)
    named = [("voters", f"{len(file.ballots):,}"), ("candidates", ", ".join(file.candidates))]
    return Checked(path, "set of approval ballots", named)
