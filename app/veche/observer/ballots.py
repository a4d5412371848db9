"""Looks at ballots one by one: tracker, signature, proof. Made to run on every core at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from eth_account.messages import encode_typed_data
from eth_utils.address import to_checksum_address

from veche.crypto import ballot_proof, elgamal, secp256k1, transcript
from veche.crypto.ballot_proof import Ballot
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import FixedBase, N, Point
from veche.crypto.keccak import keccak
from veche.errors import VecheError
from veche.observer.evidence import CastBallot
from veche.protocol.ballot import TYPES, domain
from veche.protocol.definition import PollDefinition

SIGNATURES: Final = "ballot signatures"
TRACKERS: Final = "ballot trackers"
PROOFS: Final = "ballot proofs"

WORD: Final = 32
POINT: Final = 33
"""Bytes of a compressed point."""
_S: Final = (1 << 255) - 1


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in some ballots.

    Attributes:
        faults: check, tracker and reason of everything that is wrong.
        sums: of the ballots times their weights, for every choice; of those that can be read.
    """

    faults: tuple[tuple[str, bytes, str], ...]
    sums: tuple[Ciphertext, ...]


def examine(
    definition: PollDefinition, ballots: Sequence[CastBallot], *, of_many: bool = False
) -> Findings:
    """Checks ballots and adds them up.

    Args:
        definition: of the poll.
        ballots: in any order.
        of_many: whether they are some of so many that it is worth a tenth of a second to prepare
            for them, in every process.
    """
    key = FixedBase.of(definition.key) if of_many else definition.key
    faults: list[tuple[str, bytes, str]] = []
    counted: list[list[Ciphertext]] = []
    for cast in ballots:
        try:
            ballot = read(cast, definition)
        except VecheError as error:
            faults.append((PROOFS, cast.tracker, str(error)))
            continue
        faults += [
            (check, cast.tracker, why) for check, why in _faults(cast, ballot, definition, key)
        ]
        counted.append(weighted(ballot, cast.weight))
    columns = zip(*counted, strict=True) if counted else [()] * definition.questions.choices
    return Findings(tuple(faults), tuple(map(elgamal.total, columns)))


def read(cast: CastBallot, definition: PollDefinition) -> Ballot:
    """The ballot in a log or a record.

    Raises:
        Refused: no ballot of this poll looks like that.
    """
    questions, data = definition.questions, cast.words
    if not is_compressed(cast, definition):
        return Ballot.from_words(_words(data), questions)
    end = POINT * questions.points
    points = [Point.from_compressed(data[at : at + POINT]) for at in range(0, end, POINT)]
    return Ballot.from_parts(points, _words(data[end:]), questions)


def is_compressed(cast: CastBallot, definition: PollDefinition) -> bool:
    """Whether the points of a ballot are compressed: all of them, in front of the scalars."""
    questions = definition.questions
    return len(cast.words) == POINT * questions.points + WORD * questions.scalars


def _words(data: bytes) -> list[int]:
    chunks = (data[at : at + WORD] for at in range(0, len(data), WORD))
    return [int.from_bytes(each, "big") for each in chunks]


def tracker_of(cast: CastBallot, ballot: Ballot, definition: PollDefinition) -> bytes:
    """The tracker of a ballot, computed."""
    return transcript.tracker(
        definition.hash,
        voter=int(cast.voter, 16),
        weight=cast.weight,
        replaces=cast.replaces,
        ciphertexts=[each.pair for each in ballot.ciphertexts],
    )


def weighted(ballot: Ballot, weight: int) -> list[Ciphertext]:
    """The ciphertexts of a ballot `weight` times; a negative weight takes them out of a sum."""
    return [each if weight == 1 else each * weight for each in ballot.ciphertexts]


def _faults(
    cast: CastBallot, ballot: Ballot, definition: PollDefinition, key: Point
) -> list[tuple[str, str]]:
    """Check and reason of everything that is wrong with a ballot that can be read."""
    found = []
    tracker = tracker_of(cast, ballot, definition)
    if tracker != cast.tracker:
        found.append((TRACKERS, f"these ciphertexts give 0x{tracker.hex()}"))
    signer = _signer(cast, tracker, definition)
    if signer != bytes.fromhex(cast.voter[2:]):
        other = f"{to_checksum_address(signer)} has" if signer else "nobody has"
        found.append((SIGNATURES, f"{cast.voter} has not signed it, {other}"))
    try:
        ballot_proof.verify(ballot, questions=definition.questions, key=key, tracker=tracker)
    except VecheError as error:
        found.append((PROOFS, str(error)))
    return found


def _signer(cast: CastBallot, tracker: bytes, definition: PollDefinition) -> bytes:
    """The address, 20 bytes, of who signed a ballot with this tracker; empty for nobody."""
    packed = int.from_bytes(cast.vs, "big")
    s = packed & _S
    if s > N // 2:
        return b""
    signature = cast.r + s.to_bytes(WORD, "big")
    key = secp256k1.recovered(signature, packed >> 255, _digest(cast, tracker, definition))
    return keccak(secp256k1.words(key))[-20:] if key else b""


def _digest(cast: CastBallot, tracker: bytes, definition: PollDefinition) -> bytes:
    """What a voter signs, by EIP-712."""
    voter, deadline = int(cast.voter, 16), cast.deadline
    struct = keccak(_type_hash() + transcript.words([voter, tracker, cast.replaces, deadline]))
    separator = _separator(definition.chain_id, definition.address)
    return keccak(b"\x19\x01" + separator + struct)


@cache
def _type_hash() -> bytes:
    fields = ",".join(f"{each['type']} {each['name']}" for each in TYPES["Ballot"])
    return keccak(f"Ballot({fields})".encode())


@cache
def _separator(chain_id: int, poll: str) -> bytes:
    """The hash of the signing domain, by the library that wallets use."""
    empty = {"voter": poll, "tracker": bytes(32), "replaces": bytes(32), "deadline": 0}
    return bytes(encode_typed_data(domain(chain_id, poll), TYPES, empty).header)
