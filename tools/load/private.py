"""Measures a relay at an observer's node of a private network, and adds it to build/relay.json.

Four validators, the observer, the relay and its clients share this machine. `make bench-relay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from support.relays import relay_folder
from tools.faults.people import TRUSTEES, People, person
from tools.load import election
from tools.load.__main__ import LIMITS, Load, arguments, note, say
from veche.network import layout, programs, running
from veche.network.network_file import read_network
from veche.processes import free_port, workers

BALLOTS: Final = 18_000
SECONDS: Final = 60.0
LASTS: Final = 86_400
"""Seconds for which the poll is open."""
VALIDATORS: Final = ("north", "east", "south", "west")
GAS_LIMIT: Final = 150_000_000
RELAY: Final = "relay"


def main() -> int:
    """Measures, and returns the exit code: 1 if a ballot was lost."""
    options = arguments(__doc__, BALLOTS, SECONDS)
    with workers() as pool, TemporaryDirectory() as name, _network(Path(name)) as url:
        say("the key ceremony, and the roll ...")
        people = People(url, Path(name), confirmations=1)
        catalogue, board = people.convene()
        voters = list(pool.map(election.address, range(options.ballots)))
        poll = people.publish(catalogue, board, "load", voters, lasts=LASTS)
        say(f"making {options.ballots:,} ballots ...")
        ballots = election.documents(poll, options.ballots, pool)
        office = relay_folder(Path(name) / "relay", [poll], person(RELAY), rpc=url, limits=LIMITS)
        with office.running() as relay:
            figures = Load(poll, relay, ballots, options.seconds).measure()
    del figures["mb"]  # that of the embedded chain counts more ballots
    note({f"network_{name}": value for name, value in figures.items()})
    return 1 if figures["bench_lost"] else 0


@contextmanager
def _network(folder: Path) -> Iterator[str]:
    """A network that runs on this machine; the URL of its observer."""
    file = folder / "network.toml"
    file.write_text(_description())
    network = layout.make(read_network(file), folder / "networks")
    found = programs.find()
    _, homes = running.prepare_trial(network, found, folder / "networks")
    with running.running(homes, found) as nodes:
        say("starting four validators and an observer ...")
        running.reach(network, nodes)
        yield network.rpc


def _description() -> str:
    lines = ['name = "load"', "chain_id = 202712", "block_time = 1", f"rpc_port = {free_port()}"]
    lines.append(f"gas_limit = {GAS_LIMIT}")
    for index, name in enumerate(VALIDATORS):
        lines += ["[[validators]]", f'name = "{name}"', f'host = "192.0.2.{index + 1}"']
        lines += ["port = 30303", "consensus_port = 26656"]
    for name in ("official", *(f"trustee {i}" for i in range(TRUSTEES)), RELAY):
        lines += ["[[accounts]]", f'address = "{person(name).address}"', "ether = 1_000"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
