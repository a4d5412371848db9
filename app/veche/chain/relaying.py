"""Ballots that relays cast: handed in at one after the other, until a node shows that they count.

A relay may be silent, lie or hold a ballot back. So the voter's node decides whether the ballot
counts, and the next relay, or the voter, casts it if it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, sleep
from typing import Final

from veche.chain import casting
from veche.chain.block_watch import LONGEST_PAUSE, BlockWatch
from veche.chain.casting import CastReceipt
from veche.chain.poll_reader import PollReader
from veche.chain.relay_line import RelayLine
from veche.chain.transactions import Sender
from veche.errors import NodeError, RelayError, VecheError
from veche.protocol.ballot import SignedBallot

WITHIN: Final = 60.0
"""Seconds for which a relay that has accepted a ballot is waited for, before others are asked."""
LOOK_EVERY: Final = 5.0
"""Seconds between two questions to a relay about a ballot."""


def cast(
    poll: PollReader,
    signed: SignedBallot,
    urls: Sequence[str],
    *,
    watch: BlockWatch,
    sender: Sender | None,
) -> CastReceipt:
    """Has a ballot cast, and waits until this poll's node shows it with enough confirmations.

    Args:
        poll: the poll.
        signed: the ballot.
        urls: of relays, in the order in which they are asked.
        watch: knows how many confirmations are asked for.
        sender: casts the ballot if no relay does; None if nobody pays.

    Raises:
        WrongPoll: the ballot is for another poll.
        VecheError: no relay casts it, and nobody else does: the reason of the last. Or the sender
            cannot cast it.
    """
    casting.require_own(signed, chain_id=poll.node.chain_id, poll=poll.address)
    refusal: VecheError = RelayError("no relay is named")
    for url in urls:
        try:
            return _through(RelayLine(url), poll, signed, watch)
        except NodeError:  # of the voter's own node
            raise
        except VecheError as error:
            refusal = error
    if sender is not None:
        return casting.cast(poll, signed, sender)
    found = casting.confirmed(poll, signed.voter, signed.tracker(poll.hash), watch)
    if found is None:
        raise refusal
    return found


def post(relay: RelayLine, document: str) -> str:
    """Has a relay post what a trustee has made, and waits for it. A node shows whether that is so.

    Args:
        relay: the relay.
        document: the trustee's call as a JSON document.

    Returns:
        The transaction, as the relay tells it.

    Raises:
        RelayError: the relay does not take it, or does not post it in time.
        Refused: the relay says that the contract refuses it.
    """
    relay.hand_in_call(document)
    until = monotonic() + WITHIN
    while monotonic() < until:
        found = relay.posted(document)
        if found:
            return found
        sleep(LONGEST_PAUSE)
    raise RelayError(f"{relay.name} has accepted it, but not posted it within {WITHIN:.0f} seconds")


def _through(
    relay: RelayLine, poll: PollReader, signed: SignedBallot, watch: BlockWatch
) -> CastReceipt:
    """Hands a ballot in at a relay, and waits until the poll's node shows it.

    Raises:
        RelayError: the relay does not take the ballot, or does not cast it in time.
        Refused: the relay says that the protocol refuses the ballot.
    """
    relay.hand_in(signed)
    tracker = signed.tracker(poll.hash)
    begun = asked = monotonic()
    while monotonic() < begun + WITHIN:
        found = casting.confirmed(poll, signed.voter, tracker, watch)
        if found:
            return found
        if monotonic() > asked + LOOK_EVERY:
            relay.require_not_refused(tracker)
            asked = monotonic()
        sleep(LONGEST_PAUSE)
    said = f"{relay.name} has accepted the ballot, but not cast it within {WITHIN:.0f} seconds"
    raise RelayError(said)
