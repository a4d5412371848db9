// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Words} from "./Words.sol";

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

    /**
     * @notice Σ index^k·C_k for trustees in a row: what the share of each, times G, must be.
     * @dev Horner's rule for all of them together, so that one inversion serves every step.
     * @param commitments x and y of each C_k; infinity is ordinary.
     * @param first The index of the first trustee.
     * @param count How many trustees.
     * @return points x and y of each.
     */
    function committed(
        uint256[] memory commitments,
        uint256 first,
        uint256 count
    ) internal view returns (uint256[] memory points) {
        points = new uint256[](2 * count);
        uint256[] memory totals = Secp256k1.toTotals(points);
        for (uint256 k = commitments.length / 2; k > 0; --k) {
            _step(totals, points, Words.start(commitments) + 0x40 * (k - 1), first);
            points = Secp256k1.fromTotals(totals);
            totals = Secp256k1.toTotals(points);
        }
    }

    /// @dev A step of Horner's rule: every total, which is that of its point, times its trustee's
    /// index, plus the commitment at this place in memory.
    function _step(
        uint256[] memory totals,
        uint256[] memory points,
        uint256 commitment,
        uint256 first
    ) private pure {
        unchecked {
            // addresses in memory, and indices of trustees
            bool isPoint = Words.get(commitment) != 0;
            uint256 point = Words.start(points);
            (uint256 total, uint256 end) = Words.bounds(totals);
            for (; total != end; total += 0x60) {
                Secp256k1.multiplyTotal(total, point, first++);
                if (isPoint) Secp256k1.addRow(total, commitment, commitment + 0x40);
                point += 0x40;
            }
        }
    }

    /// @notice Whether the share under this pad is in 1..N-1 and what its dealer committed to.
    function isGood(
        bytes32 sealedShare,
        bytes32 pad,
        uint256[] memory commitments,
        uint256 recipient
    ) internal view returns (bool) {
        uint256 share = uint256(sealedShare ^ pad);
        if (share == 0 || share >= Secp256k1.N) return false;
        uint256[] memory own = committed(commitments, recipient, 1);
        Secp256k1.Point memory expected = Secp256k1.Point(own[0], own[1]);
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
}
