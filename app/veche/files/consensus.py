"""The consensus of a private network, as network.json has it: who decides on blocks, how fast, and
where to reach the nodes.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from veche.errors import InvalidDocument
from veche.files.hosts import is_end
from veche.protocol import plain
from veche.protocol.plain import Form

KEY: Final = 32
"""Number of bytes of a validator's public key, of Ed25519."""
_ADDRESS: Final = 20
"""Number of bytes of a validator's address."""
_CHAIN: Final = re.compile("[a-z0-9-]{1,50}")
_PEER: Final = re.compile("[0-9a-f]{40}@(?P<end>.+)")


@dataclass(frozen=True, slots=True)
class Validator:
    """A validator of the first block.

    Attributes:
        name: its name.
        key: its public key, 32 bytes.
    """

    name: str
    key: bytes

    @property
    def address(self) -> str:
        """The address that its blocks name as their beneficiary, in lower case."""
        return "0x" + hashlib.sha256(self.key).digest()[:_ADDRESS].hex()


@dataclass(frozen=True, slots=True)
class Consensus:
    """The consensus of a private network.

    Attributes:
        chain: the name of the chain, which every signature of a validator holds.
        begins: the time of the first block with transactions, as RFC 3339 has it, in UTC.
        block_time: the seconds from block to block.
        validators: the validators of the first block, in order.
        peers: the nodes to connect to first, as ID@HOST:PORT.
    """

    chain: str
    begins: str
    block_time: int
    validators: tuple[Validator, ...]
    peers: tuple[str, ...]

    @property
    def digest(self) -> bytes:
        """What the first block has of the consensus, 32 bytes: another list of validators is
        another network.
        """
        keys = [plain.data(each.key) for each in self.validators]
        return hashlib.sha256(json.dumps(keys).encode()).digest()

    def on_trial(self, peers: tuple[str, ...]) -> Consensus:
        """The consensus of a trial, whose signatures are worth nothing on the real network."""
        return replace(self, chain=f"{self.chain}-trial", peers=peers)

    def to_plain(self) -> dict[str, Any]:
        """The consensus as plain data for a JSON document."""
        return {
            "chain": self.chain,
            "begins": self.begins,
            "blockTime": self.block_time,
            "validators": [
                {"name": each.name, "publicKey": plain.data(each.key)} for each in self.validators
            ],
            "peers": list(self.peers),
        }

    @classmethod
    def from_plain(cls, form: Form) -> Consensus:
        """The consensus in plain data.

        Raises:
            InvalidDocument: a field is missing or malformed.
        """
        found = cls(
            chain=form.text("chain"),
            begins=form.text("begins"),
            block_time=form.number("blockTime"),
            validators=tuple(
                Validator(each.text("name"), each.data("publicKey", KEY))
                for each in form.forms("validators")
            ),
            peers=tuple(form.texts("peers")),
        )
        found._require_sound()
        return found

    def _require_sound(self) -> None:
        if not _CHAIN.fullmatch(self.chain) or self.block_time < 1 or not _is_time(self.begins):
            raise InvalidDocument("`consensus` has no sound chain, time or pace")
        if not self.validators or len({each.key for each in self.validators}) < len(
            self.validators
        ):
            raise InvalidDocument("`consensus` names no validators, or one of them twice")
        for each in self.peers:
            peer = _PEER.fullmatch(each)
            if peer is None or not is_end(peer["end"]):
                raise InvalidDocument("`consensus` has a peer that is not ID@HOST:PORT")


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  # the Z is UTC
    except ValueError:
        return False
    return True
