"""Tells where everything stands: brownie run status main [ID] --network NAME."""

from __future__ import annotations

from veche.official import status

from .session import run


def main(*arguments: str) -> None:
    """Tells where the network stands, or a poll with all its versions. Sends nothing."""
    run(
        lambda office, *id_: office.say(status(office, *id_)),
        arguments,
        may_take=["id"],
        reads=True,
    )
