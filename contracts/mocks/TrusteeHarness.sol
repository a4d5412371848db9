// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DealProof} from "../crypto/DealProof.sol";
import {EqualityProof} from "../crypto/EqualityProof.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Sharing} from "../crypto/Sharing.sol";
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

    /// @notice What the shares of trustees in a row, times G, must be: x and y of each.
    function committed(
        Secp256k1.Point[] calldata commitments,
        uint256 first,
        uint256 count
    ) external view returns (uint256[] memory) {
        return Sharing.committed(Secp256k1.words(commitments), first, count);
    }

    /// @notice Whether the share under this pad is what its dealer committed to.
    function isGood(
        bytes32 sealedShare,
        bytes32 pad,
        Secp256k1.Point[] calldata commitments,
        uint256 recipient
    ) external view returns (bool) {
        return Sharing.isGood(sealedShare, pad, Secp256k1.words(commitments), recipient);
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
