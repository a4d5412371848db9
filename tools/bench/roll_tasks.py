"""Parts of the benchmark of rolls, each in a process of its own: `python -m` with the task, the
number of voters, and files. Figures are printed as a JSON object.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from eth_hash.auto import keccak

from support.elections import person
from support.one_poll import POLL
from support.paper_polls import PaperEvidence, PaperPoll
from veche import Roll, read_roll
from veche.files.kept_roll import keep_roll, open_roll
from veche.observer import record_writer
from veche.protocol.entries import WORD, PackedEntries, packed
from veche.protocol.roll_proof import RollProof

PROOFS = 200
"""Number of proofs whose median time counts."""


def others(size: int) -> PackedEntries:
    """So many voters who never vote, always the same."""
    one = (1).to_bytes(WORD, "big")
    rows = (keccak(b"veche bench %d" % each)[12:] + one for each in range(size))
    return PackedEntries(b"".join(rows))


def write(size: int, csv: Path, _: Path) -> dict[str, float]:
    """Writes a roll as officials write it. Two of its voters cast a ballot."""
    voters = b"".join(packed(person(f"voter {each}").address, 1) for each in range(2))
    rows = voters + bytes(others(size - 2).data)
    with csv.open("w") as file:
        file.write("address,weight\n")
        file.writelines(f"{each.voter},{each.weight}\n" for each in PackedEntries(rows))
    return {}


def build(_: int, csv: Path, kept: Path) -> dict[str, float]:
    """Reads a roll, makes its tree, and keeps both."""
    begun = process_time()
    roll = read_roll(csv)
    read = process_time() - begun
    peak = _peak()
    begun = process_time()
    Roll(roll.entries)
    tree = process_time() - begun
    keep_roll(roll, kept)
    return {"tree_s": tree, "csv_s": read, "tree_mb": peak, "kept_mb": kept.stat().st_size / 1e6}


def serve(size: int, _: Path, kept: Path) -> dict[str, float]:
    """Opens a kept roll, as a service does that starts again, and makes proofs."""
    begun = process_time()
    roll = open_roll(kept)
    opened = process_time() - begun
    own = replace(POLL, roll_root=roll.root, total_weight=roll.total_weight)
    times, texts = [], []
    for each in range(PROOFS):
        voter = roll.entries[each * size // PROOFS].voter
        begun = perf_counter()
        texts.append(RollProof.of(roll, own, voter).to_json())
        times.append(perf_counter() - begun)
    return {"open_s": opened, "proof_ms": 1e3 * median(times), "proof_bytes": max(map(len, texts))}


def record(size: int, _: Path, path: Path) -> dict[str, float]:
    """Writes the record of a poll with such a roll and four ballots."""
    poll = PaperPoll(others=others(size - 3))
    record_writer.save_record(PaperEvidence(poll.facts), path)
    return {"record_disk_mb": path.stat().st_size / 1e6}


def _peak() -> float:
    """The most megabytes of memory that this process has had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


TASKS: dict[str, Callable[[int, Path, Path], dict[str, float]]] = {
    each.__name__: each for each in (write, build, serve, record)
}

if __name__ == "__main__":
    task, size, *paths = sys.argv[1:]
    sys.stdout.write(json.dumps(TASKS[task](int(size), *map(Path, paths))))
