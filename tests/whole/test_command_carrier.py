"""Carrying the signed ballots of others, by the command."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from commands import COMMAND, Ended, Shell
from elections import PASSWORD, Town, person, towns, write_keystore
from veche import Poll, SignedBallot
from veche.ballot import PreparedBallot, Signature, message, sign
from veche.chain import casting
from veche.chain.casting import MAX_BYTES
from veche.chain.transactions import Sender
from veche.content import Content, QuestionWords
from veche.crypto.questions import Questions

MANY = 130
FIVE = QuestionWords("Which tree?", ("Lime", "Oak", "Rowan", "Maple", "Birch"))
CHOOSE_ONE_OF_FIVE = Questions.of((5, 1, 1, 1))


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with towns(voters=MANY) as built:
        built.embedded.fund(person("carrier"))
        yield built


@pytest.fixture
def shell(town: Town, tmp_path: Path) -> Shell:
    keystore = write_keystore(tmp_path / "carrier.key", person("carrier"))
    fixed = {"VECHE_RPC": town.url, "VECHE_PASSWORD": PASSWORD, "VECHE_KEYSTORE": str(keystore)}
    return Shell(tmp_path, fixed)


def opened(town: Town, id_: str) -> Poll:
    return town.open_poll(id_, Content("Trees", "", (FIVE,)), CHOOSE_ONE_OF_FIVE)


def ballot(town: Town, poll: Poll, voter: int, **options: Any) -> SignedBallot:
    account = town.voters[voter]
    prepared = poll.prepare({FIVE.text: FIVE.options[voter % 5]}, voter=account.address)
    return prepared.sign(account, **options)


def written(shell: Shell, name: str, signed: SignedBallot) -> Path:
    path = shell.folder / name
    path.write_text(signed.to_json())
    return path


def lines(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(each) for each in ended.out.splitlines()]


def refusals(ended: Ended) -> list[str]:
    """The names of what ballots were refused with; the last line tells how many."""
    *each, last = lines(ended)
    assert ended.code == 4
    assert last["error"]["name"] == "NotCarried"
    return [line["error"]["name"] for line in each if line["outcome"] == "refused"]


def test_files_are_cast_and_found_again(town: Town, shell: Shell) -> None:
    poll = opened(town, "files")
    paths = [written(shell, f"{i}.json", ballot(town, poll, i)) for i in range(3)]
    ended = shell.veche("carry", *paths, "--json")
    assert ended.code == 0, ended
    assert [each["outcome"] for each in lines(ended)] == ["cast"] * 3
    assert poll.ballots_cast == 3
    before = town.embedded.node.balance(person("carrier").address)
    again = shell.veche("carry", *paths, "--json")
    assert again.code == 0
    assert [each["outcome"] for each in lines(again)] == ["found"] * 3
    assert lines(again)[0]["transaction"] == lines(ended)[0]["transaction"]
    assert town.embedded.node.balance(person("carrier").address) == before


def test_people_are_told_what_was_done(town: Town, shell: Shell) -> None:
    poll = opened(town, "people")
    path = written(shell, "0.json", ballot(town, poll, 0))
    ended = shell.veche("carry", path)
    assert ended.code == 0
    assert "1 cast, 0 on chain already, 0 refused" in ended.out


def carry_stdin(shell: Shell, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # our own code
        [*COMMAND, "carry", "--json", *options],
        cwd=shell.folder,
        env=shell._environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_many_from_stdin_go_in_few_transactions(town: Town, shell: Shell) -> None:
    poll = opened(town, "stdin")
    text = "".join(ballot(town, poll, i).to_json() + "\n" for i in range(MANY))
    out, err = carry_stdin(shell).communicate(text)
    found = [json.loads(each) for each in out.splitlines()]
    assert [each["outcome"] for each in found] == ["cast"] * MANY, err
    assert poll.ballots_cast == MANY
    assert len({each["transaction"] for each in found}) <= MANY // 30
    for each in found:
        sent = town.embedded.node.request("eth_getTransactionByHash", each["transaction"])
        assert len(sent["input"]) // 2 < MAX_BYTES


def test_what_comes_before_a_pause_is_cast(town: Town, shell: Shell) -> None:
    poll = opened(town, "pause")
    process = carry_stdin(shell)
    assert process.stdin is not None
    assert process.stdout is not None
    for i in range(2):  # the second one comes when the first is told
        process.stdin.write(ballot(town, poll, i).to_json() + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["outcome"] == "cast"
    process.communicate()
    assert process.returncode == 0


def test_replacement_in_one_input_comes_after_what_it_replaces(town: Town, shell: Shell) -> None:
    poll = opened(town, "replacement")
    first = ballot(town, poll, 0)
    account = town.voters[0]
    second = PreparedBallot.encrypt(
        [0, 0, 0, 0, 1],
        poll.definition,
        voter=account.address,
        weight=1,
        replaces=first.tracker(poll.hash),
    ).sign(account)
    out, err = carry_stdin(shell).communicate(f"{first.to_json()}\n{second.to_json()}\n")
    assert [json.loads(each)["outcome"] for each in out.splitlines()] == ["cast"] * 2, err
    assert poll.tracker(account.address) == second.tracker(poll.hash)


def test_nobody_pays_for_what_is_refused(town: Town, shell: Shell) -> None:
    poll = opened(town, "refused")
    good = ballot(town, poll, 0)
    other = ballot(town, poll, 1)
    stranger = PreparedBallot.encrypt(
        [1, 0, 0, 0, 0], poll.definition, voter=town.stranger.address, weight=1
    ).sign(town.stranger)
    bad = {
        "NotOnRoll": stranger,
        "InvalidSignature": replace(other, voter=good.voter),  # a copy of another's ballot
        "BallotExpired": ballot(town, poll, 2, deadline=town.chain.time - 1),
        "WrongTracker": replace(other, replaces=good.tracker(poll.hash)),
        "InvalidDocument": None,
        "WrongNetwork": replace(other, chain_id=1),
    }
    nonsense = Signature(bytes(32), b"\xff" * 32)
    text = "".join(f"{each.to_json() if each else '{}'}\n" for each in bad.values())
    text += replace(good, signature=nonsense).to_json() + "\n"
    forged = replace(other.ballot, responses=tuple(reversed(other.ballot.responses)))
    text += resigned(town, poll, 1, replace(other, ballot=forged)).to_json() + "\n"
    before = town.embedded.node.balance(person("carrier").address)
    process = carry_stdin(shell)
    out, err = process.communicate(text)
    ended = Ended(process.returncode, out, err)
    assert refusals(ended) == [*bad, "InvalidSignature", "InvalidProof"]
    assert town.embedded.node.balance(person("carrier").address) == before
    out, err = carry_stdin(shell).communicate(text + good.to_json())
    assert json.loads(out.splitlines()[-2])["outcome"] == "cast", err
    assert poll.ballots_cast == 1


def resigned(town: Town, poll: Poll, voter: int, signed: SignedBallot) -> SignedBallot:
    """A ballot whose voter has signed it, wrong as it is."""
    signable = message(
        chain_id=signed.chain_id,
        poll=signed.poll,
        voter=signed.voter,
        tracker=signed.tracker(poll.hash),
        replaces=signed.replaces,
        deadline=signed.deadline,
    )
    return replace(signed, signature=sign(town.voters[voter], signable))


def test_ballots_for_a_closed_poll_are_refused(town: Town, shell: Shell) -> None:
    poll = opened(town, "closed")
    path = written(shell, "late.json", ballot(town, poll, 0, deadline=2**40))
    town.close(poll)
    ended = shell.veche("carry", path, "--json")
    assert refusals(ended) == ["WrongPhase"]


def test_carrier_without_ether_is_told(town: Town, shell: Shell) -> None:
    poll = opened(town, "no ether")
    town.embedded.node.request("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    keystore = write_keystore(shell.folder / "poor.key", town.poor)
    path = written(shell, "0.json", ballot(town, poll, 0))
    ended = shell.veche("carry", path, "--keystore", keystore, "--json")
    assert (ended.code, ended.error) == (6, "InsufficientFunds")
    assert not poll.ballots_cast


def test_killed_carrier_casts_nothing_twice(town: Town, shell: Shell) -> None:
    poll = opened(town, "killed")
    file = shell.folder / "all.jsonl"
    file.write_text("".join(ballot(town, poll, i).to_json() + "\n" for i in range(60)))
    node, carrier = town.embedded.node, person("carrier").address
    node.request("evm_setAutomine", False)  # noqa: FBT003  # JSON
    sent = node.next_nonce(carrier)
    process = carry_stdin(shell)
    assert process.stdin is not None
    process.stdin.write(file.read_text())
    process.stdin.flush()
    begun = monotonic()
    while node.next_nonce(carrier) == sent:
        assert process.poll() is None
        assert monotonic() < begun + 60
        sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    node.request("evm_setAutomine", True)  # noqa: FBT003  # JSON
    node.request("evm_mine")
    out, err = carry_stdin(shell).communicate(file.read_text())
    fates = {json.loads(each)["outcome"] for each in out.splitlines()}
    assert fates == {"cast", "found"}, err
    logged = [each.tracker for each in poll.ballots()]
    assert len(logged) == len(set(logged)) == poll.ballots_cast == 60


def test_transaction_of_several_is_never_too_large(town: Town) -> None:
    poll = opened(town, "size")
    signed = [ballot(town, poll, i) for i in range(45)]
    count = next(n for n in range(45, 0, -1) if casting.fits(poll.definition, signed[:n]))
    data = casting.batch_data(poll, signed[:count])
    assert 0.9 * casting.size(poll.definition, signed[:count]) < len(data) <= MAX_BYTES
    submitted = Sender(town.embedded.node, town.official).submit(
        poll.address, data, gas=casting.gas(poll.definition, signed[:count])
    )
    assert submitted.raw is not None
    assert len(submitted.raw) <= casting.size(poll.definition, signed[:count]) <= MAX_BYTES


def test_help_teaches() -> None:
    run = subprocess.run(  # our own code
        [sys.executable, "-m", "veche.cli", "carry", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "neither read nor change" in run.stdout
