// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {ITrusteeBoard} from "./ITrusteeBoard.sol";

/**
 * @title A poll
 * @notice Questions, an electoral roll, a time, and a board that decrypts the sums (PROTOCOL §3).
 *
 * Scheduled → Open → Closed, by the clock; Cancelled, by officials, before the first ballot; Void,
 * where too few voted. Nobody has to close a poll for it to be closed.
 */
interface IPoll {
    /// @notice Where a poll stands: a function of block time and state.
    enum Phase {
        /// it has not opened yet
        Scheduled,
        /// ballots are accepted
        Open,
        /// no ballot is accepted any more
        Closed,
        /// closed, with fewer voters than a result is computed for
        Void,
        /// withdrawn before the first ballot
        Cancelled
    }

    /// @notice What defines a poll.
    struct Terms {
        /// decrypts the sums; it must be Ready
        ITrusteeBoard board;
        /// the Merkle root of the electoral roll
        bytes32 rollRoot;
        /// the sum of all weights on the roll
        uint256 totalWeight;
        /// seconds since 1970
        uint256 opens;
        /// seconds since 1970
        uint256 closes;
        /// the fewest voters that a result is computed for
        uint256 minBallots;
        /// what voters may give
        Questions.Question[] questions;
        /// the words of the poll: a JSON document in UTF-8
        string content;
    }

    /// @notice An entry of the electoral roll.
    struct RollEntry {
        address voter;
        uint256 weight;
    }

    // -- Errors --

    /// @notice The sender is not the catalogue that this poll belongs to.
    error NotCatalogue(address sender);
    /// @notice The poll has its terms already.
    error AlreadyInitialised();
    /// @notice The board has no key.
    error BoardNotReady(ITrusteeBoard.Phase phase);
    /// @notice Not now <= opens < closes; seconds since 1970.
    error InvalidTimes(uint256 time, uint256 opens, uint256 closes);
    /// @notice The board decrypts for no fewer voters than `atLeast`.
    error TooFewBallots(uint256 atLeast, uint256 minBallots);
    /// @notice Total weight times the largest score is not in 1..2^40 − 1.
    error InvalidTotalWeight(uint256 totalWeight, uint256 maxScore);
    /// @notice A poll without words.
    error EmptyContent();
    /// @notice The poll is in another phase than the call needs.
    error WrongPhase(Phase expected, Phase actual);

    // -- Events --

    /// @notice A part of the electoral roll was published; `first` is the index of its first entry.
    event RollPublished(uint256 indexed first, RollEntry[] entries);
    /// @notice The poll was withdrawn.
    event PollCancelled();

    // -- Life --

    /// @notice Gives a new poll its terms: once, by its catalogue.
    function initialise(Terms calldata terms) external;

    /**
     * @notice Publishes a part of the electoral roll as event data. By its catalogue.
     * @dev The contract does not hold it against the root: an observer does.
     * @param first The index of the first of these entries on the roll.
     */
    function publishRoll(uint256 first, RollEntry[] calldata entries) external;

    /// @notice Withdraws a poll that has no ballot yet. By its catalogue.
    function cancel() external;

    // -- Reads --

    /// @notice The catalogue that made this poll.
    function catalogue() external view returns (address);

    /// @notice The context of all ballots: everything that defines the poll.
    function pollHash() external view returns (bytes32);

    /// @notice Where the poll stands.
    function phase() external view returns (Phase);

    /// @notice The board that decrypts the sums.
    function board() external view returns (ITrusteeBoard);

    /// @notice The encryption key Y, the board's.
    function key() external view returns (Secp256k1.Point memory);

    /// @notice The words of the poll: a JSON document in UTF-8.
    function content() external view returns (string memory);

    /// @notice What voters may give.
    function questions() external view returns (Questions.Question[] memory);

    /// @notice The Merkle root of the electoral roll.
    function rollRoot() external view returns (bytes32);

    /// @notice The sum of all weights on the roll.
    function totalWeight() external view returns (uint256);

    /// @notice When the poll opens, in seconds since 1970.
    function opens() external view returns (uint256);

    /// @notice When the poll closes, in seconds since 1970.
    function closes() external view returns (uint256);

    /// @notice The fewest voters that a result is computed for.
    function minBallots() external view returns (uint256);

    /// @notice How many voters have cast a ballot.
    function voterCount() external view returns (uint256);

    /// @notice The weights of all voters who have cast a ballot.
    function castWeight() external view returns (uint256);
}
