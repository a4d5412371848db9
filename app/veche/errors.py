"""The exceptions of Veche.

    VecheError
    ├── Refused                  an input that the protocol does not accept
    │   ├── InvalidPoint
    │   ├── InvalidScalar
    │   ├── InvalidWord
    │   ├── InvalidQuestions
    │   ├── InvalidScores
    │   ├── InvalidThreshold
    │   ├── InvalidBallotShape
    │   ├── InvalidHintCount
    │   ├── InvalidHint
    │   ├── InvalidDealShape
    │   ├── InvalidShareShape
    │   ├── InvalidShare
    │   ├── InvalidQuorum
    │   ├── ZeroSubChallenge
    │   ├── CommitmentAtInfinity
    │   ├── DegenerateBranch
    │   ├── InvalidProof
    │   ├── InversionFailed
    │   ├── InvalidMinBallots
    │   ├── InvalidDeadlines
    │   ├── InvalidAccount
    │   ├── DuplicateSealingKey
    │   ├── NotTrustee
    │   ├── UnknownTrustee
    │   ├── WrongBoardPhase
    │   ├── DeadlinePassed
    │   ├── DeadlineNotPassed
    │   ├── AlreadyDealt
    │   ├── AlreadyConfirmed
    │   ├── WrongDealsHash
    │   ├── UnfoundedBlame
    │   ├── NotCatalogue
    │   ├── AlreadyInitialised
    │   ├── BoardNotReady
    │   ├── InvalidTimes
    │   ├── TooFewBallots
    │   ├── InvalidTotalWeight
    │   ├── EmptyContent
    │   ├── WrongPhase
    │   ├── NotInitialised
    │   ├── HasBallots
    │   ├── NotThroughBatch
    │   ├── InvalidSignature
    │   ├── BallotExpired
    │   ├── NotOnRoll
    │   ├── InvalidWeight
    │   ├── WrongTracker
    │   ├── WrongReplacedBallot
    │   ├── TooManyReplacements
    │   ├── TooLittleGas
    │   ├── InvalidWeightedPoint
    │   ├── AlreadyShared
    │   ├── WrongSumsHash
    │   ├── TooFewShares
    │   ├── InvalidResultShape
    │   ├── WrongShare
    │   ├── ScoreTooLarge
    │   ├── InvalidCombination
    │   ├── WrongScore
    │   ├── UnknownPollId
    │   ├── UnknownVersion
    │   ├── OwnableUnauthorizedAccount
    │   └── OwnableInvalidOwner
    ├── InvalidRoll              an electoral roll that no poll can have
    └── DiscreteLogNotFound

A refusal has the same name and, where the contracts know it too, the same values in the same order
as the contracts' custom error. No message ever holds a secret.
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

Value: TypeAlias = int | str | bytes
"""A number, an address, a hash."""


class VecheError(Exception):
    """Anything that goes wrong in Veche. Catch this to catch all of it."""


class Refused(VecheError):
    """An input that the protocol does not accept, here and in the contracts alike.

    Attributes:
        field: which part of the input is at fault, in words.
        values: the offending values, in the order of the contracts' custom error.
    """

    reason: ClassVar[str]

    def __init__(self, *values: Value, field: str = "", reason: str = "") -> None:
        self.field = field
        self.values = values
        text = reason or self.reason.format(*values)
        super().__init__(f"{field}: {text}" if field else text)


class InvalidPoint(Refused):
    """You meet it where a point from outside is off the curve or has a coordinate out of range.

    Values: x, y.
    """

    reason = "({0:#x}, {1:#x}) is not a point with 0 < x < n and 0 < y < p on secp256k1"


class InvalidScalar(Refused):
    """You meet it where a challenge, response or secret is not in 1..n-1.

    Values: the scalar; none where it is a secret.
    """

    reason = "{0:#x} is not in 1..n-1"


class InvalidWord(Refused):
    """You meet it where a part of a hash input does not fill a word: a number that is negative or
    above 2^256 - 1, a hash that has not 32 bytes. No values: it never gets into a contract.
    """

    reason = "a part of a hash input does not fill a word"


class InvalidQuestions(Refused):
    """You meet it where questions contradict themselves or go beyond the limits of a poll.

    Values: the index of the question, or their count where they are too large together.
    """

    reason = "question {0} is not one that a poll can ask"


class InvalidScores(Refused):
    """You meet it where a voter's scores are not what the questions allow. No values: they are
    the vote.
    """

    reason = "these scores are not what the questions allow"


class InvalidThreshold(Refused):
    """You meet it where a board's size and threshold are not 2 <= t <= T <= 16 and 2t > T.

    Values: threshold, trustees.
    """

    reason = "{0} of {1} trustees is not a board with 2 <= t <= T <= 16 and 2t > T"


class InvalidBallotShape(Refused):
    """You meet it where a ballot's lists have not the lengths that the questions ask for.

    Values: the ciphertexts, challenges and responses that it has.
    """

    reason = "{0} ciphertexts, {1} challenges and {2} responses do not fit the questions"


class InvalidHintCount(Refused):
    """You meet it where a contract was not given one hint for every commitment.

    Values: expected, actual.
    """

    reason = "{1} hints where {0} are needed"


class InvalidHint(Refused):
    """You meet it where a hint to a contract is not the point that it must be.

    Values: the index of the hint.
    """

    reason = "hint {0} is not the point that its proof needs"


class InvalidDealShape(Refused):
    """You meet it where a deal has not t commitments and T sealed shares.

    Values: the commitments and sealed shares that it has.
    """

    reason = "{0} commitments and {1} sealed shares do not fit the board"


class InvalidShareShape(Refused):
    """You meet it where a decryption share has not one point for every sum.

    Values: the sums, the points.
    """

    reason = "{1} decryption points for {0} sums"


class InvalidShare(Refused):
    """You meet it where a sealed share opens to something else than its dealer committed to.

    Values: dealer, recipient.
    """

    reason = "the share of dealer {0} for trustee {1} is not what the dealer committed to"


class InvalidQuorum(Refused):
    """You meet it where trustees' indices repeat or are out of 1..16. Values: the index."""

    reason = "trustee {0} is out of 1..16 or named twice"


