"""Keccak-256, from the fastest library that is installed: to verify a ballot takes many hashes."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from eth_hash.main import Keccak256


def _backend() -> Any:  # noqa: ANN401  # a module
    try:
        return import_module("eth_hash.backends.pysha3")
    except ImportError:  # built for Linux only; the other library is everywhere
        return import_module("eth_hash.backends.pycryptodome")


keccak: Final = Keccak256(_backend())
"""Hashes bytes to 32 bytes."""
