"""Refusals by a poll or by the catalogue (PROTOCOL §3, §4)."""

from __future__ import annotations

from veche.errors.root import Refused


class NotCatalogue(Refused):
    """Only its catalogue may call this function of a poll.

    Values: the sender.
    """

    reason = "{0} is not the catalogue of this poll: officials act through the catalogue"
    remedy = (
        "Use the catalogue: `veche official publish-poll`, `veche official publish-roll` or `veche "
        "official cancel-poll`."
    )


class AlreadyInitialised(Refused):
    """A poll or a board is given its hash for a second time. No values."""

    reason = "it has its hash already"
    remedy = (
        "There is nothing left to do. To change a poll, publish a new version with `veche official "
        "publish-poll`."
    )


class UnknownBoard(Refused):
    """A poll names a board that its catalogue did not make.

    Values: the board's address.
    """

    reason = "the catalogue did not make the board {0}"
    remedy = (
        "Name a board of this catalogue: convene one with `veche official convene-board`. Do "
        "not use the key of any other board: somebody may know it."
    )


class BoardNotReady(Refused):
    """A poll names a board that has no key.

    Values: the board's phase: 0 Dealing, 1 Confirming, 3 Failed.
    """

    reason = "the board has no key: it is {0:board}"
    remedy = (
        "Wait until all trustees have confirmed: `veche official status` shows who has not. If the "
        "board has failed, run `veche official convene-board`."
    )
    exit_code = 8


class InvalidTimes(Refused):
    """A poll would open in the past, or its close is not after its opening.

    Values: the current time, the opening, the close; in seconds since 1970.
    """

    reason = (
        "the poll would open at {1:time} and close at {2:time}, and it is now {0:time}: a poll "
        "opens now or later, and closes after it opens"
    )
    remedy = "Choose a later opening, and a close after it. Then publish the poll again."


class TooFewVoters(Refused):
    """A poll's minimum of voters is below the minimum of its board.

    Values: the board's minimum, the poll's minimum.
    """

    reason = "the board decrypts for at least {0} voters, not for {1}"
    remedy = "Raise the poll's minimum to the board's, or convene a board with a lower minimum."


class InvalidTotalWeight(Refused):
    """The total weight of the roll, times the largest score, is not in 1..2^40-1: the roll is
    empty, or the sums would be too large to be found.

    Values: the total weight, the largest score.
    """

    reason = "total weight {0:,} times score {1:,} is not in 1..2^40-1"
    remedy = (
        "Check that the roll has voters. If the weights are too large, divide all of them by the "
        "same number."
    )


class EmptyContent(Refused):
    """A poll or a board has no texts. No values."""

    reason = "a poll needs texts: a title, questions and options; and a board needs names"
    remedy = "Give the poll a title, questions and options. Then publish it again."


class CloneArgumentsTooLong(Refused):
    """The names of a board and its trustees are too long: they are a part of the board's code, and
    that has a limit. No values.
    """

    reason = "the names of the board and its trustees take more than about 22,000 bytes"
    remedy = "Shorten the names in the board's file. Then run `veche official convene-board` again."


class WrongPhase(Refused):
    """A poll is not in the phase that a call needs.

    Values: the phase needed, the actual phase: 0 Scheduled, 1 Open, 2 Closed, 3 Tallied, 4 Void,
    5 Cancelled.
    """

    reason = "the poll is {1:poll}; for this it must be {0:poll}"
    remedy = (
        "If it is too early, come back later: `veche show POLL` shows when the poll opens and "
        "closes. A phase that is over does not come back."
    )
    exit_code = 8
    late_exit_code = Refused.exit_code


class NotInitialised(Refused):
    """A contract has the code of a poll or a board, but it is none: it is the code that all of them
    share, or a clone that no catalogue made. No values.
    """

    reason = "no catalogue made this contract: take the address from the catalogue"
    remedy = (
        "This is no poll and no board: do nothing with it. Take the address from the catalogue: "
        "`veche polls` lists the official polls."
    )
    exit_code = 7


class HasBallots(Refused):
    """A poll is to be cancelled, or a part of its roll published, but somebody has voted in it.

    Values: the voter count.
    """

    reason = "{0:count voter} voted already, so neither the poll nor its roll can be changed"
    remedy = (
        "Let the poll run: a ballot that is cast is not taken back. If its roll is not published, "
        "give the roll's file to voters and observers: they name it with --roll. You can publish a "
        "new version beside it with `veche official publish-poll`."
    )


class InvalidSignature(Refused):
    """A ballot does not have its voter's signature for this poll and this deadline.

    Values: the voter; the signer of what was sent, zero if nobody has signed it.
    """

    reason = "{1} signed this, not the voter {0}"
    remedy = "Sign with the key of the voter's own account, for this poll: run `veche vote` again."


class BallotExpired(Refused):
    """A ballot reaches the poll after the deadline that its voter has set.

    Values: the deadline, the current time; in seconds since 1970.
    """

    reason = "the voter wanted the ballot cast by {0:time}, and it is now {1:time}"
    remedy = (
        "Run `veche vote` again, with a later --deadline if you gave one. If you carry the ballot "
        "for a voter, ask that voter to."
    )


class NotOnRoll(Refused):
    """The roll does not give this voter this weight.

    Values: the voter, the weight.
    """

    reason = "{0} is not on the roll with weight {1}"
    remedy = (
        "Check that this is the account that the officials have for you, and ask them about your "
        "entry and its weight."
    )


