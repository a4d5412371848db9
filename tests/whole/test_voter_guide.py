"""The voters' guide, command by command as it is printed, with the examples' poll."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.commands import Shell, Terminal
from support.elections import PASSWORD, write_keystore
from support.officials_work import BEGINS, FIRST_VOTER, ExampleTown, person
from veche import Poll, RollProof
from veche.chain.embedded import embedded_chain
from veche.protocol import link

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "voter.md"
LINES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    for line in block.splitlines()
    if "veche enrol" not in line  # tests/whole/relay/test_enrolment.py goes that way
]
PROOF = "proof.json"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExampleTown]:
    with embedded_chain(begins=BEGINS) as chain:
        yield ExampleTown(chain, tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def poll(town: ExampleTown) -> Poll:
    poll = town.with_a_poll()
    town.chain.at_time(poll.definition.opens)
    return poll


def given(line: str, town: ExampleTown, poll: Poll) -> list[str]:
    """The words of a printed line, its open places filled in."""
    line = line.replace("veche:0x…@1#0x…", str(link.of(poll.definition)))
    line = line.replace("--catalogue 0x…", f"--catalogue {town.office().catalogue.address}")
    line = line.replace("--expect 0x…", f"--expect 0x{poll.hash.hex()}")
    line = line.replace("--proof 0x….json", f"--proof {PROOF}")
    assert "…" not in line
    return shlex.split(line)[1:]


def vote_when_asked(terminal: Terminal) -> int:
    """Answers the three questions of the examples, says yes to the answers, and casts."""
    terminal.answer("Your choice (number):", "1")
    terminal.answer("or nothing):", "")
    terminal.answer("Give nothing here? (yes, no)", "yes")
    terminal.answer("Playground (0 to 10; 0 of 10 given):", "7")
    terminal.answer("Fountain (0 to 3; 7 of 10 given):", "1")
    terminal.answer("Flower beds (2; 8 of 10 given):", "1")
    terminal.expect("Type 2.")
    terminal.answer("Flower beds (2; 8 of 10 given):", "2")
    terminal.answer("Is this your vote?", "yes")
    terminal.answer("What now? (cast, audit, stop)", "cast")
    return terminal.end()


def test_guide_leads_to_a_vote(town: ExampleTown, poll: Poll, tmp_path: Path) -> None:
    """On a machine without deployments/."""
    shell = Shell(tmp_path, {"VECHE_RPC": town.chain.url, "VECHE_PASSWORD": PASSWORD})
    voter = person(FIRST_VOTER).address
    proof = RollProof.of(poll.roll, poll.definition, voter)
    (tmp_path / PROOF).write_text(proof.to_json())
    done = []
    for line in LINES:
        verb, *words = given(line, town, poll)
        if verb == "vote" and "--choose" not in words:
            assert vote_when_asked(shell.terminal(verb, *words)) == 0
        else:
            ended = shell.veche(verb, *words)
            assert ended.code == (8 if verb == "results" else 0), ended
        if verb == "keygen":  # in place of a key that stands on no roll
            write_keystore(tmp_path / words[0], person(FIRST_VOTER))
        done.append(verb)
    assert done == ["keygen", "show", "vote", "vote", "status", "results", "polls", "show", "vote"]
    assert len(list(poll.ballots(voter=voter))) == 3
