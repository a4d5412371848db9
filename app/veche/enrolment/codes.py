"""Codes: what a letter has, and the key that is made of it (docs/enrolment.md §1, §2).

A code is a word of a Reed–Solomon code over the integers mod 31, and 31 is the number of letters
and digits that nobody takes for others. Words differ in four characters at least.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Final, NoReturn

from eth_account import Account
from eth_account.signers.local import LocalAccount

from veche.crypto.group import N
from veche.errors import InvalidCode
from veche.protocol.characters import quoted

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""The characters of codes, which stand for 0 to 30: neither 0 nor O, and neither 1 nor I nor L."""
LENGTH: Final = 24
"""Number of characters: 21 of chance, which are 104 bits, and 3 that check them."""
GROUP: Final = 4
"""Number of characters of a group; dashes stand between groups."""

SCRYPT_N: Final = 2**12
SCRYPT_R: Final = 8
SCRYPT_P: Final = 1
"""The parameters of scrypt: 4 MiB of memory, some hundredths of a second."""
SALT: Final = "veche/v2/code/"
"""What the salt begins with; the enrolment's id follows."""

_PRIME: Final = len(ALPHABET)
_CHECKS: Final = 3
_ZEROS: Final = (1, 3, 9)
"""Where the polynomial of a code is zero."""
_DIVISOR: Final = (18, 8, 4)
"""The polynomial (x − 1)·(x − 3)·(x − 9) mod 31, from x² down."""
_KEY_BYTES: Final = 48
"""Bytes that are reduced to a key: as many that no key is likelier than another."""
_IGNORED: Final = re.compile(
    "[\\t-\\r \\u00a0\\u00ad\\u2000-\\u2015\\u202f\\u2060\\u2212\\u3000\\ufeff-]+"
)
"""What may stand between characters: blanks, dashes, and what programs write for them."""


class Code:
    """The code of a letter. It is a secret: its repr hides it, and it cannot be pickled."""

    __slots__ = ("_characters",)

    def __init__(self, characters: str) -> None:
        self._characters = characters

    @classmethod
    def make(cls) -> Code:
        """A new code, from the system's generator."""
        drawn = [secrets.randbelow(_PRIME) for _ in range(LENGTH - _CHECKS)]
        return cls("".join(ALPHABET[each] for each in with_checks(drawn)))

    @classmethod
    def parse(cls, text: str) -> Code:
        """The code that somebody has typed. Capitals, blanks and dashes make no difference.

        Raises:
            InvalidCode: the text is no code. The message says which group is wrong, if that can be
                known.
        """
        characters = _IGNORED.sub("", text)
        values = [_value(text, each) for each in characters]
        if len(values) != LENGTH:
            raise InvalidCode(_wrong_length(text, len(values)))
        if not is_word(values):
            raise InvalidCode(_mistyped(values))
        return cls("".join(ALPHABET[each] for each in values))

    @property
    def grouped(self) -> str:
        """The code as a letter has it, with a dash between groups. It is a secret."""
        return "-".join(
            self._characters[place : place + GROUP] for place in range(0, LENGTH, GROUP)
        )

    def key(self, enrolment: str) -> LocalAccount:
        """The key that this code stands for in an enrolment (docs/enrolment.md §2).

        It is slow on purpose: some hundredths of a second.

        Args:
            enrolment: the enrolment's id.
        """
        derived = hashlib.scrypt(
            self._characters.encode(),
            salt=(SALT + enrolment).encode(),
            n=SCRYPT_N,
            r=SCRYPT_R,
            p=SCRYPT_P,
            dklen=_KEY_BYTES,
        )
        scalar = int.from_bytes(derived, "big") % (N - 1) + 1
        account: LocalAccount = Account.from_key(scalar.to_bytes(32, "big"))
        return account

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Code):
            return NotImplemented
        return hmac.compare_digest(self._characters, other._characters)

    __hash__ = None  # type: ignore[assignment]  # a secret is not a key of a dict

    def __repr__(self) -> str:
        return "Code(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Code cannot be pickled: it stands in its letter alone")


# -- The checksum --


def with_checks(drawn: Sequence[int]) -> list[int]:
    """The characters of chance, as numbers, with those that check them."""
    rest = [0] * _CHECKS
    for each in drawn:  # long division by the divisor
        factor = (each + rest[0]) % _PRIME
        shifted = [*rest[1:], 0]
        rest = [(one - factor * by) % _PRIME for one, by in zip(shifted, _DIVISOR, strict=True)]
    return [*drawn, *(-each % _PRIME for each in rest)]


def is_word(values: Sequence[int]) -> bool:
    """Whether the characters of a code, as numbers, agree with each other."""
    return not any(_at(values, zero) for zero in _ZEROS)


def _at(values: Sequence[int], x: int) -> int:
    """The polynomial with these coefficients at x, mod 31."""
    found = 0
    for each in values:
        found = (found * x + each) % _PRIME
    return found


# -- What is wrong --


def _value(text: str, character: str) -> int:
    """What a character stands for. The message of a wrong one shows it alone, never the code."""
    found = ALPHABET.find(character.upper()) if character.isascii() else -1
    if found >= 0:
        return found
    where = _group_of(text, character)
    if character in "0O1ILoil":
        reason = f"{where} has {quoted(character)}: codes have neither 0 nor O, 1, I and L"
    elif character.isalpha():
        reason = f"{where} has {quoted(character)}, which is not a letter from A to Z"
    else:
        reason = f"{where} has {quoted(character)}: codes have letters and digits alone"
    raise InvalidCode(reason)


def _group_of(text: str, character: str) -> str:
    before = _IGNORED.sub("", text[: text.index(character)])
    return f"group {len(before) // GROUP + 1}"


def _wrong_length(text: str, length: int) -> str:
    groups = [each for each in _IGNORED.split(text) if each]
    reason = f"the code has {length} characters, and should have {LENGTH}"
    wrong = [place for place, each in enumerate(groups, start=1) if len(each) != GROUP]
    if len(groups) == LENGTH // GROUP and len(wrong) == 1:
        reason += f": group {wrong[0]} has {len(groups[wrong[0] - 1])} in place of {GROUP}"
    return reason


def _mistyped(values: Sequence[int]) -> str:
    """What is wrong with characters that do not agree with each other."""
    changed = _changed(values)
    if changed is not None:
        return f"a character is wrong in group {changed // GROUP + 1}"
    swapped = [place for place in range(LENGTH - 1) if is_word(_swapped(values, place))]
    if len(swapped) == 1:
        first, second = (place // GROUP + 1 for place in (swapped[0], swapped[0] + 1))
        where = f"in group {first}" if first == second else f"where group {second} begins"
        return f"two characters have changed places {where}"
    return "more than one character is wrong"


def _changed(values: Sequence[int]) -> int | None:
    """The place of the one character that was changed; None if it cannot be one alone.

    A change by e of the coefficient of x^d changes the polynomial by e·x^d.
    """
    found = [_at(values, zero) for zero in _ZEROS]
    for place in range(LENGTH):
        degree = LENGTH - 1 - place
        if found == [found[0] * zero**degree % _PRIME for zero in _ZEROS]:
            return place
    return None


def _swapped(values: Sequence[int], place: int) -> list[int]:
    first, second = values[place : place + 2]
    return [*values[:place], second, first, *values[place + 2 :]]
