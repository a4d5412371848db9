// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {BallotProof} from "../crypto/BallotProof.sol";
import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Words} from "../crypto/Words.sol";
import {IPoll} from "../interfaces/IPoll.sol";

/**
 * @title Ballots of a batch, as words in a row
 * @notice All ballots of a poll have the same shape, so that lengths and offsets would say nothing:
 *
 *     the place of the voter's node among the nodes of the batch
 *     voter, weight, replaced tracker or 0, deadline, r, vs
 *     x and y of A and B of every choice; x; f and z of every choice; w; x and y of E_1 … E_{D−1}
 *     U.x, U.y, V.x and the slope of every choice; V.x and the slope of E_{D−2} … E_1; all four of
 *     E_0
 *     where a ballot is replaced: the tracker that it replaced or 0; x and y of its A and B
 *     where the weight is not 1: x and y of the weighted points
 *     the roll proof, from leaf to node
 */
library PackedBallot {
    /// @dev What a voter signs, and the signature, as IPoll.SignedBallot begins.
    struct Signed {
        address voter;
        uint256 weight;
        bytes32 replaces;
        uint64 deadline;
        bytes32 r;
        bytes32 vs;
    }

    /// @dev The index of the first word of the parts of a packed ballot.
    struct Parts {
        uint256 hints;
        uint256 replaced;
        uint256 weighted;
        uint256 rollProof;
    }

    /// @dev The words before the ballot's own.
    uint256 private constant HEAD = 7;
    /// @dev The bytes of BallotCast's data before the length of the list.
    uint256 private constant RECORD = 0xc0;

    // -- Head --

    /// @notice What was signed of a packed ballot; zeros where it is too short.
    function headOf(uint256[] calldata packed) internal pure returns (Signed calldata head) {
        assembly ("memory-safe") {
            head := add(packed.offset, 0x20)
        }
    }

    /// @notice What was signed, but for the ballot itself.
    function headOf(
        IPoll.SignedBallot calldata signed
    ) internal pure returns (Signed calldata head) {
        assembly ("memory-safe") {
            head := signed
        }
    }

    /// @notice Who a packed ballot says has signed it, whatever else stands in that word.
    function voterOf(uint256[] calldata packed) internal pure returns (address) {
        return address(uint160(_wordAt(packed, 1)));
    }

    function _wordAt(uint256[] calldata packed, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(packed.offset, shl(5, index)))
        }
    }

    // -- Parts --

    /**
     * @notice The parts of a packed ballot of this shape behind its own words. What is too short
     * reverts with nothing, by the compiler's check of a slice.
     * @dev The roll proof is the last; so, where that is a slice, all others are: take it first.
     * Whatever is read of the head before is zero, or of somebody else's, and comes to nothing.
     */
    function partsOf(
        uint256[] calldata packed,
        Questions.Shape memory shape
    ) internal pure returns (Parts memory parts) {
        Signed calldata head = headOf(packed);
        unchecked {
            // a ballot has 60 choices at most, and a degree of 101
            uint256 size = BallotProof.WORDS * shape.choices;
            parts.hints = HEAD + BallotProof.count(shape);
            parts.replaced = parts.hints + BallotProof.hintsOf(shape);
            parts.weighted = parts.replaced;
            if (head.replaces != 0) parts.weighted += 1 + size;
            parts.rollProof = parts.weighted;
            if (head.weight != 1) parts.rollProof += head.replaces == 0 ? size : 2 * size;
        }
    }

    /// @notice The ballot's own words, and all that comes behind them.
    function own(uint256[] calldata packed) internal pure returns (uint256[] calldata result) {
        uint256 at = HEAD;
        // no slice: of a row that is too short, `rollProof` has seen that
        assembly ("memory-safe") {
            result.offset := add(packed.offset, shl(5, at))
            result.length := sub(packed.length, at)
        }
    }

    /// @notice The hints.
    function hints(
        uint256[] calldata packed,
        uint256 at,
        uint256 end
    ) internal pure returns (uint256[] calldata result) {
        assembly ("memory-safe") {
            result.offset := add(packed.offset, shl(5, at))
            result.length := sub(end, at)
        }
    }

    /// @notice The tracker that the replaced ballot replaced, and its ciphertexts.
    function replaced(
        uint256[] calldata packed,
        uint256 at,
        uint256 end
    ) internal pure returns (bytes32 before, BallotProof.Ciphertext[] calldata result) {
        uint256 size = BallotProof.WORDS;
        before = bytes32(_wordAt(packed, at));
        assembly ("memory-safe") {
            // one word, then as many as there are
            result.offset := add(packed.offset, shl(5, add(at, 1)))
            result.length := div(sub(end, at), size)
        }
    }

    /// @notice The weighted points.
    function weighted(
        uint256[] calldata packed,
        uint256 at,
        uint256 end
    ) internal pure returns (Secp256k1.Point[] calldata result) {
        assembly ("memory-safe") {
            result.offset := add(packed.offset, shl(5, at))
            result.length := shr(1, sub(end, at))
        }
    }

    /// @notice The roll proof.
    function rollProof(
        uint256[] calldata packed,
        uint256 at
    ) internal pure returns (bytes32[] calldata result) {
        uint256[] calldata rest = packed[at:];
        assembly ("memory-safe") {
            result.offset := rest.offset
            result.length := rest.length
        }
    }

    // -- Records --

    /**
     * @notice An empty list for the words of a ballot, behind what BallotCast logs before it.
     * @param head Its deadline was read before: the compiler has checked that it has 64 bits.
     */
    function record(
        Signed calldata head,
        uint256 count
    ) internal pure returns (uint256[] memory list) {
        uint256[] memory whole = Words.list(RECORD / 0x20 + 1 + count);
        assembly ("memory-safe") {
            // weight, replaces, deadline, r, vs, in this order; then where the list begins
            calldatacopy(add(whole, 0x20), add(head, 0x20), sub(RECORD, 0x20))
            mstore(add(whole, RECORD), RECORD)
            list := add(whole, add(RECORD, 0x20))
            mstore(list, count)
        }
    }

    /// @notice Where in memory BallotCast's data begin and end, given a list that `record` made.
    function recordOf(uint256[] memory list) internal pure returns (uint256 at, uint256 end) {
        assembly ("memory-safe") {
            at := sub(list, RECORD)
            end := add(add(list, 0x20), shl(5, mload(list)))
        }
    }
}
