"""The program geth: where to find it, and what a single run of it returns."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from veche.errors import NoGeth
from veche.processes import find_program

VERSION: Final = "1.13"
"""The last minor version that seals blocks of Clique; 1.13.15 is its last release."""
WITHIN: Final = Path("tools") / "geth" / "bin"
"""The folder where `make geth` puts it."""


def find() -> Path:
    """The geth that `make geth` has built, or else the one in the PATH.

    Raises:
        NoGeth: geth is not installed, or its version cannot seal blocks of Clique.
    """
    found = find_program("geth", within=WITHIN)
    if found is None:
        raise NoGeth("a node of a private network is geth, which is not installed here")
    said = re.search(r"^Version: (\S+)", _run([str(found), "version"]), re.MULTILINE)
    version = said[1] if said else "of an unknown version"
    if not version.startswith(f"{VERSION}."):
        raise NoGeth(f"{found} is geth {version}, which cannot seal blocks of Clique")
    return found


def genesis_hash(geth: Path, genesis: dict[str, Any]) -> bytes:
    """The hash of a first block, 32 bytes.

    Raises:
        NoGeth: geth does not accept the block.
    """
    with TemporaryDirectory(prefix="veche-") as folder:
        file = Path(folder) / "genesis.json"
        file.write_text(json.dumps(genesis))
        _run([str(geth), "--datadir", folder, "--state.scheme", "hash", "init", str(file)])
        alone = ["--nodiscover", "--maxpeers", "0", "--ipcdisable", "--authrpc.port", "0"]
        ask = ["--exec", "eth.getBlock(0).hash", "console"]
        said = _run([str(geth), "--datadir", folder, *alone, *ask])
    found = re.search('"0x([0-9a-f]{64})"', said)
    if found is None:
        raise NoGeth(f"{geth} prints no hash of the first block")
    return bytes.fromhex(found[1])


def _run(command: list[str]) -> str:
    """Runs a command, and returns what it prints.

    Raises:
        NoGeth: the command fails.
    """
    try:
        ended = subprocess.run(  # noqa: S603  # a path of our own
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )
    except OSError as error:
        raise NoGeth(f"{command[0]} cannot be run: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        raise NoGeth(f"{command[0]} ended with exit code {error.returncode}: {last[0]}") from error
    return ended.stdout
