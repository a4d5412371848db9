"""Publishes a poll: brownie run publish_poll main poll.toml --network NAME."""

from __future__ import annotations

from pathlib import Path

from veche.official import publish_poll

from .session import run, without_main

__getattr__ = without_main


def main(*arguments: str) -> None:
    """Publishes the poll that a file describes, as a new version if its id is taken."""
    run(lambda office, path: publish_poll(office, Path(path)), arguments, takes=["poll.toml"])
