"""Phrases that officials read: lists, command lines."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def listed(names: Sequence[object]) -> str:
    """Names with commas between them; "none" if there are no names."""
    return ", ".join(map(str, names)) or "none"


def command(verb: str, *args: object, network: str = "") -> str:
    """The command line of a verb.

    Args:
        verb: the verb, such as "publish_poll".
        args: its arguments.
        network: the private network or the URL that --rpc names; empty if it is not given.
    """
    words = [verb.replace("_", "-"), *map(str, args), *(["--rpc", network] if network else [])]
    return f"veche official {shlex.join(words)}"
