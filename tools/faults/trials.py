"""Polls during which something fails or is measured, and the judgement of what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from statistics import quantiles
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final

from eth_account import Account

from tools.faults.casting import CLIENTS, Clients
from tools.faults.cluster import Cluster
from tools.faults.people import People, ballots, person, plain_count, serve, voter
from tools.faults.scenarios import Fault
from veche import Catalogue, Poll, SignedBallot
from veche.chain.board import Board
from veche.observer.node_evidence import NodeEvidence
from veche.observer.verification import verify
from veche.protocol.tally import sums_hash
from veche.trust.report import Report, Verdict

VOTERS: Final = 120
"""Number of voters of a poll during which something fails."""
LASTS: Final = 240
"""Seconds that a poll is open during which only a client fails."""
RESYNCED: Final = 2_000
"""Number of ballots of the poll that an observer verifies from nothing."""
SERVED_WITHIN: Final = 120
"""Maximum seconds from a final close to the share of the trustee who tries all the time."""
STEADY_SECONDS: Final = 120
"""Seconds for which the ballots per second are counted."""
STEADY_BALLOTS: Final = 20_000
"""Number of ballots to cast in these seconds: more than there is time for."""
WAITS_SECONDS: Final = 60
"""Seconds for which it is measured how long ballots wait."""
WAITS_BATCH: Final = 10
"""Number of ballots in each of their transactions."""
PASSWORD: Final = "of a trial"  # noqa: S105  # of keys that everybody knows


@dataclass(frozen=True)
class Trials:
    """Polls on a network, during which something fails or is measured.

    Attributes:
        cluster: the network.
        people: its officials and trustees.
        catalogue: the catalogue that lists the polls.
        board: the board of all polls.
        folder: the folder for files.
    """

    cluster: Cluster
    people: People
    catalogue: Catalogue
    board: Board
    folder: Path

    # -- Faults --

    def during(self, name: str, fault: Fault) -> dict[str, Any]:
        """Holds a whole poll with a fault while ballots are cast, and judges the outcome."""
        tell(name)
        fault.build()
        poll, cast = self._open(fault.name, VOTERS, fault.lasts)
        serving = self._serve(poll)
        clients = Clients(self.cluster, poll.address, pause=fault.pause)
        work = clients.cast(cast)
        while len(clients.ledger.confirmed) < VOTERS // 10:
            sleep(0.2)
        before, begun = len(clients.ledger.confirmed), monotonic()
        fault.scenario(self.cluster)
        seconds = monotonic() - begun
        for each in work:
            each.result()
        spare = poll.definition.closes - self.people.connect(self.people.official).time
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
        """Kills `veche carry` (-9) as soon as it has sent a transaction, and runs it again."""
        tell(name)
        poll, cast = self._open("client", VOTERS, LASTS)
        serving = self._serve(poll)
        command = self._carry(cast)
        node = self.cluster.node(self.cluster.observer)
        carrier = person("carrier").address
        sent = node.next_nonce(carrier)
        with _running(command) as process:
            while node.next_nonce(carrier) == sent:
                if process.poll() is not None:
                    raise ChildProcessError(f"veche carry ended with code {process.returncode}")
                sleep(0.01)
        again = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        confirmed = {each.tracker(poll.hash) for each in cast} if again.returncode == 0 else set()
        return self._judge(name, poll, cast, confirmed, serving) | {"second_run": again.returncode}

    def _open(self, id_: str, count: int, lasts: int) -> tuple[Poll, list[SignedBallot]]:
        voters = [voter(index).address for index in range(count)]
        poll = self.people.publish(self.catalogue, self.board, id_, voters, lasts=lasts)
        return poll, ballots(poll, count)

    def _serve(self, poll: Poll) -> Thread:
        """Starts a trustee who tries all the time to decrypt, whatever the network shows."""
        eager = self.people.trustees()[0]
        thread = Thread(target=serve, args=(eager, poll.address, self.catalogue), daemon=True)
        thread.start()
        return thread

    def _carry(self, cast: list[SignedBallot]) -> list[str]:
        """The command that carries ballots through the observer's node."""
        file, keystore = self.folder / "ballots.jsonl", self.folder / "carrier.json"
        password = self.folder / "password"
        file.write_text("".join(each.to_json() + "\n" for each in cast))
        password.write_text(PASSWORD + "\n")
        encrypted = Account.encrypt(person("carrier").key, PASSWORD, iterations=4096)
        keystore.write_text(json.dumps(encrypted))
        options = {
            "--keystore": keystore,
            "--password-file": password,
            "--rpc": self.cluster.url(self.cluster.observer),
            "--confirmations": self.cluster.network.confirmations,
        }
        words = [str(word) for option in options.items() for word in option]
        carry = [sys.executable, "-m", "veche.cli", "carry", "-", "--json", *words]
        return ["sh", "-c", 'exec "$@" < "$0"', str(file), *carry]

    # -- Judging --

    def _judge(
        self,
        name: str,
        poll: Poll,
        cast: list[SignedBallot],
        confirmed: Collection[bytes],
        serving: Thread,
    ) -> dict[str, Any]:
        """Takes the poll to its proven result, and checks everything on the way."""
        self._wait_for_close(poll)
        logged = Counter(bytes(each.values["tracker"]) for each in poll.ballots())
        lost = [each for each in confirmed if logged[each] != 1]
        twice = [each for each, times in logged.items() if times > 1]
        missing = len(cast) - sum(1 for each in cast if logged[each.tracker(poll.hash)])
        self._decrypt(poll, serving)
        poll.publish_result(payer=self.people.official)
        report = self._verify(poll)
        agrees = poll.result() == plain_count(len(cast))
        answers = self._answers(poll)
        answered = sums_hash(poll.hash, poll.sums()).hex()
        answers_agree = answers == [answered, answered]
        return {
            "fault": name,
            "ballots": len(cast),
            "confirmed": len(confirmed),
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
        """Waits until the close is final for trustees."""
        trustee = self.people.trustees()[0]
        node = self.cluster.node(self.cluster.observer)
        while True:
            newest = node.block()["number"]
            final = node.block(max(0, newest + 1 - trustee.final_confirmations))
            if final["timestamp"] >= poll.definition.closes:
                return
            sleep(0.5)

    def _decrypt(self, poll: Poll, serving: Thread) -> None:
        """Waits for the trustee who has tried all the time, and has another one decrypt."""
        serving.join(SERVED_WITHIN)
        trustee = self.people.trustees()[1]
        trustee.chain.confirmations = 1
        trustee.decrypt(poll, self.catalogue)

    def _answers(self, poll: Poll) -> list[str | None]:
        """The sums hash of a poll that each of the two trustees has noted; None if it has not."""
        paths = [each.answers.path for each in self.people.trustees()[:2]]
        return [json.loads(path.read_text())["polls"].get(poll.hash.hex()) for path in paths]

    def _verify(self, poll: Poll) -> Report:
        node = self.cluster.node(self.cluster.observer)
        return verify(NodeEvidence(node, poll.address), expect=poll.hash).report

    # -- Measurements --

    def resync(self) -> float:
        """The seconds that an observer's node needs from an empty folder to a verified poll."""
        tell(f"an observer begins with nothing, after a poll of {RESYNCED} ballots")
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
        report = self._verify(self.people.connect(self.people.official).poll(poll.address))
        if report.verdict == Verdict.FAIL:
            raise AssertionError(f"the observer's verdict is {report.to_plain()}")
        return round(monotonic() - begun, 1)

    def waits(self, per_second: float) -> dict[str, float]:
        """The seconds from send to final at a load, as their median and the 99th percentile."""
        tell(f"{per_second:.0f} ballots a second, for {WAITS_SECONDS} seconds")
        poll, cast = self._open("waits", int(per_second * WAITS_SECONDS), 3_600)
        free: SimpleQueue[int] = SimpleQueue()
        for client in range(CLIENTS):
            free.put(client)
        seconds: list[float] = []

        def send(client: int, batch: list[SignedBallot]) -> None:
            own = self.people.connect(person(f"client {client}")).poll(poll.address)
            begun = monotonic()
            own.cast_batch(batch)
            seconds.append(monotonic() - begun)
            free.put(client)

        with ThreadPoolExecutor(CLIENTS) as pool:
            for first in range(0, len(cast), WAITS_BATCH):
                pool.submit(send, free.get(), cast[first : first + WAITS_BATCH])
                sleep(WAITS_BATCH / per_second)
        cuts = quantiles(seconds, n=100)
        return {"final_s": round(cuts[49], 1), "final_p99_s": round(cuts[98], 1)}

    def steady(self) -> float:
        """The ballots per second that are accepted in batches, over two minutes."""
        tell(f"ballots in batches, for {STEADY_SECONDS} seconds")
        poll, cast = self._open("steady", STEADY_BALLOTS, 3_600)
        with _running(self._carry(cast)) as process:
            while not poll.voter_count:
                sleep(0.1)
            first, begun = poll.voter_count, monotonic()
            while monotonic() < begun + STEADY_SECONDS and process.poll() is None:
                sleep(1)
            seconds, last = monotonic() - begun, poll.voter_count
        if seconds < STEADY_SECONDS:
            raise AssertionError(f"the ballots were used up after {seconds:.0f} seconds")
        return round((last - first) / seconds, 1)


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a command, and kills it (-9) where this block ends."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def tell(what: str) -> None:
    """Shows what is being done."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()
