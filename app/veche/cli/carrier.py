"""The command for carriers: bring others' signed ballots into their polls, and pay for them."""

from __future__ import annotations

import os
import select
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from veche.cli import connection, failures, keys, lookup, options
from veche.cli.notices import Notices
from veche.cli.output import Output, count, digits, warn
from veche.errors import InvalidFile, NodeError, Refused, VecheError
from veche.errors.amounts import counted

if TYPE_CHECKING:
    from veche.carrier.carrier import Carrier, Document
    from veche.carrier.outcomes import Carried
    from veche.chain.connection import Chain
    from veche.chain.poll import Poll

STDIN: Final = "-"
PAUSE: Final = 2.0
"""Seconds without a ballot on stdin before those that have come are sent."""
AGAIN: Final = 5.0
"""Seconds before a node that fails is asked again."""
LEFT: Final = "left"
"""The outcome of ballots for which the carrier had to stop."""
PIECE: Final = 1 << 16
"""Maximum bytes per read from stdin."""

PHRASES: Final = {"found": "on chain already", "replaced": "replaced since it was cast"}
"""Outcomes that people are told in other words."""


def carry(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Files with one signed ballot each, as `veche vote --out` writes them; or `-` for "
            "stdin, with one JSON document per line.",
        ),
    ],
    *,
    poll: Annotated[
        str | None,
        typer.Option(
            "--poll",
            metavar="POLL",
            help="Carry for this poll alone: its address, official id or link. Otherwise the "
            "ballots name their polls. Use it if strangers can hand in ballots.",
        ),
    ] = None,
    expect: options.Expect = None,
    roll: Annotated[
        Path | None,
        typer.Option(
            "--roll",
            metavar="FILE",
            help="With --poll: take that poll's electoral roll from this file, a CSV with the "
            "columns address and weight, instead of the chain.",
        ),
    ] = None,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    as_json: options.Json = False,
) -> None:
    """Casts ballots that others have signed, and pays for them.

    Every ballot is checked before it is paid for, then cast in a batch; several batches are under
    way at once. The outcome of every ballot is shown: cast; on chain already; replaced since it was
    cast, with the ballot that counts; or refused, with the reason. A wrong ballot does not stop the
    others. Run the command again at any time: nothing is cast twice. Ballots from stdin are cast
    when a batch is full, or when nothing comes for two seconds; --json then prints a line for each
    ballot as soon as its batch is confirmed.

    The exit code is 0 if all ballots are on chain, and 4 if any is not, for instance because its
    batch failed in its block twice. It is 5, 6 or 8 if the command had to stop; the ballots that
    remain are then shown as left. Run it again. While a pipe is open, a node that
    fails does not stop it: the ballots wait until the node answers again.

    Example:  veche carry ballots/*.json --keystore carrier.key

    From a pipe:  … | veche carry - --poll trees --keystore carrier.key --json
    """
    output = Output(as_json, tells_meanwhile=True)
    if roll is not None and poll is None:
        raise typer.BadParameter("whose roll is it? Name the poll with --poll", param_hint="--roll")
    keys.require_named(keystore)
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    chain.account = keys.load(keystore, password_file)
    found = None
    if poll is not None:
        found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect, roll=roll)
    carrier = _carrier(chain, found, expect, output)
    as_lines = STDIN in files
    most = 0 if as_lines else len(files)
    with output.progress("Carrying ballots, done with", most, shown=count) as report:
        outcomes = Outcomes(output, as_lines, report)
        fault = _carry(carrier, files, outcomes)
    outcomes.end(chain.sender.address, fault)
    if fault and (as_lines or not as_json):
        raise fault
    if fault or outcomes.on_chain < outcomes.count:
        raise typer.Exit(fault.exit_code if fault else Refused.exit_code)


def _carrier(chain: Chain, poll: Poll | None, expect: bytes | None, output: Output) -> Carrier:
    from veche.carrier.carrier import Carrier as Carrying

    def tell(transaction: bytes, ballots: Sequence[str]) -> None:
        sent = f"Sent a batch of {counted(len(ballots), 'ballot')}"
        output.say(f"{sent}: transaction {digits(transaction)}")

    return Carrying(chain, poll=poll, expect=expect, on_batch=tell)


def _carry(carrier: Carrier, files: list[str], outcomes: Outcomes) -> VecheError | None:
    """Carries all ballots. Returns why it had to stop; None if it did not.

    While a pipe may bring more, a node that fails is waited for, and what was left is carried then.
    """
    queue, notices = Queue(_documents(files, outcomes)), Notices()
    while True:
        left = []
        try:
            for each in carrier.carry(queue.handed_out()):
                if each.outcome == LEFT:
                    left.append(each)
                else:
                    queue.end(each.name)
                    outcomes.add(each)
        except VecheError as fault:
            if isinstance(fault, NodeError) and STDIN in files and not queue.has_ended:
                if notices.is_news("node", str(fault)):
                    wait = f"Waiting until it answers again, with {counted(len(left), 'ballot')}."
                    warn(failures.apart(str(fault), wait))
                queue.put_back(each.name for each in left)
                sleep(AGAIN)
                continue
            for each in left:
                outcomes.add(each, stopped_by=fault)
            return fault
        return None


