// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/**
 * @title Points and scalars of secp256k1, and their multiplication by ecrecover
 * @notice The group of PROTOCOL §1: y² = x³ + 7 over the field of P, generator G, prime order N.
 * A point is affine, infinity is (0, 0).
 */
library Secp256k1 {
    /// @notice A point: `x` and `y` in the field, or (0, 0) for infinity.
    struct Point {
        uint256 x;
        uint256 y;
    }

    /// @notice A point in Jacobian coordinates: (x / z², y / z³), or infinity as (0, 0, 0).
    struct Jacobian {
        uint256 x;
        uint256 y;
        uint256 z;
    }

    /// @notice A point from outside is off the curve, or not in 0 < x < N, 0 < y < P.
    error InvalidPoint(uint256 x, uint256 y);
    /// @notice A challenge or response from outside is not in 1..N-1.
    error InvalidScalar(uint256 value);
    /// @notice A value has no inverse mod P: it is a multiple of P.
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
        require(isPoint(x, y), InvalidPoint(x, y));
    }

    /// @notice Reverts with InvalidPoint unless each of `count` points in memory, the first at `at`,
    /// is acceptable from outside.
    function requirePoints(uint256 at, uint256 end) internal pure {
        unchecked {
            for (; at != end; at += 0x40) {
                uint256 x;
                uint256 y;
                assembly ("memory-safe") {
                    x := mload(at)
                    y := mload(add(at, 0x20))
                }
                requirePoint(x, y);
            }
        }
    }

    /// @notice Reverts with InvalidScalar unless `value` is in 1..N-1.
    function requireScalar(uint256 value) internal pure {
        require(value != 0 && value < N, InvalidScalar(value));
    }

    /// @notice Reverts with InvalidScalar unless every value is in 1..N-1.
    function requireScalars(uint256[] calldata values) internal pure {
        uint256 value = 1;
        // for each value: if (value == 0 || value >= N) break; else value = 1
        assembly ("memory-safe") {
            let at := values.offset
            for {
                let end := add(at, shl(5, values.length))
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                value := calldataload(at)
                // value − 1 wraps for 0
                if iszero(lt(sub(value, 1), sub(N, 1))) {
                    break
                }
            }
        }
        requireScalar(value);
    }

    /// @notice Whether (x, y) stands for the point at infinity.
    function isInfinity(uint256 x, uint256 y) internal pure returns (bool) {
        return x | y == 0;
    }

    // -- Multiplication --

    /**
     * @notice The address of u·G + w·(x, y), or 0 where that is infinity or ecrecover refuses.
     * @dev ecrecover(h, v, r, s) is the address of r⁻¹(s·R − h·G), where r and v name R. With
     * r = x, h = −u·x and s = w·x this is u·G + w·R (PROTOCOL §1). The output is zeroed first and
     * counts only if ecrecover wrote it; a call that runs out of gas leaves too little to go on.
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
            result := mul(mload(0x00), eq(returndatasize(), 0x20))
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

    // -- Addition --

    /// @notice p + q, complete: infinity, doubling and opposite points are ordinary.
    function add(Point memory p, Point memory q) internal view returns (Point memory) {
        if (isInfinity(p.x, p.y)) return q;
        if (isInfinity(q.x, q.y)) return p;
        uint256[4] memory words = [p.x, p.y, q.x, q.y];
        uint256 at;
        assembly ("memory-safe") {
            at := words
        }
        Jacobian memory result = sum(at, at + 0x80, 0x40);
        return result.z == 0 ? Point(0, 0) : toAffine(result, invert(result.z));
    }

    function sum(uint256 at, uint256 end, uint256 stride) internal pure returns (Jacobian memory) {
        (uint256 x1, uint256 y1, uint256 z1) = (0, 0, 0);
        unchecked {
            for (; at != end; at += stride) {
                uint256 h;
                uint256 r;
                assembly ("memory-safe") {
                    let square := mulmod(z1, z1, P)
                    h := addmod(mulmod(mload(at), square, P), sub(P, x1), P)
                    r := addmod(
                        mulmod(mload(add(at, 0x20)), mulmod(square, z1, P), P),
                        sub(P, y1),
                        P
                    )
                }
                if (h == 0) {
                    uint256 x;
                    uint256 y;
                    assembly ("memory-safe") {
                        x := mload(at)
                        y := mload(add(at, 0x20))
                    }
                    if (z1 == 0) (x1, y1, z1) = (x, y, 1);
                    else if (r == 0) (x1, y1, z1) = _double(x, y);
                    else (x1, y1, z1) = (0, 0, 0);
                    continue;
                }
                assembly ("memory-safe") {
                    z1 := mulmod(z1, h, P)
                    let square := mulmod(h, h, P)
                    x1 := mulmod(square, x1, P)
                    h := mulmod(square, h, P)
                    square := x1
                    x1 := addmod(mulmod(r, r, P), sub(P, addmod(h, addmod(x1, x1, P), P)), P)
                    y1 := addmod(
                        mulmod(r, addmod(square, sub(P, x1), P), P),
                        sub(P, mulmod(y1, h, P)),
                        P
                    )
                }
            }
        }
        return Jacobian(x1, y1, z1);
    }

    /// @dev 2·(x, y) of an affine point: S = 4·x·y², M = 3·x², X = M² − 2·S,
    /// Y = M·(S − X) − 8·y⁴, Z = 2·y.
    function _double(uint256 x, uint256 y) private pure returns (uint256, uint256, uint256) {
        unchecked {
            uint256 square = mulmod(y, y, P);
            uint256 s = mulmod(4, mulmod(x, square, P), P);
            uint256 m = mulmod(3, mulmod(x, x, P), P);
            uint256 z = addmod(y, y, P);
            x = addmod(mulmod(m, m, P), P - addmod(s, s, P), P);
            y = addmod(
                mulmod(m, addmod(s, P - x, P), P),
                P - mulmod(8, mulmod(square, square, P), P),
                P
            );
            return (x, y, z);
        }
    }

    /// @notice The affine form of a point that is not infinity, given z⁻¹.
    function toAffine(Jacobian memory point, uint256 inverse) internal pure returns (Point memory) {
        uint256 square = mulmod(inverse, inverse, P);
        return Point(mulmod(point.x, square, P), mulmod(point.y, mulmod(square, inverse, P), P));
    }

    /**
     * @notice p + q for curve points of different x, given the inverse of p.x − q.x.
     * @dev λ = (p.y − q.y) / (p.x − q.x), x = λ² − p.x − q.x, y = λ·(p.x − x) − p.y.
     */
    function addDistinct(
        Point calldata p,
        Point calldata q,
        uint256 inverse
    ) internal pure returns (Point memory result) {
        unchecked {
            uint256 slope = mulmod(addmod(p.y, P - q.y, P), inverse, P);
            result.x = addmod(mulmod(slope, slope, P), P - addmod(p.x, q.x, P), P);
            result.y = addmod(mulmod(slope, addmod(p.x, P - result.x, P), P), P - p.y, P);
        }
    }

    // -- Inversion --

    /// @notice The inverse of `value` mod P, by the modexp precompile.
    function invert(uint256 value) internal view returns (uint256 inverse) {
        // value ** (P - 2) % P; the lengths of base, exponent and modulus go first
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 0x20)
            mstore(add(input, 0x20), 0x20)
            mstore(add(input, 0x40), 0x20)
            mstore(add(input, 0x60), value)
            mstore(add(input, 0x80), sub(P, 2))
            mstore(add(input, 0xa0), P)
            mstore(0x00, 0)
            pop(staticcall(gas(), 0x05, input, 0xc0, 0x00, 0x20))
            inverse := mload(0x00)
        }
        require(mulmod(value, inverse, P) == 1, InversionFailed(value));
    }
}
