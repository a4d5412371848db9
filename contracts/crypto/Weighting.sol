// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";

/**
 * @title Multiples of points by a voter's weight
 * @notice They enter the running sums, so each is checked twice: W = w·P only if W has the address
 * of w·P, and G + W that of G + w·P (PROTOCOL §1).
 */
library Weighting {
    /// @notice The hint of this index is not the point times the weight.
    error InvalidWeightedPoint(uint256 index);

    /**
     * @notice Replaces points by their multiples. Reverts with the refusal unless every hint is
     * the point of its index times the weight.
     * @param words x and y of every point, such as isPoint accepts.
     * @param weight In 1..N-1.
     * @param hints The multiples; none where the weight is 1.
     */
    function multiply(
        uint256[] memory words,
        uint256 weight,
        Secp256k1.Point[] calldata hints
    ) internal view {
        uint256 expected = weight == 1 ? 0 : words.length / 2;
        require(hints.length == expected, Sigma.InvalidHintCount(expected, hints.length));
        for (uint256 i = 0; i < expected; ++i) {
            (uint256 x, uint256 y) = (hints[i].x, hints[i].y);
            require(
                _isMultiple(words[2 * i], words[2 * i + 1], weight, x, y),
                InvalidWeightedPoint(i)
            );
            (words[2 * i], words[2 * i + 1]) = (x, y);
        }
    }

    /// @dev Whether W = w·P. Where that is −G, G + W and G + w·P have no address.
    function _isMultiple(
        uint256 px,
        uint256 py,
        uint256 w,
        uint256 wx,
        uint256 wy
    ) private view returns (bool) {
        return
            Secp256k1.mulAddress(0, w, px, py) == Secp256k1.toAddress(wx, wy) &&
            Secp256k1.mulAddress(1, w, px, py) == Secp256k1.mulAddress(1, 1, wx, wy);
    }
}
