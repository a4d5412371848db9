// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Sigma} from "../crypto/Sigma.sol";

/**
 * @title How a poll is counted
 * @notice Trustees decrypt the sums, and their shares prove the result (PROTOCOL §4).
 */
interface ITally {
    // -- Errors --

    /// @notice The trustee has posted its share already.
    error AlreadyShared(uint256 trustee);
    /// @notice The share is for other sums than those of this poll.
    error WrongSumsHash(bytes32 expected, bytes32 actual);
    /// @notice The result needs more shares.
    error TooFewShares(uint256 threshold, uint256 shares);
    /// @notice The lists of a result have not the lengths that choices and threshold ask for.
    error InvalidResultShape(uint256 scores, uint256 shares, uint256 hints);
    /// @notice These are not the points of the share that was accepted as the one of this position.
    error WrongShare(uint256 position, uint256 trustee);
    /// @notice A score is more than all ballots together can give.
    error ScoreTooLarge(uint256 choice, uint256 score, uint256 bound);
    /// @notice The combination hint of this index is not λ·D.
    error InvalidCombination(uint256 index);
    /// @notice The sums and shares do not give this score.
    error WrongScore(uint256 choice, uint256 score);

    // -- Events --

    /// @notice A trustee's decryption share was accepted.
    event SharePosted(uint256 indexed trustee, Secp256k1.Point[] points, Sigma.Proof proof);
    /// @notice The result was proven.
    event ResultPublished(uint256[] scores);

    // -- Calls --

    /**
     * @notice Posts a trustee's decryption share: once per trustee, after the close. Anyone may
     * carry it; nobody else can make it.
     * @param trustee The trustee's index on the board, from 1.
     * @param sumsHash_ Of the sums that the trustee has checked; another is refused.
     * @param points D = x·A of every choice; infinity where, and only where, A is.
     * @param proof That they are, for the x of the trustee's verification key.
     * @param hints The two parts of the commitment of every choice.
     */
    function postShare(
        uint256 trustee,
        bytes32 sumsHash_,
        Secp256k1.Point[] calldata points,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hints
    ) external;

    /**
     * @notice Records the scores of all choices, if the sums and the first t shares give them.
     * Anyone may.
     * @param scores Of every choice.
     * @param shares The points of the first t shares that were accepted, in that order: D of every
     * choice, of the first share, then of the second, and so on.
     * @param hints λ·D of every choice for each of these shares but the first, in the same order;
     * not looked at where D is infinity. λ is the share's Lagrange coefficient.
     */
    function publishResult(
        uint256[] calldata scores,
        Secp256k1.Point[] calldata shares,
        Secp256k1.Point[] calldata hints
    ) external;
}
