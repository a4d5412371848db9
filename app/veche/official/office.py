"""Where officials work: a network, what is deployed there, and how a plan is carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from veche.chain.catalogue import Catalogue
from veche.chain.connection import Chain, connect
from veche.chain.transactions import Account, OnSent
from veche.errors import Declined, TransactionFailed
from veche.files.deployments import Deployments, of_network
from veche.official.phrases import command, ether_text
from veche.official.plan import Fact, Plan, Step

Say: TypeAlias = Callable[[str], None]
"""Shows a text to the official."""
Confirm: TypeAlias = Callable[[], bool]
"""Asks the official whether the plan shall be carried out."""

CATALOGUE = "catalogue"
"""What the transaction that creates the catalogue is noted under."""
BOARD = "board"
"""What that of a board is noted under, before its name."""


@dataclass
class Office:
    """A network as officials see it.

    Attributes:
        chain: the connection, with the account that signs and pays.
        network: its name.
        deployments: what is deployed there, and what was sent and not confirmed yet.
        say: shows plans, progress and ends.
        confirm: asks before anything is sent.
    """

    chain: Chain
    network: str
    deployments: Deployments
    say: Say = print
    confirm: Confirm = lambda: True

    @property
    def account(self) -> str:
        """The address of who signs and pays.

        Raises:
            NoAccount: there is nobody.
        """
        return self.chain.sender.address

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the network.

        Raises:
            NotDeployed: there is none yet.
        """
        return self.chain.catalogue(self.deployments.require_catalogue())

    def command(self, verb: str, *args: object) -> str:
        """How a script is called for this network."""
        return command(self.network, verb, *args)

    def facts(self) -> list[Fact]:
        """What every plan begins with: where, and who."""
        node, balance = self.chain.node, self.chain.node.balance(self.account)
        return [
            ("network", f"{self.network}, chain {self.chain.id}, through {node.name}"),
            ("account", f"{self.account}, {ether_text(balance)}"),
        ]

    # -- Carrying out --

    def carry_out(self, plan: Plan) -> None:
        """Shows a plan, asks, and takes its steps.

        Raises:
            Declined: the official does not want it.
            VecheError: a step went wrong; those before it are done.
        """
        self.say(f"{plan.text}\n")
        if not plan.steps:
            return
        if not self.confirm():
            raise Declined
        for number, step in enumerate(plan.steps, start=1):
            self.say(f"{number} of {len(plan.steps)}: {step.purpose} …")
            self._take(step)

    def _take(self, step: Step) -> None:
        try:
            created = step.take(self._noting(step.key))
        except TransactionFailed:
            self._forget(step.key)
            raise
        self._note_done(step.key, created)

    def _noting(self, key: str) -> OnSent:
        def note(transaction: bytes) -> None:
            self.deployments.pending[key] = f"0x{transaction.hex()}"
            self.deployments.save()
            self.say(f"  transaction 0x{transaction.hex()}")

        return note

    def _note_done(self, key: str, created: str | None) -> None:
        kind, _, name = key.partition(" ")
        if created and kind == CATALOGUE:
            self.deployments.catalogue = created
        elif created and kind == BOARD:
            self.deployments.boards[name] = created
        self._forget(key)

    def _forget(self, key: str) -> None:
        self.deployments.pending.pop(key, None)
        self.deployments.save()

    # -- Going on --

    def settle(self) -> None:
        """Finds out what became of the transactions that an earlier run has sent: those that are
        there are waited for, the others forgotten. Then the chain shows what is left to do.

        Raises:
            TransactionPending: the node knows one that gets into no block.
        """
        for key, transaction in list(self.deployments.pending.items()):
            self._settle(key, bytes.fromhex(transaction.removeprefix("0x")))

    def _settle(self, key: str, transaction: bytes) -> None:
        name = f"transaction 0x{transaction.hex()} of an earlier run ({key})"
        if not self.chain.node.knows(transaction):
            self.say(f"The node does not know {name}: what is left of it is sent anew.")
            self._forget(key)
            return
        self.say(f"Waiting for {name} …")
        try:
            receipt = self.chain.sender.wait(transaction)
        except TransactionFailed:
            self.say("  it failed: what is left of it is sent anew")
            self._forget(key)
            return
        self._note_done(key, receipt.contract)


def open_office(
    url: str,
    network: str,
    *,
    account: Account | None = None,
    confirmations: int = 1,
    folder: Path | None = None,
    lasting: bool = False,
    say: Say = print,
    confirm: Confirm = lambda: True,
) -> Office:
    """Opens an office on a network.

    Args:
        url: of a node.
        network: its name.
        account: who signs and pays; none for looking alone.
        confirmations: how many blocks must hold a transaction before it counts as done.
        folder: where it is noted what is deployed; `deployments` here by default.
        lasting: whether the network outlives its node, as all but embedded chains do.
        say: shows plans, progress and ends.
        confirm: asks before anything is sent.

    Raises:
        NodeUnreachable: nothing answers at the URL.
        WrongNetwork: what is noted for the network is of another chain.
    """
    chain = connect(url, account=account, confirmations=confirmations)
    genesis = f"0x{chain.node.genesis.hex()}"
    deployments = of_network(
        network, chain_id=chain.id, genesis=genesis, folder=folder, lasting=lasting
    )
    return Office(chain, network, deployments, say, confirm)
