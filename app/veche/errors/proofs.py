"""What is wrong with a point, a scalar or a proof (PROTOCOL §7)."""

from __future__ import annotations

from veche.errors.root import Refused


class InvalidPoint(Refused):
    """You meet it where a point from outside is off the curve or has a coordinate out of range.

    Values: x, y.
    """

    reason = "({0:#x}, {1:#x}) is not a point with 0 < x < n and 0 < y < p on secp256k1"
    remedy = (
        "Copy the key or point again from whoever gave it; if software made it, update that "
        "software and report this message."
    )


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
    remedy = "Give numbers in 0..2^256-1, and hashes of 32 bytes."


class InvalidQuestions(Refused):
    """You meet it where questions contradict themselves or go beyond the limits of a poll.

    Values: the index of the question, or their count where they are too large together.
    """

    reason = "question {0} is not one that a poll can ask"
    remedy = (
        "Change the question: a poll has at most 60 choices, a score is 100 at most, and a total "
        "that is limited takes at most 101 values (PROTOCOL §3)."
    )


class InvalidScores(Refused):
    """You meet it where a voter's scores are not what the questions allow. The message tells how
    many options or points are given, never to what. No values: they are the vote.
    """

    reason = "these scores are not what the questions allow"
    remedy = "Choose again: `veche show POLL` tells how many options and points you have."


class InvalidThreshold(Refused):
    """You meet it where a board's size and threshold are not 2 <= t <= T <= 16 and 2t > T.

    Values: threshold, trustees.
    """

    reason = "{0} of {1} trustees is not a board with 2 <= t <= T <= 16 and 2t > T"
    remedy = "Choose 2 to 16 trustees of whom more than half decrypt, such as 2 of 3 or 3 of 5."


class InvalidBallotShape(Refused):
    """You meet it where a ballot does not have as many words as the questions ask for.

    Values: expected, actual.
    """

    reason = "{1} words where a ballot that answers the questions has {0}"
    remedy = "Prepare the ballot anew from this poll's own questions: run `veche vote` again."


class InvalidHintCount(Refused):
    """You meet it where a contract was not given the hints that a proof needs.

    Values: expected, actual.
    """

    reason = "{1} hints where {0} are needed"
    remedy = "Compute the hints anew from what you carry; the proof itself may be good."


class InvalidHint(Refused):
    """You meet it where a hint to a contract is not the point that it must be.

    Values: the index of the hint.
    """

    reason = "hint {0} is not the point that its proof needs"
    remedy = "Compute the hints anew from what you carry; the proof itself may be good."


class InvalidDealShape(Refused):
    """You meet it where a deal has not t commitments and T sealed shares.

    Values: the commitments and sealed shares that it has.
    """

    reason = "{0} commitments and {1} sealed shares do not fit the board"
    remedy = "Make the deal anew for this board: run `veche trustee deal` again."


class InvalidShareShape(Refused):
    """You meet it where a decryption share has not one point for every sum.

    Values: the sums, the points.
    """

    reason = "{1} decryption points for {0} sums"
    remedy = "Make the share anew for this poll: run `veche trustee decrypt` again."


class InvalidShare(Refused):
    """You meet it where a sealed share opens to something else than its dealer committed to.

    Values: dealer, recipient.
    """

    reason = "the share of dealer {0} for trustee {1} is not what the dealer committed to"
    remedy = (
        "Never use this share. Run `veche trustee confirm`: it blames the dealer on chain, and the "
        "officials convene another board."
    )


class InvalidQuorum(Refused):
    """You meet it where trustees' indices repeat or are out of 1..16. Values: the index."""

    reason = "trustee {0} is out of 1..16 or named twice"
    remedy = "Take one share of each trustee; trustees count from 1, to 16 at most."


class CommitmentAtInfinity(Refused):
    """You meet it where a proof's first commitment is the point at infinity.

    Values: the index of the commitment.
    """

    reason = "commitment {0} is the point at infinity"


class DegenerateSum(Refused):
    """You meet it where the two parts of a sum in a proof are equal, opposite or infinity, or where
    one of them cannot be computed by ecrecover.

    Values: the index of the sum.
    """

    reason = "the two parts of sum {0} are equal, opposite or infinity"


class InvalidProof(Refused):
    """You meet it where a proof's challenge is not the hash of its statement and commitments.

    Values: the challenge claimed, the challenge computed.
    """

    reason = "the proof claims the challenge {0:#x}, statement and commitments give {1:#x}"
    remedy = (
        "Make it anew for exactly this poll or board and this voter or trustee. If it came from "
        "somebody else, do not count it."
    )


class InversionFailed(Refused):
    """You meet it where a contract was asked to invert a multiple of the field's prime.

    Values: the product.
    """

    reason = "{0:#x} has no inverse"
