"""Answers of a node, bent in one place: clients take them, or refuse them by an exception."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias

import pytest

from support.dialects import pool_of
from support.elections import Town, towns, trustee
from support.lying_nodes import LyingNode, Twist, lying_node
from veche import Chain, Poll, cli
from veche.chain.node import Node
from veche.chain.pending import Pending
from veche.chain.transactions import Sender
from veche.chain.waiting import WAYS, Way
from veche.cli.output import Output
from veche.cli.serving import Service
from veche.errors import VecheError
from veche.errors.root import UNEXPECTED
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.protocol.phase import Phase

Action: TypeAlias = Callable[[], None]

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
UNFORESEEN: Final = "this should not have happened"
"""Words of a service about a fault of its own."""
GONE: Final = object()
"""Stands for a field that is left out."""

ODD: Final[tuple[Any, ...]] = (
    GONE, None, True, False, 0, 1, -1, 7.5, 10**40, float("nan"), "", "0x", "0x0", "0x7", "-0x1",
    "0x" + "f" * 16, "0x" + "f" * 64, "0x" + "f" * 65, "0x" + "0" * 40, "0x0g", "0x 1", "rubbish",
    "\ud800\u202e", "7" * 5_000, [], [[]], [None], {}, {"data": {}}, {"0x": []},
)  # fmt: skip
"""What may stand in place of anything."""
CODES: Final[tuple[Any, ...]] = (0, 3, -32000, -32005, -32015, -32602, -32603, 4444, "3", None, [])
SAID: Final[tuple[Any, ...]] = (
    "execution reverted", "already known", "range 9 exceeds limit of 7", "pruned",
    "header not found", "insufficient funds", "", None, 7, {}, "\ud800",
)  # fmt: skip
WORDS: Final = ("0" * 64, "f" * 64, "0" * 63 + "1", "8" + "0" * 63, "0" * 60 + "ffff")
WORD: Final = 64
"""Digits of a word."""

# -- Bending --


def bent(random: Random, value: Any) -> Any:
    """The value with something odd in one place of it."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        name = random.choice([*value])
        changed = value | {name: bent(random, value[name])}
        return {key: each for key, each in changed.items() if each is not GONE}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        inner = bent(random, value[at])
        return [*value[:at], *([] if inner is GONE else [inner]), *value[at + 1 :]]
    if isinstance(value, str) and value.startswith("0x") and random.random() < 0.6:
        return bent_digits(random, value)
    return random.choice(ODD)


