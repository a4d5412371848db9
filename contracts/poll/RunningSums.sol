// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Words} from "../crypto/Words.sol";
import {PollState} from "./PollState.sol";

/**
 * @title The encrypted sums of all ballots that count
 * @notice Kept as one slot for every point, its x, and one bit for the parity of its y: a square
 * root costs less than a slot.
 * @custom:invariant The sums are those of the last ballot of every voter, times the voter's weight.
 */
abstract contract RunningSums is PollState {
    /// @dev x of A_k at 2k and of B_k at 2k + 1, for up to Questions.MAX_CHOICES; 0 is infinity, as
    /// no point has x = 0.
    uint256[128] private _sums;

    /// @dev x and y of A and B of this many choices.
    function _words(uint256 choices) internal view returns (uint256[] memory) {
        return _points(0, 1, 2 * choices);
    }

    /// @dev x and y of `count` running sums, from this index and by this step: 2k is A of choice
    /// k, 2k + 1 is B.
    function _points(
        uint256 index,
        uint256 step,
        uint256 count
    ) internal view returns (uint256[] memory words) {
        words = Words.list(2 * count);
        (uint256 start, uint256 end) = Words.bounds(words);
        // for (at = start; at != end; at += 0x40) {
        //     Words.set(at, _sums[index]);
        //     index += step;
        // }
        // there are 128 sums, so that no index needs a check
        assembly ("memory-safe") {
            for {
                let at := start
                let slot := add(_sums.slot, index)
            } lt(at, end) {
                at := add(at, 0x40)
                slot := add(slot, step)
            } {
                mstore(at, sload(slot))
            }
        }
        Secp256k1.lift(start, end, _status.parities >> index, step);
    }

    /// @dev Makes these points the running sums, and this, but for their parities, the status of a
    /// poll that is open.
    function _store(uint256[] memory words, Status memory status) internal {
        (uint256 at, uint256 end) = Words.bounds(words);
        uint256 parities;
        // for (i = 0; at != end; ++i) {
        //     _sums[i] = Words.get(at);
        //     parities |= (Words.get(at + 0x20) & 1) << i;
        //     at += 0x40;
        // }
        // as in _points; parities come in at the highest bit
        assembly ("memory-safe") {
            let unused := sub(256, shr(6, sub(end, at)))
            for {
                let slot := _sums.slot
            } lt(at, end) {
                slot := add(slot, 1)
                at := add(at, 0x40)
            } {
                sstore(slot, mload(at))
                parities := or(shr(1, parities), shl(255, mload(add(at, 0x20))))
            }
            parities := shr(unused, parities)
        }
        status.parities = uint128(parities);
        _saveOpen(status);
    }
}
