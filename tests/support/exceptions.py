"""The exceptions of Veche, as Python knows them and as their module draws them."""

from __future__ import annotations

import inspect
import re

from veche import errors
from veche.errors import VecheError

CLASSES = [
    each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, VecheError)
]


def drawn() -> dict[str, str]:
    """The parent of every exception, by name, as the drawing shows it."""
    text = inspect.getdoc(errors) or ""
    rows = re.findall(r"^([│ ]*[├└]── )(\w+)", text, re.MULTILINE)
    parents, above = {}, {0: "VecheError"}
    for indent, name in rows:
        depth = (len(indent) - 4) // 4
        parents[name] = above[depth - 1]
        above[depth] = name
    assert len(parents) == len(rows)
    return parents
