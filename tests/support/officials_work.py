"""A town that votes: the example files, their people, and officials who are killed at work."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from support import forks
from support.elections import answers_at
from veche import official
from veche.chain.connection import connect
from veche.chain.embedded import EmbeddedChain
from veche.chain.node import Node
from veche.chain.poll import Poll
from veche.files import keystore
from veche.files.deployments import Deployments
from veche.files.poll import read_poll
from veche.official import Office, open_office
from veche.official.office import Confirm
from veche.protocol.ballot import SignedBallot
from veche.protocol.content import Choice
from veche.trustee.trustee import Trustee

EXAMPLES = Path(__file__).parents[2] / "examples"
BEGINS = 1_798_761_600
"""2027-01-01T00:00Z, before every time in the examples."""
MNEMONIC = "test test test test test test test test test test test junk"
FIRST_SEALING, FIRST_VOTER = 10, 100
NETWORK = "town"
ID = "oak-street-trees"
CHOICES: dict[str, Choice] = {
    "Which tree?": "Oak",
    "Where would you like a bench?": ["On the square", "Nowhere"],
    "How shall we share out the money for the square?": {"Playground": 7, "Fountain": 3},
}


@cache
def person(index: int) -> LocalAccount:
    """An account of the published test mnemonic."""
    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return account


@dataclass
class ExampleTown:
    """A chain with an official, trustees and voters, and a folder with the three files."""

    chain: EmbeddedChain
    folder: Path
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("poll.toml", "board.toml", "roll.csv"):
            shutil.copy(EXAMPLES / name, self.folder)
        for each in (self.official, *map(person, range(3)), person(FIRST_VOTER)):
            self.chain.fund(each)

    @cached_property
    def official(self) -> LocalAccount:
        account: LocalAccount = Account.create()
        return account

    @property
    def poll_file(self) -> Path:
        return self.folder / "poll.toml"

    @property
    def board_file(self) -> Path:
        return self.folder / "board.toml"

    def told(self) -> str:
        """What officials have been told since it was last asked for."""
        text = "\n".join(self.said)
        self.said.clear()
        return text

    def office(
        self,
        account: LocalAccount | None = None,
        *,
        network: str = NETWORK,
        url: str | None = None,
        confirm: Confirm = lambda: True,
    ) -> Office:
        return open_office(
            connect(url or self.chain.url, account=account or self.official),
            network,
            folder=self.folder / "deployments",
            say=self.said.append,
            confirm=confirm,
        )

    def sent(self) -> int:
        """How many transactions the official has sent."""
        return self.chain.node.next_nonce(self.official.address)

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    # -- Everybody else --

    def trustee(self, index: int) -> Trustee:
        return Trustee(
            connect(self.chain.url, account=person(index)),
            person(index),
            keystore.secret(person(FIRST_SEALING + index)),
            answers_at(self.folder / f"answers-{index}.json"),
            final_confirmations=1,
            clock=lambda: int(self.chain.node.block()["timestamp"]),
        )

    def trustees_make_the_key(self, network: str = NETWORK) -> None:
        office = self.office(network=network)
        board = office.chain.board(office.deployments.board("city-2027"))
        for index in range(3):
            self.trustee(index).deal(board)
        for index in range(3):
            self.trustee(index).confirm(board, office.catalogue)

    def voters_vote(self, poll: Poll, voters: int = 10) -> None:
        self.chain.at_time(poll.definition.opens)
        for first in range(0, voters, 5):
            batch = [self._ballot(poll, index) for index in range(first, min(first + 5, voters))]
            poll.cast_batch(batch, payer=person(FIRST_VOTER))

    def _ballot(self, poll: Poll, index: int) -> SignedBallot:
        voter = person(FIRST_VOTER + index)
        return poll.prepare(CHOICES, voter=voter.address).sign(voter)

    def trustees_decrypt(self, poll: Poll, *indices: int, network: str = NETWORK) -> None:
        for index in indices:
            self.trustee(index).decrypt(poll, self.office(network=network).catalogue)

    # -- Up to where --

    def with_a_key(self) -> ExampleTown:
        official.deploy_catalogue(self.office())
        official.convene_board(self.office(), self.board_file)
        self.trustees_make_the_key()
        self.said.clear()
        return self

    def with_a_poll(self) -> Poll:
        self.with_a_key()
        poll = official.publish_poll(self.office(), self.poll_file)
        official.publish_roll(self.office(), self.poll_file)
        self.said.clear()
        return poll

    def with_shares(self, voters: int = 10) -> Poll:
        poll = self.with_a_poll()
        self.voters_vote(poll, voters)
        self.chain.at_time(read_poll(self.poll_file).closes)
        self.trustees_decrypt(poll, 0, 2)
        return poll


# -- Killed at work --


def killed_at_every_step(town: ExampleTown, work: Callable[[Office], object]) -> int:
    """Has a verb done, in a process of its own that is killed at its first step, and done again by
    another; then, on the chain as it was before, killed at its second step; and so on, until it
    ends before it is killed. Every time it must send as many transactions as when nobody dies.

    Returns:
        How many steps there were to be killed at.
    """
    noted = town.folder / "deployments"
    before = _copy(noted, town.folder / "before")
    needed: set[int] = set()
    for step in count():
        snapshot, sent = town.chain.node.request("evm_snapshot"), town.sent()
        code = _in_own_process(town, work, step)
        work(town.office())
        needed.add(town.sent() - sent)
        assert not town.office().deployments.pending
        if code == 0:
            assert len(needed) == 1, needed
            return step
        assert code == -signal.SIGKILL
        town.chain.node.request("evm_revert", snapshot)
        _copy(before, noted)
    return 0


def _copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    source.mkdir(exist_ok=True)
    return Path(shutil.copytree(source, target))


def _in_own_process(town: ExampleTown, work: Callable[[Office], object], step: int) -> int | None:
    key = bytes(town.official.key)
    process = forks.start(_work_until_killed, town.chain.url, key, town.folder, work, step)
    process.join()
    return process.exitcode


def _work_until_killed(
    url: str, key: bytes, folder: Path, work: Callable[[Office], object], step: int
) -> None:
    """Works, and dies before or after the write or the sending of this number."""
    steps = count()

    def deadly(method: Any) -> Any:
        def either_side(*args: Any, **options: Any) -> Any:
            _die_if(next(steps) == step)
            result = method(*args, **options)
            _die_if(next(steps) == step)
            return result

        return either_side

    Node.send_raw = deadly(Node.send_raw)  # type: ignore[method-assign]
    Deployments.save = deadly(Deployments.save)  # type: ignore[method-assign]
    account = Account.from_key(key)
    noted = folder / "deployments"
    chain = connect(url, account=account)
    work(open_office(chain, NETWORK, folder=noted, say=lambda _: None))


def _die_if(now: bool) -> None:  # noqa: FBT001  # a word that stands alone
    if now:
        os.kill(os.getpid(), signal.SIGKILL)
