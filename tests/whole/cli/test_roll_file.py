"""`--roll`: the electoral roll from a file, where nobody can read it on chain."""

from __future__ import annotations

from pathlib import Path

import pytest
from eth_account import Account

from support.commands import Shell
from support.elections import Town, confirmed_answers, write_keystore
from support.voting import LIME_AND_WOOD, vote
from veche import Poll, Roll, connect, read_roll
from veche.cli.output import Output
from veche.cli.serving import Service
from veche.errors import IncompleteRoll, WrongRoll
from veche.observer import electoral_roll
from veche.trustee.trustee import Trustee

FROM_FILE = "as you gave it; the published one was not read"


def write_roll(path: Path, roll: Roll) -> Path:
    """A roll as officials write it."""
    path.write_text("address,weight\n" + "".join(f"{each},{weight}\n" for each, weight in roll))
    return path


@pytest.fixture(scope="module")
def roll(town: Town) -> Roll:
    return Roll((each.address, 1) for each in [*town.voters, town.poor])


@pytest.fixture(scope="module")
def file(shell: Shell, roll: Roll) -> Path:
    return write_roll(shell.folder / "roll.csv", roll)


@pytest.fixture(scope="module")
def unrolled(town: Town) -> Poll:
    """An open poll; what was published of its roll is another."""
    poll = town.open_poll("unrolled", with_roll=False)
    entries = [(town.stranger.address, 1)]
    town.catalogue.publish_roll("unrolled", 0, 0, entries, town.chain.sender)
    return poll


@pytest.fixture(scope="module")
def folder(town: Town, shell: Shell) -> Path:
    """The folder of the first trustee."""
    made = shell.folder / "trustee-1"
    made.mkdir()
    write_keystore(made / "account.json", town.trustees[0].account)
    sealing = Account.from_key(town.trustees[0].sealing.to_bytes())
    write_keystore(made / "sealing.json", sealing)
    confirmed_answers(town, made / "answers.json")
    return made


def detail(found: dict[str, list[dict[str, str]]]) -> str:
    """What a verification tells of the roll."""
    (told,) = [each for each in found["checks"] if each["name"] == electoral_roll.ROLL]
    assert told["verdict"] == "pass"
    return told["detail"]


def test_poll_without_a_published_roll_runs_on_its_file(
    town: Town,
    unrolled: Poll,
    shell: Shell,
    keystores: dict[str, Path],
    file: Path,
    folder: Path,
    tmp_path: Path,
) -> None:
    """Voters, a carrier, observers and trustees; without the file everything fails."""
    given = ("--roll", file)
    options = (*LIME_AND_WOOD, "--json")
    ended = vote(shell, keystores["voter 0"], *options, "--cast", poll="unrolled")
    assert ended.error == "IncompleteRoll"
    for voter in (0, 1):
        ended = vote(
            shell, keystores[f"voter {voter}"], *options, "--cast", *given, poll="unrolled"
        )
        assert ended.code == 0, ended
    out = ("--out", tmp_path / "o.json", *given)
    assert vote(shell, keystores["poor"], *options, *out, poll="unrolled").code == 0
    carry = ("carry", tmp_path / "o.json", "--keystore", keystores["voter 2"], "--json")
    assert shell.veche(*carry, "--poll", "unrolled").json["ballots"][0]["outcome"] == "refused"
    assert shell.veche(*carry, "--poll", "unrolled", *given).code == 0
    status = ("status", "unrolled", "--voter", town.poor.address, "--json")
    assert shell.veche(*status).error == "IncompleteRoll"
    assert shell.veche(*status, *given).json["inSums"] is True
    town.close(unrolled)
    decrypt = ("trustee", "decrypt", "unrolled", "--folder", folder, "--final-confirmations", 1)
    assert shell.veche(*decrypt, "--json").error == "ChecksFailed"
    ended = shell.veche(*decrypt, *given)
    assert ended.code == 0, ended
    town.share(unrolled, 3)
    unrolled.publish_result(payer=town.official)
    assert shell.veche("verify", "unrolled").code == 1
    ended = shell.veche("verify", "unrolled", *given, "--json")
    assert (ended.code, detail(ended.json)) == (0, f"13 voters with weight 13, {FROM_FILE}")
    assert shell.veche("watch", "unrolled").code == 1
    watched = shell.veche("watch", "unrolled", *given, "--json")
    assert (watched.code, watched.json["verdict"]) == (0, "pass")
    record = tmp_path / "unrolled.record"
    assert shell.veche("record", "save", "unrolled", record).code == 0
    assert shell.veche("verify", record).code == 1
    assert shell.veche("verify", record, *given).code == 0
    record.unlink()
    assert shell.veche("record", "save", "unrolled", record, *given).code == 0
    found = shell.veche("verify", record, "--json")
    assert (found.code, detail(found.json)) == (0, "13 voters with weight 13")


