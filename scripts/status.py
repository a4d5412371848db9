"""Shows the status of a network: brownie run status main [ID] --network NAME."""

from __future__ import annotations

from veche.official import status

from .session import run, without_main

__getattr__ = without_main


def main(*arguments: str) -> None:
    """Shows the status of the network, or of all versions of a poll. Sends nothing."""
    run(
        lambda office, *id_: office.say(status(office, *id_)),
        arguments,
        may_take=["id"],
        reads=True,
    )
