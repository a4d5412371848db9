"""Disks that are full."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SIZE: Final = 2**30
"""The bytes of a small disk: a node wants some hundred megabytes to be free."""
FILLER: Final = "filler"


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Puts a folder on a small disk of its own, in memory, and afterwards back where it was."""
    aside = folder.with_name(f"{folder.name}-aside")
    folder.rename(aside)
    folder.mkdir(mode=0o700)
    _run("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(folder))
    try:
        _copy(aside, folder)
        yield
        shutil.rmtree(aside)
        aside.mkdir(mode=0o700)
        _copy(folder, aside)
    finally:
        _run("umount", "--lazy", str(folder))
        folder.rmdir()
        aside.rename(folder)


def fill(folder: Path) -> None:
    """Fills the disk of a folder to its last byte."""
    with (folder / FILLER).open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass


def free(folder: Path) -> None:
    """Gives the disk its room back."""
    (folder / FILLER).unlink()


def _copy(source: Path, target: Path) -> None:
    _run("cp", "-a", f"{source}/.", str(target))


def _run(*words: str) -> None:
    subprocess.run(words, check=True)
