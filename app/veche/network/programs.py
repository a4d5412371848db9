"""The programs of a node: where to find them, and what a single run of one returns."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from veche.errors import NoNodeProgram
from veche.processes import find_program
from veche.protocol.plain import Form

GETH_VERSION: Final = "1.17"
"""The minor version of geth that networks are tested with."""
_TOOLS: Final = Path("tools")


@dataclass(frozen=True)
class Programs:
    """The programs of a node.

    Attributes:
        geth: the path of geth, which executes blocks.
        validator: the path of veche-validator, which decides on blocks and runs geth.
    """

    geth: Path
    validator: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that tell a node's script where they are."""
        return {
            "VECHE_GETH": str(self.geth.absolute()),
            "VECHE_VALIDATOR": str(self.validator.absolute()),
        }

    # -- geth --

    def genesis_hash(self, genesis: dict[str, Any]) -> bytes:
        """The hash of a first block, 32 bytes.

        Raises:
            NoNodeProgram: geth does not accept the block.
        """
        with TemporaryDirectory(prefix="veche-") as folder:
            file = Path(folder) / "genesis.json"
            file.write_text(json.dumps(genesis))
            home = [str(self.geth), "--datadir", folder]
            _run([*home, "--state.scheme", "hash", "init", str(file)])
            alone = ["--nodiscover", "--maxpeers", "0", "--ipcdisable", "--authrpc.port", "0"]
            ask = ["--exec", "eth.getBlock(0).hash", "console"]
            said = _run([*home, "--port", "0", *alone, *ask])
        found = re.search('"0x([0-9a-f]{64})"', said)
        if found is None:
            raise NoNodeProgram(f"{self.geth} prints no hash of the first block")
        return bytes.fromhex(found[1])

    # -- veche-validator --

    def make_identity(self, home: Path) -> str:
        """Makes the identity of a node in its folder, unless it is there.

        Returns:
            The id by which other nodes know it.

        Raises:
            NoNodeProgram: the identity cannot be read or made.
        """
        return self._keys(home, "-identity").text("id")

    def make_key(self, home: Path) -> bytes:
        """Makes the key that signs blocks in the folder of a node, unless it is there.

        Returns:
            Its public key, 32 bytes.

        Raises:
            NoNodeProgram: the key cannot be read or made.
        """
        return self._keys(home).data("publicKey", 32)

    def _keys(self, home: Path, *options: str) -> Form:
        said = _run([str(self.validator), "keys", "-home", str(home), *options])
        return Form.parse(said, what=str(self.validator))


def find() -> Programs:
    """The programs that `make network` has built, or else those on PATH.

    Raises:
        NoNodeProgram: one is missing, or geth has another version.
    """
    geth = _find("geth", _TOOLS / "geth" / "bin")
    said = re.search(r"^Version: (\S+)", _run([str(geth), "version"]), re.MULTILINE)
    version = said[1] if said else "of an unknown version"
    if not version.startswith(f"{GETH_VERSION}."):
        raise NoNodeProgram(f"{geth} is geth {version}, and nodes need {GETH_VERSION}")
    return Programs(geth, _find("veche-validator", _TOOLS / "validator" / "bin"))


def _find(name: str, within: Path) -> Path:
    found = find_program(name, within=within)
    if found is None:
        raise NoNodeProgram(
            f"a node of a private network needs {name}, which is not installed here"
        )
    return found


def _run(command: list[str]) -> str:
    """Runs a command, and returns what it prints.

    Raises:
        NoNodeProgram: the command fails.
    """
    try:
        ended = subprocess.run(  # noqa: S603  # a path of our own
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )
    except OSError as error:
        raise NoNodeProgram(f"{command[0]} cannot be run: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        said = f"{command[0]} ended with exit code {error.returncode}: {last[0]}"
        raise NoNodeProgram(said) from error
    return ended.stdout
