"""The trustees' commands, as trustees type them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from eth_account import Account

from support.commands import CTRL_C, Running, Shell
from support.elections import (
    BEGINS,
    CLOSES_IN,
    PASSWORD,
    Town,
    confirmed_answers,
    towns,
    trustee,
    write_keystore,
)
from support.lying_nodes import LyingNode, lying_node
from veche import Board, Poll, connect
from veche.chain.node import Node
from veche.cli.notices import Notices
from veche.cli.output import Output
from veche.cli.serving import Service
from veche.errors import UnknownContract
from veche.files.deployments import Deployments
from veche.protocol.phase import BoardPhase, Phase
from veche.protocol.tally import shares_text
from veche.trustee.answers import Answers
from veche.trustee.trustee import Trustee

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
PATIENCE = 600
"""Seconds that a service gets before a test gives up on it."""
MADE = {".gitignore", "account.json", "answers.json", "card.toml", "sealing.json"}
"""The files that `veche trustee keygen` makes."""
FAR_AHEAD = 4_102_444_800
"""2100-01-01T00:00Z"""


@pytest.fixture(scope="module")
def folders(town: Town, shell: Shell) -> list[Path]:
    """The folder of each trustee, with keystores that open fast, and the town's board confirmed."""
    made = []
    for index, each in enumerate(town.trustees, start=1):
        folder = shell.folder / f"trustee-{index}"
        folder.mkdir()
        write_keystore(folder / "account.json", each.account)
        sealing = Account.from_key(each.sealing.to_bytes())
        write_keystore(folder / "sealing.json", sealing)
        confirmed_answers(town, folder / "answers.json")
        made.append(folder)
    return made


def note_board(town: Town, shell: Shell, name: str, board: Board) -> None:
    """Notes a board where the commands look for it, beside the catalogue."""
    genesis = "0x" + town.embedded.node.genesis.hex()
    path = shell.folder / "deployments" / "embedded.json"
    noted = Deployments(path, town.chain.id, genesis)
    with noted.alone():
        noted.catalogue = town.catalogue.address
        noted.boards = {name: board.address}
        noted.save()


def closed_poll(town: Town, id_: str) -> Poll:
    poll = town.open_poll(id_)
    for voter in range(3):
        town.cast(poll, voter, TREES)
    town.close(poll)
    return poll


# -- Keys --


def test_keygen_makes_two_keys_and_a_card(shell: Shell) -> None:
    ended = shell.veche("trustee", "keygen", "--name", "Anna", "--folder", "anna", "--json")
    assert ended.code == 0, ended
    folder = shell.folder / "anna"
    card = tomllib.loads((folder / "card.toml").read_text())["trustees"][0]
    assert card["name"] == "Anna"
    assert card["account"] == ended.json["account"]
    assert {each.name for each in folder.iterdir()} == MADE
    for private in ("sealing.json", "answers.json"):
        assert (folder / private).stat().st_mode & 0o077 == 0
    again = shell.veche("trustee", "keygen", "--name", "Anna", "--folder", "anna", "--json")
    assert (again.code, again.error) == (6, "InvalidKeystore")


def test_keygen_keeps_its_folder_out_of_repositories(shell: Shell) -> None:
    folder = shell.folder / "project"
    own = Shell(folder, shell.environment)
    folder.mkdir()
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "--quiet"], check=True)  # noqa: S603  # our own words
    assert own.veche("trustee", "keygen", "--name", "Anna", "--folder", "anna").code == 0
    (folder / "poll.toml").touch()
    seen = subprocess.run(  # noqa: S603  # our own words
        [*git, "status", "--porcelain"], check=True, capture_output=True, text=True
    )
    assert seen.stdout == "?? poll.toml\n"


def test_keygen_tells_to_work_with_one_folder_alone(shell: Shell) -> None:
    ended = shell.veche("trustee", "keygen", "--name", "Anna", "--folder", "alone")
    assert "Keep a copy of alone, but work with one folder alone, on one machine." in ended.out


