"""Transactions: signed once, sent until a block holds them, and waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Final, TypeAlias

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from veche.chain.node import Node
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
PATIENCE: Final = 180
"""Seconds that a transaction has to get into a block."""
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


@dataclass(frozen=True, slots=True)
class Submitted:
    """A transaction that was handed over to a node.

    Attributes:
        transaction: its hash, 32 bytes.
        raw: as it was signed; None where the node signed it.
        at: when, by the monotonic clock.
    """

    transaction: bytes
    raw: bytes | None
    at: float


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
        return self.wait_for(self.submit(to, data, gas=gas, on_sent=on_sent))

    def submit(
        self,
        to: str | None,
        data: bytes,
        *,
        gas: int,
        nonce: int | None = None,
        on_sent: OnSent | None = None,
    ) -> Submitted:
        """Hands a transaction over, and neither tries it before nor waits for it.

        Args:
            to: the contract, or None to create one.
            data: of the call.
            gas: to offer.
            nonce: how many transactions of the account come before it; by default as many as the
                node knows of.
            on_sent: is told the hash first, so that it can be noted.

        Raises:
            InsufficientFunds: the account cannot pay; nothing was sent.
        """
        nonce = self.node.next_nonce(self.address) if nonce is None else nonce
        fields = self._fields(to, data, min(gas, self.node.gas_limit())) | {"nonce": nonce}
        if isinstance(self.account, str):
            sent = self._try(lambda: self.node.send_from_node(fields))
            if on_sent:
                on_sent(sent)
            return Submitted(sent, None, monotonic())
        signed = self.account.sign_transaction(fields | {"chainId": self.node.chain_id})
        raw, transaction = bytes(signed.raw_transaction), bytes(signed.hash)
        if on_sent:
            on_sent(transaction)
        self._try(lambda: self._hand_over(raw, transaction))
        return Submitted(transaction, raw, monotonic())

    def _fields(self, to: str | None, data: bytes, gas: int) -> dict[str, Any]:
        fields = {"data": "0x" + data.hex(), "gas": gas, "value": 0, **self.node.fees()}
        fields |= {"to": to} if to else {}
        return fields | ({"from": self.account} if isinstance(self.account, str) else {})

    def _hand_over(self, raw: bytes, transaction: bytes) -> None:
        try:
            self.node.send_raw(raw)
        except NodeRefused:
            # a request that was made again may find the first one executed
            if self._look(transaction) is None:
                raise

    def _try(self, sending: Callable[[], Any]) -> Any:  # noqa: ANN401  # hash or nothing
        try:
            return sending()
        except NodeRefused as error:
            if "insufficient funds" in str(error).lower():
                raise InsufficientFunds(self.address) from error
            raise

    # -- Waiting --

    def wait(self, transaction: bytes) -> Receipt:
        """Waits until a transaction is confirmed that was sent some time ago.

        Raises:
            TransactionFailed: it failed.
            TransactionPending: it got into no block in time.
        """
        return self.wait_for(Submitted(transaction, None, monotonic()))

    def wait_for(self, submitted: Submitted) -> Receipt:
        """Waits until a transaction is confirmed, and hands it over again while no block holds it.

        Raises:
            TransactionFailed: it failed.
            TransactionPending: it got into no block in time.
        """
        begun, pause, sent = monotonic(), FIRST_LOOK, submitted.at
        while monotonic() < begun + PATIENCE:
            found = self._look(submitted.transaction)
            if found is not None and self._is_deep(found):
                return self._accepted(found)
            if submitted.raw and found is None and monotonic() > sent + RESEND_EVERY:
                sent = monotonic()
                self._resend(submitted.raw)
            sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        raise TransactionPending(submitted.transaction, f"not confirmed within {PATIENCE} seconds")

    def find(self, submitted: Submitted) -> Receipt | None:
        """The receipt of a transaction that is confirmed by now.

        Raises:
            TransactionFailed: it failed.
        """
        found = self._look(submitted.transaction)
        return self._accepted(found) if found is not None and self._is_deep(found) else None

    def _look(self, transaction: bytes) -> dict[str, Any] | None:
        try:
            return self.node.receipt(transaction)
        except NodeUnreachable:
            return None  # it was sent: what counts is to find it

    def _is_deep(self, receipt: dict[str, Any]) -> bool:
        if self.confirmations <= 1:
            return True
        try:
            newest = int(self.node.block()["number"])
        except NodeUnreachable:
            return False
        return newest >= int(receipt["blockNumber"]) + self.confirmations - 1

    def _resend(self, raw: bytes) -> None:
        try:
            self.node.send_raw(raw)
        except (NodeRefused, NodeUnreachable):
            return  # refused as executed or known: the receipt will tell

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
