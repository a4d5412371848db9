"""Runs every fault and measurement, prints what came of it, and writes build/network.json."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final

from eth_account import Account

from tools.faults.casting import CLIENTS, Clients
from tools.faults.cluster import Cluster, cluster
from tools.faults.scenarios import SCENARIOS, Scenario
from tools.faults.town import TRUSTEES, Town, ballots, person, plain_count, serve, voter
from veche import Catalogue, Poll, SignedBallot
from veche.chain.board import Board
from veche.observer.node_evidence import NodeEvidence
from veche.observer.report import Report, Verdict
from veche.observer.verification import verify
from veche.protocol.tally import sums_hash

FILE: Final = Path(__file__).parents[2] / "build" / "network.json"
VOTERS: Final = 120
"""Of a poll during which something fails."""
LASTS: Final = 120
"""Seconds that one is open during which nothing fails but a client."""
RESYNCED: Final = 2_000
"""Ballots of the poll that an observer gets from nothing."""
SERVED_WITHIN: Final = 120
"""Seconds that a trustee has to decrypt, once the close is final."""
STEADY_SECONDS: Final = 120
STEADY_BALLOTS: Final = 11_000
PASSWORD: Final = "of a trial"  # noqa: S105  # of keys that everybody knows

LIMITS: Final = {"up_s": 20, "lost": 0, "counted_twice": 0, "resync_s": 60}
"""The most that a figure may be."""
LEAST: Final = {"ballots_per_s": 60}
"""The least that a figure may be."""


def main() -> int:
    """Measures everything; 1 if a figure is beyond its limit, or a fault did harm."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # machines are undone
    people = ["official", *(f"trustee {i}" for i in range(TRUSTEES))]
    people += [f"client {i}" for i in range(CLIENTS)] + ["carrier"]
    accounts = [person(each).address for each in people]
    with (
        tempfile.TemporaryDirectory(prefix="veche-faults-") as name,
        cluster(Path(name), accounts) as network,
    ):
        run = Run(network, Path(name))
        run.everything()
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(run.figures, indent=2) + "\n")
    sys.stdout.write(json.dumps(run.figures, indent=2) + "\n")
    return 0 if run.is_good else 1


@dataclass
class Run:
    """One run of everything.

    Attributes:
        cluster: the network.
        folder: for files.
        figures: what was found.
    """

    cluster: Cluster
    folder: Path
    figures: dict[str, Any] = field(
        default_factory=lambda: {"lost": 0, "counted_twice": 0, "faults": []}
    )

    @property
    def is_good(self) -> bool:
        """Whether nothing is beyond its limit."""
        faults = all(each["good"] for each in self.figures["faults"])
        most = all(self.figures[key] <= limit for key, limit in LIMITS.items())
        return faults and most and all(self.figures[key] >= least for key, least in LEAST.items())

    def everything(self) -> None:
        """Makes every measurement and every fault, one after another."""
        self._start()
        town = Town(
            self.cluster.url(self.cluster.observer),
            self.folder,
            self.cluster.network.confirmations,
        )
        _tell("the key ceremony")
        catalogue, board = town.convene()
        here = Place(self.cluster, town, catalogue, board, self.folder)
        for number, (name, (scenario, lasts)) in enumerate(SCENARIOS.items()):
            self._note(here.during(name, f"fault-{number}", scenario, lasts=lasts))
        self._note(here.client_killed("a client is killed between sending and receipt"))
        self.figures["resync_s"] = here.resync()
        self.figures["ballots_per_s"] = here.steady()

    def _start(self) -> None:
        _tell("starting four validators and an observer")
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
        _tell(json.dumps(fault))