@pytest.mark.parametrize("moment", [".", "account.json"])
def test_keygen_that_is_interrupted_leaves_nothing_half_made(shell: Shell, moment: str) -> None:
    """It is interrupted once the folder exists, or its first file."""
    folder = shell.folder / f"interrupted {moment}"
    keygen = ["trustee", "keygen", "--name", "Anna", "--folder", str(folder)]
    with shell.start(*keygen) as running:
        while not (folder / moment).exists() and running.process.is_alive():
            sleep(0.001)
        running.signal(signal.SIGINT)
        running.process.join()
    left = {each.name for each in folder.iterdir()}
    assert left in (set(), MADE)
    again = shell.veche(*keygen)
    assert again.code == (6 if left else 0), again


@pytest.mark.parametrize("name", ["", "  ", "Anna\nIvanova", "Anna\u202e"])
def test_keygen_refuses_a_name_that_no_board_takes(shell: Shell, name: str) -> None:
    ended = shell.veche("trustee", "keygen", "--name", name, "--folder", "nameless")
    assert ended.code == 2
    assert "--name" in ended.err
    assert not (shell.folder / "nameless").exists()


@pytest.mark.parametrize("folder", ["plain", "plain/below", "/proc/none"])
def test_keygen_tells_if_there_can_be_no_such_folder(shell: Shell, folder: str) -> None:
    (shell.folder / "plain").write_text("precious")
    keygen = ("trustee", "keygen", "--name", "Anna", "--folder", folder)
    ended = shell.veche(*keygen)
    assert ended.code == 3
    assert "this cannot be the folder" in ended.err
    assert "What to do: Name another folder" in ended.err
    assert shell.veche(*keygen, "--json").error == "InvalidFile"
    assert (shell.folder / "plain").read_text() == "precious"


# -- By hand --


def test_deal_shows_what_it_waits_for(town: Town, shell: Shell, folders: list[Path]) -> None:
    board = town.convene()
    with town.no_blocks():
        terminal = shell.terminal("trustee", "deal", board.address, "--folder", folders[0])
        terminal.press("Posting it", CTRL_C)
        assert terminal.end() == 130
    assert "interrupted; nothing is lost" in terminal.text
    assert "ballot" not in terminal.text


def test_ceremony_by_hand(town: Town, shell: Shell, liar: LyingNode, folders: list[Path]) -> None:
    board = town.convene()
    note_board(town, shell, "spring", board)
    for folder in folders:
        ended = shell.veche("trustee", "deal", "spring", "--folder", folder)
        assert ended.code == 0, ended
        assert "trustee confirm spring" in ended.out
    early = shell.veche("trustee", "deal", board.address, "--folder", folders[0], "--json")
    assert (early.code, early.error) == (4, "WrongBoardPhase")
    for folder in folders:
        confirm = ("trustee", "confirm", "spring", "--folder", folder, "--second-rpc", liar.url)
        ended = shell.veche(*confirm, "--json")
        told = {name: ended.json[name] for name in ("board", "outcome")}
        assert told == {"board": board.address, "outcome": "confirmed"}
    assert board.phase == BoardPhase.READY


def test_board_is_shown_with_who_has_done_what(
    town: Town, shell: Shell, folders: list[Path]
) -> None:
    board = town.convene()
    note_board(town, shell, "spring", board)
    shell.veche("trustee", "deal", "spring", "--folder", folders[1])
    for named in ("spring", board.address):
        told = shell.veche("show", named, "--json").json
        assert (told["board"], told["name"]) == (board.address, "Board of the town")
        assert told["phase"] == "dealing"
        assert [each["dealt"] for each in told["trustees"]] == [False, True, False]
        assert [each["name"] for each in told["trustees"]] == ["Anna", "Boris", "Clara"]
    shown = shell.veche("show", "spring").out
    assert "2 of 3: Anna, Boris, Clara; for 2 voters or more" in shown
    assert f"veche trustee deal {board.address}" in shown
    assert town.trustees[2].account.address in shown


