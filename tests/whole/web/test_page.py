"""`veche page`: the page is written, served and hashed; and it is what its sources give."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from urllib.request import urlopen

from support.commands import Shell
from veche.web.page import content

ROOT = Path(__file__).parents[3]
SHA256 = hashlib.sha256(content()).hexdigest()


def test_page_is_what_its_sources_give_to_the_byte(tmp_path: Path) -> None:
    built = tmp_path / "index.html"
    command = ["node", "web/build.mjs", str(built)]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  # our own words
    assert built.read_bytes() == content()


def test_page_carries_its_policy_and_nothing_from_elsewhere() -> None:
    text = content().decode()
    assert "default-src 'none'; script-src 'sha256-" in text
    assert "unsafe" not in text.partition("<style>")[0]
    assert text.count("<script") == 1
    assert " src=" not in text.partition("<script>")[0]


def test_page_is_written_and_never_over_another(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    ended = shell.veche("page", "page.html", "--json")
    assert ended.json == {"file": "page.html", "sha256": SHA256}
    assert (tmp_path / "page.html").read_bytes() == content()
    assert shell.veche("page", "page.html", "--json").error == "InvalidFile"


def test_hash_is_shown(tmp_path: Path) -> None:
    assert Shell(tmp_path).veche("page", "--hash").out == f"{SHA256}\n"


def test_one_thing_is_asked_for(tmp_path: Path) -> None:
    for words in ((), ("page.html", "--hash"), ("--serve", "--hash")):
        assert Shell(tmp_path).veche("page", *words).code == 2


def test_page_is_served_on_this_machine(tmp_path: Path) -> None:
    with Shell(tmp_path).start("page", "--serve", "--json") as running:
        line = running.stdout.readline()
        url = line.partition('"url": "')[2].partition('"')[0]
        assert url.startswith("http://127.0.0.1:")
        with urlopen(url) as answer:  # noqa: S310  # of this machine
            assert answer.read() == content()
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        running.interrupt()
