// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Questions} from "./Questions.sol";
import {RangeProof} from "./RangeProof.sol";
import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Transcript} from "./Transcript.sol";

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

    uint256 private constant P = Secp256k1.P;
    uint256 private constant CIPHERTEXT = 0x80;

    /**
     * @notice Reverts with the refusal unless the ballot's proof holds.
     * @param hints The two parts of every branch's commitment b.
     * @param questions The poll's; Questions.requirePossible has accepted them.
     * @param key Y, a point that isPoint accepts.
     * @param tracker The hash of poll, voter, weight and ciphertexts, which the proof is bound to.
     */
    function verify(
        Ballot calldata ballot,
        Sigma.Hint[] calldata hints,
        Questions.Question[] memory questions,
        Secp256k1.Point memory key,
        bytes32 tracker
    ) internal view {
        uint256 choices = _copy(ballot.ciphertexts);
        Secp256k1.requirePoints(choices, choices + CIPHERTEXT * ballot.ciphertexts.length);
        Secp256k1.requireScalar(ballot.challenge);
        Secp256k1.requireScalars(ballot.challenges);
        Secp256k1.requireScalars(ballot.responses);
        _requireShape(ballot, hints, questions);

        (uint256[] memory transcript, uint256 commitments) = Transcript.beginBallot(
            tracker,
            hints.length
        );
        RangeProof.Walk memory walk = RangeProof.begin(
            ballot.challenge,
            ballot.challenges,
            ballot.responses,
            hints,
            key,
            commitments
        );
        Ciphertext[] memory totals = _beginTotals(walk, choices, hints, questions);
        _commit(walk, choices, totals, questions);
        Sigma.requireChallenge(ballot.challenge, Transcript.endBallot(transcript));
    }

    /// @dev The offset of the ciphertexts' words in memory.
    function _copy(Ciphertext[] calldata ciphertexts) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := mload(0x40)
            let size := mul(ciphertexts.length, CIPHERTEXT)
            calldatacopy(at, ciphertexts.offset, size)
            mstore(0x40, add(at, size))
        }
    }

    function _requireShape(
        Ballot calldata ballot,
        Sigma.Hint[] calldata hints,
        Questions.Question[] memory questions
    ) private pure {
        Questions.Shape memory shape = Questions.shapeOf(questions);
        require(
            ballot.ciphertexts.length == shape.choices &&
                ballot.challenges.length == shape.challenges &&
                ballot.responses.length == shape.branches,
            InvalidBallotShape(
                ballot.ciphertexts.length,
                ballot.challenges.length,
                ballot.responses.length
            )
        );
        require(
            hints.length == shape.branches,
            Sigma.InvalidHintCount(shape.branches, hints.length)
        );
    }

    /**
     * @dev The total of every question that proves one, and the inverse that the walk begins
     * with: totals and branches share one inversion.
     * @param at Where in memory the ciphertexts of all choices stand.
     */
    function _beginTotals(
        RangeProof.Walk memory walk,
        uint256 at,
        Sigma.Hint[] calldata hints,
        Questions.Question[] memory questions
    ) private view returns (Ciphertext[] memory totals) {
        uint256 product = RangeProof.denominators(walk, hints);
        Secp256k1.Jacobian[] memory sums = new Secp256k1.Jacobian[](2 * questions.length);
        uint256[] memory products = new uint256[](sums.length);
        for (uint256 i = 0; i < sums.length; ++i) {
            Questions.Question memory question = questions[i / 2];
            uint256 end = at + CIPHERTEXT * question.options;
            if (Questions.provesTotal(question)) {
                sums[i] = Secp256k1.sum(at + (i % 2) * 0x40, end + (i % 2) * 0x40, CIPHERTEXT);
            }
            products[i] = product;
            if (sums[i].z != 0) product = mulmod(product, sums[i].z, P);
            if (i % 2 == 1) at = end;
        }
        Secp256k1.Point[] memory points;
        (points, walk.inverse) = _toAffine(sums, products, Secp256k1.invert(product));
        totals = new Ciphertext[](questions.length);
        for (uint256 i = 0; i < totals.length; ++i) {
            totals[i] = Ciphertext(points[2 * i], points[2 * i + 1]);
            if (Questions.provesTotal(questions[i])) {
                Secp256k1.requirePoint(totals[i].a.x, totals[i].a.y);
                Secp256k1.requirePoint(totals[i].b.x, totals[i].b.y);
            }
        }
    }

    /**
     * @dev The affine form of every sum, infinity where z is 0.
     * @param products The product of all denominators before that of each sum.
     * @param inverse Of the product of all denominators.
     * @return points The sums.
     * @return rest The inverse of the product of all denominators before that of the first sum.
     */
    function _toAffine(
        Secp256k1.Jacobian[] memory sums,
        uint256[] memory products,
        uint256 inverse
    ) private pure returns (Secp256k1.Point[] memory points, uint256 rest) {
        points = new Secp256k1.Point[](sums.length);
        for (uint256 k = sums.length; k > 0; --k) {
            uint256 i = k - 1;
            if (sums[i].z == 0) continue;
            points[i] = Secp256k1.toAffine(sums[i], mulmod(inverse, products[i], P));
            inverse = mulmod(inverse, sums[i].z, P);
        }
        rest = inverse;
    }

    /// @dev Writes the commitments of the whole ballot: choices first, then totals.
    function _commit(
        RangeProof.Walk memory walk,
        uint256 at,
        Ciphertext[] memory totals,
        Questions.Question[] memory questions
    ) private view {
        walk.lo = 0;
        for (uint256 i = 0; i < questions.length; ++i) {
            walk.hi = questions[i].maxScore;
            uint256 end = at + CIPHERTEXT * questions[i].options;
            RangeProof.commit(walk, at, end);
            at = end;
        }
        for (uint256 i = 0; i < questions.length; ++i) {
            Questions.Question memory question = questions[i];
            if (!Questions.provesTotal(question)) continue;
            (walk.lo, walk.hi) = (question.minTotal, question.maxTotal);
            uint256[4] memory words = [totals[i].a.x, totals[i].a.y, totals[i].b.x, totals[i].b.y];
            assembly ("memory-safe") {
                at := words
            }
            RangeProof.commit(walk, at, at + CIPHERTEXT);
        }
    }
}
