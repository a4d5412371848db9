"""Publishes a poll's electoral roll: brownie run publish_roll main poll.toml --network NAME."""

from __future__ import annotations

from pathlib import Path

from veche.official import publish_roll

from .session import run, without_main

__getattr__ = without_main


def main(*arguments: str) -> None:
    """Publishes the missing parts of the roll of the poll that a file describes."""
    run(lambda office, path: publish_roll(office, Path(path)), arguments, takes=["poll.toml"])
