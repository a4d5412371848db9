"""Trustees at work: from their keys to their shares, and everything that they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_hash.auto import keccak

from support.elections import BEGINS, Town, towns, trustee
from support.lying_nodes import Lie, LyingNode, lying_node
from veche import Poll
from veche.chain.board import Failure
from veche.chain.connection import connect
from veche.chain.contract import Interface
from veche.chain.node import Node
from veche.crypto.group import Secret
from veche.errors import (
    AlreadyAnswered,
    AlreadyConfirmed,
    AlreadyDealt,
    AlreadyShared,
    AnsweredElsewhere,
    ChecksFailed,
    NotSignedByTrustee,
    UnknownTrustee,
    WrongBoardPhase,
    WrongPhase,
)
from veche.protocol.board import BoardDefinition
from veche.protocol.phase import BoardPhase, Phase
from veche.trust import artifact, foundation
from veche.trust.report import Verdict
from veche.trustee.duties import Duty, Task, owed
from veche.trustee.trustee import Confirmation

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}


def tasks(duties: list[Duty]) -> list[Task]:
    """The tasks of duties that can be done now."""
    return [duty.task for duty in duties if not duty.waits_for]


@pytest.fixture(scope="module")
def closed(town: Town) -> Poll:
    """A poll with three ballots that is closed."""
    poll = town.open_poll("closed")
    for voter in range(3):
        town.cast(poll, voter, TREES)
    town.close(poll)
    return poll


# -- Ceremony --


def test_ceremony_ends_with_a_key(town: Town, tmp_path: Path) -> None:
    board = town.convene()
    people = [trustee(town, index, tmp_path) for index in (1, 2, 3)]
    for each in people:
        assert tasks(owed(each, [board], [])) == [Task.DEAL]
        each.deal(board)
        assert not tasks(owed(each, [board], [])) or board.phase == BoardPhase.CONFIRMING
    for each in people:
        assert tasks(owed(each, [board], [])) == [Task.CONFIRM]
        assert each.confirm(board, town.catalogue) == Confirmation.CONFIRMED
        assert not tasks(owed(each, [board], []))
    assert board.phase == BoardPhase.READY
    assert board.contract.read("key") != (0, 0)


def test_dealing_and_confirming_fail_the_second_time(town: Town, tmp_path: Path) -> None:
    board = town.convene()
    people = [trustee(town, index, tmp_path) for index in (1, 2, 3)]
    with pytest.raises(WrongBoardPhase):
        people[0].confirm(board, town.catalogue)
    people[0].deal(board)
    with pytest.raises(AlreadyDealt):
        people[0].deal(board)
    for each in people[1:]:
        each.deal(board)
    people[0].confirm(board, town.catalogue)
    with pytest.raises(AlreadyConfirmed):
        people[0].confirm(board, town.catalogue)


def test_bad_share_is_blamed_and_fails_the_board(town: Town, tmp_path: Path) -> None:
    board = town.dealt_board(bad_dealer=2)
    assert trustee(town, 2, tmp_path).confirm(board, town.catalogue) == Confirmation.CONFIRMED
    assert trustee(town, 1, tmp_path).confirm(board, town.catalogue) == Confirmation.BLAMED
    state = board.state()
    assert (state.phase, state.failure) == (BoardPhase.FAILED, Failure.BAD_SHARE)
    assert state.faulty_trustee == 2


def test_confirming_waits_until_the_last_deal_has_its_confirmations(
    town: Town, tmp_path: Path
) -> None:
    """Deals in another order after a reorganisation have another hash, and one is confirmed."""
    careful = trustee(town, 1, tmp_path)
    careful.chain.confirmations = 2
    board = town.dealt_board()
    (duty,) = owed(careful, [board], [])
    assert (duty.task, duty.waits_for) == (
        Task.CONFIRM,
        "the last deal does not have 2 confirmations yet",
    )
    with pytest.raises(WrongBoardPhase):
        careful.confirm(board, town.catalogue)
    assert not careful.answers.has_confirmed(board.definition.hash)
    town.embedded.node.request("evm_mine")
    assert tasks(owed(careful, [board], [])) == [Task.CONFIRM]
    with town.a_block_every_second():
        assert careful.confirm(board, town.catalogue) == Confirmation.CONFIRMED


def test_dealing_fails_if_the_key_is_not_of_the_board(town: Town, tmp_path: Path) -> None:
    board = town.convene()
    stranger = replace(trustee(town, 1, tmp_path), sealing=Secret(11))
    with pytest.raises(UnknownTrustee):
        stranger.deal(board)


def test_dealing_fails_if_the_account_is_another(town: Town, tmp_path: Path) -> None:
    board = town.convene()
    mixed = replace(trustee(town, 1, tmp_path), account=town.trustees[1].account)
    with pytest.raises(NotSignedByTrustee):
        mixed.deal(board)


# -- Result --


def test_trustees_decrypt_and_the_result_is_proven(
    town: Town, liar: LyingNode, tmp_path: Path
) -> None:
    poll = town.open_poll("decrypted")
    town.cast(poll, 0, TREES)
    town.cast(poll, 1, {"Which tree?": "Oak"})
    town.cast(poll, 0, {"Which tree?": "Oak", "Which benches?": ["Wood"]})
    town.close(poll)
    for index in (3, 1):
        own = trustee(town, index, tmp_path)
        assert tasks(owed(own, [town.board], [poll])) == [Task.DECRYPT]
        own.decrypt(poll, town.catalogue, other=Node(liar.url))
        assert not tasks(owed(own, [town.board], [poll]))
    poll.publish_result(payer=town.official)
    assert poll.result() == {
        "Which tree?": {"Lime": 0, "Oak": 2, "Rowan": 0},
        "Which benches?": {"Wood": 1, "Stone = granite": 0, "[bold]Iron[/bold]": 0},
    }


def test_every_check_has_its_name(town: Town, closed: Poll, tmp_path: Path) -> None:
    sums, report = trustee(town, 1, tmp_path).check(closed, town.catalogue)
    assert sums == closed.sums()
    assert {each.verdict for each in report} <= {Verdict.PASS, Verdict.PENDING}
    names = [each.name for each in report]
    assert len(names) == len(set(names))
    assert {"poll hash", "code of polls", "ballot proofs", "sums", "catalogue to serve"} <= {*names}


def test_decrypting_fails_before_the_close(town: Town, tmp_path: Path) -> None:
    poll = town.open_poll("open")
    with pytest.raises(WrongPhase):
        trustee(town, 1, tmp_path).decrypt(poll, town.catalogue)


def test_decrypting_fails_by_the_trustees_own_clock(
    town: Town, closed: Poll, tmp_path: Path
) -> None:
    early = replace(trustee(town, 1, tmp_path), clock=lambda: closed.definition.closes - 1)
    with pytest.raises(WrongPhase, match="clock"):
        early.decrypt(closed, town.catalogue)
    *_, duty = owed(early, [town.board], [closed])
    assert "clock" in duty.waits_for


def test_decrypting_fails_while_no_final_block_is_past_the_close(
    town: Town, tmp_path: Path
) -> None:
    poll = town.open_poll("not final")
    for voter in range(2):
        town.cast(poll, voter, TREES)
    town.close(poll)
    waiting = replace(trustee(town, 1, tmp_path), final_confirmations=6)
    with pytest.raises(WrongPhase, match="6 confirmations"):
        waiting.decrypt(poll, town.catalogue)
    for _ in range(5):
        town.embedded.node.request("evm_mine")
    waiting.decrypt(poll, town.catalogue)


def test_decrypting_fails_for_a_poll_of_another_catalogue(
    town: Town, closed: Poll, tmp_path: Path
) -> None:
    other = town.chain.create_catalogue(salt=bytes(31) + b"\1")
    with pytest.raises(ChecksFailed, match="catalogue to serve"):
        trustee(town, 1, tmp_path).decrypt(closed, other)
    assert closed.shares_posted() == []


def test_decrypting_fails_if_the_code_is_not_the_published_one(
    town: Town, closed: Poll, tmp_path: Path
) -> None:
    node = town.embedded.node
    implementation = town.catalogue.contract.read("pollCode")
    code = node.code(implementation)
    node.request("anvil_setCode", implementation, "0x" + code[:-1].hex() + "00")
    try:
        with pytest.raises(ChecksFailed, match="code of polls"):
            trustee(town, 1, tmp_path).decrypt(closed, town.catalogue)
    finally:
        node.request("anvil_setCode", implementation, "0x" + code.hex())


def test_decrypting_fails_if_the_sums_are_not_those_of_the_ballots(
    town: Town, closed: Poll, tmp_path: Path
) -> None:
    """The contract's storage is altered: x of the first sum becomes that of the second."""
    node = town.embedded.node
    slots = [f"0x{slot:064x}" for slot in range(40)]
    first = closed.sums()[0].a.x
    place = next(
        slot
        for slot in (*slots, *_array_slots(slots))
        if int(node.request("eth_getStorageAt", closed.address, slot, "latest"), 16) == first
    )
    word = node.request("eth_getStorageAt", closed.address, place, "latest")
    node.request("anvil_setStorageAt", closed.address, place, f"0x{closed.sums()[1].a.x:064x}")
    try:
        with pytest.raises(ChecksFailed, match="sums"):
            trustee(town, 1, tmp_path).decrypt(closed, town.catalogue)
    finally:
        node.request("anvil_setStorageAt", closed.address, place, word)


