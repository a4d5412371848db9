// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BallotProof} from "../crypto/BallotProof.sol";
import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Transcript} from "../crypto/Transcript.sol";
import {Weighting} from "../crypto/Weighting.sol";
import {Words} from "../crypto/Words.sol";
import {IPoll} from "../interfaces/IPoll.sol";
import {RunningSums} from "./RunningSums.sol";

/**
 * @title How ballots get in
 * @custom:invariant A ballot counts only with its voter's signature, a place on the roll and a valid proof.
 * @custom:invariant A voter has one ballot that counts, and only the voter's signature replaces it.
 * @custom:invariant The cast weight never exceeds the total weight of the roll.
 */
abstract contract BallotBox is RunningSums, EIP712("Veche", "1") {
    bytes32 private constant BALLOT_TYPE = keccak256(
        "Ballot(address voter,bytes32 tracker,bytes32 replaces,uint64 deadline)"
    );

    uint256 private constant MAX_REPLACEMENTS = 32;

    /// @inheritdoc IPoll
    mapping(address voter => bytes32) public tracker;
    /// @inheritdoc IPoll
    mapping(address voter => uint256) public replacements;

    // -- Casting --

    /// @inheritdoc IPoll
    function cast(
        SignedBallot calldata signed,
        bytes32[] calldata rollProof,
        ReplacedBallot calldata replaced,
        BallotHints calldata hints
    ) external {
        uint256[] memory words = _admit(signed, rollProof, replaced, hints);
        uint256[] memory sums_ = _words(signed.ballot.ciphertexts.length);
        (uint256 at, uint256 end) = Words.bounds(words);
        _grow(sums_, at, end);
        _store(sums_);
    }

    /// @inheritdoc IPoll
    function castBatch(bytes[] calldata ballots) external {
        Terms memory terms = _terms();
        _requirePhase(Phase.Open, terms);
        uint256[] memory sums_ = _words(Questions.shapeOf(terms.questions).choices);
        for (uint256 i = 0; i < ballots.length; ++i) {
            uint256 free = Words.mark();
            uint256 gasBefore = gasleft();
            // solhint-disable-next-line avoid-low-level-calls
            (bool admitted, bytes memory answer) = address(this).call(
                bytes.concat(IPoll.admit.selector, ballots[i])
            );
            if (admitted) {
                (uint256 at, uint256 end) = _bounds(answer);
                _grow(sums_, at, end);
            } else {
                // two calls deep, what runs out of gas leaves less than 1/64 + 1/64 of it
                require(gasleft() > gasBefore / 16, TooLittleGas(i));
                emit BallotSkipped(i, _signer(ballots[i], answer), answer);
            }
            Words.release(free);
        }
        _store(sums_);
    }

    /// @dev Adds what a ballot gives, and takes away what it replaces.
    function _grow(uint256[] memory sums_, uint256 at, uint256 end) private view {
        for (; at != end; at += 0x20 * sums_.length) Secp256k1.addEach(sums_, at);
    }

    /// @inheritdoc IPoll
    function admit(
        SignedBallot calldata signed,
        bytes32[] calldata rollProof,
        ReplacedBallot calldata replaced,
        BallotHints calldata hints
    ) external {
        require(msg.sender == address(this), NotThroughBatch(msg.sender));
        (uint256 at, uint256 end) = Words.bounds(_admit(signed, rollProof, replaced, hints));
        // ABI encoding would copy it once more on either side
        assembly ("memory-safe") {
            return(at, sub(end, at))
        }
    }

    /// @dev Everything but the sums: checks the ballot, makes it the voter's, logs it. Nothing
    /// that depends on the ballot is refused with an error of its own before its signature has
    /// been checked: _signer relies on that.
    function _admit(
        SignedBallot calldata signed,
        bytes32[] calldata rollProof,
        ReplacedBallot calldata replaced,
        BallotHints calldata hints
    ) private returns (uint256[] memory words) {
        (Terms memory terms, Secp256k1.Point memory key_) = _definition();
        _requirePhase(Phase.Open, terms);
        bytes32 tracker_ = Transcript.tracker(
            pollHash,
            signed.voter,
            signed.weight,
            signed.replaces,
            signed.ballot.ciphertexts
        );
        _requireSignature(signed, tracker_);
        require(
            block.timestamp <= signed.deadline,
            BallotExpired(signed.deadline, block.timestamp)
        );
        _requireOnRoll(signed, rollProof, terms.rollRoot);
        _takePlace(signed, replaced, terms.totalWeight);
        Questions.Shape memory shape;
        (words, shape) = BallotProof.read(signed.ballot);
        BallotProof.verify(words, shape, hints.branches, terms.questions, key_, tracker_);
        tracker[signed.voter] = tracker_;
        _log(signed, tracker_, words);
        return _growth(signed, replaced, words, BallotProof.WORDS * shape.choices, hints.weighted);
    }

    /// @dev emit BallotCast(signed.voter, tracker_, signed.weight, signed.replaces,
    /// signed.deadline, signed.r, signed.vs, words), which the compiler would copy word by word.
    function _log(SignedBallot calldata signed, bytes32 tracker_, uint256[] memory words) private {
        bytes32 topic = BallotCast.selector;
        address voter = signed.voter;
        uint256[] memory data = new uint256[](7 + words.length);
        (data[0], data[1], data[2]) = (signed.weight, uint256(signed.replaces), signed.deadline);
        (data[3], data[4]) = (uint256(signed.r), uint256(signed.vs));
        // where the list begins, and its length
        (data[5], data[6]) = (0xc0, words.length);
        (uint256 at, uint256 end) = Words.bounds(data);
        Words.copy(words, at + 0xe0);
        assembly ("memory-safe") {
            log3(at, sub(end, at), topic, voter, tracker_)
        }
    }

    /// @dev Reverts unless the voter signed this ballot, for this poll.
    function _requireSignature(SignedBallot calldata signed, bytes32 tracker_) private view {
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(BALLOT_TYPE, signed.voter, tracker_, signed.replaces, signed.deadline)
            )
        );
        (address signer, , ) = ECDSA.tryRecover(digest, signed.r, signed.vs);
        require(
            signer == signed.voter && signer != address(0),
            InvalidSignature(signed.voter, signer)
        );
    }

    /// @dev Reverts unless (voter, weight) is a leaf of the roll, OpenZeppelin's standard Merkle
    /// tree.
    function _requireOnRoll(
        SignedBallot calldata signed,
        bytes32[] calldata rollProof,
        bytes32 root
    ) private pure {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(signed.voter, signed.weight))));
        require(
            MerkleProof.verifyCalldata(rollProof, root, leaf),
            NotOnRoll(signed.voter, signed.weight)
        );
    }

    /// @dev Counts a voter's first ballot, or a replacement; reverts if it can be neither.
    function _takePlace(
        SignedBallot calldata signed,
        ReplacedBallot calldata replaced,
        uint256 totalWeight_
    ) private {
        bytes32 counting = tracker[signed.voter];
        require(signed.replaces == counting, WrongTracker(counting, signed.replaces));
        if (counting == 0) {
            Status memory status = _status;
            uint256 left = totalWeight_ - status.castWeight;
            require(
                signed.weight != 0 && signed.weight <= left,
                InvalidWeight(signed.weight, left)
            );
            status.castWeight += uint40(signed.weight);
            ++status.voterCount;
            _status = status;
        } else {
            _requireReplaced(signed, replaced, counting);
            uint256 times = ++replacements[signed.voter];
            require(times <= MAX_REPLACEMENTS, TooManyReplacements(MAX_REPLACEMENTS));
        }
    }

    /// @dev Reverts unless the tracker that counts covers what is given as the replaced ballot,
    /// with the same weight.
    function _requireReplaced(
        SignedBallot calldata signed,
        ReplacedBallot calldata replaced,
        bytes32 counting
    ) private view {
        bytes32 computed = Transcript.tracker(
            pollHash,
            signed.voter,
            signed.weight,
            replaced.replaces,
            replaced.ciphertexts
        );
        require(computed == counting, WrongReplacedBallot(counting, computed));
    }

    /// @dev What the sums grow by: weight × (A, B) of every choice, then −weight × (A, B) of the
    /// replaced ballot, if there is one. Of `words` the first `own` are the ciphertexts'.
    function _growth(
        SignedBallot calldata signed,
        ReplacedBallot calldata replaced,
        uint256[] memory words,
        uint256 own,
        Secp256k1.Point[] calldata hints
    ) private view returns (uint256[] memory growth) {
        if (signed.replaces == 0) {
            growth = words;
            // the words of the proof are not needed any more
            assembly ("memory-safe") {
                mstore(growth, own)
            }
        } else {
            growth = new uint256[](2 * own);
            for (uint256 i = 0; i < own; ++i) growth[i] = words[i];
            BallotProof.copy(replaced.ciphertexts, growth, own);
        }
        Weighting.multiply(growth, signed.weight, hints);
        // −(x, y) = (x, −y)
        for (uint256 i = own + 1; i < growth.length; i += 2) growth[i] = Secp256k1.P - growth[i];
    }

    /// @dev Where in memory bytes begin and end.
    function _bounds(bytes memory data) private pure returns (uint256 at, uint256 end) {
        assembly ("memory-safe") {
            at := add(data, 0x20)
            end := add(at, mload(data))
        }
    }

    /// @dev Who signed a ballot that was refused, where the reason shows that the signature held.
    function _signer(bytes calldata ballot, bytes memory reason) private pure returns (address) {
        if (reason.length < 4 || bytes4(reason) == InvalidSignature.selector) return address(0);
        uint256 at = uint256(bytes32(ballot));
        return address(uint160(uint256(bytes32(ballot[at:]))));
    }
}
