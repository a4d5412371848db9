"""The page opens keys of geth, and geth opens keys of the page."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from support.elections import person
from support.third_implementation import tell
from veche.network import programs
from veche.protocol import plain

ACCOUNT = person("voter with geth")
PASSWORD = "a long password"  # noqa: S105  # of a test
NEXT = "the next password"


def test_page_opens_a_key_of_geth(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "raw").write_text(bytes(ACCOUNT.key).hex())
    words = ["account", "import", "--lightkdf", "--keystore", tmp_path / "keys"]
    geth(*words, "--password", tmp_path / "password", tmp_path / "raw")
    (path,) = (tmp_path / "keys").iterdir()
    found = tell("unlock", keystore=path.read_text(), password=PASSWORD)
    assert found == int.from_bytes(ACCOUNT.key, "big")


def test_geth_opens_a_key_of_the_page(tmp_path: Path) -> None:
    """It gives the key another password, for which it must know the first."""
    path = tmp_path / "key.json"
    key = plain.data(bytes(ACCOUNT.key))
    path.write_text(tell("lock", key=key, password=PASSWORD))
    words = ["account", "update", "--lightkdf", "--keystore", tmp_path, ACCOUNT.address]
    geth(*words, typed=[NEXT, NEXT, PASSWORD])
    assert tell("unlock", keystore=path.read_text(), password=NEXT) == int(key, 16)


def geth(*words: object, typed: Sequence[str] = ()) -> None:
    """Runs geth, and types lines into it."""
    command = [str(each) for each in (programs.find().geth, *words)]
    given = "".join(f"{each}\n" for each in typed)
    subprocess.run(command, input=given, text=True, check=True, capture_output=True)  # noqa: S603  # our own words
