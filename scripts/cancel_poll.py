"""Cancels a poll without ballots: brownie run cancel_poll main ID [VERSION] --network NAME."""

from __future__ import annotations

from veche.official import cancel_poll

from .session import run, version_number, without_main

__getattr__ = without_main


def main(*arguments: str) -> None:
    """Cancels a version of a poll, by default the newest."""
    run(
        lambda office, id_, number=None: cancel_poll(office, id_, version_number(number)),
        arguments,
        takes=["id"],
        may_take=["version"],
    )
