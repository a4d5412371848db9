// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {BallotProof} from "../crypto/BallotProof.sol";
import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {ITally} from "./ITally.sol";
import {ITrusteeBoard} from "./ITrusteeBoard.sol";

/**
 * @title A poll
 * @notice Questions, an electoral roll, a time, and a board that decrypts the sums (PROTOCOL §3).
 *
 * Scheduled → Open → Closed, by the clock, → Tallied, with the result; Cancelled, by officials,
 * before the first ballot; Void, where too few voted. Nobody has to close a poll for it to be closed.
 */
interface IPoll is ITally {
    /// @notice Where a poll stands: a function of block time and state.
    enum Phase {
        /// it has not opened yet
        Scheduled,
        /// ballots are accepted
        Open,
        /// no ballot is accepted any more
        Closed,
        /// its result is recorded
        Tallied,
        /// closed, with fewer voters than a result is computed for
        Void,
        /// withdrawn before the first ballot
        Cancelled
    }

    /// @notice What defines a poll, beside its texts.
    struct Terms {
        /// decrypts the sums; it must be Ready
        ITrusteeBoard board;
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
        /// what voters may give
        Questions.Question[] questions;
    }

    /// @notice An entry of the electoral roll.
    struct RollEntry {
        address voter;
        uint256 weight;
    }

    /// @notice An encrypted ballot, as its voter signed it.
    struct SignedBallot {
        address voter;
        /// the voter's weight on the roll
        uint256 weight;
        /// the tracker of the ballot that this one replaces, or 0
        bytes32 replaces;
        /// the last moment at which the voter wants it cast, in seconds since 1970
        uint64 deadline;
        /// of the signature
        bytes32 r;
        /// of the signature: parity in the highest bit, and s (EIP-2098)
        bytes32 vs;
        /// the words of the ballot, in a row (PROTOCOL §3)
        uint256[] ballot;
    }

    /// @notice What the tracker of a replaced ballot covers; empty where there is none.
    struct ReplacedBallot {
        /// the tracker that it replaced itself, or 0
        bytes32 replaces;
        BallotProof.Ciphertext[] ciphertexts;
    }

    /// @notice What the contract needs to check a ballot. Anyone computes it; it is not signed.
    struct BallotHints {
        /// U, x of V and the slope of every choice; x of V and the slope of every sum of Horner's
        /// rule but the last; U, x of V and the slope of the last (PROTOCOL §3)
        uint256[] sums;
        /// A and B of every choice times the weight, those of the replaced ballot after them;
        /// none where the weight is 1
        Secp256k1.Point[] weighted;
    }

    /// @notice What all ballots of a batch are checked against.
    struct Context {
        bytes32 pollHash;
        /// the EIP-712 domain separator of the poll
        bytes32 domain;
        /// Y
        Secp256k1.Point key;
        /// what the questions ask for
        Questions.Shape shape;
    }

    /// @notice What a poll knows of a voter.
    struct Place {
        /// the tracker of the voter's ballot that counts, or 0
        bytes32 counting;
        /// how much of the total weight has not been cast
        uint256 left;
    }

    // -- Errors --

    /// @notice The sender is not the catalogue that this poll belongs to.
    error NotCatalogue(address sender);
    /// @notice The poll is in another phase than the call needs.
    error WrongPhase(Phase expected, Phase actual);
    /// @notice A poll with ballots is not cancelled, and its roll is not published again.
    error HasBallots(uint256 voterCount);
    /// @notice The ballot, in this poll and with this deadline, was not signed by its voter.
    error InvalidSignature(address voter, address signer);
    /// @notice The voter did not want the ballot cast so late; seconds since 1970.
    error BallotExpired(uint256 deadline, uint256 time);
    /// @notice The roll does not give this voter this weight.
    error NotOnRoll(address voter, uint256 weight);
    /// @notice The weight is 0, or more than the roll has left.
    error InvalidWeight(uint256 weight, uint256 left);
    /// @notice The nodes of a batch are not all of one depth of the roll's tree: they are not 1, 2,
    /// 4, …, in number, or `root`, which they give, is another than the roll's.
    error InvalidRollNodes(uint256 count, bytes32 root);
    /// @notice The voter's ballot that counts has another tracker than the one to be replaced.
    error WrongTracker(bytes32 expected, bytes32 replaces);
    /// @notice What is given as the replaced ballot has another tracker; perhaps the weight differs.
    error WrongReplacedBallot(bytes32 expected, bytes32 computed);
    /// @notice The ballot with this index failed in a batch, perhaps because of too little gas: send
    /// more gas.
    error TooLittleGas(uint256 index);
    // -- Events --

    /// @notice A part of the electoral roll was published; `first` is the index of its first entry.
    event RollPublished(uint256 indexed first, RollEntry[] entries);
    /// @notice The poll was withdrawn.
    event PollCancelled();
    /// @notice A ballot was accepted, and counts until the voter replaces it.
    /// @param ballot The ballot's words: for every choice A.x, A.y, B.x, B.y; then the challenge x; then
    /// f and z of every choice; then w; then x and y of E_1 … E_{D−1} (PROTOCOL §3).
    event BallotCast(
        address indexed voter,
        bytes32 indexed tracker,
        uint256 weight,
        bytes32 replaces,
        uint64 deadline,
        bytes32 r,
        bytes32 vs,
        uint256[] ballot
    );
    /**
     * @notice The ballot of this index in a batch was refused.
     * @param voter The voter, if the ballot bore the voter's signature; otherwise 0. The fault may
     * still be the carrier's: proof, hints and roll proof are not signed. `tracker` tells what
     * counts.
     * @param reason What it was refused with: a custom error; nothing where it was malformed.
     */
    event BallotSkipped(uint256 indexed index, address indexed voter, bytes reason);
    // -- Officials --

