// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Questions} from "./Questions.sol";
import {RangeProof} from "./RangeProof.sol";
import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Transcript} from "./Transcript.sol";
import {Words} from "./Words.sol";

/**
 * @title The validity proof of a whole ballot
 * @notice Shows, under one challenge, that every choice encrypts a score in 0..maxScore and every
 * question a total in minTotal..maxTotal, and nothing else about them (PROTOCOL §3).
 */
library BallotProof {
    /// @notice An encrypted score.
    struct Ciphertext {
        /// A = r·G
        Secp256k1.Point a;
        /// B = r·Y + m·G
        Secp256k1.Point b;
    }

    /// @notice An encrypted ballot with its proof.
    struct Ballot {
        /// of every choice
        Ciphertext[] ciphertexts;
        /// of the whole ballot
        uint256 challenge;
        /// of every branch but the last of each disjunction
        uint256[] challenges;
        /// of every branch
        uint256[] responses;
    }

    /// @notice The lists of a ballot have not the lengths that the questions ask for.
    error InvalidBallotShape(uint256 ciphertexts, uint256 challenges, uint256 responses);

    /// @notice The words of a ciphertext: x and y of A, then of B.
    uint256 internal constant WORDS = 4;

    /// @dev The bytes of a point: x, y; of a ciphertext: A, B; of a total: x, y, z.
    uint256 private constant POINT = 0x40;
    uint256 private constant CIPHERTEXT = 0x80;
    uint256 private constant TOTAL = 0x60;

    /// @notice Reverts with the refusal unless the words of a ballot are points and scalars: x and
    /// y of A and B of every choice, then the challenge, the challenges, the responses.
    function requireWords(uint256[] memory words, uint256 choices) internal pure {
        (uint256 at, uint256 end) = Words.bounds(words);
        uint256 scalars = at + CIPHERTEXT * choices;
        Secp256k1.requirePoints(at, scalars, false);
        Secp256k1.requireScalars(scalars, end);
    }

    /// @notice Reverts with the refusal unless ballot and hints have the lengths that the questions
    /// ask for.
    function requireShape(
        Questions.Shape memory actual,
        uint256 hints,
        Questions.Shape memory expected
    ) internal pure {
        require(
            actual.choices == expected.choices &&
                actual.challenges == expected.challenges &&
                actual.branches == expected.branches,
            InvalidBallotShape(actual.choices, actual.challenges, actual.branches)
        );
        require(hints == expected.branches, Sigma.InvalidHintCount(expected.branches, hints));
    }

    /**
     * @notice Reverts with the refusal unless the ballot's proof holds.
     * @param words Of a ballot of this shape; requireWords has accepted them.
     * @param shape Of a ballot that answers the questions.
     * @param hints The two parts of every branch's commitment b: as many as there are branches.
     * @param inverse A hint for Secp256k1.normalise of the totals; any will do.
     * @param questions The poll's; Questions.requirePossible has accepted them.
     * @param key Y, a point that isPoint accepts.
     * @param tracker The hash of poll, voter, weight and ciphertexts, which the proof is bound to.
     */
    function verify(
        uint256[] memory words,
        Questions.Shape memory shape,
        Sigma.Hint[] calldata hints,
        uint256 inverse,
        Questions.Question[] memory questions,
        Secp256k1.Point memory key,
        bytes32 tracker
    ) internal view {
        uint256 choices = Words.start(words);
        (uint256[] memory transcript, uint256 commitments) = Transcript.beginBallot(
            tracker,
            shape.branches
        );
        uint256 walk = RangeProof.begin(
            choices + CIPHERTEXT * shape.choices,
            shape.challenges,
            hints,
            key,
            commitments
        );
        _commit(walk, choices, _totals(choices, questions, inverse), questions);
        Sigma.requireChallenge(RangeProof.challengeOf(walk), Transcript.challengeOf(transcript));
    }

    /// @notice How many of everything a ballot has.
    function shapeOf(Ballot calldata ballot) internal pure returns (Questions.Shape memory) {
        return
            Questions.Shape(
                ballot.ciphertexts.length,
                ballot.challenges.length,
                ballot.responses.length
            );
    }

    /// @notice How many words a ballot of this shape has.
    function count(Questions.Shape memory shape) internal pure returns (uint256) {
        unchecked {
            // calldata has not so many bytes as a number of lists can have items
            return WORDS * shape.choices + 1 + shape.challenges + shape.branches;
        }
    }

    /// @notice Writes the words of a ballot into a list of as many.
    function read(Ballot calldata ballot, uint256[] memory words) internal pure {
        Ciphertext[] calldata ciphertexts = ballot.ciphertexts;
        uint256[] calldata challenges = ballot.challenges;
        uint256[] calldata responses = ballot.responses;
        uint256 challenge = ballot.challenge;
        assembly ("memory-safe") {
            let at := add(words, 0x20)
            let size := mul(ciphertexts.length, CIPHERTEXT)
            calldatacopy(at, ciphertexts.offset, size)
            at := add(at, size)
            mstore(at, challenge)
            at := add(at, 0x20)
            size := shl(5, challenges.length)
            calldatacopy(at, challenges.offset, size)
            calldatacopy(add(at, size), responses.offset, shl(5, responses.length))
        }
    }

    /// @notice Writes the words of ciphertexts into `to` from the index `at`, where it has room.
    function copy(
        Ciphertext[] calldata ciphertexts,
        uint256[] memory to,
        uint256 at
    ) internal pure {
        assembly ("memory-safe") {
            calldatacopy(
                add(add(to, 0x20), shl(5, at)),
                ciphertexts.offset,
                mul(ciphertexts.length, CIPHERTEXT)
            )
        }
    }

    /// @dev A and B of the total of every question that proves one, as x, y and 1.
    function _totals(
        uint256 at,
        Questions.Question[] memory questions,
        uint256 inverse
    ) private view returns (uint256[] memory totals) {
        totals = new uint256[](6 * questions.length);
        bool any;
        unchecked {
            uint256 total = Words.start(totals);
            for (uint256 i = 0; i < questions.length; ++i) {
                uint256 end = at + CIPHERTEXT * questions[i].options;
                if (Questions.provesTotal(questions[i])) {
                    Secp256k1.sumRow(total, at, end, CIPHERTEXT);
                    Secp256k1.sumRow(total + TOTAL, at + POINT, end + POINT, CIPHERTEXT);
                    any = true;
                }
                at = end;
                total += 2 * TOTAL;
            }
            if (!any) return totals;
            Secp256k1.normalise(totals, inverse);
            at = Words.start(totals);
            for (uint256 i = 0; i < questions.length; ++i) {
                if (Questions.provesTotal(questions[i])) {
                    Secp256k1.requirePoint(Words.get(at), Words.get(at + 0x20));
                    Secp256k1.requirePoint(Words.get(at + TOTAL), Words.get(at + TOTAL + 0x20));
                }
                at += 2 * TOTAL;
            }
        }
    }

    /// @dev Writes the commitments of the whole ballot: choices first, then totals.
    function _commit(
        uint256 walk,
        uint256 at,
        uint256[] memory totals,
        Questions.Question[] memory questions
    ) private view {
        uint256 count = questions.length;
        // the optimiser would double the code of two calls of RangeProof.commit
        unchecked {
            for (uint256 i = 0; i < 2 * count; ++i) {
                bool ofTotal = i >= count;
                if (i == count) at = Words.start(totals);
                Questions.Question memory question = questions[ofTotal ? i - count : i];
                uint256 end = at + (ofTotal ? 2 * TOTAL : CIPHERTEXT * question.options);
                if (!ofTotal || Questions.provesTotal(question)) {
                    (uint256 lo, uint256 hi) = ofTotal
                        ? (question.minTotal, question.maxTotal)
                        : (0, question.maxScore);
                    RangeProof.commit(walk, at, end, ofTotal ? TOTAL : POINT, lo, hi);
                }
                at = end;
            }
        }
    }
}