def test_board_that_failed_is_shown_with_the_reason(shell: Shell, tmp_path: Path) -> None:
    with towns(begins=BEGINS + 7) as other:
        late, cheated = other.convene(), other.dealt_board(bad_dealer=2)
        trustee(other, 1, tmp_path).confirm(cheated, other.catalogue)
        shown = shell.veche("show", cheated.address, "--rpc", other.url).out
        assert f"failed: 2. Boris, {other.trustees[1].account.address} dealt a bad share" in shown
        other.embedded.at_time(late.definition.terms.deal_by)
        shown = shell.veche("show", late.address, "--rpc", other.url).out
    assert "dealing, too late: a deadline has passed" in shown
    assert "Officials convene another board" in shown


@pytest.mark.parametrize("named", ["autumn", "0x" + "11" * 20])
def test_what_is_neither_poll_nor_board_is_told_as_no_poll(shell: Shell, named: str) -> None:
    ended = shell.veche("show", named, "--json")
    assert ended.error in ("UnknownPollId", "UnknownContract")


def test_board_is_not_shown_in_place_of_an_expected_poll(town: Town, shell: Shell) -> None:
    ended = shell.veche("show", town.board.address, "--expect", "0x" + "11" * 32, "--json")
    assert ended.error == "UnknownContract"


def test_trustee_without_ether_has_others_post_what_it_made(
    town: Town, shell: Shell, folders: list[Path]
) -> None:
    board = town.convene()
    sent = [town.embedded.node.next_nonce(each.account.address) for each in town.trustees]
    payer = ("--keystore", write_keystore(shell.folder / "payer.json", town.stranger))
    for task in ("deal", "confirm"):
        files = [shell.folder / f"{task}-{folder.name}.json" for folder in folders]
        for folder, file in zip(folders, files, strict=True):
            made = ("trustee", task, board.address, "--folder", folder, "--out", file)
            assert f"Anyone can post it:\n  veche trustee post {file} " in shell.veche(*made).out
        first = shell.veche("trustee", "post", files[0], *payer)
        ended = shell.veche("trustee", "post", *files, *payer)
        assert (first.code, ended.code) == (0, 4), ended
        assert f"{files[0]}: trustee 1 has" in ended.out
        assert ended.out.count("is on chain (0x") == 2
    assert board.phase == BoardPhase.READY
    assert sent == [town.embedded.node.next_nonce(each.account.address) for each in town.trustees]
    again = shell.veche("trustee", "post", files[0], *payer, "--json")
    assert (again.code, again.json["error"]["name"]) == (4, "WrongBoardPhase")


def test_share_is_posted_by_others(town: Town, shell: Shell, folders: list[Path]) -> None:
    poll = closed_poll(town, "by others")
    decrypt = ("trustee", "decrypt", poll.address, "--final-confirmations", "1")
    made = shell.veche(*decrypt, "--folder", folders[0], "--out", "share.json", "--json")
    assert made.json == {"poll": poll.address, "file": "share.json"}
    payer = ("--keystore", write_keystore(shell.folder / "payer.json", town.stranger))
    assert shell.veche("trustee", "post", "share.json", *payer).code == 0
    assert poll.shares_posted() == [1]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"chainId": 7}, "WrongNetwork"),
        ({"contract": "0x" + "11" * 20}, "UnknownContract"),
        ({"method": "expire"}, "InvalidDocument"),
        ({"method": "confirm"}, "InvalidDocument"),
        ({"data": "0x1234"}, "InvalidDocument"),
        ({"version": 2}, "InvalidDocument"),
        ({"format": "veche poll"}, "InvalidDocument"),
    ],
)
def test_call_that_is_no_trustees_work_is_not_posted(
    town: Town, shell: Shell, folders: list[Path], change: dict[str, Any], error: str
) -> None:
    """Whoever posts it pays for what they are given."""
    board = town.convene()
    made = ("trustee", "deal", board.address, "--folder", folders[0], "--out", "deal.json")
    assert shell.veche(*made).code == 0
    file = shell.folder / "deal.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    payer = write_keystore(shell.folder / "payer.json", town.stranger)
    sent = town.embedded.node.next_nonce(town.stranger.address)
    ended = shell.veche("trustee", "post", file, "--keystore", payer, "--json")
    assert ended.error == error
    assert town.embedded.node.next_nonce(town.stranger.address) == sent
    file.unlink()


