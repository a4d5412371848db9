// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {PollDefinition} from "./poll/PollDefinition.sol";

/**
 * @title A poll
 * @notice Its parts stand in the order of its life: PollDefinition says what it is.
 */
contract Poll is PollDefinition {}
