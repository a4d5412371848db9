// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {BoardTerms} from "./board/BoardTerms.sol";
import {Secp256k1} from "./crypto/Secp256k1.sol";
import {IPoll} from "./interfaces/IPoll.sol";
import {IPollCatalogue} from "./interfaces/IPollCatalogue.sol";
import {ITrusteeBoard} from "./interfaces/ITrusteeBoard.sol";
import {PollTerms} from "./poll/PollTerms.sol";

/**
 * @title The official register of polls
 * @notice It is created with CREATE2. So its address shows that this code was run by its
 * constructor and nothing else ever wrote its state; and it creates its boards and polls itself
 * (PROTOCOL §2).
 * @custom:invariant A version once listed stays listed, in its place.
 * @custom:invariant Only the owner can publish, and only this contract can give its polls and boards their terms.
 * @custom:invariant A poll has a board that this contract made.
 */
contract PollCatalogue is IPollCatalogue, Ownable2Step {
    /// @inheritdoc IPollCatalogue
    address public immutable deployer = msg.sender;
    /// @inheritdoc IPollCatalogue
    bytes32 public immutable salt;
    /// @inheritdoc IPollCatalogue
    address public immutable firstOwner;
    /// @inheritdoc IPollCatalogue
    uint256 public immutable bornAt = block.number;
    /// @inheritdoc IPollCatalogue
    IPoll public immutable pollCode;
    /// @inheritdoc IPollCatalogue
    ITrusteeBoard public immutable boardCode;
    /// @inheritdoc IPollCatalogue
    mapping(IPoll poll => bool official) public isOfficial;
    /// @inheritdoc IPollCatalogue
    mapping(ITrusteeBoard board => bool official) public isOfficialBoard;
    mapping(bytes32 id => IPoll[]) private _versions;
    bytes32[] private _ids;

    /**
     * @notice Makes a catalogue.
     * @param firstOwner_ Who owns it from the beginning.
     * @param pollCode_ The contract whose code all polls run.
     * @param boardCode_ The contract whose code all boards run.
     * @param salt_ The salt of this creation.
     */
    constructor(
        address firstOwner_,
        IPoll pollCode_,
        ITrusteeBoard boardCode_,
        bytes32 salt_
    ) Ownable(firstOwner_) {
        firstOwner = firstOwner_;
        pollCode = pollCode_;
        boardCode = boardCode_;
        salt = salt_;
    }

    // -- Officials --

    /// @inheritdoc IPollCatalogue
    function convene(
        ITrusteeBoard.Terms calldata terms
    ) external onlyOwner returns (ITrusteeBoard board) {
        BoardTerms.requirePossible(terms);
        board = BoardTerms.attach(address(boardCode), terms);
        board.initialise();
        isOfficialBoard[board] = true;
        emit BoardConvened(board, board.boardHash());
    }

    /// @inheritdoc IPollCatalogue
    function publish(
        bytes32 id,
        IPoll.Terms calldata terms,
        string calldata content
    ) external onlyOwner returns (IPoll poll) {
        require(isOfficialBoard[terms.board], UnknownBoard(terms.board));
        PollTerms.requirePossible(terms);
        require(bytes(content).length != 0, EmptyContent());
        Secp256k1.Point memory key;
        (poll, key) = PollTerms.attach(address(pollCode), terms);
        bytes32 pollHash = PollTerms.hash(poll, terms, key, content);
        poll.initialise(pollHash, content);
        if (_versions[id].length == 0) _ids.push(id);
        _versions[id].push(poll);
        isOfficial[poll] = true;
        emit PollPublished(id, _versions[id].length - 1, poll, pollHash);
    }

    /// @inheritdoc IPollCatalogue
    function publishRoll(
        bytes32 id,
        uint256 version,
        uint256 first,
        IPoll.RollEntry[] calldata entries
    ) external onlyOwner {
        _version(id, version).publishRoll(first, entries);
    }

    /// @inheritdoc IPollCatalogue
    function cancel(bytes32 id, uint256 version) external onlyOwner {
        _version(id, version).cancel();
    }

    // -- Reads --

    /// @inheritdoc IPollCatalogue
    function pollCount() external view returns (uint256) {
        return _ids.length;
    }

    /// @inheritdoc IPollCatalogue
    function ids(uint256 from, uint256 count) external view returns (bytes32[] memory page) {
        page = new bytes32[](_pageLength(_ids.length, from, count));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _ids[from + i];
    }

    /// @inheritdoc IPollCatalogue
    function versionCount(bytes32 id) external view returns (uint256) {
        return _versions[id].length;
    }

    /// @inheritdoc IPollCatalogue
    function versions(
        bytes32 id,
        uint256 from,
        uint256 count
    ) external view returns (IPoll[] memory page) {
        page = new IPoll[](_pageLength(_versions[id].length, from, count));
        for (uint256 i = 0; i < page.length; ++i) page[i] = _versions[id][from + i];
    }

    /// @inheritdoc IPollCatalogue
    function latest(bytes32 id) external view returns (IPoll) {
        uint256 count = _versions[id].length;
        require(count != 0, UnknownPollId(id));
        return _versions[id][count - 1];
    }

    function _version(bytes32 id, uint256 version) private view returns (IPoll) {
        require(version < _versions[id].length, UnknownVersion(id, version));
        return _versions[id][version];
    }

    /// @dev How many of `length` items a page from `from` with room for `count` holds.
    function _pageLength(
        uint256 length,
        uint256 from,
        uint256 count
    ) private pure returns (uint256) {
        if (from >= length) return 0;
        return count < length - from ? count : length - from;
    }
}
