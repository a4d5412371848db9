"""Chains on this machine, as all tools know them."""

from __future__ import annotations

from typing import Final

DEFAULT_URL: Final = "http://127.0.0.1:8545"
"""The URL of an Ethereum node on this machine."""
EMBEDDED: Final = 31337
"""The id of chains on one machine, which make no blocks between transactions."""
