// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "./Secp256k1.sol";
import {Sigma} from "./Sigma.sol";
import {Transcript} from "./Transcript.sol";

/**
 * @title The proof of a deal
 * @notice That a dealer knows the secrets behind its first commitment C_0 = a·G and its ephemeral
 * key R = k·G: two Schnorr proofs under one challenge, which covers the whole deal. Without it a
 * late dealer could make its key a function of the others', or lift sealed shares from another
 * board (PROTOCOL §2).
 */
library DealProof {
    /// @notice What a dealer posts.
    struct Deal {
        /// C_0 … C_{t−1}, to the coefficients of the polynomial
        Secp256k1.Point[] commitments;
        /// R = k·G
        Secp256k1.Point ephemeral;
        /// the share of every trustee, under its pad
        bytes32[] sealedShares;
        /// c
        uint256 challenge;
        /// z_a
        uint256 secretResponse;
        /// z_k
        uint256 ephemeralResponse;
    }

    /// @notice A deal has not t commitments and a sealed share for every trustee.
    error InvalidDealShape(uint256 commitments, uint256 sealedShares);

    /**
     * @notice Reverts with the refusal unless the deal is complete and its proof holds.
     * @param dealer The dealer's index, from 1.
     * @param threshold t of the board.
     * @param trustees T of the board.
     */
    function verify(
        Deal memory deal,
        bytes32 boardHash,
        uint256 dealer,
        uint256 threshold,
        uint256 trustees
    ) internal view {
        for (uint256 i = 0; i < deal.commitments.length; ++i) {
            Secp256k1.requirePoint(deal.commitments[i].x, deal.commitments[i].y);
        }
        Secp256k1.requirePoint(deal.ephemeral.x, deal.ephemeral.y);
        Secp256k1.requireScalar(deal.challenge);
        Secp256k1.requireScalar(deal.secretResponse);
        Secp256k1.requireScalar(deal.ephemeralResponse);
        require(
            deal.commitments.length == threshold && deal.sealedShares.length == trustees,
            InvalidDealShape(deal.commitments.length, deal.sealedShares.length)
        );
        uint256 computed = Transcript.dealChallenge(
            boardHash,
            dealer,
            deal.commitments,
            deal.ephemeral,
            deal.sealedShares,
            Sigma.firstCommitment(deal.commitments[0], deal.challenge, deal.secretResponse, 0),
            Sigma.firstCommitment(deal.ephemeral, deal.challenge, deal.ephemeralResponse, 1)
        );
        Sigma.requireChallenge(deal.challenge, computed);
    }
}
