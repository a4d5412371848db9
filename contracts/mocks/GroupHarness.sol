// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Secp256k1} from "../crypto/Secp256k1.sol";

/// @title Points, scalars and ecrecover itself, exposed to tests
contract GroupHarness {
    /// @notice Reverts with the refusal unless (x, y) is acceptable from outside.
    function requirePoint(uint256 x, uint256 y) external pure {
        Secp256k1.requirePoint(x, y);
    }

    /// @notice Reverts with the refusal unless every point is acceptable from outside.
    function requirePoints(Secp256k1.Point[] calldata points) external pure {
        (uint256 at, uint256 end) = _words(points);
        Secp256k1.requirePoints(at, end);
    }

    /// @notice Reverts with the refusal unless `value` is in 1..N-1.
    function requireScalar(uint256 value) external pure {
        Secp256k1.requireScalar(value);
    }

    /// @notice Reverts with the refusal unless every value is in 1..N-1.
    function requireScalars(uint256[] calldata values) external pure {
        Secp256k1.requireScalars(values);
    }

    /// @notice The address of u·G + w·(x, y).
    function mulAddress(
        uint256 u,
        uint256 w,
        uint256 x,
        uint256 y
    ) external view returns (uint256) {
        return Secp256k1.mulAddress(u, w, x, y);
    }

    /// @notice The address of the point (x, y).
    function toAddress(uint256 x, uint256 y) external pure returns (uint256) {
        return Secp256k1.toAddress(x, y);
    }

    /// @notice p + q.
    function add(
        Secp256k1.Point calldata p,
        Secp256k1.Point calldata q
    ) external view returns (Secp256k1.Point memory) {
        return Secp256k1.add(p, q);
    }

    /// @notice The sum of points that are not infinity.
    function sum(Secp256k1.Point[] calldata points) external view returns (Secp256k1.Point memory) {
        (uint256 at, uint256 end) = _words(points);
        Secp256k1.Jacobian memory result = Secp256k1.sum(at, end, 0x40);
        if (result.z == 0) return Secp256k1.Point(0, 0);
        return Secp256k1.toAffine(result, Secp256k1.invert(result.z));
    }

    /// @notice The inverse of `value` mod P.
    function invert(uint256 value) external view returns (uint256) {
        return Secp256k1.invert(value);
    }

    /// @notice What the precompile itself returns: how many bytes, and the word.
    function recover(
        uint256 h,
        uint256 v,
        uint256 r,
        uint256 s
    ) external view returns (uint256 size, uint256 word) {
        (bool success, bytes memory output) = address(1).staticcall(abi.encode(h, v, r, s));
        assert(success);
        size = output.length;
        if (size != 0) word = abi.decode(output, (uint256));
    }

    /// @dev The points' words in a row in memory, from `at` to `end`.
    function _words(
        Secp256k1.Point[] calldata points
    ) private pure returns (uint256 at, uint256 end) {
        bytes memory encoded = abi.encode(points);
        // an offset and a length stand before the points
        assembly ("memory-safe") {
            at := add(encoded, 0x60)
            end := add(add(encoded, 0x20), mload(encoded))
        }
    }
}
