"""What a board of trustees refuses (PROTOCOL §2)."""

from __future__ import annotations

from veche.errors.root import Refused, Value, is_too_late


class InvalidMinBallots(Refused):
    """You meet it where a board would decrypt for a single voter. Values: the fewest ballots."""

    reason = "a board decrypts for 2 voters at least, not for {0}"
    remedy = "Ask for 2 ballots at least: the result of a single one would be that voter's vote."


class InvalidDeadlines(Refused):
    """You meet it where a board's deadlines are not in the future, deals first.

    Values: the time, the deadline for deals, the one for confirmations; seconds since 1970.
    """

    reason = (
        "deals are due by {1:time}, confirmations by {2:time}, and it is {0:time}: deals come "
        "before confirmations, and both in the future"
    )
    remedy = (
        "Choose later deadlines, the one for deals first, and run `brownie run convene_board` "
        "again."
    )


class InvalidAccount(Refused):
    """You meet it where a trustee's account is zero or named twice. Values: the account."""

    reason = "the account {0} is zero or named twice"
    remedy = "Give every trustee an account of its own, and none the address zero."


class DuplicateSealingKey(Refused):
    """You meet it where two trustees of a board have one sealing key. Values: x, y."""

    reason = "the sealing key ({0:#x}, {1:#x}) is named twice"
    remedy = (
        "Let each trustee make a key with `veche trustee keygen` and send that: who shares a key "
        "shares its secret."
    )


class NotTrustee(Refused):
    """You meet it where an account that is no trustee acts as one. Values: the account."""

    reason = "the account {0} is no trustee of this board"
    remedy = "Use the keystore of the account that the board names, and check the board's address."


class UnknownTrustee(Refused):
    """You meet it where a board has no trustee of this index. Values: the index."""

    reason = "this board has no trustee {0}"
    remedy = "Name a trustee of this board; they count from 1, in the order they were named in."


class WrongBoardPhase(Refused):
    """You meet it where a board is not in the phase that a call needs.

    Values: the phase needed, the phase that it is in: 0 Dealing, 1 Confirming, 2 Ready, 3 Failed.
    """

    reason = "the board is in phase {1}, this needs phase {0}"
    remedy = (
        "Wait until the other trustees have done their part, then run the command again. A board "
        "that has failed is convened anew."
    )
    exit_code = 8
    late_exit_code = Refused.exit_code

    def __init__(self, *values: Value, field: str = "", reason: str = "") -> None:
        super().__init__(*values, field=field, reason=reason)
        if is_too_late(*values):
            self.exit_code = self.late_exit_code


class DeadlinePassed(Refused):
    """You meet it where a trustee is too late. Values: the deadline, the time; since 1970."""

    reason = "the deadline was {0:time}, it is {1:time}"
    remedy = "Tell the officials: this board fails, and they convene another with later deadlines."


class DeadlineNotPassed(Refused):
    """You meet it where a board is given up too early. Values: the deadline, the time."""

    reason = "trustees have until {0:time}, it is {1:time}"
    remedy = "Wait until the deadline: the trustees can still finish."
    exit_code = 8


class AlreadyDealt(Refused):
    """You meet it where a trustee deals twice. Values: the trustee's index."""

    reason = "trustee {0} has dealt already"
    remedy = (
        "Nothing is left to do: the deal counts. If it is not yours, tell the officials that "
        "somebody else has your key."
    )


class AlreadyConfirmed(Refused):
    """You meet it where a trustee confirms twice. Values: the trustee's index."""

    reason = "trustee {0} has confirmed already"
    remedy = (
        "Nothing is left to do: the confirmation counts. If it is not yours, tell the officials "
        "that somebody else has your key."
    )


class WrongDealsHash(Refused):
    """You meet it where a trustee confirms other deals than those on this chain: the chain was
    reorganised, or its node shows another one. Values: the hash on chain, the hash confirmed.
    """

    reason = "the deals on this chain are {0}, not {1}"
    remedy = (
        "Run `veche trustee confirm` again: it checks the deals anew. If this stays, give another "
        "node's URL."
    )


class UnfoundedBlame(Refused):
    """You meet it where a blamed share is what its dealer committed to.

    Values: dealer, recipient.
    """

    reason = "the share of dealer {0} for trustee {1} is good"
    remedy = (
        "Check that your sealing key is the one of this board. A good share is not blamed: run "
        "`veche trustee confirm`."
    )
