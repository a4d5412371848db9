"""Officials at work on an embedded chain, and killed at work."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from support.commands import Shell
from support.officials_work import BEGINS, EXAMPLES, ID, ExampleTown, killed_at_every_step, person
from veche import official
from veche.chain.connection import connect
from veche.chain.embedded import embedded_chain
from veche.chain.pending import PASSED_OVER
from veche.crypto.group import G
from veche.errors import (
    BoardNotReady,
    ChecksFailed,
    Declined,
    HasBallots,
    InsufficientFunds,
    InvalidDeadlines,
    InvalidFile,
    InvalidTimes,
    NotDeployed,
    Obstacles,
    OwnableUnauthorizedAccount,
    TooFewShares,
    TooFewVoters,
    TransactionPending,
    UnknownPollId,
    UnknownVersion,
    WrongNetwork,
    WrongPhase,
)
from veche.official import Office, open_office
from veche.protocol.phase import Phase

KEY = 5
"""The slot of x of a board's key; y follows it."""
CATALOGUE_STEPS = 3
"""The code of polls, the code of boards, the catalogue; anvil has the deployer."""


# -- From the files to the result --


def test_status_tells_where_everything_stands_from_the_files_to_the_result(
    town: ExampleTown,
) -> None:
    def told(*parts: str) -> None:
        text = official.status(town.office())
        for part in parts:
            assert part in text, text

    told("not noted in", "veche official deploy-catalogue")
    official.deploy_catalogue(town.office())
    told(f"owned by {town.official.address}", "veche official convene-board board.toml")
    board = official.convene_board(town.office(), town.board_file)
    told("Board city-2027: dealing", f"1. Anna Petrova, {person(0).address}", "until", "09:00 UTC")
    town.trustee(0).deal(board)
    assert "1. Anna" not in official.status(town.office())
    for index in (1, 2):
        town.trustee(index).deal(board)
    town.trustee(1).confirm(board, town.office().catalogue)
    told(
        "city-2027: confirming", "not confirmed  1. Anna Petrova", "`veche trustee confirm`: remind"
    )
    for index in (0, 2):
        town.trustee(index).confirm(board, town.office().catalogue)
    told("Board city-2027: ready", "veche official publish-poll poll.toml")

    poll = official.publish_poll(town.office(), town.poll_file)
    assert f"veche:{poll.address}@31337#0x{poll.hash.hex()}" in town.told()
    told(f"Poll {ID}, version 0: scheduled", "0 voters so far", "veche official publish-roll")
    official.publish_roll(town.office(), town.poll_file)
    told("published, 24 voters", "wait: it opens")
    town.voters_vote(poll)
    turnout = "10 of 24 voters (41.7%), weight 13 of 31 (41.9%)"
    told("version 0: open", turnout, "until it closes")
    town.chain.at_time(poll.definition.closes)
    told(
        "version 0: closed", "0 of 2 decryption shares are there", "`veche trustee decrypt`: remind"
    )
    town.trustees_decrypt(poll, 1)
    told(
        "1 of 2 decryption shares are there (of trustee 2)", f"3. Clara Weiss, {person(2).address}"
    )
    town.trustees_decrypt(poll, 0)
    told("(of trustees 2, 1)", f"veche official publish-result {ID}")
    town.said.clear()
    official.publish_result(town.office(), ID)
    result = " ".join(town.told().split())
    figures = (
        "Oak 13 100.0%",
        "Nowhere 13 100.0%",
        "Playground 91 70.0%",
        "Most votes: 'Oak', 13.",
        f"Turnout: {turnout}.",
        "Quorum: at least 25% of voters, 6 of 24. It is met.",
    )
    shown = " ".join(official.status(town.office()).split())
    for line in figures:
        assert line in result, result
        assert line in shown, shown
    told("version 0: tallied", "Fountain", "the result is proven")
    assert poll.phase == Phase.TALLIED


