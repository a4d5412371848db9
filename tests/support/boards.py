"""Boards on chain, with their trustees behind them."""

from __future__ import annotations

from copy import copy
from typing import Any

from brownie import TrusteeBoard, accounts, chain

from support.catalogues import create_catalogue
from support.ceremonies import Ceremony
from support.forms import trusted_point
from veche.chain import arguments
from veche.crypto.deal_proof import Deal
from veche.crypto.group import Point
from veche.protocol import ceremony as protocol
from veche.protocol.board import BoardDefinition
from veche.protocol.ceremony import SignedConfirmation, SignedDeal
from veche.protocol.signature import Signature


def now() -> int:
    """The time of the latest block."""
    return int(chain[-1].timestamp)


class Board:
    """A board on chain, with its trustees behind it. They have no ether: somebody carries what
    they sign.

    Args:
        ceremony: the trustees' secrets.
        official: who owns the catalogue and convenes the board.
        catalogue: what makes the board; by default a new one.
        deal_by: the deadline for deals; soon by default.
        confirm_by: the deadline for confirmations; soon by default.
    """

    def __init__(
        self,
        ceremony: Ceremony,
        *,
        official: Any = None,
        catalogue: Any = None,
        deal_by: int | None = None,
        confirm_by: int | None = None,
    ) -> None:
        self.ceremony = ceremony
        self.official = official or accounts[0]
        self.catalogue = catalogue or create_catalogue(self.official)
        self.terms = ceremony.terms(now(), deal_by=deal_by, confirm_by=confirm_by)
        self.convening = self.catalogue.convene(
            arguments.board_terms(self.terms), {"from": self.official}, silent=True
        )
        self.contract = TrusteeBoard.at(self.convening.events["BoardConvened"]["board"])
        self.definition = BoardDefinition(chain.id, self.contract.address, self.terms)
        self.hash = self.definition.hash

    def moved_to(self, address: str) -> Board:
        """The same trustees at another contract, which says that it has the same terms."""
        moved = copy(self)
        moved.contract = TrusteeBoard.at(address)
        moved.definition = BoardDefinition(chain.id, address, self.terms)
        moved.hash = moved.definition.hash
        return moved

    def deals_hash(self) -> bytes:
        """What all deals so far add up to, by the contract."""
        return bytes(self.contract.dealsHash())

    # -- Deals --

    def signed_deal(
        self, dealer: int, made: Deal | None = None, *, signer: int | None = None
    ) -> SignedDeal:
        """A trustee's deal; honest, but for what is given.

        Args:
            dealer: the index of the dealer.
            made: what is dealt.
            signer: the index of the trustee who signs.
        """
        made = made or self.ceremony.deal(dealer, self.hash)
        account = self.ceremony.account(signer or dealer)
        return protocol.sign_deal(self.definition, dealer, made, account)

    def post_deal(self, signed: SignedDeal, *, carrier: Any = None) -> Any:
        sender = {"from": carrier or self.official}
        return self.contract.deal(*deal_arguments(signed), sender, silent=True)

    def deal(self, dealer: int) -> Any:
        return self.post_deal(self.signed_deal(dealer))

    def deal_badly(self, dealer: int, recipient: int, share: int) -> Any:
        made = self.ceremony.bad_deal(dealer, self.hash, recipient, share)
        return self.post_deal(self.signed_deal(dealer, made))

    def deal_all(self) -> Board:
        for dealer in self.ceremony.indices:
            self.deal(dealer)
        return self

    # -- Confirmations and blames --

    def confirmation(
        self, index: int, deals_hash: bytes | None = None, *, signer: int | None = None
    ) -> SignedConfirmation:
        """A trustee's confirmation; honest, but for what is given.

        Args:
            index: of the trustee.
            deals_hash: what is confirmed.
            signer: the index of the trustee who signs.
        """
        account = self.ceremony.account(signer or index)
        confirmed = self.deals_hash() if deals_hash is None else deals_hash
        return protocol.confirm(self.definition, index, confirmed, account)

    def post_confirmation(self, signed: SignedConfirmation, *, carrier: Any = None) -> Any:
        sender = {"from": carrier or self.official}
        return self.contract.confirm(*confirmation_arguments(signed), sender, silent=True)

    def confirm(self, index: int) -> Any:
        return self.post_confirmation(self.confirmation(index))

    def confirm_all(self) -> Board:
        for index in self.ceremony.indices:
            self.confirm(index)
        return self

    def blame(self, dealer: int, recipient: int) -> list[Any]:
        """The arguments of TrusteeBoard.blame."""
        ephemeral = point(self.contract.ephemeralKey(dealer))
        return self.ceremony.blame(dealer, recipient, self.hash, ephemeral)

    def post_blame(self, dealer: int, recipient: int, *, carrier: Any = None) -> Any:
        sender = {"from": carrier or self.official}
        return self.contract.blame(*self.blame(dealer, recipient), sender, silent=True)


def deal_arguments(signed: SignedDeal) -> list[Any]:
    """The arguments of TrusteeBoard.deal."""
    return [signed.dealer, arguments.deal(signed.deal), *_halves(signed.signature)]


def confirmation_arguments(signed: SignedConfirmation) -> list[Any]:
    """The arguments of TrusteeBoard.confirm."""
    return [signed.trustee, signed.deals_hash, *_halves(signed.signature)]


def _halves(signature: Signature) -> list[bytes]:
    return [signature.r, signature.vs]


def point(words: Any) -> Point:
    return trusted_point([hex(each) for each in words])


def words(of: Point) -> tuple[int, int]:
    return of.x, of.y
