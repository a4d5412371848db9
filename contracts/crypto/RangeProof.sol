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
 *     address(U) = c·v·G + s·Y       by ecrecover, which must be that of the hint's U
 *     address(V) = (−c)·B            by ecrecover, which must be that of the hint's V
 *     b = U + V                      by the hint's slope
 */
library RangeProof {
    /**
     * @notice Where the walk over all branches of a ballot stands.
     * @dev The first twelve words are the inputs h, v, r, s of ecrecover for multiples of Y, A
     * and B, at the offsets 0, 0x80 and 0x100.
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
        /// where in memory the next challenge stands
        uint256 challenges;
        /// where in memory the next response stands
        uint256 responses;
        /// where in calldata the next hint stands
        uint256 hints;
        /// where in memory the next commitments go: address(a), b.x, b.y
        uint256 next;
        /// where in memory the first commitments went
        uint256 start;
    }

    /// @dev What can be wrong with a branch.
    enum Fault {
        None,
        ZeroSubChallenge,
        CommitmentAtInfinity,
        DegenerateBranch,
        InvalidHint
    }

    /// @notice The challenge left for the last branch of a disjunction, the branch of this index,
    /// is zero.
    error ZeroSubChallenge(uint256 index);

    uint256 private constant N = Secp256k1.N;
    uint256 private constant P = Secp256k1.P;
    uint256 private constant COMMITMENTS = 0x60;

    /**
     * @notice A walk that is about to begin.
     * @param scalars Where in memory the ballot's challenge stands, then the challenges of all
     * branches but the last of each disjunction, then the responses of all branches.
     * @param challenges How many there are of the former.
     * @param hints Of all branches.
     * @param key Y, a point that isPoint accepts.
     * @param commitments Where in memory the commitments go: 0x60 bytes for every branch.
     */
    function begin(
        uint256 scalars,
        uint256 challenges,
        Sigma.Hint[] calldata hints,
        Secp256k1.Point memory key,
        uint256 commitments
    ) internal pure returns (Walk memory walk) {
        (walk.keyV, walk.keyR) = (27 + (key.y & 1), key.x);
        (walk.start, walk.next) = (commitments, commitments);
        (uint256 challenge, uint256 atHints) = (0, 0);
        assembly ("memory-safe") {
            challenge := mload(scalars)
            atHints := hints.offset
        }
        walk.challenge = challenge;
        walk.challenges = scalars + 0x20;
        walk.responses = scalars + 0x20 + 0x20 * challenges;
        walk.hints = atHints;
    }

    /**
     * @notice Goes on over the disjunctions of ciphertexts, all over lo..hi, and writes their
     * commitments. Reverts with the refusal of the first branch that has none.
     * @param at Where in memory x and y of the first A stand, and `stride` bytes further those of
     * B, of the next A, and so on to `end`. All are points that isPoint accepts.
     */
    function commit(
        Walk memory walk,
        uint256 at,
        uint256 end,
        uint256 stride,
        uint256 lo,
        uint256 hi
    ) internal view {
        Fault fault = _commit(walk, at, end, stride, lo, hi);
        if (fault != Fault.None) _refuse(fault, (walk.next - walk.start) / COMMITMENTS);
    }

    function _refuse(Fault fault, uint256 branch) private pure {
        if (fault == Fault.ZeroSubChallenge) revert ZeroSubChallenge(branch);
        if (fault == Fault.CommitmentAtInfinity) revert Sigma.CommitmentAtInfinity(branch);
        if (fault == Fault.DegenerateBranch) revert Sigma.DegenerateBranch(branch);
        revert Sigma.InvalidHint(branch);
    }

    /**
     * @dev Writes the commitments of all branches; stops at the first fault, and then `walk.next`
     * tells which branch it is. In plain words:
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
     */
    function _commit(
        Walk memory walk,
        uint256 at,
        uint256 end,
        uint256 stride,
        uint256 lo,
        uint256 hi
    ) private view returns (Fault fault) {
        (uint256 n, uint256 p) = (N, P);
        assembly ("memory-safe") {
            let hint := mload(add(walk, 0x1e0))
            let next := mload(add(walk, 0x200))
            for {} and(lt(at, end), iszero(fault)) {} {
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
                        let challenges := mload(add(walk, 0x1a0))
                        c := mload(challenges)
                        mstore(add(walk, 0x1a0), add(challenges, 0x20))
                        left := addmod(left, sub(n, c), n)
                    }
                    if iszero(c) {
                        fault := 1
                        break
                    }
                    let s := mload(add(walk, 0x1c0))
                    mstore(add(walk, 0x1c0), add(s, 0x20))
                    s := mload(s)
                    // address(a) = s·G + (−c)·A
                    let r := mload(add(walk, 0xc0))
                    mstore(add(walk, 0x80), mulmod(sub(n, s), r, n))
                    mstore(add(walk, 0xe0), mulmod(sub(n, c), r, n))
                    mstore(next, 0)
                    pop(staticcall(gas(), 0x01, add(walk, 0x80), 0x80, next, 0x20))
                    if iszero(mload(next)) {
                        fault := 2
                        break
                    }
                    // address(U) = c·v·G + s·Y
                    r := mload(add(walk, 0x40))
                    mstore(walk, mulmod(sub(n, mulmod(c, v, n)), r, n))
                    mstore(add(walk, 0x60), mulmod(s, r, n))
                    mstore(0x00, 0)
                    pop(staticcall(gas(), 0x01, walk, 0x80, 0x00, 0x20))
                    let wrong := mload(0x00)
                    if iszero(wrong) {
                        fault := 3
                        break
                    }
                    calldatacopy(0x00, hint, 0x40)
                    wrong := xor(wrong, keccak256(0x00, 0x40))
                    // address(V) = (−c)·B
                    mstore(add(walk, 0x160), mulmod(sub(n, c), mload(add(walk, 0x140)), n))
                    mstore(0x00, 0)
                    pop(staticcall(gas(), 0x01, add(walk, 0x100), 0x80, 0x00, 0x20))
                    c := mload(0x00)
                    // V.y = U.y − slope·(U.x − V.x), or the word itself
                    let vx := calldataload(add(hint, 0x40))
                    let slope := calldataload(add(hint, 0x60))
                    mstore(0x00, vx)
                    mstore(0x20, slope)
                    r := addmod(calldataload(hint), sub(p, vx), p)
                    if r {
                        let uy := calldataload(add(hint, 0x20))
                        mstore(0x20, addmod(uy, sub(p, mulmod(slope, r, p)), p))
                    }
                    wrong := or(wrong, xor(c, keccak256(0x00, 0x40)))
                    // addresses are the last 20 bytes of the hashes
                    if shl(96, wrong) {
                        fault := 4
                        break
                    }
                    if iszero(r) {
                        fault := 3
                        break
                    }
                    // b.x = slope² − U.x − V.x, b.y = slope·(U.x − b.x) − U.y
                    r := calldataload(hint)
                    vx := addmod(mulmod(slope, slope, p), sub(p, addmod(r, vx, p)), p)
                    mstore(add(next, 0x20), vx)
                    r := mulmod(slope, addmod(r, sub(p, vx), p), p)
                    mstore(add(next, 0x40), addmod(r, sub(p, calldataload(add(hint, 0x20))), p))
                    hint := add(hint, 0x80)
                    next := add(next, 0x60)
                }
            }
            mstore(add(walk, 0x1e0), hint)
            mstore(add(walk, 0x200), next)
        }
    }
}