def test_ceremony_fails_with_one_clear_message(
    town: Town, shell: Shell, folders: list[Path]
) -> None:
    board = town.convene()
    note_board(town, shell, "spring", board)
    deal = ("trustee", "deal", "spring", "--folder", folders[0], "--json")
    wrong = shell.veche(*deal, VECHE_PASSWORD="wrong")  # noqa: S106  # of a test
    assert (wrong.code, wrong.error) == (6, "WrongPassword")
    assert "the password in VECHE_PASSWORD does not open" in wrong.out
    nobody = shell.veche("trustee", "deal", "spring", "--folder", "nobody", "--json")
    assert (nobody.code, nobody.error) == (3, "InvalidFile")
    assert "nobody: it has no account.json" in nobody.out
    unknown = shell.veche("trustee", "deal", "autumn", "--folder", folders[0], "--json")
    assert (unknown.code, unknown.error) == (3, "NotDeployed")
    down = shell.veche(*deal, VECHE_RPC="http://127.0.0.1:9")
    assert (down.code, down.error) == (5, "NodeUnreachable")
    assert PASSWORD not in wrong.out + wrong.err + down.out


def test_decrypting_by_hand(town: Town, shell: Shell, liar: LyingNode, folders: list[Path]) -> None:
    poll = closed_poll(town, "by-hand")
    note_board(town, shell, "town", town.board)
    for index, folder in enumerate(folders, start=1):
        decrypt = (
            "trustee",
            "decrypt",
            "by-hand",
            "--folder",
            folder,
            "--final-confirmations",
            "1",
        )
        ended = shell.veche(*decrypt, "--second-rpc", liar.url)
        assert ended.code == 0, ended
        assert "All checks passed.\nYour share is on chain (0x" in ended.out
        assert f"{shares_text(range(1, index + 1), 2)}." in ended.out
        again = shell.veche(*decrypt, "--json")
        assert (again.code, again.error) == (4, "AlreadyShared")
    poll.publish_result(payer=town.official)
    assert shell.veche("results", "by-hand").code == 0
    assert shell.veche("verify", "by-hand").code == 0


def test_final_block_of_a_private_network_is_as_deep_as_the_network_needs(
    town: Town, shell: Shell, folders: list[Path]
) -> None:
    node, poll = town.embedded.node, closed_poll(town, "of-the-city")
    (shell.folder / "city.json").write_text(town.private_network(confirmations=4).to_json())
    options = ("--folder", folders[0], "--rpc", "city.json", "--confirmations", "1")
    decrypt = ("trustee", "decrypt", poll.address, *options, "--json")
    early = shell.veche(*decrypt)
    assert (early.code, early.error) == (8, "WrongPhase")
    assert "no block after the close has 4 confirmations yet" in early.out
    for _ in range(3):
        node.request("evm_mine")
    ended = shell.veche(*decrypt)
    assert ended.code == 0, ended
    assert poll.shares_posted() == [1]


@pytest.mark.parametrize("command", ["confirm", "decrypt", "serve"])
def test_second_node_must_be_another(
    town: Town, shell: Shell, folders: list[Path], command: str
) -> None:
    is_poll = command == "decrypt"
    of = (town.open_poll("once or twice") if is_poll else town.board).address
    same = town.url.replace("127.0.0.1", "localhost")
    ended = shell.veche("trustee", command, of, "--folder", folders[0], "--second-rpc", same)
    assert ended.code == 2
    assert "is named twice, and agrees with itself: name another node" in ended.err


