"""Officials who forge a catalogue, a board or a poll: no voter encrypts for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_hash.auto import keccak

from support.bent_polls import flipped
from support.elections import CHOOSE_ONE_AND_APPROVE, TWO_QUESTIONS, Town, towns, trustee
from support.forged_polls import clone, created, forged_poll, reverting
from veche import Poll, Roll
from veche.chain.catalogue import Catalogue, PollTerms
from veche.chain.foundation import NodeFoundation, require_ready_board
from veche.chain.poll_contract import PollContract
from veche.chain.transactions import Sender
from veche.crypto.group import G, Secret
from veche.errors import ChecksFailed, UnknownBoard, UnknownContract
from veche.protocol.phase import BoardPhase
from veche.trust import artifact, provenance
from veche.trust.provenance import BEWARE, TALLY_CODE

TREES = {"Which tree?": "Lime"}
OWNER, OFFICIAL_POLLS, OFFICIAL_BOARDS = 0, 2, 3
"""Slots of a catalogue."""
BOARD_HASH, PHASE, KEY = 2, 4, 5
"""Slots of a board; y of the key follows x."""
TRACKERS = 10
"""More slots than a poll has before its mapping of trackers."""
READY = 2


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with towns() as made:
        yield made


def number(address: str) -> int:
    return int(address, 16)


def place(key: str, mapping: int) -> int:
    """The slot of an address in a mapping."""
    return int.from_bytes(keccak(number(key).to_bytes(32, "big") + mapping.to_bytes(32, "big")))


def sender(town: Town) -> Sender:
    return Sender(town.embedded.node, town.official)


def forged_board(town: Town) -> str:
    """A board with the terms of the town's, and a key that its maker knows alone."""
    honest = town.board
    parts = artifact.clone_parts(honest.contract.code)
    assert parts
    own = G * Secret(7)
    storage = {
        BOARD_HASH: int.from_bytes(honest.definition.hash),
        PHASE: READY,
        KEY: own.x,
        KEY + 1: own.y,
    }
    return created(sender(town), clone(*parts), storage)


def forged_catalogue(town: Town, *boards: str, polls: tuple[str, ...] = ()) -> Catalogue:
    """A catalogue with the code of the town's, to the byte, that lists what its maker wants."""
    code = town.catalogue.contract.code
    storage = {OWNER: number(town.official.address)}
    storage |= {place(each, OFFICIAL_BOARDS): 1 for each in boards}
    storage |= {place(each, OFFICIAL_POLLS): 1 for each in polls}
    return town.chain.catalogue(created(sender(town), code, storage))


def publish(town: Town, catalogue: Catalogue, board: str) -> Poll:
    roll = Roll((each.address, 1) for each in town.voters)
    now = town.chain.time
    terms = PollTerms(
        board, roll.root, roll.total_weight, now + 10, now + 1000, 2, CHOOSE_ONE_AND_APPROVE
    )
    address = catalogue.publish("forged", terms, TWO_QUESTIONS.encoded, town.chain.sender)
    version = len(catalogue.versions("forged")) - 1
    catalogue.publish_roll("forged", version, 0, list(roll), town.chain.sender)
    poll = town.chain.poll(address)
    town.embedded.at_time(poll.definition.opens)
    return poll


def faults(town: Town, poll: Poll) -> str:
    """What a voter's client says of a poll, from which it encrypts nothing."""
    with pytest.raises(ChecksFailed) as caught:
        poll.prepare(TREES, voter=town.voters[0].address)
    assert caught.value.exit_code == 9
    return str(caught.value)


def test_honest_poll_has_its_foundation(town: Town) -> None:
    poll = town.open_poll("honest")
    assert poll.prepare(TREES, voter=town.voters[0].address).tracker
    found = NodeFoundation(town.embedded.node, poll.address).provenance()
    assert found.root.address == town.catalogue.address
    assert not any(provenance.faults_in_root(found.root).values())


