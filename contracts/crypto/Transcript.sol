// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {BallotProof} from "./BallotProof.sol";
import {Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";
import {Words} from "./Words.sol";

/**
 * @title Every hash of the protocol, with its tag and its words
 * @notice A hash input is a sequence of 32-byte words: first a tag, then the context, then the
 * whole statement, then the commitments. A list is preceded by its length (PROTOCOL §1).
 */
library Transcript {
    /// @notice A trustee, as the board's hash names it.
    struct Trustee {
        /// signs the trustee's deal and confirmation
        address account;
        /// E, which receives shares
        Secp256k1.Point sealingKey;
    }

    /// @notice What defines a board, beside its trustees.
    struct Board {
        /// of the chain, by EIP-155
        uint256 chainId;
        /// the board's contract
        address board;
        /// how many trustees decrypt
        uint256 threshold;
        /// the fewest voters that the board decrypts for
        uint256 minVoters;
        /// seconds since 1970
        uint256 dealBy;
        /// seconds since 1970
        uint256 confirmBy;
        /// the hash of the board's texts
        bytes32 contentHash;
    }

    /// @notice What defines a poll, beside its questions.
    struct Poll {
        /// of the chain, by EIP-155
        uint256 chainId;
        /// the poll's contract
        address poll;
        /// its board's contract
        address board;
        /// the context of its board
        bytes32 boardHash;
        /// Y
        Secp256k1.Point key;
        /// the Merkle root of the electoral roll
        bytes32 rollRoot;
        /// the sum of all weights on the roll
        uint256 totalWeight;
        /// seconds since 1970
        uint256 opens;
        /// seconds since 1970
        uint256 closes;
        /// the fewest voters that a result is computed for
        uint256 minVoters;
        /// the hash of the poll's texts
        bytes32 contentHash;
    }

    bytes32 internal constant BOARD = keccak256("veche/v2/board");
    bytes32 internal constant DEAL = keccak256("veche/v2/deal");
    bytes32 internal constant DEALS = keccak256("veche/v2/deals");
    bytes32 internal constant SEAL = keccak256("veche/v2/seal");
    bytes32 internal constant BLAME = keccak256("veche/v2/blame");
    bytes32 internal constant POLL = keccak256("veche/v2/poll");
    bytes32 internal constant TRACKER = keccak256("veche/v2/tracker");
    bytes32 internal constant WEIGHTS = keccak256("veche/v2/weights");
    bytes32 internal constant BALLOT = keccak256("veche/v2/ballot");
    bytes32 internal constant SUMS = keccak256("veche/v2/sums");
    bytes32 internal constant SHARE = keccak256("veche/v2/share");

    // -- Board --

    /// @notice The context of a board (PROTOCOL §2).
    function boardHash(
        Board memory board,
        Trustee[] memory trustees
    ) internal pure returns (bytes32) {
        bytes memory rules = abi.encode(
            BOARD,
            board.chainId,
            board.board,
            trustees.length,
            board.threshold,
            board.minVoters,
            board.dealBy,
            board.confirmBy,
            board.contentHash
        );
        return keccak256(bytes.concat(rules, _list(abi.encode(trustees))));
    }

    /// @notice The challenge of a deal's proof; `first` and `second` are the addresses of its
    /// commitments (PROTOCOL §2).
    function dealChallenge(
        bytes32 board,
        uint256 dealer,
        Secp256k1.Point[] memory commitments,
        Secp256k1.Point memory ephemeral,
        bytes32[] memory sealedShares,
        uint256 first,
        uint256 second
    ) internal pure returns (uint256) {
        bytes memory words = bytes.concat(
            abi.encode(DEAL, board, dealer),
            _list(abi.encode(commitments)),
            abi.encode(ephemeral),
            _list(abi.encode(sealedShares)),
            abi.encode(first, second)
        );
        return _scalar(keccak256(words));
    }

    /// @notice What all deals add up to, after one more (PROTOCOL §2).
    function dealsHash(
        bytes32 previous,
        uint256 dealer,
        uint256 challenge
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(DEALS, previous, dealer, challenge));
    }

    /// @notice The pad that hides a share, `shared` being k·E (PROTOCOL §2).
    function sealPad(
        bytes32 board,
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point memory shared
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(SEAL, board, dealer, recipient, shared));
    }

    /// @notice The challenge of a blame's proof (PROTOCOL §2).
    function blameChallenge(
        bytes32 board,
        uint256 dealer,
        uint256 recipient,
        Secp256k1.Point memory sealingKey,
        Secp256k1.Point memory ephemeral,
        Secp256k1.Point memory shared,
        uint256 first,
        Secp256k1.Point memory second
    ) internal pure returns (uint256) {
        bytes memory statement = abi.encode(
            BLAME,
            board,
            dealer,
            recipient,
            sealingKey,
            ephemeral,
            shared
        );
        return _scalar(keccak256(bytes.concat(statement, abi.encode(first, second))));
    }

    // -- Poll --

    /// @notice The context of a poll (PROTOCOL §3).
    function pollHash(
        Poll memory poll,
        Questions.Question[] memory questions
    ) internal pure returns (bytes32) {
        return keccak256(bytes.concat(abi.encode(POLL, poll), _list(abi.encode(questions))));
    }

    /// @notice The name of a ballot (PROTOCOL §3).
    function tracker(
        bytes32 poll,
        address voter,
        uint256 weight,
        bytes32 replaces,
        BallotProof.Ciphertext[] calldata ciphertexts
    ) internal pure returns (bytes32 result) {
        bytes memory head = abi.encode(TRACKER, poll, voter, weight, replaces, ciphertexts.length);
        // keccak256(bytes.concat(head, the words of the ciphertexts)); calldata holds them in a
        // row, and encoding them one by one would cost ten times as much
        assembly ("memory-safe") {
            let at := add(head, 0x20)
            let size := mul(ciphertexts.length, 0x80)
            calldatacopy(add(at, mload(head)), ciphertexts.offset, size)
            result := keccak256(at, add(mload(head), size))
        }
    }

    /// @notice The factor τ, whose powers weigh the statements of a ballot (PROTOCOL §3).
    function statementFactor(bytes32 ballotTracker) internal pure returns (uint256) {
        uint256[] memory words = Words.list(2);
        (uint256 at, uint256 end) = Words.bounds(words);
        unchecked {
            // an address in memory
            Words.set(at, uint256(WEIGHTS));
            Words.set(at + 0x20, uint256(ballotTracker));
        }
        return _scalar(Words.hash(at, end));
    }

    /**
     * @notice The words of a ballot's challenge, with what was committed to still to be written
     * (PROTOCOL §3).
     * @return words Tag, tracker, the number of choices, three words for each, the number of
     * coefficients, two words for each.
     * @return opened Where in memory the commitments of the choices begin.
     * @return coefficients Where in memory those to the coefficients begin.
     */
    function beginBallot(
        bytes32 ballotTracker,
        uint256 choices,
        uint256 degree
    ) internal pure returns (uint256[] memory words, uint256 opened, uint256 coefficients) {
        unchecked {
            // a poll has 60 choices and a degree of 101 at most; the rest are addresses in memory
            words = Words.zeros(4 + 3 * choices + 2 * degree);
            uint256 at = Words.start(words);
            Words.set(at, uint256(BALLOT));
            Words.set(at + 0x20, uint256(ballotTracker));
            Words.set(at + 0x40, choices);
            opened = at + 0x60;
            coefficients = opened + 0x60 * choices + 0x20;
            Words.set(coefficients - 0x20, degree);
        }
    }

    /// @notice The challenge whose words these are.
    function challengeOf(uint256[] memory words) internal pure returns (uint256) {
        (uint256 at, uint256 end) = Words.bounds(words);
        return _scalar(Words.hash(at, end));
    }

    // -- Result --

    /// @notice What trustees decrypt: the sums of all choices (PROTOCOL §4).
    /// @param sums x and y of A and B of every choice.
    function sumsHash(bytes32 poll, uint256[] memory sums) internal view returns (bytes32) {
        uint256[] memory words = Words.list(3 + sums.length);
        (words[0], words[1], words[2]) = (uint256(SUMS), uint256(poll), sums.length / 4);
        (uint256 at, uint256 end) = Words.bounds(words);
        Words.copy(sums, at + 0x60);
        return Words.hash(at, end);
    }

    /// @notice The challenge of a decryption share's proof (PROTOCOL §4).
    /// @param sums x and y of A of every choice.
    /// @param points x and y of D of every choice.
    /// @param others x and y of the second commitments.
    function shareChallenge(
        bytes32 poll,
        uint256 trustee,
        Secp256k1.Point memory verificationKey,
        uint256[] memory sums,
        uint256[] memory points,
        uint256 first,
        uint256[] memory others
    ) internal view returns (uint256) {
        uint256[] memory words = Words.list(9 + sums.length + points.length + others.length);
        (words[0], words[1], words[2]) = (uint256(SHARE), uint256(poll), trustee);
        (words[3], words[4]) = (verificationKey.x, verificationKey.y);
        uint256 at = Words.start(words) + 0xa0;
        at = _appendPoints(at, sums);
        at = _appendPoints(at, points);
        Words.set(at, first);
        _appendPoints(at + 0x20, others);
        return challengeOf(words);
    }

    /// @dev Writes a list of points, their number in front, and returns where it ends.
    function _appendPoints(uint256 at, uint256[] memory points) private view returns (uint256 end) {
        Words.set(at, points.length / 2);
        return Words.copy(points, at + 0x20);
    }

    // -- Words --

    /// @dev The ABI encoding of one list of words, less the offset in front: its length, and its
    /// items. Changes `encoded` in place.
    function _list(bytes memory encoded) private pure returns (bytes memory words) {
        assembly ("memory-safe") {
            words := add(encoded, 0x20)
            mstore(words, sub(mload(encoded), 0x20))
        }
    }

    function _scalar(bytes32 hash) private pure returns (uint256) {
        return uint256(hash) % Secp256k1.N;
    }
}
