"""Dress rehearsals, as the command plays them."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from time import sleep

import psutil
import pytest
import requests

from support.commands import CTRL_C, Shell
from support.relays import PATIENCE
from veche import connect
from veche.files import keystore
from veche.web import page

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "gy-les-nonains-2002.cat"


@pytest.fixture(scope="module")
def shell() -> Shell:
    return Shell(ROOT)


def test_example_poll_is_rehearsed(shell: Shell) -> None:
    ended = shell.veche("rehearse", "examples/poll.toml")
    assert ended.code == 0, ended
    assert ended.out.rstrip().endswith("RESULT PROVEN ON CHAIN")
    assert "24 voters with weight 31; 1 ballot replaced, a stranger's ballot refused" in ended.out
    for option in ("Lime", "By the school", "Fountain"):
        assert option in ended.out


def test_real_ballots_give_their_totals(shell: Shell) -> None:
    """The 365 approval ballots of Gy-les-Nonains, 2002: every one encrypted, proven and cast."""
    assert REAL.exists(), f"the shared data stand at {REAL}"
    expected = json.loads(REAL.with_suffix(".expected.json").read_text())
    ended = shell.veche("rehearse", "--ballots", REAL, "--json")
    assert ended.code == 0, ended
    found = ended.json
    assert found["voters"] == expected["voters"]
    assert [each["scores"] for each in found["results"]] == [expected["approvals"]]
    assert found["proven"] is found["verified"] is True
    assert (found["replaced"], found["refused"]) == (1, "NotOnRoll")
    assert {each["verdict"] for each in found["checks"]} == {"pass"}
    assert found["seconds"] > 0


def test_relay_takes_voters_from_letters_to_counted_ballots(shell: Shell) -> None:
    ended = shell.veche("rehearse", "examples/poll.toml", "--relay", "--json")
    assert ended.code == 0, ended
    found = ended.json
    assert (found["voters"], found["replaced"], found["refused"]) == (24, 1, "NotOnRoll")
    assert found["proven"] is found["verified"] is found["agrees"] is True


def test_interrupted_rehearsal_leaves_neither_processes_nor_files(
    shell: Shell, tmp_path: Path
) -> None:
    with shell.start("rehearse", "examples/poll.toml", "--relay", TMPDIR=str(tmp_path)) as running:
        own = psutil.Process(running.id)
        while not (started := _at_relay(own)):
            assert own.is_running(), running.told()
            sleep(0.01)
        running.interrupt()
        assert running.end().code == 130
    _, left = psutil.wait_procs(started, timeout=PATIENCE)
    assert not left
    assert not list(tmp_path.iterdir())


def _at_relay(own: psutil.Process) -> list[psutil.Process]:
    """All processes that a rehearsal has started, once its relay has workers; none before."""
    found = own.children(recursive=True)
    return found if len(found) > len(own.children()) > 1 else []


def test_visitors_vote_in_an_open_poll_until_it_is_closed(shell: Shell, tmp_path: Path) -> None:
    folder, kept = tmp_path / "demo", tmp_path / "kept"
    kept.mkdir()
    words = ("rehearse", "examples/poll.toml", "--page", folder, "--json")
    terminal = shell.terminal(*words, TMPDIR=str(kept))
    terminal.expect('"password": ')
    terminal.expect("}")
    told = json.loads(next(line for line in terminal.text.split("\n") if line.startswith("{")))
    relay, _, named = told["vote"].partition("/#")
    assert requests.get(f"{relay}/", timeout=PATIENCE).content == page.content()
    assert told["check"] == f"{relay}/#check&{named}"
    assert told["enrol"] in (folder / "letters" / "letters.csv").read_text("utf-8-sig")
    poll = connect(f"{relay}/v1/rpc").poll(named)
    visitor = keystore.load(Path(told["keys"][0]), told["password"])
    vote = poll.texts.by_text([1, 0, 0, 0, 0, 0, 0, 10, 0, 0])
    poll.cast(poll.prepare(vote, voter=visitor.address).sign(visitor), relay=[relay])
    started = psutil.Process(terminal.process.pid).children(recursive=True)
    terminal.press("", "\n")
    terminal.expect('"phase": "tallied"')
    assert poll.voter_count == 22
    assert poll.result() is not None
    assert terminal.end(pressing=CTRL_C) == 0
    _, left = psutil.wait_procs(started, timeout=PATIENCE)
    assert not left
    assert not list(kept.iterdir())
    with shell.start(*words[:-1]) as again:
        said = next(each for each in again.stdout if "The poll is open until " in each)
        assert "Enter" not in said  # which nobody can press without a terminal
        assert keystore.load(Path(told["keys"][0]), told["password"]) == visitor
        again.signal(signal.SIGTERM)
        assert again.end().code == 0


@pytest.mark.parametrize("arguments", [(), ("examples/poll.toml", "--ballots", str(REAL))])
def test_rehearsing_fails_without_one_script(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert shell.veche("rehearse", *arguments, "--json").code == 2


def test_rehearsing_fails_with_every_mistake_of_a_file(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "poll.toml"
    text = (ROOT / "examples" / "poll.toml").read_text()
    (tmp_path / "roll.csv").write_text((ROOT / "examples" / "roll.csv").read_text())
    bent = text.replace('"choose one"', '"choose two"').replace("points = 10", "points = 101")
    path.write_text(bent.replace("min_voters = 10", "min_voters = 1"))
    ended = shell.veche("rehearse", path)
    assert ended.code == 3
    assert ended.err.count(f"{path}:") == 3
