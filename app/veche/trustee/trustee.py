"""A trustee at work: deal, confirm or blame, decrypt; with every check before a share is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from time import time
from typing import Final

from veche.chain.board import Board, BoardPhase
from veche.chain.catalogue import Catalogue
from veche.chain.connection import Chain
from veche.chain.node import Node
from veche.chain.pending import Receipt
from veche.chain.poll import Poll
from veche.chain.transactions import address_of
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import G, Secret
from veche.errors import InvalidShare, NotTrustee, WrongBoardPhase, WrongPhase
from veche.observer.agreement import check_agreement
from veche.observer.ballot_box import OnBallot
from veche.observer.node_evidence import NodeEvidence
from veche.observer.report import Report
from veche.observer.verification import verify
from veche.protocol import board as boards
from veche.protocol.phase import Phase
from veche.protocol.tally import DecryptionShare, sums_hash
from veche.trustee.answers import Answers

FINAL_CONFIRMATIONS: Final = 13
"""Confirmations that make a block final, if the network says nothing else."""

CLOSED: Final = "poll is closed"
CATALOGUE: Final = "catalogue to serve"
SIZE: Final = "voters enough to hide in"

EARLY_CLOCK: Final = "by this machine's clock the poll has not closed yet"
EARLY_BLOCK: Final = "no block after the close has {} confirmations yet: wait until one is final"


class Task(StrEnum):
    """What a trustee does."""

    DEAL = "deal"
    CONFIRM = "confirm"
    DECRYPT = "decrypt"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that a trustee owes.

    Attributes:
        task: what to do.
        of: the board or poll to do it for.
        waits_for: what keeps it from being done yet, in words; nothing, where it can be done now.
    """

    task: Task
    of: Board | Poll
    waits_for: str = ""


class Confirmation(StrEnum):
    """What a trustee did after looking at what it was dealt."""

    CONFIRMED = "confirmed"
    BLAMED = "blamed"


