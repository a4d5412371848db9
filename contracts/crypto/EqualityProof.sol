// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Transcript} from "./Transcript.sol";

/**
 * @title Proofs that one secret was used for several points
 * @notice X = x·G and D = x·A for every pair (A, D), without showing x: a trustee's blame proves
 * it of one pair, its decryption share of one for every choice (PROTOCOL §2, §4).
 */
library EqualityProof {
    /// @notice A decryption share has not one point for every sum.
    error InvalidShareShape(uint256 sums, uint256 points);

    uint256 private constant N = Secp256k1.N;
    uint256 private constant P = Secp256k1.P;

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
        Secp256k1.Point[] memory bases = new Secp256k1.Point[](1);
        Secp256k1.Point[] memory images = new Secp256k1.Point[](1);
        (bases[0], images[0]) = (ephemeral, shared);
        uint256 first = Sigma.firstCommitment(sealingKey, proof.challenge, proof.response, 0);
        uint256 computed = Transcript.blameChallenge(
            boardHash,
            dealer,
            recipient,
            sealingKey,
            ephemeral,
            shared,
            first,
            _commitments(bases, images, proof, hint)[0]
        );
        Sigma.requireChallenge(proof.challenge, computed);
    }

    /**
     * @notice Reverts with the refusal unless every point is x·A for the x of the verification
     * key x·G.
     * @param verificationKey V of the trustee, a point that isPoint accepts.
     * @param sums A of every choice; infinity where ballots cancel out.
     * @param points D of every choice; infinity where, and only where, A is.
     * @param hints The parts s·A and −c·D of the commitment of every choice; where A is infinity,
     * the hint is not looked at.
     */
    function verifyShare(
        bytes32 pollHash,
        uint256 trustee,
        Secp256k1.Point memory verificationKey,
        Secp256k1.Point[] memory sums,
        Secp256k1.Point[] memory points,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hints
    ) internal view {
        for (uint256 i = 0; i < points.length; ++i) _requirePointOrInfinity(points[i]);
        Sigma.requireScalars(proof);
        require(points.length == sums.length, InvalidShareShape(sums.length, points.length));
        for (uint256 i = 0; i < sums.length; ++i) {
            _requirePointOrInfinity(sums[i]);
            require(
                _isInfinity(points[i]) == _isInfinity(sums[i]),
                Secp256k1.InvalidPoint(points[i].x, points[i].y)
            );
        }
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

    function _requirePointOrInfinity(Secp256k1.Point memory point) private pure {
        if (!_isInfinity(point)) Secp256k1.requirePoint(point.x, point.y);
    }

    function _isInfinity(Secp256k1.Point memory point) private pure returns (bool) {
        return Secp256k1.isInfinity(point.x, point.y);
    }

    /**
     * @dev s·A − c·D of every pair whose A is not infinity. The additions share one inversion:
     * going forward `later` holds the product of all later denominators, and `inverse` is that of
     * the product of this and all later ones.
     */
    function _commitments(
        Secp256k1.Point[] memory bases,
        Secp256k1.Point[] memory images,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hints
    ) private view returns (Secp256k1.Point[] memory result) {
        require(hints.length == bases.length, Sigma.InvalidHintCount(bases.length, hints.length));
        (uint256[] memory later, uint256 inverse) = _beginInversion(bases, hints);
        result = new Secp256k1.Point[](bases.length);
        uint256 count;
        for (uint256 i = 0; i < bases.length; ++i) {
            if (_isInfinity(bases[i])) continue;
            _requireHint(bases[i], images[i], proof, hints[i], i);
            uint256 d = _denominator(hints[i]);
            require(d != 0, Sigma.DegenerateBranch(i));
            result[count++] = Secp256k1.addDistinct(
                hints[i].u,
                hints[i].v,
                mulmod(inverse, later[i], P)
            );
            inverse = mulmod(inverse, d, P);
        }
        // count <= bases.length: the list is cut to what it holds
        assembly ("memory-safe") {
            mstore(result, count)
        }
    }

    /// @dev The product of all later denominators for every pair, and the inverse of that of all;
    /// denominators of zero are left out, and those of pairs whose base is infinity.
    function _beginInversion(
        Secp256k1.Point[] memory bases,
        Sigma.Hint[] calldata hints
    ) private view returns (uint256[] memory later, uint256 inverse) {
        later = new uint256[](bases.length);
        uint256 product = 1;
        for (uint256 k = bases.length; k > 0; --k) {
            later[k - 1] = product;
            uint256 d = _isInfinity(bases[k - 1]) ? 0 : _denominator(hints[k - 1]);
            if (d != 0) product = mulmod(product, d, P);
        }
        inverse = Secp256k1.invert(product);
    }

    /// @dev U.x − V.x; wrong where they are not below P, and then no points that match.
    function _denominator(Sigma.Hint calldata hint) private pure returns (uint256) {
        unchecked {
            return addmod(hint.u.x, P - hint.v.x, P);
        }
    }

    /// @dev Reverts unless the hint is U = s·A and V = −c·D.
    function _requireHint(
        Secp256k1.Point memory base,
        Secp256k1.Point memory image,
        Sigma.Proof calldata proof,
        Sigma.Hint calldata hint,
        uint256 index
    ) private view {
        uint256 u = Secp256k1.mulAddress(0, proof.response, base.x, base.y);
        uint256 v = Secp256k1.mulAddress(0, N - proof.challenge, image.x, image.y);
        require(
            u == Secp256k1.toAddress(hint.u.x, hint.u.y) &&
                v == Secp256k1.toAddress(hint.v.x, hint.v.y),
            Sigma.InvalidHint(index)
        );
    }
}