def _array_slots(slots: list[str]) -> Iterator[str]:
    """Where dynamic arrays and mappings by small numbers in these slots begin."""
    for slot in slots:
        start = int.from_bytes(keccak(bytes.fromhex(slot[2:])), "big")
        yield from (f"0x{start + offset:064x}" for offset in range(4))
        for number in range(4):
            yield "0x" + keccak(number.to_bytes(32, "big") + bytes.fromhex(slot[2:])).hex()


def test_decrypting_fails_if_the_node_showed_another_poll_before(
    town: Town, tmp_path: Path
) -> None:
    """A close that has passed, with the hash that goes with it; and the truth when all is checked:
    so trustees would answer for sums to which ballots are still added.
    """
    poll = town.open_poll("shown otherwise")
    for voter in range(3):
        town.cast(poll, voter, TREES)
    shown = replace(poll.definition, closes=poll.definition.opens + 1)
    town.embedded.at_time(shown.closes + 1)
    phase = {"phase": Phase.CLOSED.number.to_bytes(32, "big")}
    first = phase | {"closes": shown.closes.to_bytes(32, "big"), "pollHash": shown.hash}
    with lying_node(town.url) as liar:
        liar.lie = showing(first)
        own = trustee(town, 1, tmp_path)
        own.chain = connect(liar.url, account=town.trustees[0].account)
        seen = own.chain.poll(poll.address)
        assert seen.hash == shown.hash
        liar.lie = showing(phase)
        with pytest.raises(ChecksFailed, match=foundation.POLL_HASH):
            own.decrypt(seen, town.catalogue)
    assert json.loads(own.answers.path.read_text())["polls"] == {}


