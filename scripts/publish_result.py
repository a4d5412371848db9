"""Records a poll's result: brownie run publish_result main ID [VERSION] --network NAME."""

from __future__ import annotations

from veche.official import publish_result

from .session import run, version_number, without_main

__getattr__ = without_main


def main(*arguments: str) -> None:
    """Computes and records the result of a version of a poll, by default the newest."""
    run(
        lambda office, id_, number=None: publish_result(office, id_, version_number(number)),
        arguments,
        takes=["id"],
        may_take=["version"],
    )
