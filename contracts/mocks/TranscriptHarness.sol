// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BallotProof} from "../crypto/BallotProof.sol";
import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Transcript} from "../crypto/Transcript.sol";
import {Words} from "../crypto/Words.sol";

/// @title Every hash of the protocol, exposed to tests
contract TranscriptHarness {
    /// @notice The context of a board.
    function boardHash(
        Transcript.Board calldata board,
        Transcript.Trustee[] calldata trustees
    ) external pure returns (bytes32) {
        return Transcript.boardHash(board, trustees);
    }

    /// @notice The challenge of a deal's proof.
    function dealChallenge(
        bytes32 board,
        uint256 dealer,
        Secp256k1.Point[] calldata commitments,
        Secp256k1.Point calldata ephemeral,
        bytes32[] calldata sealedShares,
        uint256 first,
        uint256 second
    ) external pure returns (uint256) {
        return
            Transcript.dealChallenge(
                board,
                dealer,
                commitments,
                ephemeral,
                sealedShares,
                first,
                second
            );
    }

    /// @notice What all deals add up to, after one more.
    function dealsHash(
        bytes32 previous,
        uint256 dealer,
        uint256 challenge
    ) external pure returns (bytes32) {
        return Transcript.dealsHash(previous, dealer, challenge);
    }

    /// @notice The pad that hides a share.
    function sealPad(
        bytes32 board,
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point calldata shared
    ) external pure returns (bytes32) {
        return Transcript.sealPad(board, dealer, recipient, shared);
    }

    /// @notice The challenge of a blame's proof.
    function blameChallenge(
        bytes32 board,
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point calldata sealingKey,
        Secp256k1.Point calldata ephemeral,
        Secp256k1.Point calldata shared,
        uint256 first,
        Secp256k1.Point calldata second
    ) external pure returns (uint256) {
        return
            Transcript.blameChallenge(
                board,
                dealer,
                recipient,
                sealingKey,
                ephemeral,
                shared,
                first,
                second
            );
    }

    /// @notice The context of a poll.
    function pollHash(
        Transcript.Poll calldata poll,
        Questions.Question[] calldata questions
    ) external pure returns (bytes32) {
        return Transcript.pollHash(poll, questions);
    }

    /// @notice The name of a ballot.
    function tracker(
        bytes32 poll,
        address voter,
        uint256 weight,
        bytes32 replaces,
        BallotProof.Ciphertext[] calldata ciphertexts
    ) external pure returns (bytes32) {
        return Transcript.tracker(poll, voter, weight, replaces, ciphertexts);
    }

    /// @notice The factor τ of a ballot.
    function statementFactor(bytes32 ballotTracker) external pure returns (uint256) {
        return Transcript.statementFactor(ballotTracker);
    }

    /// @notice The challenge of a ballot, from the words of its commitments and coefficients.
    function ballotChallenge(
        bytes32 ballotTracker,
        uint256[] calldata commitments,
        Secp256k1.Point[] calldata coefficients
    ) external view returns (uint256) {
        (uint256[] memory words, uint256 opened, uint256 at) = Transcript.beginBallot(
            ballotTracker,
            commitments.length / 3,
            coefficients.length
        );
        Words.copy(commitments, opened);
        Words.copy(Secp256k1.words(coefficients), at);
        return Transcript.challengeOf(words);
    }

    /// @notice What trustees decrypt.
    function sumsHash(
        bytes32 poll,
        BallotProof.Ciphertext[] calldata sums
    ) external view returns (bytes32) {
        uint256[] memory words = new uint256[](BallotProof.WORDS * sums.length);
        BallotProof.copy(sums, words, 0);
        return Transcript.sumsHash(poll, words);
    }

    /// @notice The challenge of a decryption share's proof.
    function shareChallenge(
        bytes32 poll,
        uint256 trustee,
        Secp256k1.Point calldata verificationKey,
        Secp256k1.Point[] calldata sums,
        Secp256k1.Point[] calldata points,
        uint256 first,
        Secp256k1.Point[] calldata others
    ) external view returns (uint256) {
        return
            Transcript.shareChallenge(
                poll,
                trustee,
                verificationKey,
                Secp256k1.words(sums),
                Secp256k1.words(points),
                first,
                Secp256k1.words(others)
            );
    }
}
