"""What a poll or the catalogue refuses (PROTOCOL §3, §4)."""

from __future__ import annotations

from veche.errors.root import Refused, Value, is_too_late


class NotCatalogue(Refused):
    """You meet it where somebody acts on a poll past its catalogue. Values: the sender."""

    reason = "{0} is not the catalogue of this poll: officials act through the catalogue"
    remedy = (
        "Go through the catalogue: `brownie run publish_poll`, `brownie run publish_roll` or "
        "`brownie run cancel_poll`."
    )


class AlreadyInitialised(Refused):
    """You meet it where a poll is to be given terms for a second time. No values."""

    reason = "the poll has its terms already"
    remedy = (
        "Nothing is left to do. To change a poll, publish a new version with `brownie run "
        "publish_poll`."
    )


class BoardNotReady(Refused):
    """You meet it where a poll is to use a board that has no key.

    Values: the board's phase: 0 Dealing, 1 Confirming, 3 Failed.
    """

    reason = "the board is in phase {0} and has no key"
    remedy = (
        "Wait until all trustees have confirmed: `brownie run status` shows who has not. If the "
        "board has failed, run `brownie run convene_board`."
    )
    exit_code = 8


class InvalidTimes(Refused):
    """You meet it where a poll would open in the past, or close before it opens.

    Values: the time, the opening, the close; seconds since 1970.
    """

    reason = (
        "it would open at {1:time} and close at {2:time}, and it is {0:time}: a poll opens in the "
        "future, and closes after that"
    )
    remedy = "Choose an opening that is not past yet and a close after it, and publish again."


class TooFewBallots(Refused):
    """You meet it where a poll would be decrypted for fewer voters than its board decrypts for.

    Values: the board's fewest, the poll's.
    """

    reason = "the board decrypts for {0} voters at least, not for {1}"
    remedy = "Ask for as many ballots as the board does, or convene a board that asks for fewer."


class InvalidTotalWeight(Refused):
    """You meet it where a poll's sums could not be found, or its roll is empty.

    Values: the total weight, the largest score.
    """

    reason = "total weight {0} times score {1} is not in 1..2^40-1"
    remedy = (
        "Check that the roll has voters. If the weights are too large, divide all of them by the "
        "same number."
    )


class EmptyContent(Refused):
    """You meet it where a poll has no words. No values."""

    reason = "a poll needs words: title, questions, options"
    remedy = "Give the poll a title, questions and options, and publish again."


class WrongPhase(Refused):
    """You meet it where a poll is not in the phase that a call needs.

    Values: the phase needed, the phase that it is in: 0 Scheduled, 1 Open, 2 Closed, 3 Tallied,
    4 Void, 5 Cancelled.
    """

    reason = "the poll is in phase {1}, this needs phase {0}"
    remedy = (
        "See with `veche show POLL` when the poll opens and closes, and come back then. What is "
        "over stays over."
    )
    exit_code = 8
    late_exit_code = Refused.exit_code

    def __init__(self, *values: Value, field: str = "", reason: str = "") -> None:
        super().__init__(*values, field=field, reason=reason)
        if is_too_late(*values):
            self.exit_code = self.late_exit_code


class NotInitialised(Refused):
    """You meet it where a contract has the code of a poll, and is none: the code that polls share,
    or a clone that no catalogue made. No values.
    """

    reason = "this is no poll: take the address from the catalogue"
    remedy = (
        "Do not vote here. Take the address from the catalogue: `veche polls` lists the official "
        "polls."
    )
    exit_code = 7


class HasBallots(Refused):
    """You meet it where a poll is to be cancelled that somebody has voted in.

    Values: how many have.
    """

    reason = "{0} voters have cast a ballot: a poll with ballots is not cancelled"
    remedy = (
        "Let the poll run: what was voted in is not taken back. A new version can stand beside it: "
        "`brownie run publish_poll`."
    )


class InvalidSignature(Refused):
    """You meet it where a ballot was not signed by its voter as it is: for this poll, with this
    deadline. Values: the voter, and who signed what was sent (zero where nobody did).
    """

    reason = "{1} signed this, not the voter {0}"
    remedy = "Sign with the key of the voter's own account, for this poll: run `veche vote` again."


class BallotExpired(Refused):
    """You meet it where a ballot is carried to a poll later than its voter wanted.

    Values: the deadline, the time; since 1970.
    """

    reason = "the voter wanted the ballot cast by {0:time}, it is {1:time}"
    remedy = "Run `veche vote` again; if you carry it for somebody, ask that voter to."


class NotOnRoll(Refused):
    """You meet it where the roll does not give this voter this weight.

    Values: the voter, the weight.
    """

    reason = "{0} is not on the roll with weight {1}"
    remedy = (
        "Check that this is the account that the officials know you by, and ask them about your "
        "entry and its weight."
    )


class InvalidRollNodes(Refused):
    """You meet it where a batch shows other nodes of the roll's tree than all of one depth.

    Values: how many, and the root that they give; that of the poll where there are not 1, 2, 4, ….
    """

    reason = "these {0} nodes, with the root {1}, are not all of one depth of the roll's tree"
    remedy = "Whoever carries the batch is to update their software; its ballots can be cast again."


