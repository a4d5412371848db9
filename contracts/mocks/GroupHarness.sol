// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Words} from "../crypto/Words.sol";

/// @title Points, scalars and ecrecover itself, exposed to tests
contract GroupHarness {
    /// @notice Reverts with the refusal unless (x, y) is acceptable from outside.
    function requirePoint(uint256 x, uint256 y) external pure {
        Secp256k1.requirePoint(x, y);
    }

    /// @notice Reverts with the refusal unless every point is acceptable from outside, or is
    /// infinity where that is welcome too.
    function requirePoints(Secp256k1.Point[] calldata points, bool infinity) external pure {
        (uint256 at, uint256 end) = Words.bounds(Secp256k1.words(points));
        Secp256k1.requirePoints(at, end, infinity);
    }

    /// @notice Reverts with the refusal unless `value` is in 1..N-1.
    function requireScalar(uint256 value) external pure {
        Secp256k1.requireScalar(value);
    }

    /// @notice Reverts with the refusal unless every value is in 1..N-1.
    function requireScalars(uint256[] calldata values) external pure {
        uint256[] memory list = values;
        (uint256 at, uint256 end) = Words.bounds(list);
        Secp256k1.requireScalars(at, end);
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

    /// @notice Each of these plus those of every row, which are not infinity, by totals.
    function addRows(
        Secp256k1.Point[] calldata sums,
        Secp256k1.Point[] calldata rows
    ) external view returns (uint256[] memory) {
        uint256[] memory totals = Secp256k1.toTotals(Secp256k1.words(sums));
        (uint256 at, uint256 end) = Words.bounds(Secp256k1.words(rows));
        uint256 size = 0x40 * sums.length;
        for (; at != end; at += size) Secp256k1.addRow(Words.start(totals), at, at + size);
        return Secp256k1.fromTotals(totals);
    }

    /// @notice Each of these plus each of those.
    function addEach(
        Secp256k1.Point[] calldata sums,
        Secp256k1.Point[] calldata points
    ) external view returns (uint256[] memory words) {
        words = Secp256k1.words(sums);
        Secp256k1.addEach(words, Words.start(Secp256k1.words(points)));
    }

    /// @notice The points of these x, whose y are not looked at, with a y of these parities.
    function lift(
        Secp256k1.Point[] calldata points,
        uint256 parities,
        uint256 step
    ) external view returns (uint256[] memory words) {
        words = Secp256k1.words(points);
        (uint256 at, uint256 end) = Words.bounds(words);
        Secp256k1.lift(at, end, parities, step);
    }

    /// @notice Each of these, which may be infinity, times a small factor, by totals.
    function multiply(
        Secp256k1.Point[] calldata points,
        uint256 factor
    ) external view returns (uint256[] memory) {
        uint256[] memory words = Secp256k1.words(points);
        uint256[] memory totals = Secp256k1.toTotals(words);
        uint256 total = Words.start(totals);
        (uint256 at, uint256 end) = Words.bounds(words);
        for (; at != end; at += 0x40) {
            Secp256k1.multiplyTotal(total, at, factor);
            total += 0x60;
        }
        return Secp256k1.fromTotals(totals);
    }

    /// @notice Twice each of these, which may be infinity; by totals.
    function double(Secp256k1.Point[] calldata points) external view returns (uint256[] memory) {
        uint256[] memory totals = Secp256k1.toTotals(Secp256k1.words(points));
        (uint256 at, uint256 end) = Words.bounds(totals);
        for (; at != end; at += 0x60) Secp256k1.doubleTotal(at);
        return Secp256k1.fromTotals(totals);
    }

    /// @notice The inverse of `value` mod P.
    function invert(uint256 value) external view returns (uint256) {
        return Secp256k1.invert(value);
    }

    /// @notice The inverse of `value` mod N.
    function invertScalar(uint256 value) external view returns (uint256) {
        return Secp256k1.invertScalar(value);
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
}
