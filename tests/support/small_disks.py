"""Small disks, for programs that are to meet a full one."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

SIZE = 1 << 20
"""The bytes of a small disk."""
NEWNS, NEWUSER = 0x00020000, 0x10000000
PRIVATE = 0x4000 | 0x40000  # and recursive: nobody else sees what is mounted


def mount(folder: Path) -> None:
    """Puts a folder on a small disk, which only this process and its children see. The process has
    no threads yet. The disk ends with them.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    _require(libc.unshare(NEWNS | (NEWUSER if user else 0)))
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _require(libc.mount(b"none", b"/", None, PRIVATE, None))
    _require(libc.mount(b"tmpfs", bytes(folder), b"tmpfs", 0, f"size={SIZE}".encode()))


def _require(code: int) -> None:
    if code:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def fill(process: int, folder: Path) -> None:
    """Fills the disk that a process has put a folder on, to its last byte."""
    with _filler(process, folder).open("wb", buffering=0) as file:
        for size in (1 << 12, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass


def free(process: int, folder: Path) -> None:
    """Gives the disk its room back."""
    _filler(process, folder).unlink()


def _filler(process: int, folder: Path) -> Path:
    return Path(f"/proc/{process}/root{folder.resolve()}/filler")
