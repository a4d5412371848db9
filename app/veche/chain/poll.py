"""A poll on chain, with everything that people do in it (PROTOCOL §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eth_utils.address import to_checksum_address

from veche.chain import arguments, casting, relaying, threads
from veche.chain.block_watch import BlockWatch
from veche.chain.casting import CastReceipt
from veche.chain.fees import USUAL, FeeCap, price
from veche.chain.node import Block, Node
from veche.chain.pending import OnSent, Receipt
from veche.chain.poll_contract import INTERFACE
from veche.chain.poll_reader import PollReader
from veche.chain.transactions import Account, Sender
from veche.chain.trustee_call import TrusteeCall
from veche.crypto import sharing
from veche.crypto.discrete_log import OnStep
from veche.errors import (
    NoAccount,
    TooFewShares,
    VecheError,
)
from veche.protocol import deadline as deadlines
from veche.protocol import tally
from veche.protocol.ballot import PreparedBallot, SignedBallot
from veche.protocol.content import Choice
from veche.protocol.phase import Phase
from veche.protocol.tally import DecryptionShare


class Poll(PollReader):
    """A poll on chain, with everything that people do in it.

    Its attributes and the exceptions of its making are those of `PollReader`.
    """

    def __init__(
        self,
        node: Node,
        address: str,
        *,
        expect: bytes | None = None,
        block: Block = "latest",
        payer: Account | None = None,
        confirmations: int = 1,
        fee_cap: FeeCap = USUAL,
    ) -> None:
        super().__init__(node, address, expect=expect, block=block)
        self._payer = payer
        self._confirmations = confirmations
        self._fee_cap = fee_cap

    # -- Ballots --

    def prepare(
        self,
        choices: Mapping[str, Choice],
        *,
        voter: str,
        within: int = deadlines.CARRY_WITHIN,
    ) -> PreparedBallot:
        """Encrypts a ballot. Its voter then signs and casts it, or audits it and throws it away.

        Args:
            choices: what the voter gives to each question, by the question's text: an option, a
                list of options, or a score for each option. Whatever is left out gets nothing.
            voter: the voter's address.
            within: the number of seconds from now in which it is to be cast. If the poll closes
                before that, its close is the deadline.

        Raises:
            ChecksFailed: catalogue, board or poll are not what they should be, so nothing is
                encrypted.
            WrongPhase: the poll is not open.
            NotOnRoll: the voter is not on the roll.
            IncompleteRoll: the roll is not published in full.
            InvalidChoices: the poll has no such question or option.
            InvalidScores: the questions do not allow these choices.
        """
        self.require_phase(Phase.OPEN)
        self.require_foundation()
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
            deadline=self.deadline(within),
        )

    def deadline(self, within: int) -> int:
        """The deadline of a ballot that is to be cast within so many seconds from now, in seconds
        since 1970: at most the poll's close.
        """
        now = self.node.next_time()
        return deadlines.limited(now + within, now=now, closes=self.definition.closes)

    def cast(
        self,
        signed: SignedBallot,
        *,
        payer: Account | None = None,
        relay: str | Sequence[str] = (),
    ) -> CastReceipt:
        """Casts a ballot, and waits until it has enough confirmations.

        A ballot that is on chain already is not cast again. Its receipt is found, and it must have
        as many confirmations. Many threads of a process may cast at once with the same payer.

        Args:
            signed: the ballot.
            payer: the account that pays for the transaction; by default the chain's.
            relay: the URL of a relay that casts the ballot and pays for it, or several: each is
                asked if those before it do not cast it. If none does, the payer casts it; without
                a payer, the last relay's reason is raised. The receipt is that of this poll's own
                node, whatever a relay says.

        Raises:
            NoAccount: neither a payer nor a relay is named, and the chain was connected to without
                an account.
            RelayError: the relays do not take the ballot, and nobody else pays.
            WrongPoll: the ballot is for another poll.
            Refused: the contract refuses the ballot.
            TooExpensive: the node asks for more than is allowed.
            InsufficientFunds: the payer cannot pay.
            TransactionFailed: a block holds the transaction, but the contract refused it; or
                another transaction took its number.
            TransactionPending: no block holds the ballot in time, or no more blocks come.
        """
        if not relay:
            return casting.cast(self, signed, self._sender(payer))
        urls = [relay] if isinstance(relay, str) else relay
        watch = BlockWatch(self.node, confirmations=self._confirmations)
        has_payer = (payer or self._payer) is not None
        sender = self._sender(payer) if has_payer else None
        return relaying.cast(self, signed, urls, watch=watch, sender=sender)

    async def cast_async(
        self,
        signed: SignedBallot,
        *,
        payer: Account | None = None,
        relay: str | Sequence[str] = (),
    ) -> CastReceipt:
        """As `cast`, for asyncio: a thread of its own waits, and the event loop does not."""
        return await threads.awaited(lambda: self.cast(signed, payer=payer, relay=relay))

    def follow(self, *, payer: Account | None = None) -> CastReceipt | None:
        """Waits for a ballot that a voter has cast from here in an earlier run, which no block held
        yet. It is not paid for again.

        Args:
            payer: the voter's account; by default the chain's.

        Returns:
            The receipt of the ballot; None if none is under way, or if it fails.

        Raises:
            NoAccount: no payer is named, and the chain was connected to without an account.
            TransactionPending: no block holds the ballot in time, or no more blocks come.
        """
        return casting.follow(self, self._sender(payer))

    def cast_batch(
        self, ballots: Sequence[SignedBallot], *, payer: Account | None = None
    ) -> list[CastReceipt | VecheError]:
        """Casts many ballots in one transaction, and waits until it has enough confirmations.

        Ballots that are on chain already are not cast again. Their receipts are found, and they
        must have as many confirmations.

        Args:
            ballots: at most one ballot of each voter, and as many as `casting.fits` allows.
            payer: the account that pays for the transaction; by default the chain's.

        Returns:
            For every ballot its receipt, or the exception that it was refused with.

        Raises:
            NoAccount: no payer is named, and the chain was connected to without an account.
            WrongPoll: a ballot is for another poll.
            Refused: the contract refuses the batch as a whole.
            TooExpensive: the node asks for more than is allowed.
            InsufficientFunds: the payer cannot pay.
            TransactionFailed: a block holds the transaction, but the contract refused it; or
                another transaction took its number.
            TransactionPending: no block holds a ballot in time, or no more blocks come.
        """
        return casting.cast_batch(self, ballots, self._sender(payer))

    def most_cost(self, voter: str) -> int:
        """The most that a voter's next ballot can cost, in wei: nodes take no ballot of an account
        that has less.

        Args:
            voter: the voter's address.
        """
        gas = casting.most_gas(
            self.definition,
            weight=self.weight(voter),
            replaces=self.tracker(voter) is not None,
        )
        return gas * price(self.node.fees())

    # -- Result --

    def post_share(self, share: DecryptionShare, *, payer: Account | None = None) -> Receipt:
        """Posts a trustee's decryption share. Anyone may.

        Args:
            share: the share.
            payer: the account that pays for the transaction; by default the chain's.

        Raises:
            NoAccount: no payer is named, and the chain was connected to without an account.
            Refused: the contract refuses the share.
        """
        return self.share_call(share).send(self._sender(payer))

    def share_call(self, share: DecryptionShare) -> TrusteeCall:
        """The call that posts a trustee's decryption share."""
        return TrusteeCall.of(
            self.node,
            self.address,
            "postShare",
            share.statement.trustee,
            share.sums_hash,
            arguments.points(share.statement.points),
            arguments.proof(share.proof),
            arguments.hints(share.hints),
        )

    def publish_result(
        self,
        *,
        payer: Account | None = None,
        progress: OnStep | None = None,
        on_sent: OnSent | None = None,
    ) -> Receipt:
        """Computes the scores from sums and shares, and has the contract prove them. Anyone may.

        Args:
            payer: the account that pays for the transaction; by default the chain's.
            progress: gets the steps of the computation, which can take seconds.
            on_sent: gets the transaction's hash first, so that it can be noted.

        Raises:
            NoAccount: no payer is named, and the chain was connected to without an account.
            WrongPhase: the poll is not closed, or its result is recorded already.
            TooFewShares: fewer shares are posted than the board's threshold.
            DiscreteLogNotFound: the sums and the shares do not belong together.
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
        return self._sender(payer).send(self.address, data, on_sent=on_sent, same=_is_result)

    def _sender(self, payer: Account | None) -> Sender:
        account = payer or self._payer
        if account is None:
            raise NoAccount("no account pays for this transaction: name a payer")
        return Sender(self.node, account, confirmations=self._confirmations, fee_cap=self._fee_cap)


def _is_result(data: bytes) -> bool:
    """Whether a call publishes a result. Only one can be proven, whatever shares prove it."""
    return INTERFACE.arguments("publishResult", data) is not None


def _flat(lists: Any) -> list[list[int]]:  # noqa: ANN401  # lists of points
    return [arguments.point(each) for own in lists for each in own]
