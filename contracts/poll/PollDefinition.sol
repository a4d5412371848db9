// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {IPoll} from "../interfaces/IPoll.sol";
import {IPollCatalogue} from "../interfaces/IPollCatalogue.sol";
import {ITrusteeBoard} from "../interfaces/ITrusteeBoard.sol";
import {PollTerms} from "./PollTerms.sol";

/**
 * @title What a poll is, and where it stands
 * @custom:invariant A poll's terms and its hash never change once it has them.
 * @custom:invariant Only the catalogue that made a poll can give it its hash, and without one it accepts nothing.
 * @custom:invariant The phase never goes back, and Void, Tallied and Cancelled are final.
 * @custom:invariant A poll that has a ballot cannot be cancelled, nor its roll published again.
 */
abstract contract PollDefinition is IPoll {
    /// @dev What changes with ballots and results, in one slot. Counts and weights are below 2^40.
    struct Status {
        /// of y of every running sum: those of A_k and B_k are the bits 2k and 2k + 1
        uint128 parities;
        uint40 castWeight;
        uint40 voterCount;
        bool cancelled;
        bool tallied;
    }

    /// @dev Where the code of all polls is.
    address internal immutable _code = address(this);

    /// @inheritdoc IPoll
    bytes32 public pollHash;
    Status internal _status;
    /// @inheritdoc IPoll
    string public content;

    modifier onlyCatalogue() {
        require(msg.sender == catalogue(), NotCatalogue(msg.sender));
        _;
    }

    // -- Life --

    /// @inheritdoc IPoll
    function initialise(bytes32 pollHash_, string calldata content_) external onlyCatalogue {
        require(pollHash == 0, IPollCatalogue.AlreadyInitialised());
        pollHash = pollHash_;
        content = content_;
    }

    /// @inheritdoc IPoll
    function publishRoll(uint256 first, RollEntry[] calldata entries) external onlyCatalogue {
        _requireUntouched();
        emit RollPublished(first, entries);
    }

    /// @inheritdoc IPoll
    function cancel() external onlyCatalogue {
        _requireUntouched();
        _status.cancelled = true;
        emit PollCancelled();
    }

    /// @dev Reverts unless the poll has no ballot yet, and is neither closed nor cancelled.
    function _requireUntouched() private view {
        Phase current = phase();
        require(
            current == Phase.Scheduled || current == Phase.Open,
            WrongPhase(Phase.Scheduled, current)
        );
        require(_status.voterCount == 0, HasBallots(_status.voterCount));
    }

    // -- For the parts that follow --

    /// @dev Terms and key of a poll that has its hash.
    function _definition() internal view returns (Terms memory, Secp256k1.Point memory) {
        require(pollHash != 0, IPollCatalogue.NotInitialised());
        return PollTerms.read(address(this));
    }

    function _terms() internal view returns (Terms memory terms) {
        (terms, ) = _definition();
    }

    /// @dev Reverts unless the poll is in this phase; returns what that depends on.
    function _requirePhase(
        Phase expected,
        Terms memory terms
    ) internal view returns (Status memory status) {
        status = _status;
        Phase current = _phase(terms, status);
        require(current == expected, WrongPhase(expected, current));
    }

    /// @dev _status = status. The compiler would read and write the slot once for every field.
    function _save(Status memory status) internal {
        uint256 word =
            uint256(status.parities) |
                (uint256(status.castWeight) << 128) |
                (uint256(status.voterCount) << 168) |
                ((status.cancelled ? 1 : 0) << 208) |
                ((status.tallied ? 1 : 0) << 216);
        assembly ("memory-safe") {
            sstore(_status.slot, word)
        }
    }

    function _phase(Terms memory terms, Status memory status) private view returns (Phase) {
        if (status.cancelled) return Phase.Cancelled;
        if (block.timestamp < terms.opens) return Phase.Scheduled;
        if (block.timestamp < terms.closes) return Phase.Open;
        if (status.voterCount < terms.minVoters) return Phase.Void;
        return status.tallied ? Phase.Tallied : Phase.Closed;
    }

    // -- Reads --

    /// @inheritdoc IPoll
    function catalogue() public view returns (address catalogue_) {
        require(address(this) != _code, IPollCatalogue.NotInitialised());
        (catalogue_, ) = PollTerms.origin(address(this));
    }

    /// @inheritdoc IPoll
    function bornAt() external view returns (uint256 block_) {
        require(address(this) != _code, IPollCatalogue.NotInitialised());
        (, block_) = PollTerms.origin(address(this));
    }

    /// @inheritdoc IPoll
    function phase() public view returns (Phase) {
        return _phase(_terms(), _status);
    }

    /// @inheritdoc IPoll
    function board() external view returns (ITrusteeBoard) {
        return _terms().board;
    }

    /// @inheritdoc IPoll
    function key() external view returns (Secp256k1.Point memory key_) {
        (, key_) = _definition();
    }

    /// @inheritdoc IPoll
    function questions() external view returns (Questions.Question[] memory) {
        return _terms().questions;
    }

    /// @inheritdoc IPoll
    function rollRoot() external view returns (bytes32) {
        return _terms().rollRoot;
    }

    /// @inheritdoc IPoll
    function totalWeight() external view returns (uint256) {
        return _terms().totalWeight;
    }

    /// @inheritdoc IPoll
    function opens() external view returns (uint256) {
        return _terms().opens;
    }

    /// @inheritdoc IPoll
    function closes() external view returns (uint256) {
        return _terms().closes;
    }

    /// @inheritdoc IPoll
    function minVoters() external view returns (uint256) {
        return _terms().minVoters;
    }

    /// @inheritdoc IPoll
    function voterCount() external view returns (uint256) {
        return _status.voterCount;
    }

    /// @inheritdoc IPoll
    function castWeight() external view returns (uint256) {
        return _status.castWeight;
    }
}
