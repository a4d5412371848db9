"""How everything that has to do with the electoral roll grows with the number of voters.

`make bench-roll` measures 1,000 to 1,000,000 voters, prints the table of docs/performance.md, and
writes the figures into build/relay.json. Keys that other programs have written there stay.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.elections import PASSWORD, Town, towns, write_keystore
from support.lying_nodes import lying_node
from tools.bench.observer import FIVE, Cost, command_cost
from tools.bench.roll_tasks import others
from veche import Poll, Roll
from veche.chain.catalogue import PollTerms
from veche.crypto.questions import Questions
from veche.files.kept_roll import open_roll
from veche.protocol.content import Content
from veche.protocol.roll_proof import RollProof

FILE = Path(__file__).parents[2] / "build" / "relay.json"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PART = 500
"""Number of voters in a transaction that publishes a roll, as officials publish it."""
PENDING = 8
"""The exit code of a verification that waits for a poll's end."""
FIVE_OPTIONS = Questions.of((5, 1, 1, 1))
CONTENT = Content("Trees", "", (FIVE,))
MAXIMA = {"tree_s": 20, "tree_mb": 700, "proof_ms": 50}
"""Maximum of the figures for a million voters."""


def main() -> int:
    """Measures everything; 1 if a figure for a million voters is out of bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES, help="numbers of voters")
    sizes = parser.parse_args().sizes
    found: dict[int, dict[str, float]] = {}
    with TemporaryDirectory() as folder, towns(voters=2) as town:
        for size in sizes:
            sys.stderr.write(f"measuring {size:,} voters ...\n")
            found[size] = dict(_figures(size, Path(folder), town))
            _keep(size, found[size])
    sys.stdout.write(_table(found))
    largest = found.get(SIZES[-1], {})
    return 0 if all(largest[key] <= most for key, most in MAXIMA.items() if largest) else 1


def _keep(size: int, figures: dict[str, float]) -> None:
    """Writes the figures of a size into the file; some of the largest under their own names too."""
    named = {f"roll_{size}.{key}": value for key, value in figures.items()}
    own = {key: figures[key] for key in MAXIMA} if size == SIZES[-1] else {}
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(kept | named | own, indent=2) + "\n")


TABLE = {
    "tree_s": "tree: seconds",
    "csv_s": "roll.csv read and tree built: seconds",
    "tree_mb": "the same: megabytes at the peak",
    "kept_mb": "kept roll: megabytes on disk",
    "open_s": "kept roll opened and checked: seconds",
    "proof_ms": "one proof: milliseconds",
    "proof_bytes": "one proof: bytes",
    "cast_gas": "casting a ballot (choose 1 of 5): gas",
    "publish_gas": "publishing the roll: gas for each voter",
    "client_s": "`veche vote --proof`: seconds",
    "client_mb": "the same: megabytes at the peak",
    "client_kb": "the same: kilobytes read from the node",
    "node_s": "`veche verify` at a node: seconds",
    "node_mb": "the same: megabytes at the peak",
    "record_disk_mb": "election record: megabytes on disk",
    "record_s": "`veche verify` of the record: seconds",
    "record_mb": "the same: megabytes at the peak",
}
"""What a figure is. Seconds are those of all cores together."""


def _table(found: dict[int, dict[str, float]]) -> str:
    lines = [
        "| voters | " + " | ".join(f"{size:,}" for size in found) + " |",
        "|---|" + "---:|" * len(found),
    ]
    for key, words in TABLE.items():
        cells = [_number(each[key]) if key in each else "" for each in found.values()]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"  # noqa: PLR2004


def _figures(size: int, folder: Path, town: Town) -> Iterator[tuple[str, float]]:
    csv, kept, record = (folder / name for name in ("roll.csv", "kept.roll", "poll.record"))
    for task in ("write", "build", "serve"):
        yield from _alone(task, size, csv, kept)
    roll = open_roll(kept)
    poll = _publish(town, roll)
    yield from _cast(town, poll, roll, folder)
    yield from _published(town, size)
    yield from _alone("record", size, csv, record)
    yield from _named("record", command_cost("verify", record))


def _alone(task: str, size: int, *paths: Path) -> list[tuple[str, float]]:
    """Figures from a process of its own, whose memory nothing else has used."""
    command = [sys.executable, "-m", "tools.bench.roll_tasks", task, str(size), *map(str, paths)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # our own
    return list(json.loads(answer.stdout).items())


def _named(name: str, cost: Cost) -> Iterator[tuple[str, float]]:
    yield f"{name}_s", cost.cpu
    yield f"{name}_mb", cost.peak / 1e6


# -- On chain --


def _publish(town: Town, roll: Roll, *, name: str = "cast") -> Poll:
    """A poll with a roll that nobody has published, to choose one of five."""
    id_, opens = f"{name} {len(roll)}", town.chain.time + 100
    terms = PollTerms(
        town.board.address, roll.root, roll.total_weight, opens, opens + 10**7, 2, FIVE_OPTIONS
    )
    address = town.catalogue.publish(id_, terms, CONTENT.encoded, town.chain.sender)
    return town.chain.poll(address)


def _cast(town: Town, poll: Poll, roll: Roll, folder: Path) -> Iterator[tuple[str, float]]:
    """The gas of a ballot, and what its voter's command takes and reads."""
    town.embedded.at_time(poll.definition.opens)
    first, voter = town.voters
    poll.use_roll_proof(RollProof.of(roll, poll.definition, first.address))
    ballot = poll.prepare({FIVE.text: "Lime"}, voter=first.address)
    poll.cast(ballot.sign(first), payer=first)  # the first ballot pays for the poll's storage
    proof, key, password = (folder / each for each in ("proof.json", "my.key", "password"))
    proof.write_text(RollProof.of(roll, poll.definition, voter.address).to_json())
    password.write_text(PASSWORD)
    write_keystore(key, voter)
    read = 0

    def note(_: str, __: list[Any], told: Any) -> Any:
        nonlocal read
        read += len(json.dumps(told))
        return told

    with lying_node(town.url) as seen:
        seen.lie = note
        options = ("--proof", proof, "--keystore", key, "--password-file", password)
        words = ("vote", poll.address, "--choose", "Oak", "--cast", *options, "--rpc", seen.url)
        yield from _named("client", command_cost(*words))
    (cast,) = poll.ballots(voter=voter.address)
    receipt = town.embedded.node.receipt(cast.transaction)
    if receipt is None:
        raise SystemExit("the ballot is gone")
    yield "cast_gas", receipt["gasUsed"]
    yield "client_kb", read / 1e3


def _published(town: Town, size: int) -> Iterator[tuple[str, float]]:
    """What it costs to publish a roll, and to verify its poll before anybody has voted."""
    roll = Roll(others(size))
    poll = _publish(town, roll, name="roll")
    gas = 0
    for first in range(0, size, PART):
        part = roll.entries[first : first + PART]
        receipt = town.catalogue.publish_roll(f"roll {size}", 0, first, part, town.chain.sender)
        found = town.embedded.node.receipt(receipt.transaction)
        gas += found["gasUsed"] if found else 0
    yield "publish_gas", gas / size
    yield from _named("node", command_cost("verify", poll.address, "--rpc", town.url, ends=PENDING))


if __name__ == "__main__":
    raise SystemExit(main())
