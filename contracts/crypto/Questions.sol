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

    /// @notice What a ballot that answers the questions is like.
    struct Shape {
        /// ciphertexts
        uint256 choices;
        /// D: the most values that a statement allows
        uint256 degree;
    }

    /// @notice The question of this index is impossible; or, where the index is their count, all
    /// of them together are none or too many.
    error InvalidQuestions(uint256 index);

    /// @notice Maximum choices of a poll.
    uint256 internal constant MAX_CHOICES = 60;
    /// @notice Maximum values of a score, or of a total that is proven (PROTOCOL §3).
    uint256 internal constant MAX_VALUES = 101;

    /// @notice Reverts with InvalidQuestions unless a poll can ask these questions.
    function requirePossible(Question[] memory questions) internal pure {
        for (uint256 i = 0; i < questions.length; ++i) {
            require(_isPossible(questions[i]), InvalidQuestions(i));
        }
        uint256 choices = shapeOf(questions).choices;
        require(choices > 0 && choices <= MAX_CHOICES, InvalidQuestions(questions.length));
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
        (uint256 choices, uint256 degree) = (0, 0);
        unchecked {
            // a question has at most 60 options, and values; it takes a word of memory each
            for (uint256 i = 0; i < questions.length; ++i) {
                Question memory question = questions[i];
                choices += question.options;
                if (question.maxScore >= degree) degree = question.maxScore + 1;
                uint256 range = question.maxTotal - question.minTotal;
                if (range >= degree && provesTotal(question)) degree = range + 1;
            }
        }
        (shape.choices, shape.degree) = (choices, degree);
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