class ZeroSubChallenge(Refused):
    """You meet it where the challenge left for a disjunction's last branch is zero.

    Values: the index of the branch.
    """

    reason = "the derived challenge of branch {0} is zero"


class CommitmentAtInfinity(Refused):
    """You meet it where a proof's first commitment is the point at infinity.

    Values: the index of the commitment.
    """

    reason = "commitment {0} is the point at infinity"


class DegenerateBranch(Refused):
    """You meet it where the two parts of a commitment are equal, opposite or infinity.

    Values: the index of the commitment.
    """

    reason = "the two parts of commitment {0} are equal, opposite or infinity"


class InvalidProof(Refused):
    """You meet it where a proof's challenge is not the hash of its statement and commitments.

    Values: the challenge claimed, the challenge computed.
    """

    reason = "the proof claims the challenge {0:#x}, statement and commitments give {1:#x}"


class InversionFailed(Refused):
    """You meet it where a contract was asked to invert a multiple of the field's prime.

    Values: the product.
    """

    reason = "{0:#x} has no inverse"


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


class InvalidRoll(VecheError):
    """You meet it where an electoral roll is not one that a poll can have, or a voter is looked
    up who is not on it.

    Attributes:
        index: of the entry that is at fault, from 0; None where none is.
    """

    def __init__(self, index: int | None, reason: str) -> None:
        self.index = index
        super().__init__(reason if index is None else f"entry {index}: {reason}")


class DiscreteLogNotFound(VecheError):
    """You meet it where no score within the bound gives the point: the bound or the sums are wrong.

    Attributes:
        bound: the largest score that was tried.
    """

    def __init__(self, bound: int) -> None:
        self.bound = bound
        super().__init__(f"no score in 0..{bound} gives this point: check the bound and the sums")
