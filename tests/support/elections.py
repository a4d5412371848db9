"""Whole polls on an embedded chain through the client library: officials, trustees, voters."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

import veche
from support.networks import network
from veche import Board, Catalogue, Chain, Poll, Roll
from veche.chain.catalogue import PollTerms
from veche.chain.embedded import EmbeddedChain, embedded_chain
from veche.crypto.deal_proof import Deal
from veche.crypto.group import G, Secret
from veche.crypto.questions import Questions
from veche.files.deployments import Deployments
from veche.files.network import Network, NetworkCatalogue
from veche.protocol.board import BoardDefinition, BoardTerms, TrusteeTerms
from veche.protocol.board_texts import BoardTexts
from veche.protocol.ceremony import confirm, deal, open_shares, sign_deal
from veche.protocol.content import Choice, Content, QuestionTexts
from veche.protocol.tally import DecryptionShare
from veche.trustee import trustee as veche_trustee
from veche.trustee.answers import Answers

PASSWORD = "Новгород 1136"  # noqa: S105  # of keystores that tests make

THRESHOLD = 2

BEGINS = 1_577_836_800
"""2020-01-01T00:00Z: for the clock of this machine, a town is in the past."""
BOARD_TEXTS = BoardTexts("Board of the town", ("Anna", "Boris", "Clara")).encoded
OPENS_IN, CLOSES_IN = 100, 1_000_000
"""Seconds from publishing."""

TREE = QuestionTexts("Which tree?", ("Lime", "Oak", "Rowan"))
BENCHES = QuestionTexts("Which benches?", ("Wood", "Stone = granite", "[bold]Iron[/bold]"))

TWO_QUESTIONS = Content("Trees [red]and[/red] benches", "For the square.", (TREE, BENCHES))
CHOOSE_ONE_AND_APPROVE = Questions.of((3, 1, 1, 1), (3, 1, 0, 3))


@dataclass(frozen=True)
class Trustee:
    """A trustee with both keys: what signs deals, and what receives shares."""

    account: LocalAccount
    sealing: Secret


class Town:
    """A chain with an official, a catalogue, a ready board of three trustees and voters.

    Everybody has ether, but for the voter `poor`, who stands on every roll; `stranger` stands on
    none.
    """

    def __init__(self, embedded: EmbeddedChain, *, voters: int) -> None:
        self.embedded = embedded
        self.official = self._rich("official")
        self.chain: Chain = veche.connect(embedded.url, account=self.official)
        self.catalogue: Catalogue = self.create_catalogue()
        self.trustees = [
            Trustee(self._rich(f"trustee {i}"), Secret(int.from_bytes(key(f"sealing {i}"), "big")))
            for i in range(3)
        ]
        self.voters = [self._rich(f"voter {i}") for i in range(voters)]
        self.poor, self.stranger = person("poor"), self._rich("stranger")
        self.board = self.ready_board()

    def _rich(self, name: str) -> LocalAccount:
        account = person(name)
        self.embedded.fund(account)
        return account

    def create_catalogue(self) -> Catalogue:
        """The catalogue of the town's officials."""
        return self.chain.create_catalogue()

    @property
    def url(self) -> str:
        return self.embedded.url

    # -- Key ceremony --

    def convene(self) -> Board:
        """A board that nobody has dealt for yet."""
        trustees = tuple(
            TrusteeTerms(each.account.address, G * each.sealing) for each in self.trustees
        )
        now = self.chain.time
        terms = BoardTerms(THRESHOLD, 2, now + 100_000, now + 200_000, trustees, BOARD_TEXTS)
        return self.chain.convene(self.catalogue, terms)

    def ready_board(self) -> Board:
        board = self.dealt_board()
        for index in (1, 2, 3):
            self.confirm(board, index)
        return board

    def dealt_board(self, *, bad_dealer: int | None = None) -> Board:
        """A board that nobody has confirmed yet. A bad dealer seals a bad share for trustee 1."""
        board = self.convene()
        for index, each in enumerate(self.trustees, start=1):
            make = bad_deal if index == bad_dealer else deal
            made = make(board.definition, index)
            signed = sign_deal(board.definition, index, made, each.account)
            board.post_deal(signed, self.chain.sender)
        return board

    def confirm(self, board: Board, trustee: int) -> None:
        """Confirms the deals of a board for a trustee, from 1, without a look at them."""
        account = self.trustees[trustee - 1].account
        signed = confirm(board.definition, trustee, board.deals_hash(), account)
        board.post_answer(signed, self.chain.sender)

    def secret(self, trustee: int) -> Secret:
        """X of a trustee, from 1."""
        sealing = self.trustees[trustee - 1].sealing
        return open_shares(self.board.definition, self.board.deals(), trustee, sealing)

    # -- Polls --

    def publish(
        self,
        id_: str,
        content: Content = TWO_QUESTIONS,
        questions: Questions = CHOOSE_ONE_AND_APPROVE,
        *,
        weights: Mapping[int, int] | None = None,
        opens_in: int = OPENS_IN,
        closes_in: int = CLOSES_IN,
        with_roll: bool = True,
    ) -> Poll:
        """A scheduled poll. Voters have a weight of 1, except those in `weights`."""
        people = [*self.voters, self.poor]
        roll = Roll((each.address, (weights or {}).get(i, 1)) for i, each in enumerate(people))
        now = self.chain.time + 1
        self.embedded.node.request("evm_setNextBlockTimestamp", hex(now))  # on slow machines too
        terms = PollTerms(
            self.board.address,
            roll.root,
            roll.total_weight,
            now + opens_in,
            now + closes_in,
            2,
            questions,
        )
        address = self.catalogue.publish(id_, terms, content.encoded, self.chain.sender)
        version = len(self.catalogue.versions(id_)) - 1
        if with_roll:
            self.catalogue.publish_roll(id_, version, 0, list(roll), self.chain.sender)
        return self.chain.poll(address)

    def open_poll(
        self,
        id_: str,
        content: Content = TWO_QUESTIONS,
        questions: Questions = CHOOSE_ONE_AND_APPROVE,
        *,
        weights: Mapping[int, int] | None = None,
        closes_in: int = CLOSES_IN,
        with_roll: bool = True,
    ) -> Poll:
        """A poll that is open."""
        poll = self.publish(
            id_, content, questions, weights=weights, closes_in=closes_in, with_roll=with_roll
        )
        self.embedded.at_time(poll.definition.opens)
        return poll

    def cast(self, poll: Poll, voter: int, choices: Mapping[str, Choice]) -> bytes:
        """Casts a voter's ballot; its tracker."""
        account = self.voters[voter]
        prepared = poll.prepare(choices, voter=account.address)
        return poll.cast(prepared.sign(account), payer=account).tracker

    def close(self, poll: Poll) -> None:
        self.embedded.at_time(poll.definition.closes)

    @contextmanager
    def no_blocks(self) -> Iterator[None]:
        """No block holds what is sent, until one is mined by hand or this has passed."""
        node, (off, on) = self.embedded.node, (False, True)
        node.request("evm_setAutomine", off)
        try:
            yield
        finally:
            node.request("evm_setAutomine", on)
            node.request("evm_mine")

    @contextmanager
    def a_block_every_second(self) -> Iterator[None]:
        """Blocks come by the clock, as with validators, and hold all that has been sent."""
        node, (off, on) = self.embedded.node, (False, True)
        node.request("evm_setAutomine", off)
        node.request("evm_setIntervalMining", 1)
        try:
            yield
        finally:
            node.request("evm_setIntervalMining", 0)
            node.request("evm_setAutomine", on)
            node.request("evm_mine")

    def share(self, poll: Poll, trustee: int) -> None:
        """Posts the decryption share of a trustee, from 1."""
        made = DecryptionShare.make(
            poll.sums(),
            self.secret(trustee),
            poll_hash=poll.hash,
            trustee=trustee,
            verification_key=self.board.verification_key(trustee),
        )
        poll.post_share(made, payer=self.trustees[trustee - 1].account)

    def tally(self, poll: Poll, trustees: Sequence[int] = (1, 3)) -> None:
        """Has these trustees decrypt a closed poll, and records its result."""
        for each in trustees:
            self.share(poll, each)
        poll.publish_result(payer=self.official)

    # -- Files --

    def write_deployments(self, folder: Path) -> None:
        """Writes what is deployed where the command looks for it."""
        genesis = "0x" + self.embedded.node.genesis.hex()
        path = folder / "deployments" / "embedded.json"
        noted = Deployments(path, self.chain.id, genesis)
        with noted.alone():
            noted.catalogue = self.catalogue.address
            noted.save()

    def private_network(self, *, confirmations: int = 1, catalogue: str = "") -> Network:
        """The town's chain as a private network.

        Args:
            confirmations: how many make a block final there.
            catalogue: the address that its file names; by default none.
        """
        nobody, made = "0x" + "11" * 20, network()
        return replace(
            made,
            chain_id=self.chain.id,
            genesis=made.genesis | {"config": {"chainId": self.chain.id}},
            genesis_hash=self.embedded.node.genesis,
            confirmations=confirmations,
            rpc=self.url,
            catalogue=(
                NetworkCatalogue(catalogue, nobody, bytes(32), nobody) if catalogue else None
            ),
            codes={},
        )


