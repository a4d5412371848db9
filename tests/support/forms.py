"""The plain form in which vectors hold domain values, and the way back.

A word is a string of 64 hexadecimal digits after 0x, a point a list of two words, a ciphertext a
list of four. Counts, scores, weights and indices are plain numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from veche.crypto import transcript
from veche.crypto.ballot_proof import Ballot
from veche.crypto.deal_proof import Deal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof
from veche.crypto.group import Point, Scalar

Form: TypeAlias = dict[str, Any]


def word(value: int | bytes | Scalar) -> str:
    if isinstance(value, Scalar):
        value = value.value
    number = int.from_bytes(value, "big") if isinstance(value, bytes) else value
    return f"0x{number:064x}"


def words(values: Iterable[int | bytes | Scalar]) -> list[str]:
    return [word(value) for value in values]


def address(value: int) -> str:
    return f"0x{value:040x}"


def point(value: Point) -> list[str]:
    return words((value.x, value.y))


def points(values: Iterable[Point]) -> list[list[str]]:
    return [point(value) for value in values]


def ciphertext(value: Ciphertext) -> list[str]:
    return point(value.a) + point(value.b)


def ballot(value: Ballot) -> Form:
    return {
        "ciphertexts": [ciphertext(each) for each in value.ciphertexts],
        "challenge": word(value.challenge),
        "responses": words(value.responses),
        "blinding": word(value.blinding),
        "coefficients": points(value.coefficients),
    }


def deal(value: Deal) -> Form:
    return {
        "commitments": points(value.commitments),
        "ephemeral": point(value.ephemeral),
        "sealed": words(value.sealed),
        "challenge": word(value.challenge),
        "secretResponse": word(value.secret_response),
        "ephemeralResponse": word(value.ephemeral_response),
    }


def proof(value: EqualityProof) -> Form:
    return {"challenge": word(value.challenge), "response": word(value.response)}


# -- And back --


def number(text: str | int) -> int:
    return text if isinstance(text, int) else int(text, 16)


def numbers(texts: Iterable[str | int]) -> list[int]:
    return [number(text) for text in texts]


def data(text: str) -> bytes:
    return number(text).to_bytes(32, "big")


def pair(texts: Iterable[str]) -> tuple[int, int]:
    x, y = numbers(texts)
    return x, y


def trusted_point(texts: Iterable[str]) -> Point:
    """A point that the statement takes from elsewhere, infinity included."""
    return Point.from_encoded(transcript.words(pair(texts)))
