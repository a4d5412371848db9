// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BallotProof} from "../crypto/BallotProof.sol";
import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Transcript} from "../crypto/Transcript.sol";
import {Words} from "../crypto/Words.sol";

/// @title Ballots and questions, exposed to tests
contract BallotHarness {
    /// @notice Reverts with the refusal unless a poll can ask these questions.
    function requirePossible(Questions.Question[] calldata questions) external pure {
        Questions.requirePossible(questions);
    }

    /// @notice Reverts with the refusal unless the ballot's proof holds.
    function verify(
        bytes32 pollHash,
        address voter,
        uint256 weight,
        bytes32 replaces,
        Secp256k1.Point calldata key,
        Questions.Question[] calldata questions,
        uint256[] calldata ballot,
        uint256[] calldata hints
    ) external view {
        Questions.Shape memory shape = Questions.shapeOf(questions);
        BallotProof.requireShape(ballot.length, shape);
        uint256[] memory words = Words.list(ballot.length);
        BallotProof.read(ballot, words);
        BallotProof.requireWords(words, shape);
        BallotProof.requireHints(hints.length, shape);
        bytes32 tracker = Transcript.tracker(
            pollHash,
            voter,
            weight,
            replaces,
            BallotProof.ciphertexts(ballot, shape.choices)
        );
        BallotProof.verify(words, shape, hints, questions, key, tracker);
    }
}
