"""A TOML document that is compared with a model: its values, and all its mistakes.

A value of the wrong shape is a mistake. It is replaced by the model's example, so that all rules
beyond the model can be checked at once. They report nothing about a replaced value.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from veche.errors import InvalidFile, Mistake
from veche.files.mistakes import Mistakes, quoted, read_text
from veche.files.toml_lines import Place, TomlLines
from veche.protocol.characters import is_readable

MAX_TOML_BYTES: Final = 2**20
"""Maximum bytes of a TOML document that is read: far more than a poll's texts need."""
_COMMON: Final = 1
"""Maximum keys that files of different kinds have in common, such as `name`."""
_LONG_KEY: Final = 40
"""Number of characters from which on a key is shortened in a message."""

_EXPECTED: Final = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a table",
    "datetime_type": "a date and time without quotes",
}
_SYNTAX: Final = {
    "Cannot overwrite a value": "keep one of the two lines",
    "Cannot declare": "write [[…]] before every entry, and no table twice",
    "Invalid value": "write texts in double quotes, and dates as 2027-12-01T09:00:00+03:00",
    "Illegal character '\\n'": "end the text with the quotes that it began with",
    "Unterminated string": "end the text with the quotes that it began with",
    "Unclosed array": "close the list with ]",
    "Expected '='": 'write key = value, as in title = "Trees"',
    "Invalid date": "check day, month and time",
}