def test_plan_of_a_poll_tells_all_that_is_in_it(town: ExampleTown) -> None:
    town.with_a_key()
    official.publish_poll(town.office(), town.poll_file)
    text = town.told()
    for part in (
        f"{town.official.address}, 999.9",
        "town, chain 31337",
        "Trees for Oak Street",
        "Which tree?",
        "choose one: Lime | Oak | Maple",
        "approve of any number",
        "give 10 points in all",
        "2027-03-01 09:00 +03:00 (2027-03-01 06:00 UTC)",
        "24, total weight 31",
        "2 of 3 trustees decrypt",
        "10 voters, otherwise there is no result",
        "at least 25% of voters",
        "To pass, an option needs more than 50% of votes.",
        "1. publish the poll",
    ):
        assert part in text, text


# -- Killed --


def test_catalogue_is_deployed_once_if_killed_anywhere(town: ExampleTown) -> None:
    assert killed_at_every_step(town, official.deploy_catalogue) == 6 * CATALOGUE_STEPS + 2
    assert town.sent() == CATALOGUE_STEPS


def test_board_is_convened_once_if_killed_anywhere(town: ExampleTown) -> None:
    official.deploy_catalogue(town.office())
    convene = partial(official.convene_board, path=town.board_file)
    assert killed_at_every_step(town, convene) == 6
    assert town.sent() == CATALOGUE_STEPS + 1


def test_poll_is_published_once_if_killed_anywhere(town: ExampleTown) -> None:
    town.with_a_key()
    publish = partial(official.publish_poll, path=town.poll_file)
    assert killed_at_every_step(town, publish) == 6
    assert len(town.office().catalogue.versions(ID)) == 1


def test_roll_is_published_once_if_killed_anywhere(town: ExampleTown) -> None:
    town.with_a_key()
    poll = official.publish_poll(town.office(), town.poll_file)
    publish = partial(official.publish_roll, path=town.poll_file, chunk=10)
    assert killed_at_every_step(town, publish) == 18
    logged = [each.values["first"] for each in poll.contract.events("RollPublished")]
    assert logged == [0, 10, 20]
    assert len(poll.roll) == 24


def test_poll_is_cancelled_once_if_killed_anywhere(town: ExampleTown) -> None:
    poll = town.with_a_poll()
    assert killed_at_every_step(town, partial(official.cancel_poll, id_=ID)) == 6
    assert poll.phase == Phase.CANCELLED


def test_result_is_recorded_once_if_killed_anywhere(town: ExampleTown) -> None:
    poll = town.with_shares()
    assert killed_at_every_step(town, partial(official.publish_result, id_=ID)) == 6
    assert poll.phase == Phase.TALLIED


def note_pending(office: Office, step: str, transaction: bytes) -> None:
    """Notes a transaction as an earlier run did."""
    with office.deployments.alone():
        office.deployments.pending[step] = [f"0x{bytes(transaction).hex()}"]
        office.deployments.save()


def test_transaction_that_waits_for_a_block_is_waited_for(town: ExampleTown) -> None:
    office = town.office()
    town.chain.node.request("evm_setAutomine", False)  # noqa: FBT003  # plain JSON
    signed = town.official.sign_transaction(
        {"nonce": 0, "gas": 21_000, "gasPrice": 10**9, "chainId": 31337, "to": person(5).address}
    )
    note_pending(office, "board other", signed.hash)
    town.chain.node.send_raw(bytes(signed.raw_transaction))
    town.chain.node.request("evm_setIntervalMining", 1)
    official.deploy_catalogue(town.office())
    assert "Waiting for transaction" in town.told()
    assert town.sent() == 1 + CATALOGUE_STEPS
    assert not town.office().deployments.pending


def test_transaction_that_failed_is_forgotten(town: ExampleTown) -> None:
    official.deploy_catalogue(town.office())
    office = town.office()
    nonce = town.sent()
    fields: dict[str, Any] = {"nonce": nonce, "gas": 100_000, "gasPrice": 10**9, "chainId": 31337}
    fields |= {"to": office.catalogue.address, "data": "0xffffffff"}
    signed = town.official.sign_transaction(fields)
    town.chain.node.send_raw(bytes(signed.raw_transaction))
    note_pending(office, "board city-2027", signed.hash)
    town.told()
    board = official.convene_board(town.office(), town.board_file)
    assert "it failed" in town.told()
    assert town.office().deployments.boards == {"city-2027": board.address}


# -- Given again while a transaction waits --


def no_blocks(town: ExampleTown) -> None:
    """No block holds what is sent, until one is mined."""
    town.chain.node.request("evm_setAutomine", False)  # noqa: FBT003  # plain JSON


