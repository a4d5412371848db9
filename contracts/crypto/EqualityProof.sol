// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Transcript} from "./Transcript.sol";
import {Words} from "./Words.sol";

/**
 * @title Proofs that one secret was used for several points
 * @notice X = x·G and D = x·A for every pair (A, D), without showing x: a trustee's blame proves
 * it of one pair, its decryption share of one for every choice (PROTOCOL §2, §4).
 */
library EqualityProof {
    /// @notice A decryption share has not one point for every sum.
    error InvalidShareShape(uint256 sums, uint256 points);

    uint256 private constant N = Secp256k1.N;

    /**
     * @notice Reverts with the refusal unless `shared` is e·R for the e of the sealing key e·G.
     * @param sealingKey E of the recipient, a point that isPoint accepts.
     * @param ephemeral R of the dealer, likewise.
     * @param hint The parts z·R and −c·S of the second commitment.
     */
    function verifyBlame(
        bytes32 boardHash,
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point memory sealingKey,
        Secp256k1.Point memory ephemeral,
        Secp256k1.Point memory shared,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hint
    ) internal view {
        Secp256k1.requirePoint(shared.x, shared.y);
        Sigma.requireScalars(proof);
        uint256[] memory bases = new uint256[](2);
        uint256[] memory images = new uint256[](2);
        (bases[0], bases[1]) = (ephemeral.x, ephemeral.y);
        (images[0], images[1]) = (shared.x, shared.y);
        uint256 first = Sigma.firstCommitment(sealingKey, proof.challenge, proof.response, 0);
        uint256[] memory second = _commitments(bases, images, proof, hint);
        uint256 computed = Transcript.blameChallenge(
            boardHash,
            dealer,
            recipient,
            sealingKey,
            ephemeral,
            shared,
            first,
            Secp256k1.Point(second[0], second[1])
        );
        Sigma.requireChallenge(proof.challenge, computed);
    }

    /**
     * @notice Reverts with the refusal unless every point is x·A for the x of the verification
     * key x·G.
     * @param verificationKey V of the trustee, a point that isPoint accepts.
     * @param sums x and y of A of every choice; infinity where ballots cancel out.
     * @param points x and y of D of every choice; infinity where, and only where, A is.
     * @param hints The parts s·A and −c·D of the commitment of every choice; where A is infinity,
     * the hint is not looked at.
     */
    function verifyShare(
        bytes32 pollHash,
        uint256 trustee,
        Secp256k1.Point memory verificationKey,
        uint256[] memory sums,
        uint256[] memory points,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hints
    ) internal view {
        (uint256 at, uint256 end) = Words.bounds(points);
        Secp256k1.requirePoints(at, end, true);
        Sigma.requireScalars(proof);
        require(
            points.length == sums.length,
            InvalidShareShape(sums.length / 2, points.length / 2)
        );
        _requirePairs(sums, points);
        uint256 first = Sigma.firstCommitment(verificationKey, proof.challenge, proof.response, 0);
        uint256 computed = Transcript.shareChallenge(
            pollHash,
            trustee,
            verificationKey,
            sums,
            points,
            first,
            _commitments(sums, points, proof, hints)
        );
        Sigma.requireChallenge(proof.challenge, computed);
    }

    /// @dev Reverts unless every A can be multiplied or is infinity, and D is infinity where, and
    /// only where, A is.
    function _requirePairs(uint256[] memory sums, uint256[] memory points) private pure {
        unchecked {
            (uint256 a, uint256 end) = Words.bounds(sums);
            uint256 d = Words.start(points);
            for (; a != end; a += 0x40) {
                (uint256 x, uint256 y) = (Words.get(a), Words.get(a + 0x20));
                bool infinity = Secp256k1.isInfinity(x, y);
                if (!infinity) Secp256k1.requirePoint(x, y);
                (x, y) = (Words.get(d), Words.get(d + 0x20));
                if (Secp256k1.isInfinity(x, y) != infinity) revert Secp256k1.InvalidPoint(x, y);
                d += 0x40;
            }
        }
    }

    /// @dev x and y of s·A − c·D of every pair whose A is not infinity.
    function _commitments(
        uint256[] memory bases,
        uint256[] memory images,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hints
    ) private view returns (uint256[] memory result) {
        uint256 count = bases.length / 2;
        require(hints.length == count, Sigma.InvalidHintCount(count, hints.length));
        (uint256 minusC, uint256 s) = (N - proof.challenge, proof.response);
        result = Words.list(bases.length);
        unchecked {
            // addresses in memory and calldata
            uint256 to = Words.start(result);
            (uint256 base, uint256 image) = (Words.start(bases), Words.start(images));
            uint256 hint = Sigma.start(hints);
            for (uint256 i = 0; i < count; ++i) {
                // infinity has no commitment
                if (Words.get(base) != 0) {
                    uint256 u = _multiple(s, base);
                    uint256 v = _multiple(minusC, image);
                    (uint256 x, uint256 y) = Sigma.join(Sigma.hintAt(hint), u, v, i);
                    Words.set(to, x);
                    Words.set(to + 0x20, y);
                    to += 0x40;
                }
                base += 0x40;
                image += 0x40;
                hint += 0x80;
            }
            // the list is cut to what it holds
            Words.cut(result, (to - Words.start(result)) / 0x20);
        }
    }

    /// @dev The address of factor·(x, y) of a point whose words stand in memory.
    function _multiple(uint256 factor, uint256 at) private view returns (uint256) {
        unchecked {
            // an address in memory
            return Secp256k1.mulAddress(0, factor, Words.get(at), Words.get(at + 0x20));
        }
    }
}
