"""One tree of exceptions, drawn as it is, and nothing else raised."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import veche
from veche import errors
from veche.crypto import transcript
from veche.errors import InvalidScalar, InvalidWord, VecheError

PACKAGE = Path(veche.__file__).parent

CLASSES = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if each.__module__ == errors.__name__
]

BUILTINS_ALLOWED = {
    "AttributeError": "an immutable value is set",
    "TypeError": "a secret is pickled",
}


def drawing(error: type[VecheError], indent: str = "") -> list[str]:
    """The tree below an error, in the order in which the classes are written."""
    lines = []
    children = error.__subclasses__()
    for child in children:
        last = child is children[-1]
        lines.append(f"{indent}{'└' if last else '├'}── {child.__name__}")
        lines += drawing(child, f"{indent}{'    ' if last else '│   '}")
    return lines


def test_drawing_shows_the_tree() -> None:
    lines = (inspect.getdoc(errors) or "").splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip() == "VecheError") + 1
    expected = drawing(VecheError)
    shown = [re.sub(r"(\w)  .*", r"\1", line)[4:] for line in lines[start : start + len(expected)]]
    assert shown == expected


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_docstring_says_when_you_meet_it(error: type[VecheError]) -> None:
    text = inspect.getdoc(error) or ""
    assert issubclass(error, VecheError)
    assert text.endswith(".") or "Attributes:" in text


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_nothing_else_is_raised(path: Path) -> None:
    known = {each.__name__ for each in CLASSES}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = call.id if isinstance(call, ast.Name) else ast.unparse(call)
            assert name in known | BUILTINS_ALLOWED.keys(), f"{path.name}:{node.lineno}"


def test_message_tells_field_reason_and_value() -> None:
    refusal = InvalidScalar(0, field="response 3")
    assert str(refusal) == "response 3: 0x0 is not in 1..n-1"
    assert str(InvalidScalar(0)) == "0x0 is not in 1..n-1"


@pytest.mark.parametrize("part", [-1, 2**256, bytes(31), bytes(33), b""])
def test_hash_fails_if_a_part_is_no_word(part: int | bytes) -> None:
    with pytest.raises(InvalidWord, match="word"):
        transcript.digest("tracker", part)
