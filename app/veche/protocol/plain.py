"""Values as plain data of JSON documents, written and read; every field is checked when read.

Hashes, points and scalars are texts: 0x and hexadecimal digits; a point is compressed to 33 bytes.
Counts, times and weights are numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any, NoReturn

from veche.crypto.group import Point, Scalar
from veche.errors import InvalidDocument
from veche.protocol import addresses

MAX_NUMBER = 2**256 - 1
"""Maximum number in a document."""
MOST_LEVELS = 32
"""Maximum lists and objects in each other. Languages differ in how many they can read."""
_SHOWN = 20
"""Maximum characters of a wrong number that a message repeats."""


def data(value: bytes) -> str:
    """Bytes, as 0x and hexadecimal digits."""
    return "0x" + value.hex()


def word(value: int | Scalar) -> str:
    """A number of 256 bits, or a scalar, as 32 bytes."""
    return data((value.value if isinstance(value, Scalar) else value).to_bytes(32, "big"))


def point(value: Point) -> str:
    """A point that is not infinity, compressed to 33 bytes."""
    return data(value.compressed)


def parse(text: str) -> Any:  # noqa: ANN401  # not checked yet
    """What a JSON document says, if every program reads the same in it (RFC 8259): no object has a
    name twice, no number is NaN or infinite, no text has half a letter, and at most MOST_LEVELS
    lists and objects are in each other.

    Raises:
        InvalidDocument: the text is not such a document.
    """
    try:
        found = json.loads(
            text,
            object_pairs_hook=_distinct,
            parse_constant=_refuse_number,
            parse_float=_finite,
        )
        if "\\" in text:
            json.dumps(found, ensure_ascii=False).encode()  # half a letter cannot be
        if text.count("[") + text.count("{") > MOST_LEVELS:
            _require_flat(found, MOST_LEVELS)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument("this is not a JSON document") from error
    return found


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidDocument("this is not a JSON document: an object has a name twice")
    return found


def _require_flat(found: object, levels: int) -> None:
    if not isinstance(found, dict | list):
        return
    if not levels:
        raise InvalidDocument(f"this is not a JSON document: it has more than {MOST_LEVELS} levels")
    for each in found.values() if isinstance(found, dict) else found:
        _require_flat(each, levels - 1)


def _finite(digits: str) -> float:
    found = float(digits)
    return found if isfinite(found) else _refuse_number(digits[:_SHOWN])


def _refuse_number(digits: str) -> NoReturn:
    raise InvalidDocument(f"this is not a JSON document: it has {digits} as a number")


def _is_encodable(text: str) -> bool:
    """Whether a text is one in UTF-8: half a letter, which JSON can name, is not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Form:
    """A JSON object from outside. Its methods read a field each.

    Args:
        fields: the object, as `json.loads` gives it.
        what: the object's name in messages.

    Raises:
        InvalidDocument: the value is not an object. A method raises it if its field is missing
            or malformed.
    """

    def __init__(self, fields: object, *, what: str) -> None:
        if not isinstance(fields, dict):
            raise InvalidDocument(f"{what}: this is not a JSON object")
        self._fields: dict[str, Any] = fields
        self._what = what

    @classmethod
    def parse(cls, text: str, *, what: str) -> Form:
        """The object in a JSON text."""
        try:
            found = parse(text)
        except InvalidDocument as error:
            raise InvalidDocument(f"{what}: {error}") from error
        return cls(found, what=what)

    def form(self, name: str) -> Form:
        """An object within this one."""
        return Form(self._get(name), what=f"{self._what}, {name}")

    def number(self, name: str, *, most: int = MAX_NUMBER) -> int:
        """A whole number from 0 to `most`."""
        found = self._number(name, self._get(name))
        if found > most:
            self._refuse(name, f"a number up to {most}")
        return found

    def numbers(self, name: str, *, most: int | None = None) -> list[int]:
        """A list of whole numbers from 0, at most as many as `most`."""
        return [self._number(name, each) for each in self._list(name, most)]

    def lists(self, name: str, length: int) -> list[list[int]]:
        """A list of lists, each with `length` whole numbers from 0."""
        found = self._list(name)
        if not all(isinstance(each, list) and len(each) == length for each in found):
            self._refuse(name, f"lists of {length} numbers")
        return [[self._number(name, number) for number in each] for each in found]

    def text(self, name: str) -> str:
        """A text."""
        found = self._get(name)
        if not isinstance(found, str) or not _is_encodable(found):
            self._refuse(name, "a text")
        return found

    def address(self, name: str) -> str:
        """An address, with its checksum."""
        return self._address(name, self.text(name))

    def addresses(self, name: str) -> list[str]:
        """A list of addresses, with their checksums."""
        return [self._address(name, each) for each in self.texts(name)]

    def _address(self, name: str, text: str) -> str:
        found = addresses.checked(text)
        if found is None:
            self._refuse(name, "an address")
        return found

    def data(self, name: str, length: int) -> bytes:
        """Bytes, as many as `length`."""
        return self._data(name, self._get(name), length)

    def words(self, name: str) -> list[int]:
        """A list of numbers of 256 bits."""
        return [int.from_bytes(each, "big") for each in self.data_list(name, 32)]

    def point(self, name: str) -> Point:
        """A point from outside.

        Raises:
            InvalidPoint: the point is not one that may come from outside.
        """
        return self._point(name, self._get(name))

    def point_pairs(self, name: str) -> list[tuple[Point, Point]]:
        """A list of pairs of points from outside.

        Raises:
            InvalidPoint: a point is not one that may come from outside.
        """
        pairs = self._list(name)
        if not all(isinstance(each, list) and len(each) == 2 for each in pairs):  # noqa: PLR2004
            self._refuse(name, "pairs of points")
        return [(self._point(name, a), self._point(name, b)) for a, b in pairs]

    def points(self, name: str, *, most: int | None = None) -> tuple[Point, ...]:
        """Points from outside, at most as many as `most`.

        Raises:
            InvalidPoint: one of them cannot be accepted.
        """
        return tuple(self._point(name, each) for each in self._list(name, most))

    def scalar(self, name: str) -> Scalar:
        """A scalar from outside.

        Raises:
            InvalidScalar: the scalar is not in 1..n-1.
        """
        return self._scalar(name, self._get(name))

    def scalars(self, name: str) -> tuple[Scalar, ...]:
        """A list of scalars from outside.

        Raises:
            InvalidScalar: a scalar is not in 1..n-1.
        """
        return tuple(self._scalar(name, each) for each in self._list(name))

    def _scalar(self, name: str, value: Any) -> Scalar:  # noqa: ANN401  # not checked yet
        return Scalar.from_outside(int.from_bytes(self._data(name, value, 32), "big"), field=name)

    def _point(self, name: str, value: Any) -> Point:  # noqa: ANN401  # not checked yet
        return Point.from_compressed(self._data(name, value, 33), field=name)

    def __iter__(self) -> Iterator[str]:
        """The names of all fields."""
        return iter(self._fields)

    def has(self, name: str) -> bool:
        """Whether the object has this field."""
        return name in self._fields

    def has_value(self, name: str) -> bool:
        """Whether the object has this field with a value other than null."""
        return self._fields.get(name) is not None

    def plain(self, name: str) -> dict[str, Any]:
        """An object within this one, unread."""
        found = self._get(name)
        if not isinstance(found, dict):
            self._refuse(name, "a JSON object")
        return found

    def forms(self, name: str, *, most: int | None = None) -> list[Form]:
        """A list of objects within this one, at most as many as `most`."""
        return [Form(each, what=f"{self._what}, {name}") for each in self._list(name, most)]

    def flag(self, name: str) -> bool:
        """True or false."""
        found = self._get(name)
        if not isinstance(found, bool):
            self._refuse(name, "true or false")
        return found

    def texts(self, name: str, *, most: int | None = None) -> list[str]:
        """A list of texts, at most as many as `most`."""
        found = self._list(name, most)
        if not all(isinstance(each, str) for each in found):
            self._refuse(name, "a list of texts")
        return list(found)

    def text_pairs(self, name: str, *, most: int | None = None) -> list[tuple[str, str]]:
        """A list of pairs of texts, at most as many as `most`."""
        found = self._list(name, most)
        for each in found:
            if not (isinstance(each, list) and [type(one) for one in each] == [str, str]):
                self._refuse(name, "a list of pairs of texts")
        return [(first, second) for first, second in found]

    def entries(self, name: str, *, most: int | None = None) -> list[tuple[str, int]]:
        """A list of pairs of an address and a whole number from 0, at most as many as `most`."""
        found = self._list(name, most)
        for each in found:
            if not (isinstance(each, list) and [type(one) for one in each] == [str, int]):
                self._refuse(name, "a list of pairs of an address and a number")
        return [(self._address(name, text), self._number(name, number)) for text, number in found]

    def blob(self, name: str) -> bytes:
        """Any number of bytes."""
        found = self.text(name)
        return self._data(name, found, len(found.removeprefix("0x")) // 2)

    def data_list(self, name: str, length: int, *, most: int | None = None) -> list[bytes]:
        """A list of byte strings, each with `length` bytes, at most as many as `most`."""
        return [self._data(name, each, length) for each in self._list(name, most)]

    def _get(self, name: str) -> Any:  # noqa: ANN401  # not checked yet
        if name not in self._fields:
            raise InvalidDocument(f"{self._what}: {name} is missing")
        return self._fields[name]

    def _list(self, name: str, most: int | None = None) -> Sequence[Any]:
        found = self._get(name)
        if not isinstance(found, list):
            self._refuse(name, "a list")
        if most is not None and len(found) > most:
            self._refuse(name, f"a list of at most {most}")
        return found

    def _number(self, name: str, value: Any) -> int:  # noqa: ANN401  # not checked yet
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
            self._refuse(name, "a whole number from 0")
        return value

    def _data(self, name: str, value: Any, length: int) -> bytes:  # noqa: ANN401  # likewise
        digits = value.removeprefix("0x") if isinstance(value, str) else ""
        found = _bytes(digits)
        if len(found) != length or found.hex() != digits:
            self._refuse(name, f"0x and {2 * length} hexadecimal digits in lower case")
        return found

    def _refuse(self, name: str, wanted: str) -> NoReturn:
        raise InvalidDocument(f"{self._what}: {name} is not {wanted}")


def _bytes(digits: str) -> bytes:
    """The bytes that hexadecimal digits stand for; empty if a digit is not hexadecimal."""
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return b""