class InvalidRollNodes(Refused):
    """The nodes of a batch are not all the nodes of the roll's tree at one depth: their number is
    not 1, 2, 4, …, or the root that they give is not the roll's.

    Values: the number of nodes; the root that they give, or the roll's if their number is wrong.
    """

    reason = "these {0} nodes, with the root {1}, are not all of one depth of the roll's tree"
    remedy = "Update the software of the carrier. The ballots of the batch can be cast again."


class InvalidWeight(Refused):
    """A weight is 0, or more than what is left of the poll's total weight: the roll behind the
    poll's root is faulty.

    Values: the weight, the weight that is left.
    """

    reason = "weight {0:,} is not in 1..{1:,}"
    remedy = (
        "Tell the officials: the roll contradicts the poll, and only a new version with another "
        "roll helps."
    )


class WrongTracker(Refused):
    """A ballot replaces another one than the voter's ballot that counts.

    Values: the tracker of the ballot that counts, zero if there is none; the tracker of the ballot
    to be replaced.
    """

    reason = "the ballot that counts is {0}, not {1}"
    remedy = (
        "The voter runs `veche vote` again: that replaces the ballot that counts now. If that one "
        "is not the voter's, somebody else has the key: tell the officials."
    )


class WrongReplacedBallot(Refused):
    """What is given as the replaced ballot is another ballot, or has another weight.

    Values: the tracker of the ballot that counts, the tracker of what is given.
    """

    reason = "the replaced ballot has the tracker {0}, not {1}"
    remedy = (
        "Run `veche vote` again: it reads the ballot that counts now from the chain, with its "
        "weight."
    )


class TooLittleGas(Refused):
    """A ballot of a batch failed, and too little gas was left to tell whether the ballot is bad.

    Values: the index of the ballot in the batch.
    """

    reason = "too little gas for ballot {0} of the batch"
    remedy = "Send the batch again with more gas, or with fewer ballots."


class InvalidWeightedPoint(Refused):
    """A hint in a transaction is not the ballot's point with this index times the voter's weight.

    Values: the index of the hint.
    """

    reason = "hint {0} is not the point times the weight"
    remedy = (
        "Compute the weighted points again, from the ballot and its voter's weight. The ballot "
        "itself may be valid."
    )


class AlreadyShared(Refused):
    """A trustee's decryption share is on chain already.

    Values: the index of the trustee.
    """

    reason = "the share of trustee {0} is on chain already"
    remedy = "There is nothing left to do: the share counts."


class WrongSumsHash(Refused):
    """A decryption share is for other sums than the poll's.

    Values: the hash of the poll's sums, the hash of the share's sums.
    """

    reason = "the sums of this poll have the hash {0}, not {1}: check your node"
    remedy = (
        "Decrypt no other sums. Run `veche trustee decrypt` again when your node has caught up, or "
        "use another node."
    )


class TooFewShares(Refused):
    """A result needs more decryption shares than there are.

    Values: the number of shares needed, the number of shares there are.
    """

    reason = "a result needs {0:count share}; it has {1}"
    remedy = "Wait until more trustees have run `veche trustee decrypt`. Remind them."
    exit_code = 8


class InvalidResultShape(Refused):
    """The lists of a result do not have the lengths that the choices and the threshold require.

    Values: the numbers of scores, of shares' points and of hints that were given.
    """

    reason = "{0} scores, {1} points and {2} hints are not what this result needs"
    remedy = "Run `veche official publish-result`, which reads the shares and the sums on chain."


class WrongShare(Refused):
    """A result is computed from points that are not those of the accepted share.

    Values: the position of the share, the index of its trustee.
    """

    reason = "these are not the points of share {0}, which trustee {1} posted"
    remedy = "Run `veche official publish-result`, which reads the shares and the sums on chain."


class ScoreTooLarge(Refused):
    """A score is larger than all ballots together can give.

    Values: the choice, the score, the largest possible score.
    """

    reason = "choice {0} cannot have the score {1:,}: the largest possible score is {2:,}"
    remedy = "Run `veche official publish-result`, which computes the scores from the chain."


class InvalidCombination(Refused):
    """A hint in a transaction is not the point times the coefficient of its share.

    Values: the index of the hint.
    """

    reason = "hint {0} is not the point times the coefficient of its share"
    remedy = "Run `veche official publish-result`, which computes the hints from the chain."


class WrongScore(Refused):
    """The sums and the decryption shares give another score.

    Values: the choice, the score.
    """

    reason = "choice {0} does not have the score {1:,}"
    remedy = (
        "Run `veche official publish-result`, which computes the scores from the chain. The "
        "contract records no other result."
    )


class UnknownPollId(Refused):
    """The catalogue has no poll with this id.

    Values: the id.
    """

    reason = "the catalogue has no poll {0}"
    remedy = "Check the id and the network: `veche polls` lists the official polls."


class UnknownVersion(Refused):
    """A poll has no version with this number.

    Values: the id, the number.
    """

    reason = "poll {0} has no version {1}"
    remedy = "Name an existing version; versions are numbered from 0. See `veche polls`."


class OwnableUnauthorizedAccount(Refused):
    """An account that does not own the catalogue acts for the officials.

    Values: the account.
    """

    reason = "{0} does not own the catalogue"
    remedy = "Use the account that owns the catalogue, or ask its owner to hand the catalogue over."


class OwnableInvalidOwner(Refused):
    """The address zero is to own the catalogue.

    Values: the account.
    """

    reason = "{0} cannot own a catalogue"
    remedy = "Name an account whose key somebody has, not the address zero."
