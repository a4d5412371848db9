"""The functions of libsecp256k1 that the group needs, from coincurve's build of the library.

They are called directly, as coincurve's classes would make a verifier slower. Infinity is None
here.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from coincurve._libsecp256k1 import ffi, lib
from coincurve.context import GLOBAL_CONTEXT
from coincurve.flags import EC_UNCOMPRESSED

from veche.errors import InvalidScalar, InvalidWord

Key: TypeAlias = Any
"""A point other than infinity, in the library's own form."""

_CONTEXT: Final = GLOBAL_CONTEXT.ctx
_KEY: Final = ffi.typeof("secp256k1_pubkey *")
_LENGTH: Final = ffi.typeof("size_t *")
_SIGNATURE: Final = ffi.typeof("secp256k1_ecdsa_recoverable_signature *")
_UNCOMPRESSED: Final = ffi.typeof("unsigned char[65]")


def parsed(data: bytes) -> Key | None:
    """The point in 33 or 65 bytes, by SEC 1; None if no point has these bytes."""
    key = ffi.new(_KEY)
    return key if lib.secp256k1_ec_pubkey_parse(_CONTEXT, key, data, len(data)) else None


def words(key: Key) -> bytes:
    """The point's two words x and y, 64 bytes."""
    data = ffi.new(_UNCOMPRESSED)
    length = ffi.new(_LENGTH, 65)
    lib.secp256k1_ec_pubkey_serialize(_CONTEXT, data, length, key, EC_UNCOMPRESSED)
    return bytes(ffi.buffer(data)[1:])


def equal(left: Key, right: Key) -> bool:
    """Whether two points are equal."""
    return not lib.secp256k1_ec_pubkey_cmp(_CONTEXT, left, right)


def opposite(key: Key) -> Key:
    """The opposite point −P."""
    found = ffi.new(_KEY, key[0])
    lib.secp256k1_ec_pubkey_negate(_CONTEXT, found)
    return found


def total(keys: list[Key]) -> Key | None:
    """The sum of points; None if it is infinity."""
    if not keys:  # the C function would end the process
        return None
    found = ffi.new(_KEY)
    return found if lib.secp256k1_ec_pubkey_combine(_CONTEXT, found, keys, len(keys)) else None


def multiple(key: Key, scalar: int) -> Key:
    """The multiple s·P, in variable time.

    Raises:
        InvalidScalar: s is not in 1..n-1.
    """
    found = ffi.new(_KEY, key[0])
    _require(lib.secp256k1_ec_pubkey_tweak_mul(_CONTEXT, found, scalar.to_bytes(32, "big")))
    return found


def multiple_of_generator(scalar: int) -> Key:
    """The multiple s·G, in constant time.

    Raises:
        InvalidScalar: s is not in 1..n-1.
    """
    found = ffi.new(_KEY)
    _require(lib.secp256k1_ec_pubkey_create(_CONTEXT, found, scalar.to_bytes(32, "big")))
    return found


def recovered(signature: bytes, parity: int, digest: bytes) -> Key | None:
    """The public key whose ECDSA signature of a digest this is; None if no key gives it.

    Args:
        signature: r and s, 64 bytes.
        parity: 0 or 1: the parity of R.y, where R is the point with R.x = r.
        digest: 32 bytes.

    Raises:
        InvalidWord: the signature is not 64 bytes, the digest is not 32 bytes, or the parity is
            neither 0 nor 1.
    """
    if not (len(signature) == 64 and parity in (0, 1) and len(digest) == 32):  # noqa: PLR2004
        raise InvalidWord(reason="a signature has 64 bytes and a parity, a digest has 32 bytes")
    read, found = ffi.new(_SIGNATURE), ffi.new(_KEY)
    parse = lib.secp256k1_ecdsa_recoverable_signature_parse_compact
    if not parse(_CONTEXT, read, signature, parity):
        return None
    return found if lib.secp256k1_ecdsa_recover(_CONTEXT, found, read, digest) else None


def _require(is_done: int) -> None:
    if not is_done:
        raise InvalidScalar(field="factor", reason="not in 1..n-1 (its value is not shown)")
