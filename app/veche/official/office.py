"""An office: a network with its deployments, in which officials carry out their plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from veche.chain.catalogue import Catalogue, convened
from veche.chain.connection import Chain
from veche.chain.pending import OnSent, Receipt
from veche.errors import AnotherRun, Declined, TransactionFailed
from veche.errors.amounts import ether_text
from veche.files.deployments import Deployments, HasCode, of_network
from veche.official.phrases import command
from veche.official.plan import Fact, Plan, Step

Say: TypeAlias = Callable[[str], None]
"""Shows a text to the official."""
Confirm: TypeAlias = Callable[[], bool]
"""Asks the official whether to carry out the plan, and returns the answer."""
Spell: TypeAlias = Callable[..., str]
"""Gives the command line of a verb, such as "publish_poll", with these arguments."""

DEPLOYER = "deployer"
"""The key of the transaction that creates the deployer of the catalogue."""
CATALOGUE = "catalogue"
"""The first word of the keys of the transactions that create the catalogue and its code."""
BOARD = "board"
"""The first word of the key of a transaction that creates a board; the board's name follows."""


@dataclass
class Office:
    """A network as officials see it.

    Attributes:
        chain: the connection, with the account that signs and pays.
        network: the name of the network.
        deployments: what is deployed, and the transactions that are not known to be in a block.
        say: shows plans, progress and results.
        confirm: asks before anything is sent.
        command: gives the command line of a verb, to be shown.
    """

    chain: Chain
    network: str
    deployments: Deployments
    say: Say = print
    confirm: Confirm = lambda: True
    command: Spell = command

    @property
    def account(self) -> str:
        """The address of the account that signs and pays.

        Raises:
            NoAccount: the office has no account.
        """
        return self.chain.sender.address

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the network.

        Raises:
            NotDeployed: no catalogue is noted for the network.
        """
        return self.chain.catalogue(self.deployments.require_catalogue())

    def pinned(self) -> Office:
        """The office with the chain as it was at its newest block, to tell what is there."""
        return replace(self, chain=self.chain.pinned())

    def facts(self) -> list[Fact]:
        """The facts that every plan begins with: the network and the account."""
        node, balance = self.chain.node, self.chain.node.balance(self.account)
        return [
            ("network", f"{self.network}, chain {self.chain.id}, through {node.name}"),
            ("account", f"{self.account}, {ether_text(balance)}"),
        ]

    # -- Carrying out --

    def carry_out(self, plan: Plan) -> None:
        """Shows a plan, asks, and takes its steps, while no other run takes any.

        Raises:
            Declined: the official said no.
            AnotherRun: another run has taken a step of this plan since it was made.
            VecheError: a step failed; the steps before it are done.
        """
        made = [self._made(step.key) for step in plan.steps]
        self.say(f"{plan.text}\n")
        if not self.confirm():
            raise Declined
        with self.alone():
            for step, before in zip(plan.steps, made, strict=True):
                self._require_untaken(step, before)
            for number, step in enumerate(plan.steps, start=1):
                self.say(f"{number} of {len(plan.steps)}: {step.purpose} …")
                self._take(step)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other runs from the network's deployments until this block ends."""
        waiting = f"Another run is at work with {self.deployments.path}; waiting for its end …"
        with self.deployments.alone(on_wait=lambda: self.say(waiting)):
            yield

    def _require_untaken(self, step: Step, before: str | None) -> None:
        if step.key in self.deployments.pending or self._made(step.key) != before:
            raise AnotherRun(f"another run has begun to {step.purpose}, or has done so")

    def _made(self, key: str) -> str | None:
        """What is noted of what a step makes."""
        kind, _, name = key.partition(" ")
        if kind == BOARD:
            return self.deployments.boards.get(name)
        noted = {DEPLOYER: self.deployments.deployer, CATALOGUE: self.deployments.catalogue}
        return noted.get(kind)

    def _take(self, step: Step) -> None:
        try:
            created = step.take(self._noting(step.key))
        except TransactionFailed:
            self._forget(step.key)
            raise
        self._note_done(step.key, created)

    def _noting(self, key: str) -> OnSent:
        def note(transaction: bytes) -> None:
            noted = self.deployments.pending.get(key, [])
            self.deployments.pending[key] = [*noted, f"0x{transaction.hex()}"]
            self.deployments.save()
            self.say(f"  transaction 0x{transaction.hex()}")

        return note

    def _note_done(self, key: str, created: str | None) -> None:
        kind, _, name = key.partition(" ")
        if created and kind == DEPLOYER:
            self.deployments.deployer = created
        elif created and kind == BOARD:
            self.deployments.boards[name] = created
        self._forget(key)

    def _forget(self, key: str) -> None:
        self.deployments.pending.pop(key, None)
        self.deployments.save()

    def note_catalogue(self, address: str) -> None:
        """Notes the catalogue of the network.

        Raises:
            AnotherRun: another run has noted another catalogue meanwhile.
        """
        with self.alone():
            if self.deployments.catalogue not in (None, address):
                other = self.deployments.catalogue
                raise AnotherRun(f"another run has noted {other} as the catalogue, not {address}")
            self.deployments.catalogue = address
            self.deployments.save()

    # -- After an interruption --

    def settle(self) -> None:
        """Waits for other runs that are at work, and for the transactions that an earlier run has
        sent; forgets those that the node does not know. After that, the chain shows what is left to
        do.

        Raises:
            TransactionPending: the node knows a transaction, but no block takes it in time.
        """
        with self.alone():
            for key, noted in list(self.deployments.pending.items()):
                self._settle(key, [bytes.fromhex(each.removeprefix("0x")) for each in noted])

    def _settle(self, key: str, forms: Sequence[bytes]) -> None:
        name = f"transaction 0x{forms[-1].hex()} of an earlier run ({key})"
        if not any(map(self.chain.node.knows, forms)):
            self.say(f"The node does not know {name}: what is missing is sent again.")
            self._forget(key)
            return
        self.say(f"Waiting for {name} …")
        try:
            receipt = self.chain.sender.wait(forms, on_sent=self._noting(key))
        except TransactionFailed:
            self.say("  it failed: what is missing is sent again")
            self._forget(key)
            return
        self._note_done(key, _created(key, receipt))


def _created(key: str, receipt: Receipt) -> str | None:
    """The address of what a transaction has created, if it must be noted."""
    return convened(receipt) if key.startswith(f"{BOARD} ") else receipt.contract


def open_office(
    chain: Chain,
    network: str,
    *,
    folder: Path | None = None,
    lasting: bool = False,
    say: Say = print,
    confirm: Confirm = lambda: True,
    command: Spell = command,
) -> Office:
    """Opens an office on a network.

    Args:
        chain: the connection, with the account that signs and pays; without one, it reads only.
        network: the name of the network.
        folder: the folder of the deployments; by default `deployments` in the current folder.
        lasting: whether the network outlives its node, as all but embedded chains do.
        say: shows plans, progress and results.
        confirm: asks before anything is sent.
        command: gives the command line of a verb, to be shown.

    Raises:
        WrongNetwork: the deployments of this network belong to another chain.
        InvalidFile: Veche did not write the file of the deployments.
    """
    genesis = f"0x{chain.node.genesis.hex()}"
    has_code: HasCode | None = None if lasting else lambda address: bool(chain.node.code(address))
    deployments = of_network(
        network, chain_id=chain.id, genesis=genesis, folder=folder, has_code=has_code
    )
    return Office(chain, network, deployments, say, confirm, command)
