// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Words} from "./Words.sol";

/**
 * @title What a ballot shows of its scores, as one polynomial
 * @notice A statement says of a choice, or of the sum of a question's choices, that it is one of
 * the values lo..hi. With the answers f as lines α + m·X of the challenge, the polynomial
 *
 *     P(X) = Σ_i τ^i · X^(D − d_i) · Π_{v = lo_i..hi_i} (line_i(X) − v·X)
 *
 * has degree D only if one of them is false; d_i is the number of values of statement i, and D the
 * largest of all (PROTOCOL §3).
 */
library Statements {
    uint256 private constant N = Secp256k1.N;

    /// @dev The second generator: nobody knows its logarithm (PROTOCOL §1).
    uint256 private constant HX =
        0x5b98ab728957777b453716b3dc79f7ae32ce9a930a8c82d899a91fa07cf53481;
    uint256 private constant HY =
        0x11f1cddfbb3a534d3c2915a607ddfc2143a9a22de86139fdf83b0d705ffce80e;

    /**
     * @notice P(x).
     * @param answers Where in memory f of the first choice stands, and 0x40 bytes further that of
     * the next.
     * @param x The challenge, in 1..N-1.
     * @param tau The factor τ, in 1..N-1.
     * @param degree D of these questions.
     */
    function value(
        uint256 answers,
        uint256 x,
        uint256 tau,
        uint256 degree,
        Questions.Question[] memory questions
    ) internal pure returns (uint256 result) {
        uint256 weight = 1;
        uint256 count = questions.length;
        uint256 at = answers;
        unchecked {
            // addresses in memory, and limits that Questions.requirePossible has accepted
            for (uint256 i = 0; i < count; ++i) {
                Questions.Question memory question = questions[i];
                uint256 end = at + 0x40 * question.options;
                uint256 terms;
                (terms, weight) = _terms(at, end, question.maxScore, x, weight, tau);
                terms = _raised(terms, x, degree - question.maxScore - 1);
                result = addmod(result, terms, N);
                at = end;
            }
            at = answers;
            for (uint256 i = 0; ; ++i) {
                // what returns early, the optimiser does not double where it is called twice
                if (i == count) return result;
                Questions.Question memory question = questions[i];
                uint256 end = at + 0x40 * question.options;
                if (Questions.provesTotal(question)) {
                    uint256 line = N - mulmod(question.minTotal, x, N);
                    for (; at != end; at += 0x40) line = addmod(line, Words.get(at), N);
                    uint256 range = question.maxTotal - question.minTotal;
                    uint256 term = mulmod(weight, _product(line, range, x), N);
                    weight = mulmod(weight, tau, N);
                    result = addmod(result, _raised(term, x, degree - range - 1), N);
                }
                at = end;
            }
        }
    }

    /**
     * @dev Σ weight·τ^i·Π_{v = 0..range} (f_i − v·x) of the answers f_0, f_1, … in memory, and the
     * weight of the next. In plain words:
     *
     *     for (; at != end; at += 0x40) {
     *         terms = addmod(terms, mulmod(weight, _product(Words.get(at), range, x), N), N);
     *         weight = mulmod(weight, tau, N);
     *     }
     *
     * The range is 1 at least.
     */
    function _terms(
        uint256 at,
        uint256 end,
        uint256 range,
        uint256 x,
        uint256 weight,
        uint256 tau
    ) private pure returns (uint256 terms, uint256 next) {
        (uint256 n, uint256 minus) = (N, N - x);
        while (true) {
            // what returns early, the optimiser leaves as a function, with few variables
            if (at == end) return (terms, weight);
            assembly ("memory-safe") {
                for {} lt(at, end) {
                    at := add(at, 0x40)
                } {
                    let line := mload(at)
                    let product := mulmod(weight, line, n)
                    let v := range
                    for {} 1 {} {
                        line := addmod(line, minus, n)
                        product := mulmod(product, line, n)
                        v := sub(v, 1)
                        if iszero(v) {
                            break
                        }
                    }
                    terms := addmod(terms, product, n)
                    weight := mulmod(weight, tau, n)
                }
            }
        }
    }

    /// @dev Π_{v = 0..range} (line − v·x).
    function _product(
        uint256 line,
        uint256 range,
        uint256 x
    ) private pure returns (uint256 product) {
        product = line;
        unchecked {
            uint256 minus = N - x;
            for (; range != 0; --range) {
                line = addmod(line, minus, N);
                product = mulmod(product, line, N);
            }
        }
    }

    /// @dev term·x^power.
    function _raised(uint256 term, uint256 x, uint256 power) private pure returns (uint256) {
        unchecked {
            for (; power != 0; --power) term = mulmod(term, x, N);
        }
        return term;
    }

    /**
     * @notice Writes the commitments to all coefficients of P: E_0 = P(x)·G + w·H − Σ x^j·E_j, which
     * is computed by Horner's rule, then E_1 … E_{D−1}. Reverts with the refusal of the first sum
     * that cannot be computed.
     * @param px P(x).
     * @param w The response that opens the coefficients.
     * @param at Where in memory E_1 stands, and so on to `end`: points that isPoint accepts.
     * @param hint Where in calldata the hints stand: x of V and the slope for every sum, and U
     * before them for the last.
     * @param index Of the first sum.
     * @param to Where in memory the commitments go.
     */
    function commit(
        uint256 px,
        uint256 w,
        uint256 x,
        uint256 at,
        uint256 end,
        uint256 hint,
        uint256 index,
        uint256 to
    ) internal view {
        unchecked {
            // addresses in memory and calldata
            uint256 steps = (end - at) / 0x40 - 1;
            (uint256 x0, uint256 y0) = _sum(x, at, end, hint, index, to + 0x40);
            (x0, y0) = Sigma.join(
                Sigma.hintAt(hint + 0x40 * steps),
                Secp256k1.mulAddress(px, w, HX, HY),
                Secp256k1.mulAddress(0, N - x, x0, y0),
                index + steps
            );
            Words.set(to, x0);
            Words.set(to + 0x20, y0);
        }
    }

    /// @dev E_1 + x·(E_2 + x·(…)), computed from the last on; copies E_1 … to `to`.
    function _sum(
        uint256 x,
        uint256 at,
        uint256 end,
        uint256 hint,
        uint256 index,
        uint256 to
    ) private view returns (uint256 sx, uint256 sy) {
        unchecked {
            // addresses in memory and calldata
            end -= 0x40;
            to += end - at;
            (sx, sy) = _copy(end, to);
            while (true) {
                // likewise
                if (end == at) return (sx, sy);
                end -= 0x40;
                to -= 0x40;
                (uint256 ex, uint256 ey) = _copy(end, to);
                (uint256 vx, uint256 slope) = Sigma.lineAt(hint);
                uint256 v = Secp256k1.mulAddress(0, x, sx, sy);
                (sx, sy) = Sigma.add(ex, ey, vx, slope, v, index);
                hint += 0x40;
                ++index;
            }
        }
    }

    /// @dev Copies a point in memory, and returns it.
    function _copy(uint256 from, uint256 to) private pure returns (uint256 x, uint256 y) {
        unchecked {
            // addresses in memory
            (x, y) = (Words.get(from), Words.get(from + 0x20));
            Words.set(to, x);
            Words.set(to + 0x20, y);
        }
    }
}
