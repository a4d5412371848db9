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

    /// @notice An encrypted ballot with its proof.
    struct Ballot {
        /// of every choice
        Ciphertext[] ciphertexts;
        /// x, of the whole ballot
        uint256 challenge;
        /// f and z of every choice, in a row
        uint256[] responses;
        /// w
        uint256 blinding;
        /// E_1 … E_{D−1}
        Secp256k1.Point[] coefficients;
    }

    /// @notice The lists of a ballot do not have the lengths that the questions ask for.
    error InvalidBallotShape(uint256 ciphertexts, uint256 responses, uint256 coefficients);

    /// @notice The words of a ciphertext: x and y of A, then of B.
    uint256 internal constant WORDS = 4;

    /// @dev The bytes of a point: x, y; of a ciphertext: A, B.
    uint256 private constant POINT = 0x40;
    uint256 private constant CIPHERTEXT = 0x80;

    /// @notice Reverts with the refusal unless the words of a ballot are points and scalars: x and
    /// y of A and B of every choice, the challenge, the responses, the blinding, x and y of every
    /// coefficient.
    function requireWords(
        uint256[] memory words,
        uint256 choices,
        uint256 coefficients
    ) internal pure {
        (uint256 at, uint256 end) = Words.bounds(words);
        uint256 scalars = at + CIPHERTEXT * choices;
        uint256 points = end - POINT * coefficients;
        Secp256k1.requirePoints(at, scalars, false);
        Secp256k1.requirePoints(points, end, false);
        Secp256k1.requireScalars(scalars, points);
    }

    /// @notice Reverts with the refusal unless ballot and hints have the lengths that the questions
    /// ask for.
    function requireShape(
        Ballot calldata ballot,
        uint256 hints,
        Questions.Shape memory asked
    ) internal pure {
        (uint256 ciphertexts, uint256 responses, uint256 coefficients) = (
            ballot.ciphertexts.length,
            ballot.responses.length,
            ballot.coefficients.length
        );
        require(
            ciphertexts == asked.choices &&
                responses == 2 * asked.choices &&
                coefficients + 1 == asked.degree,
            InvalidBallotShape(ciphertexts, responses, coefficients)
        );
        uint256 expected = hintsOf(asked);
        require(hints == expected, Sigma.InvalidHintCount(expected, hints));
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
        Secp256k1.requireScalar(tau);
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

    /// @notice How many words a ballot has.
    function count(Ballot calldata ballot) internal pure returns (uint256) {
        unchecked {
            // calldata has not so many bytes as a number of lists can have items
            return
                WORDS * ballot.ciphertexts.length +
                2 +
                ballot.responses.length +
                2 * ballot.coefficients.length;
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
            // likewise; a degree is 2 at least
            return 4 * shape.choices + 2 * (shape.degree - 2) + 4;
        }
    }

    /// @notice Writes the words of a ballot into a list of as many.
    function read(Ballot calldata ballot, uint256[] memory words) internal pure {
        Ciphertext[] calldata ciphertexts = ballot.ciphertexts;
        uint256[] calldata responses = ballot.responses;
        Secp256k1.Point[] calldata coefficients = ballot.coefficients;
        (uint256 challenge, uint256 blinding) = (ballot.challenge, ballot.blinding);
        assembly ("memory-safe") {
            let at := add(words, 0x20)
            let size := mul(ciphertexts.length, CIPHERTEXT)
            calldatacopy(at, ciphertexts.offset, size)
            at := add(at, size)
            mstore(at, challenge)
            at := add(at, 0x20)
            size := shl(5, responses.length)
            calldatacopy(at, responses.offset, size)
            at := add(at, size)
            mstore(at, blinding)
            calldatacopy(add(at, 0x20), coefficients.offset, shl(6, coefficients.length))
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
}
