// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {DealProof} from "../crypto/DealProof.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Sigma} from "../crypto/Sigma.sol";
import {Transcript} from "../crypto/Transcript.sol";

/**
 * @title A board of trustees: one encryption key that nobody holds
 * @notice T trustees deal shares to each other, without a dealer that all must trust; any t of
 * them decrypt, fewer learn nothing. One board serves many polls (PROTOCOL §2).
 *
 * Dealing → Confirming → Ready, or Failed. A board that failed stays so; a new one uses new keys.
 * Trustees count from 1.
 */
interface ITrusteeBoard {
    /// @notice Where the key ceremony stands.
    enum Phase {
        /// trustees post their deals
        Dealing,
        /// trustees check the shares that they were dealt
        Confirming,
        /// the key can be used
        Ready,
        /// the key will never be used
        Failed
    }

    /// @notice Why a board failed.
    enum Failure {
        /// it has not
        None,
        /// a trustee dealt a share that its commitments do not account for
        BadShare,
        /// the key, or a trustee's verification key, is infinity or has an x that is not below n
        UnusableKey,
        /// not all trustees dealt or confirmed in time
        Deadline
    }

    /// @notice What defines a board.
    struct Terms {
        /// how many trustees decrypt
        uint256 threshold;
        /// the fewest voters that the board will ever decrypt for, at least 2
        uint256 minVoters;
        /// the deadline for deals, in seconds since 1970
        uint256 dealBy;
        /// the deadline for confirmations, in seconds since 1970
        uint256 confirmBy;
        /// account and fresh sealing key of each trustee, in order
        Transcript.Trustee[] trustees;
        /// the board's texts, its name and the trustees' names: a JSON document in UTF-8
        string content;
    }

    // -- Errors --

    /// @notice A board that decrypts for fewer than two voters would show a vote.
    error InvalidMinVoters(uint256 minVoters);
    /// @notice Not now < dealBy < confirmBy; seconds since 1970.
    error InvalidDeadlines(uint256 time, uint256 dealBy, uint256 confirmBy);
    /// @notice An account is zero or named twice.
    error InvalidAccount(address account);
    /// @notice A sealing key is named twice.
    error DuplicateSealingKey(uint256 x, uint256 y);
    /// @notice The deal or confirmation was not signed by the trustee's account.
    error NotSignedByTrustee(uint256 trustee, address signer);
    /// @notice There is no trustee of this index.
    error UnknownTrustee(uint256 trustee);
    /// @notice The board is in another phase than the call needs.
    error WrongBoardPhase(Phase expected, Phase actual);
    /// @notice It is too late; seconds since 1970.
    error DeadlinePassed(uint256 deadline, uint256 time);
    /// @notice It is too early to give up; seconds since 1970.
    error DeadlineNotPassed(uint256 deadline, uint256 time);
    /// @notice The trustee has dealt already.
    error AlreadyDealt(uint256 trustee);
    /// @notice The trustee has confirmed already.
    error AlreadyConfirmed(uint256 trustee);
    /// @notice The trustee confirms other deals than those on this chain.
    error WrongDealsHash(bytes32 expected, bytes32 actual);
    /// @notice The share is what its dealer committed to: the blame is refused.
    error UnfoundedBlame(uint256 dealer, uint256 recipient);

    // -- Events --

    /// @notice A trustee's deal was accepted. The rest of it is in state.
    /// @param r Of the trustee's signature.
    /// @param vs Of the trustee's signature: parity in the highest bit, and s (EIP-2098).
    event Dealt(
        uint256 indexed dealer,
        bytes32 dealsHash,
        uint256 challenge,
        uint256 secretResponse,
        uint256 ephemeralResponse,
        bytes32 r,
        bytes32 vs
    );
    /// @notice A trustee found all its shares good.
    /// @param r Of the trustee's signature.
    /// @param vs Of the trustee's signature: parity in the highest bit, and s (EIP-2098).
    event Confirmed(uint256 indexed trustee, bytes32 dealsHash, bytes32 r, bytes32 vs);
    /// @notice The key can be used.
    event BoardReady(Secp256k1.Point key);
    /// @notice The board failed; `trustee` is at fault, or 0 where no single one is.
    event BoardFailed(Failure indexed reason, uint256 indexed trustee);

    // -- Ceremony --

    /// @notice Gives a new board its hash, once. It follows from the terms, so anyone may call it;
    /// the catalogue does when it makes the board.
    function initialise() external;