def test_board_with_a_key_of_its_maker_is_refused(town: Town) -> None:
    """Its code is the published one, and so is that of the catalogue that lists it."""
    board = forged_board(town)
    with pytest.raises(UnknownBoard):
        publish(town, town.catalogue, board)
    catalogue = forged_catalogue(town, board)
    poll = publish(town, catalogue, board)
    assert poll.definition.key == G * Secret(7)
    said = faults(town, poll)
    assert f"not at {catalogue.address}" in said
    assert BEWARE in said


def test_trustees_board_is_refused_by_officials_if_it_is_forged(town: Town) -> None:
    board = forged_board(town)
    for catalogue in (town.catalogue, forged_catalogue(town, board)):
        with pytest.raises(ChecksFailed, match=BEWARE):
            require_ready_board(town.embedded.node, board, catalogue=catalogue.address)


@pytest.mark.parametrize("bad_dealer", [None, 2])
def test_trustee_opens_nothing_on_a_board_of_a_forged_catalogue(
    town: Town, tmp_path: Path, bad_dealer: int | None
) -> None:
    board = town.dealt_board(bad_dealer=bad_dealer)
    forged, own = forged_catalogue(town, board.address), trustee(town, 1, tmp_path)
    with pytest.raises(ChecksFailed, match=f"not at {forged.address}: {BEWARE}"):
        own.confirm(board, forged)
    assert not own.answers.has_confirmed(board.definition.hash)
    assert board.phase == BoardPhase.CONFIRMING


def test_poll_in_which_somebody_has_voted_before_it_was_made_is_refused(town: Town) -> None:
    """A voter with a tracker that nobody knows could never vote."""
    honest = town.open_poll("copied")
    contract = honest.contract
    storage = {
        slot: int(
            town.embedded.node.request("eth_getStorageAt", contract.address, hex(slot), "latest"),
            16,
        )
        for slot in range(TRACKERS)
    }
    storage |= {place(town.voters[0].address, slot): 1 for slot in range(TRACKERS)}
    forged = created(sender(town), contract.code, storage)
    assert PollContract(town.embedded.node, forged).read("tracker", town.voters[0].address)
    poll = Poll.__new__(Poll)
    poll.__dict__ |= honest.__dict__ | {"address": forged}
    with pytest.raises(ChecksFailed, match=f"did not make {forged}"):
        poll.require_foundation()


def test_poll_of_a_stranger_is_refused(town: Town) -> None:
    honest = town.open_poll("like")
    forged = forged_poll(town, honest, board=reverting(""))
    poll = Poll.__new__(Poll)
    poll.__dict__ |= honest.__dict__ | {"address": forged}
    with pytest.raises(ChecksFailed, match="cannot be read"):
        poll.require_foundation()


def test_poll_that_other_code_counts_is_refused(town: Town) -> None:
    poll = town.open_poll("counted otherwise")
    node, tally = town.embedded.node, poll.contract.read("tally")
    code = node.code(tally)
    node.request("anvil_setCode", tally, "0x" + flipped(code).hex())
    try:
        with pytest.raises(UnknownContract, match="not a Tally of Veche"):
            Poll(node, poll.address)
        assert TALLY_CODE in faults(town, poll)
    finally:
        node.request("anvil_setCode", tally, "0x" + code.hex())
    assert poll.prepare(TREES, voter=town.voters[0].address).tracker


def test_catalogue_that_was_not_created_with_create2_is_refused(town: Town) -> None:
    """Its constructor has run, but its address does not show it."""
    own = town.catalogue.contract
    arguments = [town.official.address, own.read("pollCode"), own.read("boardCode"), bytes(32)]
    creation = own.interface.creation(*arguments)
    made = sender(town).send(None, creation).contract
    assert made
    catalogue = town.chain.catalogue(made)
    there = town.catalogue, town.board
    town.catalogue = catalogue
    try:
        board = town.ready_board()
    finally:
        town.catalogue, town.board = there
    said = faults(town, publish(town, catalogue, board.address))
    assert f"not at {made}" in said
