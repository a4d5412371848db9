// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BallotBox} from "./poll/BallotBox.sol";
import {Tally} from "./poll/Tally.sol";

/**
 * @title A poll
 * @notice Its parts stand in the order of its life: PollDefinition says what it is, BallotBox takes
 * the ballots, RunningSums adds them up, Tally proves the result.
 */
contract Poll is BallotBox, Tally {}
