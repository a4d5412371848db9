"""The page as it was built from web/, and what a browser is told with it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import Final

HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What a browser is told beside the page, which has its own policy within."""


@cache
def content() -> bytes:
    """The page."""
    return (resources.files(__package__) / "index.html").read_bytes()


def sha256() -> str:
    """The page's SHA-256 in hexadecimal, by which people compare the copy that they have."""
    return hashlib.sha256(content()).hexdigest()


def at(url: str, link: str) -> str:
    """Where the page shows a poll. The poll stands behind #, which no browser sends.

    Args:
        url: where the page is served, such as that of a relay.
        link: the link of the poll.
    """
    return f"{url.rstrip('/')}/#{link}"