class InvalidWeight(Refused):
    """You meet it where a weight is 0, or more than the poll's total weight has left: the roll
    that the root is of is faulty. Values: the weight, what is left.
    """

    reason = "weight {0} is not in 1..{1}"
    remedy = (
        "Tell the officials: the roll contradicts the poll, and only a new version with another "
        "roll helps."
    )


class WrongTracker(Refused):
    """You meet it where a ballot replaces another one than the voter's that counts.

    Values: the tracker of the ballot that counts (zero where there is none), the one to be
    replaced.
    """

    reason = "the ballot that counts is {0}, not {1}"
    remedy = (
        "Run `veche vote` again: it replaces the ballot that counts now. If that one is not yours, "
        "tell the officials that somebody else has your key."
    )


class WrongReplacedBallot(Refused):
    """You meet it where what is given as the replaced ballot is not it, or has another weight.

    Values: the tracker of the ballot that counts, that of what is given.
    """

    reason = "the replaced ballot has tracker {0}, not {1}"
    remedy = (
        "Run `veche vote` again: it takes the ballot that counts now from the chain, with its "
        "weight."
    )


class TooLittleGas(Refused):
    """You meet it where a batch was sent with too little gas to tell whether a ballot is good.

    Values: the ballot's index in the batch.
    """

    reason = "too little gas for ballot {0} of the batch: send more, or fewer ballots"
    remedy = "Send the batch again with more gas, or fewer ballots at a time."


class InvalidWeightedPoint(Refused):
    """You meet it where a contract is given a wrong multiple of a point by a weight.

    Values: its index among the hints.
    """

    reason = "hint {0} is not the point times the weight"
    remedy = (
        "Compute the weighted points anew from the ballot that you carry and its weight; the "
        "ballot itself may be good."
    )


class AlreadyShared(Refused):
    """You meet it where a trustee's share has been accepted already. Values: the trustee."""

    reason = "the share of trustee {0} is there already"
    remedy = "Nothing is left to do: the share counts."


class WrongSumsHash(Refused):
    """You meet it where a share is for other sums than the poll's.

    Values: the hash of the poll's sums, that of the share's.
    """

    reason = "the sums of this poll are {0}, not {1}: check your node"
    remedy = (
        "Decrypt no other sums. Run `veche trustee decrypt` again when your node has caught up, or "
        "with another node's URL."
    )


class TooFewShares(Refused):
    """You meet it where a result is to be recorded with fewer shares than it needs.

    Values: how many it needs, how many there are.
    """

    reason = "a result needs {0} shares, there are {1}"
    remedy = "Wait until more trustees have run `veche trustee decrypt`; remind them."
    exit_code = 8


class InvalidResultShape(Refused):
    """You meet it where the lists of a result have not the lengths that choices and threshold ask
    for. Values: the scores, points of shares and hints that were given.
    """

    reason = "{0} scores, {1} points and {2} hints are not what this result needs"
    remedy = "Run `brownie run publish_result`, which takes shares and sums from the chain."


class WrongShare(Refused):
    """You meet it where a result is computed from other points than those that were accepted.

    Values: the share's position, its trustee.
    """

    reason = "these are not the points of share {0}, of trustee {1}"
    remedy = "Run `brownie run publish_result`, which takes shares and sums from the chain."


class ScoreTooLarge(Refused):
    """You meet it where a score is more than all ballots together can give.

    Values: the choice, the score, the bound.
    """

    reason = "choice {0} cannot have score {1}: {2} is the most"
    remedy = "Run `brownie run publish_result`, which computes the scores from the chain."


class InvalidCombination(Refused):
    """You meet it where a contract is given a wrong part of a combination.

    Values: its index among the hints.
    """

    reason = "hint {0} is not the point times the share's coefficient"
    remedy = "Run `brownie run publish_result`, which computes the hints from the chain."


class WrongScore(Refused):
    """You meet it where sums and shares do not give this score. Values: the choice, the score."""

    reason = "choice {0} has not score {1}"
    remedy = (
        "Run `brownie run publish_result`, which computes the scores from the chain. No other "
        "result than theirs can be recorded."
    )


class UnknownPollId(Refused):
    """You meet it where a catalogue has no poll of this id. Values: the id."""

    reason = "the catalogue has no poll {0}"
    remedy = "Check the id and the network: `veche polls` lists the official polls."


class UnknownVersion(Refused):
    """You meet it where a poll has no version of this number. Values: the id, the number."""

    reason = "poll {0} has no version {1}"
    remedy = "Name a version that there is, from 0 on: `veche polls` lists the official polls."


class OwnableUnauthorizedAccount(Refused):
    """You meet it where somebody else than the owner acts for officials. Values: the account."""

    reason = "{0} does not own the catalogue"
    remedy = (
        "Send it from the account that owns the catalogue, or let that account hand the catalogue "
        "over first."
    )


class OwnableInvalidOwner(Refused):
    """You meet it where a catalogue would be owned by nobody. Values: the account."""

    reason = "{0} cannot own a catalogue"
    remedy = "Name an account that somebody has the key of, not the address zero."
