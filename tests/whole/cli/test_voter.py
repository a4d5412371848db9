"""`veche keygen`, `vote`, `status` and `audit`, as voters run them."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from support.commands import CTRL_C, CTRL_D, Ended, Shell
from support.elections import PASSWORD, Town, person, write_keystore
from support.lying_nodes import lying_node, refusing
from veche import Poll, SignedBallot
from veche.chain.embedded import embedded_chain
from veche.crypto.questions import Questions
from veche.files import keystore
from veche.protocol.content import Content, QuestionTexts

LIME_AND_WOOD = ("--choose", "Which tree?=Lime", "--choose", "Which benches?=Wood")

SCORES = Content("Benches", "", (QuestionTexts("Which benches?", ("Wood", "Stone")),))
UP_TO_FIVE = Questions.of((2, 5, 0, 10))


@pytest.fixture(scope="module")
def poll(town: Town) -> Poll:
    return town.open_poll("trees")


@pytest.fixture(scope="module")
def keystores(town: Town, shell: Shell) -> dict[str, Path]:
    people = {f"voter {i}": each for i, each in enumerate(town.voters)}
    people |= {"poor": town.poor, "stranger": town.stranger}
    return {
        name: write_keystore(shell.folder / f"{name.replace(' ', '-')}.key", account)
        for name, account in people.items()
    }


# -- Keys --


def test_keygen_writes_a_key_and_prints_its_address(shell: Shell) -> None:
    passwords = shell.folder / "password"
    passwords.write_text(PASSWORD + "\r\nwhat follows is no part of it\n")
    other = Shell(shell.folder, {"VECHE_PASSWORD": "other"})
    ended = other.veche("keygen", "new.key", "--password-file", passwords)
    assert ended.code == 0
    path = shell.folder / "new.key"
    assert ended.out == keystore.load(path, PASSWORD).address + "\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_keygen_never_writes_over_a_file(shell: Shell) -> None:
    path = shell.folder / "old.key"
    path.write_text("precious")
    ended = shell.veche("keygen", path)
    assert ended.code == 6
    assert "never written over" in ended.err
    assert path.read_text() == "precious"


def test_keygen_fails_without_a_password(shell: Shell) -> None:
    unasked = Shell(shell.folder)
    assert unasked.veche("keygen", "no.key", "--json").error == "NoPassword"
    assert unasked.veche("keygen", "no.key", VECHE_PASSWORD="").code == 6
    assert unasked.veche("keygen", "no.key", "--password-file", "nowhere").code == 3
    assert unasked.veche("keygen", "nowhere/no.key").code == 3
    assert not (shell.folder / "no.key").exists()


def test_keygen_asks_until_both_passwords_agree(shell: Shell) -> None:
    terminal = Shell(shell.folder).terminal("keygen", "asked.key", "--json")
    terminal.answer("Password for asked.key: ", "")
    terminal.expect("cannot be empty")
    terminal.answer("Password for asked.key: ", "one")
    terminal.answer("The same again: ", "another")
    terminal.expect("These two differ.")
    terminal.answer("Password for asked.key: ", PASSWORD)
    terminal.answer("The same again: ", PASSWORD)
    assert terminal.end() == 0
    address = keystore.load(shell.folder / "asked.key", PASSWORD).address
    assert json.dumps({"address": address, "keystore": "asked.key"}) in terminal.text
    assert PASSWORD not in terminal.text


# -- Voting by options --


def vote(shell: Shell, key: Path, *more: object, poll: str = "trees") -> Ended:
    return shell.veche("vote", poll, "--keystore", key, *more)


def test_ballot_is_cast_and_counts(
    town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    voter = town.voters[0].address
    expect = "0x" + poll.hash.hex()
    ended = vote(shell, keystores["voter 0"], *LIME_AND_WOOD, "--cast", "--expect", expect)
    assert ended.code == 0, ended
    assert ended.out.startswith("Trees [red]and[/red] benches\nFor the square.\n")
    assert expect in ended.out
    tracker = poll.tracker(voter)
    assert tracker
    assert f"Tracker of your ballot: 0x{tracker.hex()}" in ended.out
    assert "Your ballot counts" in ended.out
    status = shell.veche("status", "trees", "--voter", voter, "--json").json
    assert status == {
        "poll": poll.address,
        "pollHash": expect,
        "phase": "open",
        "voter": voter,
        "weight": 1,
        "tracker": "0x" + tracker.hex(),
        "block": [*poll.ballots(voter=voter)][-1].event.block,
        "inSums": True,
    }


def test_second_ballot_replaces_the_first(
    town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    first = vote(shell, keystores["voter 1"], *LIME_AND_WOOD, "--cast", "--json").json
    again = ("--choose", "Which tree?=Oak", "--cast")
    ended = vote(shell, keystores["voter 1"], *again, poll=poll.address)
    assert ended.code == 0
    assert "Warning: 'Which benches?' is left out: your ballot gives nothing there." in ended.err
    assert f"your ballot {first['tracker']}" in ended.out
    status = shell.veche("status", "trees", "--keystore", keystores["voter 1"])
    tracker = poll.tracker(town.voters[1].address)
    assert tracker
    assert f"0x{tracker.hex()}" in status.out
    assert first["tracker"] != f"0x{tracker.hex()}"
    assert "in the sums  yes" in status.out


def test_cast_tells_machines_what_and_where(
    town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    found = vote(shell, keystores["voter 2"], *LIME_AND_WOOD, "--cast", "--json").json
    block, transaction = found.pop("block"), found.pop("transaction")
    receipt = town.embedded.node.receipt(bytes.fromhex(transaction[2:]))
    assert receipt
    assert receipt["blockNumber"] == block
    tracker = poll.tracker(town.voters[2].address)
    assert tracker
    assert found == {
        "poll": poll.address,
        "pollHash": "0x" + poll.hash.hex(),
        "voter": town.voters[2].address,
        "weight": 1,
        "tracker": "0x" + tracker.hex(),
        "leftOut": [],
    }


def test_question_that_is_left_out_is_told_before_the_ballot_is_cast(
    poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    options = ("--keystore", keystores["voter 10"], "--choose", "Which tree?=Oak")
    terminal = shell.terminal("vote", poll.address, *options)
    terminal.expect("'Which benches?' is left out")
    terminal.answer("What now?", "stop")
    assert terminal.end() == 10
    ended = vote(shell, keystores["voter 10"], *options[2:], "--audit", "left.json", "--json")
    assert ended.json["leftOut"] == ["Which benches?"]
    assert "'Which benches?' is left out" in ended.err


def test_status_of_who_has_not_voted(town: Town, poll: Poll, shell: Shell) -> None:
    ended = shell.veche("status", poll.address, "--voter", town.poor.address)
    assert ended.code == 0
    assert "no ballot counts yet" in ended.out
    found = shell.veche("status", poll.address, "--voter", town.poor.address, "--json").json
    assert found["tracker"] is None


def test_status_is_refused(town: Town, poll: Poll, shell: Shell) -> None:
    def status(*more: str) -> Ended:
        return shell.veche("status", poll.address, *more)

    assert status().code == 2
    assert status("--voter", town.poor.address[:-1]).code == 2
    assert status("--voter", "0x" + town.poor.address[2:].swapcase()).code == 2
    assert status("--keystore", "nowhere.key").code == 6
    assert status("--voter", town.stranger.address, "--json").error == "NotOnRoll"


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        (["Which tree?=Lime", "Which tree?=Oak"], "(choose one): 2 options are chosen, not 1"),
        (["Which benches?=Wood"], "'Which tree?' (choose one): 0 options are chosen, not 1"),
        (["Which tree?=Lime", "Which tree?=Lime"], "named twice"),
        (["Which tree?=Elm"], "'Lime', 'Oak', 'Rowan'"),
        (["Which bush?=Lime"], "'Which tree?', 'Which benches?'"),
        (["Lime"], "'Which tree?', 'Which benches?'"),
    ],
)
def test_choices_are_refused_if_the_poll_asks_otherwise(
    poll: Poll, shell: Shell, keystores: dict[str, Path], choices: list[str], says: str
) -> None:
    options = [each for choice in choices for each in ("--choose", choice)]
    ended = vote(shell, keystores["voter 3"], *options, "--cast", poll=poll.address)
    assert ended.code == 3
    assert says in ended.err
    assert "What to do: Use the words of the poll" in ended.err
    if "options are chosen" in says:
        assert "Lime" not in ended.err


@pytest.mark.usefixtures("poll")
def test_key_is_refused_if_it_cannot_vote(shell: Shell, keystores: dict[str, Path]) -> None:
    options = (*LIME_AND_WOOD, "--cast", "--json")
    wrong = Shell(shell.folder, shell.environment | {"VECHE_PASSWORD": "swordfish"})
    assert "the password in VECHE_PASSWORD" in vote(wrong, keystores["voter 3"], *options).out
    (shell.folder / "wrong").write_text("swordfish")
    in_file = vote(shell, keystores["voter 3"], *options, "--password-file", "wrong")
    assert "the password in wrong does not open" in in_file.out
    for ended, code, name in (
        (vote(wrong, keystores["voter 3"], *options), 6, "WrongPassword"),
        (vote(shell, shell.folder / "nowhere.key", *options), 6, "InvalidKeystore"),
        (shell.veche("vote", "trees", *options), 6, "NoAccount"),
        (vote(shell, keystores["stranger"], *options), 4, "NotOnRoll"),
        (vote(shell, keystores["poor"], *options), 6, "InsufficientFunds"),
    ):
        assert ended.error == name
        assert ended.code == code
        assert PASSWORD not in ended.out + ended.err
        assert "swordfish" not in ended.out + ended.err


def test_poll_is_refused_if_it_is_another(
    poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    def fails(*more: object) -> tuple[int, str]:
        ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", "--json", *more)
        return ended.code, ended.error

    assert fails("--expect", "0x" + "ab" * 32) == (7, "WrongPoll")
    assert fails("--expect", "0xab") == (2, "WrongUsage")
    assert fails("--rpc", "http://127.0.0.1:1") == (5, "NodeUnreachable")
    with embedded_chain() as other:
        other.node.request("evm_mine")
        ended = vote(
            shell,
            keystores["voter 3"],
            *LIME_AND_WOOD,
            "--cast",
            "--rpc",
            other.url,
            poll=poll.address,
        )
    assert ended.code == 7
    assert f"there is no contract at {poll.address}" in ended.err
    assert "check the network" in ended.err


def test_poll_is_refused_if_it_is_not_open(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    town.publish("later")
    ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", poll="later")
    assert ended.code == 8
    assert "the poll is scheduled; for this it must be open" in ended.err
    closed = town.publish("sooner", closes_in=200)
    town.close(closed)
    ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", poll="sooner")
    assert ended.code == 4
    assert "for this it must be open" in ended.err
    assert "What to do: See with `veche show POLL`" in ended.err


def test_roll_that_is_not_published_is_waited_for(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    town.open_poll("unrolled", with_roll=False)
    ended = vote(shell, keystores["voter 3"], *LIME_AND_WOOD, "--cast", "--json", poll="unrolled")
    assert (ended.code, ended.error) == (8, "IncompleteRoll")


@pytest.mark.parametrize(
    "options",
    [
        (),
        LIME_AND_WOOD,
        ("--cast",),
        (*LIME_AND_WOOD, "--cast", "--audit", "a.json"),
        (*LIME_AND_WOOD, "--out", "o.json", "--audit", "a.json"),
        (*LIME_AND_WOOD, "--cast", "--confirmations", "0"),
    ],
    ids=lambda each: " ".join(each) or "nothing",
)
def test_options_are_refused_if_they_leave_a_question_open(
    poll: Poll, shell: Shell, keystores: dict[str, Path], options: tuple[str, ...]
) -> None:
    assert vote(shell, keystores["voter 3"], *options, poll=poll.address).code == 2


def test_voter_is_warned_of_a_result_that_tells_too_much(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    town.open_poll("benches", SCORES, UP_TO_FIVE, weights={4: 20})
    choose = ("--choose", "Wood=3", "--choose", "Which benches?=Stone=5", "--cast")
    ended = vote(shell, keystores["voter 5"], *choose, poll="benches")
    assert ended.code == 0, ended
    assert f"one weight, that of {town.voters[4].address}, is larger than all" in ended.err
    assert "voters so far, with you: 1; a result needs 2" in ended.err
    assert "one weight, yours" in vote(shell, keystores["voter 4"], *choose, poll="benches").err
    assert vote(shell, keystores["voter 6"], "--choose", "Wood", "--cast", poll="benches").code == 3


# -- Carried by somebody else --


def test_signed_ballot_is_written_for_others_to_carry(
    town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    found = vote(shell, keystores["poor"], *LIME_AND_WOOD, "--out", "o.json", "--json")
    signed = SignedBallot.from_json((shell.folder / "o.json").read_text())
    assert found.json["ballot"] == "o.json"
    assert poll.tracker(town.poor.address) is None
    receipt = poll.cast(signed, payer=town.official)
    assert found.json["tracker"] == "0x" + receipt.tracker.hex()
    again = vote(shell, keystores["poor"], *LIME_AND_WOOD, "--out", "o.json")
    assert again.code == 3
    assert "there is a file already" in again.err


# -- Audits --


@pytest.fixture(scope="module")
def audit(town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path]) -> Path:
    path = shell.folder / "audit.json"
    ended = vote(shell, keystores["voter 7"], *LIME_AND_WOOD, "--audit", path)
    assert ended.code == 0
    assert "never cast" in ended.out
    assert "vote again" in ended.out
    assert poll.tracker(town.voters[7].address) is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path


def test_audit_tells_the_vote_without_a_node(audit: Path, poll: Poll, shell: Shell) -> None:
    offline = Shell(shell.folder, {"VECHE_RPC": "http://127.0.0.1:1"})
    expect = "0x" + poll.hash.hex()
    ended = offline.veche("audit", audit, "--expect", expect)
    assert ended.code == 0
    assert "Which tree?  Lime\nWhich benches?  Wood\n" in ended.out
    assert "Oak" not in ended.out
    assert json.loads(audit.read_text())["tracker"] in ended.out
    assert "by hand" not in ended.out
    by_hand = offline.veche("audit", audit).out
    assert "by hand" in by_hand
    assert expect in by_hand
    found = offline.veche("audit", audit, "--json").json
    assert found["agrees"] is True
    assert found["votes"] == [
        {"question": "Which tree?", "scores": {"Lime": 1}},
        {"question": "Which benches?", "scores": {"Wood": 1}},
    ]


def test_audit_fails_if_the_file_is_wrong(audit: Path, shell: Shell) -> None:
    document = json.loads(audit.read_text())
    lied = shell.folder / "lied.json"
    lied.write_text(json.dumps(document | {"scores": [0, 1, 0, 1, 0, 0]}))
    cut = shell.folder / "cut.json"
    cut.write_text(audit.read_text()[:100])
    binary = shell.folder / "binary.json"
    binary.write_bytes(b"\xff\xfe")
    for path, code, name in (
        (lied, 9, "AuditFailed"),
        (cut, 3, "InvalidDocument"),
        (binary, 3, "InvalidFile"),
        (shell.folder / "nowhere.json", 3, "InvalidFile"),
    ):
        ended = shell.veche("audit", path, "--json")
        assert (ended.code, ended.error) == (code, name)


def test_audit_fails_if_the_poll_is_another(audit: Path, shell: Shell) -> None:
    ended = shell.veche("audit", audit, "--expect", "ab" * 32, "--json")
    assert (ended.code, ended.error) == (7, "WrongPoll")


def test_audit_is_never_written_over_a_file(
    audit: Path, poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    before = audit.read_text()
    key = keystores["voter 7"]
    ended = vote(shell, key, *LIME_AND_WOOD, "--audit", audit, poll=poll.address)
    assert ended.code == 3
    assert audit.read_text() == before


# -- In a terminal --


def asked(shell: Shell) -> Shell:
    """A shell where the password is asked for."""
    return Shell(shell.folder, {"VECHE_RPC": shell.environment["VECHE_RPC"]})


def test_voter_is_asked_and_casts(
    town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    terminal = asked(shell).terminal("vote", "trees", "--keystore", keystores["voter 8"])
    terminal.answer("Password of", PASSWORD)
    terminal.expect("Trees [red]and[/red] benches")
    terminal.expect("0x" + poll.hash.hex())
    terminal.expect("(choose one)")
    terminal.expect("1  Lime")
    terminal.answer("Your choice (number):", "4")
    terminal.expect("type numbers from 1 to 3")
    terminal.answer("Your choice (number):", "1 2")
    terminal.expect("choose one")
    terminal.answer("Your choice (number):", "2")
    terminal.expect("(approve of any number)")
    terminal.expect("3  [bold]Iron[/bold]")
    terminal.answer("blanks between, or nothing):", "1, 3")
    terminal.expect("Tracker of your ballot: ")
    terminal.answer("What now? (cast, audit, stop)", "yes")
    terminal.answer("What now? (cast, audit, stop)", "Cast")
    terminal.expect("Your ballot counts")
    assert terminal.end() == 0
    tracker = poll.tracker(town.voters[8].address)
    assert tracker
    assert f"Tracker of your ballot: 0x{tracker.hex()}" in terminal.text
    assert PASSWORD not in terminal.text


@pytest.mark.usefixtures("poll")
def test_voter_is_asked_and_audits(shell: Shell, keystores: dict[str, Path]) -> None:
    (shell.folder / "there.json").write_text("")
    terminal = shell.terminal("vote", "trees", "--keystore", keystores["voter 9"])
    terminal.answer("Your choice (number):", "3")
    terminal.answer("or nothing):", "")
    terminal.answer("What now?", "audit")
    terminal.answer("Into which file?", "there.json")
    terminal.expect("there is a file already")
    terminal.answer("Into which file?", "mine.json")
    terminal.expect("This ballot is spent")
    assert terminal.end() == 0
    ended = shell.veche("audit", "mine.json")
    assert "Which tree?  Rowan\nWhich benches?  nothing\n" in ended.out
    shown = re.search("Tracker of your ballot: (0x[0-9a-f]{64})", terminal.text)
    assert shown
    assert shown[1] in ended.out


def test_voter_is_asked_for_scores(town: Town, shell: Shell, keystores: dict[str, Path]) -> None:
    scored = town.open_poll("scored", SCORES, UP_TO_FIVE)
    terminal = shell.terminal("vote", "scored", "--keystore", keystores["voter 9"], "--json")
    terminal.answer("Wood (0 to 5):", "6")
    terminal.answer("Wood (0 to 5):", "5")
    terminal.answer("Stone (0 to 5):", "")
    terminal.answer("What now?", "cast")
    assert terminal.end() == 0
    tracker = scored.tracker(town.voters[9].address)
    assert tracker
    assert json.loads(terminal.text.splitlines()[-1])["tracker"] == f"0x{tracker.hex()}"


@pytest.mark.usefixtures("poll")
def test_node_that_is_still_syncing_is_no_place_to_vote(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    syncing = {"currentBlock": "0x10", "highestBlock": "0x20", "startingBlock": "0x0"}
    options = ["vote", "trees", "--keystore", keystores["voter 10"]]
    with lying_node(town.url) as node:
        node.lie = lambda method, _, result: syncing if method == "eth_syncing" else result
        ended = shell.veche(*options, "--rpc", node.url, "--out", "behind.json", "--json")
        assert (ended.code, ended.error) == (5, "NodeBehind")
        terminal = asked(shell).terminal(*options, "--rpc", node.url)
        assert terminal.end() == 5
    assert "on the way to block 32" in terminal.text
    assert "Wait until the node has caught up" in terminal.text
    assert "Password" not in terminal.text


@pytest.mark.usefixtures("poll")
def test_node_that_does_not_tell_whether_it_is_syncing_is_voted_with(
    town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    with lying_node(town.url) as node:
        node.twist = refusing("eth_syncing", "the method eth_syncing is not available")
        options = ["--rpc", node.url, *LIME_AND_WOOD, "--out", "untold.json"]
        ended = vote(shell, keystores["voter 10"], *options)
    assert ended.code == 0, ended


def test_voter_says_no(town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path]) -> None:
    options = ("--keystore", keystores["voter 10"], *LIME_AND_WOOD)
    terminal = shell.terminal("vote", "trees", *options)
    terminal.answer("What now? (cast, audit, stop)", "stop")
    assert terminal.end() == 10
    terminal = shell.terminal("vote", "trees", *options, "--out", "no.json")
    terminal.answer("What now? (sign, audit, stop)", "stop")
    assert terminal.end() == 10
    assert "Nothing was sent" in terminal.text
    assert poll.tracker(town.voters[10].address) is None
    assert not (shell.folder / "no.json").exists()


@pytest.mark.usefixtures("poll")
def test_voter_who_hands_the_ballot_out_may_audit_it_instead(
    shell: Shell, keystores: dict[str, Path]
) -> None:
    """The device learns which only after it has shown the tracker."""
    options = ("vote", "trees", "--keystore", keystores["poor"], *LIME_AND_WOOD)
    terminal = shell.terminal(*options, "--out", "signed.json")
    terminal.expect("Tracker of your ballot: ")
    terminal.answer("What now? (sign, audit, stop)", "audit")
    terminal.answer("Into which file?", "instead.json")
    assert terminal.end() == 0
    assert not (shell.folder / "signed.json").exists()
    terminal = shell.terminal(*options, "--out", "signed.json")
    terminal.answer("What now? (sign, audit, stop)", "sign")
    terminal.expect("The signed ballot is in signed.json")
    assert terminal.end() == 0
    decided = shell.terminal(*options, "--cast", "--out", "decided.json")
    assert decided.end() == 0
    assert "What now?" not in decided.text


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Password of", CTRL_C),
        ("Your choice (number):", CTRL_C),
        ("Your choice (number):", CTRL_D),
        ("What now?", CTRL_C),
    ],
    ids=["password", "choice", "end of choices", "decision"],
)
def test_voter_interrupts(
    town: Town, poll: Poll, shell: Shell, keystores: dict[str, Path], question: str, key: str
) -> None:
    choices = LIME_AND_WOOD if question == "What now?" else ()
    where = asked(shell) if question.startswith("Password") else shell
    options = ("--keystore", keystores["voter 10"], *choices)
    terminal = where.terminal("vote", "trees", *options)
    terminal.press(question, key)
    assert terminal.end(pressing=key) == 130
    assert "interrupted; nothing is lost" in terminal.text
    assert "Traceback" not in terminal.text
    assert poll.tracker(town.voters[10].address) is None


def test_wrong_password_is_told(town: Town, shell: Shell, keystores: dict[str, Path]) -> None:
    assert person("voter 10") == town.voters[10]
    terminal = asked(shell).terminal("vote", "trees", "--keystore", keystores["voter 10"])
    terminal.answer("Password of", "swordfish")
    assert terminal.end() == 6
    assert "this password does not open" in terminal.text
    assert "What to do: Type the password again" in terminal.text
    assert "swordfish" not in terminal.text
