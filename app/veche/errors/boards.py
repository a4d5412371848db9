"""Refusals by a board of trustees (PROTOCOL §2)."""

from __future__ import annotations

from veche.errors.root import Refused


class InvalidMinVoters(Refused):
    """A board would decrypt for a single voter.

    Values: the minimum of voters.
    """

    reason = "a board decrypts for at least 2 voters, not for {0}"
    remedy = "Ask for 2 voters or more: the result for a single voter is that voter's vote."


class InvalidDeadlines(Refused):
    """A deadline of a board is past, or the deadline for confirmations is not after the one for
    deals.

    Values: the current time, the deadline for deals, the deadline for confirmations; in seconds
    since 1970.
    """

    reason = (
        "deals are due by {1:time}, confirmations by {2:time}, and it is now {0:time}: both "
        "deadlines must be in the future, first the one for deals"
    )
    remedy = (
        "Choose later deadlines, the one for deals first. Then run `veche official convene-board` "
        "again."
    )


class InvalidAccount(Refused):
    """A trustee's account is the address zero, or is named twice.

    Values: the account.
    """

    reason = "the account {0} is the address zero, or is named twice"
    remedy = "Give every trustee an account of their own. No account is the address zero."


class DuplicateSealingKey(Refused):
    """Two trustees of a board have the same sealing key.

    Values: x and y of the key.
    """

    reason = "the sealing key ({0:#x}, {1:#x}) is named twice"
    remedy = (
        "Ask each trustee to make a key with `veche trustee keygen` and to send you its card: who "
        "shares a key shares its secret."
    )


class NotSignedByTrustee(Refused):
    """A deal or a confirmation was not signed by the account of its trustee.

    Values: the index of the trustee; the account that has signed, zero if the signature is invalid.
    """

    reason = "trustee {0} did not sign this; {1} did"
    remedy = (
        "Sign it with the keystore of the account that the board names. Check the board's address "
        "and the chain: a signature holds for one board on one chain."
    )


class UnknownTrustee(Refused):
    """A board has no trustee with this index.

    Values: the index.
    """

    reason = "this board has no trustee {0}"
    remedy = (
        "Name a trustee of this board. Trustees are numbered from 1, in the order in which the "
        "board names them."
    )


class WrongBoardPhase(Refused):
    """A board is not in the phase that a call needs.

    Values: the phase needed, the actual phase: 0 Dealing, 1 Confirming, 2 Ready, 3 Failed.
    """

    reason = "the board is {1:board}; for this it must be {0:board}"
    remedy = (
        "Wait until the other trustees have done their part, then run the command again. If the "
        "board has failed, the officials convene another one."
    )
    exit_code = 8
    late_exit_code = Refused.exit_code


class DeadlinePassed(Refused):
    """A trustee deals, confirms or blames after the deadline.

    Values: the deadline, the current time; in seconds since 1970.
    """

    reason = "the deadline was {0:time}, and it is now {1:time}"
    remedy = (
        "Tell the officials: this board fails, and they convene another one with later deadlines."
    )


class DeadlineNotPassed(Refused):
    """A board is given up before its deadline.

    Values: the deadline, the current time; in seconds since 1970.
    """

    reason = "trustees have until {0:time}, and it is now {1:time}"
    remedy = "Wait until the deadline: the trustees can still finish."
    exit_code = 8


class AlreadyDealt(Refused):
    """A trustee deals twice.

    Values: the index of the trustee.
    """

    reason = "trustee {0} has dealt already"
    remedy = (
        "There is nothing left to do: the deal counts. If it is not yours, tell the officials that "
        "somebody else has your key."
    )


class AlreadyConfirmed(Refused):
    """A trustee confirms twice.

    Values: the index of the trustee.
    """

    reason = "trustee {0} has confirmed already"
    remedy = (
        "There is nothing left to do: the confirmation counts. If it is not yours, tell the "
        "officials that somebody else has your key."
    )


class WrongDealsHash(Refused):
    """A trustee confirms other deals than those on this chain: the chain was reorganised, or the
    trustee's node shows another chain.

    Values: the hash on chain, the hash that was confirmed.
    """

    reason = "the deals on this chain have the hash {0}, not {1}"
    remedy = (
        "Run `veche trustee confirm` again with another node: it checks the deals again. If you "
        "have answered for other deals, tell the officials: they convene another board."
    )


class UnfoundedBlame(Refused):
    """A trustee blames a dealer, but the share is good: it agrees with the dealer's commitments.

    Values: the index of the dealer, the index of the trustee who blames.
    """

    reason = "the share of dealer {0} for trustee {1} is good"
    remedy = (
        "Check that your sealing key is the one of this board. Then run `veche trustee confirm`: "
        "a good share is confirmed."
    )
