"""What carriers do: bring others' signed ballots into their polls, and pay for them."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from veche.cli import connection, keys, options
from veche.cli.output import OnStep, Output, count, digits
from veche.errors import InvalidFile, Refused, VecheError

if TYPE_CHECKING:
    from veche.carrier.carrier import Carrier, Document
    from veche.carrier.outcomes import Carried
    from veche.chain.connection import Chain

STDIN: Final = "-"
PAUSE: Final = 2.0
"""Seconds without a ballot on stdin, after which those that have come are sent."""
PIECE: Final = 1 << 16

WORDS: Final = {"found": "on chain already"}
"""How people are told of an outcome, where its own name is not enough."""


def carry(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Signed ballots, as `veche vote --out` writes them; `-` for stdin, with one JSON "
            "document a line.",
        ),
    ],
    *,
    poll: Annotated[
        str | None,
        typer.Option(
            "--poll",
            metavar="POLL",
            help="Carry for this poll alone: its address, official id or link. Otherwise the "
            "ballots name their polls; where strangers hand them in, name it.",
        ),
    ] = None,
    expect: options.Expect = None,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    confirmations: options.Confirmations = None,
    as_json: options.Json = False,
) -> None:
    """Casts ballots that others have signed, and pays for them.

    Every ballot is checked before it is paid for, then cast in batches, several at once. Each is
    told of: cast, on chain already, or refused and why; one that is wrong keeps no other from being
    cast. Run it again at any time: nothing is cast twice. From stdin, what has come is cast when a
    batch is full, or when nothing comes for two seconds; with --json there is a line for each
    ballot as soon as its batch is confirmed.

    The exit code is 0 if all are on chain, 4 if any is not, as where ballots failed in their block
    twice; 5, 6 or 8 if it had to stop. What it had to leave is told of as left, and why: run it
    again.

    Example:  veche carry ballots/*.json --keystore carrier.key

    From a pipe:  … | veche carry - --poll trees --keystore carrier.key --json
    """
    output = Output(as_json, tells_meanwhile=True)
    chain = _paid_by(keystore, password_file, rpc, confirmations)
    carrier = _carrier(chain, poll, catalogue, expect, output)
    told = Told(output, as_lines=STDIN in files)
    with output.progress("Carrying ballots, done with", count) as report:
        told.report = report
        fault = _carry(carrier, files, told)
    told.finish(chain.sender.address, fault)
    if fault and (told.as_lines or not as_json):
        raise fault
    if fault or told.on_chain < told.count:
        raise typer.Exit(fault.exit_code if fault else Refused.exit_code)


def _paid_by(
    keystore: Path | None, password_file: Path | None, rpc: str, confirmations: int | None
) -> Chain:
    keys.require(keystore)
    chain = connection.open_chain(rpc, confirmations=confirmations)
    chain.account = keys.load(keystore, password_file)
    return chain


def _carrier(
    chain: Chain, poll: str | None, catalogue: str | None, expect: str | None, output: Output
) -> Carrier:
    from veche.carrier.carrier import Carrier as Carrying

    def tell(transaction: bytes, ballots: int) -> None:
        output.say(f"Sent a batch of {ballots}: transaction {digits(transaction)}")

    found = None
    if poll is not None:
        found = connection.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    return Carrying(chain, poll=found, expect=expect, on_batch=tell)


def _carry(carrier: Carrier, files: list[str], told: Told) -> VecheError | None:
    """Carries all ballots; what it had to stop for, if it had to."""
    told.expect(0 if told.as_lines else len(files))
    try:
        for each in carrier.carry(_documents(files, told)):
            told.tell(each)
    except VecheError as fault:
        return fault
    return None


# -- Reading --


def _documents(files: list[str], told: Told) -> Iterator[Document | None]:
    """The ballots in files and on stdin; None where stdin pauses."""
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
            told.tell(Carried(name, Outcome.REFUSED, None, None, None, error))


def _lines(descriptor: int, longest: int) -> Iterator[Document | None]:
    """The lines that a pipe gives, none kept longer than it may be; None where it pauses."""
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
class Told:
    """What has become of every ballot, told as it becomes known.

    Attributes:
        output: where to.
        as_lines: whether machines get a line for each, rather than one object in the end.
        report: is told how many are done with.
        count: how many ballots there were.
        on_chain: how many of them are on chain.
    """

    output: Output
    as_lines: bool
    report: OnStep = lambda _done, _most: None
    count: int = 0
    on_chain: int = 0
    _expected: int = 0
    _fields: list[dict[str, Any]] = field(default_factory=list)

    def expect(self, ballots: int) -> None:
        """Takes it that there are so many; 0 where nobody knows."""
        self._expected = ballots
        self.report(self.count, ballots)

    def tell(self, carried: Carried) -> None:
        """Tells of a ballot."""
        self.count += 1
        self.on_chain += carried.is_on_chain
        self.report(self.count, self._expected)
        if not self.output.as_json:
            self.output.say(f"{carried.name}: {_described(carried)}")
        elif self.as_lines:
            self.output.finish(_in_fields(carried))
        else:
            self._fields.append(_in_fields(carried))

    def finish(self, account: str, fault: VecheError | None) -> None:
        """Tells of all of them together, and what there was to stop for."""
        self.output.say(f"{self.on_chain} of {self.count} ballots are on chain.")
        if not self.as_lines:
            error = {"error": _error(fault)} if fault else {}
            self.output.finish({"account": account, "ballots": self._fields} | error)


def _described(carried: Carried) -> str:
    outcome, error, receipt = carried.outcome, carried.error, carried.receipt
    said = WORDS.get(outcome, str(outcome))
    if error:
        return f"{said}, {type(error).__name__}: {error} {error.remedy}"
    if receipt:
        return f"{said}, block {receipt.block}, transaction {digits(receipt.transaction)}"
    return said


def _in_fields(carried: Carried) -> dict[str, Any]:
    ballot, tracker, receipt = carried.ballot, carried.tracker, carried.receipt
    return {
        "ballot": carried.name,
        "outcome": str(carried.outcome),
        "poll": ballot.poll if ballot else None,
        "voter": ballot.voter if ballot else None,
        "tracker": digits(tracker) if tracker else None,
        "block": receipt.block if receipt else None,
        "transaction": digits(receipt.transaction) if receipt else None,
        "error": _error(carried.error) if carried.error else None,
    }


def _error(error: VecheError) -> dict[str, str]:
    return {"name": type(error).__name__, "message": str(error), "remedy": error.remedy}
