"""A trustee whose node lies about the deals: it opens, confirms and blames nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode

from support.elections import BEGINS, Town, towns, trustee
from support.lying_nodes import Lie, LyingNode, lying_node, refusing
from veche import Board, Poll
from veche.chain import poll_contract
from veche.chain.board_contract import INTERFACE
from veche.chain.node import Node
from veche.crypto import elgamal, transcript
from veche.crypto.deal_proof import Deal
from veche.crypto.group import G, Point, Secret
from veche.errors import (
    AlreadyAnswered,
    AlreadyConfirmed,
    AnsweredElsewhere,
    ChecksFailed,
    InvalidFile,
    NodeError,
    NotConfirmed,
    UnknownContract,
    WrongBoardPhase,
)
from veche.protocol.ceremony import deal
from veche.protocol.phase import BoardPhase
from veche.trustee.answers import Answers
from veche.trustee.trustee import Confirmation, Trustee

VICTIM = 1
MANY = 1_000
"""More requests than anybody makes for a board."""
OTHER = b"\7" * 32


def selector(method: str, *args: Any) -> str:
    """The first four bytes of a call's data."""
    return INTERFACE.data(method, *args)[:4].hex()


CONFIRM = selector("confirm", 1, bytes(32), bytes(32), bytes(32))
BLAME = selector("blame", 1, 1, (1, 1), (1, 1), [])


DEALS = [selector(each, 1) for each in ("commitments", "ephemeralKey", "sealedShares")]


@dataclass
class Wire:
    """The victim's node, which tells lies and notes what it is given of the victim's acts.

    Attributes:
        node: the node.
        acts: what it was asked to do or to try: the calls of `confirm` and `blame`.
    """

    node: LyingNode
    acts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.node.twist = self._note

    def _note(self, asked: Any, answer: Any) -> Any:
        text = str(asked)
        self.acts += [act for act in (CONFIRM, BLAME) if f"0x{act}" in text]
        return answer


@pytest.fixture
def wire(town: Town) -> Iterator[Wire]:
    with lying_node(town.url) as node:
        yield Wire(node)


@pytest.fixture
def victim(town: Town, wire: Wire, tmp_path: Path) -> Trustee:
    return trustee(town, VICTIM, tmp_path, url=wire.node.url)


def showing(board: Board, told: dict[tuple[str, int], bytes]) -> Lie:
    """Shows something else for methods of a board, by method and argument."""
    bent = {"0x" + INTERFACE.data(name, *args(n)).hex(): told[name, n] for name, n in told}

    def lie(method: str, parameters: list[Any], result: Any) -> Any:
        if method != "eth_call" or parameters[0]["to"].lower() != board.address.lower():
            return result
        data = parameters[0]["data"]
        return "0x" + bent[data].hex() if data in bent else result

    return lie


Words = Callable[[list[int]], list[int]]
"""Makes other words of those that a deal's log has: deals hash, challenge, two responses, r, vs."""


def dealing(dealer: int, bend: Words) -> Lie:
    """Shows other words in the logs of a dealer's deals; no log if there are no words."""

    def lie(method: str, _: list[Any], result: Any) -> Any:
        return [each for log in result for each in bent(log)] if method == "eth_getLogs" else result

    def bent(log: dict[str, Any]) -> list[dict[str, Any]]:
        if int(log["topics"][1], 16) != dealer:
            return [log]
        data = bytes.fromhex(log["data"][2:])
        words = bend([int.from_bytes(data[at : at + 32], "big") for at in range(0, 192, 32)])
        shown = "0x" + b"".join(each.to_bytes(32, "big") for each in words).hex()
        return [log | {"data": shown}] if words else []

    return lie


def proof_of(made: Deal) -> Words:
    """The words of another deal's proof."""
    proof = (made.challenge, made.secret_response, made.ephemeral_response)
    return lambda words: [words[0], *(each.value for each in proof), *words[4:]]


