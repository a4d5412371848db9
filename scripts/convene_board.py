"""Convenes a board of trustees: brownie run convene_board main board.toml --network NAME."""

from __future__ import annotations

from pathlib import Path

from veche.official import convene_board

from .session import run, without_main

__getattr__ = without_main


def main(*arguments: str) -> None:
    """Convenes the board that a file describes."""
    run(lambda office, path: convene_board(office, Path(path)), arguments, takes=["board.toml"])