def trustee(town: Town, index: int, folder: Path, *, url: str = "") -> veche_trustee.Trustee:
    """A trustee of the town at work, from 1, by the chain's clock. It has confirmed the town's
    board, and its answers are in the folder.
    """
    own = town.trustees[index - 1]
    chain = veche.connect(url or town.url, account=own.account)
    answers = confirmed_answers(town, folder / f"{index}.json")
    return veche_trustee.Trustee(
        chain, own.account, own.sealing, answers, final_confirmations=1, clock=lambda: chain.time
    )


def answers_at(path: Path) -> Answers:
    """The answers in a file, which is made if it does not exist."""
    return Answers(path) if path.exists() else Answers.create(path)


def confirmed_answers(town: Town, path: Path) -> Answers:
    """Answers in a file, which note that their trustee has confirmed the town's board."""
    answers = answers_at(path)
    answers.confirm(town.board.definition.hash, town.board.deals_hash())
    return answers


def bad_deal(definition: BoardDefinition, dealer: int) -> Deal:
    """A deal with a valid proof, whose share for trustee 1 is sealed for another key."""
    terms = definition.terms
    wrong = (TrusteeTerms(person("x").address, G * Secret(7)), *terms.trustees[1:])
    bent = replace(definition, terms=replace(terms, trustees=wrong))
    object.__setattr__(bent, "hash", definition.hash)
    return deal(bent, dealer)


@contextmanager
def towns(*, voters: int = 12, begins: int = BEGINS) -> Iterator[Town]:
    """A town that is gone afterwards."""
    with embedded_chain(begins=begins) as embedded:
        yield Town(embedded, voters=voters)


def key(name: str) -> bytes:
    """A private key; the same for every run."""
    return keccak(f"veche town {name}".encode())


def person(name: str) -> LocalAccount:
    """An account; the same for every run."""
    account: LocalAccount = Account.from_key(key(name))
    return account


def write_keystore(path: Path, account: LocalAccount) -> Path:
    """A keystore that opens at once: no guess at PASSWORD is slow, and none needs to be."""
    light = Account.encrypt(account.key, PASSWORD, kdf="pbkdf2", iterations=2**10)
    path.write_text(json.dumps(light))
    return path
