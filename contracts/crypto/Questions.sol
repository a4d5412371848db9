// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

/**
 * @title What the questions of a poll let a voter give
 * @notice All options of all questions, in order, are the poll's choices (PROTOCOL §3).
 */
library Questions {
    /// @notice A question's limits: 0..maxScore for each option, minTotal..maxTotal for all.
    struct Question {
        uint256 options;
        uint256 maxScore;
        uint256 minTotal;
        uint256 maxTotal;
    }

    /// @notice How long the lists of a ballot must be.
    struct Shape {
        /// ciphertexts
        uint256 choices;
        /// challenges, the derived ones left out
        uint256 challenges;
        /// responses
        uint256 branches;
    }

    /// @notice The question of this index is impossible; or, where the index is their count, all
    /// of them together are none or too many.
    error InvalidQuestions(uint256 index);

    /// @notice The most choices of a poll.
    uint256 internal constant MAX_CHOICES = 64;
    /// @notice The most values that a score or a proven total can take (PROTOCOL §3).
    uint256 internal constant MAX_VALUES = 64;
    /// @notice The most branches of a ballot's proof.
    uint256 internal constant MAX_BRANCHES = 512;

    /// @notice Reverts with InvalidQuestions unless a poll can ask these questions.
    function requirePossible(Question[] memory questions) internal pure {
        for (uint256 i = 0; i < questions.length; ++i) {
            require(_isPossible(questions[i]), InvalidQuestions(i));
        }
        Shape memory shape = shapeOf(questions);
        require(
            shape.choices > 0 && shape.choices <= MAX_CHOICES && shape.branches <= MAX_BRANCHES,
            InvalidQuestions(questions.length)
        );
    }

    function _isPossible(Question memory question) private pure returns (bool) {
        // the first two bounds keep the product small
        return
            question.options > 0 &&
            question.options <= MAX_CHOICES &&
            question.maxScore > 0 &&
            question.maxScore < MAX_VALUES &&
            question.minTotal <= question.maxTotal &&
            question.maxTotal <= question.options * question.maxScore &&
            (!provesTotal(question) || question.maxTotal - question.minTotal < MAX_VALUES);
    }

    /// @notice The shape of a ballot that answers these questions, which are possible ones.
    function shapeOf(Question[] memory questions) internal pure returns (Shape memory shape) {
        (uint256 choices, uint256 challenges, uint256 branches) = (0, 0, 0);
        unchecked {
            // a question has at most 64 options and 63 points for each; it takes a word of memory each
            for (uint256 i = 0; i < questions.length; ++i) {
                Question memory question = questions[i];
                uint256 points = question.options * question.maxScore;
                choices += question.options;
                challenges += points;
                branches += points + question.options;
                if (provesTotal(question)) {
                    uint256 range = question.maxTotal - question.minTotal;
                    challenges += range;
                    branches += range + 1;
                }
            }
        }
        (shape.choices, shape.challenges, shape.branches) = (choices, challenges, branches);
    }

    /// @notice The largest score that an option of these questions can be given.
    function largestScore(Question[] memory questions) internal pure returns (uint256 result) {
        for (uint256 i = 0; i < questions.length; ++i) {
            if (questions[i].maxScore > result) result = questions[i].maxScore;
        }
    }

    /// @notice Whether a ballot proves the question's total: not where it can be nothing else.
    function provesTotal(Question memory question) internal pure returns (bool) {
        unchecked {
            return
                question.minTotal != 0 || question.maxTotal != question.options * question.maxScore;
        }
    }
}
