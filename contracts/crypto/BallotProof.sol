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

    /**
     * @notice Reverts with the refusal unless the ballot's proof holds.
     * @param words With `shape`, what `read` gives for the ballot.
     * @param hints The two parts of every branch's commitment b.
     * @param questions The poll's; Questions.requirePossible has accepted them.
     * @param key Y, a point that isPoint accepts.
     * @param tracker The hash of poll, voter, weight and ciphertexts, which the proof is bound to.
     */
    function verify(
        uint256[] memory words,
        Questions.Shape memory shape,
        Sigma.Hint[] calldata hints,
        Questions.Question[] memory questions,
        Secp256k1.Point memory key,
        bytes32 tracker
    ) internal view {
        (uint256 choices, uint256 end) = Words.bounds(words);
        uint256 challenge = choices + CIPHERTEXT * shape.choices;
        Secp256k1.requirePoints(choices, challenge, false);
        Secp256k1.requireScalars(challenge, end);
        _requireShape(shape, hints.length, Questions.shapeOf(questions));

        (uint256[] memory transcript, uint256 commitments) = Transcript.beginBallot(
            tracker,
            hints.length
        );
        RangeProof.Walk memory walk = RangeProof.begin(
            challenge,
            shape.challenges,
            hints,
            key,
            commitments
        );
        _commit(walk, choices, _totals(choices, questions), questions);
        Sigma.requireChallenge(walk.challenge, Transcript.challengeOf(transcript));
    }

    /// @notice The words of a ballot in a row: x and y of A and B of every choice, the challenge,
    /// the challenges, the responses; and how many it has of each.
    function read(
        Ballot calldata ballot
    ) internal pure returns (uint256[] memory words, Questions.Shape memory shape) {
        Ciphertext[] calldata ciphertexts = ballot.ciphertexts;
        uint256[] calldata challenges = ballot.challenges;
        uint256[] calldata responses = ballot.responses;
        shape = Questions.Shape(ciphertexts.length, challenges.length, responses.length);
        uint256 scalars = WORDS * ciphertexts.length;
        words = new uint256[](scalars + 1 + challenges.length + responses.length);
        words[scalars] = ballot.challenge;
        assembly ("memory-safe") {
            let at := add(words, 0x20)
            let size := mul(ciphertexts.length, CIPHERTEXT)
            calldatacopy(at, ciphertexts.offset, size)
            at := add(add(at, size), 0x20)
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

    function _requireShape(
        Questions.Shape memory actual,
        uint256 hints,
        Questions.Shape memory expected
    ) private pure {
        require(
            actual.choices == expected.choices &&
                actual.challenges == expected.challenges &&
                actual.branches == expected.branches,
            InvalidBallotShape(actual.choices, actual.challenges, actual.branches)
        );
        require(hints == expected.branches, Sigma.InvalidHintCount(expected.branches, hints));
    }

    /// @dev A and B of the total of every question that proves one, as totals with z = 1.
    function _totals(
        uint256 at,
        Questions.Question[] memory questions
    ) private view returns (uint256[] memory totals) {
        totals = new uint256[](6 * questions.length);
        bool any;
        unchecked {
            for (uint256 i = 0; i < questions.length; ++i) {
                uint256 end = at + CIPHERTEXT * questions[i].options;
                if (Questions.provesTotal(questions[i])) {
                    Secp256k1.addRow(totals, 2 * i, at, end, CIPHERTEXT);
                    Secp256k1.addRow(totals, 2 * i + 1, at + POINT, end + POINT, CIPHERTEXT);
                    any = true;
                }
                at = end;
            }
            if (!any) return totals;
            Secp256k1.normalise(totals);
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
        RangeProof.Walk memory walk,
        uint256 at,
        uint256[] memory totals,
        Questions.Question[] memory questions
    ) private view {
        unchecked {
            for (uint256 i = 0; i < questions.length; ++i) {
                uint256 end = at + CIPHERTEXT * questions[i].options;
                RangeProof.commit(walk, at, end, POINT, 0, questions[i].maxScore);
                at = end;
            }
            at = Words.start(totals);
            for (uint256 i = 0; i < questions.length; ++i) {
                Questions.Question memory question = questions[i];
                uint256 end = at + 2 * TOTAL;
                if (Questions.provesTotal(question)) {
                    RangeProof.commit(walk, at, end, TOTAL, question.minTotal, question.maxTotal);
                }
                at = end;
            }
        }
    }
}