@pytest.mark.parametrize("command", ["confirm", "decrypt", "serve"])
def test_trustee_without_answers_is_told_to_restore_them(
    town: Town, shell: Shell, folders: list[Path], command: str
) -> None:
    lost = shell.folder / f"lost {command}"
    shutil.copytree(folders[0], lost)
    (lost / "answers.json").unlink()
    poll = closed_poll(town, f"answers lost {command}")
    of = poll.address if command == "decrypt" else town.board.address
    ended = shell.veche("trustee", command, of, "--folder", lost)
    assert ended.code == 3
    assert "answers.json: there is no such file\nWhat to do: Restore" in ended.err
    assert poll.shares_posted() == []


def test_trustee_with_the_answers_of_its_first_day_does_not_decrypt(
    town: Town, shell: Shell, folders: list[Path]
) -> None:
    old = shell.folder / "first day"
    shutil.copytree(folders[0], old)
    (old / "answers.json").unlink()
    Answers.create(old / "answers.json")
    poll = closed_poll(town, "old answers")
    decrypt = ("trustee", "decrypt", poll.address, "--folder", old, "--final-confirmations", "1")
    ended = shell.veche(*decrypt, "--json")
    assert (ended.code, ended.error) == (9, "NotConfirmed")
    assert poll.shares_posted() == []


def test_decrypting_fails_before_the_close_by_the_clock_of_this_machine(
    shell: Shell, folders: list[Path]
) -> None:
    """The chain's clock is ahead of it."""
    with towns(begins=FAR_AHEAD) as ahead:
        poll = closed_poll(ahead, "early")
        decrypt = (
            "trustee",
            "decrypt",
            poll.address,
            "--folder",
            folders[0],
            "--final-confirmations",
            "1",
        )
        where = ("--rpc", ahead.url, "--catalogue", ahead.catalogue.address)
        early = shell.veche(*decrypt, *where, "--json")
        assert (early.code, early.error) == (8, "WrongPhase")
        assert poll.shares_posted() == []


def test_decrypting_needs_the_catalogue_that_is_served(
    town: Town, shell: Shell, folders: list[Path], tmp_path: Path
) -> None:
    """Without deployments/, in which names are looked up, addresses still work."""
    poll = closed_poll(town, "by-address")
    away = Shell(tmp_path, shell.environment)
    decrypt = (
        "trustee",
        "decrypt",
        poll.address,
        "--folder",
        folders[0],
        "--final-confirmations",
        "1",
    )
    ended = away.veche(*decrypt)
    assert ended.code == 3
    assert "only polls of the catalogue that it was told to serve" in ended.err
    assert "--catalogue or VECHE_CATALOGUE" in ended.err
    assert away.veche(*decrypt, VECHE_CATALOGUE=town.catalogue.address).code == 0
    assert poll.shares_posted() == [1]


# -- As a service --


Serve = Callable[[int], Running]
"""Starts `veche trustee serve` for a trustee."""


@pytest.fixture
def serve(shell: Shell, folders: list[Path]) -> Iterator[Serve]:
    with ExitStack() as services:

        def start(index: int) -> Running:
            options = ("--folder", folders[index - 1], "--final-confirmations", "1", "--every", "1")
            return services.enter_context(shell.start("trustee", "serve", *options, "--json"))

        yield start


def wait_until(holds: Callable[[], bool], *, what: str) -> None:
    begun = monotonic()
    while not holds():
        assert monotonic() < begun + PATIENCE, f"waited for {what}"
        sleep(0.1)


