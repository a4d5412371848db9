"""Texts that stand on chain as JSON documents, and are shown to people."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from veche.errors import InvalidContent
from veche.protocol.characters import is_readable, quoted

MAX_BYTES: Final = 16_000
"""Maximum bytes of a document that officials can publish: a transaction has a maximum of gas."""
MAX_NAME_BYTES: Final = 31
"""Maximum bytes of an official id or a name in UTF-8: on chain, it fills 32 bytes with a zero."""
_QUOTED: Final = 60
"""Maximum characters of a stranger's text that a message repeats."""


def document(fields: Mapping[str, Any]) -> str:
    """The JSON document that stands on chain, without spaces between its parts."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def readable(value: object, *, lines: bool = False) -> str:
    """A text in a document from outside.

    Args:
        value: the value in its place.
        lines: whether the text may have several lines.

    Raises:
        InvalidContent: the value is not a text, or it cannot be shown.
    """
    if not isinstance(value, str) or not is_readable(value, lines=lines):
        raise InvalidContent(f"the texts have {_quoted(value)} in place of a text")
    return value


def name(value: object) -> str:
    """A name in a document from outside: a text that is not empty.

    Raises:
        InvalidContent: the value is not such a text.
    """
    found = readable(value)
    if not found.strip():
        raise InvalidContent(f"the texts have {quoted(found)} in place of a name")
    return found


def listed(value: object) -> list[Any]:
    """A list in a document from outside.

    Raises:
        InvalidContent: the value is not a list.
    """
    if not isinstance(value, list):
        raise InvalidContent(f"the texts have {_quoted(value)} in place of a list")
    return value


def _quoted(value: object) -> str:
    """A stranger's value as a message can repeat it."""
    if not isinstance(value, str):
        return "another kind of value"
    return quoted(value[:_QUOTED]) + ("…" if len(value) > _QUOTED else "")


def look(text: str) -> str:
    """A text with composed letters and single spaces: equal for texts that are the same to people,
    whatever keyboard they were typed on.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def require_distinct(names: Sequence[str], what: str) -> None:
    """Refuses names of which two are the same.

    Raises:
        InvalidContent: two of them are the same.
    """
    if len(set(names)) != len(names):
        raise InvalidContent(f"two {what} have the same text")
