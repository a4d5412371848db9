// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {BoardTerms} from "./board/BoardTerms.sol";
import {DealProof} from "./crypto/DealProof.sol";
import {EqualityProof} from "./crypto/EqualityProof.sol";
import {Secp256k1} from "./crypto/Secp256k1.sol";
import {Sharing} from "./crypto/Sharing.sol";
import {Sigma} from "./crypto/Sigma.sol";
import {Transcript} from "./crypto/Transcript.sol";
import {Words} from "./crypto/Words.sol";
import {IPollCatalogue} from "./interfaces/IPollCatalogue.sol";
import {ITrusteeBoard} from "./interfaces/ITrusteeBoard.sol";

/**
 * @title The key ceremony of a board of trustees
 * @custom:invariant A board's terms and its hash never change once it has them.
 * @custom:invariant The phase never goes back, and Ready and Failed are final.
 * @custom:invariant The board is Ready only if every trustee signed one deal and confirmed the same deals.
 * @custom:invariant The key and the verification keys never change once the board is Ready.
 */
contract TrusteeBoard is ITrusteeBoard, EIP712("Veche", "2") {
    bytes32 private constant DEAL_TYPE = keccak256(
        "Deal(bytes32 boardHash,uint256 dealer,uint256 challenge)"
    );
    bytes32 private constant CONFIRMATION_TYPE = keccak256(
        "Confirmation(bytes32 boardHash,uint256 trustee,bytes32 dealsHash)"
    );

    /// @dev What is kept of a deal: all that a trustee needs to recover its share from state.
    struct KeptDeal {
        Secp256k1.Point[] commitments;
        Secp256k1.Point ephemeral;
        bytes32[] sealedShares;
    }

    /// @dev Where the code of all boards is.
    address private immutable _code = address(this);

    /// @inheritdoc ITrusteeBoard
    bytes32 public boardHash;
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

    Secp256k1.Point private _key;
    mapping(uint256 dealer => KeptDeal) private _deals;
    /// @dev All of them if the board is Ready, otherwise none.
    mapping(uint256 index => Secp256k1.Point) private _verificationKeys;

    // -- Ceremony --

    /// @inheritdoc ITrusteeBoard
    function initialise() external {
        require(boardHash == 0, IPollCatalogue.AlreadyInitialised());
        Terms memory terms = _terms();
        boardHash = Transcript.boardHash(
            Transcript.Board({
                chainId: block.chainid,
                board: address(this),
                threshold: terms.threshold,
                minVoters: terms.minVoters,
                dealBy: terms.dealBy,
                confirmBy: terms.confirmBy,
                contentHash: keccak256(bytes(terms.content))
            }),
            terms.trustees
        );
        dealsHash = boardHash;
    }

    /// @inheritdoc ITrusteeBoard
    function deal(uint256 dealer, DealProof.Deal calldata deal_, bytes32 r, bytes32 vs) external {
        Terms memory terms = _terms();
        _require(Phase.Dealing, terms.dealBy);
        _requireTrustee(dealer, terms);
        KeptDeal storage kept = _deals[dealer];
        require(kept.commitments.length == 0, AlreadyDealt(dealer));
        bytes32 message = keccak256(abi.encode(DEAL_TYPE, boardHash, dealer, deal_.challenge));
        _requireSigned(dealer, terms, message, r, vs);
        DealProof.verify(deal_, boardHash, dealer, terms.threshold, terms.trustees.length);
        for (uint256 k = 0; k < deal_.commitments.length; ++k) {
            kept.commitments.push(deal_.commitments[k]);
        }
        kept.ephemeral = deal_.ephemeral;
        kept.sealedShares = deal_.sealedShares;
        dealsHash = Transcript.dealsHash(dealsHash, dealer, deal_.challenge);
        if (++_dealt == terms.trustees.length) phase = Phase.Confirming;
        emit Dealt(
            dealer,
            dealsHash,
            deal_.challenge,
            deal_.secretResponse,
            deal_.ephemeralResponse,
            r,
            vs
        );
    }

    /// @inheritdoc ITrusteeBoard
    function confirm(uint256 index, bytes32 dealsHash_, bytes32 r, bytes32 vs) external {
        Terms memory terms = _terms();
        _require(Phase.Confirming, terms.confirmBy);
        _requireTrustee(index, terms);
        require(!_hasConfirmed(index), AlreadyConfirmed(index));
        require(dealsHash_ == dealsHash, WrongDealsHash(dealsHash, dealsHash_));
        bytes32 message = keccak256(abi.encode(CONFIRMATION_TYPE, boardHash, index, dealsHash_));
        _requireSigned(index, terms, message, r, vs);
        _confirmations |= uint32(1 << index);
        emit Confirmed(index, dealsHash_, r, vs);
        if (++_confirmed == terms.trustees.length) _finish(terms.trustees.length);
    }

    /// @inheritdoc ITrusteeBoard
    function blame(
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point calldata shared,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hint
    ) external {
        Terms memory terms = _terms();
        _require(Phase.Confirming, terms.confirmBy);
        _requireTrustee(dealer, terms);
        _requireTrustee(recipient, terms);
        KeptDeal storage kept = _deals[dealer];
        EqualityProof.verifyBlame(
            boardHash,
            dealer,
            recipient,
            terms.trustees[recipient - 1].sealingKey,
            kept.ephemeral,
            shared,
            proof,
            hint
        );
        bool good = Sharing.isGood(
            kept.sealedShares[recipient - 1],
            Transcript.sealPad(boardHash, dealer, recipient, shared),
            _commitments(dealer),
            recipient
        );
        require(!good, UnfoundedBlame(dealer, recipient));
        _fail(Failure.BadShare, dealer);
    }

    /// @inheritdoc ITrusteeBoard
    function expire() external {
        require(boardHash != 0, IPollCatalogue.NotInitialised());
        Terms memory terms = _terms();
        bool dealing = phase == Phase.Dealing;
        require(dealing || phase == Phase.Confirming, WrongBoardPhase(Phase.Confirming, phase));
        uint256 deadline = dealing ? terms.dealBy : terms.confirmBy;
        require(block.timestamp >= deadline, DeadlineNotPassed(deadline, block.timestamp));
        _fail(Failure.Deadline, 0);
    }

    /// @dev Makes the keys out of all deals. The board fails if one of them cannot be used.
    function _finish(uint256 trustees) private {
        uint256[] memory sums = _commitments(1);
        for (uint256 dealer = 2; dealer <= trustees; ++dealer) {
            Secp256k1.addEach(sums, Words.start(_commitments(dealer)));
        }
        if (!Secp256k1.isPoint(sums[0], sums[1])) return _fail(Failure.UnusableKey, 0);
        uint256[] memory keys = Sharing.committed(sums, 1, trustees);
        for (uint256 index = 1; index <= trustees; ++index) {
            (uint256 x, uint256 y) = (keys[2 * index - 2], keys[2 * index - 1]);
            // only who knows f_index(index), its own secret, can bring its sum to zero
            if (!Secp256k1.isPoint(x, y)) return _fail(Failure.UnusableKey, index);
        }
        for (uint256 index = 1; index <= trustees; ++index) {
            _verificationKeys[index] = Secp256k1.Point(keys[2 * index - 2], keys[2 * index - 1]);
        }
        _key = Secp256k1.Point(sums[0], sums[1]);
        phase = Phase.Ready;
        emit BoardReady(_key);
    }

    /// @dev x and y of the commitments of a deal.
    function _commitments(uint256 dealer) private view returns (uint256[] memory words) {
        Secp256k1.Point[] storage points = _deals[dealer].commitments;
        words = new uint256[](2 * points.length);
        for (uint256 k = 0; k < points.length; ++k) {
            (words[2 * k], words[2 * k + 1]) = (points[k].x, points[k].y);
        }
    }

    function _fail(Failure reason, uint256 trustee_) private {
        phase = Phase.Failed;
        failure = reason;
        faultyTrustee = uint8(trustee_);
        emit BoardFailed(reason, trustee_);
    }

    // -- Guards --

    /// @dev The code of all boards has no terms, and a board without its hash accepts nothing.
    function _require(Phase expected, uint256 deadline) private view {
        require(boardHash != 0, IPollCatalogue.NotInitialised());
        require(phase == expected, WrongBoardPhase(expected, phase));
        require(block.timestamp < deadline, DeadlinePassed(deadline, block.timestamp));
    }

    function _requireTrustee(uint256 index, Terms memory terms) private pure {
        require(index != 0 && index <= terms.trustees.length, UnknownTrustee(index));
    }

    function _requireSigned(
        uint256 index,
        Terms memory terms,
        bytes32 message,
        bytes32 r,
        bytes32 vs
    ) private view {
        (address signer, , ) = ECDSA.tryRecover(_hashTypedDataV4(message), r, vs);
        address account = terms.trustees[index - 1].account;
        require(signer == account, NotSignedByTrustee(index, signer));
    }

    function _hasConfirmed(uint256 index) private view returns (bool) {
        return _confirmations & (1 << index) != 0;
    }

    function _terms() private view returns (Terms memory terms) {
        require(address(this) != _code, IPollCatalogue.NotInitialised());
        (terms, , ) = BoardTerms.read(address(this));
    }

    // -- Reads --

    /// @inheritdoc ITrusteeBoard
    function catalogue() external view returns (address catalogue_) {
        require(address(this) != _code, IPollCatalogue.NotInitialised());
        (, catalogue_, ) = BoardTerms.read(address(this));
    }

    /// @inheritdoc ITrusteeBoard
    function bornAt() external view returns (uint256 block_) {
        require(address(this) != _code, IPollCatalogue.NotInitialised());
        (, , block_) = BoardTerms.read(address(this));
    }

    /// @inheritdoc ITrusteeBoard
    function content() external view returns (string memory) {
        return _terms().content;
    }

    /// @inheritdoc ITrusteeBoard
    function threshold() external view returns (uint256) {
        return _terms().threshold;
    }

    /// @inheritdoc ITrusteeBoard
    function minVoters() external view returns (uint256) {
        return _terms().minVoters;
    }

    /// @inheritdoc ITrusteeBoard
    function dealBy() external view returns (uint256) {
        return _terms().dealBy;
    }

    /// @inheritdoc ITrusteeBoard
    function confirmBy() external view returns (uint256) {
        return _terms().confirmBy;
    }

    /// @inheritdoc ITrusteeBoard
    function trusteeCount() external view returns (uint256) {
        return _terms().trustees.length;
    }

    /// @inheritdoc ITrusteeBoard
    function trustee(uint256 index) external view returns (Transcript.Trustee memory) {
        Terms memory terms = _terms();
        _requireTrustee(index, terms);
        return terms.trustees[index - 1];
    }

    /// @inheritdoc ITrusteeBoard
    function commitments(uint256 dealer) external view returns (Secp256k1.Point[] memory) {
        _requireTrustee(dealer, _terms());
        return _deals[dealer].commitments;
    }

    /// @inheritdoc ITrusteeBoard
    function ephemeralKey(uint256 dealer) external view returns (Secp256k1.Point memory) {
        _requireTrustee(dealer, _terms());
        return _deals[dealer].ephemeral;
    }

    /// @inheritdoc ITrusteeBoard
    function sealedShares(uint256 dealer) external view returns (bytes32[] memory) {
        _requireTrustee(dealer, _terms());
        return _deals[dealer].sealedShares;
    }

    /// @inheritdoc ITrusteeBoard
    function hasConfirmed(uint256 index) external view returns (bool) {
        _requireTrustee(index, _terms());
        return _hasConfirmed(index);
    }

    /// @inheritdoc ITrusteeBoard
    function key() external view returns (Secp256k1.Point memory) {
        return _key;
    }

    /// @inheritdoc ITrusteeBoard
    /// @dev Every decryption share asks for it: the terms, which cost more, are read only where
    /// there is none.
    function verificationKey(uint256 index) external view returns (Secp256k1.Point memory own) {
        own = _verificationKeys[index];
        if (own.x == 0) _requireTrustee(index, _terms());
    }
}
