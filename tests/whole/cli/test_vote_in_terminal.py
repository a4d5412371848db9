"""`veche vote` in a terminal, as voters run it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from support.commands import CTRL_C, CTRL_D, Shell
from support.elections import PASSWORD, Town
from support.lying_nodes import lying_node
from support.voting import LIME_AND_WOOD, SCORES, UP_TO_FIVE
from veche import Poll


def asked(shell: Shell) -> Shell:
    """A shell in which the password is asked for."""
    return Shell(shell.folder, {"VECHE_RPC": shell.environment["VECHE_RPC"]})


def test_voter_is_asked_and_casts(
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]
) -> None:
    terminal = asked(shell).terminal("vote", "trees", "--keystore", keystores["voter 8"])
    terminal.answer("Password of", PASSWORD)
    terminal.expect("Trees [red]and[/red] benches")
    terminal.expect("0x" + trees.hash.hex())
    terminal.expect("(choose one)")
    terminal.expect("1  Lime")
    terminal.answer("Your choice (number):", "4")
    terminal.expect("Type a number from 1 to 3, or the text of one option.")
    terminal.answer("Your choice (number):", "")
    terminal.expect("Type a number from 1 to 3, or the text of one option.")
    terminal.answer("Your choice (number):", "1 2")
    terminal.expect("2 options are chosen, not 1: answer again.")
    terminal.answer("Your choice (number):", "2")
    terminal.expect("(approve of any number)")
    terminal.expect("3  [bold]Iron[/bold]")
    terminal.answer("blanks between, or nothing):", "1, 3")
    terminal.expect("Your answers")
    terminal.expect("Oak")
    terminal.expect("Wood, [bold]Iron[/bold]")
    terminal.answer("Is this your vote?", "yes")
    terminal.expect("Tracker of your ballot: ")
    terminal.expect("opens the ballot, to see whether this device encrypted what you chose")
    terminal.answer("What now? (cast, audit, stop)", "yes")
    terminal.answer("What now? (cast, audit, stop)", "Cast")
    terminal.expect("Your ballot counts")
    assert terminal.end() == 0
    tracker = trees.tracker(town.voters[8].address)
    assert tracker
    assert f"Tracker of your ballot: 0x{tracker.hex()}" in terminal.text
    assert PASSWORD not in terminal.text


@pytest.mark.usefixtures("trees")
def test_wrong_password_is_asked_for_again_and_not_for_ever(
    shell: Shell, keystores: dict[str, Path]
) -> None:
    terminal = asked(shell).terminal("vote", "trees", "--keystore", keystores["voter 9"])
    terminal.answer("Password of", "mistyped")
    terminal.expect("This password does not open")
    terminal.answer("Password of", PASSWORD)
    terminal.press("Your choice (number):", CTRL_C)
    assert terminal.end(pressing=CTRL_C) == 130
    terminal = asked(shell).terminal("vote", "trees", "--keystore", keystores["voter 9"])
    for _ in range(3):
        terminal.answer("Password of", "swordfish")
    assert terminal.end() == 6
    assert terminal.text.lower().count("this password does not open") == 3
    assert "What to do: Type the password again" in terminal.text
    assert "swordfish" not in terminal.text


@pytest.mark.usefixtures("trees")
def test_voter_is_asked_and_audits(shell: Shell, keystores: dict[str, Path]) -> None:
    (shell.folder / "there.json").write_text("")
    terminal = shell.terminal("vote", "trees", "--keystore", keystores["voter 9"])
    terminal.answer("Your choice (number):", "3")
    terminal.answer("or nothing):", "")
    terminal.answer("Give nothing here? (yes, no)", "yes")
    terminal.answer("Is this your vote?", "yes")
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


@pytest.mark.usefixtures("trees")
def test_voter_may_type_the_text_of_an_option(shell: Shell, keystores: dict[str, Path]) -> None:
    terminal = shell.terminal("vote", "trees", "--keystore", keystores["voter 9"])
    terminal.answer("Your choice (number):", "linden")
    terminal.expect("or the text of one option")
    terminal.answer("Your choice (number):", "lime")
    terminal.answer("or nothing):", "Wood")
    terminal.expect("Your answers")
    terminal.expect("Lime")
    terminal.expect("Wood")
    terminal.answer("Is this your vote?", "yes")
    terminal.answer("What now?", "stop")
    assert terminal.end() != 0


def test_voter_is_asked_for_scores(town: Town, shell: Shell, keystores: dict[str, Path]) -> None:
    scored = town.open_poll("scored", SCORES, UP_TO_FIVE)
    terminal = shell.terminal("vote", "scored", "--keystore", keystores["voter 9"], "--json")
    terminal.answer("Wood (0 to 5):", "6")
    terminal.expect("Type a number from 0 to 5; 0 gives nothing.")
    terminal.answer("Wood (0 to 5):", "4")
    terminal.answer("Stone (0 to 5):", "back")
    terminal.answer("Wood (0 to 5):", "5")
    terminal.answer("Stone (0 to 5):", "")
    terminal.expect("Type a number from 0 to 5; 0 gives nothing.")
    terminal.answer("Stone (0 to 5):", "1")
    terminal.expect("Wood (5), Stone (1)")
    terminal.answer("Is this your vote?", "yes")
    terminal.answer("What now?", "cast")
    assert terminal.end() == 0
    tracker = scored.tracker(town.voters[9].address)
    assert tracker
    assert json.loads(terminal.text.splitlines()[-1])["tracker"] == f"0x{tracker.hex()}"


@pytest.mark.usefixtures("trees")
def test_voter_goes_back_and_changes_an_answer(shell: Shell, keystores: dict[str, Path]) -> None:
    terminal = shell.terminal("vote", "trees", "--keystore", keystores["voter 9"])
    terminal.expect("Type back instead of an answer")
    terminal.answer("Your choice (number):", "3")
    terminal.answer("or nothing):", "back")
    terminal.answer("Your choice (number):", "1")
    terminal.answer("or nothing):", "")
    terminal.answer("Give nothing here? (yes, no)", "no")
    terminal.answer("or nothing):", "1")
    terminal.expect("Lime")
    terminal.answer("which answer do you change? (yes, 1, 2)", "1")
    terminal.answer("Your choice (number):", "2")
    terminal.expect("Oak")
    terminal.expect("Wood")
    terminal.answer("Is this your vote?", "yes")
    terminal.answer("What now?", "audit")
    terminal.answer("Into which file?", "changed.json")
    assert terminal.end() == 0
    ended = shell.veche("audit", "changed.json")
    assert "Which tree?  Oak\nWhich benches?  Wood\n" in ended.out


def test_voter_without_ether_is_told_before_any_question(
    trees: Poll, town: Town, shell: Shell, keystores: dict[str, Path]
) -> None:
    options = ("vote", "trees", "--keystore", keystores["poor"])
    terminal = shell.terminal(*options)
    terminal.expect("has too little ether to cast a ballot")
    terminal.answer("for somebody else to carry? (yes, no)", "yes")
    terminal.answer("Into which file?", "poor.json")
    terminal.answer("Your choice (number):", "1")
    terminal.answer("or nothing):", "1")
    terminal.answer("Is this your vote?", "yes")
    terminal.answer("What now? (sign, audit, stop)", "sign")
    terminal.expect("the first of them that is carried counts")
    assert terminal.end() == 0
    assert (shell.folder / "poor.json").exists()
    ended = shell.veche(*options, *LIME_AND_WOOD, "--cast", "--json")
    assert (ended.code, ended.error) == (6, "InsufficientFunds")
    assert "Tracker" not in ended.err
    assert trees.tracker(town.poor.address) is None
    refused = shell.terminal(*options, *LIME_AND_WOOD)
    refused.answer("for somebody else to carry? (yes, no)", "no")
    refused.answer("What now? (cast, audit, stop)", "stop")
    assert refused.end() == 10


@pytest.mark.usefixtures("trees")
def test_vote_is_refused_on_a_node_that_is_still_syncing(
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
    assert "Run the command again" in terminal.text
    assert "Password" not in terminal.text


def test_voter_says_no(town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path]) -> None:
    options = ("--keystore", keystores["voter 10"], *LIME_AND_WOOD)
    terminal = shell.terminal("vote", "trees", *options)
    terminal.answer("What now? (cast, audit, stop)", "stop")
    assert terminal.end() == 10
    terminal = shell.terminal("vote", "trees", *options, "--out", "no.json")
    terminal.answer("What now? (sign, audit, stop)", "stop")
    assert terminal.end() == 10
    assert "Nothing was sent" in terminal.text
    assert trees.tracker(town.voters[10].address) is None
    assert not (shell.folder / "no.json").exists()


@pytest.mark.usefixtures("trees")
def test_voter_who_would_sign_may_audit_instead(shell: Shell, keystores: dict[str, Path]) -> None:
    """The device learns the decision only after it has shown the tracker."""
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
    town: Town, trees: Poll, shell: Shell, keystores: dict[str, Path], question: str, key: str
) -> None:
    choices = LIME_AND_WOOD if question == "What now?" else ()
    where = asked(shell) if question.startswith("Password") else shell
    options = ("--keystore", keystores["voter 10"], *choices)
    terminal = where.terminal("vote", "trees", *options)
    terminal.press(question, key)
    assert terminal.end(pressing=key) == 130
    assert "interrupted; nothing is lost" in terminal.text
    assert "Traceback" not in terminal.text
    assert trees.tracker(town.voters[10].address) is None
