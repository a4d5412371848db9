"""There is one tree of exceptions. It is drawn as it is, and nothing else is raised."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import veche
from support.exceptions import CLASSES, drawn
from veche.errors import VecheError

PACKAGE = Path(veche.__file__).parent

BUILTINS_ALLOWED = {
    "AttributeError": "an immutable value is set",
    "TypeError": "a secret is pickled",
    "typer.BadParameter": "the command line is wrong",
    "typer.Exit": "only the version was asked for",
}

OF_THE_TREE = {
    "refusal": "the meaning of a revert",
    "fault": "the reason why a carrier had to stop",
    "outcome": "the refusal of a ballot in a batch",
}
"""Functions and variables that hold exceptions of the tree."""


def test_drawing_shows_the_tree() -> None:
    assert drawn() == {
        each.__name__: each.__mro__[1].__name__ for each in CLASSES if each is not VecheError
    }


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_docstring_says_what_went_wrong(error: type[VecheError]) -> None:
    text = inspect.getdoc(error) or ""
    assert text.endswith(".") or "Attributes:" in text


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_nothing_else_is_raised(path: Path) -> None:
    known = {each.__name__ for each in CLASSES}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = call.id if isinstance(call, ast.Name) else ast.unparse(call)
            assert name in known | BUILTINS_ALLOWED.keys() | OF_THE_TREE.keys(), (
                f"{path.name}:{node.lineno}"
            )