@dataclass(frozen=True)
class Place:
    """Where polls are held while things fail."""

    cluster: Cluster
    town: Town
    catalogue: Catalogue
    board: Board
    folder: Path

    # -- Faults --

    def during(self, name: str, id_: str, scenario: Scenario, *, lasts: int) -> dict[str, Any]:
        """A whole poll, with a fault while ballots come in; what came of it."""
        _tell(name)
        poll, cast = self._open(id_, VOTERS, lasts)
        serving = self._serve(poll)
        clients = Clients(self.cluster, poll.address, pause=1.0)
        work = clients.cast(cast)
        while len(clients.ledger.confirmed) < VOTERS // 10:
            sleep(0.2)
        before, begun = len(clients.ledger.confirmed), monotonic()
        scenario(self.cluster)
        seconds = monotonic() - begun
        for each in work:
            each.result()
        spare = poll.definition.closes - self.town.connect(self.town.official).time
        found = self._judge(name, poll, cast, clients.ledger.confirmed.keys(), serving)
        refused = [type(each).__name__ for each in clients.ledger.refused]
        return found | {
            "confirmed_before": before,
            "refused": refused,
            "good": found["good"] and not refused,
            "seconds": round(seconds, 1),
            "spare_s": spare,
        }

    def client_killed(self, name: str) -> dict[str, Any]:
        """`veche carry` is killed (-9) as soon as it has sent something, and run again."""
        _tell(name)
        poll, cast = self._open("client", VOTERS, LASTS)
        serving = self._serve(poll)
        command = self._carry(cast)
        node = self.cluster.node(self.cluster.observer)
        carrier = person("carrier").address
        sent = node.next_nonce(carrier)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # our own
        while node.next_nonce(carrier) == sent:
            if process.poll() is not None:
                raise ChildProcessError(f"veche carry ended with exit code {process.returncode}")
            sleep(0.01)
        process.kill()
        process.wait()
        again = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        told = {each.tracker(poll.hash) for each in cast} if again.returncode == 0 else set()
        return self._judge(name, poll, cast, told, serving) | {"second_run": again.returncode}

    def _open(self, id_: str, count: int, lasts: int) -> tuple[Poll, list[SignedBallot]]:
        voters = [voter(index).address for index in range(count)]
        poll = self.town.publish(self.catalogue, self.board, id_, voters, lasts=lasts)
        return poll, ballots(poll, count)

    def _serve(self, poll: Poll) -> Thread:
        """A trustee who tries all the time to decrypt, whatever the network shows."""
        eager = self.town.trustees(poll.address)[0]
        thread = Thread(target=serve, args=(eager, poll.address, self.catalogue), daemon=True)
        thread.start()
        return thread

    def _carry(self, cast: list[SignedBallot]) -> list[str]:
        """The command that carries ballots, through the observer's node."""
        file, keystore = self.folder / "ballots.jsonl", self.folder / "carrier.json"
        password = self.folder / "password"
        file.write_text("".join(each.to_json() + "\n" for each in cast))
        password.write_text(PASSWORD + "\n")
        encrypted = Account.encrypt(person("carrier").key, PASSWORD, iterations=4096)
        keystore.write_text(json.dumps(encrypted))
        run = f"exec {sys.executable} -m veche.cli carry - --json < {file}"
        options = f"--keystore {keystore} --password-file {password}"
        depth = self.cluster.network.confirmations
        rpc = f"--rpc {self.cluster.url(self.cluster.observer)} --confirmations {depth}"
        return ["sh", "-c", f"{run} {options} {rpc}"]

    # -- Judging --

    def _judge(
        self,
        name: str,
        poll: Poll,
        cast: list[SignedBallot],
        told: Collection[bytes],
        serving: Thread,
    ) -> dict[str, Any]:
        """Whether everything is as it must be, up to the proven result."""
        self._wait_for_close(poll)
        logged = Counter(each.values["tracker"] for each in poll.ballots())
        lost = [each for each in told if logged[each] != 1]
        twice = [each for each, times in logged.items() if times > 1]
        missing = len(cast) - sum(1 for each in cast if logged[each.tracker(poll.hash)])
        self._decrypt(poll, serving)
        poll.publish_result(payer=self.town.official)
        report = self._verify(poll)
        agrees = poll.result() == plain_count(len(cast))
        answers = self._answers(poll)
        answered = {poll.hash.hex(): sums_hash(poll.hash, poll.sums()).hex()}
        answers_agree = answers == [answered, answered]
        return {
            "fault": name,
            "ballots": len(cast),
            "confirmed": len(told),
            "lost": len(lost),
            "counted_twice": len(twice),
            "not_cast": missing,
            "observer": str(report.verdict),
            "result_agrees": agrees,
            "answers_agree": answers_agree,
            "good": not (lost or twice or missing)
            and agrees
            and answers_agree
            and report.verdict == Verdict.PASS,
        }

    def _wait_for_close(self, poll: Poll) -> None:
        """Until the close is final for trustees."""
        trustee = self.town.trustees("nobody")[0]
        node = self.cluster.node(self.cluster.observer)
        while True:
            newest = int(node.block()["number"])
            final = node.block(max(0, newest + 1 - trustee.final_confirmations))
            if int(final["timestamp"]) >= poll.definition.closes:
                return
            sleep(0.5)

    def _decrypt(self, poll: Poll, serving: Thread) -> None:
        """The trustee who has tried all the time decrypts, and another one."""
        serving.join(SERVED_WITHIN)
        trustee = self.town.trustees(poll.address)[1]
        trustee.chain.confirmations = 1
        trustee.decrypt(poll, self.catalogue)

    def _answers(self, poll: Poll) -> list[dict[str, str]]:
        """What the two trustees have noted that they have answered: for each poll the sums."""
        paths = [each.answers.path for each in self.town.trustees(poll.address)[:2]]
        return [json.loads(path.read_text()) for path in paths if path.exists()]

    def _verify(self, poll: Poll) -> Report:
        node = self.cluster.node(self.cluster.observer)
        return verify(NodeEvidence(node, poll.address), expect=poll.hash).report

    # -- Measurements --

    def resync(self) -> float:
        """Seconds that an observer's node takes from nothing to a verified poll."""
        _tell(f"an observer from nothing, after a poll of {RESYNCED} ballots")
        poll, cast = self._open("resync", RESYNCED, 1_000)
        subprocess.run(self._carry(cast), stdout=subprocess.DEVNULL, check=True)
        index = self.cluster.observer
        goal = self.cluster.height(index)
        self.cluster.kill(index)
        self.cluster.forget(index)
        begun = monotonic()
        self.cluster.start(index)
        while self.cluster.height(index) < goal:
            sleep(0.2)
        report = self._verify(self.town.connect(self.town.official).poll(poll.address))
        if report.verdict == Verdict.FAIL:
            raise AssertionError(f"the observer's verdict is {report.to_plain()}")
        return round(monotonic() - begun, 1)

    def steady(self) -> float:
        """Ballots a second that are accepted in batches, over two minutes."""
        _tell(f"ballots in batches, for {STEADY_SECONDS} seconds")
        poll, cast = self._open("steady", STEADY_BALLOTS, 3_600)
        process = subprocess.Popen(self._carry(cast), stdout=subprocess.DEVNULL)
        while not poll.voter_count:
            sleep(0.1)
        first, begun = poll.voter_count, monotonic()
        while monotonic() < begun + STEADY_SECONDS and process.poll() is None:
            sleep(1)
        seconds, last = monotonic() - begun, poll.voter_count
        process.terminate()
        process.wait()
        if seconds < STEADY_SECONDS:
            raise AssertionError(f"the ballots were used up after {seconds:.0f} seconds")
        return round((last - first) / seconds, 1)


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
