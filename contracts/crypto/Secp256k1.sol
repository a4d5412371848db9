// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Words} from "./Words.sol";

/**
 * @title Points and scalars of secp256k1, and their multiplication by ecrecover
 * @notice The group of PROTOCOL §1: y² = x³ + 7 over the field of P, generator G, prime order N.
 * A point is affine, infinity is (0, 0). *Totals* are a list of points in Jacobian coordinates,
 * three words each: −X, Y, −Z stand for (X / Z², Y / Z³), and three zeros for infinity. With these
 * signs an addition takes three subtractions less.
 */
library Secp256k1 {
    /// @notice A point: `x` and `y` in the field, or (0, 0) for infinity.
    struct Point {
        uint256 x;
        uint256 y;
    }

    /// @notice A point from outside is off the curve, or not in 0 < x < N, 0 < y < P.
    error InvalidPoint(uint256 x, uint256 y);
    /// @notice A challenge or response from outside is not in 1..N-1.
    error InvalidScalar(uint256 value);
    /// @notice A value has no inverse: it is a multiple of the modulus.
    error InversionFailed(uint256 value);

    /// @notice The order of the group.
    uint256 internal constant N =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    /// @notice The prime of the field.
    uint256 internal constant P =
        0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
    /// @notice The x coordinate of the generator.
    uint256 internal constant GX =
        0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
    /// @notice The y coordinate of the generator.
    uint256 internal constant GY =
        0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8;

    // -- Input --

    /// @notice Whether (x, y) is acceptable from outside: on the curve, 0 < x < N, 0 < y < P.
    /// @dev No point of the curve has x = 0 or y = 0, so that these need no test of their own.
    function isPoint(uint256 x, uint256 y) internal pure returns (bool result) {
        // x < N && y < P && y² % P == (x³ + 7) % P, without the jumps of &&
        assembly ("memory-safe") {
            let square := mulmod(y, y, P)
            let cube := mulmod(mulmod(x, x, P), x, P)
            result := and(and(lt(x, N), lt(y, P)), eq(square, addmod(cube, 7, P)))
        }
    }

    /// @notice Reverts with InvalidPoint unless (x, y) is acceptable from outside.
    function requirePoint(uint256 x, uint256 y) internal pure {
        if (!isPoint(x, y)) revert InvalidPoint(x, y);
    }

    /// @notice Reverts with InvalidPoint unless each point whose words x and y stand in memory
    /// from `at` to `end` is acceptable from outside, or is infinity where that is welcome too.
    function requirePoints(uint256 at, uint256 end, bool infinity) internal pure {
        uint256 p = field();
        while (true) {
            // while (at != end && isPoint(x, y)) at += 0x40, by twos. An x | y below N shows that
            // x < N and y < P; of the few others isPoint decides
            assembly ("memory-safe") {
                let last := sub(end, 0x40)
                for {} lt(at, last) {
                    at := add(at, 0x80)
                } {
                    let x := mload(at)
                    let y := mload(add(at, 0x20))
                    let union := or(x, y)
                    let faults := xor(mulmod(y, y, p), addmod(mulmod(mulmod(x, x, p), x, p), 7, p))
                    x := mload(add(at, 0x40))
                    y := mload(add(at, 0x60))
                    union := or(union, or(x, y))
                    x := xor(mulmod(y, y, p), addmod(mulmod(mulmod(x, x, p), x, p), 7, p))
                    if or(or(faults, x), iszero(lt(union, N))) {
                        break
                    }
                }
            }
            if (at == end) return;
            unchecked {
                // addresses in memory
                (uint256 x, uint256 y) = (Words.get(at), Words.get(at + 0x20));
                if (!(isPoint(x, y) || (infinity && isInfinity(x, y)))) revert InvalidPoint(x, y);
                at += 0x40;
            }
        }
    }

    /// @notice Reverts with InvalidScalar unless `value` is in 1..N-1.
    function requireScalar(uint256 value) internal pure {
        require(value != 0 && value < N, InvalidScalar(value));
    }

    /// @notice Reverts with InvalidScalar unless every word in memory from `at` to `end` is in
    /// 1..N-1.
    function requireScalars(uint256 at, uint256 end) internal pure {
        // while (at != end && value - 1 < N - 1) at += 0x20; value − 1 wraps for 0, and the word
        // at `end` makes no difference
        assembly ("memory-safe") {
            for {} and(lt(at, end), lt(sub(mload(at), 1), sub(N, 1))) {
                at := add(at, 0x20)
            } {}
        }
        if (at != end) revert InvalidScalar(Words.get(at));
    }

    /// @notice Whether (x, y) stands for the point at infinity.
    function isInfinity(uint256 x, uint256 y) internal pure returns (bool) {
        return x | y == 0;
    }

    // -- Multiplication --

    /**
     * @notice The address of u·G + w·(x, y), or 0 where that is infinity or ecrecover refuses.
     * @dev ecrecover(h, v, r, s) is the address of r⁻¹(s·R − h·G), where r and v name R. With
     * r = x, h = −u·x and s = w·x this is u·G + w·R (PROTOCOL §1). The output is zeroed first, as
     * ecrecover leaves it alone where it refuses; a call that runs out of gas leaves too little to
     * go on.
     * @param u Any scalar, at most N.
     * @param w Any scalar; a multiple of N gives 0.
     * @param x With `y`, a point that isPoint accepts.
     */
    function mulAddress(
        uint256 u,
        uint256 w,
        uint256 x,
        uint256 y
    ) internal view returns (uint256 result) {
        // uint160(ecrecover(bytes32(-u * x % N), uint8(27 + (y & 1)), bytes32(x), bytes32(w * x % N)))
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, mulmod(sub(N, u), x, N))
            mstore(add(input, 0x20), add(27, and(y, 1)))
            mstore(add(input, 0x40), x)
            mstore(add(input, 0x60), mulmod(w, x, N))
            mstore(0x00, 0)
            pop(staticcall(gas(), 0x01, input, 0x80, 0x00, 0x20))
            result := mload(0x00)
        }
    }

    /// @notice The address of the point (x, y): the last 20 bytes of the hash of its two words.
    function toAddress(uint256 x, uint256 y) internal pure returns (uint256 result) {
        // uint160(uint256(keccak256(abi.encode(x, y)))), in scratch space
        assembly ("memory-safe") {
            mstore(0x00, x)
            mstore(0x20, y)
            result := shr(96, shl(96, keccak256(0x00, 0x40)))
        }
    }

    /// @notice The address of a point; 0 for infinity, as mulAddress has it.
    function toAddress(Point memory point) internal pure returns (uint256) {
        return isInfinity(point.x, point.y) ? 0 : toAddress(point.x, point.y);
    }

    /// @notice The address of u·G for u in 0..N-1, 0 for infinity.
    function baseAddress(uint256 u) internal view returns (uint256) {
        return u == 0 ? 0 : mulAddress(u - 1, 1, GX, GY);
    }

    // -- Addition --

    /// @notice p + q, complete: infinity, doubling and opposite points are ordinary.
    function add(Point memory p, Point memory q) internal view returns (Point memory) {
        if (isInfinity(q.x, q.y)) return p;
        uint256[] memory sums = new uint256[](2);
        uint256[] memory points = new uint256[](2);
        (sums[0], sums[1], points[0], points[1]) = (p.x, p.y, q.x, q.y);
        addEach(sums, Words.start(points));
        return Point(sums[0], sums[1]);
    }

    /**
     * @notice Adds a point to each of these, given as x and y, complete: infinity, doubling and
     * opposite points are ordinary. One inversion serves them all.
     * @dev λ = (y2 − y1) / (x2 − x1), x = λ² − x1 − x2, y = λ·(x1 − x) − y1. The inversions are
     * shared by Montgomery's trick: of every sum, `products` has the product of all x2 − x1 before
     * it, and `inverse` is that of the product of this and all earlier ones.
     * @param at Where in memory x and y of the points to be added begin; they may change.
     */
    function addEach(uint256[] memory sums, uint256 at) internal view {
        uint256[] memory products = Words.list(sums.length);
        uint256 inverse = invert(_denominators(sums, at, products));
        uint256 p = field();
        // from the last sum to the first; (x1, y1) is the sum and (x2, y2) the point
        assembly ("memory-safe") {
            // where these stand, seen from the sum
            at := sub(at, add(sums, 0x20))
            products := sub(products, sums)
            for {
                let sum := sub(add(sums, shl(5, mload(sums))), 0x20)
            } gt(sum, sums) {
                sum := sub(sum, 0x40)
            } {
                let x1 := mload(sum)
                let x2 := mload(add(sum, at))
                let slope := mulmod(inverse, mload(add(sum, products)), p)
                inverse := mulmod(inverse, addmod(x2, sub(p, x1), p), p)
                let minus := sub(p, mload(add(sum, 0x20)))
                slope := mulmod(slope, addmod(mload(add(add(sum, at), 0x20)), minus, p), p)
                x2 := addmod(mulmod(slope, slope, p), sub(p, addmod(x1, x2, p)), p)
                mstore(sum, x2)
                x1 := addmod(x1, sub(p, x2), p)
                mstore(add(sum, 0x20), addmod(mulmod(slope, x1, p), minus, p))
            }
        }
    }

    /// @dev Writes of every sum, where `products` has room for its x, the product of all x2 − x1
    /// before it, and returns the product of all. Points whose x are not two are replaced.
    function _denominators(
        uint256[] memory sums,
        uint256 at,
        uint256[] memory products
    ) private pure returns (uint256 product) {
        uint256 p = field();
        (uint256 sum, uint256 end) = Words.bounds(sums);
        uint256 to = Words.start(products);
        product = 1;
        while (true) {
            // while (at != end && x1 != 0 && x2 != 0 && x1 != x2)
            assembly ("memory-safe") {
                for {} lt(sum, end) {
                    sum := add(sum, 0x40)
                    at := add(at, 0x40)
                    to := add(to, 0x40)
                } {
                    let x1 := mload(sum)
                    let x2 := mload(at)
                    let d := addmod(x2, sub(p, x1), p)
                    if or(or(iszero(x1), iszero(x2)), iszero(d)) {
                        break
                    }
                    mstore(to, product)
                    product := mulmod(product, d, p)
                }
            }
            if (sum == end) return product;
            uint256 difference = _spread(sum, at, p);
            unchecked {
                // addresses in memory
                Words.set(to, product);
                product = mulmod(product, difference, p);
                sum += 0x40;
                at += 0x40;
                to += 0x40;
            }
        }
    }

    /**
     * @dev Puts two other points in the place of these, which are infinity, equal or opposite, so
     * that addEach gives the right sum; returns their x2 − x1, which is not 0. It does so for any
     * points of a line through the opposite of the sum whose x add up to λ² less x of the sum.
     */
    function _spread(uint256 sum, uint256 at, uint256 p) private pure returns (uint256 difference) {
        assembly ("memory-safe") {
            let x1 := mload(sum)
            let x2 := mload(at)
            let y := mload(add(sum, 0x20))
            let y2 := mload(add(at, 0x20))
            let rise := 0
            let doubling := gt(and(eq(x1, x2), eq(y, y2)), iszero(x1))
            if iszero(doubling) {
                // on the horizontal. The sum is the other point where one is infinity, and (0, 0)
                // where they are opposite; no point has x = −2
                let other := iszero(eq(x1, x2))
                x2 := addmod(sub(p, 1), sub(p, mul(or(x1, x2), other)), p)
                x1 := 1
                y := sub(p, mul(or(y, y2), other))
            }
            if doubling {
                // on the tangent, whose slope is 3·x² / 2·y, at x − 2·y and x + 2·y
                rise := mulmod(3, mulmod(x1, x1, p), p)
                y2 := addmod(y, y, p)
                x2 := addmod(x1, y2, p)
                x1 := addmod(x1, sub(p, y2), p)
            }
            mstore(sum, x1)
            mstore(at, x2)
            mstore(add(sum, 0x20), addmod(y, sub(p, rise), p))
            mstore(add(at, 0x20), addmod(y, rise, p))
            difference := addmod(x2, sub(p, x1), p)
        }
    }

    /// @notice P as a variable, for loops: a constant of 32 bytes is computed anew wherever it
    /// stands.
    function field() internal pure returns (uint256 p) {
        uint256 prime = P;
        // the word at 0x60 is always 0
        assembly ("memory-safe") {
            p := or(prime, mload(0x60))
        }
    }

    /// @notice Points given as x and y, as totals.
    function toTotals(uint256[] memory points) internal pure returns (uint256[] memory totals) {
        totals = new uint256[]((points.length / 2) * 3);
        unchecked {
            uint256 total = Words.start(totals);
            (uint256 at, uint256 end) = Words.bounds(points);
            for (; at != end; at += 0x40) {
                (uint256 x, uint256 y) = (Words.get(at), Words.get(at + 0x20));
                if (!isInfinity(x, y)) _setTotal(total, x, y, 1);
                total += 0x60;
            }
        }
    }

    /**
     * @notice Adds a point to every total, complete: infinity as a total, doubling and opposite
     * points are ordinary.
     * @dev (X, Y, Z) + (x, y): H = x·Z² − X, R = y·Z³ − Y, V = X·H²; the sum is R² − H³ − 2·V,
     * R·(V − that) − Y·H³, Z·H. Where H is 0 it is of another kind.
     * @param total Where in memory the first of the totals stands.
     * @param at Where in memory x and y of the first point stand, then those of the next, and so on
     * to `end`. None is infinity.
     */
    function addRow(uint256 total, uint256 at, uint256 end) internal pure {
        uint256 p = P;
        while (at != end) {
            assembly ("memory-safe") {
                for {} lt(at, end) {
                    at := add(at, 0x40)
                    total := add(total, 0x60)
                } {
                    // z is −Z, then −Z³, h is H, then −H³, r is −R, v is −V, x the X of the sum
                    let z := mload(add(total, 0x40))
                    let h := addmod(mulmod(mload(at), mulmod(z, z, p), p), mload(total), p)
                    if iszero(h) {
                        break
                    }
                    mstore(add(total, 0x40), mulmod(z, h, p))
                    z := mulmod(mulmod(z, z, p), z, p)
                    let r := mulmod(mload(add(at, 0x20)), z, p)
                    r := addmod(r, mload(add(total, 0x20)), p)
                    let square := mulmod(h, h, p)
                    let v := mulmod(square, mload(total), p)
                    h := sub(p, mulmod(square, h, p))
                    let x := addmod(addmod(mulmod(r, r, p), addmod(v, v, p), p), h, p)
                    mstore(total, sub(p, x))
                    r := mulmod(r, addmod(x, v, p), p)
                    h := mulmod(mload(add(total, 0x20)), h, p)
                    mstore(add(total, 0x20), addmod(r, h, p))
                }
            }
            if (at == end) return;
            _addAlike(total, at);
            unchecked {
                // the loop above goes on where it stopped
                at += 0x40;
                total += 0x60;
            }
        }
    }

    /// @dev Adds a point to a total that is infinity, or the point itself, or its opposite.
    function _addAlike(uint256 total, uint256 at) private pure {
        unchecked {
            (uint256 x, uint256 y) = (Words.get(at), Words.get(at + 0x20));
            uint256 z = Words.get(total + 0x40);
            uint256 r = addmod(
                mulmod(y, mulmod(mulmod(z, z, P), z, P), P),
                Words.get(total + 0x20),
                P
            );
            if (z == 0) {
                _setTotal(total, x, y, 1);
            } else if (r == 0) {
                _setTotal(total, x, y, 1);
                doubleTotal(total);
            } else {
                Words.set(total, 0);
                Words.set(total + 0x20, 0);
                Words.set(total + 0x40, 0);
            }
        }
    }

    /// @notice Doubles a total; infinity stays.
    /// @dev S = 4·X·Y², M = 3·X², the sum is M² − 2·S, M·(S − that) − 8·Y⁴, 2·Y·Z. No point of
    /// the curve has Y = 0.
    function doubleTotal(uint256 total) internal pure {
        unchecked {
            uint256 x = P - Words.get(total);
            uint256 y = Words.get(total + 0x20);
            uint256 square = mulmod(y, y, P);
            uint256 s = mulmod(4, mulmod(x, square, P), P);
            uint256 m = mulmod(3, mulmod(x, x, P), P);
            x = addmod(mulmod(m, m, P), P - addmod(s, s, P), P);
            // the negative of Z stands in a total, and the double of Z has the same sign
            Words.set(total + 0x40, mulmod(addmod(y, y, P), Words.get(total + 0x40), P));
            s = mulmod(m, addmod(s, P - x, P), P);
            y = addmod(s, P - mulmod(8, mulmod(square, square, P), P), P);
            Words.set(total, P - x);
            Words.set(total + 0x20, y);
        }
    }

    /**
     * @notice Makes a total `factor` times a point, for a small factor from 1.
     * @param total The point as a total.
     * @param at Where in memory x and y of the point stand.
     */
    function multiplyTotal(uint256 total, uint256 at, uint256 factor) internal pure {
        if (Words.get(at) == 0) return;
        uint256 bit = 1;
        while (2 * bit <= factor) bit *= 2;
        for (bit /= 2; bit != 0; bit /= 2) {
            doubleTotal(total);
            if (factor & bit != 0) addRow(total, at, at + 0x40);
        }
    }

    /**
     * @notice Totals as points, x and y of each, by one inversion.
     * @dev Montgomery's trick: x and y are X / Z², Y / Z³; before they are known, `before` stands in
     * the place of x, the product of all denominators before that of each total; and `inverse` is
     * that of the product of this and all earlier ones. A Z of zero is left out; X and Y are zero
     * with it, and stay so.
     */
    function fromTotals(uint256[] memory totals) internal view returns (uint256[] memory points) {
        uint256 p = P;
        (uint256 at, uint256 end) = Words.bounds(totals);
        points = Words.list((totals.length / 3) * 2);
        uint256 to = Words.start(points);
        uint256 inverse = 1;
        assembly ("memory-safe") {
            for {} lt(at, end) {
                at := add(at, 0x60)
                to := add(to, 0x40)
            } {
                let z := mload(add(at, 0x40))
                mstore(to, inverse)
                inverse := mulmod(inverse, add(z, iszero(z)), p)
            }
        }
        inverse = invert(inverse);
        // from the last total to the first; `one` is 1 / −Z
        assembly ("memory-safe") {
            for {} gt(to, add(points, 0x20)) {} {
                at := sub(at, 0x60)
                to := sub(to, 0x40)
                let z := mload(add(at, 0x40))
                let one := mulmod(inverse, mload(to), p)
                inverse := mulmod(inverse, add(z, iszero(z)), p)
                z := mulmod(one, one, p)
                mstore(to, mulmod(sub(p, mload(at)), z, p))
                one := mulmod(z, one, p)
                mstore(add(to, 0x20), mulmod(sub(p, mload(add(at, 0x20))), one, p))
            }
        }
    }

    // -- Powers --

    /// @notice The inverse of `value` mod P.
    function invert(uint256 value) internal view returns (uint256 inverse) {
        inverse = _power(value, P - 2, P);
        require(mulmod(value, inverse, P) == 1, InversionFailed(value));
    }

    /// @notice The inverse of `value` mod N.
    function invertScalar(uint256 value) internal view returns (uint256 inverse) {
        inverse = _power(value, N - 2, N);
        require(mulmod(value, inverse, N) == 1, InversionFailed(value));
    }

    /**
     * @notice Completes points of which x stands in memory, and room for y behind it, from `at` to
     * `end`. Infinity has an x of 0. Reverts with InvalidPoint where the curve has no such point.
     * @param parities The parity of the first y in bit 0, that of the next in bit `step`, and so on.
     */
    function lift(uint256 at, uint256 end, uint256 parities, uint256 step) internal view {
        (uint256 p, uint256 exponent) = (field(), (P + 1) / 4);
        // y = (x³ + 7) ** ((P + 1) / 4) % P, or P − y, by the modexp precompile
        while (true) {
            assembly ("memory-safe") {
                let input := mload(0x40)
                mstore(input, 0x20)
                mstore(add(input, 0x20), 0x20)
                mstore(add(input, 0x40), 0x20)
                mstore(add(input, 0x80), exponent)
                mstore(add(input, 0xa0), p)
                for {} lt(at, end) {
                    at := add(at, 0x40)
                    parities := shr(step, parities)
                } {
                    let x := mload(at)
                    if iszero(x) {
                        break
                    }
                    let square := addmod(mulmod(mulmod(x, x, p), x, p), 7, p)
                    mstore(add(input, 0x60), square)
                    pop(staticcall(gas(), 0x05, input, 0xc0, 0x00, 0x20))
                    // a call that runs out of gas leaves too little to go on
                    let y := mload(0x00)
                    if xor(mulmod(y, y, p), square) {
                        break
                    }
                    // y, or P − y if its parity is the other
                    let other := and(xor(y, parities), 1)
                    mstore(add(at, 0x20), add(y, mul(other, sub(p, add(y, y)))))
                }
            }
            if (at == end) return;
            unchecked {
                // addresses in memory
                uint256 x = Words.get(at);
                if (x != 0) revert InvalidPoint(x, parities & 1);
                Words.set(at + 0x20, 0);
                at += 0x40;
                parities >>= step;
            }
        }
    }

    /// @dev base ** exponent % modulus, by the modexp precompile; 0 where it runs out of gas.
    function _power(
        uint256 base,
        uint256 exponent,
        uint256 modulus
    ) private view returns (uint256 result) {
        // the lengths of base, exponent and modulus go first
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 0x20)
            mstore(add(input, 0x20), 0x20)
            mstore(add(input, 0x40), 0x20)
            mstore(add(input, 0x60), base)
            mstore(add(input, 0x80), exponent)
            mstore(add(input, 0xa0), modulus)
            mstore(0x00, 0)
            pop(staticcall(gas(), 0x05, input, 0xc0, 0x00, 0x20))
            result := mload(0x00)
        }
    }

    // -- Memory --

    /// @notice The words of points, x and y of each.
    function words(Point[] calldata points) internal pure returns (uint256[] memory result) {
        result = Words.list(2 * points.length);
        assembly ("memory-safe") {
            calldatacopy(add(result, 0x20), points.offset, shl(6, points.length))
        }
    }

    /// @dev Writes the total that stands for (x / z², y / z³).
    function _setTotal(uint256 at, uint256 x, uint256 y, uint256 z) private pure {
        unchecked {
            Words.set(at, P - x);
            Words.set(at + 0x20, y);
            Words.set(at + 0x40, P - z);
        }
    }
}
