"""A command that is given again while its transaction waits for a block: nothing is paid twice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import pytest
from eth_account.signers.local import LocalAccount

from support.dialects import SHOWN
from support.elections import CHOOSE_ONE_AND_APPROVE, TWO_QUESTIONS, Town, confirmed_answers
from support.elections import trustee as trustee_of
from support.lying_nodes import LyingNode
from veche import Poll, connect
from veche.chain.catalogue import PollTerms
from veche.chain.connection import Chain
from veche.chain.pending import PASSED_OVER
from veche.errors import AlreadyShared, TransactionPending
from veche.trustee.trustee import Trustee

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}

Act: TypeAlias = Callable[[Chain], object]
"""What a person does, in a run of its own: on a connection that has just been made."""


def trustee(town: Town, chain: Chain, folder: Path) -> Trustee:
    """The first trustee, in a new run."""
    made = trustee_of(town, 1, folder)
    made.chain = chain
    return made


def closed_poll(town: Town, id_: str) -> Poll:
    poll = town.open_poll(id_)
    for voter in range(2):
        town.cast(poll, voter, TREES)
    town.close(poll)
    return poll


def deal(town: Town, folder: Path) -> tuple[LocalAccount, Act]:
    """Every deal is made of other secrets."""
    board = town.convene().address
    return town.trustees[0].account, lambda chain: trustee(town, chain, folder).deal(
        chain.board(board)
    )


def confirm(town: Town, folder: Path) -> tuple[LocalAccount, Act]:
    board = town.dealt_board().address
    return town.trustees[0].account, lambda chain: trustee(town, chain, folder).confirm(
        chain.board(board), town.catalogue
    )


def blame(town: Town, folder: Path) -> tuple[LocalAccount, Act]:
    board = town.dealt_board(bad_dealer=2).address
    return town.trustees[0].account, lambda chain: trustee(town, chain, folder).confirm(
        chain.board(board), town.catalogue
    )


def decrypt(town: Town, folder: Path) -> tuple[LocalAccount, Act]:
    """Every share has another proof."""
    poll = closed_poll(town, "decrypt")
    confirmed_answers(town, folder / "1.json")
    return town.trustees[0].account, lambda chain: trustee(town, chain, folder).decrypt(
        chain.poll(poll.address), town.catalogue
    )


def publish_result(town: Town, _: Path) -> tuple[LocalAccount, Act]:
    poll = closed_poll(town, "result")
    for each in (3, 1):
        town.share(poll, each)
    return town.official, lambda chain: chain.poll(poll.address).publish_result()


def convene(town: Town, _: Path) -> tuple[LocalAccount, Act]:
    terms = town.board.definition.terms
    now = town.chain.time
    later = type(terms)(
        terms.threshold,
        terms.min_voters,
        now + 1000,
        now + 2000,
        terms.trustees,
        terms.texts.encoded,
    )
    return town.official, lambda chain: chain.convene(town.catalogue, later)


def publish(town: Town, _: Path) -> tuple[LocalAccount, Act]:
    poll = town.publish("to be published", with_roll=False)
    own, now = poll.definition, town.chain.time
    times = now + 1000, now + 2000
    terms = PollTerms(own.board, own.roll_root, own.total_weight, *times, 2, CHOOSE_ONE_AND_APPROVE)
    return town.official, lambda chain: town.catalogue.publish(
        "published once", terms, TWO_QUESTIONS.encoded, chain.sender
    )


def publish_roll(town: Town, _: Path) -> tuple[LocalAccount, Act]:
    poll = town.publish("roll", with_roll=False)
    entries = [(each.address, 1) for each in town.voters]
    assert poll.address
    return town.official, lambda chain: town.catalogue.publish_roll(
        "roll", 0, 0, entries, chain.sender
    )


def cancel(town: Town, _: Path) -> tuple[LocalAccount, Act]:
    town.publish("cancelled")
    return town.official, lambda chain: town.catalogue.cancel("cancelled", 0, chain.sender)


def vote(town: Town, _: Path) -> tuple[LocalAccount, Act]:
    poll, voter = town.open_poll("vote"), town.voters[0]
    signed = poll.prepare(TREES, voter=voter.address).sign(voter)
    return voter, lambda chain: chain.poll(poll.address).cast(signed)


ACTS: dict[str, Callable[[Town, Path], tuple[LocalAccount, Act]]] = {
    each.__name__: each
    for each in (
        deal, confirm, blame, decrypt, publish_result, convene, publish, publish_roll, cancel, vote,
    )
}  # fmt: skip


def hasty(monkeypatch: pytest.MonkeyPatch, run: Callable[[], object]) -> None:
    """A run that ends at once, before a block can hold what it has sent."""
    with monkeypatch.context() as patched:
        patched.setattr("veche.chain.block_watch.PATIENCE", 0)
        with pytest.raises(TransactionPending):
            run()


@pytest.mark.parametrize("name", ACTS)
def test_what_is_sent_again_while_it_waits_is_followed_and_not_paid_for_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    node = town.embedded.node
    account, act = ACTS[name](town, tmp_path)
    before = node.next_nonce(account.address)
    with town.no_blocks():
        hasty(monkeypatch, lambda: act(connect(town.url, account=account)))
        assert node.next_nonce(account.address) == before + 1
        monkeypatch.setattr("veche.chain.pending.sleep", lambda _: node.request("evm_mine"))
        act(connect(town.url, account=account))
    assert node.next_nonce(account.address) == before + 1


@pytest.mark.parametrize("way", SHOWN)
def test_share_that_waits_is_followed_however_the_node_shows_it(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, liar: LyingNode, way: str
) -> None:
    """If the node does not show it at all, it is waited for. Then the contract tells that the share
    is there, before anything is paid for.
    """
    node = town.embedded.node
    account, act = decrypt(town, tmp_path)
    before = node.next_nonce(account.address)
    liar.twist = SHOWN[way](node)
    for module in ("pending", "transactions"):
        monkeypatch.setattr(f"veche.chain.{module}.sleep", lambda _: node.request("evm_mine"))
    with town.no_blocks():
        hasty(monkeypatch, lambda: act(connect(town.url, account=account)))
        if way == "not at all":
            with pytest.raises(AlreadyShared):
                act(connect(liar.url, account=account))
        else:
            act(connect(liar.url, account=account))
    assert node.next_nonce(account.address) == before + 1


def test_deal_that_blocks_pass_over_is_priced_again_by_the_next_run(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node = town.embedded.node
    account, act = deal(town, tmp_path)
    before = node.next_nonce(account.address)
    blocks = 0

    def mine(_: float) -> None:
        """Blocks in which gas costs more than was offered, and then less."""
        nonlocal blocks
        blocks += 1
        dear = blocks <= 2 * PASSED_OVER
        node.request("anvil_setNextBlockBaseFeePerGas", hex(10**11 if dear else 1))
        node.request("evm_mine")

    monkeypatch.setattr("veche.chain.pending.RESEND_EVERY", 0)
    with town.no_blocks():
        hasty(monkeypatch, lambda: act(connect(town.url, account=account)))
        first = node.request("eth_getTransactionBySenderAndNonce", account.address, hex(before))
        monkeypatch.setattr("veche.chain.pending.sleep", mine)
        act(connect(town.url, account=account))
    assert node.receipt(bytes.fromhex(first["hash"][2:])) is None
    assert node.next_nonce(account.address) == before + 1


def test_what_does_something_else_is_sent_behind_what_waits(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two parts of a roll are two things, and neither waits for the other."""
    node, account = town.embedded.node, town.official
    town.publish("two parts", with_roll=False)
    parts = [[(each.address, 1)] for each in town.voters[:2]]
    before = node.next_nonce(account.address)
    with town.no_blocks():
        for first, part in enumerate(parts):
            sender = connect(town.url, account=account).sender
            send = partial(town.catalogue.publish_roll, "two parts", 0, first, part, sender)
            hasty(monkeypatch, send)
    assert node.next_nonce(account.address) == before + 2
