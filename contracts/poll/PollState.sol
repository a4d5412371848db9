// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "../crypto/Secp256k1.sol";
import {IPoll} from "../interfaces/IPoll.sol";
import {IPollCatalogue} from "../interfaces/IPollCatalogue.sol";
import {PollTerms} from "./PollTerms.sol";

/**
 * @title What the code of polls and the code that counts them share
 * @notice A poll runs both, Poll and Tally, on one storage. So what both use stands here and in
 * RunningSums, which come first in both; Tally keeps nothing else.
 */
abstract contract PollState {
    /// @dev What changes with ballots and results, in one slot. Counts and weights are below 2^40.
    struct Status {
        /// of y of every running sum: those of A_k and B_k are the bits 2k and 2k + 1
        uint128 parities;
        uint40 castWeight;
        uint40 voterCount;
        bool cancelled;
        bool tallied;
    }

    bytes32 internal _pollHash;
    Status internal _status;
    /// @dev The shares in the order in which they were accepted: a hash of the points, but for its
    /// last byte, which is the trustee. The points are in the event.
    uint256[16] internal _shares;
    /// @dev Of up to Questions.MAX_CHOICES.
    uint40[64] internal _scores;

    /// @dev Terms and key of a poll that has its hash.
    function _definition() internal view returns (IPoll.Terms memory, Secp256k1.Point memory) {
        require(_pollHash != 0, IPollCatalogue.NotInitialised());
        return PollTerms.read(address(this));
    }

    function _terms() internal view returns (IPoll.Terms memory terms) {
        (terms, ) = _definition();
    }

    /// @dev Reverts unless the poll is in this phase; returns what that depends on.
    function _requirePhase(
        IPoll.Phase expected,
        IPoll.Terms memory terms
    ) internal view returns (Status memory status) {
        status = _status;
        IPoll.Phase current = _phase(terms, status);
        require(current == expected, IPoll.WrongPhase(expected, current));
    }

    /// @dev _status = status, of a poll that is open: neither cancelled nor tallied. The compiler
    /// would read and write the slot once for every field.
    function _saveOpen(Status memory status) internal {
        uint256 word =
            uint256(status.parities) |
                (uint256(status.castWeight) << 128) |
                (uint256(status.voterCount) << 168);
        assembly ("memory-safe") {
            sstore(_status.slot, word)
        }
    }

    function _phase(
        IPoll.Terms memory terms,
        Status memory status
    ) internal view returns (IPoll.Phase) {
        if (status.cancelled) return IPoll.Phase.Cancelled;
        if (block.timestamp < terms.opens) return IPoll.Phase.Scheduled;
        if (block.timestamp < terms.closes) return IPoll.Phase.Open;
        if (status.voterCount < terms.minVoters) return IPoll.Phase.Void;
        return status.tallied ? IPoll.Phase.Tallied : IPoll.Phase.Closed;
    }

    /// @dev The trustees whose shares were accepted, in that order.
    function _sharesPosted() internal view returns (uint256[] memory trustees) {
        uint256 count;
        while (count < _shares.length && _shares[count] != 0) ++count;
        trustees = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) trustees[i] = _shares[i] & 0xff;
    }
}
