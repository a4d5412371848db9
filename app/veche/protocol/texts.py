"""Texts that stand on chain as JSON documents, and are shown to people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from veche.errors import InvalidContent


def document(fields: Mapping[str, Any]) -> str:
    """The JSON document that stands on chain, without spaces between its parts."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def readable(value: object) -> str:
    """A text in a document from outside.

    Raises:
        InvalidContent: the value is not a text, or it cannot be shown.
    """
    if not isinstance(value, str) or not is_readable(value):
        raise InvalidContent(f"the texts have {value!r} in place of a text")
    return value


def name(value: object) -> str:
    """A name in a document from outside: a text of one line, and not an empty one.

    Raises:
        InvalidContent: the value is not such a text.
    """
    found = readable(value)
    if not found.strip() or "\n" in found:
        raise InvalidContent(f"the texts have {value!r} in place of a name")
    return found


def listed(value: object) -> list[Any]:
    """A list in a document from outside.

    Raises:
        InvalidContent: the value is not a list.
    """
    if not isinstance(value, list):
        raise InvalidContent(f"the texts have {value!r} in place of a list")
    return value


def is_readable(text: str) -> bool:
    """Whether a text can be shown: all of it is visible, and none of it steers a terminal."""
    return all(each.isprintable() or each == "\n" for each in text)


def require_distinct(names: Sequence[str], what: str) -> None:
    """Refuses names of which two are the same.

    Raises:
        InvalidContent: two of them are the same.
    """
    if len(set(names)) != len(names):
        raise InvalidContent(f"two {what} have the same text")