COMMANDS = {
    "vote": ("vote", "trees", *LIME_AND_WOOD, "--cast"),
    "carry": ("carry", "none.json", "--poll", "trees"),
    "status": ("status", "trees"),
    "verify": ("verify", "trees"),
    "watch": ("watch", "trees"),
    "record save": ("record", "save", "trees", "none.record"),
    "trustee decrypt": ("trustee", "decrypt", "trees", "--folder", "trustee-1"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_refused_with_another_roll_and_names_both_roots(
    town: Town,
    trees: Poll,
    shell: Shell,
    keystores: dict[str, Path],
    folder: Path,
    tmp_path: Path,
    command: str,
) -> None:
    assert folder.name == "trustee-1"
    keyed = ("--keystore", keystores["voter 3"]) if command in ("vote", "carry", "status") else ()
    for entries in ([(town.voters[0].address, 1)], [*trees.roll, (town.stranger.address, 1)]):
        other = Roll(entries)
        given = ("--roll", write_roll(tmp_path / "other.csv", other))
        ended = shell.veche(*COMMANDS[command], *keyed, *given, "--json")
        assert (ended.code, ended.error) == (3, "WrongRoll")
        assert other.root.hex() in ended.out
        assert trees.roll.root.hex() in ended.out
    (tmp_path / "bad.csv").write_text("address,weight\n0x12,1\n")
    for path in (tmp_path / "bad.csv", tmp_path / "nowhere.csv"):
        ended = shell.veche(*COMMANDS[command], *keyed, "--roll", path, "--json")
        assert (ended.code, ended.error) == (3, "InvalidFile")
    assert not (shell.folder / "none.record").exists()


@pytest.mark.usefixtures("trees")
def test_carrier_says_whose_roll_it_is(
    shell: Shell, keystores: dict[str, Path], file: Path
) -> None:
    options = ("--keystore", keystores["voter 3"], "--roll", file)
    ended = shell.veche("carry", "none.json", *options)
    assert ended.code == 2
    assert "Name the poll with --poll" in ended.err


def test_service_takes_each_poll_with_the_roll_that_it_was_published_with(
    town: Town, roll: Roll, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One poll has its roll on chain, the other in a file; a third file is of no poll."""
    there, absent = town.open_poll("there"), town.publish("absent", weights={0: 3}, with_roll=False)
    town.embedded.at_time(absent.definition.opens)
    own = Roll((each, 3 if each == town.voters[0].address else 1) for each, _ in roll)
    absent.use_roll(own)
    for poll in (there, absent):
        for voter in (0, 1):
            town.cast(poll, voter, {"Which tree?": "Lime"})
    town.close(there)
    town.close(absent)
    second = town.trustees[1]  # the first has answered for another poll, in another folder
    chain = connect(town.url, account=second.account)
    answers = confirmed_answers(town, tmp_path / "answers.json")
    trustee = Trustee(chain, second.account, second.sealing, answers, 1, clock=lambda: chain.time)
    rolls = [read_roll(write_roll(tmp_path / "own.csv", own)), Roll([(town.stranger.address, 1)])]
    for known, shares in (([], [[2], []]), (rolls, [[2], [2]])):
        boards = [town.board.address]
        Service(trustee, boards, town.catalogue.address, known, None, Output(as_json=False)).serve()
        assert [each.shares_posted() for each in (there, absent)] == shares
    assert "electoral roll: no entry of the roll is published yet" in capsys.readouterr().err


def test_service_is_refused_if_a_file_cannot_be_read(shell: Shell, folder: Path) -> None:
    options = ("--folder", folder, "--roll", "roll.csv", "--roll", "nowhere.csv", "--json")
    ended = shell.veche("trustee", "serve", *options)
    assert (ended.code, ended.error) == (3, "InvalidFile")
    assert "nowhere.csv" in ended.out


def test_library_takes_a_roll_from_a_file(town: Town, unrolled: Poll, file: Path) -> None:
    poll = town.chain.poll(unrolled.address)
    with pytest.raises(IncompleteRoll):
        len(poll.roll)
    with pytest.raises(WrongRoll):
        poll.use_roll(Roll([(town.stranger.address, 1)]))
    assert poll.given_roll is None
    poll.use_roll(read_roll(file))
    assert poll.roll is poll.given_roll
    assert poll.require_voter(town.poor.address) == 1
