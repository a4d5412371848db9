"""Runs all faults and measurements, prints the figures, and writes build/network.json. With the
names of faults, it runs these alone, and writes no file.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from tools.faults.casting import CLIENTS
from tools.faults.cluster import Cluster, cluster
from tools.faults.flood import ACCOUNTS
from tools.faults.people import TRUSTEES, People, person
from tools.faults.scenarios import FAULTS
from tools.faults.trials import Trials, tell
from tools.faults.witness import watching

FILE: Final = Path(__file__).parents[2] / "build" / "network.json"

MAXIMA: Final = {
    "up_s": 15,
    "lost": 0,
    "counted_twice": 0,
    "replaced": 0,
    "resync_s": 40,
    "back_one_s": 10,
    "back_all_s": 20,
    "validator_mb": 500,
    "final_s": 3,
    "final_p99_s": 6,
}
"""Maximum of every figure."""
MINIMA: Final = {"ballots_per_s": 90}
"""Minimum of every other figure."""


CLIENT_KILLED: Final = "client-killed"
"""The name of the fault that is none of the network's."""


def main() -> int:
    """Makes faults and measurements, and returns the exit code: 1 if one is not good."""
    wanted = _wanted()
    end_when_told()
    names = ["official", *(f"trustee {i}" for i in range(TRUSTEES))]
    names += [f"client {i}" for i in range(CLIENTS)] + ["carrier", *ACCOUNTS]
    accounts = [person(each).address for each in names]
    with (
        tempfile.TemporaryDirectory(prefix="veche-faults-") as name,
        cluster(Path(name), accounts) as network,
    ):
        run = Run(network, Path(name), wanted)
        run.everything()
    sys.stdout.write(json.dumps(run.figures, indent=2) + "\n")
    return 0 if run.is_good else 1


def _wanted() -> frozenset[str]:
    """The names of the faults that are asked for; none if everything is."""
    names = [*(each.name for each in FAULTS.values()), CLIENT_KILLED]
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    asked = parser.parse_args().names
    if unknown := sorted({*asked} - {*names}):
        parser.error(f"no fault has the name {', '.join(unknown)}")
    return frozenset(asked)


def end_when_told() -> None:
    """Has SIGTERM end this process as Ctrl-C does, so that the machines are removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@dataclass
class Run:
    """A run of all faults and measurements.

    Attributes:
        cluster: the network.
        folder: the folder for files.
        wanted: the names of the faults that are asked for; none for everything.
        figures: the figures so far.
    """

    cluster: Cluster
    folder: Path
    wanted: frozenset[str]
    figures: dict[str, Any] = field(
        default_factory=lambda: {"lost": 0, "counted_twice": 0, "faults": []}
    )

    @property
    def is_good(self) -> bool:
        """Whether no fault did harm and no block was replaced, and all figures are within their
        bounds if everything was asked for.
        """
        faults = all(each["good"] for each in self.figures["faults"])
        if self.wanted:
            return faults and not self.figures["replaced"]
        within = all(self.figures[key] <= most for key, most in MAXIMA.items())
        return faults and within and all(self.figures[key] >= x for key, x in MINIMA.items())

    def everything(self) -> None:
        """Makes all faults and measurements, one after another."""
        self._start()
        people = People(
            self.cluster.url(self.cluster.observer),
            self.folder,
            self.cluster.network.confirmations,
        )
        with watching(self.cluster) as witness:
            self._polls(people)
        self._write({"replaced": witness.replaced})

    def _polls(self, people: People) -> None:
        tell("the key ceremony")
        catalogue, board = people.convene()
        trials = Trials(self.cluster, people, catalogue, board, self.folder)
        for what, fault in FAULTS.items():
            if self._is_wanted(fault.name):
                self._note(trials.during(what, fault))
        if self._is_wanted(CLIENT_KILLED):
            self._note(trials.client_killed("a client is killed between sending and receipt"))
        if not self.wanted:
            self._measure(trials)

    def _is_wanted(self, name: str) -> bool:
        return not self.wanted or name in self.wanted

    def _measure(self, trials: Trials) -> None:
        self._write({"resync_s": trials.resync()})
        self._write({"ballots_per_s": (rate := trials.steady())})
        self._write(trials.waits(rate / 2))
        self._write({"validator_mb": self.cluster.megabytes(0)})

    def _start(self) -> None:
        tell("starting four validators and an observer")
        begun = monotonic()
        for index in range(len(self.cluster.hosts)):
            self.cluster.start(index)
        self.cluster.node(self.cluster.observer)
        self.cluster.wait_for_blocks(1)
        self.figures["up_s"] = round(monotonic() - begun, 1)

    def _note(self, fault: dict[str, Any]) -> None:
        self.figures["faults"].append(fault)
        for key in ("lost", "counted_twice"):
            self.figures[key] += fault[key]
        tell(json.dumps(fault))
        self._write(self.cluster.figures)

    def _write(self, figures: dict[str, float]) -> None:
        """Adds figures, and writes all that there are: a run takes an hour, and may fail."""
        self.figures |= figures
        if self.wanted:
            return
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(json.dumps(self.figures, indent=2) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
