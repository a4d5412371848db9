"""What a node shows of catalogues, boards and polls at one block. Nothing in it is checked."""

from __future__ import annotations

from collections.abc import Iterator

from veche.chain.answers import Header
from veche.chain.board_contract import BoardContract
from veche.chain.catalogue_contract import CatalogueContract
from veche.chain.contract import Contract, point
from veche.chain.poll_contract import PollContract, tally_address
from veche.crypto.deal_proof import Deal
from veche.protocol.block_mark import BlockMark
from veche.protocol.ceremony import SignedConfirmation, SignedDeal
from veche.protocol.signature import Signature
from veche.trust.ceremony import Ceremony
from veche.trust.provenance import Origin, Provenance, Root, SharedCode


def block_mark(header: Header) -> BlockMark:
    """The block with this header."""
    return BlockMark(header["number"], header["hash"], header["timestamp"])


# -- Provenance --


def read_provenance(poll: PollContract, board: BoardContract, block: BlockMark) -> Provenance:
    """Where a poll, its board and its catalogue come from, at a block."""
    address = poll.read("catalogue", block=block.hash)
    catalogue = CatalogueContract(poll.node, address, block=block.hash)
    return Provenance(
        read_root(catalogue), board_origin(catalogue, board), poll_origin(catalogue, poll)
    )


def read_root(catalogue: CatalogueContract) -> Root:
    """A catalogue, with everything that its address is the hash of."""
    read = catalogue.read
    polls = _shared_code(catalogue, read("pollCode"))
    return Root(
        catalogue.address,
        catalogue.code,
        read("deployer"),
        bytes(read("salt")),
        read("firstOwner"),
        polls,
        _shared_code(catalogue, tally_address(polls.code)),
        _shared_code(catalogue, read("boardCode")),
        catalogue.node.first_accounts,
    )


def _shared_code(catalogue: CatalogueContract, address: str) -> SharedCode:
    return SharedCode(address, catalogue.node.code(address, catalogue.block))


def board_origin(catalogue: CatalogueContract, board: Contract) -> Origin:
    """Where a board comes from, by a catalogue."""
    is_official = catalogue.read("isOfficialBoard", board.address)
    return Origin(board.address, board.code, is_official)


def poll_origin(catalogue: CatalogueContract, poll: Contract) -> Origin:
    """Where a poll comes from, by a catalogue."""
    return Origin(poll.address, poll.code, catalogue.read("isOfficial", poll.address))


# -- Ceremony --


def read_ceremony(board: BoardContract, block: BlockMark) -> Ceremony:
    """The key ceremony of a board at a block.

    Raises:
        NodeBehind: the block was replaced while it was read.
        InvalidPoint, InvalidScalar: a deal has a point or scalar that no contract accepts.
        UnknownContract: a log does not have the form of a deal or a confirmation.
    """
    definition, read = board.definition(), board.read
    ceremony = Ceremony(
        definition,
        bytes(read("boardHash", block=block.hash)),
        bytes(read("dealsHash", block=block.hash)),
        tuple(_deals(board, block)),
        tuple(_confirmations(board, block)),
        point(read("key", block=block.hash)),
        tuple(point(read("verificationKey", i, block=block.hash)) for i in board.trustees),
    )
    board.node.require_kept(block.number, block.hash)
    return ceremony


def _deals(board: BoardContract, block: BlockMark) -> Iterator[SignedDeal]:
    """The deals in their order: proofs and signatures from the log, the rest from state."""
    posted = board.deals(block=block.hash)
    proof = ("challenge", "secretResponse", "ephemeralResponse")
    for event in board.events("Dealt", last=block.number):
        values, kept = event.values, posted.get(event.values["dealer"])
        if kept:
            deal = Deal.from_outside(
                [(each.x, each.y) for each in kept.commitments],
                (kept.ephemeral.x, kept.ephemeral.y),
                kept.sealed,
                *(values[each] for each in proof),
            )
            yield SignedDeal(values["dealer"], deal, Signature(values["r"], values["vs"]))


def _confirmations(board: BoardContract, block: BlockMark) -> Iterator[SignedConfirmation]:
    for event in board.events("Confirmed", last=block.number):
        values = event.values
        signature = Signature(values["r"], values["vs"])
        yield SignedConfirmation(values["trustee"], bytes(values["dealsHash"]), signature)
