"""A town for the page: chain, relays and polls, as real processes, until stdin ends.

It prints a line of JSON that tells where everything is. Then it does what comes on stdin, a JSON
object in each line, and prints a line for each. `DEEDS` lists what it does.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import Any

from eth_account import Account

from support.elections import PASSWORD, Town, person, towns
from support.lies import LIES, LOGS_LACKING
from support.lying_nodes import LyingNode, lying_node
from support.lying_relays import TRICKS, lying_relay
from support.relays import relay_office
from veche import Poll, Roll
from veche.chain.catalogue import PollTerms
from veche.chain.embedded import embedded_chain
from veche.crypto.questions import Questions
from veche.enrolment.code_list import CodeList
from veche.enrolment.codes import Code
from veche.enrolment.service import Service, url
from veche.files.question_kinds import KINDS
from veche.observer.node_evidence import NodeEvidence
from veche.observer.record_writer import save_record
from veche.protocol import link, plain
from veche.protocol.content import Content, QuestionTexts

DAY = 86_400
OFFICIAL = person("enrolling official")
TREES = Content(
    "Trees and benches",
    "For the square.\nThe council plants in spring.",
    (
        QuestionTexts("Which tree?", ("Lime", "Oak", "Rowan")),
        QuestionTexts("Which benches?", ("Wood", "Stone", "Iron")),
    ),
)
TREES_LIMITS = Questions.of((3, 1, 1, 1), (3, 1, 0, 3))
KINDS_OF_QUESTIONS = Content(
    "<b>All</b> kinds of questions & أسئلة",
    "",
    (
        QuestionTexts("ما هي الشجرة؟", ("زيزفون", "بلوط")),
        QuestionTexts("<script>alert(1)</script>", ("<img src=x onerror=alert(1)>", "&amp;", "c")),
        QuestionTexts("Whom do you approve of?", ("Анна", "Борис", "Клара", "Дина")),
        QuestionTexts("Give each a score", ("Park", "Pool", "Library")),
        QuestionTexts("Give out ten points", ("Roads", "Schools", "Parks")),
    ),
)
KINDS_LIMITS = Questions(
    tuple(
        KINDS[kind].limits(len(texts.options), parameter)
        for texts, (kind, parameter) in zip(
            KINDS_OF_QUESTIONS.questions,
            (
                ("choose one", 0),
                ("choose up to", 2),
                ("approval", 0),
                ("score", 5),
                ("cumulative", 10),
            ),
            strict=True,
        )
    )
)
LETTERS = 6
QUIET_CHAIN = 1_471
"""A chain of whose blocks people expect that they come by the clock."""


class PageTown:
    """The town, with its polls, relays and letters.

    Polls:
        trees, more: open; two questions. Nobody has voted. `more` closes a day after `trees`.
        kinds: open; a question of every kind, in texts that look like markup and that run from
            right to left.
        closing: open until `close` is done.
        scheduled: not open yet.
        tallied: with a result.
        cancelled: it was cancelled.
    """

    def __init__(self, town: Town, folder: Path, stack: ExitStack) -> None:
        self.town, self.folder, self.stack = town, folder, stack
        self.polls: dict[str, Poll] = {}
        self.codes: list[Code] = []
        self.quiet_town: Town | None = None
        self._make_polls()
        self.liar: LyingNode = stack.enter_context(lying_node(town.url))
        self.relay = self._relay("relay", list(self.polls.values()))
        hashes = {each.address: each.hash for each in self.polls.values()}
        self.proxy = stack.enter_context(lying_relay(self.relay, hashes))
        self._send_letters()

    def _make_polls(self) -> None:
        town = self.town
        tallied = town.open_poll("tallied", TREES, TREES_LIMITS, closes_in=200)
        for voter, tree in enumerate(("Lime", "Oak", "Oak", "Rowan")):
            town.cast(tallied, voter, {"Which tree?": tree, "Which benches?": ["Wood"]})
        town.cast(tallied, 1, {"Which tree?": "Lime", "Which benches?": ["Wood", "Iron"]})
        town.close(tallied)
        town.tally(tallied)
        self.polls["tallied"] = tallied
        # closing it moves the clock of all others, which a page takes to be wrong at 15 minutes
        soon = int(time()) + 500 - town.chain.time
        self.polls["closing"] = town.open_poll("closing", TREES, TREES_LIMITS, closes_in=soon)
        for name, content, limits, days in (
            ("trees", TREES, TREES_LIMITS, 7),
            ("more", TREES, TREES_LIMITS, 8),
            ("kinds", KINDS_OF_QUESTIONS, KINDS_LIMITS, 9),
        ):
            self.polls[name] = town.open_poll(
                name, content, limits, closes_in=days * DAY, weights={2: 3}
            )
        for name in ("scheduled", "cancelled"):
            self.polls[name] = town.publish(
                name, TREES, TREES_LIMITS, opens_in=10 * DAY, closes_in=11 * DAY
            )
        town.catalogue.cancel("cancelled", 0, town.chain.sender)
        town.embedded.at_time(int(time()))

    def _relay(self, name: str, polls: list[Poll]) -> str:
        office = relay_office(
            self.town,
            self.folder / name,
            polls,
            name=name,
            officials=[OFFICIAL.address],
            confirmations=1,
            limits={"requests_per_minute": 1_000_000, "ballots_per_hour": 1_000},
        )
        return self.stack.enter_context(office.running()).url

    def _send_letters(self) -> None:
        """Letters for the enrolment `oak`, which is open."""
        self.codes = [Code.make() for _ in range(LETTERS)]
        self._publish_codes(until=int(time()) + 30 * DAY, edition=1)

    def _publish_codes(self, *, until: int, edition: int) -> None:
        Service(self.enrolment).publish(
            CodeList.make(
                "oak",
                title="Oak Street",
                edition=edition,
                until=until,
                codes=[each.key("oak").address for each in self.codes],
                official=OFFICIAL,
            )
        )

    @property
    def enrolment(self) -> str:
        return url(self.relay, "oak")

    def told(self) -> dict[str, Any]:
        """Where everything is."""
        return {
            "node": self.town.url,
            "relay": self.relay,
            "liar": self.liar.url,
            "proxy": self.proxy.url,
            "polls": {name: self.poll(each) for name, each in self.polls.items()},
            "password": PASSWORD,
            "voters": [self.voter(each) for each in self.town.voters],
            "stranger": self.voter(self.town.stranger),
            "enrolment": self.enrolment,
            "letters": [
                {"code": each.grouped, "fragment": f"#at={self.enrolment}&code={each.grouped}"}
                for each in self.codes
            ],
        }

    def poll(self, poll: Poll) -> dict[str, Any]:
        return {
            "link": str(link.of(poll.definition)),
            "address": poll.address,
            "hash": plain.data(poll.hash),
            "fragment": f"#{link.of(poll.definition)}&at={self.relay}",
        }

    def voter(self, account: Any) -> dict[str, str]:
        light = Account.encrypt(account.key, PASSWORD, kdf="pbkdf2", iterations=2**10)
        return {
            "address": account.address,
            "key": plain.data(bytes(account.key)),
            "keystore": json.dumps(light),
        }

    # -- Deeds --

    def close(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Closes a poll, and all polls that close before it."""
        self.town.close(self.polls[asked["poll"]])
        return {}

    def tally(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Has trustees decrypt a closed poll."""
        poll = self.polls[asked["poll"]]
        self.town.tally(poll)
        result = poll.result()
        assert result is not None
        return {"result": [list(each.values()) for each in result.values()]}

    def tracker(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The tracker of a voter's ballot that counts."""
        found = self.polls[asked["poll"]].tracker(asked["voter"])
        return {"tracker": found and plain.data(found)}

    def lie(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Has the lying node tell a lie; without a name, the truth."""
        lies = LIES | LOGS_LACKING
        name = asked.get("name")
        self.liar.lie = lies[name][0] if name else (lambda _method, _parameters, result: result)
        return {}

    def trick(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Has the proxy of the relay do a trick."""
        self.proxy.trick = TRICKS[asked["name"]]
        return {}

    def record(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Writes the record of a poll."""
        path = self.folder / f"{asked['poll']}.record"
        poll = self.polls[asked["poll"]]
        save_record(NodeEvidence(poll.node, poll.address), path)
        return {"path": str(path)}

    def sign(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Signs typed data, as a wallet does: by another program than the page."""
        signed = Account.sign_typed_data(asked["key"], full_message=json.loads(asked["data"]))
        return {"signature": plain.data(bytes(signed.signature))}

    def freeze(self, _: dict[str, Any]) -> dict[str, Any]:
        """Freezes the roll of who has enrolled, and opens a poll for them, with a relay."""
        self._publish_codes(until=int(time()) - 1, edition=2)
        bindings = {each.code: each for each in Service(self.enrolment).bindings()}
        roll = Roll((each.voter, 1) for each in bindings.values())
        now = self.town.chain.time + 1
        terms = PollTerms(
            self.town.board.address,
            roll.root,
            roll.total_weight,
            now + 60,
            now + 99 * DAY,
            2,
            TREES_LIMITS,
        )
        catalogue, sender = self.town.catalogue, self.town.chain.sender
        address = catalogue.publish("enrolled", terms, TREES.encoded, sender)
        catalogue.publish_roll("enrolled", 0, 0, list(roll), sender)
        poll = self.polls["enrolled"] = self.town.chain.poll(address)
        self.town.embedded.at_time(poll.definition.opens)
        at = self._relay("relay of the enrolled", [poll])
        told = {"relay": at, "fragment": f"#{link.of(poll.definition)}&at={at}"}
        return self.poll(poll) | told | {"voters": sorted(voter for voter, _ in roll)}

    # -- Deeds in a town of its own, whose blocks are lost and stay away --

    def quiet(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Opens the poll `quiet` on another chain, where a block comes if somebody votes. It closes
        after so many seconds.
        """
        embedded = self.stack.enter_context(embedded_chain(begins=int(time()) - DAY))
        embedded.node.request("anvil_setChainId", QUIET_CHAIN)
        town = self.quiet_town = Town(embedded, voters=4)
        closes_in = int(time()) + int(asked["seconds"]) - town.chain.time
        poll = town.open_poll("quiet", TREES, TREES_LIMITS, closes_in=closes_in)
        self.polls["quiet"] = poll
        return {"node": town.url, "link": str(link.of(poll.definition))}

    def vote(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Casts the ballot of a voter in the poll `quiet`; tells how the chain was before."""
        town = self.quiet_town
        assert town
        before = town.embedded.node.request("evm_snapshot")
        choices = {"Which tree?": "Oak", "Which benches?": ["Wood"]}
        town.cast(self.polls["quiet"], int(asked["voter"]), choices)
        return {"before": before}

    def reorganise(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Takes the blocks since `before` away; another voter's ballot comes in their place."""
        assert self.quiet_town
        self.quiet_town.embedded.node.request("evm_revert", asked["before"])
        return self.vote(asked)


DEEDS: dict[str, Callable[[PageTown, dict[str, Any]], dict[str, Any]]] = {
    each.__name__: each
    for each in (
        PageTown.close,
        PageTown.tally,
        PageTown.tracker,
        PageTown.lie,
        PageTown.trick,
        PageTown.record,
        PageTown.sign,
        PageTown.freeze,
        PageTown.quiet,
        PageTown.vote,
        PageTown.reorganise,
    )
}


def tell(fields: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="veche-page-")))
        town = stack.enter_context(towns(begins=int(time()) - 3_600))
        page_town = PageTown(town, folder, stack)
        tell(page_town.told())
        for line in sys.stdin:
            asked = json.loads(line)
            tell(DEEDS[asked["do"]](page_town, asked))


if __name__ == "__main__":
    main()
