"""A poll on chain, and every way to take part in it (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eth_utils.address import to_checksum_address

from veche.chain import arguments, casting
from veche.chain.casting import CastReceipt
from veche.chain.node import Node
from veche.chain.pending import Receipt
from veche.chain.poll_contract import INTERFACE
from veche.chain.poll_reader import PollReader
from veche.chain.transactions import Account, OnSent, Sender
from veche.crypto import sharing
from veche.crypto.discrete_log import OnStep
from veche.errors import (
    NoAccount,
    TooFewShares,
    VecheError,
)
from veche.protocol import tally
from veche.protocol.ballot import PreparedBallot, SignedBallot
from veche.protocol.content import Choice
from veche.protocol.phase import Phase
from veche.protocol.tally import DecryptionShare


class Poll(PollReader):
    """A poll on chain, and every way to take part in it: `PollReader` says what it is and what it
    raises.
    """

    def __init__(
        self,
        node: Node,
        address: str,
        *,
        expect: bytes | None = None,
        payer: Account | None = None,
        confirmations: int = 1,
    ) -> None:
        super().__init__(node, address, expect=expect)
        self._payer = payer
        self._confirmations = confirmations

    # -- Ballots --

    def prepare(self, choices: Mapping[str, Choice], *, voter: str) -> PreparedBallot:
        """An encrypted ballot, to be signed and cast, or to be audited and thrown away.

        Args:
            choices: by the text of a question: an option, several, or a score for each. What is
                left out gets nothing.
            voter: address.

        Raises:
            WrongPhase: the poll is not open.
            NotOnRoll: the roll does not name the voter.
            InvalidChoices: the poll has no such question or option.
            InvalidScores: the questions do not allow these choices.
        """
        self.require_phase(Phase.OPEN)
        voter = to_checksum_address(voter)
        weight = self.require_voter(voter)
        scores = self.texts.scores(choices)
        names = [repr(each.text) for each in self.texts]
        self.definition.questions.require_scores(scores, names=names)
        return PreparedBallot.encrypt(
            scores,
            self.definition,
            voter=voter,
            weight=weight,
            replaces=self.tracker(voter),
        )

    def cast(self, signed: SignedBallot, *, payer: Account | None = None) -> CastReceipt:
        """Casts a ballot and waits until it is confirmed. A ballot that is on chain already is
        not cast again: its receipt is found, and waited for as long.

        Args:
            signed: the ballot.
            payer: the account that signs the transaction and pays for it; by default the one that
                the chain was connected with.

        Raises:
            WrongPoll: the ballot is for another poll.
            Refused: the contract refuses it.
            NoAccount: there is no payer, and the chain was connected without an account.
        """
        return casting.cast(self, signed, self._sender(payer))

    def cast_batch(
        self, ballots: Sequence[SignedBallot], *, payer: Account | None = None
    ) -> list[CastReceipt | VecheError]:
        """Casts many ballots in one transaction. Those that are on chain already are not cast
        again: their receipts are found, and waited for as long as those of others.

        Args:
            ballots: at most one of a voter; as many as `casting.fits` lets through.
            payer: who signs and pays for the transaction; by default the chain's account.

        Returns:
            For every ballot its receipt, or what it was refused with.
        """
        return casting.cast_batch(self, ballots, self._sender(payer))

    # -- Result --

    def post_share(self, share: DecryptionShare, *, payer: Account | None = None) -> Receipt:
        """Posts a trustee's decryption share.

        Raises:
            Refused: the contract refuses it.
        """
        return self._sender(payer).send(
            self.address,
            INTERFACE.data(
                "postShare",
                share.statement.trustee,
                share.sums_hash,
                arguments.points(share.statement.points),
                arguments.proof(share.proof),
                arguments.hints(share.hints),
            ),
        )

    def publish_result(
        self,
        *,
        payer: Account | None = None,
        progress: OnStep | None = None,
        on_sent: OnSent | None = None,
    ) -> Receipt:
        """Computes the scores from sums and shares and has the contract prove them. Anyone may.

        Args:
            payer: who signs and pays for the transaction.
            progress: is told the steps of the computation, which can take seconds.
            on_sent: is told the transaction's hash first, so that it can be noted.

        Raises:
            WrongPhase: the poll is not closed, or its result is recorded.
            TooFewShares: it needs more shares.
        """
        self.require_phase(Phase.CLOSED)
        threshold = self.threshold
        shares = self.shares()
        if len(shares) < threshold:
            raise TooFewShares(threshold, len(shares))
        quorum = {trustee: shares[trustee] for trustee in list(shares)[:threshold]}
        found = tally.scores(
            self.sums(),
            quorum,
            questions=self.definition.questions,
            cast_weight=self.cast_weight,
            progress=progress,
        )
        hints = list(sharing.weighted(quorum).values())[1:]
        data = INTERFACE.data("publishResult", found, _flat(quorum.values()), _flat(hints))
        return self._sender(payer).send(self.address, data, on_sent=on_sent)

    def _sender(self, payer: Account | None) -> Sender:
        account = payer or self._payer
        if account is None:
            raise NoAccount("nobody pays for this transaction: name a payer")
        return Sender(self.node, account, confirmations=self._confirmations)


def _flat(lists: Any) -> list[list[int]]:  # noqa: ANN401  # lists of points
    return [arguments.point(each) for own in lists for each in own]
