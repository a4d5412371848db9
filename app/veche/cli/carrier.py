"""What carriers do: cast the signed ballots of others, and pay for the gas."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Annotated, Final, TextIO

import typer

from veche.cli import connection, files, keys, options
from veche.cli.output import Output, digits
from veche.errors import NodeError, NotCarried, VecheError

if TYPE_CHECKING:
    from veche.ballot import SignedBallot
    from veche.carrier import Carrier, Outcome
    from veche.chain.connection import Chain

STDIN: Final = Path("-")
PAUSE: Final = 1.0
"""Seconds without a new ballot after which those that came are sent."""
PAUSES: Final = (1, 2, 5, 10, 20, 40, 60)
"""Seconds that a node is given to come back, one after another."""
WAITING: Final = 1_000
"""Ballots that are read ahead at the most."""


@dataclass(frozen=True, slots=True)
class Document:
    """A signed ballot as somebody gave it.

    Attributes:
        where: the file, or the line.
        text: JSON.
    """

    where: str
    text: str


def carry(
    ballots: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="As `veche vote --out` writes them; - or nothing for stdin, one on a line.",
        ),
    ] = None,
    *,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    confirmations: options.Confirmations = None,
    as_json: options.Json = False,
) -> None:
    """Casts the signed ballots of others, and pays for the gas.

    You can neither read nor change them, nor cast one twice. Every ballot is checked before it is
    paid for, and they go together in transactions as large as the chain takes. From stdin it casts
    what has come when a transaction is full, or when nothing comes for a second.

    With --json it prints an object for every ballot, a line each, as soon as its fate is known. The
    exit code is 0 if all are on chain. Run it again after whatever went wrong.

    Example:  veche carry ballots/*.json --keystore carrier.key --rpc city
    """
    keys.require(keystore)
    output = Output(as_json)
    chain = connection.open_chain(rpc, confirmations=confirmations)
    connection.warn_if_behind(chain, output)
    chain.account = keys.load(keystore, password_file)
    counter = _Work(chain, output)
    counter.carry(_documents(ballots or [STDIN]))
    counts = counter.counts
    if not as_json:
        output.say(
            f"{counts['cast']} cast, {counts['found']} on chain already, "
            f"{counts['refused']} refused, {counts['pending']} not confirmed."
        )
    if counts["refused"] or counts["pending"]:
        raise NotCarried(counts["refused"], counts["pending"])


@dataclass
class _Work:
    """Ballots on their way, poll after poll.

    Attributes:
        chain: with the account that pays.
        output: what is told of each.
        counts: of what became of them.
    """

    chain: Chain
    output: Output
    counts: Counter[str] = field(default_factory=Counter)
    _carrier: Carrier | None = None

    def carry(self, documents: Iterable[Document | None]) -> None:
        """Carries all of them; None stands for a pause."""
        for each in documents:
            if each is not None:
                self._steadily(partial(self._take, each))
            else:
                self._steadily(self._flush)
        self._steadily(self._finish)

    def _steadily(self, step: Callable[[], None]) -> None:
        """Takes a step, again where a node is gone for a while: who writes to stdin goes on.

        Raises:
            NodeError: it does not come back.
        """
        for pause in PAUSES:
            try:
                step()
            except NodeError as error:
                self.output.warn(f"{error}. Trying again in {pause} seconds.")
                sleep(pause)
            else:
                return
        step()

    def _take(self, document: Document) -> None:
        from veche.ballot import SignedBallot

        try:
            signed = SignedBallot.from_json(document.text)
            carrier = self._carrier_to(signed)
        except NodeError:
            raise
        except VecheError as error:
            self._refuse(document, error)
            return
        self._tell(carrier.take(signed))

    def _carrier_to(self, signed: SignedBallot) -> Carrier:
        """The carrier to a ballot's poll; what is on its way to another one is waited for.

        Raises:
            VecheError: there is no such poll.
        """
        from veche.carrier import Carrier

        self.chain.node.require_chain(signed.chain_id)
        if self._carrier is None or self._carrier.poll.address != signed.poll:
            self._finish()
            self._carrier = Carrier(self.chain.poll(signed.poll), self.chain.sender)
        return self._carrier

    def _finish(self) -> None:
        if self._carrier is not None:
            self._tell(self._carrier.finish())

    def _flush(self) -> None:
        if self._carrier is not None:
            self._tell(self._carrier.flush())

    # -- What is told --

    def _refuse(self, document: Document, error: VecheError) -> None:
        self.counts["refused"] += 1
        self.output.finish({"from": document.where, "outcome": "refused", "error": _plain(error)})
        self.output.warn(f"{document.where}: {error}")

    def _tell(self, outcomes: Iterable[Outcome]) -> None:
        cast: Counter[int] = Counter()
        for each in outcomes:
            self.counts[each.fate] += 1
            self.output.finish(_fields(each))
            if each.error is not None:
                self.output.warn(f"ballot of {each.signed.voter}: {each.fate}: {each.error}")
            elif each.fate == "cast" and each.receipt is not None:
                cast[each.receipt.block] += 1
        if not self.output.as_json:
            for block, count in cast.items():
                self.output.say(f"block {block}: {count} ballots")


def _fields(outcome: Outcome) -> dict[str, object]:
    receipt, error = outcome.receipt, outcome.error
    return {
        "poll": outcome.signed.poll,
        "voter": outcome.signed.voter,
        "tracker": digits(outcome.tracker),
        "outcome": str(outcome.fate),
        "transaction": digits(receipt.transaction) if receipt else None,
        "block": receipt.block if receipt else None,
        "error": _plain(error) if error else None,
    }


def _plain(error: VecheError) -> dict[str, str]:
    return {"name": type(error).__name__, "message": str(error), "remedy": error.remedy}


# -- What comes in --


def _documents(paths: Iterable[Path]) -> Iterator[Document | None]:
    """The ballots of files, and of stdin line by line; None where nothing comes for a while."""
    for path in paths:
        if path == STDIN:
            yield from _lines(sys.stdin)
        else:
            yield Document(str(path), files.read(path))


def _lines(stream: TextIO) -> Iterator[Document | None]:
    """The lines of a stream that somebody may still be writing."""
    queue: Queue[str | None] = Queue(WAITING)
    Thread(target=_read, args=(stream, queue), daemon=True).start()
    number = 0
    while True:
        try:
            line = queue.get(timeout=PAUSE)
        except Empty:
            yield None
            continue
        if line is None:
            return
        number += 1
        if line.strip():
            yield Document(f"line {number}", line)


def _read(stream: TextIO, queue: Queue[str | None]) -> None:
    try:
        for line in stream:
            queue.put(line)
    finally:
        queue.put(None)
