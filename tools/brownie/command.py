"""Brownie's own command, which first says in a sentence what Brownie would show a traceback of, or
say nothing of: a network that it does not know, one that is imported twice, a folder that it cannot
run scripts in, and the minutes in which it compiles all contracts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NoReturn

from brownie._cli.__main__ import main
from brownie._config import CONFIG

WRONG_COMMAND: Final = 2


def tell(words: Sequence[str]) -> None:
    """Tells what a command line is about to meet. Ends if Brownie would end with a traceback."""
    match list(words):
        case ["run", script, *_]:
            _require_known(_after(words, "--network"))
            _require_plain((Path("scripts") / script).absolute().parent)
            _announce(Path.cwd())
        case ["networks", "import", file]:
            _require_new(Path(file))


def _after(words: Sequence[str], option: str) -> str | None:
    """The value of an option; None if it is not given."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == option:
            return following
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


def _require_known(network: str | None) -> None:
    if network is None or network in CONFIG.networks:
        return
    file = Path("networks") / network / "brownie.yaml"
    how = f"brownie networks import {file}"
    if not file.exists():
        how = f"brownie networks add Ethereum {network} host=https://… chainid=…"
    _end(f"Brownie does not know the network {network}. Add it once:\n  {how}")


def _require_new(file: Path) -> None:
    known = [each for each in _named(file) if each in CONFIG.networks]
    if known:
        again = f"brownie networks import {file} True"
        said = f"Brownie knows the network {known[0]} already, so there is nothing to do."
        _end(f"{said}\nTo import it again, as for another port:\n  {again}")


def _named(file: Path) -> Iterator[str]:
    """The networks in a file of Veche's, which is JSON; Brownie looks at any other file itself."""
    try:
        for chain in json.loads(file.read_text())["live"]:
            yield from (str(each["id"]) for each in chain["networks"])
    except (OSError, ValueError, KeyError, TypeError):
        return


def _require_plain(folder: Path) -> None:
    if any("." in part for part in folder.parts):
        _end(f"Brownie runs no scripts in a folder with a dot in its path, as in {folder}: move it")


def _announce(folder: Path) -> None:
    """Says so if Brownie has yet to compile the contracts of this project."""
    built = folder / "build" / "contracts"
    if (folder / "contracts").is_dir() and not list(built.glob("*.json")):
        sys.stderr.write("Compiling all contracts, once; this takes some minutes …\n")


def _end(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(WRONG_COMMAND)


if __name__ == "__main__":
    tell(sys.argv[1:])
    main()
