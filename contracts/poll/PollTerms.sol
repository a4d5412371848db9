// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Transcript} from "../crypto/Transcript.sol";
import {IPoll} from "../interfaces/IPoll.sol";
import {IPollCatalogue} from "../interfaces/IPollCatalogue.sol";
import {ITrusteeBoard} from "../interfaces/ITrusteeBoard.sol";

/**
 * @title What a poll can be
 * @notice The catalogue checks a poll's terms and attaches them, with the board's key, to the
 * poll's code: nothing can change them, and a ballot reads them at next to no cost.
 */
library PollTerms {
    /// @dev Weights and scores, times and counts are below this: sums of scores stay within reach
    /// of a discrete logarithm.
    uint256 private constant LIMIT = 1 << 40;

    /// @notice Makes a poll of this catalogue that runs the code of `implementation` under these
    /// terms, with the key of their board.
    function attach(
        address implementation,
        IPoll.Terms calldata terms
    ) internal returns (IPoll poll, Secp256k1.Point memory key) {
        key = terms.board.key();
        Secp256k1.requirePoint(key.x, key.y);
        bytes memory args = abi.encode(terms, key, address(this), block.number);
        poll = IPoll(Clones.cloneWithImmutableArgs(implementation, args));
    }

    /**
     * @notice The terms of a poll that `attach` made, and its encryption key.
     * @dev The first two of abi.decode(Clones.fetchCloneArgs(poll),
     * (IPoll.Terms, Secp256k1.Point, address, uint256)), without a copy:
     * `attach` wrote what stands there, and in memory a struct has the same words, but for lists.
     * Every ballot reads the terms.
     */
    function read(
        address poll
    ) internal view returns (IPoll.Terms memory terms, Secp256k1.Point memory key) {
        bytes memory words = Clones.fetchCloneArgs(poll);
        assembly ("memory-safe") {
            // where the terms begin, then the key
            words := add(words, 0x20)
            terms := add(words, mload(words))
            key := add(words, 0x20)
            // a list of structs is a list of their addresses
            let question := add(terms, mload(add(terms, 0xc0)))
            let list := mload(0x40)
            mstore(add(terms, 0xc0), list)
            let count := mload(question)
            mstore(list, count)
            question := add(question, 0x20)
            for {} count {} {
                list := add(list, 0x20)
                mstore(list, question)
                question := add(question, 0x80)
                count := sub(count, 1)
            }
            mstore(0x40, add(list, 0x20))
        }
    }

    /// @notice The catalogue of a poll that `attach` made, and the block of its creation.
    function origin(address poll) internal view returns (address catalogue, uint256 bornAt) {
        (, , , catalogue, bornAt) = abi.decode(
            Clones.fetchCloneArgs(poll),
            (uint256, uint256, uint256, address, uint256)
        );
    }

    /// @notice Reverts unless a poll can have these terms now.
    function requirePossible(IPoll.Terms calldata terms) internal view {
        ITrusteeBoard.Phase ready = terms.board.phase();
        require(ready == ITrusteeBoard.Phase.Ready, IPollCatalogue.BoardNotReady(ready));
        require(
            block.timestamp <= terms.opens && terms.opens < terms.closes && terms.closes < LIMIT,
            IPollCatalogue.InvalidTimes(block.timestamp, terms.opens, terms.closes)
        );
        uint256 atLeast = terms.board.minVoters();
        require(
            terms.minVoters >= atLeast && terms.minVoters < LIMIT,
            IPollCatalogue.TooFewVoters(atLeast, terms.minVoters)
        );
        Questions.requirePossible(terms.questions);
        uint256 maxScore = Questions.largestScore(terms.questions);
        require(
            terms.totalWeight != 0 && terms.totalWeight <= (LIMIT - 1) / maxScore,
            IPollCatalogue.InvalidTotalWeight(terms.totalWeight, maxScore)
        );
    }

    /// @notice The poll's hash (PROTOCOL §3).
    function hash(
        IPoll poll,
        IPoll.Terms calldata terms,
        Secp256k1.Point memory key,
        string calldata content
    ) internal view returns (bytes32) {
        return
            Transcript.pollHash(
                Transcript.Poll({
                    chainId: block.chainid,
                    poll: address(poll),
                    board: address(terms.board),
                    boardHash: terms.board.boardHash(),
                    key: key,
                    rollRoot: terms.rollRoot,
                    totalWeight: terms.totalWeight,
                    opens: terms.opens,
                    closes: terms.closes,
                    minVoters: terms.minVoters,
                    contentHash: keccak256(bytes(content))
                }),
                terms.questions
            );
    }
}
