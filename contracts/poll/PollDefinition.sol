// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Transcript} from "../crypto/Transcript.sol";
import {IPoll} from "../interfaces/IPoll.sol";
import {ITrusteeBoard} from "../interfaces/ITrusteeBoard.sol";

/**
 * @title What a poll is, and where it stands
 * @custom:invariant A poll's terms and its hash never change once it has them.
 * @custom:invariant Only the catalogue that made a poll can give it its terms.
 */
abstract contract PollDefinition is IPoll {
    /// @dev Times, counts and weights are below 2^40; together with the flag they fill one slot.
    struct Status {
        uint40 opens;
        uint40 closes;
        uint40 minBallots;
        uint40 totalWeight;
        uint40 castWeight;
        uint40 voterCount;
        bool cancelled;
    }

    /// @dev Weights and scores, times and counts are below this: sums of scores stay within reach
    /// of a discrete logarithm.
    uint256 private constant LIMIT = 1 << 40;

    /// @inheritdoc IPoll
    address public immutable catalogue;

    /// @inheritdoc IPoll
    bytes32 public pollHash;
    /// @inheritdoc IPoll
    bytes32 public rollRoot;
    /// @inheritdoc IPoll
    ITrusteeBoard public board;
    Status internal _status;
    Secp256k1.Point internal _key;
    Questions.Question[] internal _questions;
    /// @inheritdoc IPoll
    string public content;

    modifier onlyCatalogue() {
        require(msg.sender == catalogue, NotCatalogue(msg.sender));
        _;
    }

    /// @notice The catalogue makes the contract whose code all its polls run.
    constructor() {
        catalogue = msg.sender;
    }

    // -- Life --

    /// @inheritdoc IPoll
    function initialise(Terms calldata terms) external onlyCatalogue {
        require(pollHash == 0, AlreadyInitialised());
        _requirePossible(terms);
        board = terms.board;
        rollRoot = terms.rollRoot;
        _key = terms.board.key();
        content = terms.content;
        for (uint256 i = 0; i < terms.questions.length; ++i) _questions.push(terms.questions[i]);
        _status = Status({
            opens: uint40(terms.opens),
            closes: uint40(terms.closes),
            minBallots: uint40(terms.minBallots),
            totalWeight: uint40(terms.totalWeight),
            castWeight: 0,
            voterCount: 0,
            cancelled: false
        });
        pollHash = _hash(terms);
    }

    /// @inheritdoc IPoll
    function publishRoll(uint256 first, RollEntry[] calldata entries) external onlyCatalogue {
        emit RollPublished(first, entries);
    }

    /// @inheritdoc IPoll
    function cancel() external onlyCatalogue {
        Phase current = phase();
        bool early = current == Phase.Scheduled || current == Phase.Open;
        require(early && _status.voterCount == 0, WrongPhase(Phase.Scheduled, current));
        _status.cancelled = true;
        emit PollCancelled();
    }

    /// @dev Reverts unless a poll can have these terms now.
    function _requirePossible(Terms calldata terms) private view {
        ITrusteeBoard.Phase ready = terms.board.phase();
        require(ready == ITrusteeBoard.Phase.Ready, BoardNotReady(ready));
        require(
            block.timestamp <= terms.opens && terms.opens < terms.closes && terms.closes < LIMIT,
            InvalidTimes(block.timestamp, terms.opens, terms.closes)
        );
        uint256 atLeast = terms.board.minBallots();
        require(
            terms.minBallots >= atLeast && terms.minBallots < LIMIT,
            TooFewBallots(atLeast, terms.minBallots)
        );
        Questions.requirePossible(terms.questions);
        uint256 maxScore = Questions.largestScore(terms.questions);
        require(
            terms.totalWeight != 0 && terms.totalWeight <= (LIMIT - 1) / maxScore,
            InvalidTotalWeight(terms.totalWeight, maxScore)
        );
        require(bytes(terms.content).length != 0, EmptyContent());
    }

    /// @dev The poll's hash (PROTOCOL §3).
    function _hash(Terms calldata terms) private view returns (bytes32) {
        return
            Transcript.pollHash(
                Transcript.Poll({
                    chainId: block.chainid,
                    poll: address(this),
                    board: address(terms.board),
                    boardHash: terms.board.boardHash(),
                    key: _key,
                    rollRoot: terms.rollRoot,
                    totalWeight: terms.totalWeight,
                    opens: terms.opens,
                    closes: terms.closes,
                    minBallots: terms.minBallots,
                    contentHash: keccak256(bytes(terms.content))
                }),
                terms.questions
            );
    }

    // -- Reads --

    /// @inheritdoc IPoll
    function phase() public view returns (Phase) {
        Status memory status = _status;
        if (status.cancelled) return Phase.Cancelled;
        if (block.timestamp < status.opens) return Phase.Scheduled;
        if (block.timestamp < status.closes) return Phase.Open;
        return status.voterCount < status.minBallots ? Phase.Void : Phase.Closed;
    }

    /// @inheritdoc IPoll
    function key() external view returns (Secp256k1.Point memory) {
        return _key;
    }

    /// @inheritdoc IPoll
    function questions() external view returns (Questions.Question[] memory) {
        return _questions;
    }

    /// @inheritdoc IPoll
    function totalWeight() external view returns (uint256) {
        return _status.totalWeight;
    }

    /// @inheritdoc IPoll
    function opens() external view returns (uint256) {
        return _status.opens;
    }

    /// @inheritdoc IPoll
    function closes() external view returns (uint256) {
        return _status.closes;
    }

    /// @inheritdoc IPoll
    function minBallots() external view returns (uint256) {
        return _status.minBallots;
    }

    /// @inheritdoc IPoll
    function voterCount() external view returns (uint256) {
        return _status.voterCount;
    }

    /// @inheritdoc IPoll
    function castWeight() external view returns (uint256) {
        return _status.castWeight;
    }
}
