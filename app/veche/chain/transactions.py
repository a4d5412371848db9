"""Transactions of an account: signed, sent and waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, sleep
from typing import Any, Final, TypeAlias, cast

from eth_account.signers.local import LocalAccount

from veche.chain import block_watch, dialects
from veche.chain.answers import Waiting
from veche.chain.block_watch import LONGEST_PAUSE, BlockWatch
from veche.chain.fees import USUAL, FeeCap, most_cost
from veche.chain.pending import OnSent, Pending, Receipt
from veche.chain.waiting import waiting
from veche.errors import (
    InsufficientFunds,
    NodeRefused,
    TooExpensive,
    TransactionFailed,
    TransactionPending,
)

Account: TypeAlias = LocalAccount | str
"""Who signs: a key in memory, or the address of an account whose key the node holds."""

Same: TypeAlias = Callable[[bytes], bool]
"""Tells from the data of another call of the same contract whether it does the same."""

SPARE: Final = 1.2
"""Gas offered for every unit of the estimate."""


_TURNS: Final[dict[tuple[int, str], Lock]] = {}


def _turn(chain_id: int, address: str) -> Lock:
    """A lock that one thread holds from asking for the account's next number until it is used."""
    return _TURNS.setdefault((chain_id, address), Lock())


def address_of(account: Account) -> str:
    """The address of an account."""
    return account if isinstance(account, str) else str(account.address)


