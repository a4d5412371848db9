// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Words} from "./Words.sol";

/**
 * @title The commitments of range proofs
 * @notice That a ciphertext (A, B) encrypts some v in lo..hi is shown by a disjunction: a branch
 * with a challenge c and a response s for every v, and with the commitments a = s·G − c·A and
 * b = s·Y − c·(B − v·G) (PROTOCOL §3).
 * @dev A ballot's gas is spent here, hence the assembly. For every branch:
 *
 *     address(a) = s·G + (−c)·A      by ecrecover
 *     address(U) = c·v·G + s·Y       by ecrecover, which must be that of the hint's U
 *     address(V) = (−c)·B            by ecrecover, which must be that of the hint's V
 *     b = U + V                      by the hint's slope
 */
library RangeProof {
    /// @notice The challenge left for the last branch of a disjunction, the branch of this index,
    /// is zero.
    error ZeroSubChallenge(uint256 index);

    uint256 private constant N = Secp256k1.N;
    uint256 private constant P = Secp256k1.P;
    /// @dev The bytes of a branch's commitments.
    uint256 private constant COMMITMENTS = 0x60;

    /*
     * A walk is where the walk over all branches of a ballot stands: eighteen words in memory. The
     * first twelve are the inputs h, v, r, s of ecrecover for multiples of Y, A and B, at the
     * offsets 0, 0x80 and 0x100; then, from WALK on:
     *
     *     the challenge of the whole ballot
     *     where in memory the next challenge stands
     *     where in memory the next response stands
     *     where in calldata the next hint stands
     *     where in memory the next commitments go: address(a), b.x, b.y
     *     where in memory the first commitments went
     */
    uint256 private constant WALK = 0x180;

    /**
     * @notice A walk that is about to begin.
     * @param scalars Where in memory the ballot's challenge stands, then the challenges of all
     * branches but the last of each disjunction, then the responses of all branches.
     * @param challenges How many there are of the former.
     * @param hints Of all branches.
     * @param key Y, a point that isPoint accepts.
     * @param commitments Where in memory the commitments go: 0x60 bytes for every branch, all zero.
     */
    function begin(
        uint256 scalars,
        uint256 challenges,
        Sigma.Hint[] calldata hints,
        Secp256k1.Point memory key,
        uint256 commitments
    ) internal pure returns (uint256 walk) {
        walk = Words.start(Words.list(18));
        uint256 atHints;
        assembly ("memory-safe") {
            atHints := hints.offset
        }
        // addresses in memory
        unchecked {
            Words.set(walk + 0x20, 27 + (key.y & 1));
            Words.set(walk + 0x40, key.x);
            // −c·B has no part of G
            Words.set(walk + 0x100, 0);
            Words.set(walk + WALK, Words.get(scalars));
            Words.set(walk + WALK + 0x20, scalars + 0x20);
            Words.set(walk + WALK + 0x40, scalars + 0x20 + 0x20 * challenges);
            Words.set(walk + WALK + 0x60, atHints);
            Words.set(walk + WALK + 0x80, commitments);
            Words.set(walk + WALK + 0xa0, commitments);
        }
    }

    /// @notice The challenge of the whole ballot.
    function challengeOf(uint256 walk) internal pure returns (uint256) {
        unchecked {
            // an address in memory
            return Words.get(walk + WALK);
        }
    }

    /**
     * @notice Goes on over the disjunctions of ciphertexts, all over lo..hi, and writes their
     * commitments. Reverts with the refusal of the first branch that has none.
     * @param at Where in memory x and y of the first A stand, and `stride` bytes further those of
     * B, of the next A, and so on to `end`. All are points that isPoint accepts.
     */
    function commit(
        uint256 walk,
        uint256 at,
        uint256 end,
        uint256 stride,
        uint256 lo,
        uint256 hi
    ) internal view {
        uint256 bad = _commit(walk, at, end, stride, lo, hi);
        if (bad != 0) _refuse(walk, bad == 1);
    }

    /// @dev Says what is wrong with the branch at which the walk stopped. The addresses of a, U
    /// and V stand where its commitments were to go.
    function _refuse(uint256 walk, bool zero) private pure {
        // addresses in memory
        unchecked {
            uint256 next = Words.get(walk + WALK + 0x80);
            uint256 branch = (next - Words.get(walk + WALK + 0xa0)) / COMMITMENTS;
            if (zero) revert ZeroSubChallenge(branch);
            if (Words.get(next) == 0) revert Sigma.CommitmentAtInfinity(branch);
            (uint256 u, uint256 v) = (Words.get(next + 0x20), Words.get(next + 0x40));
            if (u == 0) revert Sigma.DegenerateBranch(branch);
            Sigma.join(_hint(Words.get(walk + WALK + 0x60)), u, v, branch);
        }
    }

    function _hint(uint256 at) private pure returns (Sigma.Hint calldata hint) {
        assembly ("memory-safe") {
            hint := at
        }
    }

    /**
     * @dev Writes the commitments of all branches; stops at the first that has none, which is where
     * the walk then stands, and returns 1 if its challenge is zero, otherwise 2.
     * In plain words:
     *
     *     for (; at != end; at += 2 * stride) {
     *         (A, B) = (point at `at`, point at `at + stride`);
     *         for (v = lo; v <= hi; ++v) {
     *             c = v == hi ? what is left of the challenge : the next of the challenges;
     *             if (c == 0) fault ZeroSubChallenge;
     *             if ((first = mulAddress(s, −c, A)) == 0) fault CommitmentAtInfinity;
     *             if ((u = mulAddress(c·v, s, Y)) == 0) fault DegenerateBranch;
     *             b = Sigma.join(hint, u, mulAddress(0, −c, B));
     *             write first and b;
     *         }
     *     }
     *
     * One test finds out whether a branch has any of these faults, and _refuse which. What is
     * computed meanwhile does no harm: where ecrecover refuses, the word that it was to write stays
     * zero, as it does for the first where c is zero; no point has a hash that ends in 20 zero
     * bytes; and where U.x = V.x the sum is not used.
     */
    function _commit(
        uint256 walk,
        uint256 at,
        uint256 end,
        uint256 stride,
        uint256 lo,
        uint256 hi
    ) private view returns (uint256 bad) {
        (uint256 n, uint256 p) = (N, P);
        assembly ("memory-safe") {
            let challenges := mload(add(walk, 0x1a0))
            let responses := mload(add(walk, 0x1c0))
            let hint := mload(add(walk, 0x1e0))
            let next := mload(add(walk, 0x200))
            for {} and(lt(at, end), iszero(bad)) {} {
                mstore(add(walk, 0xa0), add(27, and(mload(add(at, 0x20)), 1)))
                mstore(add(walk, 0xc0), mload(at))
                at := add(at, stride)
                mstore(add(walk, 0x120), add(27, and(mload(add(at, 0x20)), 1)))
                mstore(add(walk, 0x140), mload(at))
                at := add(at, stride)
                let left := mload(add(walk, 0x180))
                for {
                    let v := lo
                } iszero(gt(v, hi)) {
                    v := add(v, 1)
                } {
                    let c := left
                    if lt(v, hi) {
                        c := mload(challenges)
                        challenges := add(challenges, 0x20)
                        left := addmod(left, sub(n, c), n)
                    }
                    let s := mload(responses)
                    responses := add(responses, 0x20)
                    // address(U) = c·v·G + s·Y
                    let r := mload(add(walk, 0x40))
                    mstore(walk, mulmod(sub(n, mulmod(c, v, n)), r, n))
                    mstore(add(walk, 0x60), mulmod(s, r, n))
                    pop(staticcall(gas(), 0x01, walk, 0x80, add(next, 0x20), 0x20))
                    // address(a) = s·G + (−c)·A
                    r := mload(add(walk, 0xc0))
                    mstore(add(walk, 0x80), mulmod(sub(n, s), r, n))
                    s := sub(n, c)
                    mstore(add(walk, 0xe0), mulmod(s, r, n))
                    pop(staticcall(gas(), 0x01, add(walk, 0x80), 0x80, next, 0x20))
                    // address(V) = (−c)·B
                    mstore(add(walk, 0x160), mulmod(s, mload(add(walk, 0x140)), n))
                    pop(staticcall(gas(), 0x01, add(walk, 0x100), 0x80, add(next, 0x40), 0x20))
                    // V.y = U.y − slope·(U.x − V.x)
                    calldatacopy(0x00, hint, 0x40)
                    let wrong := xor(mload(add(next, 0x20)), keccak256(0x00, 0x40))
                    let vx := calldataload(add(hint, 0x40))
                    let slope := calldataload(add(hint, 0x60))
                    let d := addmod(mload(0x00), sub(p, vx), p)
                    let sum := addmod(mload(0x00), vx, p)
                    mstore(0x00, vx)
                    mstore(0x20, addmod(mload(0x20), sub(p, mulmod(slope, d, p)), p))
                    wrong := or(wrong, xor(mload(add(next, 0x40)), keccak256(0x00, 0x40)))
                    // addresses are the last 20 bytes of the hashes
                    if or(or(shl(96, wrong), iszero(d)), iszero(mload(next))) {
                        bad := add(1, iszero(iszero(c)))
                        break
                    }
                    // b.x = slope² − U.x − V.x, b.y = slope·(V.x − b.x) − V.y
                    let bx := addmod(mulmod(slope, slope, p), sub(p, sum), p)
                    mstore(add(next, 0x20), bx)
                    d := mulmod(slope, addmod(mload(0x00), sub(p, bx), p), p)
                    mstore(add(next, 0x40), addmod(d, sub(p, mload(0x20)), p))
                    hint := add(hint, 0x80)
                    next := add(next, 0x60)
                }
            }
            mstore(add(walk, 0x1a0), challenges)
            mstore(add(walk, 0x1c0), responses)
            mstore(add(walk, 0x1e0), hint)
            mstore(add(walk, 0x200), next)
        }
    }
}
