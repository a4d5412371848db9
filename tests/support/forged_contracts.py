"""Contracts with the published code, to the byte, and a state that somebody has written.

Whoever creates a contract with init code of their own leaves any state behind, and any log. So the
contracts cannot tell, and comparing code does not help: only where a contract comes from does.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from brownie import Poll, PollCatalogue, TrusteeBoard, accounts, chain, web3
from eth_abi.abi import encode
from eth_utils.abi import collapse_if_tuple

from attacks.init_code import Forgery, Log, clone
from support.boards import Board
from support.ceremonies import Ceremony
from support.handmade import code_at, deploy, forger, next_address, state_read_by
from support.polls import Polling, voter
from veche.chain import arguments
from veche.crypto.deal_proof import Deal
from veche.protocol import signature as signatures
from veche.protocol.board import BoardTerms
from veche.protocol.definition import PollDefinition
from veche.protocol.signature import Signature

HASHES = ("boardHash", "dealsHash")
"""What a board has from its beginning: they are the same until somebody deals."""
TRACKER = bytes(31) + b"\1"
"""The tracker of a ballot that nobody has cast."""


# -- Boards --


def forged_board(honest: Board) -> Board:
    """A board with the code of an honest one, and so with its trustees. But the forger has made all
    deals, and knows the key.

    The forger makes a copy whose trustees are its own accounts, and writes into that the hash which
    the forged board will have. There it deals and confirms. What is left in state and log becomes
    the forged board's.
    """
    forged = copy(honest)
    forged.definition = replace(honest.definition, address=next_address(1))
    forged.hash = forged.definition.hash
    forged.ceremony = Ceremony(seed="forger")
    forged.ceremony.sealing = honest.ceremony.sealing
    scratch = _Scratch(forged)
    for dealer in forged.ceremony.indices:
        scratch.deal(dealer, forged.ceremony.deal(dealer, forged.hash))
    for index in forged.ceremony.indices:
        scratch.confirm(index)
    forgery = Forgery(code_at(honest.contract), scratch.state, scratch.logs)
    forged.contract = TrusteeBoard.at(deploy(forgery))
    assert forged.contract.address == forged.definition.address
    return forged


class _Scratch:
    """A copy of a board whose trustees are accounts of the forger's, with the board's hash."""

    def __init__(self, forged: Board) -> None:
        self.hash = forged.hash
        self.logs: list[Log] = []
        own = enumerate(forged.terms.trustees)
        trustees = tuple(replace(each, account=voter(i).address) for i, each in own)
        terms = replace(forged.terms, trustees=trustees)
        runtime = clone(forged.catalogue.boardCode(), _board_arguments(forged.catalogue, terms))
        places = [place for read in HASHES for place in state_read_by(forged.contract, read)]
        state = dict.fromkeys(places, int.from_bytes(self.hash, "big"))
        self.contract = TrusteeBoard.at(deploy(Forgery(runtime, state)))

    @property
    def state(self) -> dict[int, int]:
        """All that a board has in storage."""
        state: dict[int, int] = {}
        for read in (*HASHES, "phase", "key"):
            state |= state_read_by(self.contract, read)
        for read in ("commitments", "ephemeralKey", "sealedShares", "verificationKey"):
            for index in range(1, self.contract.trusteeCount() + 1):
                state |= state_read_by(self.contract, read, index)
        return state

    def deal(self, dealer: int, made: Deal) -> None:
        message = signatures.deal_message(
            chain_id=chain.id,
            board=self.contract.address,
            board_hash=self.hash,
            dealer=dealer,
            challenge=made.challenge.value,
        )
        signature = signatures.sign(voter(dealer - 1), message)
        self._send(self.contract.deal, dealer, arguments.deal(made), signature)

    def confirm(self, index: int) -> None:
        deals_hash = bytes(self.contract.dealsHash())
        message = signatures.confirmation_message(
            chain_id=chain.id,
            board=self.contract.address,
            board_hash=self.hash,
            trustee=index,
            deals_hash=deals_hash,
        )
        signature = signatures.sign(voter(index - 1), message)
        self._send(self.contract.confirm, index, deals_hash, signature)

    def _send(self, method: Any, index: int, what: Any, signature: Signature) -> None:
        sender = {"from": accounts[6]}
        receipt = method(index, what, signature.r, signature.vs, sender, silent=True)
        self.logs += [Log(each.topics, bytes(each.data)) for each in receipt.logs]


def _board_arguments(catalogue: Any, terms: BoardTerms) -> bytes:
    """What stands behind the code of a board."""
    types = [collapse_if_tuple(catalogue.convene.abi["inputs"][0]), "address", "uint256"]
    values = [arguments.board_terms(terms), catalogue.address, web3.eth.block_number]
    return encode(types, values)


# -- Catalogues --


def forged_catalogue(honest: Any, *, boards: Sequence[str] = (), polls: Sequence[str] = ()) -> Any:
    """A catalogue with the code of an honest one. It belongs to the forger, and says of contracts
    that it never made that they are its own.

    Args:
        honest: the honest catalogue.
        boards: the addresses of the boards.
        polls: the addresses of the polls.
    """
    (owner,) = state_read_by(honest, "owner")
    own = [state_read_by(honest, "isOfficialBoard", each) for each in boards]
    own += [state_read_by(honest, "isOfficial", each) for each in polls]
    named = {place: 1 for places in own for place in places}
    forgery = Forgery(code_at(honest), {owner: int(str(forger()), 16), **named})
    return PollCatalogue.at(deploy(forgery))


# -- Polls --


def forged_poll(honest: Polling, *, catalogue: Any, victim: str) -> Polling:
    """A poll with the code and the terms of an honest one, in which a voter is said to have voted.
    Its address is the forger's next.

    Args:
        honest: the honest poll.
        catalogue: the catalogue that the poll says has made it.
        victim: the voter's address.
    """
    forged = copy(honest)
    forged.hash = replace(_definition(honest), address=next_address()).hash
    (place,) = state_read_by(honest.contract, "pollHash")
    (tracker,) = state_read_by(honest.contract, "tracker", victim)
    state = {
        **state_read_by(honest.contract, "content"),
        place: int.from_bytes(forged.hash, "big"),
        tracker: int.from_bytes(TRACKER, "big"),
    }
    own, named = (bytes.fromhex(str(each)[2:]) for each in (honest.catalogue, catalogue))
    runtime = code_at(honest.contract).replace(own, named)
    forged.contract = Poll.at(deploy(Forgery(runtime, state)))
    return forged


def _definition(polling: Polling) -> PollDefinition:
    return PollDefinition(
        chain_id=chain.id,
        address=polling.contract.address,
        board=polling.board.contract.address,
        board_hash=polling.board.hash,
        key=polling.key,
        roll_root=polling.roll.root,
        total_weight=polling.roll.total_weight,
        opens=polling.opens,
        closes=polling.closes,
        min_voters=polling.min_voters,
        content=polling.content,
        questions=polling.questions,
    )