def test_services_make_a_key_even_if_one_is_killed(town: Town, shell: Shell, serve: Serve) -> None:
    board = town.convene()
    note_board(town, shell, "served", board)
    first = serve(1)
    wait_until(lambda: 1 in board.state().dealt, what="the first deal")
    first.signal(signal.SIGKILL)
    for index in (1, 2, 3):
        serve(index)
    wait_until(lambda: board.phase == BoardPhase.READY, what="the key")


def test_services_decrypt_what_is_closed_and_leave_an_open_poll_alone(
    town: Town, shell: Shell, serve: Serve
) -> None:
    """The open poll is listed before the closed one: it was looked at by the time of the share."""
    opened = town.open_poll("left alone", closes_in=3 * CLOSES_IN)
    closed = closed_poll(town, "decrypted")
    note_board(town, shell, "town", town.board)
    serve(1)
    wait_until(lambda: 1 in closed.shares_posted(), what="a share")
    assert opened.phase == Phase.OPEN
    assert opened.shares_posted() == []


@pytest.fixture
def serving(town: Town, folders: list[Path]) -> Callable[..., Service]:
    """Makes the service of the first trustee, which serves by the chain's clock."""

    def make(
        board: Board,
        *,
        rpc: str = town.url,
        catalogue: str = town.catalogue.address,
        other: Node | None = None,
        final_confirmations: int = 1,
        as_json: bool = False,
    ) -> Service:
        own = town.trustees[0]
        chain = connect(rpc, account=own.account)
        answers = Answers(folders[0] / "answers.json")
        trustee = Trustee(
            chain, own.account, own.sealing, answers, final_confirmations, clock=lambda: chain.time
        )
        return Service(trustee, [board.address], catalogue, [], other, Output(as_json))

    return make


def test_service_waits_while_its_node_shows_another_chain(
    town: Town, serving: Callable[..., Service], capsys: pytest.CaptureFixture[str]
) -> None:
    board = town.convene()
    with lying_node(town.url) as node:
        service = serving(town.board, rpc=node.url)
        service.serve()
        service.boards.append(board.address)

        def lie(method: str, parameters: list[Any], told: Any) -> Any:
            if method == "eth_getBlockByNumber" and parameters[0] == "0x0":
                return told | {"hash": "0x" + "77" * 32}
            return told

        node.lie = lie
        for _ in range(3):
            service.serve()
        assert capsys.readouterr().err.count("is on another chain than before") == 1
        node.lie = lambda method, _, told: "0x7" if method == "eth_chainId" else told
        for _ in range(3):
            service.serve()
        assert capsys.readouterr().err.count("is on chain 7, not 31337") == 1
        node.lie = lambda _, __, told: told
        for _ in range(2):
            service.serve()
        told = capsys.readouterr().out
    assert told.count("The node answers again as before.") == 1
    assert told.count(f"deal for {board.address}: dealt") == 1
    assert 1 in board.state().dealt


BROKEN: dict[str, dict[str, Any]] = {
    "blocks are empty": {"eth_getBlockByNumber": {}},
    "blocks are lists": {"eth_getBlockByNumber": []},
    "logs are words": {"eth_getLogs": "logs"},
    "logs are lists": {"eth_getLogs": [[]]},
    "nothing is called": {"eth_call": None},
    "calls return words without end": {"eth_call": "0x" + "ff" * 640},
    "there is no code": {"eth_getCode": "0x"},
    "chains have no id": {"eth_chainId": "main"},
}