@dataclass
class Trustee:
    """A trustee with its account and its sealing key.

    Attributes:
        chain: the connection to the trustee's own node; its account signs the transactions.
        sealing: e, the secret behind the sealing key that its boards name.
        answers: the record of what it has decrypted.
        final_confirmations: the number of confirmations that make a block final, from 1: the block
            itself and those on top.
        clock: the trustee's own, in seconds since 1970.
    """

    chain: Chain
    sealing: Secret
    answers: Answers
    final_confirmations: int = FINAL_CONFIRMATIONS
    clock: Callable[[], float] = time

    def index(self, board: Board) -> int:
        """The trustee's index on a board, from 1.

        Raises:
            UnknownTrustee: no trustee of the board has its sealing key.
        """
        return board.definition.index_of(G * self.sealing)

    def _require_account(self, board: Board) -> int:
        index = self.index(board)
        account = board.definition.terms.trustees[index - 1].account
        own = address_of(self.chain.sender.account)
        if own != account:
            reason = f"trustee {index} of this board signs with {account}, not with {own}"
            raise NotTrustee(own, reason=reason)
        return index

    # -- Ceremony --

    def deal(self, board: Board) -> Receipt:
        """Posts the trustee's deal.

        Raises:
            AlreadyDealt, WrongBoardPhase, DeadlinePassed: it is not the time for it.
        """
        index = self._require_account(board)
        return board.deal(boards.deal(board.definition, index), self.chain.sender)

    def confirm(self, board: Board) -> Confirmation:
        """Opens all shares that the trustee was dealt, and confirms the deals if they are good; if
        one is bad, blames its dealer with proof.

        Raises:
            AlreadyConfirmed, WrongBoardPhase, DeadlinePassed: it is not the time for it.
        """
        index = self._require_account(board)
        phase = board.phase
        if phase != BoardPhase.CONFIRMING:
            raise WrongBoardPhase(int(BoardPhase.CONFIRMING), int(phase))
        block = self.chain.node.newest()
        deals = board.deals(block=block)
        try:
            boards.open_shares(board.definition, deals, index, self.sealing)
        except InvalidShare as fault:
            found = boards.blame(board.definition, fault, deals, self.sealing)
            board.blame(found, self.chain.sender)
            return Confirmation.BLAMED
        board.confirm(board.deals_hash(block=block), self.chain.sender)
        return Confirmation.CONFIRMED

    # -- Result --

    def decrypt(
        self,
        poll: Poll,
        catalogue: Catalogue,
        *,
        other: Node | None = None,
        progress: OnBallot | None = None,
    ) -> Receipt:
        """Posts the trustee's decryption share, after every check of PROTOCOL §4.

        Args:
            poll: the poll.
            catalogue: the one that the trustee was told to serve.
            other: a second node, which must agree with the first.
            progress: is told how many ballots are counted.

        Raises:
            WrongPhase: the poll is not closed.
            ChecksFailed: something is not as it must be; nothing was decrypted.
            AlreadyAnswered: other sums of this poll were answered before.
        """
        board = self.chain.board(poll.definition.board)
        index = self.index(board)
        sums, report = self.check(poll, catalogue, other=other, progress=progress)
        report.require()
        self.answers.promise(poll.hash, sums_hash(poll.hash, sums))
        secret = boards.open_shares(board.definition, board.deals(), index, self.sealing)
        share = DecryptionShare.make(
            sums,
            secret,
            poll_hash=poll.hash,
            trustee=index,
            verification_key=board.verification_key(index),
        )
        return poll.post_share(share, payer=self.chain.sender.account)

    def check(
        self,
        poll: Poll,
        catalogue: Catalogue,
        *,
        other: Node | None = None,
        progress: OnBallot | None = None,
    ) -> tuple[list[Ciphertext], Report]:
        """Makes every check that comes before a share; the sums as the trustee has added them up,
        and what was found.

        Raises:
            WrongPhase: the close has not passed yet, for the trustee's clock or a final block.
        """
        poll.require_phase(Phase.CLOSED)
        block = self._final_block(poll)
        evidence = NodeEvidence(poll.node, poll.address, block=block)
        # the close, and what is answered, are of the poll that is checked: a node may show two
        found = verify(evidence, expect=poll.hash, progress=progress)
        report, voters = found.report, found.box.voters if found.box else 0
        report.note(CLOSED, found.phase == Phase.CLOSED, f"at block {block} it is {found.phase}")
        own = poll.contract.read("catalogue") == catalogue.address
        report.note(CATALOGUE, own, f"the poll is of the one at {catalogue.address}")
        board = self.chain.board(poll.definition.board)
        fewest = max(poll.definition.min_ballots, board.definition.terms.min_ballots)
        report.note(SIZE, voters >= fewest, f"{voters} voters, {fewest} are needed")
        if other:
            check_agreement(evidence, [other], report)
        return found.sums, report

    def _final_block(self, poll: Poll) -> int:
        """The number of the newest final block, which must be after the close."""
        newest = int(self.chain.node.block()["number"])
        block = max(0, newest + 1 - self.final_confirmations)
        closes = poll.definition.closes
        if self.clock() < closes:
            raise WrongPhase(int(Phase.CLOSED), int(Phase.OPEN), reason=EARLY_CLOCK)
        if int(self.chain.node.block(block)["timestamp"]) < closes:
            reason = EARLY_BLOCK.format(self.final_confirmations)
            raise WrongPhase(int(Phase.CLOSED), int(Phase.OPEN), reason=reason)
        return block

    # -- What is due --

    def due(self, boards_: list[Board], polls: list[Poll]) -> list[Duty]:
        """What of all that is owed can be done now."""
        return [each for each in self.owed(boards_, polls) if not each.waits_for]

    def owed(self, boards_: list[Board], polls: list[Poll]) -> list[Duty]:
        """What the trustee owes, the most urgent first.

        Args:
            boards_: the boards that it was named for.
            polls: the polls that it serves.
        """
        own = [board for board in boards_ if self._is_on(board)]
        found = [duty for board in own for duty in self._ceremony_due(board)]
        addresses = {board.address for board in own}
        served = [poll for poll in polls if poll.definition.board in addresses]
        return found + [duty for poll in served for duty in self._decryption_owed(poll)]

    def _is_on(self, board: Board) -> bool:
        trustees = board.definition.terms.trustees
        return any(each.sealing_key == G * self.sealing for each in trustees)

    def _ceremony_due(self, board: Board) -> list[Duty]:
        state, index = board.state(), self.index(board)
        if state.phase == BoardPhase.DEALING and index not in state.dealt:
            return [Duty(Task.DEAL, board)]
        if state.phase == BoardPhase.CONFIRMING and index not in state.confirmed:
            return [Duty(Task.CONFIRM, board)]
        return []

    def _decryption_owed(self, poll: Poll) -> list[Duty]:
        if poll.phase != Phase.CLOSED:
            return []
        index = self.index(self.chain.board(poll.definition.board))
        if index in poll.shares_posted():
            return []
        try:
            self._final_block(poll)
        except WrongPhase as early:
            return [Duty(Task.DECRYPT, poll, waits_for=str(early))]
        return [Duty(Task.DECRYPT, poll)]

    def do(self, duty: Duty, catalogue: Catalogue, *, other: Node | None = None) -> str:
        """Does what is due; what was done, in a word.

        Args:
            duty: what is due.
            catalogue: the one that the trustee was told to serve.
            other: a second node, which must agree with the first before anything is decrypted.

        Raises:
            VecheError: as `deal`, `confirm` or `decrypt` do.
        """
        if isinstance(duty.of, Poll):
            self.decrypt(duty.of, catalogue, other=other)
            return "decrypted"
        if duty.task == Task.CONFIRM:
            return str(self.confirm(duty.of))
        self.deal(duty.of)
        return "dealt"
