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
        // another: share·G = (share − 1)·G + G, and (share + 1)·G = share·G + G
        Secp256k1.Point memory next = Secp256k1.add(
            expected,
            Secp256k1.Point(Secp256k1.GX, Secp256k1.GY)
        );
        return _isMultiple(share - 1, expected) && _isMultiple(share, next);
    }

    /// @dev Whether the point has the address of (factor + 1)·G; infinity has none, which reads as 0.
    function _isMultiple(uint256 factor, Secp256k1.Point memory point) private view returns (bool) {
        uint256 found = Secp256k1.mulAddress(factor, 1, Secp256k1.GX, Secp256k1.GY);
        if (Secp256k1.isInfinity(point.x, point.y)) return found == 0;
        return found == Secp256k1.toAddress(point.x, point.y);
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
