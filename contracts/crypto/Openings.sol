// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Words} from "./Words.sol";

/**
 * @title The openings of a ballot's ciphertexts
 * @notice Under the challenge x, the answers f and z of choice k give back the commitments
 * a = z·G − x·A and b = f·G + z·Y − x·B to its ciphertext (A, B) (PROTOCOL §3).
 * @dev A ballot's gas is spent here, hence the assembly. For every choice:
 *
 *     address(a) = z·G + (−x)·A               by ecrecover
 *     address(U) = (f − k·x²)·G + z·Y         by ecrecover, which must be that of the hint's U
 *     address(V) = k·x²·G + (−x)·B            by ecrecover, which must be that of the hint's V
 *     b = U + V                               by the hint's slope
 *
 * With the offset k·x² no false hint serves two choices (PROOF).
 */
library Openings {
    uint256 private constant N = Secp256k1.N;
    uint256 private constant P = Secp256k1.P;
    /// @dev The bytes of the commitments of a choice: address(a), b.x, b.y.
    uint256 private constant COMMITMENTS = 0x60;

    /**
     * @notice Writes the commitments of all choices. Reverts with the refusal of the first choice
     * that has none.
     * @param at Where in memory the words of the ciphertexts stand, behind them the challenge x,
     * then f and z of every choice: points and scalars that are acceptable from outside.
     * @param choices How many there are.
     * @param hint Where in calldata the hints of all choices stand.
     * @param key Y, a point that isPoint accepts.
     * @param next Where in memory the commitments go: 0x60 bytes for every choice, all zero.
     */
    function open(
        uint256 at,
        uint256 choices,
        uint256 hint,
        Secp256k1.Point memory key,
        uint256 next
    ) internal view {
        uint256 opened = _open(at, choices, hint, key, next);
        // what returns early, the optimiser does not double where it is called twice
        if (opened == choices) return;
        unchecked {
            // addresses in memory and calldata
            _refuse(next + COMMITMENTS * opened, hint + 0x80 * opened, opened);
        }
    }

    /// @dev Says what is wrong with the choice of this index. The addresses of a, U and V stand
    /// where its commitments were to go.
    function _refuse(uint256 next, uint256 at, uint256 index) private pure {
        // addresses in memory
        unchecked {
            if (Words.get(next) == 0) revert Sigma.CommitmentAtInfinity(index);
            Sigma.join(Sigma.hintAt(at), Words.get(next + 0x20), Words.get(next + 0x40), index);
        }
    }

    /**
     * @dev Writes the commitments of choices, up to the first that has none, and returns how many
     * choices were opened. In plain words:
     *
     *     for (k = 0; k < choices; ++k) {
     *         (A, B, f, z) = those of choice k;
     *         if ((first = mulAddress(z, −x, A)) == 0) break;
     *         if ((u = mulAddress(f − k·x², z, Y)) == 0) break;
     *         if ((v = mulAddress(k·x², −x, B)) == 0) break;
     *         b = Sigma.join(hint, u, v) or break;
     *         write first and b;
     *     }
     *
     * One test finds out whether a choice has any of these faults, and _refuse which. What is
     * computed meanwhile does no harm: where ecrecover refuses, the word that it was to write stays
     * zero; and where U.x = V.x the sum is not used.
     */
    function _open(
        uint256 at,
        uint256 choices,
        uint256 hint,
        Secp256k1.Point memory key,
        uint256 next
    ) private view returns (uint256 opened) {
        (uint256 n, uint256 p) = (N, P);
        assembly ("memory-safe") {
            // the input h, v, r, s of ecrecover is at 0x00..0x7f: constant addresses cost less.
            // Its second half is Solidity's, the start of free memory and a zero, and is put back
            let free := mload(0x40)
            // v of Y
            mstore(free, add(27, and(mload(add(key, 0x20)), 1)))
            let answers := add(at, shl(7, choices))
            let minus := sub(n, mload(answers))
            let square := mulmod(minus, minus, n)
            answers := add(answers, 0x20)
            for {
                let offset := 0
            } lt(opened, choices) {
                opened := add(opened, 1)
            } {
                // address(U) = (f − offset)·G + z·Y
                let z := mload(add(answers, 0x20))
                let r := mload(key)
                mstore(0x00, mulmod(addmod(offset, sub(n, mload(answers)), n), r, n))
                mstore(0x20, mload(free))
                mstore(0x40, r)
                mstore(0x60, mulmod(z, r, n))
                pop(staticcall(gas(), 0x01, 0x00, 0x80, add(next, 0x20), 0x20))
                // address(a) = z·G + (−x)·A
                r := mload(at)
                mstore(0x00, mulmod(sub(n, z), r, n))
                mstore(0x20, add(27, and(mload(add(at, 0x20)), 1)))
                mstore(0x40, r)
                mstore(0x60, mulmod(minus, r, n))
                pop(staticcall(gas(), 0x01, 0x00, 0x80, next, 0x20))
                // address(V) = offset·G + (−x)·B
                r := mload(add(at, 0x40))
                mstore(0x00, mulmod(sub(n, offset), r, n))
                mstore(0x20, add(27, and(mload(add(at, 0x60)), 1)))
                mstore(0x40, r)
                mstore(0x60, mulmod(minus, r, n))
                pop(staticcall(gas(), 0x01, 0x00, 0x80, add(next, 0x40), 0x20))
                // V.y = U.y − slope·(U.x − V.x)
                calldatacopy(0x00, hint, 0x40)
                let u := mload(add(next, 0x20))
                let v := mload(add(next, 0x40))
                let bad := or(or(iszero(mload(next)), iszero(u)), iszero(v))
                u := xor(u, keccak256(0x00, 0x40))
                let vx := calldataload(add(hint, 0x40))
                let slope := calldataload(add(hint, 0x60))
                let d := addmod(mload(0x00), sub(p, vx), p)
                let sum := addmod(mload(0x00), vx, p)
                mstore(0x00, vx)
                mstore(0x20, addmod(mload(0x20), sub(p, mulmod(slope, d, p)), p))
                v := xor(v, keccak256(0x00, 0x40))
                // addresses are the last 20 bytes of the hashes
                if or(or(bad, iszero(d)), shl(96, or(u, v))) {
                    break
                }
                // b.x = slope² − U.x − V.x, b.y = slope·(V.x − b.x) − V.y
                let bx := addmod(mulmod(slope, slope, p), sub(p, sum), p)
                mstore(add(next, 0x20), bx)
                d := mulmod(slope, addmod(mload(0x00), sub(p, bx), p), p)
                mstore(add(next, 0x40), addmod(d, sub(p, mload(0x20)), p))
                at := add(at, 0x80)
                answers := add(answers, 0x40)
                hint := add(hint, 0x80)
                next := add(next, 0x60)
                offset := addmod(offset, square, n)
            }
            mstore(0x40, free)
            mstore(0x60, 0)
        }
    }
}