def showing(values: dict[str, bytes]) -> Lie:
    """Methods of a poll that return something else."""
    interface = Interface(artifact.load("Poll"))
    told = {"0x" + interface.data(name).hex(): value for name, value in values.items()}

    def lie(method: str, parameters: list[Any], result: Any) -> Any:
        data = parameters[0].get("data") if method == "eth_call" else None
        return "0x" + told[data].hex() if data in told else result

    return lie


def test_share_is_not_made_again_for_other_sums(town: Town, closed: Poll, tmp_path: Path) -> None:
    own = trustee(town, 2, tmp_path)
    own.answers.promise(closed.hash, b"\7" * 32)
    with pytest.raises(AlreadyAnswered):
        own.decrypt(closed, town.catalogue)
    assert closed.shares_posted() == []


def test_trustee_who_died_before_sending_answers_again(
    town: Town, closed: Poll, tmp_path: Path
) -> None:
    own = trustee(town, 2, tmp_path)
    sums_hash = bytes(closed.contract.read("sumsHash"))
    own.answers.promise(closed.hash, sums_hash)
    own.decrypt(closed, town.catalogue)
    assert closed.shares_posted() == [2]
    with pytest.raises(AlreadyShared):
        own.decrypt(closed, town.catalogue)


def test_node_that_is_asked_twice_does_not_agree(town: Town, closed: Poll, tmp_path: Path) -> None:
    again = Node(town.url.replace("127.0.0.1", "localhost"))
    own, board = trustee(town, 3, tmp_path), town.dealt_board()
    with pytest.raises(ChecksFailed, match="one node, which agrees with itself"):
        own.decrypt(closed, town.catalogue, other=again)
    with pytest.raises(ChecksFailed, match="one node, which agrees with itself"):
        own.confirm(board, town.catalogue, other=again)
    assert 3 not in closed.shares_posted()


def test_decrypting_fails_if_two_nodes_disagree(town: Town, closed: Poll, tmp_path: Path) -> None:
    with towns(begins=BEGINS + 1) as elsewhere:
        elsewhere.embedded.node.request("anvil_mine", hex(town.chain.node.block()["number"]))
        with pytest.raises(ChecksFailed, match="nodes agree"):
            trustee(town, 3, tmp_path).decrypt(
                closed, town.catalogue, other=elsewhere.embedded.node
            )
    assert 3 not in closed.shares_posted()


def test_trustee_whose_folder_was_copied_does_nothing_more(town: Town, tmp_path: Path) -> None:
    """The copy was made before the trustee confirmed, or before it decrypted."""
    board, poll = town.ready_board(), town.open_poll("copied")
    for voter in range(2):
        town.cast(poll, voter, TREES)
    town.close(poll)
    own, copy = (trustee(town, 1, tmp_path / name) for name in ("own", "copy"))
    with pytest.raises(AnsweredElsewhere, match="confirmed the board"):
        owed(own, [board], [])
    assert tasks(owed(copy, [town.board], [poll])) == [Task.DECRYPT]
    own.decrypt(poll, town.catalogue)
    assert not tasks(owed(own, [town.board], [poll]))
    with pytest.raises(AnsweredElsewhere, match="decrypted the poll"):
        owed(copy, [town.board], [poll])
    with pytest.raises(AnsweredElsewhere, match="decrypted the poll"):
        copy.share(poll, town.catalogue)
    assert not copy.answers.has_promised(poll.hash)


def test_definition_of_a_board_is_what_was_convened(town: Town) -> None:
    definition: BoardDefinition = town.board.definition
    assert [each.account for each in definition.terms.trustees] == [
        each.account.address for each in town.trustees
    ]