def all_of(*lies: Lie) -> Lie:
    """One lie after another."""

    def lie(method: str, parameters: list[Any], result: Any) -> Any:
        for each in lies:
            result = each(method, parameters, result)
        return result

    return lie


def made_up(board: Board) -> Lie:
    """Shows deals of the node's own, with all that belongs to them."""
    lies, hash_ = [], board.definition.hash
    for dealer in (1, 2, 3):
        made = deal(board.definition, dealer)
        hash_ = transcript.deals_hash(hash_, dealer, made.challenge)
        lies += [showing(board, words_of(made, dealer)), dealing(dealer, proof_of(made))]
    return all_of(*lies, showing(board, {("dealsHash", 0): hash_}))


def honest(_: str, __: list[Any], result: Any) -> Any:
    return result


def pairs(points: Sequence[Point]) -> list[tuple[int, int]]:
    return [(each.x, each.y) for each in points]


def args(number: int) -> tuple[int, ...]:
    """The arguments of a method of a board: an index, or none."""
    return (number,) if number else ()


def words_of(made: Deal, dealer: int) -> dict[tuple[str, int], bytes]:
    """What the methods of a board return for a deal."""
    return {
        ("commitments", dealer): encode(["(uint256,uint256)[]"], [pairs(made.commitments)]),
        ("ephemeralKey", dealer): encode(["(uint256,uint256)"], pairs([made.ephemeral])),
        ("sealedShares", dealer): encode(["bytes32[]"], [list(made.sealed)]),
    }


def seen(own: Trustee, board: Board) -> Board:
    """A board as the trustee's node shows it."""
    return own.chain.board(board.address)


# -- The oracle --


def bad_seal(board: Board, dealer: int) -> dict[tuple[str, int], bytes]:
    """The sealed shares of a dealer, but rubbish for the victim."""
    sealed = list(board.deals()[dealer].sealed)
    sealed[VICTIM - 1] = OTHER
    return {("sealedShares", dealer): encode(["bytes32[]"], [sealed])}


def test_node_that_shows_bad_shares_learns_nothing(town: Town, wire: Wire, victim: Trustee) -> None:
    """The share in a seal is open to whoever learns e·R: a blame would have told it."""
    board = town.dealt_board()
    wire.node.lie = showing(board, bad_seal(board, 2))
    with pytest.raises(ChecksFailed, match="deal of trustee 2"):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []


