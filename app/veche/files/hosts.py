"""Hosts, ports and URLs as files name them: by one rule, for what is written and what is read."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

MAX_PORT: Final = 65_535

_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME: Final = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_MAX_NAME: Final = 253
"""Maximum characters of a name in DNS."""
_END: Final = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\[\]:]+)):(?P<port>[0-9]{1,5})"
)


def is_host(text: str) -> bool:
    """Whether a text is an IP address, without a zone, or a name in DNS."""
    return is_address(text) or _is_name(text)


def is_address(text: str) -> bool:
    """Whether a text is an IP address. One with a zone (`fe80::1%eth0`) holds on one machine
    alone, and its zone may be any text.
    """
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    return isinstance(found, ipaddress.IPv4Address) or found.scope_id is None


def is_end(text: str) -> bool:
    """Whether a text is a host and a port, as in URLs: `192.0.2.1:30303`, `[2001:db8::1]:30303`."""
    found = _END.fullmatch(text)
    if found is None or not 1 <= int(found["port"]) <= MAX_PORT:
        return False
    return is_address(found["six"]) if found["six"] else is_host(found["host"])


def end(host: str, port: int) -> str:
    """A host and a port, as in URLs."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _is_name(text: str) -> bool:
    """Whether a text is a name in DNS. A name never ends in a number: that is a broken address."""
    if len(text) > _MAX_NAME or not _NAME.fullmatch(text):
        return False
    return not text.rpartition(".")[2].isdigit()
