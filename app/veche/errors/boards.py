"""What a board of trustees refuses (PROTOCOL §2)."""

from __future__ import annotations

from veche.errors.root import Refused


class InvalidMinBallots(Refused):
    """You meet it where a board would decrypt for a single voter. Values: the fewest ballots."""

    reason = "a board decrypts for 2 voters at least, not for {0}"


class InvalidDeadlines(Refused):
    """You meet it where a board's deadlines are not in the future, deals first.

    Values: the time, the deadline for deals, the one for confirmations; seconds since 1970.
    """

    reason = "not {0} < {1} < {2}: deals come before confirmations, and both in the future"


class InvalidAccount(Refused):
    """You meet it where a trustee's account is zero or named twice. Values: the account."""

    reason = "the account {0} is zero or named twice"


class DuplicateSealingKey(Refused):
    """You meet it where two trustees of a board have one sealing key. Values: x, y."""

    reason = "the sealing key ({0:#x}, {1:#x}) is named twice"


class NotTrustee(Refused):
    """You meet it where an account that is no trustee acts as one. Values: the account."""

    reason = "the account {0} is no trustee of this board"


class UnknownTrustee(Refused):
    """You meet it where a board has no trustee of this index. Values: the index."""

    reason = "this board has no trustee {0}"


class WrongBoardPhase(Refused):
    """You meet it where a board is not in the phase that a call needs.

    Values: the phase needed, the phase that it is in: 0 Dealing, 1 Confirming, 2 Ready, 3 Failed.
    """

    reason = "the board is in phase {1}, this needs phase {0}"


class DeadlinePassed(Refused):
    """You meet it where a trustee is too late. Values: the deadline, the time; since 1970."""

    reason = "the deadline was {0}, it is {1}"


class DeadlineNotPassed(Refused):
    """You meet it where a board is given up too early. Values: the deadline, the time."""

    reason = "trustees have until {0}, it is {1}"


class AlreadyDealt(Refused):
    """You meet it where a trustee deals twice. Values: the trustee's index."""

    reason = "trustee {0} has dealt already"


class AlreadyConfirmed(Refused):
    """You meet it where a trustee confirms twice. Values: the trustee's index."""

    reason = "trustee {0} has confirmed already"


class WrongDealsHash(Refused):
    """You meet it where a trustee confirms other deals than those on this chain: the chain was
    reorganised, or its node shows another one. Values: the hash on chain, the hash confirmed.
    """

    reason = "the deals on this chain are {0!r}, not {1!r}"


class UnfoundedBlame(Refused):
    """You meet it where a blamed share is what its dealer committed to.

    Values: dealer, recipient.
    """

    reason = "the share of dealer {0} for trustee {1} is good"
