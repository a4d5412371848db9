"""An official publishes entries that are none of the roll's, after the right ones. It takes the
roll away from nobody: voters, carriers, trustees, observers, readers of records.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import veche
from support.elections import Town, trustee
from veche import Poll, SignedBallot
from veche.observer.node_evidence import NodeEvidence
from veche.observer.record_evidence import RecordEvidence
from veche.observer.record_writer import save_record
from veche.observer.verification import verify
from veche.observer.watching import Watch
from veche.trust.report import Verdict

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
VOTERS = 13
"""On the roll of a town."""

Parts = list[tuple[int, list[tuple[str, int]]]]
"""What an official publishes: the place of each part, and its entries."""

ATTACKS = [
    "behind the end",
    "far behind the end",
    "over the first place",
    "over the last place, and further",
    "another roll of the same weight",
    "a voter twice",
    "no weight",
    "all weight there is",
    "another weight",
    "nothing",
    "many, one over the other",
]


def parts(town: Town, attack: str) -> Parts:
    """What is published after the right roll."""
    stranger, first = town.stranger.address, town.voters[0].address
    others = [(f"0x{index:040x}", 1) for index in range(1, VOTERS + 1)]
    found: dict[str, Parts] = {
        "behind the end": [(VOTERS, [(stranger, 1)])],
        "far behind the end": [(2**256 - 1, [(stranger, 1)])],
        "over the first place": [(0, [(stranger, 1)])],
        "over the last place, and further": [(VOTERS - 1, others[:5])],
        "another roll of the same weight": [(0, others)],
        "a voter twice": [(3, [(first, 1)])],
        "no weight": [(0, [(first, 0)])],
        "all weight there is": [(0, [(first, 2**256 - 1)])],
        "another weight": [(0, [(first, 2), (town.voters[1].address, 1)])],
        "nothing": [(0, []), (VOTERS, [])],
        "many, one over the other": [(place % VOTERS, others[place:]) for place in range(40)],
    }
    return found[attack]


@dataclass
class Attacked:
    """A poll after the attack, and who meets it."""

    town: Town
    poll: Poll

    def seen(self) -> Poll:
        """The poll as somebody sees it who has not looked yet."""
        return self.town.chain.poll(self.poll.address)

    def vote(self) -> None:
        """Two vote themselves; a carrier brings the ballot of a third."""
        for index in (0, 1):
            self.town.cast(self.seen(), index, TREES)
        voter = self.town.poor
        signed: SignedBallot = self.seen().prepare(TREES, voter=voter.address).sign(voter)
        paying = veche.connect(self.town.url, account=self.town.official)
        (carried,) = veche.Carrier(paying).carry([("poor", signed.to_json())])
        assert carried.is_on_chain, carried

    def observe(self, folder: Path) -> list[Verdict]:
        """What observers find: at a node, by watching, in a record."""
        node, address = self.poll.node, self.poll.address
        evidence = NodeEvidence(node, address)
        save_record(evidence, folder / "attacked.record")
        watched = Watch(node, address).look()
        assert watched
        return [
            verify(evidence).report.verdict,
            watched.found.report.verdict,
            verify(RecordEvidence(folder / "attacked.record")).report.verdict,
        ]


def attacked(town: Town, attack: str) -> Attacked:
    """A mistake is published, then the right roll, then the attack."""
    id_ = attack[:31]
    poll = town.open_poll(id_, with_roll=False)
    roll = [(str(each.address), 1) for each in [*town.voters, town.poor]]
    right: Parts = [(5, [(town.stranger.address, 1)]), (0, roll)]
    for first, entries in [*right, *parts(town, attack)]:
        town.catalogue.publish_roll(id_, 0, first, entries, town.chain.sender)
    return Attacked(town, poll)


@pytest.mark.parametrize("attack", ATTACKS)
def test_publishing_more_takes_the_roll_from_nobody(
    town: Town, attack: str, tmp_path: Path
) -> None:
    found = attacked(town, attack)
    assert found.observe(tmp_path) == [Verdict.PENDING] * 3
    found.vote()
    assert found.observe(tmp_path) == [Verdict.PENDING] * 3
    town.close(found.poll)
    for index in (1, 3):
        trustee(town, index, tmp_path).decrypt(found.seen(), town.catalogue)
    found.seen().publish_result(payer=town.official)
    assert found.observe(tmp_path) == [Verdict.PASS] * 3
