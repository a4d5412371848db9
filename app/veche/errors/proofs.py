"""Errors in points, scalars, questions and proofs (PROTOCOL §7)."""

from __future__ import annotations

from veche.errors.root import Refused


class InvalidPoint(Refused):
    """A point from outside is not on the curve, or a coordinate of it is out of range.

    Values: x, y.
    """

    reason = "({0:#x}, {1:#x}) is not a point with 0 < x < n and 0 < y < p on secp256k1"
    remedy = (
        "Copy the key or the point again from whoever gave it to you. If software made it, update "
        "that software; if the message stays, please report it."
    )


class InvalidScalar(Refused):
    """A challenge, a response or a secret is not in 1..n-1.

    Values: the scalar; none for a secret.
    """

    reason = "{0:#x} is not in 1..n-1"


class InvalidWord(Refused):
    """A part of a hash input does not fill a word: it is a number outside 0..2^256-1, or a hash
    of a length other than 32 bytes. No values: such an input never reaches a contract.
    """

    reason = "a part of a hash input does not fill a word"
    remedy = "Use numbers in 0..2^256-1 and hashes of 32 bytes."


class InvalidQuestions(Refused):
    """A question contradicts itself, or the questions together exceed the limits of a poll.

    Values: the index of the first impossible question; or the number of questions, if there are
    none or if they are too large together.
    """

    reason = "question {0} is not one that a poll can ask"
    remedy = (
        "Change the question. A poll has at most 60 choices, a score is at most 100, and a limited "
        "total takes at most 101 values (PROTOCOL §3)."
    )


class InvalidScores(Refused):
    """A voter's scores break the limits of a question. The message says how many options were
    chosen or how many points were given, but not which options. It has no values, as they would
    show the vote.
    """

    reason = "the questions do not allow these scores"
    remedy = "Choose again: `veche show POLL` shows how many options or points you can give."


class InvalidThreshold(Refused):
    """A board of T trustees with threshold t breaks the rule 2 <= t <= T <= 16 and 2t > T.

    Values: the threshold, the number of trustees.
    """

    reason = "{0} of {1} trustees is not a board with 2 <= t <= T <= 16 and 2t > T"
    remedy = (
        "Choose 2 to 16 trustees, and a threshold of more than half of them, such as 2 of 3 or 3 "
        "of 5."
    )


class InvalidBallotShape(Refused):
    """A ballot does not have the number of words that the questions require.

    Values: the number of words required, the number in the ballot.
    """

    reason = "the ballot has {1} words, but the questions require {0}"
    remedy = "Prepare the ballot again from the questions of this poll: run `veche vote` again."


class InvalidHintCount(Refused):
    """A transaction does not carry exactly one hint for every sum of the proof that needs one.

    Values: the number of hints needed, the number given.
    """

    reason = "{1} hints were given, but {0} are needed"
    remedy = "Compute the hints again from what you carry. The proof itself may be valid."


class InvalidHint(Refused):
    """A hint in a transaction is not the pair of points that its commitment needs.

    Values: the index of the hint.
    """

    reason = "hint {0} is not the point that its proof needs"
    remedy = "Compute the hints again from what you carry. The proof itself may be valid."


class InvalidDealShape(Refused):
    """A deal does not have t commitments and T sealed shares.

    Values: the numbers of commitments and of sealed shares in the deal.
    """

    reason = "{0} commitments and {1} sealed shares do not fit the board"
    remedy = "Make the deal again for this board: run `veche trustee deal` again."


class InvalidShareShape(Refused):
    """A decryption share does not have exactly one point for every sum.

    Values: the number of sums, the number of points.
    """

    reason = "{1} decryption points do not fit {0} sums"
    remedy = "Make the share again for this poll: run `veche trustee decrypt` again."


class InvalidShare(Refused):
    """A sealed share, once it is opened, is not the one that its dealer committed to.

    Values: the index of the dealer, the index of the recipient.
    """

    reason = "the share of dealer {0} for trustee {1} is not the one that the dealer committed to"
    remedy = (
        "Never use this share. Run `veche trustee confirm`: it blames the dealer on chain, and the "
        "officials convene another board."
    )


class InvalidQuorum(Refused):
    """A trustee's index is outside 1..16, or is named twice.

    Values: the index.
    """

    reason = "trustee {0} is outside 1..16, or is named twice"
    remedy = "Use one share of each trustee. Trustees are numbered from 1, up to 16."


class CommitmentAtInfinity(Refused):
    """The first part of a commitment is the point at infinity.

    Values: the index of the commitment.
    """

    reason = "commitment {0} is the point at infinity"


class DegenerateSum(Refused):
    """The two points that a sum of a proof consists of are equal or opposite, or one of them is the
    point at infinity or cannot be computed by ecrecover.

    Values: the index of the sum.
    """

    reason = "the two parts of sum {0} are equal, opposite or infinity"


class InvalidProof(Refused):
    """The challenge of a proof is not the hash of its statement and its commitments.

    Values: the challenge in the proof, the challenge as computed.
    """

    reason = "the proof has the challenge {0:#x}, but its statement and its commitments give {1:#x}"
    remedy = (
        "Make the proof again for exactly this poll or board, and this voter or trustee. If "
        "somebody else sent it, do not count it."
    )


class InversionFailed(Refused):
    """A contract was asked for the inverse of a multiple of the field's prime.

    Values: the number that has no inverse.
    """

    reason = "{0:#x} has no inverse"
