"""Counts the ballots of a poll again: every signature, proof and replacement, and their sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from eth_account import Account

from veche import ballot as ballots
from veche.ballot import NO_BALLOT, SignedBallot
from veche.crypto import ballot_proof, elgamal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.group import N
from veche.definition import PollDefinition
from veche.errors import VecheError
from veche.observer.report import Report
from veche.roll import Roll

Earlier: TypeAlias = Callable[[str, bytes], SignedBallot | None]
"""Finds a voter's ballot by its tracker."""

MAX_REPLACEMENTS: Final = 32
"""How often a voter may replace a ballot (PROTOCOL §3)."""

SIGNATURES = "ballot signatures"
MEMBERSHIP = "ballot voters on the roll"
TIMES = "ballot times"
TRACKERS = "ballot trackers"
PROOFS = "ballot proofs"
REPLACEMENTS = "ballot replacements"

_S = (1 << 255) - 1
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class _Record:
    """A voter's ballot that counts so far."""

    tracker: bytes
    replacements: int
    weight: int


@dataclass
class BallotBox:
    """The ballots of a poll, counted one by one in the order in which they were cast.

    Attributes:
        definition: of the poll.
        roll: its electoral roll.
        earlier: finds a ballot that was replaced, to take it out of the sums.
        sums: of the last ballots so far, times their weights.
        count: how many ballots were cast, replacements included.
    """

    definition: PollDefinition
    roll: Roll
    earlier: Earlier
    sums: list[Ciphertext] = field(init=False)
    count: int = field(init=False, default=0)
    _records: dict[str, _Record] = field(init=False, default_factory=dict)
    _faults: dict[str, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.sums = [elgamal.ZERO] * self.definition.questions.choices

    @property
    def voters(self) -> int:
        """How many voters have cast a ballot."""
        return len(self._records)

    @property
    def weight(self) -> int:
        """The weights of all who have."""
        return sum(each.weight for each in self._records.values())

    def tracker(self, voter: str) -> bytes | None:
        """The tracker of a voter's ballot that counts."""
        record = self._records.get(voter)
        return record.tracker if record else None

    def add(self, signed: SignedBallot, tracker: bytes, time: int) -> None:
        """Checks a ballot and counts it.

        Args:
            signed: the ballot.
            tracker: as the poll logged it, 32 bytes.
            time: of the block that holds it, in seconds since 1970.
        """
        self.count += 1
        name = f"ballot 0x{tracker.hex()}"
        computed = signed.tracker(self.definition.hash)
        self._hold(TRACKERS, tracker == computed, f"{name} is 0x{computed.hex()}")
        self._check_signature(signed, computed, name)
        self._check_membership(signed, name)
        self._check_times(signed, time, name)
        self._check_proof(signed, computed, name)
        self._count(signed, computed, name)

    def _hold(self, check: str, holds: bool, fault: str) -> None:  # noqa: FBT001  # the verdict
        if not holds:
            self._faults.setdefault(check, []).append(fault)

    def _check_signature(self, signed: SignedBallot, tracker: bytes, name: str) -> None:
        signable = ballots.message(
            chain_id=self.definition.chain_id,
            poll=self.definition.address,
            voter=signed.voter,
            tracker=tracker,
            replaces=signed.replaces,
            deadline=signed.deadline,
        )
        packed = int.from_bytes(signed.signature.vs, "big")
        s = packed & _S
        vrs = (27 + (packed >> 255), int.from_bytes(signed.signature.r, "big"), s)
        try:
            signer = Account.recover_message(signable, vrs=vrs)
        except Exception:  # noqa: BLE001  # whatever a library says of nonsense
            signer = "nobody"
        good = signer == signed.voter and s <= N // 2
        self._hold(SIGNATURES, good, f"{name} of {signed.voter} was signed by {signer}")

    def _check_membership(self, signed: SignedBallot, name: str) -> None:
        weight = self.roll.weight(signed.voter)
        said = f"{name} has weight {signed.weight}, the roll gives {signed.voter} {weight}"
        self._hold(MEMBERSHIP, signed.weight == weight and weight > 0, said)

    def _check_times(self, signed: SignedBallot, time: int, name: str) -> None:
        open_ = self.definition.opens <= time < self.definition.closes
        self._hold(TIMES, open_, f"{name} was cast at {time}, when the poll was not open")
        in_time = time <= signed.deadline
        self._hold(TIMES, in_time, f"{name} was cast at {time}, after its deadline")

    def _check_proof(self, signed: SignedBallot, tracker: bytes, name: str) -> None:
        try:
            ballot_proof.verify(
                signed.ballot,
                questions=self.definition.questions,
                key=self.definition.key,
                tracker=tracker,
            )
        except VecheError as error:
            self._hold(PROOFS, False, f"{name}: {error}")  # noqa: FBT003  # the verdict

    def _count(self, signed: SignedBallot, tracker: bytes, name: str) -> None:
        before = self._records.get(signed.voter)
        expected = before.tracker if before else NO_BALLOT
        good = signed.replaces == expected
        said = f"{name} replaces 0x{signed.replaces.hex()}, not 0x{expected.hex()}"
        self._hold(REPLACEMENTS, good, said)
        times = before.replacements + 1 if before else 0
        self._hold(REPLACEMENTS, times <= MAX_REPLACEMENTS, f"{name} is one too many")
        self._records[signed.voter] = _Record(tracker, times, signed.weight)
        if before:
            self._take_out(signed.voter, before.tracker)
        self._grow(signed, 1)

    def _take_out(self, voter: str, tracker: bytes) -> None:
        replaced = self.earlier(voter, tracker)
        if replaced is None:
            fault = f"ballot 0x{tracker.hex()} was replaced, and is not to be found"
            self._hold(REPLACEMENTS, False, fault)  # noqa: FBT003  # the verdict
        else:
            self._grow(replaced, -1)

    def _grow(self, signed: SignedBallot, sign: int) -> None:
        pairs = zip(self.sums, signed.ballot.ciphertexts, strict=False)
        factor = sign * signed.weight
        self.sums = [total + (own if factor == 1 else own * factor) for total, own in pairs]

    def report(self, report: Report) -> None:
        """Adds what was found to a report, a check for each kind of fault."""
        for check in (SIGNATURES, MEMBERSHIP, TIMES, TRACKERS, PROOFS, REPLACEMENTS):
            faults = self._faults.get(check, [])
            shown = "; ".join(faults[:_SHOWN])
            more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
            report.note(check, not faults, shown + more if faults else f"{self.count} ballots")
