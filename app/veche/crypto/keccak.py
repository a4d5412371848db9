"""Keccak-256, by the fastest library that is here: a ballot takes sixteen hashes to verify."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from eth_hash.main import Keccak256


def _backend() -> Any:  # noqa: ANN401  # a module
    try:
        return import_module("eth_hash.backends.pysha3")
    except ImportError:  # ready-made for Linux alone; the other one is everywhere
        return import_module("eth_hash.backends.pycryptodome")


keccak: Final = Keccak256(_backend())
"""The hash, 32 bytes, of bytes."""
