"""Dress rehearsals, as the command plays them."""

from __future__ import annotations

import json
from pathlib import Path
from time import sleep

import psutil
import pytest

from support.commands import Shell
from support.relays import PATIENCE

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
    assert found["ballots"] == expected["voters"]
    assert [each["scores"] for each in found["results"]] == [expected["approvals"]]
    assert found["proven"] is found["verified"] is True
    assert (found["replaced"], found["refused"]) == (1, "NotOnRoll")
    assert {each["verdict"] for each in found["checks"]} == {"pass"}
    assert found["seconds"] > 0


def test_relay_takes_voters_from_letters_to_counted_ballots(shell: Shell) -> None:
    ended = shell.veche("rehearse", "examples/poll.toml", "--relay", "--json")
    assert ended.code == 0, ended
    found = ended.json
    assert (found["ballots"], found["replaced"], found["refused"]) == (24, 1, "NotOnRoll")
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
