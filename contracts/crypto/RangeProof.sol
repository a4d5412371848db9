// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";

/**
 * @title The commitments of range proofs
 * @notice That a ciphertext (A, B) encrypts some v in lo..hi is shown by a disjunction: a branch
 * with a challenge c and a response s for every v, and with the commitments a = s·G − c·A and
 * b = s·Y − c·(B − v·G) (PROTOCOL §3).
 * @dev A ballot's gas is spent here, hence the assembly. For every branch:
 *
 *     address(a) = s·G + (−c)·A      by ecrecover
 *     address(U) = c·v·G + s·Y       by ecrecover, which must be that of the hint's u
 *     address(V) = (−c)·B            by ecrecover, which must be that of the hint's v
 *     b = U + V                      by the affine formula, for U ≠ ±V
 *
 * All additions share one inversion. With d = U.x − V.x of every branch, the slot that b.x will
 * take holds the product of all later d, and the walk's `inverse` is that of the product of this
 * and all later d: multiplied, they give d⁻¹. A d of zero is left out; its branch is refused.
 */
library RangeProof {
    /**
     * @notice Where the walk over all branches of a ballot stands.
     * @dev The first twelve words are the inputs h, v, r, s of ecrecover for multiples of Y, A
     * and B, at the offsets KEY, A and B.
     */
    struct Walk {
        uint256 keyH;
        uint256 keyV;
        uint256 keyR;
        uint256 keyS;
        uint256 aH;
        uint256 aV;
        uint256 aR;
        uint256 aS;
        uint256 bH;
        uint256 bV;
        uint256 bR;
        uint256 bS;
        /// the challenge of the whole ballot
        uint256 challenge;
        /// the smallest value of a disjunction
        uint256 lo;
        /// the largest value of a disjunction
        uint256 hi;
        /// where in calldata the next challenge stands
        uint256 challenges;
        /// where in calldata the next response stands
        uint256 responses;
        /// where in calldata the next hint stands
        uint256 hints;
        /// where in memory the first commitments go: address(a), b.x, b.y
        uint256 start;
        /// where in memory the next commitments go
        uint256 next;
        /// the inverse of the product of the next d and all later ones
        uint256 inverse;
    }

    /// @notice The challenge left for the last branch of a disjunction, the branch of this index,
    /// is zero.
    error ZeroSubChallenge(uint256 index);

    /// @notice The bytes of a ciphertext: A.x, A.y, B.x, B.y.
    uint256 private constant CIPHERTEXT = 0x80;

    uint256 private constant N = Secp256k1.N;
    uint256 private constant P = Secp256k1.P;
    uint256 private constant KEY = 0x00;
    uint256 private constant A = 0x80;
    uint256 private constant B = 0x100;
    uint256 private constant HINT = 0x80;
    uint256 private constant COMMITMENTS = 0x60;

    /**
     * @notice A walk that is about to begin, but for its inverse.
     * @param challenge The ballot's.
     * @param challenges Of all branches but the last of each disjunction.
     * @param responses Of all branches.
     * @param hints Of all branches.
     * @param key Y, a point that isPoint accepts.
     * @param commitments Where in memory the commitments go: 0x60 bytes for every branch.
     */
    function begin(
        uint256 challenge,
        uint256[] calldata challenges,
        uint256[] calldata responses,
        Sigma.Hint[] calldata hints,
        Secp256k1.Point memory key,
        uint256 commitments
    ) internal pure returns (Walk memory walk) {
        uint256[3] memory offsets;
        assembly ("memory-safe") {
            mstore(offsets, challenges.offset)
            mstore(add(offsets, 0x20), responses.offset)
            mstore(add(offsets, 0x40), hints.offset)
        }
        (walk.challenges, walk.responses, walk.hints) = (offsets[0], offsets[1], offsets[2]);
        walk.challenge = challenge;
        walk.keyV = _parity(key.y);
        walk.keyR = key.x;
        walk.start = commitments;
        walk.next = commitments;
    }

    /**
     * @notice The product of d of all branches, zeros left out; writes the product of all later d
     * into the slots of b.x.
     */
    function denominators(
        Walk memory walk,
        Sigma.Hint[] calldata hints
    ) internal pure returns (uint256 product) {
        uint256 slot = walk.next;
        uint256 p = P;
        product = 1;
        // for each branch, the last first: commitments[i].b.x = product;
        // d = (hints[i].u.x - hints[i].v.x) % P; product = (product * (d == 0 ? 1 : d)) % P;
        assembly ("memory-safe") {
            slot := add(add(slot, 0x20), mul(hints.length, COMMITMENTS))
            for {
                let hint := add(hints.offset, mul(hints.length, HINT))
            } lt(hints.offset, hint) {} {
                hint := sub(hint, HINT)
                slot := sub(slot, COMMITMENTS)
                mstore(slot, product)
                // a hint's x of P or more makes a wrong d, and is no point that matches
                let d := addmod(calldataload(hint), sub(p, calldataload(add(hint, 0x40))), p)
                product := mulmod(product, add(d, iszero(d)), p)
            }
        }
    }

    /**
     * @notice Goes on over the disjunctions of the ciphertexts that stand in memory from `at` to
     * `end`, all over walk.lo..walk.hi, and writes their commitments. Reverts with the refusal of
     * the first branch that has none.
     * @dev The points of the ciphertexts must be such as isPoint accepts.
     */
    function commit(Walk memory walk, uint256 at, uint256 end) internal view {
        unchecked {
            for (; at != end; at += CIPHERTEXT) {
                _setCiphertext(walk, at);
                uint256 left = walk.challenge;
                uint256 hi = walk.hi;
                for (uint256 v = walk.lo; v != hi; ++v) {
                    uint256 c = _word(walk.challenges);
                    walk.challenges += 0x20;
                    left = addmod(left, N - c, N);
                    _commitBranch(walk, v, c);
                }
                if (left == 0) revert ZeroSubChallenge(_index(walk));
                _commitBranch(walk, hi, left);
            }
        }
    }

    /// @dev Makes the ciphertext at `at` in memory the one that commitments are about.
    function _setCiphertext(Walk memory walk, uint256 at) private pure {
        uint256 ax;
        uint256 ay;
        uint256 bx;
        uint256 by;
        assembly ("memory-safe") {
            ax := mload(at)
            ay := mload(add(at, 0x20))
            bx := mload(add(at, 0x40))
            by := mload(add(at, 0x60))
        }
        (walk.aR, walk.aV) = (ax, _parity(ay));
        (walk.bR, walk.bV) = (bx, _parity(by));
    }

    /// @dev Writes the commitments of the next branch, for the value v and the challenge c.
    function _commitBranch(Walk memory walk, uint256 v, uint256 c) private view {
        unchecked {
            uint256 hint = walk.hints;
            uint256 next = walk.next;
            _requireHint(walk, hint, next, v, c);
            uint256 ux = _word(hint);
            uint256 vx = _word(hint + 0x40);
            uint256 d = addmod(ux, P - vx, P);
            if (d == 0) revert Sigma.DegenerateBranch(_index(walk));
            uint256 inverse = walk.inverse;
            walk.inverse = mulmod(inverse, d, P);
            uint256 later;
            assembly ("memory-safe") {
                later := mload(add(next, 0x20))
            }
            // λ = (U.y − V.y) / d, b.x = λ² − U.x − V.x, b.y = λ·(U.x − b.x) − U.y
            uint256 uy = _word(hint + 0x20);
            uint256 slope = addmod(uy, P - _word(hint + 0x60), P);
            slope = mulmod(slope, mulmod(later, inverse, P), P);
            uint256 bx = addmod(mulmod(slope, slope, P), P - addmod(ux, vx, P), P);
            uint256 by = addmod(mulmod(slope, addmod(ux, P - bx, P), P), P - uy, P);
            assembly ("memory-safe") {
                mstore(add(next, 0x20), bx)
                mstore(add(next, 0x40), by)
            }
            walk.hints = hint + HINT;
            walk.next = next + COMMITMENTS;
        }
    }

    /// @dev Writes address(a) at `next`, and reverts unless the hint at `hint` is U and V.
    function _requireHint(
        Walk memory walk,
        uint256 hint,
        uint256 next,
        uint256 v,
        uint256 c
    ) private view {
        unchecked {
            uint256 s = _word(walk.responses);
            walk.responses += 0x20;
            uint256 found = _multiply(walk, A, s, N - c);
            if (found == 0) revert Sigma.CommitmentAtInfinity(_index(walk));
            assembly ("memory-safe") {
                mstore(next, found)
            }
            found = _multiply(walk, KEY, mulmod(c, v, N), s);
            if (found == 0) revert Sigma.DegenerateBranch(_index(walk));
            // mismatch = found ^ toAddress(hint.u) | _multiply(walk, B, 0, N - c) ^ toAddress(hint.v)
            uint256 mismatch;
            assembly ("memory-safe") {
                calldatacopy(0x00, hint, 0x40)
                mismatch := xor(found, keccak256(0x00, 0x40))
            }
            found = _multiply(walk, B, 0, N - c);
            assembly ("memory-safe") {
                calldatacopy(0x00, add(hint, 0x40), 0x40)
                mismatch := shl(96, or(mismatch, xor(found, keccak256(0x00, 0x40))))
            }
            if (mismatch != 0) revert Sigma.InvalidHint(_index(walk));
        }
    }

    /// @dev Secp256k1.mulAddress(u, w, R), for the point R whose inputs stand at `base` in `walk`.
    function _multiply(
        Walk memory walk,
        uint256 base,
        uint256 u,
        uint256 w
    ) private view returns (uint256 result) {
        uint256 n = N;
        assembly ("memory-safe") {
            let input := add(walk, base)
            let r := mload(add(input, 0x40))
            mstore(input, mulmod(sub(n, u), r, n))
            mstore(add(input, 0x60), mulmod(w, r, n))
            mstore(0x00, 0)
            pop(staticcall(gas(), 0x01, input, 0x80, 0x00, 0x20))
            result := mul(mload(0x00), eq(returndatasize(), 0x20))
        }
    }

    /// @dev The index of the next branch.
    function _index(Walk memory walk) private pure returns (uint256) {
        return (walk.next - walk.start) / COMMITMENTS;
    }

    /// @dev ecrecover's v for a point of this y.
    function _parity(uint256 y) private pure returns (uint256) {
        unchecked {
            return 27 + (y & 1);
        }
    }

    /// @dev The word at `at` in calldata.
    function _word(uint256 at) private pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := calldataload(at)
        }
    }
}
