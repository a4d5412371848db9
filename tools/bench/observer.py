"""The speed at which observers verify ballots that choose one of five, and the memory they need."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

from support.elections import TREE, Town, towns
from support.paper_polls import Cast, Facts, PaperBallot, PaperEvidence, PaperPoll
from tools.bench.multiplications import multiplication_on_all_cores
from veche import Poll, SignedBallot
from veche.chain import casting
from veche.crypto.questions import Questions
from veche.observer import record_writer
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.protocol.content import Content, QuestionTexts
from veche.trust.report import Verdict

ON_PAPER = 20_000
"""Number of ballots in the record."""
ON_CHAIN = 1_500
"""Number of ballots at the node."""
ROUNDS = 3
LOOK_EVERY = 0.5
"""Seconds between two looks at the memory, as each look slows down the work."""
FIVE = QuestionTexts(TREE.text, ("Lime", "Oak", "Rowan", "Maple", "Birch"))


def measure() -> dict[str, float]:
    """The figures by name. Of some rounds in turns the shortest times count."""
    with TemporaryDirectory() as folder, towns(voters=ON_CHAIN) as town:
        path = Path(folder) / "poll.record"
        save_paper(path)
        poll = town.open_poll("bench", Content("Trees", "", (FIVE,)), Questions.of((5, 1, 1, 1)))
        _cast_all(town, poll)
        rounds = [
            (command_cost("verify", path), multiplication_on_all_cores(), _verify_at(town, poll))
            for _ in range(ROUNDS)
        ]
        size = path.stat().st_size
    costs = [cost for cost, _, _ in rounds]
    return {
        "observer.mul_per_ballot": min(cost.cpu / ON_PAPER / unit for cost, unit, _ in rounds),
        "observer.record_per_s": ON_PAPER / min(each.seconds for each in costs),
        "observer.mb_20000": max(each.peak for each in costs) / 1e6,
        "record.bytes_per_ballot": size / ON_PAPER,
        "observer.node_per_s": ON_CHAIN / min(seconds for _, _, seconds in rounds),
    }


# -- From a record --


def save_paper(path: Path) -> None:
    """Writes the record of a poll that was never on a chain."""
    record_writer.save_record(PaperEvidence(_paper_poll()), path)


def _paper_poll() -> Facts:
    """A poll whose ballots are made without a chain, on all cores."""
    poll = PaperPoll(weights=[1] * ON_PAPER, ballots=())
    global _POLL  # noqa: PLW0603  # the other processes inherit it
    _POLL = poll
    with get_context("fork").Pool() as pool:
        casts = tuple(pool.imap(_cast, range(ON_PAPER), chunksize=64))
    return poll.shown(casts)


_POLL: PaperPoll


def _cast(index: int) -> Cast:
    return _POLL.cast(PaperBallot(index, _scores(index)))


def _scores(index: int) -> list[int]:
    return [int(choice == index % 5) for choice in range(5)]


@dataclass(frozen=True)
class Cost:
    """What a command took.

    Attributes:
        seconds: from its beginning to its end.
        cpu: seconds of all its processes on their cores.
        peak: the most bytes of memory that they had together.
    """

    seconds: float
    cpu: float
    peak: int


def command_cost(*words: object, ends: int = 0) -> Cost:
    """What a command line of `veche` takes, with --json.

    Args:
        words: its words.
        ends: the exit code that it must end with.
    """
    begun, before = perf_counter(), getrusage(RUSAGE_CHILDREN)
    process = subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, "-m", "veche.cli", *map(str, words), "--json"],
        stdout=subprocess.DEVNULL,
    )
    peak = 0
    while not _ends_within(process, LOOK_EVERY):
        peak = max(peak, _memory(process.pid))
    if process.returncode != ends:
        raise SystemExit(f"{words[0]} ended with {process.returncode}")
    after = getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(perf_counter() - begun, cpu, peak)


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _memory(pid: int) -> int:
    """The bytes of a process and its children, with shared pages counted once."""
    try:
        own = psutil.Process(pid)
        return sum(each.memory_full_info().pss for each in (own, *own.children(recursive=True)))
    except psutil.Error:
        return 0


# -- From a node --


def _verify_at(town: Town, poll: Poll) -> float:
    """The seconds to verify a poll at its node."""
    begun = perf_counter()
    report = verify(NodeEvidence(town.embedded.node, poll.address)).report
    if report.verdict == Verdict.FAIL:
        raise SystemExit(f"an honest poll fails: {report}")
    return perf_counter() - begun


def _cast_all(town: Town, poll: Poll) -> None:
    batch: list[SignedBallot] = []
    for account in town.voters:
        signed = poll.prepare({TREE.text: "Oak"}, voter=account.address).sign(account)
        if not casting.fits(poll.definition, [*batch, signed]):
            poll.cast_batch(batch, payer=town.official)
            batch = []
        batch.append(signed)
    poll.cast_batch(batch, payer=town.official)
