"""Boards of trustees: what defines one (PROTOCOL §2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from veche.crypto import sharing, transcript
from veche.crypto.group import Point
from veche.crypto.keccak import keccak
from veche.errors import (
    DuplicateSealingKey,
    InvalidAccount,
    InvalidMinVoters,
    UnknownTrustee,
)
from veche.protocol.addresses import ZERO
from veche.protocol.board_texts import BoardTexts

MIN_VOTERS: Final = 2
"""The smallest minimum of voters. A result for one voter is that voter's ballot."""


@dataclass(frozen=True, slots=True)
class TrusteeTerms:
    """A trustee of a board.

    Attributes:
        account: the address of the account that signs the trustee's deal and confirmation.
        sealing_key: E, the key under which shares are sealed for the trustee.
    """

    account: str
    sealing_key: Point


@dataclass(frozen=True, slots=True)
class BoardTerms:
    """What officials convene a board with.

    Attributes:
        threshold: how many trustees decrypt, t.
        min_voters: the fewest voters that the board will ever decrypt for.
        deal_by: the deadline for deals, in seconds since 1970.
        confirm_by: the deadline for confirmations, in seconds since 1970.
        trustees: in order; their indices count from 1.
        content: the board's texts, as the JSON document that stands on chain.
    """

    threshold: int
    min_voters: int
    deal_by: int
    confirm_by: int
    trustees: tuple[TrusteeTerms, ...]
    content: str

    @property
    def texts(self) -> BoardTexts:
        """The board's texts.

        Raises:
            InvalidContent: the texts cannot be shown.
        """
        return BoardTexts.decode(self.content, trustees=len(self.trustees))

    @property
    def decryption(self) -> str:
        """Who decrypts, for people: such as "2 of 3: Anna, Boris, Clara".

        Raises:
            InvalidContent: the texts cannot be shown.
        """
        return f"{self.threshold} of {len(self.trustees)}: {', '.join(self.texts.trustees)}"

    def require_sound(self) -> None:
        """Refuses terms that no board can have, whatever the time.

        Raises:
            InvalidThreshold: 2 <= t <= T <= 16 and 2t > T do not both hold.
            InvalidMinVoters: the board would decrypt for a single voter.
            InvalidAccount: an account is the address zero, or is named twice.
            DuplicateSealingKey: two trustees have the same sealing key, or opposite ones.
        """
        sharing.require_threshold(self.threshold, len(self.trustees))
        if self.min_voters < MIN_VOTERS:
            raise InvalidMinVoters(self.min_voters)
        accounts, keys = {ZERO}, set[int]()
        for each in self.trustees:
            if each.account in accounts:
                raise InvalidAccount(each.account)
            if each.sealing_key.x in keys:
                raise DuplicateSealingKey(each.sealing_key.x, each.sealing_key.y)
            accounts.add(each.account)
            keys.add(each.sealing_key.x)


@dataclass(frozen=True, slots=True)
class BoardDefinition:
    """Everything that defines a board on chain.

    Attributes:
        chain_id: the chain's EIP-155 id.
        address: the board's address.
        terms: what it was convened with.
        hash: the hash of all of this, 32 bytes.
    """

    chain_id: int
    address: str
    terms: BoardTerms
    hash: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", self._hash())

    def _hash(self) -> bytes:
        terms = self.terms
        return transcript.board_hash(
            chain_id=self.chain_id,
            board=int(self.address, 16),
            threshold=terms.threshold,
            min_voters=terms.min_voters,
            deal_by=terms.deal_by,
            confirm_by=terms.confirm_by,
            content_hash=keccak(terms.content.encode()),
            trustees=[(int(each.account, 16), each.sealing_key) for each in terms.trustees],
        )

    def index_of(self, sealing_key: Point) -> int:
        """The index of the trustee with this sealing key, from 1.

        Raises:
            UnknownTrustee: no trustee of the board has this sealing key.
        """
        for index, each in enumerate(self.terms.trustees, start=1):
            if each.sealing_key == sealing_key:
                return index
        raise UnknownTrustee(0, reason=f"no trustee of the board {self.address} has this key")