@pytest.mark.parametrize("broken", BROKEN)
def test_service_outlives_a_node_that_breaks(
    town: Town, serving: Callable[..., Service], capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    poll = closed_poll(town, f"closed while {broken}"[:31])
    with lying_node(town.url) as node:
        service = serving(town.convene(), rpc=node.url)
        service.serve()
        service.boards[:] = [town.board.address]
        node.lie = lambda method, _, told: BROKEN[broken].get(method, told)
        capsys.readouterr()
        service.serve()
        first = capsys.readouterr().err
        assert "Warning" in first
        for _ in range(3):
            service.serve()
        assert capsys.readouterr().err == ""
        assert poll.shares_posted() == []
        node.lie = lambda _, __, told: told
        service.serve()
    assert poll.shares_posted() == [1]


def test_service_outlives_its_own_faults(
    town: Town,
    serving: Callable[..., Service],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = serving(town.convene())
    service.serve()

    def fail(*_: Any) -> None:
        raise KeyError("secret")

    capsys.readouterr()
    with monkeypatch.context() as patched:
        patched.setattr("veche.trustee.duties.owed", fail)
        for _ in range(3):
            service.serve()
    told = capsys.readouterr().err
    assert told.count("this should not have happened (KeyError)") == 1
    assert "secret" not in told.replace("this holds no secret", "")
    service.serve()
    told = capsys.readouterr().out
    assert "What failed works again." in told
    assert "The node answers" not in told


def test_service_tells_machines_what_it_does(
    town: Town, serving: Callable[..., Service], capsys: pytest.CaptureFixture[str]
) -> None:
    board = town.convene()
    serving(board, as_json=True).serve()
    out, err = capsys.readouterr()
    fields = {"task": "deal", "of": board.address, "done": "dealt", "failed": "", "waits": ""}
    told = [json.loads(line) for line in out.splitlines()]
    assert all(line.pop("time") > BEGINS for line in told)
    assert fields in told
    assert err == ""


def test_service_ends_if_it_is_wrong_from_the_beginning(
    town: Town, serving: Callable[..., Service]
) -> None:
    service = serving(town.board, catalogue=town.board.address)
    with pytest.raises(UnknownContract):
        service.serve()


def test_service_says_once_what_a_closed_poll_waits_for(
    town: Town, serving: Callable[..., Service], capsys: pytest.CaptureFixture[str]
) -> None:
    poll = closed_poll(town, "not final yet")
    service = serving(town.board, final_confirmations=6)
    for _ in range(3):
        service.serve()
    said = f"decrypt for {poll.address}: no block after the close has 6 confirmations yet"
    assert capsys.readouterr().out.count(said) == 1
    for _ in range(5):
        town.embedded.node.request("evm_mine")
    for _ in range(3):
        service.serve()
    told = capsys.readouterr().out
    assert told.count(f"decrypt for {poll.address}: decrypted\n") == 1
    assert said not in told
    assert 1 in poll.shares_posted()


@pytest.fixture
def others(town: Town, folders: list[Path], tmp_path: Path) -> list[Trustee]:
    """The second and the third trustee, with the answers in their folders."""
    return [
        replace(
            trustee(town, index, tmp_path), answers=Answers(folders[index - 1] / "answers.json")
        )
        for index in (2, 3)
    ]


Log = Callable[[Service, Board | Poll], list[str]]
"""Has a service serve some rounds, and returns what it logs of a board or a poll."""


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Log:
    def serve_and_read(service: Service, of: Board | Poll) -> list[str]:
        for _ in range(3):
            service.serve()
        lines = capsys.readouterr().out.splitlines()
        assert all(re.match(r"20[0-9-]{8} [0-9:]{5,8} .* for 0x", each) for each in lines), lines
        return [each.partition(f"{of.address}: ")[2] for each in lines if of.address in each]

    return serve_and_read


def test_service_logs_with_times_what_a_ceremony_waits_for(
    town: Town, serving: Callable[..., Service], others: list[Trustee], logged: Log
) -> None:
    board = town.convene()
    service = serving(board)
    dealt, waits = logged(service, board)
    assert dealt == "dealt"
    assert waits.startswith("not dealt yet: Boris, Clara; there is time until ")
    for each in others:
        each.deal(board)
    confirmed, waits = logged(service, board)
    assert confirmed == "confirmed"
    assert waits.startswith("not confirmed yet: Boris, Clara; there is time until ")
    for each in others:
        each.confirm(board, town.catalogue)
    assert logged(service, board) == ["the key is ready for polls"]
    assert logged(service, board) == []


def test_service_logs_what_a_poll_waits_for_from_its_opening_to_the_shares_of_others(
    town: Town, serving: Callable[..., Service], others: list[Trustee], logged: Log
) -> None:
    service, poll = serving(town.board), town.publish("waited for")
    (waits,) = logged(service, poll)
    assert waits.startswith("the poll opens at ")
    town.embedded.at_time(poll.definition.opens)
    (waits,) = logged(service, poll)
    assert waits.startswith("the poll is open, and closes at ")
    for voter in range(3):
        town.cast(poll, voter, TREES)
    town.close(poll)
    assert logged(service, poll) == [
        "every ballot is checked, and the sums",
        "decrypted",
        "decrypted by Anna; a result needs 2, and somebody to publish it",
    ]
    others[0].decrypt(poll, town.catalogue)
    (waits,) = logged(service, poll)
    assert waits == "decrypted by Anna, Boris; a result needs 2, and somebody to publish it"


# -- A copied folder --


def test_copied_folder_is_refused_once_the_other_has_confirmed(
    town: Town, shell: Shell, folders: list[Path]
) -> None:
    copied = shell.folder / "copied before"
    shutil.copytree(folders[0], copied)
    board = town.dealt_board()
    words = ("trustee", "confirm", board.address, "--json", "--folder")
    assert shell.veche(*words, folders[0]).code == 0
    ended = shell.veche(*words, copied)
    assert (ended.code, ended.error) == (9, "AnsweredElsewhere")
    assert "does not note that you have confirmed the board" in ended.out
    assert shell.veche(*words, folders[0]).error == "AlreadyConfirmed"


@pytest.mark.parametrize("command", ["decrypt", "serve"])
def test_copied_folder_is_refused_once_the_other_has_decrypted(
    town: Town, shell: Shell, folders: list[Path], command: str
) -> None:
    copied = shell.folder / f"copied {command}"
    shutil.copytree(folders[0], copied)
    poll = closed_poll(town, f"copied {command}")
    decrypt = ("trustee", "decrypt", poll.address, "--final-confirmations", "1", "--json")
    assert shell.veche(*decrypt, "--folder", folders[0]).code == 0
    of = poll.address if command == "decrypt" else town.board.address
    before = (copied / "answers.json").read_bytes()
    again = ("trustee", command, of, "--final-confirmations", "1", "--json", "--folder")
    ended = shell.veche(*again, copied)
    assert ended.code == 9, ended
    assert "AnsweredElsewhere" in ended.out
    assert (copied / "answers.json").read_bytes() == before
    assert shell.veche(*decrypt, "--folder", folders[0]).error == "AlreadyShared"


def test_service_says_once_what_fails_and_asks_a_second_node(
    town: Town,
    liar: LyingNode,
    serving: Callable[..., Service],
    capsys: pytest.CaptureFixture[str],
) -> None:
    poll = closed_poll(town, "disputed")
    with towns(begins=BEGINS + 1) as elsewhere:
        more = (
            5 + int(town.chain.node.block()["number"]) - int(elsewhere.chain.node.block()["number"])
        )
        elsewhere.embedded.node.request("anvil_mine", hex(max(more, 1)))
        service = serving(town.board, other=elsewhere.embedded.node)
        for _ in range(3):
            service.serve()
            town.embedded.node.request("evm_mine")
    assert capsys.readouterr().err.count("nodes agree: ") == 1
    assert poll.shares_posted() == []
    serving(town.board, other=Node(liar.url)).serve()
    assert 1 in poll.shares_posted()


def test_what_changes_is_news() -> None:
    notices = Notices()
    assert notices.is_news("a", "at block 1")
    assert not notices.is_news("a", "at block 22")
    assert notices.is_news("a", "gone")
    notices.begin()
    assert notices.is_news("b", "gone")
    assert notices.forget_others() == {"a"}
    assert notices.is_news("a", "gone")
