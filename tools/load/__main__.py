"""Measures a relay under load, and writes build/relay.json. `make bench-relay`.

The file is one flat JSON object. Keys that other programs have written to it stay. Chain, relay and
clients share this machine; nothing else should run on it.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic, sleep
from typing import Final

import psutil

from support.elections import towns
from support.relays import RunningRelay, relay_office
from tools.load import election
from tools.load.clients import Clients
from veche import Poll, SignedBallot
from veche.processes import workers

FILE: Final = Path(__file__).parents[2] / "build" / "relay.json"
BALLOTS: Final = 50_000
"""Ballots that the relay has accepted when its memory is looked at last."""
SECONDS: Final = 180.0
"""Seconds for which ballots per second are counted, and for which half as many are handed in."""
LOOK_EVERY: Final = 0.1
"""Seconds between two looks at the chain for ballots."""
LIMITS: Final = {"requests_per_minute": 1_000_000, "waiting": 1_000_000}
MEGABYTE: Final = 1e6
PATIENCE: Final = 3_600.0
"""Seconds after which the relay is not waited for any more."""


def main() -> int:
    """Measures, and returns the exit code: 1 if a ballot was lost."""
    options = arguments(__doc__, BALLOTS, SECONDS)
    with workers() as pool, TemporaryDirectory() as folder, towns(voters=0) as town:
        say(f"making {options.ballots:,} ballots ...")
        poll = election.open_poll(town, options.ballots, pool)
        ballots = election.documents(poll, options.ballots, pool)
        office = relay_office(town, Path(folder) / "relay", [poll], limits=LIMITS)
        with office.running() as relay:
            load = Load(poll, relay, ballots, options.seconds)
            figures = load.measure()
    note(figures)
    return 1 if figures["bench_lost"] else 0


def arguments(what: str | None, ballots: int, seconds: float) -> argparse.Namespace:
    """The options of a program that measures a relay."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--ballots", type=int, default=ballots, help="in all")
    parser.add_argument("--seconds", type=float, default=seconds, help="of each measurement")
    return parser.parse_args()


def note(figures: dict[str, float]) -> None:
    """Adds figures to the file, and prints them."""
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(kept | figures, indent=2) + "\n")
    say(json.dumps(figures))


def say(text: str) -> None:
    """Tells what is done."""
    sys.stderr.write(f"{text}\n")


@dataclass
class Load:
    """A relay, and the ballots that are handed in there: some at half load, then all others.

    Attributes:
        poll: the poll.
        relay: the relay.
        ballots: one of every voter.
        seconds: of each measurement.
    """

    poll: Poll
    relay: RunningRelay
    ballots: list[bytes]
    seconds: float

    def measure(self) -> dict[str, float]:
        """The figures by name."""
        stop = Event()
        with ThreadPoolExecutor(1) as looking:
            memory = looking.submit(_peak, self.relay.process.id, stop)
            per_s, taken = self._sustained()
            times = self._times(per_s / 2, taken)
            self._hand_in_rest()
            counted = self._wait_for_all()
            stop.set()
        cuts = quantiles(times, n=100)
        return {
            "per_s": round(per_s, 1),
            "p50_s": round(cuts[49], 2),
            "p99_s": round(cuts[98], 2),
            "mb": round(memory.result() / MEGABYTE),
            "bench_ballots": counted,
            "bench_lost": len(self.ballots) - counted,
        }

    def _sustained(self) -> tuple[float, int]:
        """Ballots per second, from handing in to a block, and how many were handed in."""
        clients = Clients(self.relay.url)
        with ThreadPoolExecutor(1) as working:
            begun, before = monotonic(), self.poll.voter_count
            work = working.submit(clients.run, self.ballots, seconds=self.seconds)
            sleep(self.seconds)
            per_s = (self.poll.voter_count - before) / (monotonic() - begun)
            work.result()
        used = len(clients.begun)
        say(f"{per_s:.0f} ballots per second, {used:,} handed in; waiting for the rest ...")
        self._wait_for(used)
        return per_s, used

    def _times(self, rate: float, first: int) -> list[float]:
        """Seconds from handing in to a block that holds the ballot, at a rate."""
        some = self.ballots[first : first + int(rate * self.seconds)]
        clients = Clients(self.relay.url, rate)
        counted: dict[int, float] = {}
        trackers = self._trackers(some)
        with ThreadPoolExecutor(1) as working:
            block = self.poll.node.block()["number"] + 1
            work = working.submit(clients.run, some, seconds=2 * self.seconds)
            while not (work.done() and len(counted) == len(clients.begun)):
                newest, now = self.poll.node.block()["number"], monotonic()
                if newest >= block:
                    for event in self.poll.contract.events("BallotCast", first=block, last=newest):
                        counted[trackers[event.values["tracker"]]] = now
                    block = newest + 1
                sleep(LOOK_EVERY)
        self._used = first + len(clients.begun)
        return [counted[number] - begun for number, begun in clients.begun.items()]

    def _trackers(self, some: list[bytes]) -> dict[bytes, int]:
        read = (SignedBallot.from_json(each.decode()) for each in some)
        return {each.tracker(self.poll.hash): number for number, each in enumerate(read)}

    def _hand_in_rest(self) -> None:
        rest = self.ballots[self._used :]
        say(f"handing in {len(rest):,} more ballots ...")
        Clients(self.relay.url).run(rest, seconds=PATIENCE)

    def _wait_for_all(self) -> int:
        return self._wait_for(len(self.ballots))

    def _wait_for(self, count: int) -> int:
        """Waits until so many ballots count, or no more come; how many count."""
        begun = monotonic()
        while (found := self.poll.voter_count) < count and monotonic() < begun + PATIENCE:
            sleep(1)
        return found


def _peak(root: int, stop: Event) -> float:
    """The most memory that a process and those that it has started use, in bytes: pages that some
    of them share count once.
    """
    most, parent = 0.0, psutil.Process(root)
    while not stop.wait(1):
        each = [parent, *parent.children(recursive=True)]
        most = max(most, sum(one.memory_full_info().pss for one in each))
    return most


if __name__ == "__main__":
    raise SystemExit(main())