@dataclass
class Queue:
    """The ballots that the carrier is given, some of them a second time.

    Attributes:
        documents: the ballots as they come; None where they pause.
        has_ended: whether no more will come.
    """

    documents: Iterator[Document | None]
    has_ended: bool = False
    _under_way: dict[str, str] = field(default_factory=dict)
    _again: deque[str] = field(default_factory=deque)

    def handed_out(self) -> Iterator[Document | None]:
        """The ballots that were put back, then those that come."""
        while self._again:
            name = self._again.popleft()
            yield name, self._under_way[name]
        yield None
        for each in self.documents:
            if each is not None:
                self._under_way[each[0]] = each[1]
            yield each
        self.has_ended = True

    def end(self, name: str) -> None:
        """Forgets a ballot that the carrier is done with."""
        self._under_way.pop(name, None)

    def put_back(self, names: Iterable[str]) -> None:
        """Has ballots handed out again, before all others."""
        self._again = deque((*names, *self._again))


# -- Reading --


def _documents(files: list[str], outcomes: Outcomes) -> Iterator[Document | None]:
    """The ballots in files and on stdin; None when stdin pauses."""
    from veche.carrier.intake import LONGEST
    from veche.carrier.outcomes import Carried, Outcome
    from veche.files.mistakes import read_text

    for name in files:
        if name == STDIN:
            yield from _lines(sys.stdin.fileno(), LONGEST)
            continue
        try:
            yield name, read_text(Path(name), max_bytes=LONGEST)
        except InvalidFile as error:
            outcomes.add(Carried(name, Outcome.REFUSED, None, None, None, error))


def _lines(descriptor: int, longest: int) -> Iterator[Document | None]:
    """The lines of a pipe; None when it pauses. Of a line without an end, little more than the
    longest document is kept in memory.
    """
    number, rest = 1, b""
    while True:
        if not select.select([descriptor], [], [], PAUSE)[0]:
            yield None
            continue
        piece = os.read(descriptor, PIECE)
        *whole, rest = (rest + piece).split(b"\n")
        if not piece:
            whole, rest = [rest], b""
        for line in whole:
            if line.strip():
                yield f"line {number}", line.decode(errors="replace")
            number += 1
        rest = rest[: longest + 1]
        if not piece:
            return


# -- Telling --


@dataclass
class Outcomes:
    """What became of every ballot, told as soon as it is known.

    Attributes:
        output: where to tell it.
        as_lines: whether machines get a line per ballot instead of one object at the end.
        report: takes the number of ballots done so far.
        count: the number of ballots done so far.
        on_chain: how many of them are on chain.
        replaced: how many of these do not count, as later ballots do.
    """

    output: Output
    as_lines: bool
    report: Callable[[int], None]
    count: int = 0
    on_chain: int = 0
    replaced: int = 0
    _fields: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.report(0)

    def add(self, carried: Carried, *, stopped_by: VecheError | None = None) -> None:
        """Tells what became of a ballot; not why, if that is what stopped the carrier: it is told
        at the end.
        """
        self.count += 1
        self.on_chain += carried.is_on_chain
        self.replaced += carried.replaced_by is not None
        self.report(self.count)
        is_told = carried.error is not None and str(carried.error) != str(stopped_by)
        line = f"{carried.name}: {_described(carried, is_told=is_told)}"
        if self.as_lines:
            self.output.tell(_fields(carried), line)
        else:
            self._fields.append(_fields(carried))
            self.output.say(line)

    def end(self, account: str, fault: VecheError | None) -> None:
        """Tells of all ballots together, and why the carrier had to stop."""
        line = f"{self.on_chain:,} of {counted(self.count, 'ballot')} on chain."
        if self.replaced:
            line += f" Replaced by later ballots, so they do not count: {self.replaced:,}."
        if self.as_lines:
            self.output.say(line)
        else:
            error = {"error": failures.fields_of(fault)} if fault else {}
            self.output.tell({"account": account, "ballots": self._fields} | error, line)


def _described(carried: Carried, *, is_told: bool) -> str:
    outcome, error, receipt = carried.outcome, carried.error, carried.receipt
    said = PHRASES.get(outcome, str(outcome))
    if error:
        named = f"{said}, {type(error).__name__}"
        return f"{named}: {error}\n    What to do: {error.remedy}" if is_told else named
    if carried.replaced_by:
        return f"{said}: it does not count. The voter's ballot {digits(carried.replaced_by)} does"
    if receipt:
        return f"{said}, block {receipt.block}, transaction {digits(receipt.transaction)}"
    return said


def _fields(carried: Carried) -> dict[str, Any]:
    ballot, tracker, receipt = carried.ballot, carried.tracker, carried.receipt
    return {
        "ballot": carried.name,
        "outcome": str(carried.outcome),
        "poll": ballot.poll if ballot else None,
        "voter": ballot.voter if ballot else None,
        "tracker": digits(tracker) if tracker else None,
        "replacedBy": digits(carried.replaced_by) if carried.replaced_by else None,
        "block": receipt.block if receipt else None,
        "transaction": digits(receipt.transaction) if receipt else None,
        "error": failures.fields_of(carried.error) if carried.error else None,
    }
