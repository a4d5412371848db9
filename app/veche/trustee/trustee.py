"""A trustee's work: to deal, to confirm or blame, and to decrypt after every check."""

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
"""Number of confirmations that make a block final, unless the network says otherwise."""

CLOSED: Final = "poll is closed"
CATALOGUE: Final = "catalogue to serve"
SIZE: Final = "enough voters"

EARLY_CLOCK: Final = "the poll has not closed yet by the clock of this machine"
EARLY_BLOCK: Final = "no block after the close has {} confirmations yet: wait until one is final"


class Confirmation(StrEnum):
    """What a trustee has done with the shares that it was dealt."""

    CONFIRMED = "confirmed"
    BLAMED = "blamed"


@dataclass
class Trustee:
    """A trustee with its account and its sealing key.

    Attributes:
        chain: the connection to the trustee's own node; its account signs the transactions.
        sealing: e, the secret of the sealing key that its boards name.
        answers: the sums that the trustee has decrypted.
        final_confirmations: the number of confirmations that make a block final, from 1.
        clock: the trustee's own clock, in seconds since 1970.
    """

    chain: Chain
    sealing: Secret
    answers: Answers
    final_confirmations: int = FINAL_CONFIRMATIONS
    clock: Callable[[], float] = time

    def index(self, board: Board) -> int:
        """The trustee's index on a board, from 1.

        Raises:
            UnknownTrustee: no trustee of the board has this trustee's sealing key.
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
            UnknownTrustee, NotTrustee: the board does not name this sealing key with this account.
            AlreadyDealt: the trustee has dealt already.
            WrongBoardPhase, DeadlinePassed: the board is not dealing, or no longer.
        """
        index = self._require_account(board)
        return board.deal(boards.deal(board.definition, index), self.chain.sender)

    def confirm(self, board: Board) -> Confirmation:
        """Opens all shares that the trustee was dealt. If all are good, the trustee confirms the
        deals; if one is bad, the trustee blames its dealer, with a proof.

        Raises:
            UnknownTrustee, NotTrustee: the board does not name this sealing key with this account.
            AlreadyConfirmed: the trustee has confirmed already.
            WrongBoardPhase, DeadlinePassed: the board is not confirming, or no longer.
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
            board.blame(found.dealer, found.shared, found.proof, found.hint, self.chain.sender)
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
            catalogue: the catalogue that the trustee was told to serve.
            other: a second node, which must agree with the first one.
            progress: is called with the number of ballots counted so far.

        Raises:
            UnknownTrustee: the poll's board does not name this sealing key.
            WrongPhase: the poll is not closed, or its close is not final yet.
            ChecksFailed: a check failed, and nothing was decrypted.
            AlreadyAnswered: the trustee has decrypted other sums of this poll.
            AlreadyShared: the trustee's share is on chain already.
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
        """Makes every check that must pass before a share is made.

        Returns:
            The sums as the trustee has added them up, and the report of all checks.

        Raises:
            WrongPhase: the poll is not closed, or its close is not final yet.
        """
        poll.require_phase(Phase.CLOSED)
        block = self.final_block(poll)
        evidence = NodeEvidence(poll.node, poll.address, block=block)
        # `expect` binds the close and the sums to one poll: a node may show first one, then another
        found = verify(evidence, expect=poll.hash, progress=progress)
        report, voters = found.report, found.box.voters if found.box else 0
        report.note(CLOSED, found.phase == Phase.CLOSED, f"at block {block} it is {found.phase}")
        own = poll.contract.read("catalogue") == catalogue.address
        report.note(CATALOGUE, own, f"the poll belongs to the one at {catalogue.address}")
        board = self.chain.board(poll.definition.board)
        fewest = max(poll.definition.min_ballots, board.definition.terms.min_ballots)
        report.note(SIZE, voters >= fewest, f"{voters} have voted, {fewest} are needed")
        if other:
            check_agreement(evidence, [other], report)
        return found.sums, report

    def final_block(self, poll: Poll) -> int:
        """The number of the newest final block, which must be after the poll's close.

        Raises:
            WrongPhase: the trustee's clock or the newest final block is before the close.
        """
        newest = int(self.chain.node.block()["number"])
        block = max(0, newest + 1 - self.final_confirmations)
        closes = poll.definition.closes
        if self.clock() < closes:
            raise WrongPhase(int(Phase.CLOSED), int(Phase.OPEN), reason=EARLY_CLOCK)
        if int(self.chain.node.block(block)["timestamp"]) < closes:
            reason = EARLY_BLOCK.format(self.final_confirmations)
            raise WrongPhase(int(Phase.CLOSED), int(Phase.OPEN), reason=reason)
        return block
