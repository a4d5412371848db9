"""What a poll or the catalogue refuses (PROTOCOL §3, §4)."""

from __future__ import annotations

from veche.errors.root import Refused


class NotCatalogue(Refused):
    """You meet it where somebody acts on a poll past its catalogue. Values: the sender."""

    reason = "{0} is not the catalogue of this poll: officials act through the catalogue"


class AlreadyInitialised(Refused):
    """You meet it where a poll is to be given terms for a second time. No values."""

    reason = "the poll has its terms already"


class BoardNotReady(Refused):
    """You meet it where a poll is to use a board that has no key.

    Values: the board's phase: 0 Dealing, 1 Confirming, 3 Failed.
    """

    reason = "the board is in phase {0} and has no key"


class InvalidTimes(Refused):
    """You meet it where a poll would open in the past, or close before it opens.

    Values: the time, the opening, the close; seconds since 1970.
    """

    reason = "not {0} <= {1} < {2}: a poll opens in the future, and closes after that"


class TooFewBallots(Refused):
    """You meet it where a poll would be decrypted for fewer voters than its board decrypts for.

    Values: the board's fewest, the poll's.
    """

    reason = "the board decrypts for {0} voters at least, not for {1}"


class InvalidTotalWeight(Refused):
    """You meet it where a poll's sums could not be found, or its roll is empty.

    Values: the total weight, the largest score.
    """

    reason = "total weight {0} times score {1} is not in 1..2^40-1"


class EmptyContent(Refused):
    """You meet it where a poll has no words. No values."""

    reason = "a poll needs words: title, questions, options"


class WrongPhase(Refused):
    """You meet it where a poll is not in the phase that a call needs.

    Values: the phase needed, the phase that it is in: 0 Scheduled, 1 Open, 2 Closed, 3 Tallied,
    4 Void, 5 Cancelled.
    """

    reason = "the poll is in phase {1}, this needs phase {0}"


class NotInitialised(Refused):
    """You meet it where a contract has the code of a poll, and is none: the code that polls share,
    or a clone that no catalogue made. No values.
    """

    reason = "this is no poll: take the address from the catalogue"


class HasBallots(Refused):
    """You meet it where a poll is to be cancelled that somebody has voted in.

    Values: how many have.
    """

    reason = "{0} voters have cast a ballot: a poll with ballots is not cancelled"


class NotThroughBatch(Refused):
    """You meet it where somebody calls what a poll calls for itself. Values: the sender."""

    reason = "{0} is not the poll: cast ballots with cast or castBatch"


class InvalidSignature(Refused):
    """You meet it where a ballot was not signed by its voter as it is: for this poll, with this
    deadline. Values: the voter, and who signed what was sent (zero where nobody did).
    """

    reason = "{1} signed this, not the voter {0}"


class BallotExpired(Refused):
    """You meet it where a ballot is carried to a poll later than its voter wanted.

    Values: the deadline, the time; since 1970.
    """

    reason = "the voter wanted the ballot cast by {0}, it is {1}: ask for a new signature"


class NotOnRoll(Refused):
    """You meet it where the roll does not give this voter this weight.

    Values: the voter, the weight.
    """

    reason = "{0} is not on the roll with weight {1}"


class InvalidWeight(Refused):
    """You meet it where a weight is 0, or more than the poll's total weight has left: the roll
    that the root is of is faulty. Values: the weight, what is left.
    """

    reason = "weight {0} is not in 1..{1}"


class WrongTracker(Refused):
    """You meet it where a ballot replaces another one than the voter's that counts.

    Values: the tracker of the ballot that counts (zero where there is none), the one to be
    replaced.
    """

    reason = "the ballot that counts is {0!r}, not {1!r}: prepare the ballot anew"


class WrongReplacedBallot(Refused):
    """You meet it where what is given as the replaced ballot is not it, or has another weight.

    Values: the tracker of the ballot that counts, that of what is given.
    """

    reason = "the replaced ballot has tracker {0!r}, not {1!r}"


class TooManyReplacements(Refused):
    """You meet it where a voter has replaced ballots as often as can be. Values: how often."""

    reason = "a voter replaces a ballot {0} times at most: the last one counts"


class TooLittleGas(Refused):
    """You meet it where a batch was sent with too little gas to tell whether a ballot is good.

    Values: the ballot's index in the batch.
    """

    reason = "too little gas for ballot {0} of the batch: send more, or fewer ballots"


class InvalidWeightedPoint(Refused):
    """You meet it where a contract is given a wrong multiple of a point by a weight.

    Values: its index among the hints.
    """

    reason = "hint {0} is not the point times the weight"


class AlreadyShared(Refused):
    """You meet it where a trustee's share has been accepted already. Values: the trustee."""

    reason = "the share of trustee {0} is there already"


class WrongSumsHash(Refused):
    """You meet it where a share is for other sums than the poll's.

    Values: the hash of the poll's sums, that of the share's.
    """

    reason = "the sums of this poll are {0!r}, not {1!r}: check your node"


class TooFewShares(Refused):
    """You meet it where a result is to be recorded with fewer shares than it needs.

    Values: how many it needs, how many there are.
    """

    reason = "a result needs {0} shares, there are {1}"


class InvalidResultShape(Refused):
    """You meet it where the lists of a result have not the lengths that choices and threshold ask
    for. Values: the scores, points of shares and hints that were given.
    """

    reason = "{0} scores, {1} points and {2} hints are not what this result needs"


class WrongShare(Refused):
    """You meet it where a result is computed from other points than those that were accepted.

    Values: the share's position, its trustee.
    """

    reason = "these are not the points of share {0}, of trustee {1}"


class ScoreTooLarge(Refused):
    """You meet it where a score is more than all ballots together can give.

    Values: the choice, the score, the bound.
    """

    reason = "choice {0} cannot have score {1}: {2} is the most"


class InvalidCombination(Refused):
    """You meet it where a contract is given a wrong part of a combination.

    Values: its index among the hints.
    """

    reason = "hint {0} is not the point times the share's coefficient"


class WrongScore(Refused):
    """You meet it where sums and shares do not give this score. Values: the choice, the score."""

    reason = "choice {0} has not score {1}"


class UnknownPollId(Refused):
    """You meet it where a catalogue has no poll of this id. Values: the id."""

    reason = "the catalogue has no poll {0!r}"


class UnknownVersion(Refused):
    """You meet it where a poll has no version of this number. Values: the id, the number."""

    reason = "poll {0!r} has no version {1}"


class OwnableUnauthorizedAccount(Refused):
    """You meet it where somebody else than the owner acts for officials. Values: the account."""

    reason = "{0} does not own the catalogue"


class OwnableInvalidOwner(Refused):
    """You meet it where a catalogue would be owned by nobody. Values: the account."""

    reason = "{0} cannot own a catalogue"
