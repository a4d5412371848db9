// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/**
 * @title Lists of words in memory
 * @notice Points, scalars and transcripts are lists of words; loops over them walk by address,
 * which costs a fraction of what arrays of structs do. No bounds are checked: a loop has its own.
 */
library Words {
    /// @notice A new list of this many words, whatever stands in them: they are to be written
    /// before they are read. `new` writes zeros first, which costs more than most loops here.
    function list(uint256 count) internal pure returns (uint256[] memory result) {
        assembly ("memory-safe") {
            result := mload(0x40)
            mstore(result, count)
            mstore(0x40, add(add(result, 0x20), shl(5, count)))
        }
    }

    /// @notice A new list of this many zeros, without the checks that `new` makes.
    function zeros(uint256 count) internal pure returns (uint256[] memory result) {
        result = list(count);
        assembly ("memory-safe") {
            // behind the end of calldata there are zeros
            calldatacopy(add(result, 0x20), calldatasize(), shl(5, count))
        }
    }

    /// @notice These words, in memory.
    function fromCalldata(
        bytes32[] calldata words
    ) internal pure returns (uint256[] memory result) {
        result = list(words.length);
        assembly ("memory-safe") {
            calldatacopy(add(result, 0x20), words.offset, shl(5, words.length))
        }
    }

    /// @notice Leaves of a list the first `count` words; it has as many at least.
    function cut(uint256[] memory words, uint256 count) internal pure {
        assembly ("memory-safe") {
            mstore(words, count)
        }
    }

    /// @notice Where in memory the words of a list begin and end.
    function bounds(uint256[] memory words) internal pure returns (uint256 at, uint256 end) {
        assembly ("memory-safe") {
            at := add(words, 0x20)
            end := add(at, shl(5, mload(words)))
        }
    }

    /// @notice Where in memory the words of a list begin.
    function start(uint256[] memory words) internal pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := add(words, 0x20)
        }
    }

    /// @notice The word at `at`.
    function get(uint256 at) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(at)
        }
    }

    /// @notice Puts a word at `at`.
    function set(uint256 at, uint256 word) internal pure {
        assembly ("memory-safe") {
            mstore(at, word)
        }
    }

    /// @notice Puts the words of a list at `at`, and returns where they end.
    function copy(uint256[] memory words, uint256 at) internal view returns (uint256 end) {
        assembly ("memory-safe") {
            let size := shl(5, mload(words))
            // the identity precompile; without the gas for it there is none to go on with
            pop(staticcall(gas(), 0x04, add(words, 0x20), size, at, size))
            end := add(at, size)
        }
    }

    /// @notice keccak256 of the words from `at` to `end`.
    function hash(uint256 at, uint256 end) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(at, sub(end, at))
        }
    }

    /// @notice Where free memory begins.
    function mark() internal pure returns (uint256 free) {
        assembly ("memory-safe") {
            free := mload(0x40)
        }
    }

    /// @notice Frees all memory that was taken since `mark` gave this; nothing may refer to it.
    function release(uint256 free) internal pure {
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }
}
