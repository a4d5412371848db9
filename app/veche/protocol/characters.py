"""The gate for everything that is shown: characters that people see, and that steer no screen
(PROTOCOL §3).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

REPLACEMENT: Final = "\ufffd"
"""The sign that is shown in place of a character that cannot be shown."""

SPACES: Final = " \u00a0\u202f\u3000"
"""Spaces that texts may have: the plain one, two of French, and one of Japanese."""
_NON_JOINER: Final = "\u200c"
_JOINER: Final = "\u200d"
_VIRAMA: Final = 9
"""The combining class of signs that take the vowel from a letter, as in Hindi and Sinhala."""
_PICTURE: Final = "So"
"""The category of emoji. The standard library does not know them more exactly."""
_VARIANTS: Final = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
"""The signs that may follow an emoji: shown in colour, and the five tones of skin."""
_ARROW: Final = "\u2194"
"""The one sign in emoji that is no picture: 🙂‍↔️ shakes its head."""
_REACH: Final = 100
"""Number of characters to either side of a joiner that are looked at: no word is longer."""


def unreadable(text: str, *, lines: bool = False) -> Iterator[int]:
    """The places of all characters that cannot be shown as they are.

    Args:
        text: the text.
        lines: whether the text may have several lines.
    """
    if text.isprintable():
        return
    for place, each in enumerate(text):
        if not (each.isprintable() or each in SPACES or (lines and each == "\n")) and not (
            each in (_NON_JOINER, _JOINER) and _joins(text, place)
        ):
            yield place


def is_readable(text: str, *, lines: bool = False) -> bool:
    """Whether all of a text, which may have several lines, can be shown as it is."""
    return next(unreadable(text, lines=lines), None) is None


def shown(text: str, *, otherwise: Callable[[str], str] = lambda _: REPLACEMENT) -> str:
    """A text of one or several lines as it can be shown.

    Args:
        text: the text.
        otherwise: what is shown in place of a character that cannot be.
    """
    pieces = list(text)
    for place in unreadable(text, lines=True):
        pieces[place] = otherwise(pieces[place])
    return "".join(pieces)


def on_one_line(text: str) -> str:
    """The words of a stranger, which must not look like lines of our own: as they can be shown, on
    one line.
    """
    return shown(" ".join(text.split()))


def quoted(text: str) -> str:
    """A text in quotes, as a message can repeat it: what cannot be shown is written as its code."""
    return f"'{text}'" if is_readable(text) and not {"'", "\\"} & set(text) else repr(text)


# -- Joiners: they are not seen, but the letters beside them are --


def _joins(text: str, place: int) -> bool:
    """Whether a joiner has an effect where it stands."""
    before, after = text[max(place - _REACH, 0) : place], text[place + 1 : place + 1 + _REACH]
    if _is_by_rfc_5892(before, text[place], after):
        return True
    return text[place] == _JOINER and (
        # a letter keeps its own shape before a virama, as in Bengali র‍্যাব
        bool(before and after and unicodedata.combining(after[0]) == _VIRAMA)
        or _joins_pictures(before, after)
    )


def _is_by_rfc_5892(before: str, joiner: str, after: str) -> bool:
    """Whether RFC 5892 allows a joiner there: after a virama, or between letters that join."""
    from idna.core import valid_contextj  # noqa: PLC0415  # loads tables that few texts need

    try:
        return valid_contextj(before + joiner + after, len(before))
    except ValueError:  # what stands beside it has no name, so it is no letter
        return False


def _joins_pictures(before: str, after: str) -> bool:
    """Whether a joiner makes one emoji of two."""
    first, second = before.rstrip(_VARIANTS)[-1:], after[:1]
    return _is_picture(first) and (_is_picture(second) or second == _ARROW)


def _is_picture(character: str) -> bool:
    return bool(character) and unicodedata.category(character) == _PICTURE
