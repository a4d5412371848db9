// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {IPoll} from "../interfaces/IPoll.sol";
import {IPollCatalogue} from "../interfaces/IPollCatalogue.sol";
import {ITrusteeBoard} from "../interfaces/ITrusteeBoard.sol";
import {PollState} from "./PollState.sol";
import {PollTerms} from "./PollTerms.sol";

/**
 * @title What a poll is, and where it stands
 * @custom:invariant A poll's terms and its hash never change once it has them.
 * @custom:invariant Only the catalogue that made a poll can give it its hash, and without one it accepts nothing.
 * @custom:invariant The phase never goes back, and Void, Tallied and Cancelled are final.
 * @custom:invariant A poll that has a ballot cannot be cancelled, nor its roll published again.
 */
abstract contract PollDefinition is PollState, IPoll {
    /// @dev Where the code of all polls is.
    address internal immutable _code = address(this);

    /// @inheritdoc IPoll
    string public content;

    modifier onlyCatalogue() {
        require(msg.sender == catalogue(), NotCatalogue(msg.sender));
        _;
    }

    // -- Life --

    /// @inheritdoc IPoll
    function initialise(bytes32 pollHash_, string calldata content_) external onlyCatalogue {
        require(_pollHash == 0, IPollCatalogue.AlreadyInitialised());
        _pollHash = pollHash_;
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

    // -- Reads --

    /// @inheritdoc IPoll
    function pollHash() external view returns (bytes32) {
        return _pollHash;
    }

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
