// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";

/**
 * @title The steps that all proofs share
 * @notice A response s to a challenge c turns a statement "x·G = X" back into its commitment,
 * s·G − c·X. A commitment that is only hashed enters as its address; one to another base is the
 * sum of two parts, which the caller supplies as a hint (PROTOCOL §1).
 */
library Sigma {
    /// @notice A proof with one challenge and one response.
    struct Proof {
        uint256 challenge;
        uint256 response;
    }

    /// @notice The two parts U and V of a sum. No part of a proof: anyone computes it from one.
    struct Hint {
        Secp256k1.Point u;
        /// x of V
        uint256 vx;
        /// of the line through U and V, (U.y − V.y) / (U.x − V.x) in the field; y of V follows from
        /// it. Where U.x = V.x, y of V itself
        uint256 slope;
    }

    uint256 private constant P = Secp256k1.P;

    /// @notice There are more hints, or fewer, than the proof needs.
    error InvalidHintCount(uint256 expected, uint256 actual);
    /// @notice A hint is not the pair of points that the sum of this index needs.
    error InvalidHint(uint256 index);
    /// @notice The first commitment of this index is infinity.
    error CommitmentAtInfinity(uint256 index);
    /// @notice The two parts of the sum of this index are equal, opposite or infinity, or ecrecover
    /// cannot compute them.
    error DegenerateSum(uint256 index);
    /// @notice The challenge is not the hash of statement and commitments.
    error InvalidProof(uint256 claimed, uint256 computed);

    /// @notice Reverts with InvalidScalar unless challenge and response are in 1..N-1.
    function requireScalars(Proof calldata proof) internal pure {
        Secp256k1.requireScalar(proof.challenge);
        Secp256k1.requireScalar(proof.response);
    }

    /// @notice The address of s·G − c·X; reverts with CommitmentAtInfinity where it has none.
    function firstCommitment(
        Secp256k1.Point memory x,
        uint256 c,
        uint256 s,
        uint256 index
    ) internal view returns (uint256 result) {
        result = Secp256k1.mulAddress(s, Secp256k1.N - c, x.x, x.y);
        require(result != 0, CommitmentAtInfinity(index));
    }

    /// @notice Reverts with InvalidProof unless the two challenges are the same.
    function requireChallenge(uint256 claimed, uint256 computed) internal pure {
        require(claimed == computed, InvalidProof(claimed, computed));
    }

    /**
     * @notice The sum U + V, as x and y.
     * @param u The address that U must have.
     * @param v The address that V must have.
     */
    function join(
        Hint calldata hint,
        uint256 u,
        uint256 v,
        uint256 index
    ) internal pure returns (uint256 x, uint256 y) {
        if (u == 0) revert DegenerateSum(index);
        if (Secp256k1.toAddress(hint.u.x, hint.u.y) != u) revert InvalidHint(index);
        return add(hint.u.x, hint.u.y, hint.vx, hint.slope, v, index);
    }

    /**
     * @notice The sum U + V, as x and y, of a point U that is known.
     * @dev V.y = U.y − slope·(U.x − V.x), and that V has the right address shows that the slope is
     * right. x = slope² − U.x − V.x, y = slope·(U.x − x) − U.y.
     * @param v The address that V must have.
     */
    function add(
        uint256 ux,
        uint256 uy,
        uint256 vx,
        uint256 slope,
        uint256 v,
        uint256 index
    ) internal pure returns (uint256 x, uint256 y) {
        unchecked {
            if (v == 0) revert DegenerateSum(index);
            uint256 d = addmod(ux, P - vx, P);
            uint256 vy = d == 0 ? slope : addmod(uy, P - mulmod(slope, d, P), P);
            if (Secp256k1.toAddress(vx, vy) != v) revert InvalidHint(index);
            if (d == 0) revert DegenerateSum(index);
            x = addmod(mulmod(slope, slope, P), P - addmod(ux, vx, P), P);
            y = addmod(mulmod(slope, addmod(ux, P - x, P), P), P - uy, P);
        }
    }

    /// @notice Where in calldata hints begin; each has 0x80 bytes.
    function start(Hint[] calldata hints) internal pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := hints.offset
        }
    }

    /// @notice The hint at this place in calldata.
    function hintAt(uint256 at) internal pure returns (Hint calldata hint) {
        assembly ("memory-safe") {
            hint := at
        }
    }

    /// @notice x of V and the slope at this place in calldata.
    function lineAt(uint256 at) internal pure returns (uint256 vx, uint256 slope) {
        assembly ("memory-safe") {
            vx := calldataload(at)
            slope := calldataload(add(at, 0x20))
        }
    }
}