def test_node_that_shows_a_ready_board_as_confirming_learns_nothing(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.ready_board()
    confirming = {("phase", 0): encode(["uint8"], [BoardPhase.CONFIRMING.number])}
    unconfirmed = {("hasConfirmed", VICTIM): encode(["bool"], [False])}
    wire.node.lie = showing(board, bad_seal(board, 2) | confirming | unconfirmed)
    with pytest.raises(ChecksFailed, match="deal of trustee 2"):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []


def test_trustee_confirms_no_deals_that_it_has_not_seen(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    """A dealer seals a bad share, and the node shows a good deal. Confirmed, the share is lost."""
    board = town.dealt_board(bad_dealer=2)
    good = deal(board.definition, 2)
    wire.node.lie = showing(board, words_of(good, 2))
    with pytest.raises(ChecksFailed, match="deal of trustee 2"):
        victim.confirm(seen(victim, board), town.catalogue)
    wire.node.lie = all_of(wire.node.lie, dealing(2, proof_of(good)))
    with pytest.raises(ChecksFailed, match="did not sign this"):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []
    assert not victim.answers.has_confirmed(board.definition.hash)


# -- Whatever is bent --


def swapped_commitments(board: Board) -> Lie:
    deals = board.deals()
    words = [encode(["(uint256,uint256)[]"], [pairs(deals[i].commitments)]) for i in (2, 1)]
    return showing(board, {("commitments", i): each for i, each in enumerate(words, start=1)})


def deals_of(decoy: Board, board: Board) -> Lie:
    """Shows deals, proofs and deals hash of a board with the same trustees and keys."""
    of_deals = [f"0x{each}" for each in (*DEALS, selector("dealsHash"))]

    def lie(method: str, parameters: list[Any], result: Any) -> Any:
        asked = json.dumps(parameters).lower()
        wanted = method == "eth_getLogs" or any(each in asked for each in of_deals)
        if not wanted or board.address.lower() not in asked:
            return result
        instead = re.sub(board.address, decoy.address, json.dumps(parameters), flags=re.IGNORECASE)
        return board.node.request(method, *json.loads(instead))

    return lie


A_POINT = encode(["(uint256,uint256)"], pairs([G * Secret(7)]))

LIES: dict[str, Callable[[Board, Board], Lie]] = {
    "a tampered event": lambda *_: dealing(2, lambda words: [words[0], words[1] ^ 1, *words[2:]]),
    "an impossible event": lambda *_: dealing(2, lambda words: [words[0], 0, *words[2:]]),
    "a dropped event": lambda *_: dealing(2, lambda _: []),
    "swapped commitments": lambda board, _: swapped_commitments(board),
    "another R": lambda board, _: showing(board, {("ephemeralKey", 2): A_POINT}),
    "no R": lambda board, _: showing(board, {("ephemeralKey", 2): bytes(64)}),
    "deals of another board": lambda board, decoy: deals_of(decoy, board),
    "another board hash": lambda board, _: showing(board, {("boardHash", 0): OTHER}),
    "another deals hash": lambda board, _: showing(board, {("dealsHash", 0): OTHER}),
}
"""Makes the lie about a board, given a decoy: a board with the same trustees and keys."""


@pytest.fixture(scope="module")
def decoy(town: Town) -> Board:
    return town.dealt_board()


@pytest.mark.parametrize("lie", LIES)
def test_node_that_bends_a_ceremony_is_told_nothing(
    town: Town, wire: Wire, victim: Trustee, decoy: Board, lie: str
) -> None:
    board = town.dealt_board()
    shown = seen(victim, board)
    wire.node.lie = LIES[lie](board, decoy)
    with pytest.raises(ChecksFailed) as caught:
        victim.confirm(shown, town.catalogue)
    assert caught.value.exit_code == 9
    assert wire.acts == []
    assert not victim.answers.has_confirmed(board.definition.hash)
    wire.node.lie = honest
    assert victim.confirm(shown, town.catalogue) == Confirmation.CONFIRMED


def test_node_that_shows_trustees_without_end_is_told_of(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.dealt_board()
    shown = seen(victim, board)
    told: list[Any] = []
    data = "0x" + INTERFACE.data("trustee", 1).hex()
    first = board.node.request("eth_call", {"to": board.address, "data": data}, "latest")

    def endless(asked: Any, answer: Any) -> Any:
        if data[:10] not in str(asked) or len(told) == MANY:
            return answer
        told.append(asked)
        return {"jsonrpc": "2.0", "id": asked["id"], "result": first}

    wire.node.lie = showing(board, {("trusteeCount", 0): encode(["uint256"], [2**255])})
    wire.node.twist = endless
    with pytest.raises(ChecksFailed, match="no board of Veche has"):
        victim.confirm(shown, town.catalogue)
    assert not told


def test_node_that_makes_up_deals_cannot_sign_them(town: Town, wire: Wire, victim: Trustee) -> None:
    """It knows all secrets in them, so their proofs are valid; but it has no dealer's account."""
    board = town.dealt_board()
    wire.node.lie = made_up(board)
    with pytest.raises(ChecksFailed, match="did not sign this"):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []
    wire.node.lie = honest
    assert victim.confirm(seen(victim, board), town.catalogue) == Confirmation.CONFIRMED


def test_nothing_is_confirmed_or_blamed_on_a_board_of_another_catalogue(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    """Whoever makes a board with these trustees would have them open what they were dealt."""
    other = town.chain.create_catalogue(salt=OTHER)
    for bad_dealer in (None, 2):
        board = town.dealt_board(bad_dealer=bad_dealer)
        with pytest.raises(ChecksFailed, match=f"did not make {board.address}"):
            victim.confirm(seen(victim, board), other)
        assert not victim.answers.has_confirmed(board.definition.hash)
    assert wire.acts == []


# -- A second node --


def test_second_node_that_agrees_is_asked_and_all_is_good(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.dealt_board()
    outcome = victim.confirm(seen(victim, board), town.catalogue, other=town.embedded.node)
    assert outcome == Confirmation.CONFIRMED
    noted = victim.answers
    noted.require_confirmed(board.definition.hash, board.deals_hash())
    assert set(wire.acts) == {CONFIRM}


@pytest.mark.parametrize("bad_dealer", [None, 2])
@pytest.mark.parametrize("lie", LIES)
def test_nothing_is_confirmed_or_blamed_if_a_second_node_shows_other_deals(
    town: Town,
    wire: Wire,
    victim: Trustee,
    decoy: Board,
    lie: str,
    bad_dealer: int | None,
) -> None:
    board = town.dealt_board(bad_dealer=bad_dealer)
    with lying_node(town.url) as second:
        other = Node(second.url)
        second.lie = LIES[lie](board, decoy)
        with pytest.raises(ChecksFailed, match="nodes agree"):
            victim.confirm(seen(victim, board), town.catalogue, other=other)
    assert wire.acts == []


def test_nothing_is_confirmed_if_a_second_node_shows_another_phase(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.dealt_board()
    told = {("phase", 0): encode(["uint8"], [BoardPhase.FAILED.number])}
    with lying_node(town.url) as second:
        other = Node(second.url)
        second.lie = showing(board, told)
        with pytest.raises(ChecksFailed, match="nodes agree"):
            victim.confirm(seen(victim, board), town.catalogue, other=other)
    assert wire.acts == []


def test_nothing_is_confirmed_if_a_second_node_is_on_another_chain(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.dealt_board()
    with towns(begins=BEGINS + 1) as elsewhere:
        elsewhere.embedded.node.request("anvil_mine", hex(200))
        with pytest.raises(ChecksFailed, match="different chains"):
            victim.confirm(seen(victim, board), town.catalogue, other=elsewhere.embedded.node)
    assert wire.acts == []


# -- What was confirmed before --


def test_nothing_is_blamed_once_the_board_is_ready(town: Town, wire: Wire, victim: Trustee) -> None:
    board = town.dealt_board(bad_dealer=2)
    for each in (1, 2, 3):
        town.confirm(board, each)
    with pytest.raises(WrongBoardPhase):
        victim.confirm(seen(victim, board), town.catalogue)
    wire.node.lie = showing(
        board, {("phase", 0): encode(["uint8"], [BoardPhase.CONFIRMING.number])}
    )
    with pytest.raises(AnsweredElsewhere):
        victim.confirm(seen(victim, board), town.catalogue)
    victim.answers.confirm(board.definition.hash, board.deals_hash())
    with pytest.raises(AlreadyConfirmed):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []


def test_nothing_is_blamed_on_a_board_that_was_confirmed(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    """By the trustee's own note, whatever its node says of the chain."""
    board = town.dealt_board(bad_dealer=2)
    victim.answers.confirm(board.definition.hash, board.deals_hash())
    with pytest.raises(AlreadyAnswered, match="you have confirmed"):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []
    assert board.phase == BoardPhase.CONFIRMING


def test_trustee_who_died_before_sending_confirms_again(town: Town, victim: Trustee) -> None:
    board = town.dealt_board()
    victim.answers.confirm(board.definition.hash, board.deals_hash())
    assert victim.confirm(seen(victim, board), town.catalogue) == Confirmation.CONFIRMED


def test_other_deals_than_those_confirmed_before_are_not_confirmed(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.dealt_board()
    victim.answers.confirm(board.definition.hash, OTHER)
    with pytest.raises(AlreadyAnswered):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []


def test_nothing_is_confirmed_without_answers(town: Town, wire: Wire, victim: Trustee) -> None:
    board = town.dealt_board()
    victim.answers.path.unlink()
    with pytest.raises(InvalidFile, match="there is no such file"):
        victim.confirm(seen(victim, board), town.catalogue)
    assert wire.acts == []


def test_confirmation_is_noted_before_the_node_is_told(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    board = town.dealt_board()
    wire.node.twist = refusing("eth_call", "gone", of=CONFIRM)
    with pytest.raises(NodeError):
        victim.confirm(seen(victim, board), town.catalogue)
    victim.answers.require_confirmed(board.definition.hash, board.deals_hash())


# -- Decrypting --


@pytest.fixture(scope="module")
def closed(town: Town) -> Poll:
    poll = town.open_poll("closed")
    for voter in range(3):
        town.cast(poll, voter, {"Which tree?": "Lime"})
    town.close(poll)
    return poll


@pytest.mark.parametrize("lie", LIES)
def test_nothing_is_decrypted_with_a_ceremony_that_is_bent_after_the_checks(
    town: Town, wire: Wire, victim: Trustee, closed: Poll, decoy: Board, lie: str
) -> None:
    poll, checked = victim.chain.poll(closed.address), victim.check(closed, town.catalogue)
    victim.check = lambda *_, **__: checked  # type: ignore[method-assign]  # as it was before
    wire.node.lie = LIES[lie](town.board, decoy)
    with pytest.raises((ChecksFailed, UnknownContract, NodeError)):
        victim.decrypt(poll, town.catalogue)
    assert closed.shares_posted() == []


def test_nothing_is_decrypted_for_deals_that_were_never_confirmed(
    town: Town, closed: Poll, tmp_path: Path
) -> None:
    unsure = trustee(town, VICTIM, tmp_path)
    unsure.answers.path.unlink()
    unsure.answers = Answers.create(unsure.answers.path)
    with pytest.raises(NotConfirmed, match="notes no confirmation"):
        unsure.decrypt(closed, town.catalogue)
    unsure.answers.confirm(town.board.definition.hash, OTHER)
    with pytest.raises(AlreadyAnswered, match="deals"):
        unsure.decrypt(closed, town.catalogue)
    unsure.answers.path.unlink()
    with pytest.raises(InvalidFile, match="there is no such file"):
        unsure.decrypt(closed, town.catalogue)
    assert closed.shares_posted() == []


def test_nothing_is_decrypted_if_the_node_shows_the_second_node_another_state(
    town: Town, wire: Wire, victim: Trustee
) -> None:
    """The node hides a ballot while all is checked, and shows the truth when nodes are compared.
    The difference between two sums is the ballot of one voter.
    """
    poll = town.open_poll("two states")
    for voter in range(3):
        town.cast(poll, voter, {"Which tree?": "Lime"})
    town.close(poll)
    hidden = town.voters[2].address[2:].lower()
    without = [poll_contract.logged_ballot(each) for each in poll.ballots()][:2]
    sums = [elgamal.ZERO] * poll.definition.questions.choices
    for each in without:
        own = each.signed(poll.definition).ballot.ciphertexts
        sums = [total + part for total, part in zip(sums, own, strict=True)]
    words = [[(each.a.x, each.a.y), (each.b.x, each.b.y)] for each in sums]
    shown = {
        "voterCount": encode(["uint256"], [2]),
        "castWeight": encode(["uint256"], [2]),
        "sums": encode(["((uint256,uint256),(uint256,uint256))[]"], [words]),
    }
    left = {"0x" + poll_contract.INTERFACE.data(each).hex(): shown[each] for each in shown}

    def lie(method: str, parameters: list[Any], result: Any) -> Any:
        if method == "eth_getLogs":
            return [log for log in result if hidden not in str(log["topics"]).lower()]
        told = left.pop(parameters[0]["data"], None) if method == "eth_call" else None
        return result if told is None else "0x" + told.hex()

    seen = victim.chain.poll(poll.address)
    wire.node.lie = lie
    with pytest.raises(ChecksFailed, match="nodes agree"):
        victim.share(seen, town.catalogue, other=town.embedded.node)
    assert not left
