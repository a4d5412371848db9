// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Openings} from "./Openings.sol";
import {Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Statements} from "./Statements.sol";
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

    /// @notice A ballot does not have as many words as the questions ask for.
    error InvalidBallotShape(uint256 expected, uint256 actual);

    /// @notice The words of a ciphertext: x and y of A, then of B.
    uint256 internal constant WORDS = 4;

    /// @dev The bytes of a point: x, y; of a ciphertext: A, B.
    uint256 private constant POINT = 0x40;
    uint256 private constant CIPHERTEXT = 0x80;

    /// @notice Reverts with the refusal unless a ballot has as many words as the questions ask for.
    function requireShape(uint256 words, Questions.Shape memory shape) internal pure {
        uint256 expected = count(shape);
        if (words != expected) revert InvalidBallotShape(expected, words);
    }

    /// @notice Reverts with the refusal unless the words of a ballot of this shape are points and
    /// scalars: x and y of A and B of every choice; the challenge x; f and z of every choice; w;
    /// x and y of E_1 … E_{D−1}.
    function requireWords(uint256[] memory words, Questions.Shape memory shape) internal pure {
        unchecked {
            // addresses in memory
            (uint256 at, uint256 end) = Words.bounds(words);
            uint256 scalars = at + CIPHERTEXT * shape.choices;
            uint256 coefficients = end - POINT * (shape.degree - 1);
            Secp256k1.requirePoints(at, scalars, false);
            Secp256k1.requirePoints(coefficients, end, false);
            Secp256k1.requireScalars(scalars, coefficients);
        }
    }

    /// @notice Reverts with the refusal unless there are as many words of hints as `verify` needs.
    function requireHints(uint256 words, Questions.Shape memory shape) internal pure {
        uint256 expected = hintsOf(shape);
        if (words != expected) revert Sigma.InvalidHintCount(expected, words);
    }

    /**
     * @notice Reverts with the refusal unless the ballot's proof holds.
     * @param words Of a ballot of this shape; requireWords has accepted them.
     * @param shape Of a ballot that answers the questions.
     * @param hints As many words as hintsOf says: U, x of V and the slope for every choice; x of V
     * and the slope for every sum of Horner's rule; U, x of V and the slope for E_0.
     * @param questions The poll's; Questions.requirePossible has accepted them.
     * @param key Y, a point that isPoint accepts.
     * @param tracker The hash of poll, voter, weight and ciphertexts, which the proof is bound to.
     */
    function verify(
        uint256[] memory words,
        Questions.Shape memory shape,
        uint256[] calldata hints,
        Questions.Question[] memory questions,
        Secp256k1.Point memory key,
        bytes32 tracker
    ) internal view {
        uint256 tau = Transcript.statementFactor(tracker);
        if (tau == 0) revert Secp256k1.InvalidScalar(0);
        (uint256[] memory transcript, uint256 opened, uint256 coefficients) = Transcript
            .beginBallot(tracker, shape.choices, shape.degree);
        uint256 hint;
        assembly ("memory-safe") {
            hint := hints.offset
        }
        (uint256 at, uint256 end) = Words.bounds(words);
        uint256 choices = shape.choices;
        Openings.open(at, choices, hint, key, opened);
        unchecked {
            // addresses in memory and calldata
            at += CIPHERTEXT * choices;
            uint256 x = Words.get(at);
            uint256 px = Statements.value(at + 0x20, x, tau, shape.degree, questions);
            at += 0x20 + 0x40 * choices;
            Statements.commit(
                px,
                Words.get(at),
                x,
                at + 0x20,
                end,
                hint + 0x80 * choices,
                choices,
                coefficients
            );
            Sigma.requireChallenge(x, Transcript.challengeOf(transcript));
        }
    }

    /// @notice How many words a ballot of this shape has.
    function count(Questions.Shape memory shape) internal pure returns (uint256) {
        unchecked {
            // a poll has 60 choices and a degree of 101 at most
            return (WORDS + 2) * shape.choices + 2 * shape.degree;
        }
    }

    /// @notice How many words the hints of a ballot of this shape have.
    function hintsOf(Questions.Shape memory shape) internal pure returns (uint256) {
        unchecked {
            // likewise, and a degree of 2 at least
            return 4 * shape.choices + 2 * (shape.degree - 2) + 4;
        }
    }

    /// @notice The ciphertexts of a ballot, with which its words begin.
    function ciphertexts(
        uint256[] calldata words,
        uint256 choices
    ) internal pure returns (Ciphertext[] calldata result) {
        assembly ("memory-safe") {
            result.offset := words.offset
            result.length := choices
        }
    }

    /// @notice Writes the words of a ballot into a list of as many.
    function read(uint256[] calldata ballot, uint256[] memory words) internal pure {
        assembly ("memory-safe") {
            calldatacopy(add(words, 0x20), ballot.offset, shl(5, mload(words)))
        }
    }

    /// @notice Writes the words of ciphertexts into `to` from the index `at`, where it has room.
    function copy(Ciphertext[] calldata from, uint256[] memory to, uint256 at) internal pure {
        assembly ("memory-safe") {
            calldatacopy(add(add(to, 0x20), shl(5, at)), from.offset, mul(from.length, CIPHERTEXT))
        }
    }
}
