// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EqualityProof} from "./crypto/EqualityProof.sol";
import {Questions} from "./crypto/Questions.sol";
import {Secp256k1} from "./crypto/Secp256k1.sol";
import {Sharing} from "./crypto/Sharing.sol";
import {Sigma} from "./crypto/Sigma.sol";
import {Transcript} from "./crypto/Transcript.sol";
import {Words} from "./crypto/Words.sol";
import {IPoll} from "./interfaces/IPoll.sol";
import {ITally} from "./interfaces/ITally.sol";
import {RunningSums} from "./poll/RunningSums.sol";

/**
 * @title Decryption shares and the result
 * @notice Polls run this code on their own state, which RunningSums has: here nothing is kept.
 * @custom:invariant Only trustees of the poll's board decrypt, each once, only the poll's final sums, and only after the close.
 * @custom:invariant A result is recorded once, and only if the sums and the shares of a quorum give it.
 */
contract Tally is RunningSums, ITally {
    uint256 private constant P = Secp256k1.P;

    // -- Shares --

    /// @inheritdoc ITally
    function postShare(
        uint256 trustee,
        bytes32 sumsHash_,
        Secp256k1.Point[] calldata points,
        Sigma.Proof calldata proof,
        Sigma.Hint[] calldata hints
    ) external {
        IPoll.Terms memory terms = _terms();
        _requirePhase(IPoll.Phase.Closed, terms);
        Secp256k1.Point memory verificationKey = terms.board.verificationKey(trustee);
        uint256 position = _nextPosition(trustee);
        uint256[] memory words = _words(Questions.shapeOf(terms.questions).choices);
        bytes32 expected = Transcript.sumsHash(_pollHash, words);
        require(sumsHash_ == expected, WrongSumsHash(expected, sumsHash_));
        uint256[] memory decrypted = Secp256k1.words(points);
        EqualityProof.verifyShare(
            _pollHash,
            trustee,
            verificationKey,
            _firsts(words),
            decrypted,
            proof,
            hints
        );
        (uint256 at, uint256 end) = Words.bounds(decrypted);
        _shares[position] = _record(trustee, Words.hash(at, end));
        emit SharePosted(trustee, points, proof);
    }

    function _record(uint256 trustee, bytes32 hash) private pure returns (uint256) {
        return (uint256(hash) & ~uint256(0xff)) | trustee;
    }

    /// @dev Where this trustee's share goes; reverts if it is there already.
    function _nextPosition(uint256 trustee) private view returns (uint256 position) {
        // a board has no more trustees than there are places
        for (uint256 record; (record = _shares[position]) != 0; ++position) {
            require(record & 0xff != trustee, AlreadyShared(trustee));
        }
    }

    /// @dev x and y of A of every choice.
    function _firsts(uint256[] memory words) private pure returns (uint256[] memory firsts) {
        unchecked {
            firsts = Words.list(words.length / 2);
            (uint256 at, uint256 end) = Words.bounds(firsts);
            for (uint256 from = Words.start(words); at != end; from += 0x80) {
                Words.set(at, Words.get(from));
                Words.set(at + 0x20, Words.get(from + 0x20));
                at += 0x40;
            }
        }
    }

    // -- Result --

    /// @inheritdoc ITally
    function publishResult(
        uint256[] calldata scores,
        Secp256k1.Point[] calldata shares,
        Secp256k1.Point[] calldata hints
    ) external {
        IPoll.Terms memory terms = _terms();
        _requirePhase(IPoll.Phase.Closed, terms);
        uint256[] memory quorum = _quorum(terms.board.threshold());
        uint256 choices = Questions.shapeOf(terms.questions).choices;
        require(
            scores.length == choices &&
                shares.length == choices * quorum.length &&
                hints.length == choices * (quorum.length - 1),
            InvalidResultShape(scores.length, shares.length, hints.length)
        );
        _requireBounds(scores, terms.questions);
        uint256[] memory points = Secp256k1.words(shares);
        _requireShares(points, quorum, 0x40 * choices);
        _requireScores(scores, points, hints, Sharing.lagrange(quorum));
        for (uint256 k = 0; k < choices; ++k) _scores[k] = uint40(scores[k]);
        _status.tallied = true;
        emit ResultPublished(scores);
    }

    /// @dev The trustees of the first shares, as many as the threshold.
    function _quorum(uint256 threshold) private view returns (uint256[] memory quorum) {
        uint256[] memory received = _sharesPosted();
        require(received.length >= threshold, TooFewShares(threshold, received.length));
        quorum = new uint256[](threshold);
        for (uint256 i = 0; i < threshold; ++i) quorum[i] = received[i];
    }

    /// @dev Reverts if a score is more than the cast weight times the largest that a voter can give.
    function _requireBounds(
        uint256[] calldata scores,
        Questions.Question[] memory questions_
    ) private view {
        uint256 weight = _status.castWeight;
        uint256 choice;
        for (uint256 i = 0; i < questions_.length; ++i) {
            uint256 bound = weight * questions_[i].maxScore;
            for (uint256 end = choice + questions_[i].options; choice < end; ++choice) {
                if (scores[choice] > bound) revert ScoreTooLarge(choice, scores[choice], bound);
            }
        }
    }

    /// @dev Reverts unless these are the points of the quorum's shares, of this many bytes each.
    function _requireShares(
        uint256[] memory points,
        uint256[] memory quorum,
        uint256 size
    ) private view {
        uint256 at = Words.start(points);
        for (uint256 i = 0; i < quorum.length; ++i) {
            uint256 record = _record(quorum[i], Words.hash(at, at + size));
            require(record == _shares[i], WrongShare(i, quorum[i]));
            at += size;
        }
    }

    /**
     * @dev Reverts unless B = m·G + Σ λ_i·D_i for every choice. That is checked as
     * address(B − λ_2·D_2 − … − λ_t·D_t) = address(m·G + λ_1·D_1).
     * @param points x and y of D, of the first share, then of the second, and so on.
     * @param hints λ·D, of the second share, then of the third, and so on.
     */
    function _requireScores(
        uint256[] calldata scores,
        uint256[] memory points,
        Secp256k1.Point[] calldata hints,
        uint256[] memory lambdas
    ) private view {
        // B of every choice
        uint256[] memory rest = _points(1, 2, scores.length);
        uint256 size = 0x40 * scores.length;
        (uint256 first, uint256 end) = Words.bounds(points);
        uint256[] memory parts = Secp256k1.words(hints);
        uint256 part = Words.start(parts);
        for (uint256 d = first + size; d != end; d += size) {
            uint256 i = (d - first) / size;
            _requireParts(part, d, size, lambdas[i], scores.length * (i - 1));
            Secp256k1.addEach(rest, part);
            part += size;
        }
        uint256 at = Words.start(rest);
        for (uint256 k = 0; k < scores.length; ++k) {
            uint256 found = Secp256k1.toAddress(
                Secp256k1.Point(Words.get(at), Words.get(at + 0x20))
            );
            uint256 m = scores[k];
            uint256 expected = _expected(m, lambdas[0], Words.get(first), Words.get(first + 0x20));
            if (found != expected) revert WrongScore(k, m);
            at += 0x40;
            first += 0x40;
        }
    }

    /**
     * @dev Reverts unless the hints are λ·D, and makes them −λ·D; where D is infinity, infinity.
     * @param part Where in memory the hints of a share begin.
     * @param d Where in memory its points begin, to `d + size`.
     * @param index Of the first of these hints among all.
     */
    function _requireParts(
        uint256 part,
        uint256 d,
        uint256 size,
        uint256 lambda,
        uint256 index
    ) private view {
        unchecked {
            for (uint256 end = d + size; d != end; d += 0x40) {
                (uint256 x, uint256 y) = (Words.get(part), Words.get(part + 0x20));
                if (Words.get(d) == 0) {
                    (x, y) = (0, P);
                } else {
                    uint256 found = Secp256k1.mulAddress(
                        0,
                        lambda,
                        Words.get(d),
                        Words.get(d + 0x20)
                    );
                    if (found != Secp256k1.toAddress(x, y)) revert InvalidCombination(index);
                }
                Words.set(part, x);
                Words.set(part + 0x20, P - y);
                part += 0x40;
                ++index;
            }
        }
    }

    /// @dev The address of m·G + λ·D; 0 for infinity.
    function _expected(
        uint256 m,
        uint256 lambda,
        uint256 x,
        uint256 y
    ) private view returns (uint256) {
        if (Secp256k1.isInfinity(x, y)) return Secp256k1.baseAddress(m);
        return Secp256k1.mulAddress(m, lambda, x, y);
    }
}