def dear_blocks(town: ExampleTown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a block come whenever somebody waits. In the first ones gas costs too much."""
    node, blocks = town.chain.node, count()

    def mine(_: float) -> None:
        dear = next(blocks) < 2 * PASSED_OVER
        node.request("anvil_setNextBlockBaseFeePerGas", hex(10**11 if dear else 1))
        node.request("evm_mine")

    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    for module in ("pending", "transactions"):
        monkeypatch.setattr(f"veche.chain.{module}.sleep", mine)


def hasty(town: ExampleTown, monkeypatch: pytest.MonkeyPatch, run: Callable[[], object]) -> bytes:
    """A run that ends before a block holds what it has sent. Returns the hash of that."""
    before = town.sent()
    with monkeypatch.context() as patched:
        patched.setattr("veche.chain.block_watch.PATIENCE", 0)
        with pytest.raises(TransactionPending) as ended:
            run()
    assert town.sent() == before + 1
    return ended.value.transaction or b""


@pytest.mark.parametrize("is_noted", [True, False], ids=["noted", "in another folder"])
def test_board_is_convened_once_and_priced_again_if_blocks_pass_it_over(
    town: ExampleTown, monkeypatch: pytest.MonkeyPatch, *, is_noted: bool
) -> None:
    official.deploy_catalogue(town.office())
    sent, noted, before = town.sent(), town.folder / "deployments", town.folder / "before"
    shutil.copytree(noted, before)
    no_blocks(town)
    convene = partial(official.convene_board, path=town.board_file)
    first = hasty(town, monkeypatch, lambda: convene(town.office()))
    if not is_noted:
        shutil.rmtree(noted)
        before.rename(noted)
    dear_blocks(town, monkeypatch)
    board = convene(town.office())
    assert town.sent() == sent + 1
    assert town.chain.node.receipt(first) is None
    office = town.office()
    assert office.deployments.boards == {"city-2027": board.address}
    assert not office.deployments.pending


def test_every_price_of_a_transaction_is_noted(
    town: ExampleTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If only the last price were noted, nobody would know that the first one counts."""
    official.deploy_catalogue(town.office())
    no_blocks(town)
    convene = partial(official.convene_board, path=town.board_file)
    first = hasty(town, monkeypatch, lambda: convene(town.office()))
    dear_blocks(town, monkeypatch)
    noted: list[list[str]] = []

    def note(office: Office, key: str, _: str | None) -> None:
        noted.append(office.deployments.pending[key])

    monkeypatch.setattr("veche.official.office.Office._note_done", note)
    town.office().settle()
    assert noted[0][0] == f"0x{first.hex()}"
    assert len(set(noted[0])) == len(noted[0]) > 1


@pytest.mark.parametrize("is_noted", [True, False], ids=["noted", "in another folder"])
def test_ether_is_sent_once_and_priced_again_if_blocks_pass_it_over(
    town: ExampleTown, monkeypatch: pytest.MonkeyPatch, *, is_noted: bool
) -> None:
    to, amount = Account.create().address, 10**17
    no_blocks(town)
    first = hasty(town, monkeypatch, lambda: official.fund(town.office(), [to], wei=amount))
    if not is_noted:
        shutil.rmtree(town.folder / "deployments")
    dear_blocks(town, monkeypatch)
    sent = town.sent()
    official.fund(town.office(), [to], wei=amount)
    assert town.sent() == sent
    assert town.chain.node.receipt(first) is None
    assert town.chain.node.balance(to) == amount


# -- Again --


def test_running_again_sends_nothing(town: ExampleTown) -> None:
    poll = town.with_shares()
    for _ in range(2):
        official.publish_result(town.office(), ID)
    sent = town.sent()
    official.deploy_catalogue(town.office())
    official.convene_board(town.office(), town.board_file)
    official.publish_poll(town.office(), town.poll_file)
    official.publish_roll(town.office(), town.poll_file)
    assert town.sent() == sent
    assert poll.address in town.told()


def test_changed_poll_is_a_new_version_and_the_plan_says_so(town: ExampleTown) -> None:
    first = town.with_a_poll()
    town.change(town.poll_file, '"Lime"', '"Linden"')
    town.change(town.poll_file, "2027-03-08T21", "2027-03-09T21")
    second = official.publish_poll(town.office(), town.poll_file)
    text = town.told()
    assert "version 1" in text
    assert f"version 0 at {first.address} differs in: the texts, the close." in text
    assert "That one stays scheduled beside this one, with 0 ballots;" in text
    assert town.office().catalogue.versions(ID) == [first.address, second.address]
    assert f"{ID}, version 0: scheduled" in official.status(town.office())
    official.cancel_poll(town.office(), ID, 0)
    assert (first.phase, second.phase) == (Phase.CANCELLED, Phase.SCHEDULED)
    assert "version 0: cancelled" in official.status(town.office(), ID)


def test_cancelled_poll_can_be_published_again(town: ExampleTown) -> None:
    first = town.with_a_poll()
    official.cancel_poll(town.office(), ID)
    with pytest.raises(NotDeployed, match="cancelled"):
        official.publish_roll(town.office(), town.poll_file)
    second = official.publish_poll(town.office(), town.poll_file)
    assert first.address != second.address
    assert "That one is cancelled." in town.told()


def test_board_that_missed_its_deadline_makes_room_for_another(town: ExampleTown) -> None:
    official.deploy_catalogue(town.office())
    first = official.convene_board(town.office(), town.board_file)
    town.change(town.board_file, "min_voters = 10", "min_voters = 11")
    with pytest.raises(InvalidFile, match="another board already"):
        official.convene_board(town.office(), town.board_file)
    town.chain.at_time(first.definition.terms.deal_by)
    assert "dealing, too late" in official.status(town.office())
    assert "veche official convene-board" in official.status(town.office())
    town.change(town.board_file, "2027-02-01T12", "2027-02-03T12")
    second = official.convene_board(town.office(), town.board_file)
    assert town.office().deployments.board("city-2027") == second.address != first.address
    assert f"{first.address}, which has failed" in town.told()


# -- Refused, before anything is sent --


def test_publishing_fails_if_the_account_is_not_the_owner(town: ExampleTown) -> None:
    town.with_a_key()
    town.chain.fund(person(5))
    with pytest.raises(OwnableUnauthorizedAccount, match="belongs to"):
        official.publish_poll(town.office(person(5)), town.poll_file)
    official.publish_poll(town.office(), town.poll_file)
    for verb in (
        partial(official.publish_roll, path=town.poll_file),
        partial(official.cancel_poll, id_=ID),
    ):
        with pytest.raises(OwnableUnauthorizedAccount):
            verb(town.office(person(5)))
    assert town.chain.node.next_nonce(person(5).address) == 0


def test_publishing_fails_if_the_board_is_not_ready(town: ExampleTown) -> None:
    official.deploy_catalogue(town.office())
    official.convene_board(town.office(), town.board_file)
    with pytest.raises(BoardNotReady, match="it is dealing"):
        official.publish_poll(town.office(), town.poll_file)


def test_publishing_fails_if_the_key_of_the_board_is_not_its_trustees(town: ExampleTown) -> None:
    """The board is ready, and its code and its deals are in order."""
    town.with_a_key()
    node, office = town.chain.node, town.office()
    board = office.chain.board(office.deployments.board("city-2027"))
    node.request("anvil_setStorageAt", board.address, f"0x{KEY:064x}", f"0x{G.x:064x}")
    node.request("anvil_setStorageAt", board.address, f"0x{KEY + 1:064x}", f"0x{G.y:064x}")
    assert board.contract.read("key") == (G.x, G.y)
    sent = town.sent()
    with pytest.raises(ChecksFailed, match="the board's key is not the sum of its deals"):
        official.publish_poll(town.office(), town.poll_file)
    assert town.sent() == sent


def test_publishing_fails_if_the_poll_would_have_opened(town: ExampleTown) -> None:
    town.with_a_key()
    town.chain.at_time(1_804_000_000)
    with pytest.raises(InvalidTimes, match=r"2027-03-01 09:00 \+03:00"):
        official.publish_poll(town.office(), town.poll_file)


def test_publishing_fails_if_the_board_asks_for_more_ballots(town: ExampleTown) -> None:
    town.with_a_key()
    town.change(town.poll_file, "min_voters = 10", "min_voters = 9")
    with pytest.raises(TooFewVoters):
        official.publish_poll(town.office(), town.poll_file)


def test_everything_that_stands_in_the_way_is_told_at_once(town: ExampleTown) -> None:
    official.deploy_catalogue(town.office())
    official.convene_board(town.office(), town.board_file)
    town.change(town.poll_file, "min_voters = 10", "min_voters = 9")
    town.chain.at_time(1_804_000_000)
    with pytest.raises(Obstacles) as caught:
        official.publish_poll(town.office(person(5)), town.poll_file)
    assert [type(each) for each in caught.value.each] == [
        InsufficientFunds,
        OwnableUnauthorizedAccount,
        InvalidTimes,
        BoardNotReady,
        TooFewVoters,
    ]
    for each in caught.value.each:
        assert each.remedy in str(caught.value)


def test_publishing_fails_if_three_lines_of_the_file_are_wrong(town: ExampleTown) -> None:
    town.change(town.poll_file, '"Lime", ', '"Oak", ')
    town.change(town.poll_file, "points = 10", "points = 101")
    town.change(town.poll_file, "min_voters = 10", "min_voters = 1")
    with pytest.raises(InvalidFile) as caught:
        official.publish_poll(town.office(), town.poll_file)
    assert len(caught.value.mistakes) == 3


def test_publishing_fails_if_there_is_no_catalogue_and_no_board(town: ExampleTown) -> None:
    with pytest.raises(Obstacles) as caught:
        official.publish_poll(town.office(), town.poll_file)
    assert [type(each) for each in caught.value.each] == [NotDeployed, NotDeployed]


def test_publishing_a_roll_fails_if_the_poll_is_not_published(town: ExampleTown) -> None:
    town.with_a_key()
    with pytest.raises(UnknownPollId):
        official.publish_roll(town.office(), town.poll_file)
    official.publish_poll(town.office(), town.poll_file)
    town.change(town.poll_file, '"Lime"', '"Linden"')
    with pytest.raises(NotDeployed, match="publish-poll"):
        official.publish_roll(town.office(), town.poll_file)


def test_publishing_a_roll_corrects_what_was_published_wrongly(town: ExampleTown) -> None:
    town.with_a_key()
    official.publish_poll(town.office(), town.poll_file)
    office = town.office()
    wrong = [(person(7).address, 1)]
    office.catalogue.publish_roll(ID, 0, 3, wrong, office.chain.sender)
    poll = official.publish_roll(office, town.poll_file)
    assert office.chain.poll(poll.address).roll


def test_roll_is_published_although_more_was_published(town: ExampleTown) -> None:
    """Behind its end, and at its last place."""
    town.with_a_key()
    official.publish_poll(town.office(), town.poll_file)
    office = town.office()
    more = [(person(7).address, 1)] * 3
    office.catalogue.publish_roll(ID, 0, 23, more, office.chain.sender)
    poll = official.publish_roll(office, town.poll_file)
    office.catalogue.publish_roll(ID, 0, 23, more, office.chain.sender)
    sent = town.sent()
    assert official.publish_roll(office, town.poll_file).address == poll.address
    assert town.sent() == sent


def test_convening_fails_if_a_deadline_is_past(town: ExampleTown) -> None:
    official.deploy_catalogue(town.office())
    town.chain.at_time(1_803_000_000)
    with pytest.raises(InvalidDeadlines, match=r"2027-02-01 12:00 \+03:00"):
        official.convene_board(town.office(), town.board_file)


def test_everything_fails_if_the_account_has_nothing(town: ExampleTown) -> None:
    with pytest.raises(InsufficientFunds):
        official.deploy_catalogue(town.office(Account.create()))


def test_opening_fails_if_the_network_is_another_chain(town: ExampleTown) -> None:
    official.deploy_catalogue(town.office())
    with embedded_chain(begins=BEGINS + 1) as other, pytest.raises(WrongNetwork):
        open_office(connect(other.url), "town", folder=town.folder / "deployments", lasting=True)


def test_chain_that_begins_again_has_nothing_deployed(town: ExampleTown) -> None:
    """The first block of two embedded chains is the same if both begin at the same time."""
    official.deploy_catalogue(town.office())
    with embedded_chain(begins=BEGINS) as again:
        office = open_office(connect(again.url), "town", folder=town.folder / "deployments")
        assert "not noted in" in official.status(office)


def test_nothing_is_sent_if_the_official_says_no(town: ExampleTown) -> None:
    with pytest.raises(Declined) as caught:
        official.deploy_catalogue(town.office(confirm=lambda: False))
    assert caught.value.exit_code == 10
    assert town.sent() == 0


def test_cancelling_fails_if_somebody_has_voted_or_nobody_knows_the_poll(town: ExampleTown) -> None:
    poll = town.with_a_poll()
    town.voters_vote(poll, 1)
    with pytest.raises(HasBallots):
        official.cancel_poll(town.office(), ID)
    with pytest.raises(UnknownPollId):
        official.cancel_poll(town.office(), "elm-street")
    with pytest.raises(UnknownVersion):
        official.cancel_poll(town.office(), ID, 1)
    town.chain.at_time(poll.definition.closes)
    assert "version 0: void" in official.status(town.office())
    with pytest.raises(WrongPhase, match="fewer voters"):
        official.publish_result(town.office(), ID)


def test_result_fails_if_it_is_too_early(town: ExampleTown) -> None:
    poll = town.with_a_poll()
    with pytest.raises(WrongPhase, match="scheduled: it opens"):
        official.publish_result(town.office(), ID)
    town.voters_vote(poll)
    with pytest.raises(WrongPhase, match="open: it closes"):
        official.publish_result(town.office(), ID)
    town.chain.at_time(poll.definition.closes)
    town.trustees_decrypt(poll, 1)
    with pytest.raises(TooFewShares):
        official.publish_result(town.office(), ID)


def test_rare_weights_are_warned_of(town: ExampleTown) -> None:
    town.with_a_key()
    official.publish_poll(town.office(), town.poll_file)
    assert "shared by fewer than 10 voters: 4 (1 voter), 3 (1 voter), 2 (2 voters)" in town.told()


def test_what_is_perhaps_not_meant_in_the_files_is_in_the_plan(town: ExampleTown) -> None:
    town.with_a_key()
    roll = town.folder / "roll.csv"
    roll.write_text(roll.read_text().lower())
    official.publish_poll(town.office(), town.poll_file)
    assert re.search(rf"Mind: {roll}:2: [0-9]+ addresses have no checksum", town.told())


def test_equal_weights_are_not_warned_of(town: ExampleTown) -> None:
    town.with_a_key()
    roll = town.folder / "roll.csv"
    roll.write_text(re.sub(r",\d+\n", ",4\n", roll.read_text()))
    official.publish_poll(town.office(), town.poll_file)
    assert "shared by fewer" not in town.told()


def test_anyone_records_a_result(town: ExampleTown) -> None:
    poll = town.with_shares()
    town.chain.fund(person(5))
    official.publish_result(town.office(person(5)), ID)
    assert poll.phase == Phase.TALLIED


def test_no_roll_is_planned_for_a_poll_that_is_over(town: ExampleTown) -> None:
    town.with_a_key()
    poll = official.publish_poll(town.office(), town.poll_file)
    town.chain.at_time(poll.definition.closes)
    town.said.clear()
    with pytest.raises(WrongPhase, match="void: a roll can be published only before"):
        official.publish_roll(town.office(), town.poll_file)
    assert town.told() == ""


def test_people_of_the_examples_play_their_parts(town: ExampleTown) -> None:
    town.chain.fund(person(9))
    people = Path(shutil.copy(EXAMPLES / "people.py", town.folder))

    def play(part: str, refused: str = "") -> None:
        with Shell(town.folder).script(people, part, town.chain.url) as running:
            ended = running.end()
        assert ended.code == bool(refused), ended
        assert refused in ended.err
        assert "Traceback" not in ended.err

    official.deploy_catalogue(town.office())
    play("deals", "people.py deal")
    play("deal", "names no board 'city-2027'")
    official.convene_board(town.office(), town.board_file)
    play("deal")
    play("deal")
    play("confirm")
    play("deal")
    official.publish_poll(town.office(), town.poll_file)
    official.publish_roll(town.office(), town.poll_file)
    play("decrypt", "Nobody has voted yet")
    play("open")
    play("vote")
    play("decrypt")
    assert official.publish_result(town.office(), ID).phase == Phase.TALLIED
