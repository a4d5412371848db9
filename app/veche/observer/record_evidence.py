"""Evidence from an election record; no node is needed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from veche.crypto.deal_proof import Deal
from veche.crypto.elgamal import Ciphertext
from veche.crypto.equality_proof import EqualityProof
from veche.crypto.group import INFINITY, Point
from veche.errors import InvalidDocument
from veche.observer import record_file
from veche.observer.evidence import PollState, PostedShare
from veche.observer.record_writer import FORMAT, VERSION
from veche.protocol.block_mark import BlockMark
from veche.protocol.board import BoardDefinition, BoardTerms, TrusteeTerms
from veche.protocol.ceremony import SignedConfirmation, SignedDeal
from veche.protocol.definition import PollDefinition
from veche.protocol.logged_ballot import LoggedBallot
from veche.protocol.plain import Form
from veche.protocol.published_roll import Part
from veche.protocol.signature import Signature
from veche.trust.ceremony import Ceremony
from veche.trust.provenance import Origin, Provenance, Root, SharedCode

PARTS = ("provenance", "ceremony", "definition", "state")


class RecordEvidence:
    """The public data of a poll, as an election record has them.

    Args:
        path: the record's file.

    Raises:
        InvalidDocument: the file is not an election record of this version, or its first lines
            are damaged.
    """

    is_record = True

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = record_file.read(path)
        header = Form(next(lines, None), what="header")
        if header.text("format") != FORMAT or header.number("version") != VERSION:
            raise InvalidDocument(f"{path} is not an election record of version {VERSION}")
        self._mark = _block(header.form("block"))
        self._parts = {name: self._part(lines, name) for name in PARTS}
        self._shares = Form(next(lines, None), what="shares").forms("shares")

    def _part(self, lines: Iterator[dict[str, Any]], name: str) -> Form:
        return Form(next(lines, None), what=f"line of {name}").form(name)

    def require_whole(self) -> None:
        """Reads the file to its end and compares its hash.

        Raises:
            InvalidDocument: the file is damaged.
        """
        record_file.require_whole(self.path)

    def mark(self) -> BlockMark:
        """The block that the data were read at."""
        return self._mark

    def definition(self) -> PollDefinition:
        """The poll's definition."""
        return PollDefinition.from_plain(self._parts["definition"])

    def poll_hash(self) -> bytes:
        """The hash of the definition by the contract, 32 bytes."""
        return self._parts["state"].data("pollHash", 32)

    def state(self) -> PollState:
        """The poll's state."""
        form = self._parts["state"]
        pairs = form.text_pairs("sums")
        return PollState(
            form.number("voters"),
            form.number("weight"),
            tuple(Ciphertext(_point(a), _point(b)) for a, b in pairs),
            form.flag("cancelled"),
            tuple(form.numbers("result")),
        )

    def ceremony(self) -> Ceremony:
        """The key ceremony of the poll's board."""
        form = self._parts["ceremony"]
        trustees = tuple(
            TrusteeTerms(each.address("account"), each.point("sealingKey"))
            for each in form.forms("trustees")
        )
        terms = BoardTerms(
            form.number("threshold"),
            form.number("minVoters"),
            form.number("dealBy"),
            form.number("confirmBy"),
            trustees,
            form.text("content"),
        )
        return Ceremony(
            BoardDefinition(form.number("chainId"), form.address("address"), terms),
            form.data("boardHash", 32),
            form.data("dealsHash", 32),
            tuple(map(_deal, form.forms("deals"))),
            tuple(map(_confirmation, form.forms("confirmations"))),
            _point(form.text("key")),
            tuple(_point(each) for each in form.texts("verificationKeys")),
        )

    def provenance(self) -> Provenance:
        """Where the poll, its board and its catalogue come from."""
        form = self._parts["provenance"]
        root = form.form("catalogue")
        return Provenance(
            Root(
                root.address("address"),
                root.blob("code"),
                root.address("deployer"),
                root.data("salt", 32),
                root.address("firstOwner"),
                _shared_code(form.form("pollCode")),
                _shared_code(form.form("tallyCode")),
                _shared_code(form.form("boardCode")),
                _first_accounts(form),
            ),
            _origin(form.form("board")),
            _origin(form.form("poll")),
        )

    def proofs(self) -> None:
        """None: what a record lacks, its writer has left out."""

    def shares(self) -> tuple[PostedShare, ...]:
        """The decryption shares in the order in which they were accepted."""
        return tuple(
            PostedShare(
                each.number("trustee"),
                tuple(_point(point) for point in each.texts("points")),
                EqualityProof(each.scalar("challenge"), each.scalar("response")),
            )
            for each in self._shares
        )

    # -- Long lists --

    def roll_parts(self) -> tuple[Part, ...]:
        """The electoral roll, in one part."""
        before = takewhile(lambda line: "ballot" not in line, record_file.read(self.path))
        lines = (Form(line, what="roll") for line in before if "roll" in line)
        return (Part(0, [entry for form in lines for entry in form.entries("roll")]),)

    def ballots(self) -> Iterator[tuple[LoggedBallot, BlockMark]]:
        """The ballots in the order in which they were cast, each with the block that holds it."""
        for form in self._ballots():
            yield _ballot(form), _block(form.form("block"))

    def find(self, trackers: set[tuple[str, bytes]]) -> Iterator[LoggedBallot]:
        """The ballots with these voters and trackers, in any order."""
        found = map(_ballot, self._ballots())
        return (each for each in found if (each.voter, each.tracker) in trackers)

    def _ballots(self) -> Iterator[Form]:
        lines = record_file.read(self.path)
        return (Form(line["ballot"], what="ballot") for line in lines if "ballot" in line)


def _shared_code(form: Form) -> SharedCode:
    return SharedCode(form.address("address"), form.blob("code"))


def _first_accounts(form: Form) -> frozenset[str] | None:
    return frozenset(form.texts("firstAccounts")) if form.has_value("firstAccounts") else None


def _origin(form: Form) -> Origin:
    return Origin(form.address("address"), form.blob("code"), form.flag("isOfficial"))


def _deal(form: Form) -> SignedDeal:
    deal = Deal(
        tuple(_point(each) for each in form.texts("commitments")),
        form.point("ephemeralKey"),
        tuple(form.data_list("sealedShares", 32)),
        form.scalar("challenge"),
        form.scalar("secretResponse"),
        form.scalar("ephemeralResponse"),
    )
    return SignedDeal(form.number("dealer"), deal, _signature(form))


def _confirmation(form: Form) -> SignedConfirmation:
    return SignedConfirmation(form.number("trustee"), form.data("dealsHash", 32), _signature(form))


def _signature(form: Form) -> Signature:
    return Signature.from_encoded(form.data("signature", 64))


def _ballot(form: Form) -> LoggedBallot:
    return LoggedBallot(
        form.address("voter"),
        form.data("tracker", 32),
        form.number("weight"),
        form.data("replaces", 32) if form.text("replaces") else None,
        form.number("deadline"),
        _signature(form),
        _words(form),
    )


def _block(form: Form) -> BlockMark:
    return BlockMark(form.number("number"), form.data("hash", 32), form.number("time"))


def _words(form: Form) -> bytes:
    """A ballot's words; its points are compressed if they are valid."""
    if form.has("words"):
        return form.blob("words")
    return form.blob("points") + form.blob("scalars")


def _point(text: str) -> Point:
    """A point from its compressed form; infinity if that is empty."""
    return Form({"point": text}, what="point").point("point") if text else INFINITY
