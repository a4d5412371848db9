// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {IPoll} from "./IPoll.sol";
import {ITrusteeBoard} from "./ITrusteeBoard.sol";

/**
 * @title The official register of polls
 * @notice An official id leads to the versions of a poll, the newest last. A changed poll is a new
 * version with its own ballots; the earlier one stays readable for ever.
 */
interface IPollCatalogue {
    // -- Errors --

    /// @notice The contract is the code that all polls or boards share, or a clone of it that no
    /// catalogue made.
    error NotInitialised();
    /// @notice The poll or board has its hash already.
    error AlreadyInitialised();
    /// @notice This catalogue did not make the board.
    error UnknownBoard(ITrusteeBoard board);
    /// @notice The board has no key.
    error BoardNotReady(ITrusteeBoard.Phase phase);
    /// @notice Not now <= opens < closes; seconds since 1970.
    error InvalidTimes(uint256 time, uint256 opens, uint256 closes);
    /// @notice The board decrypts for no fewer voters than `atLeast`.
    error TooFewVoters(uint256 atLeast, uint256 minVoters);
    /// @notice Total weight times the largest score is not in 1..2^40 − 1.
    error InvalidTotalWeight(uint256 totalWeight, uint256 maxScore);
    /// @notice A poll or board without texts.
    error EmptyContent();
    /// @notice No poll has this id.
    error UnknownPollId(bytes32 id);
    /// @notice The poll has no version of this number; they count from 0.
    error UnknownVersion(bytes32 id, uint256 version);

    // -- Events --

    /// @notice A board was convened.
    event BoardConvened(ITrusteeBoard indexed board, bytes32 boardHash);
    /// @notice A version of a poll was published.
    event PollPublished(
        bytes32 indexed id,
        uint256 indexed version,
        IPoll indexed poll,
        bytes32 pollHash
    );

    // -- Officials --

    /// @notice Makes a board of trustees. By the owner.
    function convene(ITrusteeBoard.Terms calldata terms) external returns (ITrusteeBoard board);

    /**
     * @notice Makes a poll and lists it as the newest version of its id. By the owner.
     * @param id The official id.
     * @param content The texts of the poll: a JSON document in UTF-8.
     */
    function publish(
        bytes32 id,
        IPoll.Terms calldata terms,
        string calldata content
    ) external returns (IPoll poll);

    /// @notice Publishes a part of a poll's electoral roll, before its first ballot and before its
    /// close. By the owner.
    function publishRoll(
        bytes32 id,
        uint256 version,
        uint256 first,
        IPoll.RollEntry[] calldata entries
    ) external;

    /// @notice Withdraws a version that has no ballot yet. By the owner.
    function cancel(bytes32 id, uint256 version) external;

    // -- Reads --

    /// @notice The contract that created this one with CREATE2.
    function deployer() external view returns (address);

    /// @notice The salt of that creation.
    function salt() external view returns (bytes32);

    /// @notice The owner that was named at the creation.
    function firstOwner() external view returns (address);

    /// @notice The number of the block of the creation.
    function bornAt() external view returns (uint256);

    /// @notice The contract whose code all polls run.
    function pollCode() external view returns (IPoll);

    /// @notice The contract whose code all boards run.
    function boardCode() external view returns (ITrusteeBoard);

    /// @notice How many ids there are.
    function pollCount() external view returns (uint256);

    /// @notice Up to `count` ids from the one of this index, in the order of their first version.
    function ids(uint256 from, uint256 count) external view returns (bytes32[] memory);

    /// @notice How many versions a poll has; 0 for an id that nobody has.
    function versionCount(bytes32 id) external view returns (uint256);

    /// @notice Up to `count` versions from the one of this number, the newest last.
    function versions(
        bytes32 id,
        uint256 from,
        uint256 count
    ) external view returns (IPoll[] memory);

    /// @notice The newest version of a poll.
    function latest(bytes32 id) external view returns (IPoll);

    /// @notice Whether this contract made the poll.
    function isOfficial(IPoll poll) external view returns (bool);

    /// @notice Whether this contract made the board.
    function isOfficialBoard(ITrusteeBoard board) external view returns (bool);
}