class Table(BaseModel):
    """The model of a table: a document must have exactly these keys, with values of these types.

    The example of a field is the lines of TOML that set it.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Table)


class TomlDocument(Generic[Model]):
    """A document while it is read.

    Attributes:
        path: the path of its file.
        model: its values, with examples in place of those of the wrong shape.

    Raises:
        InvalidFile: the file cannot be read, or is not TOML.
    """

    def __init__(self, path: Path, model: type[Model]) -> None:
        text = read_text(path, max_bytes=MAX_TOML_BYTES)
        raw = _parse(path, text)
        _require_kind(path, raw, model)
        self.path = path
        self._lines = TomlLines(text)
        self._mistakes = Mistakes(path)
        self._replaced: set[Place] = set()
        self._around: set[Place] = set()
        self.model = self._fit(raw, model)

    def add(
        self, place: Place, what: str, remedy: str, *, because_of: tuple[Place, ...] = ()
    ) -> None:
        """Notes a mistake, unless a value that it depends on already has one of the wrong shape.

        Args:
            place: the place of the value.
            what: what is wrong.
            remedy: what to write instead.
            because_of: the places of other values that the mistake depends on.
        """
        if not any(self.is_replaced(each) for each in (place, *because_of)):
            self._mistakes.add(self._lines.of(place), what, remedy)

    def warn(self, place: Place, what: str, remedy: str) -> None:
        """Notes what is allowed at a place, but perhaps not meant."""
        if not self.is_replaced(place):
            self._mistakes.cautions.append(Mistake(self._lines.of(place), what, remedy))

    @property
    def cautions(self) -> list[Mistake]:
        """What is allowed in the document, but perhaps not meant, in the order of its lines."""
        return sorted(self._mistakes.cautions, key=lambda each: each.line)

    def add_file(self, error: InvalidFile) -> None:
        """Notes the mistakes in a file that the document names."""
        self._mistakes.add_file(error)

    def require_sound(self) -> None:
        """Refuses the document if it has mistakes.

        Raises:
            InvalidFile: the document has mistakes.
        """
        self._mistakes.require_none()

    def is_replaced(self, place: Place) -> bool:
        """Whether an example replaces the value at a place, a part of it, or a value around it."""
        return place in self._around or any(each in self._replaced for each in _prefixes(place))

    def _fit(self, raw: dict[str, Any], model: type[Model]) -> Model:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            faults = error.errors(include_url=False)
        for fault in faults:
            what, remedy = _described(model, fault)
            self._mistakes.add(self._lines.of(fault["loc"]), what, remedy)
        for fault in faults:
            self._replace(raw, model, fault)
        return model.model_validate(raw)

    def _replace(self, raw: dict[str, Any], model: type[Table], fault: ErrorDetails) -> None:
        place = fault["loc"]
        if fault["type"] == "extra_forbidden":
            _value(raw, place[:-1]).pop(place[-1], None)
            return
        place = _table_or_field(model, place)
        _value(raw, place[:-1])[place[-1]] = _example(model, place)
        self._replaced.add(place)
        self._around.update(_prefixes(place))


def keys(path: Path) -> set[str]:
    """The keys of a document's first level, which show what it is.

    Raises:
        InvalidFile: the file cannot be read, or is not TOML.
    """
    return set(_parse(path, read_text(path, max_bytes=MAX_TOML_BYTES)))


# -- Syntax --


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        mistake = Mistake(0, "the lists in this file are nested too deeply", "write simple lists")
    except ValueError as error:
        mistake = _syntax_mistake(str(error), text)
    raise InvalidFile(str(path), [mistake])


def _syntax_mistake(message: str, text: str) -> Mistake:
    reason, _, place = message.partition(" (at ")
    number = re.match(r"line (\d+)", place)
    at_end = len(text.rstrip().split("\n")) if place else 0
    remedy = next(
        (remedy for start, remedy in _SYNTAX.items() if reason.startswith(start)),
        "correct this line or the one above; https://toml.io shows how TOML is written",
    )
    return Mistake(int(number[1]) if number else at_end, f"this is not TOML: {reason}", remedy)


# -- Shape --


def _require_kind(path: Path, raw: dict[str, Any], model: type[Table]) -> None:
    """Refuses a file of another kind as a whole, as each of its lines would be a mistake."""
    known = raw.keys() & model.model_fields.keys()
    if len(known) <= _COMMON < len(raw) - len(known):
        remedy = f"name a file that has the keys {', '.join(model.model_fields)}"
        raise InvalidFile(str(path), [Mistake(0, "this is a file of another kind", remedy)])


def _prefixes(place: Place) -> Iterator[Place]:
    """All places around a place, from the whole document on, and the place itself."""
    return (place[:end] for end in range(len(place) + 1))


def _described(model: type[Table], fault: ErrorDetails) -> tuple[str, str]:
    """A fault of shape in words, and its remedy."""
    place, kind = fault["loc"], fault["type"]
    name = called(place)
    if kind == "extra_forbidden":
        return f"{name} is not a key here", _meant(str(place[-1]), _table(model, place[:-1]))
    remedy = f"write, for example, {_example_text(model, place)}"
    if kind == "missing":
        return f"{name} is missing", remedy
    if kind == "timezone_aware":
        return f"{name} has no time zone", f"add the offset from UTC: {remedy}"
    expected = _EXPECTED.get(kind)
    if expected is None:
        return f"{name}: {fault['msg']}", remedy
    return f"{name} must be {expected}, not {quoted(fault['input'])}", remedy


def called(place: Place) -> str:
    """The name of a place in a message: its key; in a list of texts, its number from 1 as well."""
    last = place[-1]
    if isinstance(last, int):
        return f"item {last + 1} of `{place[-2]}`"
    return f"`{last}`" if len(last) < _LONG_KEY and is_readable(last) else quoted(last)


def _meant(key: str, table: type[Table]) -> str:
    known = list(table.model_fields)
    close = get_close_matches(key[:_LONG_KEY].lower(), known, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"remove it; the keys here are: {', '.join(known)}"


def _table(model: type[Table], place: Place) -> type[Table]:
    """The model of the table at a place."""
    for key in place:
        if isinstance(key, str):
            model = get_args(model.model_fields[key].annotation)[0]
    return model


def _field(model: type[Table], place: Place) -> FieldInfo:
    """The field at a place, or around it."""
    keys = [key for key in place if isinstance(key, str)]
    return _table(model, tuple(keys[:-1])).model_fields[keys[-1]]


def _table_or_field(model: type[Table], place: Place) -> Place:
    """The place itself or the one around it, whichever has an example: a key, or a table in an
    array.
    """
    inner = get_args(_field(model, place).annotation)[:1]
    is_table = any(isinstance(each, type) and issubclass(each, Table) for each in inner)
    return place if isinstance(place[-1], str) or is_table else place[:-1]


def _example_text(model: type[Table], place: Place) -> str:
    first, *rest = str((_field(model, place).examples or [""])[0]).splitlines()
    return f"{first} and in the lines below {', '.join(rest)}" if rest else first


def _example(model: type[Table], place: Place) -> Any:  # noqa: ANN401  # any value of TOML
    key = next(key for key in reversed(place) if isinstance(key, str))
    value = tomllib.loads("\n".join(_field(model, place).examples or []))[key]
    return value[0] if isinstance(place[-1], int) else value


def _value(raw: Any, place: Place) -> Any:  # noqa: ANN401  # any value of TOML
    for key in place:
        raw = raw[key]
    return raw
