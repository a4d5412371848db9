"""Transactions: sent until a block holds them, and waited for.

One that blocks pass over is signed anew at a higher price, with the same number: no block can hold
both.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any, Final, TypeAlias, cast

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from veche.chain.node import Block, Node
from veche.errors import (
    InsufficientFunds,
    NodeRefused,
    NodeUnreachable,
    TransactionFailed,
    TransactionPending,
)

Account: TypeAlias = LocalAccount | str
"""Who signs: a key in memory, or the address of an account whose key the node holds."""

OnSent: TypeAlias = Callable[[bytes], None]
"""Is told the hash of a transaction before it is sent; right after, where the node signs it."""

FIRST_LOOK: Final = 0.002
"""Seconds before a receipt is looked for."""
LONGEST_PAUSE: Final = 0.5
"""Seconds between two looks."""
RESEND_EVERY: Final = 10
"""Seconds after which a node is handed the transaction again: it may have forgotten it."""
PASSED_OVER: Final = 3
"""As many blocks without it, and a transaction is offered anew at a higher price."""
PATIENCE: Final = 180
"""Seconds that a transaction has to get into a block; and, where it has to be deeper, that the next
block has to come.
"""
KEPT: Final = 100
"""As many of the newest blocks, and any node still has the state of each."""
SPARE: Final = 1.2
"""How much gas is offered for every unit that was estimated."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a block holds a transaction, and that it did what it should.

    Attributes:
        transaction: its hash, 32 bytes.
        block: the block's number.
        gas_used: units of gas.
        contract: the address of the contract that it created, if it did.
        logs: as the node gives them.
    """

    transaction: bytes
    block: int
    gas_used: int
    contract: str | None
    logs: list[dict[str, Any]]


def address_of(account: Account) -> str:
    """The address of who signs."""
    return account if isinstance(account, str) else str(account.address)


@dataclass(frozen=True)
class Sender:
    """Sends transactions of an account and waits for them.

    Attributes:
        node: where to.
        account: who signs and pays.
        confirmations: how many blocks must hold a transaction, its own and those on top.
    """

    node: Node
    account: Account
    confirmations: int = 1

    @property
    def address(self) -> str:
        """Of the account."""
        return address_of(self.account)

    def send(
        self, to: str | None, data: bytes, *, gas: int | None = None, on_sent: OnSent | None = None
    ) -> Receipt:
        """Sends a transaction and waits until it is confirmed.

        Args:
            to: the contract, or None to create one.
            data: of the call.
            gas: to offer; by default what the node estimates, and a little more.
            on_sent: is told the hash first, so that it can be noted.

        Raises:
            Refused: the contract refuses it; nothing was sent.
            InsufficientFunds: the account cannot pay; nothing was sent.
            TransactionFailed: it got into a block, and failed there.
            TransactionPending: it got into no block in time.
        """
        if gas is None:
            gas = int(self.node.estimate_gas(to, data, sender=self.address) * SPARE)
        else:
            self.node.call(to, data, sender=self.address)
        return self.start(to, data, gas=gas, on_sent=on_sent).wait()

    def start(
        self,
        to: str | None,
        data: bytes,
        *,
        gas: int,
        nonce: int | None = None,
        on_sent: OnSent | None = None,
    ) -> Pending:
        """Sends a transaction, untried, and does not wait for it.

        Args:
            to: the contract, or None to create one.
            data: of the call.
            gas: to offer; a block's is the most.
            nonce: where several are under way at once; by default the account's next.
            on_sent: is told the hash first, so that it can be noted.

        Raises:
            InsufficientFunds: the account cannot pay; nothing was sent.
            NodeRefused: the node does not take it.
        """
        nonce = self.node.next_nonce(self.address) if nonce is None else nonce
        fields = self._fields(to, data, min(gas, self.node.gas_limit())) | {"nonce": nonce}
        if isinstance(self.account, str):
            sent = self._try(lambda: self.node.send_from_node(fields))
            if on_sent:
                on_sent(sent)
            return Pending(self, sent, nonce=nonce)
        transaction, raw = self.signed(fields)
        pending = Pending(self, transaction, nonce=nonce, raw=raw)
        if on_sent:
            on_sent(pending.transaction)
        else:  # whoever has noted a hash will look for that one
            pending.fields = fields
        self._try(pending.hand_over)
        return pending

    def signed(self, fields: dict[str, Any]) -> tuple[bytes, bytes]:
        """The hash of a transaction, and the transaction as it is sent. The account's key is here.

        Args:
            fields: all but the chain's id.
        """
        account = cast("LocalAccount", self.account)
        made = account.sign_transaction(fields | {"chainId": self.node.chain_id})
        return bytes(made.hash), bytes(made.raw_transaction)

    def _fields(self, to: str | None, data: bytes, gas: int) -> dict[str, Any]:
        fields = {"data": "0x" + data.hex(), "gas": gas, "value": 0, **self.node.fees()}
        fields |= {"to": to} if to else {}
        return fields | ({"from": self.account} if isinstance(self.account, str) else {})

    def _try(self, sending: Callable[[], Any]) -> Any:  # noqa: ANN401  # hash or nothing
        try:
            return sending()
        except NodeRefused as error:
            if "insufficient funds" in str(error).lower():
                raise InsufficientFunds(self.address) from error
            raise

    # -- Waiting --

    def wait(self, transaction: bytes) -> Receipt:
        """Waits until a transaction is confirmed that was sent before.

        Raises:
            TransactionFailed: it failed.
            TransactionPending: it got into no block in time.
        """
        return Pending(self, transaction).wait()

    def wait_for_earlier(self) -> None:
        """Waits until blocks hold whatever the account has sent before, in an earlier run perhaps,
        as deep as is asked for.

        Raises:
            TransactionPending: some of it got into no block in time, or no more blocks come.
        """
        sent, begun = self.node.next_nonce(self.address), monotonic()
        while self.node.next_nonce(self.address, block=self.deepest()) < sent:
            missing = sent - self.node.next_nonce(self.address, block="latest")
            if missing <= 0:
                self.wait_for_block()
                begun = monotonic()
            elif monotonic() > begun + PATIENCE:
                said = f"no block holds the last {missing} transactions of {self.address}"
                raise TransactionPending(None, said)
            else:
                sleep(LONGEST_PAUSE)

    def deepest(self) -> Block:
        """The newest block with as many on top as are asked for, to look at the state in it: no
        deeper than KEPT; the first, while there is none.
        """
        if self.confirmations <= 1:
            return "latest"
        return max(0, int(self.node.block()["number"]) + 1 - min(self.confirmations, KEPT))

    def is_deep(self, block: int, *, newest: int | None = None) -> bool:
        """Whether a block has as many on top as are asked for.

        Args:
            block: its number.
            newest: the newest block's, where it is known.
        """
        on_top = self.confirmations - 1
        if on_top <= 0:
            return True
        return block + on_top <= (int(self.node.block()["number"]) if newest is None else newest)

    def wait_for_block(self) -> None:
        """Waits for the next block.

        Raises:
            TransactionPending: it does not come.
        """
        newest, begun = self.node.newest(), monotonic()
        while self.node.newest() == newest:
            if monotonic() > begun + PATIENCE:
                raise TransactionPending(None, f"no new block came within {PATIENCE} seconds")
            sleep(LONGEST_PAUSE)


@dataclass
class Pending:
    """A transaction on its way into a block.

    Attributes:
        sender: who has sent it.
        transaction: its hash, 32 bytes; that of its latest form, where it was offered anew.
        nonce: its number among those of its account; None where somebody else has sent it.
        raw: as it was signed, to hand it over again while no block holds it.
        fields: what was signed, where it may be offered anew at a higher price. No block can hold
            two forms of it, as they have the same number.
        block: number of the block that holds it, as far as has been seen.
    """

    sender: Sender
    transaction: bytes
    nonce: int | None = None
    raw: bytes | None = None
    fields: dict[str, Any] | None = None
    block: int | None = None
    _earlier: list[bytes] = field(default_factory=list, init=False)
    _height: int | None = field(default=None, init=False)
    _newest: int = field(default=0, init=False)
    _seems_taken: bool = field(default=False, init=False)
    _begun: float = field(default_factory=monotonic, init=False)
    _sent: float = field(default_factory=monotonic, init=False)

    def hand_over(self) -> None:
        """Gives it to the node.

        Raises:
            NodeRefused: the node does not take it.
        """
        try:
            self.sender.node.send_raw(self.raw or b"")
        except NodeRefused:
            # a request that was made again may find the first one executed
            with suppress(NodeRefused, NodeUnreachable):
                if self._receipt():
                    return
            raise

    def wait(self) -> Receipt:
        """Waits until it is confirmed.

        Raises:
            TransactionFailed: it failed, or never gets in, as another has its number.
            TransactionPending: it got into no block in time, or no more blocks come.
        """
        pause = FIRST_LOOK
        while (found := self.look()) is None:
            sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return found

    def look(self) -> Receipt | None:
        """That it is confirmed, once it is. Where no block holds it for long, it is handed over
        again: the node may have forgotten it.

        Raises:
            TransactionFailed: it failed, or never gets in, as another has its number.
            TransactionPending: it got into no block in time, or no more blocks come.
        """
        with suppress(NodeRefused, NodeUnreachable):  # it was sent: what counts is to find it
            found = self._found()
            if found:
                return self._accepted(found)
        self._require_time()
        if self.block is None and monotonic() > self._sent + RESEND_EVERY:
            self._sent = monotonic()
            with suppress(NodeRefused, NodeUnreachable):  # the receipt will tell
                self._require_number()
                if self.raw:
                    self._renew_if_passed_over()
                    self.hand_over()
        return None

    def _found(self) -> dict[str, Any] | None:
        """The receipt, once it is deep."""
        if self.block is not None and not self._is_deep(self.block):
            return None
        found = self._receipt()
        self.block = int(found["blockNumber"]) if found else None
        return found if self.block is not None and self._is_deep(self.block) else None

    def _require_time(self) -> None:
        """Sees that there is still time.

        Raises:
            TransactionPending: there is not.
        """
        if monotonic() > self._begun + PATIENCE:
            held = "" if self.block is None else ": a block holds it, but no other came"
            said = f"not confirmed{held} within {PATIENCE} seconds"
            raise TransactionPending(self.transaction, said)

    def _require_number(self) -> None:
        """Sees that its number is still to be had. A node that had only just come back, say, may
        have given one that the account has used.

        Raises:
            TransactionFailed: it is not, at the second look in a row, and enough blocks are on top
                of the one that took it. At the first, the receipt may have been asked for at a
                node that is behind the one that knows the number.
        """
        if self.nonce is None:
            return
        next_one = self.sender.node.next_nonce(self.sender.address, block=self.sender.deepest())
        seemed_taken, self._seems_taken = self._seems_taken, False
        if next_one <= self.nonce or self._receipt():
            return
        if seemed_taken:
            said = f"the account's transaction {self.nonce} is another one: send it again"
            raise TransactionFailed(self.transaction, said)
        self._seems_taken = True

    def _renew_if_passed_over(self) -> None:
        """Signs it at a higher price where blocks go on without it: gas costs more than it offers
        by now, or the nodes that make blocks have never heard of it. A node that has it already
        tells no other again, but of a new one it does.
        """
        height, fees = int(self.sender.node.block()["number"]), self.sender.node.fees()
        if self._height is None:
            self._height = height
        is_free = not any(fees.values())
        if self.fields and height >= self._height + PASSED_OVER and not is_free:
            self._height = height
            self.fields |= _raised(self.fields, fees)
            self._earlier.append(self.transaction)
            self.transaction, self.raw = self.sender.signed(self.fields)

    def _receipt(self) -> dict[str, Any] | None:
        """The receipt of whichever form of it a block holds; None where none does.

        Raises:
            NodeRefused, NodeUnreachable: the node does not tell.
        """
        found = map(self.sender.node.receipt, [self.transaction, *self._earlier])
        return next((each for each in found if each), None)

    def _is_deep(self, block: int) -> bool:
        """Whether a block has as many on top as are asked for. There is time anew with each that
        comes.
        """
        if self.sender.confirmations <= 1:
            return True
        newest = int(self.sender.node.block()["number"])
        if newest > self._newest:
            self._newest, self._begun = newest, monotonic()
        return self.sender.is_deep(block, newest=newest)

    def _accepted(self, receipt: dict[str, Any]) -> Receipt:
        transaction = bytes(receipt["transactionHash"])
        if receipt["status"] != 1:
            raise TransactionFailed(transaction, "a block holds it, but the contract refused it")
        created = receipt.get("contractAddress")
        return Receipt(
            transaction,
            int(receipt["blockNumber"]),
            int(receipt["gasUsed"]),
            to_checksum_address(created) if created else None,
            [dict(each) for each in receipt["logs"]],
        )


def _raised(before: dict[str, Any], now: dict[str, int]) -> dict[str, int]:
    """What has to be offered for gas now, at least an eighth more than before: nodes take no less
    in exchange.
    """
    return {name: max(price, before[name] * 9 // 8 + 1) for name, price in now.items()}
