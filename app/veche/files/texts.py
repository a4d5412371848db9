"""Faults of the texts that people will read: hidden characters, and more than can be published."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from veche.protocol.characters import unreadable
from veche.protocol.texts import MAX_BYTES


def text_faults(text: str, *, one_line: bool = True) -> Iterator[tuple[str, str]]:
    """The faults of a text, as predicates, and their remedies: it is empty, or it cannot be shown
    as it is.
    """
    if not text.strip():
        yield "is empty", "write what voters will read"
    for place in unreadable(text, lines=not one_line):
        what = f"has {_code(text[place])} as character {place + 1}"
        yield what, "remove it, or write a plain space: no text may hide or control a screen"
        return


def size_fault(document: str) -> Iterator[tuple[str, str]]:
    """The fault of texts that are too long for a transaction, and its remedy.

    Args:
        document: all texts, as the JSON document that would stand on chain.
    """
    size = len(document.encode())
    if size > MAX_BYTES:
        what = f"all texts together have {size:,} bytes in UTF-8"
        yield what, f"shorten them to {MAX_BYTES:,} bytes, and publish more elsewhere"


def _code(character: str) -> str:
    if character == "\n":
        return "a line break"
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character')})"
