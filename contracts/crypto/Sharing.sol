// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";

/**
 * @title Shares of a polynomial under commitments to its coefficients
 * @notice PROTOCOL §2. All additions are complete.
 */
library Sharing {
    /// @notice Not 2 <= threshold <= trustees <= 16 with 2 * threshold > trustees.
    error InvalidThreshold(uint256 threshold, uint256 trustees);

    /// @notice The most trustees of a board.
    uint256 internal constant MAX_TRUSTEES = 16;

    /// @notice Reverts with InvalidThreshold if two disjoint quorums could exist on such a board,
    /// or one trustee could decrypt alone.
    function requireThreshold(uint256 threshold, uint256 trustees) internal pure {
        require(
            threshold >= 2 &&
                threshold <= trustees &&
                trustees <= MAX_TRUSTEES &&
                2 * threshold > trustees,
            InvalidThreshold(threshold, trustees)
        );
    }

    /// @notice Σ index^k·C_k: what the share of this trustee, times G, must be.
    function committed(
        Secp256k1.Point[] memory commitments,
        uint256 index
    ) internal view returns (Secp256k1.Point memory result) {
        for (uint256 k = commitments.length; k > 0; --k) {
            result = Secp256k1.add(_multiply(result, index), commitments[k - 1]);
        }
    }

    /// @notice Whether the share under this pad is in 1..N-1 and what its dealer committed to.
    function isGood(
        bytes32 sealedShare,
        bytes32 pad,
        Secp256k1.Point[] memory commitments,
        uint256 recipient
    ) internal view returns (bool) {
        uint256 share = uint256(sealedShare ^ pad);
        if (share == 0 || share >= Secp256k1.N) return false;
        Secp256k1.Point memory expected = committed(commitments, recipient);
        // the same twice, so that no two shares found by a collision of addresses pass for one
        // another
        Secp256k1.Point memory next = Secp256k1.add(
            expected,
            Secp256k1.Point(Secp256k1.GX, Secp256k1.GY)
        );
        return
            Secp256k1.baseAddress(share) == Secp256k1.toAddress(expected) &&
            Secp256k1.baseAddress((share + 1) % Secp256k1.N) == Secp256k1.toAddress(next);
    }

    /**
     * @notice The Lagrange coefficients at 0 of a quorum: λ_i = Π j / (j − i) over all other j,
     * mod N (PROTOCOL §4).
     * @param quorum Indices of trustees, all different.
     */
    function lagrange(uint256[] memory quorum) internal view returns (uint256[] memory result) {
        result = new uint256[](quorum.length);
        for (uint256 k = 0; k < quorum.length; ++k) {
            (uint256 numerator, uint256 denominator) = (1, 1);
            for (uint256 m = 0; m < quorum.length; ++m) {
                if (m == k) continue;
                numerator = mulmod(numerator, quorum[m], Secp256k1.N);
                uint256 difference = addmod(quorum[m], Secp256k1.N - quorum[k], Secp256k1.N);
                denominator = mulmod(denominator, difference, Secp256k1.N);
            }
            result[k] = mulmod(numerator, Secp256k1.invertScalar(denominator), Secp256k1.N);
        }
    }

    /// @dev factor·point for a small factor from 1, by doubling and adding.
    function _multiply(
        Secp256k1.Point memory point,
        uint256 factor
    ) private view returns (Secp256k1.Point memory result) {
        for (; factor > 1; factor /= 2) {
            if (factor % 2 == 1) result = Secp256k1.add(result, point);
            point = Secp256k1.add(point, point);
        }
        result = Secp256k1.add(result, point);
    }
}