def bent_digits(random: Random, text: str) -> str:
    """Hexadecimal digits with a word, a digit, or the length changed."""
    kind = random.randrange(4)
    if kind == 0 and len(text) >= 2 + WORD:
        at = 2 + WORD * random.randrange((len(text) - 2) // WORD)
        return text[:at] + random.choice(WORDS) + text[at + WORD :]
    if kind == 1 and len(text) > 2:
        at = random.randrange(2, len(text))
        return text[:at] + random.choice("0123456789abcdef") + text[at + 1 :]
    if kind == 2:
        return text[: random.randrange(len(text) + 1)]
    return text + random.choice(("0", "00", "f" * WORD))


def as_error(random: Random, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with an error in place of its result, or beside it."""
    data = random.choice((*ODD, "Reverted 0x12345678", {"result": "0x12345678"}))
    fields = {"code": random.choice(CODES), "message": random.choice(SAID), "data": data}
    error = {key: each for key, each in fields.items() if each is not GONE}
    kept = answer if random.random() < 0.2 else {"id": answer.get("id")}
    return kept | {"error": error if random.random() < 0.9 else random.choice(ODD[1:])}


def liar(random: Random, requests: int) -> Twist:
    """Bends the answer to one of so many requests; sometimes also all later ones of its method."""
    left, method = random.randrange(requests), ""
    is_lasting, fails = random.random() < 0.3, random.random() < 0.15

    def twist(asked: Any, told: Any) -> Any:
        nonlocal left, method
        left -= 1
        own = (asked[0] if isinstance(asked, list) else asked)["method"]
        if left == -1:
            method = own
        elif own != method or not is_lasting:
            return told
        if isinstance(told, dict) and fails:
            return as_error(random, told)
        if isinstance(told, dict) and "result" in told and random.random() < 0.95:
            changed = bent(random, told["result"])
            return {"id": told["id"]} | ({} if changed is GONE else {"result": changed})
        found = bent(random, told)
        return None if found is GONE else found

    return twist


# -- Acting --


class Clients:
    """Everybody who asks a node: what they do with it is an action each.

    Args:
        town: the town.
        node: the node that they ask.
        folder: where files are.
    """

    def __init__(self, town: Town, node: LyingNode, folder: Path) -> None:
        self.town, self.node, self.folder = town, node, folder
        self.pool = pool_of(town.embedded.node)
        self.tallied, self.closed = self._poll("tallied"), self._poll("closed")
        town.close(self.tallied)
        town.tally(self.tallied)
        town.close(self.closed)
        self.open = self._poll("open", closes_in=10**8)
        voter = town.voters[3]
        self.signed = self.open.prepare(TREES, voter=voter.address).sign(voter)
        self.trustee = trustee(town, 2, folder, url=node.url)
        actions = [self.open_poll, self.read_result, self.verify, self.serve, self.check, self.cast]
        someone, poll = town.voters[0].address, self.tallied.address
        actions += [
            self.send,
            *(partial(self.look_at_waiting, way) for way in WAYS),
            self.follow,
            self.command("show", poll, "--json"),
            self.command("results", poll),
            self.command("status", poll, "--voter", someone, "--json"),
            self.command("verify", poll),
            self.command("polls", "--catalogue", town.catalogue.address, "--json"),
        ]
        self.actions = [(each, self._requests(each)) for each in actions]

    def _requests(self, action: Action) -> int:
        """How many requests an action makes of an honest node."""
        seen: list[Any] = []

        def count(asked: Any, told: Any) -> Any:
            seen.append(asked)
            return self.pool(asked, told)

        self.node.twist = count
        action()
        return len(seen)

    def _poll(self, id_: str, *, closes_in: int = 10**6) -> Poll:
        poll = self.town.open_poll(id_, closes_in=closes_in)
        for voter in range(2):
            self.town.cast(poll, voter, TREES)
        return poll

    def _chain(self) -> Chain:
        return Chain(Node(self.node.url, retries=1), account=self.town.official)

    def open_poll(self) -> None:
        seen = self._chain().poll(self.open.address)
        seen.require_phase(Phase.OPEN)
        seen.trackers([each.address for each in self.town.voters])
        assert seen.node.next_time() >= 0
        assert seen.threshold
        assert seen.definition == self.open.definition

    def read_result(self) -> None:
        self._chain().poll(self.tallied.address).result()

    def verify(self) -> None:
        found = verify(NodeEvidence(Node(self.node.url, retries=1), self.tallied.address))
        list(found.report)

    def serve(self) -> None:
        catalogue = self.town.catalogue.address
        self.trustee.chain = self._chain()
        board = self.town.board.address
        told = io.StringIO()
        with redirect_stderr(told):
            Service(self.trustee, [board], catalogue, [], None, Output(as_json=True)).serve()
        assert UNFORESEEN not in told.getvalue(), told.getvalue()

    def check(self) -> None:
        self.trustee.chain = chain = self._chain()
        self.trustee.check(chain.poll(self.closed.address), self.town.catalogue)

    def cast(self) -> None:
        chain = self._chain()
        chain.poll(self.open.address).cast(self.signed, payer=self.town.official)

    def send(self) -> None:
        node = Node(self.node.url, retries=1)
        node.require_caught_up()
        node.balance(self.town.official.address)
        Sender(node, self.town.official).send(self.town.poor.address, b"")

    def look_at_waiting(self, way: Way) -> None:
        """Asks in one way for a transaction that no block holds."""
        node, account = Node(self.node.url, retries=1), self.town.voters[2]
        with self.town.no_blocks():
            sent = self._sent()
            found = way(node, account.address, sent.nonce or 0)
            if found:
                Sender(node, account).resumed(found)

    def follow(self) -> None:
        """Looks for a transaction among those that no block holds; it is none of them."""
        sender = Sender(Node(self.node.url, retries=1), self.town.voters[2])
        with self.town.no_blocks():
            self._sent()
            sender.follow(self.town.poor.address, lambda _: False)

    def _sent(self) -> Pending:
        sender = Sender(self.town.embedded.node, self.town.voters[2])
        return sender.start(self.town.poor.address, b"", gas=21_000)

    def command(self, *words: str) -> Action:
        """A command line."""

        def run() -> None:
            assert cli.run((*words, "--rpc", self.node.url)) != UNEXPECTED, words

        return run


@contextmanager
def fuzzer() -> Iterator[Callable[[Random], None]]:
    """Clients act while a node bends one answer, or all answers of a method."""
    with (
        towns(voters=4) as town,
        lying_node(town.url) as node,
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patched,
    ):
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            clients = Clients(town, node, Path(folder))
        patched.setattr("veche.chain.block_watch.PATIENCE", 0.05)
        patched.setattr("veche.chain.pending.RESEND_EVERY", 0)
        patched.setattr("veche.chain.transport.FIRST_PAUSE", 0)
        patched.setattr("veche.chain.transport.LONGEST_PAUSE", 0)

        def case(random: Random) -> None:
            action, requests = random.choice(clients.actions)
            bend = liar(random, requests)
            node.twist = lambda asked, told: bend(asked, clients.pool(asked, told))
            try:
                with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                    action()
            except VecheError as error:
                json.dumps([str(error), error.remedy])

        yield case
