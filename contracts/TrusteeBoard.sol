// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DealProof} from "./crypto/DealProof.sol";
import {EqualityProof} from "./crypto/EqualityProof.sol";
import {Secp256k1} from "./crypto/Secp256k1.sol";
import {Sharing} from "./crypto/Sharing.sol";
import {Sigma} from "./crypto/Sigma.sol";
import {Transcript} from "./crypto/Transcript.sol";
import {ITrusteeBoard} from "./interfaces/ITrusteeBoard.sol";

/**
 * @title The key ceremony of a board of trustees
 * @custom:invariant The phase never goes back, and Ready and Failed are final.
 * @custom:invariant The board is Ready only if every trustee dealt once and confirmed the same deals.
 * @custom:invariant The key and the verification keys never change once the board is Ready.
 */
contract TrusteeBoard is ITrusteeBoard {
    /// @dev What is kept of a deal: all that a trustee needs to recover its share from state.
    struct KeptDeal {
        Secp256k1.Point[] commitments;
        Secp256k1.Point ephemeral;
        bytes32[] sealedShares;
    }

    /// @inheritdoc ITrusteeBoard
    uint256 public immutable threshold;
    /// @inheritdoc ITrusteeBoard
    uint256 public immutable trusteeCount;
    /// @inheritdoc ITrusteeBoard
    uint256 public immutable minVoters;
    /// @inheritdoc ITrusteeBoard
    uint256 public immutable dealBy;
    /// @inheritdoc ITrusteeBoard
    uint256 public immutable confirmBy;
    /// @inheritdoc ITrusteeBoard
    bytes32 public immutable boardHash;

    /// @inheritdoc ITrusteeBoard
    bytes32 public dealsHash;
    /// @inheritdoc ITrusteeBoard
    Phase public phase;
    /// @inheritdoc ITrusteeBoard
    Failure public failure;
    /// @inheritdoc ITrusteeBoard
    uint8 public faultyTrustee;
    uint8 private _dealt;
    uint8 private _confirmed;
    /// @dev Bit i is set where trustee i has confirmed.
    uint32 private _confirmations;

    Transcript.Trustee[] private _trustees;
    Secp256k1.Point private _key;
    /// @inheritdoc ITrusteeBoard
    mapping(address account => uint256 index) public trusteeIndex;
    mapping(uint256 dealer => KeptDeal) private _deals;
    mapping(uint256 index => Secp256k1.Point) private _verificationKeys;

    /**
     * @notice Convenes a board.
     * @param trustees Account and fresh sealing key of each, in order.
     * @param threshold_ How many decrypt.
     * @param minVoters_ The fewest voters that the board will ever decrypt for, at least 2.
     * @param dealBy_ Seconds since 1970.
     * @param confirmBy_ Seconds since 1970.
     */
    constructor(
        Transcript.Trustee[] memory trustees,
        uint256 threshold_,
        uint256 minVoters_,
        uint256 dealBy_,
        uint256 confirmBy_
    ) {
        Sharing.requireThreshold(threshold_, trustees.length);
        require(minVoters_ >= 2, InvalidMinVoters(minVoters_));
        require(
            block.timestamp < dealBy_ && dealBy_ < confirmBy_,
            InvalidDeadlines(block.timestamp, dealBy_, confirmBy_)
        );
        for (uint256 i = 0; i < trustees.length; ++i) _addTrustee(trustees[i]);
        trusteeCount = trustees.length;
        threshold = threshold_;
        minVoters = minVoters_;
        dealBy = dealBy_;
        confirmBy = confirmBy_;
        boardHash = Transcript.boardHash(
            Transcript.Board(
                block.chainid,
                address(this),
                threshold_,
                minVoters_,
                dealBy_,
                confirmBy_
            ),
            trustees
        );
        dealsHash = boardHash;
    }

    function _addTrustee(Transcript.Trustee memory added) private {
        require(
            added.account != address(0) && trusteeIndex[added.account] == 0,
            InvalidAccount(added.account)
        );
        Secp256k1.requirePoint(added.sealingKey.x, added.sealingKey.y);
        for (uint256 i = 0; i < _trustees.length; ++i) {
            Secp256k1.Point memory other = _trustees[i].sealingKey;
            // keys with the same x are opposite: who knows one secret knows the other
            require(
                other.x != added.sealingKey.x,
                DuplicateSealingKey(added.sealingKey.x, added.sealingKey.y)
            );
        }
        _trustees.push(added);
        trusteeIndex[added.account] = _trustees.length;
    }

    // -- Ceremony --

    /// @inheritdoc ITrusteeBoard
    function deal(DealProof.Deal calldata deal_) external {
        uint256 dealer = _sender();
        _require(Phase.Dealing, dealBy);
        KeptDeal storage kept = _deals[dealer];
        require(kept.commitments.length == 0, AlreadyDealt(dealer));
        DealProof.verify(deal_, boardHash, dealer, threshold, trusteeCount);
        for (uint256 k = 0; k < deal_.commitments.length; ++k) {
            kept.commitments.push(deal_.commitments[k]);
        }
        kept.ephemeral = deal_.ephemeral;
        kept.sealedShares = deal_.sealedShares;
        dealsHash = Transcript.dealsHash(dealsHash, dealer, deal_.challenge);
        if (++_dealt == trusteeCount) phase = Phase.Confirming;
        emit Dealt(
            dealer,
            dealsHash,
            deal_.challenge,
            deal_.secretResponse,
            deal_.ephemeralResponse
        );
    }

    /// @inheritdoc ITrusteeBoard
    function confirm(bytes32 dealsHash_) external {
        uint256 index = _sender();
        _require(Phase.Confirming, confirmBy);
        require(!hasConfirmed(index), AlreadyConfirmed(index));
        require(dealsHash_ == dealsHash, WrongDealsHash(dealsHash, dealsHash_));
        _confirmations |= uint32(1 << index);
        emit Confirmed(index, dealsHash_);
        if (++_confirmed == trusteeCount) _finish();
    }

    /// @inheritdoc ITrusteeBoard
    function blame(
        uint256 dealer,
        Secp256k1.Point calldata shared,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hint
    ) external {
        uint256 recipient = _sender();
        _require(Phase.Confirming, confirmBy);
        _requireTrustee(dealer);
        KeptDeal storage kept = _deals[dealer];
        EqualityProof.verifyBlame(
            boardHash,
            dealer,
            recipient,
            _trustees[recipient - 1].sealingKey,
            kept.ephemeral,
            shared,
            proof,
            hint
        );
        bool good = Sharing.isGood(
            kept.sealedShares[recipient - 1],
            Transcript.sealPad(boardHash, dealer, recipient, shared),
            kept.commitments,
            recipient
        );
        require(!good, UnfoundedBlame(dealer, recipient));
        _fail(Failure.BadShare, dealer);
    }

    /// @inheritdoc ITrusteeBoard
    function expire() external {
        bool dealing = phase == Phase.Dealing;
        require(dealing || phase == Phase.Confirming, WrongBoardPhase(Phase.Confirming, phase));
        uint256 deadline = dealing ? dealBy : confirmBy;
        require(block.timestamp >= deadline, DeadlineNotPassed(deadline, block.timestamp));
        _fail(Failure.Deadline, 0);
    }

    /// @dev Makes the keys out of all deals; the board fails if one of them cannot be used.
    function _finish() private {
        Secp256k1.Point[] memory sums = _sumOfCommitments();
        if (!Secp256k1.isPoint(sums[0].x, sums[0].y)) return _fail(Failure.UnusableKey, 0);
        for (uint256 index = 1; index <= trusteeCount; ++index) {
            Secp256k1.Point memory own = Sharing.committed(sums, index);
            // only who knows f_index(index), its own secret, can bring its sum to zero
            if (!Secp256k1.isPoint(own.x, own.y)) return _fail(Failure.UnusableKey, index);
            _verificationKeys[index] = own;
        }
        _key = sums[0];
        phase = Phase.Ready;
        emit BoardReady(sums[0]);
    }

    /// @dev Σ C_{i,k} over all dealers i, for every k: commitments to the sum of all polynomials.
    function _sumOfCommitments() private view returns (Secp256k1.Point[] memory sums) {
        sums = _deals[1].commitments;
        for (uint256 dealer = 2; dealer <= trusteeCount; ++dealer) {
            Secp256k1.Point[] memory own = _deals[dealer].commitments;
            for (uint256 k = 0; k < sums.length; ++k) sums[k] = Secp256k1.add(sums[k], own[k]);
        }
    }

    function _fail(Failure reason, uint256 trustee_) private {
        phase = Phase.Failed;
        failure = reason;
        faultyTrustee = uint8(trustee_);
        emit BoardFailed(reason, trustee_);
    }

    // -- Guards --

    function _sender() private view returns (uint256 index) {
        index = trusteeIndex[msg.sender];
        require(index != 0, NotTrustee(msg.sender));
    }

    function _require(Phase expected, uint256 deadline) private view {
        require(phase == expected, WrongBoardPhase(expected, phase));
        require(block.timestamp < deadline, DeadlinePassed(deadline, block.timestamp));
    }

    function _requireTrustee(uint256 index) private view {
        require(index != 0 && index <= trusteeCount, UnknownTrustee(index));
    }

    // -- Reads --

    /// @inheritdoc ITrusteeBoard
    function trustee(uint256 index) external view returns (Transcript.Trustee memory) {
        _requireTrustee(index);
        return _trustees[index - 1];
    }

    /// @inheritdoc ITrusteeBoard
    function commitments(uint256 dealer) external view returns (Secp256k1.Point[] memory) {
        _requireTrustee(dealer);
        return _deals[dealer].commitments;
    }

    /// @inheritdoc ITrusteeBoard
    function ephemeralKey(uint256 dealer) external view returns (Secp256k1.Point memory) {
        _requireTrustee(dealer);
        return _deals[dealer].ephemeral;
    }

    /// @inheritdoc ITrusteeBoard
    function sealedShares(uint256 dealer) external view returns (bytes32[] memory) {
        _requireTrustee(dealer);
        return _deals[dealer].sealedShares;
    }

    /// @inheritdoc ITrusteeBoard
    function hasConfirmed(uint256 index) public view returns (bool) {
        _requireTrustee(index);
        return _confirmations & (1 << index) != 0;
    }

    /// @inheritdoc ITrusteeBoard
    function key() external view returns (Secp256k1.Point memory) {
        return _key;
    }

    /// @inheritdoc ITrusteeBoard
    function verificationKey(uint256 index) external view returns (Secp256k1.Point memory) {
        _requireTrustee(index);
        return phase == Phase.Ready ? _verificationKeys[index] : Secp256k1.Point(0, 0);
    }
}
