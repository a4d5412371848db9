"""Phrases that officials read: counts, lists, command lines."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def count(number: int, thing: str) -> str:
    """A number of things, such as "1 voter" or "2,000 voters"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: Sequence[object]) -> str:
    """Names with commas between them; "none" if there are no names."""
    return ", ".join(map(str, names)) or "none"


def command(network: str, verb: str, *args: object) -> str:
    """The command line of a script."""
    given = " ".join(shlex.quote(str(each)) for each in args)
    return f"brownie run {verb} main {given + ' ' if given else ''}--network {network}"
