"""A transaction that was sent: looked for until enough blocks hold it, and sent again if need be.

If blocks pass it over, it is signed again at a higher price and with the same number, so that only
one of the two can get into a block.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any, Final, TypeAlias

from veche.chain import block_watch
from veche.chain.answers import Log
from veche.chain.answers import Receipt as Shown
from veche.chain.block_watch import LONGEST_PAUSE, BlockWatch
from veche.errors import NodeError, TooExpensive, TransactionFailed, TransactionPending

FIRST_PAUSE: Final = 0.002
"""Seconds before the first look for a receipt; each later pause is twice as long."""
RESEND_EVERY: Final = 10
"""Seconds after which a node gets the transaction again, as it may have forgotten it."""
PASSED_OVER: Final = 3
"""Blocks without the transaction before its price is raised."""

Sign: TypeAlias = Callable[[dict[str, Any]], tuple[bytes, bytes]]
"""Signs the fields of a transaction; returns its hash and the transaction as it is sent."""

OnSent: TypeAlias = Callable[[bytes], None]
"""Gets the hash of a transaction before it is sent; right after, if the node signs it. It is called
again if the transaction is signed again at a higher price: then any of the hashes may count.
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a transaction that has succeeded.

    Attributes:
        transaction: its hash, 32 bytes.
        block: the number of the block that holds it.
        gas_used: units of gas.
        contract: the address of the contract that it created; None if it created none.
        logs: of the whole transaction, in order.
    """

    transaction: bytes
    block: int
    gas_used: int
    contract: str | None
    logs: list[Log]


@dataclass
class Pending:
    """A transaction on its way into a block.

    Attributes:
        watch: shows the chain, and knows how many confirmations are asked for.
        address: the account that sent the transaction.
        transaction: the hash of its latest form, 32 bytes.
        nonce: its number among the account's transactions; None if an earlier run sent it.
        raw: its latest form as it was signed; None if it was not signed here.
        sign: signs it again.
        fields: what was signed.
        on_sent: gets the hash of each further form before it is sent.
        earlier: the hashes of earlier forms.
        block: the number of the block that was last seen to hold it.
    """

    watch: BlockWatch
    address: str
    transaction: bytes
    raw: bytes | None = None
    nonce: int | None = None
    sign: Sign | None = None
    fields: dict[str, Any] | None = None
    on_sent: OnSent | None = None
    earlier: list[bytes] = field(default_factory=list)
    block: int | None = None
    _height: int | None = field(default=None, init=False)
    _newest: int = field(default=0, init=False)
    _seems_taken: bool = field(default=False, init=False)
    _held_back: str = field(default="", init=False)
    _begun: float = field(default_factory=monotonic, init=False)
    _sent: float = field(default_factory=monotonic, init=False)

    def wait(self) -> Receipt:
        """Waits until the transaction has enough confirmations.

        Raises:
            TransactionFailed: a block holds the transaction, but its contract refused it; or
                another transaction took its number.
            TransactionPending: no block holds it in time, or no more blocks come.
        """
        pause = FIRST_PAUSE
        while (found := self.look()) is None:
            sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return found

    def look(self) -> Receipt | None:
        """The receipt, if the transaction has enough confirmations by now.

        Raises:
            TransactionFailed: a block holds the transaction, but its contract refused it; or
                another transaction took its number.
            TransactionPending: no block holds it in time, or no more blocks come.
        """
        with suppress(NodeError):  # it was sent: the next look may find it
            found = self._confirmed_receipt()
            if found:
                return _accepted(found)
        self._require_time()
        if self.block is None and monotonic() > self._sent + RESEND_EVERY:
            self._sent = monotonic()
            with suppress(NodeError):  # it was sent: a later look tells
                self._send_again()
        return None

    def hand_over(self) -> None:
        """Gives the signed transaction to the node. If an answer was lost, and the node has the
        transaction all the same, it is on its way.

        Raises:
            NodeRefused: the node does not take it.
            NodeError: the node gives no answer, and shows no such transaction.
        """
        try:
            self.watch.node.send_raw(self.raw or b"")
        except NodeError:
            with suppress(NodeError):
                if self.watch.node.knows(self.transaction) or self._receipt():
                    return
            raise

    # -- Receipt --

    def _confirmed_receipt(self) -> Shown | None:
        if self.block is not None and not self._is_confirmed(self.block):
            return None
        found = self._receipt()
        self.block = found["blockNumber"] if found else None
        return found if self.block is not None and self._is_confirmed(self.block) else None

    def _receipt(self) -> Shown | None:
        """The receipt of the form that a block holds; None if no block holds any form."""
        found = map(self.watch.node.receipt, [self.transaction, *self.earlier])
        return next((each for each in found if each), None)

    def _is_confirmed(self, block: int) -> bool:
        """Whether a block has enough confirmations. Each new block renews the patience."""
        if self.watch.confirmations <= 1:
            return True
        newest = self.watch.node.block()["number"]
        if newest > self._newest:
            self._newest, self._begun = newest, monotonic()
        return self.watch.is_confirmed(block, newest=newest)

    def _require_time(self) -> None:
        if monotonic() > self._begun + block_watch.PATIENCE:
            held = "" if self.block is None else ": a block holds it, but no other came"
            said = f"not confirmed{held} within {block_watch.PATIENCE} seconds{self._held_back}"
            raise TransactionPending(self.transaction, said)

    # -- Sent again --

    def _send_again(self) -> None:
        self._require_number()
        if self.raw:
            self._raise_price_if_passed_over()
            self.hand_over()

    def _require_number(self) -> None:
        """Refuses to go on if another transaction has taken the number.

        It takes two looks in a row: at the first, a node that is behind may have been asked for the
        receipt. A node that had only just come back may have given a number that was used.
        """
        if self.nonce is None:
            return
        block = self.watch.confirmed_block()
        next_one = self.watch.node.next_nonce(self.address, block=block)
        seemed_taken, self._seems_taken = self._seems_taken, False
        if next_one <= self.nonce or self._receipt():
            return
        if seemed_taken:
            said = f"the account's transaction {self.nonce} is another one: send it again"
            raise TransactionFailed(self.transaction, said)
        self._seems_taken = True

    def _raise_price_if_passed_over(self) -> None:
        """Signs the transaction again at a higher price if blocks go on without it.

        Either gas costs more by now, or the nodes that make blocks never heard of it: a node tells
        others of a new transaction only once.
        """
        node = self.watch.node
        height, fees = node.block()["number"], node.fees()
        if self._height is None:
            self._height = height
        if not (self.fields and self.sign and any(fees.values())):
            return
        if height >= self._height + PASSED_OVER:
            self._height = height
            self._sign_again(self.fields | _raised(self.fields, fees), self.sign)

    def _sign_again(self, fields: dict[str, Any], sign: Sign) -> None:
        """Signs the transaction with other fields; leaves it as it is if they offer too much."""
        try:
            transaction, raw = sign(fields)
        except TooExpensive as error:
            self._held_back = f"; its price was not raised: {error}. {error.remedy}"
            return
        if self.on_sent:
            self.on_sent(transaction)
        self.earlier.append(self.transaction)
        self.transaction, self.raw, self.fields, self._held_back = transaction, raw, fields, ""


def _accepted(receipt: Shown) -> Receipt:
    transaction = receipt["transactionHash"]
    if receipt["status"] != 1:
        raise TransactionFailed(transaction, "a block holds it, but the contract refused it")
    return Receipt(
        transaction,
        receipt["blockNumber"],
        receipt["gasUsed"],
        receipt["contractAddress"],
        receipt["logs"],
    )


def _raised(before: dict[str, Any], now: dict[str, int]) -> dict[str, int]:
    """The price to offer now. It rises by an eighth at least, as nodes replace for no less."""
    return {name: max(price, before[name] * 9 // 8 + 1) for name, price in now.items()}