@dataclass(frozen=True)
class Sender(BlockWatch):
    """Sends transactions of an account and waits for them.

    Attributes:
        account: who signs and pays.
        fee_cap: the most that a transaction may offer.
    """

    account: Account
    fee_cap: FeeCap = field(default=USUAL, kw_only=True)

    @property
    def address(self) -> str:
        """The address of the account."""
        return address_of(self.account)

    def send(
        self,
        to: str | None,
        data: bytes,
        *,
        gas: int | None = None,
        on_sent: OnSent | None = None,
        same: Same | None = None,
    ) -> Receipt:
        """Sends a transaction and waits until it has enough confirmations. If the account has sent
        the same before, and no block holds that yet, it is followed, and nothing is paid for twice.

        Args:
            to: the contract's address; None creates a contract.
            data: the data of the call.
            gas: the most that it may use; by default the node's estimate and a fifth more.
            on_sent: gets the hash first, so that it can be noted.
            same: whether another call does the same; by default if its data are the same.

        Raises:
            Refused: the contract refuses the call; nothing was sent.
            TooExpensive: the node asks for more than is allowed; nothing was sent.
            InsufficientFunds: the account cannot pay; nothing was sent.
            TransactionFailed: a block holds the transaction, but its contract refused it; or
                another transaction took its number.
            TransactionPending: no block holds it in time, or no more blocks come.
        """
        earlier = self.follow(to, same or data.__eq__, on_sent=on_sent)
        if earlier:
            return earlier
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
        value: int = 0,
        nonce: int | None = None,
        on_sent: OnSent | None = None,
    ) -> Pending:
        """Sends a transaction without trying it as a call first, and without waiting for it.

        Args:
            to: the contract's address; None creates a contract.
            data: the data of the call.
            gas: the most that it may use; at most what a block has room for is offered.
            value: the wei that it sends.
            nonce: its number among the account's transactions; by default the next.
            on_sent: gets the hash first, so that it can be noted.

        Raises:
            TooExpensive: the node asks for more than is allowed; nothing was sent.
            InsufficientFunds: the account cannot pay; nothing was sent.
            NodeRefused: the node does not take the transaction.
        """
        fields = self._fields(to, data, min(gas, self.node.gas_limit()))
        with _turn(self.node.chain_id, self.address):
            nonce = self.node.next_nonce(self.address) if nonce is None else nonce
            return self._hand_over(fields | {"value": value, "nonce": nonce}, on_sent)

    def _hand_over(self, fields: dict[str, Any], on_sent: OnSent | None) -> Pending:
        nonce = fields["nonce"]
        if isinstance(self.account, str):
            self.fee_cap.require(fields)
            sent = self._try(lambda: self.node.send_from_node(fields), fields)
            if on_sent:
                on_sent(sent)
            return Pending(self, self.address, sent, nonce)
        pending = Pending(self, self.address, *self.signed(fields), nonce=nonce, on_sent=on_sent)
        pending.fields, pending.sign = fields, self.signed
        if on_sent:
            on_sent(pending.transaction)
        self._try(pending.hand_over, fields)
        return pending

    def signed(self, fields: dict[str, Any]) -> tuple[bytes, bytes]:
        """The hash of a transaction, and the transaction as it is sent. The account's key must be
        in memory.

        Args:
            fields: all fields but the chain's id.

        Raises:
            TooExpensive: they offer more than is allowed.
        """
        self.fee_cap.require(fields)
        account = cast("LocalAccount", self.account)
        made = account.sign_transaction(fields | {"chainId": self.node.chain_id})
        return bytes(made.hash), bytes(made.raw_transaction)

    def _fields(self, to: str | None, data: bytes, gas: int) -> dict[str, Any]:
        fields = {"data": "0x" + data.hex(), "gas": gas, "value": 0, **self.node.fees()}
        fields |= {"to": to} if to else {}
        return fields | ({"from": self.account} if isinstance(self.account, str) else {})

    def _try(self, sending: Callable[[], Any], fields: dict[str, Any]) -> Any:  # noqa: ANN401  # hash or nothing
        try:
            return sending()
        except NodeRefused as error:
            if dialects.lacks_ether(error.said):
                has, needs = self.node.balance(self.address), most_cost(fields)
                raise InsufficientFunds(self.address, has=has, needs=needs) from error
            raise

    # -- What was sent before --

    def follow(
        self, to: str | None, same: Same, *, on_sent: OnSent | None = None
    ) -> Receipt | None:
        """Waits for what the account has sent before, if it does the same and no block holds it
        yet. If blocks pass it over, it is sent again at a higher price. What the node does not show
        might do the same: it is waited for as well. That loses nothing, as nothing gets into a
        block before it.

        Args:
            to: the contract's address; None creates a contract.
            same: tells which calls of the contract are meant.
            on_sent: gets the hash of each of them, so that it can be noted.

        Returns:
            The receipt of the last of them that has succeeded; None if there is none.

        Raises:
            TransactionPending: no block holds it in time, or no more blocks come.
        """
        numbers, found = self._waiting_numbers(), None
        shown = [*waiting(self.node, self.address, numbers)]
        for each in shown:
            if each["to"] == (to or "") and same(each["data"]):
                with suppress(TransactionFailed):  # it stands in nobody's way
                    found = self.resumed(each, on_sent=on_sent).wait()
        if len(shown) < len(numbers):
            self.wait_for_earlier()
        return found

    def _waiting_numbers(self) -> range:
        """The numbers of the account's transactions that no block holds."""
        node, account = self.node, self.address
        return range(node.next_nonce(account, block="latest"), node.next_nonce(account))

    def wait(self, forms: Sequence[bytes], *, on_sent: OnSent | None = None) -> Receipt:
        """Waits until a transaction that an earlier run sent has enough confirmations. If blocks
        pass it over, it is sent again at a higher price.

        Args:
            forms: its hashes, the newest last: one for each price that it was signed at.
            on_sent: gets the hash of each further form.

        Raises:
            TransactionFailed: a block holds the transaction, but its contract refused it.
            TransactionPending: no block holds it in time, or no more blocks come.
        """
        shown = waiting(self.node, self.address, self._waiting_numbers())
        own = next((each for each in shown if each["transaction"] in forms), None)
        pending = self.resumed(own) if own else Pending(self, self.address, forms[-1])
        pending.earlier, pending.on_sent = [*forms], on_sent
        return pending.wait()

    def resumed(self, waiting: Waiting, *, on_sent: OnSent | None = None) -> Pending:
        """A transaction that an earlier run sent, to be waited for. If the account's key signs the
        very same again, its price can be raised as well: then it is what the earlier run signed.
        """
        hash_, fields = waiting["transaction"], waiting["fields"]
        pending = Pending(self, self.address, hash_, nonce=waiting["nonce"], on_sent=on_sent)
        if on_sent:
            on_sent(hash_)
        if isinstance(self.account, str):
            return pending
        with suppress(TooExpensive, TypeError, ValueError):  # it stays as it is
            transaction, raw = self.signed(fields)
            if transaction == hash_:
                pending.raw, pending.sign, pending.fields = raw, self.signed, fields
        return pending

    def wait_for_earlier(self) -> None:
        """Waits until every transaction that the account has sent has enough confirmations. Those
        that blocks pass over are sent again at a higher price, if the node shows them.

        Raises:
            TransactionPending: no block holds some of them in time, or no more blocks come.
        """
        sent, begun = self.node.next_nonce(self.address), monotonic()
        for each in waiting(self.node, self.address, self._waiting_numbers()):
            with suppress(TransactionFailed):
                self.resumed(each).wait()
        while self.node.next_nonce(self.address, block=self.confirmed_block()) < sent:
            missing = sent - self.node.next_nonce(self.address, block="latest")
            if missing <= 0:
                self.wait_for_block()
                begun = monotonic()
            elif monotonic() > begun + block_watch.PATIENCE:
                said = f"no block holds the last {missing} transactions of {self.address}"
                raise TransactionPending(None, said)
            else:
                sleep(LONGEST_PAUSE)
