"""Whatever of a public class can be read has words that say what it is."""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

import veche

CLASSES = [each for each in map(veche.__getattr__, veche.__all__) if inspect.isclass(each)]


def told(kind: type[Any]) -> set[str]:
    """What the docstrings of a class and of those that it stands on tell of."""
    docs = [inspect.cleandoc(each.__doc__ or "") for each in kind.__mro__]
    return {name for doc in docs for name in re.findall(r"^    (\w+): ", doc, re.MULTILINE)}


def attributes(kind: type[Any]) -> set[str]:
    """The attributes that a class and those that it stands on give themselves."""
    found: set[str] = set()
    for each in kind.__mro__:
        if each.__module__.startswith("veche."):
            source = textwrap.dedent(inspect.getsource(each))
            found |= set(re.findall(r"\bself\.([a-z]\w*)[\w.,\s]*(?::[^=\n]+)?= ", source))
            found |= set(getattr(each, "__dataclass_fields__", {}))
    return {each for each in found if not each.startswith("_")}


@pytest.mark.parametrize("kind", CLASSES, ids=lambda each: each.__name__)
def test_every_attribute_is_documented(kind: type[Any]) -> None:
    assert attributes(kind) <= told(kind) | set(dir(kind))
    public = {name: each for name, each in vars(kind).items() if not name.startswith("_")}
    for name, each in public.items():
        if isinstance(each, property) or inspect.isfunction(each):
            assert inspect.getdoc(each), name


def test_phases_and_the_attributes_of_a_poll_are_among_them() -> None:
    assert {"definition", "texts", "address"} <= attributes(veche.Poll) & told(veche.Poll)
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "developer.md").read_text()
    for each in ("title", "texts", "phase", "voter_count", "definition", "board_terms", "hash"):
        assert f"`poll.{each}`" in guide, each
