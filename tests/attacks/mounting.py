"""What an attack is, and how one is mounted on an honest input in plain form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from support.forms import Form, number, word


@dataclass(frozen=True)
class Attack:
    """An input to refuse; by which name, if it is not for Python to say."""

    name: str
    kind: str
    form: Form
    refusal: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def leaves(form: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths of all words in a form."""
    if isinstance(form, str):
        yield path
    elif isinstance(form, dict | list):
        keys: Any = form if isinstance(form, dict) else range(len(form))
        for key in keys:
            yield from leaves(form[key], (*path, key))


def get(form: Any, path: Sequence[str | int]) -> Any:
    for key in path:
        form = form[key]
    return form


def put(form: Form, path: Sequence[str | int], value: Any) -> Form:
    """A copy of the form with `value` at `path`."""
    copy = deepcopy(form)
    get(copy, path[:-1])[path[-1]] = value
    return copy


def flipped(form: Form, path: Sequence[str | int]) -> Form:
    """A copy of the form with the last bit of the word at `path` flipped."""
    return put(form, path, word(number(get(form, path)) ^ 1))


def path_name(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path))
