// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DealProof} from "../crypto/DealProof.sol";
import {EqualityProof} from "../crypto/EqualityProof.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Sigma} from "../crypto/Sigma.sol";

/// @title The proofs of trustees, exposed to tests
contract TrusteeHarness {
    /// @notice Reverts with the refusal unless the deal's proof holds.
    function verifyDeal(
        bytes32 boardHash,
        uint256 dealer,
        uint256 threshold,
        uint256 trustees,
        DealProof.Deal calldata deal
    ) external view {
        DealProof.verify(deal, boardHash, dealer, threshold, trustees);
    }

    /// @notice Reverts with the refusal unless the blame's proof holds.
    function verifyBlame(
        bytes32 boardHash,
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point calldata sealingKey,
        Secp256k1.Point calldata ephemeral,
        Secp256k1.Point calldata shared,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hint
    ) external view {
        EqualityProof.verifyBlame(
            boardHash,
            dealer,
            recipient,
            sealingKey,
            ephemeral,
            shared,
            proof,
            hint
        );
    }

    /// @notice Reverts with the refusal unless the decryption share's proof holds.
    function verifyShare(
        bytes32 pollHash,
        uint256 trustee,
        Secp256k1.Point calldata verificationKey,
        Secp256k1.Point[] calldata sums,
        Secp256k1.Point[] calldata points,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hints
    ) external view {
        EqualityProof.verifyShare(
            pollHash,
            trustee,
            verificationKey,
            Secp256k1.words(sums),
            Secp256k1.words(points),
            proof,
            hints
        );
    }
}