    /// @notice Gives a new poll its hash and its texts: once, by its catalogue, which has attached
    /// terms and key to its code.
    function initialise(bytes32 pollHash, string calldata content) external;

    /**
     * @notice Publishes a part of the electoral roll as event data, before the first ballot and
     * before the close. By its catalogue.
     * @dev The contract does not hold it against the root: an observer does.
     * @param first The index of the first of these entries on the roll.
     */
    function publishRoll(uint256 first, RollEntry[] calldata entries) external;

    /// @notice Withdraws a poll that has no ballot yet. By its catalogue.
    function cancel() external;

    // -- Ballots --

    /**
     * @notice Casts a ballot, or replaces the voter's earlier one. Anyone may carry it.
     * @param rollProof That (voter, weight) is a leaf of the roll.
     * @param replaced What the tracker of the replaced ballot covers.
     */
    function cast(
        SignedBallot calldata signed,
        bytes32[] calldata rollProof,
        ReplacedBallot calldata replaced,
        BallotHints calldata hints
    ) external;

    /**
     * @notice Casts many ballots. One that is refused is skipped with an event; the others count.
     * @dev With too little gas for a ballot, all of it reverts: nobody can have a good ballot
     * skipped by sending little. Where the last ballot fails late, that takes a fifteenth of its
     * gas more than is used: estimate the gas, or allow for it.
     * @param nodes All nodes of one depth of the roll's tree, in their order: the root alone, or
     * its two children, or four. They are proven once, and every ballot's roll proof ends at one
     * of them. About as many as there are ballots take the least gas.
     * @param ballots The words of each, in a row and without lengths, as PackedBallot has them
     * (PROTOCOL §3).
     */
    function castBatch(bytes32[] calldata nodes, uint256[][] calldata ballots) external;

    /**
     * @notice The part of a ballot's casting that can be refused in a batch: reverts unless the
     * ballot is good. A batch calls it for every ballot, as a call of its own, in the code that
     * all polls share. It looks at no state, and changes none.
     * @dev It returns the tracker, then x and y of the points that the sums grow by, unless these
     * are the ciphertexts themselves; and nothing around them.
     * @param questions_ What voters may give.
     * @param place What the poll knows of the voter.
     * @param node A node of the roll's tree, or 0, to which the roll proof must lead.
     * @param ballot As in `castBatch`.
     */
    function check(
        Context calldata context,
        Questions.Question[] calldata questions_,
        Place calldata place,
        bytes32 node,
        uint256[] calldata ballot
    ) external view;

    // -- Reads --

    /// @notice The catalogue that made this poll.
    function catalogue() external view returns (address);

    /// @notice The number of the block in which the poll was made. No log of it is older.
    function bornAt() external view returns (uint256);

    /// @notice The code that counts polls: an ITally, which a poll runs on its own state.
    function tally() external view returns (address);

    /// @notice The hash of everything that defines the poll. All trackers and proofs depend on it.
    function pollHash() external view returns (bytes32);

    /// @notice Where the poll stands.
    function phase() external view returns (Phase);

    /// @notice The board that decrypts the sums.
    function board() external view returns (ITrusteeBoard);

    /// @notice The encryption key Y, the board's.
    function key() external view returns (Secp256k1.Point memory);

    /// @notice The texts of the poll: a JSON document in UTF-8.
    function content() external view returns (string memory);

    /// @notice What voters may give.
    function questions() external view returns (Questions.Question[] memory);

    /// @notice The Merkle root of the electoral roll.
    function rollRoot() external view returns (bytes32);

    /// @notice The sum of all weights on the roll.
    function totalWeight() external view returns (uint256);

    /// @notice When the poll opens, in seconds since 1970.
    function opens() external view returns (uint256);

    /// @notice When the poll closes, in seconds since 1970.
    function closes() external view returns (uint256);

    /// @notice The fewest voters that a result is computed for.
    function minVoters() external view returns (uint256);

    /// @notice How many voters have cast a ballot.
    function voterCount() external view returns (uint256);

    /// @notice The weights of all voters who have cast a ballot.
    function castWeight() external view returns (uint256);

    /// @notice The tracker of the voter's ballot that counts; 0 before the first.
    function tracker(address voter) external view returns (bytes32);

    /// @notice The encrypted sums of all choices: of the last ballots, times their weights.
    function sums() external view returns (BallotProof.Ciphertext[] memory);

    /// @notice What trustees say they decrypt: a hash of poll and sums (PROTOCOL §4).
    function sumsHash() external view returns (bytes32);

    /// @notice The indices of the trustees whose shares were accepted, in that order.
    function sharesPosted() external view returns (uint256[] memory);

    /// @notice The score of every choice, proven; none before that.
    function result() external view returns (uint256[] memory);
}
