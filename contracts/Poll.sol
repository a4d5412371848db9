// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Tally} from "./Tally.sol";
import {BallotProof} from "./crypto/BallotProof.sol";
import {Questions} from "./crypto/Questions.sol";
import {Secp256k1} from "./crypto/Secp256k1.sol";
import {Sigma} from "./crypto/Sigma.sol";
import {Transcript} from "./crypto/Transcript.sol";
import {IPoll} from "./interfaces/IPoll.sol";
import {ITally} from "./interfaces/ITally.sol";
import {BallotBox} from "./poll/BallotBox.sol";

/**
 * @title A poll
 * @notice Its parts stand in the order of its life: PollDefinition says what it is, BallotBox takes
 * the ballots, RunningSums adds them up, Tally proves the result. Tally is a contract of its own,
 * so that a poll has room: the code of polls makes it, and runs it on the state of a poll.
 */
contract Poll is BallotBox {
    /// @inheritdoc IPoll
    address public immutable tally = address(new Tally());

    // -- Result --

    /// @inheritdoc ITally
    function postShare(
        uint256,
        bytes32,
        Secp256k1.Point[] calldata,
        Sigma.Proof calldata,
        Sigma.Hint[] calldata
    ) external {
        _runTally();
    }

    /// @inheritdoc ITally
    function publishResult(
        uint256[] calldata,
        Secp256k1.Point[] calldata,
        Secp256k1.Point[] calldata
    ) external {
        _runTally();
    }

    /// @dev Makes the same call in the code of Tally, on the state of this poll.
    function _runTally() private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool good, bytes memory reason) = tally.delegatecall(msg.data);
        if (!good) {
            assembly ("memory-safe") {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }

    // -- Reads --

    /// @inheritdoc IPoll
    function sums() external view returns (BallotProof.Ciphertext[] memory result_) {
        uint256[] memory words = _words(_choices());
        result_ = new BallotProof.Ciphertext[](words.length / BallotProof.WORDS);
        for (uint256 k = 0; k < result_.length; ++k) {
            result_[k].a = Secp256k1.Point(words[4 * k], words[4 * k + 1]);
            result_[k].b = Secp256k1.Point(words[4 * k + 2], words[4 * k + 3]);
        }
    }

    /// @inheritdoc IPoll
    function sumsHash() external view returns (bytes32) {
        return Transcript.sumsHash(_pollHash, _words(_choices()));
    }

    /// @inheritdoc IPoll
    function sharesPosted() external view returns (uint256[] memory trustees) {
        return _sharesPosted();
    }

    /// @inheritdoc IPoll
    function result() external view returns (uint256[] memory scores) {
        if (!_status.tallied) return scores;
        scores = new uint256[](_choices());
        for (uint256 k = 0; k < scores.length; ++k) scores[k] = _scores[k];
    }

    function _choices() private view returns (uint256) {
        return Questions.shapeOf(_terms().questions).choices;
    }
}
