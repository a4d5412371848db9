// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {BallotProof} from "../crypto/BallotProof.sol";
import {Questions} from "../crypto/Questions.sol";
import {Secp256k1} from "../crypto/Secp256k1.sol";
import {Transcript} from "../crypto/Transcript.sol";
import {Weighting} from "../crypto/Weighting.sol";
import {Words} from "../crypto/Words.sol";
import {IPoll} from "../interfaces/IPoll.sol";
import {PackedBallot} from "./PackedBallot.sol";
import {PollDefinition} from "./PollDefinition.sol";
import {RunningSums} from "./RunningSums.sol";

/**
 * @title How ballots get in
 * @custom:invariant A ballot counts only with its voter's signature, a place on the roll and a valid proof.
 * @custom:invariant A voter has one ballot that counts, and only the voter's signature replaces it.
 * @custom:invariant The cast weight never exceeds the total weight of the roll.
 */
abstract contract BallotBox is RunningSums, PollDefinition, EIP712("Veche", "2") {
    bytes32 private constant BALLOT_TYPE = keccak256(
        "Ballot(address voter,bytes32 tracker,bytes32 replaces,uint64 deadline)"
    );

    /// @inheritdoc IPoll
    mapping(address voter => bytes32) public tracker;

    // -- Casting --

    /// @inheritdoc IPoll
    function cast(
        SignedBallot calldata signed,
        bytes32[] calldata rollProof,
        ReplacedBallot calldata replaced,
        BallotHints calldata hints
    ) external {
        (Terms memory terms, Secp256k1.Point memory key_) = _definition();
        Status memory status = _requirePhase(Phase.Open, terms);
        PackedBallot.Signed calldata head = PackedBallot.headOf(signed);
        bytes32 pollHash_ = _pollHash;
        uint256[] calldata ballot = signed.ballot;
        Questions.Shape memory shape = Questions.shapeOf(terms.questions);
        BallotProof.requireShape(ballot.length, shape);
        bytes32 tracker_ = _trackerOf(
            pollHash_,
            head,
            BallotProof.ciphertexts(ballot, shape.choices)
        );
        _requireSigned(head, tracker_, _domainSeparatorV4());
        _requireOnRoll(head, rollProof, terms.rollRoot);
        Place memory place = _placeOf(head.voter, terms.totalWeight - status.castWeight);
        _requirePlace(head, place, pollHash_, replaced.replaces, replaced.ciphertexts);
        uint256[] memory words = PackedBallot.record(head, ballot.length);
        BallotProof.read(ballot, words);
        BallotProof.requireWords(words, shape);
        BallotProof.requireHints(hints.sums.length, shape);
        uint256 free = Words.mark();
        BallotProof.verify(words, shape, hints.sums, terms.questions, key_, tracker_);
        Words.release(free);
        _enter(status, head, tracker_, words);
        words = _growth(head, words, replaced.ciphertexts, hints.weighted, shape.choices);
        uint256[] memory sums_ = _words(shape.choices);
        (uint256 at, uint256 end) = Words.bounds(words);
        unchecked {
            // addresses in memory
            for (; at != end; at += 0x20 * sums_.length) Secp256k1.addEach(sums_, at);
        }
        _store(sums_, status);
    }

    /// @inheritdoc IPoll
    /// @dev Sums and status may be kept in memory until the end, as every call is a static one.
    function castBatch(bytes32[] calldata nodes, uint256[][] calldata ballots) external {
        (Terms memory terms, Secp256k1.Point memory key_) = _definition();
        Status memory status = _requirePhase(Phase.Open, terms);
        _requireNodes(nodes, terms.rollRoot);
        Questions.Shape memory shape = Questions.shapeOf(terms.questions);
        uint256[] memory totals = Secp256k1.toTotals(_words(shape.choices));
        Context memory context = Context(_pollHash, _domainSeparatorV4(), key_, shape);
        for (uint256 i = 0; i < ballots.length; ++i) {
            uint256 free = Words.mark();
            uint256 gasBefore = gasleft();
            uint256[] calldata ballot = ballots[i];
            Place memory place = _placeOf(
                PackedBallot.voterOf(ballot),
                terms.totalWeight - status.castWeight
            );
            // solhint-disable-next-line avoid-low-level-calls
            (bool good, bytes memory answer) = _code.staticcall(
                abi.encodeCall(
                    IPoll.check,
                    (context, terms.questions, place, _node(nodes, ballot), ballot)
                )
            );
            if (good) {
                _count(status, totals, ballot, shape, answer);
            } else {
                // what runs out of gas two calls deep leaves less than 1/64 + 1/64 of it
                require(gasleft() > gasBefore / 16, TooLittleGas(i));
                emit BallotSkipped(i, _signer(ballot, answer), answer);
            }
            Words.release(free);
        }
        _store(Secp256k1.fromTotals(totals), status);
    }

    /// @inheritdoc IPoll
    function check(
        Context calldata context,
        Questions.Question[] calldata questions_,
        Place calldata place,
        bytes32 node,
        uint256[] calldata packed
    ) external view {
        Questions.Shape memory shape = context.shape;
        PackedBallot.Signed calldata head = PackedBallot.headOf(packed);
        PackedBallot.Parts memory parts = PackedBallot.partsOf(packed, shape);
        bytes32[] calldata rollProof = PackedBallot.rollProof(packed, parts.rollProof);
        bytes32 tracker_ = _trackerOf(
            context.pollHash,
            head,
            BallotProof.ciphertexts(PackedBallot.own(packed), shape.choices)
        );
        _requireSigned(head, tracker_, context.domain);
        _requireOnRoll(head, rollProof, node);
        (bytes32 before, BallotProof.Ciphertext[] calldata replaced) = PackedBallot.replaced(
            packed,
            parts.replaced,
            parts.weighted
        );
        _requirePlace(head, place, context.pollHash, before, replaced);
        uint256[] memory words = Words.list(BallotProof.count(shape));
        BallotProof.read(PackedBallot.own(packed), words);
        BallotProof.requireWords(words, shape);
        BallotProof.verify(
            words,
            shape,
            PackedBallot.hints(packed, parts.hints, parts.replaced),
            questions_,
            context.key,
            tracker_
        );
        if (head.weight == 1 && head.replaces == 0) {
            Words.cut(words, 0);
        } else {
            words = _growth(
                head,
                words,
                replaced,
                PackedBallot.weighted(packed, parts.weighted, parts.rollProof),
                shape.choices
            );
        }
        // the tracker takes the place of their number; ABI encoding would copy all of it
        assembly ("memory-safe") {
            let size := shl(5, add(mload(words), 1))
            mstore(words, tracker_)
            return(words, size)
        }
    }

    /// @dev The node that a ballot of a batch says its voter stands under; 0, which nobody does,
    /// where there is none.
    function _node(
        bytes32[] calldata nodes,
        uint256[] calldata ballot
    ) private pure returns (bytes32) {
        if (ballot.length == 0 || ballot[0] >= nodes.length) return 0;
        return nodes[ballot[0]];
    }

    function _placeOf(address voter, uint256 left) private view returns (Place memory) {
        return Place(tracker[voter], left);
    }

    // -- Checks --
    //
    // Nothing that depends on the ballot is refused with an error before its signature has been
    // checked: _signer relies on that.

    function _trackerOf(
        bytes32 pollHash_,
        PackedBallot.Signed calldata head,
        BallotProof.Ciphertext[] calldata ciphertexts
    ) private pure returns (bytes32) {
        return Transcript.tracker(pollHash_, head.voter, head.weight, head.replaces, ciphertexts);
    }

    /// @dev Reverts unless the voter signed this ballot, for this poll, and still wants it cast.
    function _requireSigned(
        PackedBallot.Signed calldata head,
        bytes32 tracker_,
        bytes32 domain
    ) private view {
        (address voter, uint256 deadline) = (head.voter, head.deadline);
        bytes32 message = keccak256(
            abi.encode(BALLOT_TYPE, voter, tracker_, head.replaces, deadline)
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, message);
        (address signer, , ) = ECDSA.tryRecover(digest, head.r, head.vs);
        require(signer == voter && signer != address(0), InvalidSignature(voter, signer));
        require(block.timestamp <= deadline, BallotExpired(deadline, block.timestamp));
    }

    /// @dev Reverts unless (voter, weight) is a leaf of the roll, OpenZeppelin's standard Merkle
    /// tree, under this node of it.
    function _requireOnRoll(
        PackedBallot.Signed calldata head,
        bytes32[] calldata rollProof,
        bytes32 node
    ) private pure {
        (address voter, uint256 weight) = (head.voter, head.weight);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(voter, weight))));
        require(MerkleProof.verifyCalldata(rollProof, node, leaf), NotOnRoll(voter, weight));
    }

    /// @dev Reverts unless a ballot is the voter's first, or replaces the one that counts.
    /// @param before The tracker that the replaced ballot replaced, `replaced` its ciphertexts.
    function _requirePlace(
        PackedBallot.Signed calldata head,
        Place memory place,
        bytes32 pollHash_,
        bytes32 before,
        BallotProof.Ciphertext[] calldata replaced
    ) private pure {
        (uint256 weight, bytes32 counting) = (head.weight, place.counting);
        require(head.replaces == counting, WrongTracker(counting, head.replaces));
        if (counting == 0) {
            require(weight != 0 && weight <= place.left, InvalidWeight(weight, place.left));
            return;
        }
        // with the same weight
        bytes32 computed = Transcript.tracker(pollHash_, head.voter, weight, before, replaced);
        require(computed == counting, WrongReplacedBallot(counting, computed));
    }

    /// @dev Reverts unless these are all nodes of one depth of the roll's tree, in their order.
    function _requireNodes(bytes32[] calldata nodes, bytes32 root) private pure {
        uint256 count = nodes.length;
        // a node that is left over would stand in no hash
        require(count != 0 && count & (count - 1) == 0, InvalidRollNodes(count, root));
        uint256[] memory level = Words.fromCalldata(nodes);
        unchecked {
            // addresses in memory; the level above takes the place of the first half of this one
            for (; count > 1; count /= 2) {
                uint256 to = Words.start(level);
                uint256 end = to + 0x20 * count;
                for (uint256 at = to; at != end; at += 0x40) {
                    (bytes32 left, bytes32 right) = (
                        bytes32(Words.get(at)),
                        bytes32(Words.get(at + 0x20))
                    );
                    Words.set(to, uint256(Hashes.commutativeKeccak256(left, right)));
                    to += 0x20;
                }
            }
        }
        bytes32 computed = bytes32(level[0]);
        require(computed == root, InvalidRollNodes(nodes.length, computed));
    }

    // -- Effects --

    /// @dev Counts a ballot of a batch that was found good.
    /// @param answer What `check` returned.
    function _count(
        Status memory status,
        uint256[] memory totals,
        uint256[] calldata ballot,
        Questions.Shape memory shape,
        bytes memory answer
    ) private {
        PackedBallot.Signed calldata head = PackedBallot.headOf(ballot);
        uint256[] memory words = PackedBallot.record(head, BallotProof.count(shape));
        BallotProof.read(PackedBallot.own(ballot), words);
        _enter(status, head, bytes32(answer), words);
        unchecked {
            // the tracker is the first word at least, and these are addresses in memory
            (uint256 at, uint256 end) = _bounds(answer);
            at += 0x20;
            if (at == end) {
                at = Words.start(words);
                end = at + 0x20 * BallotProof.WORDS * shape.choices;
            }
            _grow(totals, at, end);
        }
    }

    /// @dev Makes a ballot the voter's, and logs it: emit BallotCast(head.voter, tracker_,
    /// head.weight, head.replaces, head.deadline, head.r, head.vs, words), whose data stand in
    /// memory already.
    /// @param words Made by PackedBallot.record.
    function _enter(
        Status memory status,
        PackedBallot.Signed calldata head,
        bytes32 tracker_,
        uint256[] memory words
    ) private {
        address voter = head.voter;
        if (head.replaces == 0) {
            // the weight is within what the total weight, below 2^40, has left
            status.castWeight += uint40(head.weight);
            ++status.voterCount;
        }
        tracker[voter] = tracker_;
        bytes32 topic = BallotCast.selector;
        (uint256 at, uint256 end) = PackedBallot.recordOf(words);
        assembly ("memory-safe") {
            log3(at, sub(end, at), topic, voter, tracker_)
        }
    }

    /// @dev Adds what a ballot gives, and takes away what it replaces.
    function _grow(uint256[] memory totals, uint256 at, uint256 end) private pure {
        unchecked {
            // addresses in memory; a total has three words, a point two
            uint256 size = (totals.length / 3) * 0x40;
            for (; at != end; at += size) {
                Secp256k1.addRow(Words.start(totals), at, at + size);
            }
        }
    }

    /// @dev What the sums grow by: weight × (A, B) of every choice, then −weight × (A, B) of the
    /// replaced ballot, if there is one. With `words`, which are not needed any more, it does as
    /// it likes.
    function _growth(
        PackedBallot.Signed calldata head,
        uint256[] memory words,
        BallotProof.Ciphertext[] calldata replaced,
        Secp256k1.Point[] calldata hints,
        uint256 choices
    ) private view returns (uint256[] memory growth) {
        uint256 own = BallotProof.WORDS * choices;
        if (head.replaces == 0) {
            growth = words;
            Words.cut(growth, own);
        } else {
            growth = new uint256[](2 * own);
            for (uint256 i = 0; i < own; ++i) growth[i] = words[i];
            BallotProof.copy(replaced, growth, own);
        }
        Weighting.multiply(growth, head.weight, hints);
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
    function _signer(
        uint256[] calldata ballot,
        bytes memory reason
    ) private pure returns (address) {
        if (reason.length < 4 || bytes4(reason) == InvalidSignature.selector) return address(0);
        return PackedBallot.voterOf(ballot);
    }
}