    /**
     * @notice Posts a trustee's deal: once per trustee, before dealBy. Anyone may carry it.
     * @param dealer The trustee's index, from 1.
     * @param deal_ t commitments, an ephemeral key, a sealed share for every trustee, and a proof
     * of the secrets behind the first commitment and the ephemeral key.
     * @param r Of the signature of the trustee's account under
     * Deal(bytes32 boardHash,uint256 dealer,uint256 challenge), by EIP-712.
     * @param vs Of the signature: parity in the highest bit, and s (EIP-2098).
     */
    function deal(uint256 dealer, DealProof.Deal calldata deal_, bytes32 r, bytes32 vs) external;

    /**
     * @notice Says that all shares dealt to a trustee are good: once per trustee, before
     * confirmBy. Anyone may carry it. The last confirmation makes the board Ready, or Failed if
     * the key is unusable.
     * @dev The last confirmation computes all keys. Which one will be the last is not known when
     * it is sent: send each with gas for it (8 million is enough for the largest board).
     * @param index The trustee's index, from 1.
     * @param dealsHash_ The hash of the deals that the trustee has checked; any other is refused.
     * @param r Of the signature of the trustee's account under
     * Confirmation(bytes32 boardHash,uint256 trustee,bytes32 dealsHash), by EIP-712.
     * @param vs Of the signature: parity in the highest bit, and s (EIP-2098).
     */
    function confirm(uint256 index, bytes32 dealsHash_, bytes32 r, bytes32 vs) external;

    /**
     * @notice Opens the share that a dealer sealed for a trustee, before confirmBy. If the share is
     * bad, the board fails; if it is good, the blame is refused. Anyone may carry a blame: its proof
     * shows that the recipient made it.
     * @param dealer The index of the trustee who sealed the share.
     * @param recipient The index of the trustee for whom it was sealed.
     * @param shared e·R: the recipient's sealing secret times the dealer's ephemeral key.
     * @param proof The proof that `shared` is e·R.
     * @param hint The two parts of the proof's second commitment.
     */
    function blame(
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point calldata shared,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hint
    ) external;

    /// @notice Marks the board as Failed after a deadline that not all trustees kept; anyone may.
    function expire() external;

    // -- Reads --

    /// @notice The catalogue that made this board.
    function catalogue() external view returns (address);

    /// @notice The number of the block in which the board was made.
    function bornAt() external view returns (uint256);

    /// @notice The board's texts, its name and the trustees' names: a JSON document in UTF-8.
    function content() external view returns (string memory);

    /// @notice The context of all that trustees sign: chain, board, rules, trustees.
    function boardHash() external view returns (bytes32);

    /// @notice What all deals so far add up to.
    function dealsHash() external view returns (bytes32);

    /// @notice Where the ceremony stands.
    function phase() external view returns (Phase);

    /// @notice Why the board failed, if it did.
    function failure() external view returns (Failure);

    /// @notice Who dealt a bad share, or brought its own verification key to infinity; 0 if no
    /// single trustee is at fault.
    function faultyTrustee() external view returns (uint8);

    /// @notice How many trustees there are, T.
    function trusteeCount() external view returns (uint256);

    /// @notice How many of them decrypt, t.
    function threshold() external view returns (uint256);

    /// @notice The fewest voters that this board will ever decrypt for.
    function minVoters() external view returns (uint256);

    /// @notice The deadline for deals, in seconds since 1970.
    function dealBy() external view returns (uint256);

    /// @notice The deadline for confirmations, in seconds since 1970.
    function confirmBy() external view returns (uint256);

    /// @notice Account and sealing key of a trustee.
    function trustee(uint256 index) external view returns (Transcript.Trustee memory);

    /// @notice A trustee's commitments C_0 … C_{t−1}; none before its deal.
    function commitments(uint256 dealer) external view returns (Secp256k1.Point[] memory);

    /// @notice A trustee's ephemeral key R; infinity before its deal.
    function ephemeralKey(uint256 dealer) external view returns (Secp256k1.Point memory);

    /// @notice The shares that a trustee sealed, in the order of their recipients.
    function sealedShares(uint256 dealer) external view returns (bytes32[] memory);

    /// @notice Whether a trustee has confirmed.
    function hasConfirmed(uint256 index) external view returns (bool);

    /// @notice The encryption key Y; infinity before the board is Ready.
    function key() external view returns (Secp256k1.Point memory);

    /// @notice The verification key V of a trustee; infinity before the board is Ready.
    function verificationKey(uint256 index) external view returns (Secp256k1.Point memory);
}
