"""A trustee's service: what is due, round by round, each state of things told once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from veche.cli import connection
from veche.cli.output import Output
from veche.errors import NodeError, VecheError
from veche.trustee import duties
from veche.trustee.duties import Duty

if TYPE_CHECKING:
    from veche.chain.catalogue import Catalogue
    from veche.chain.node import Node
    from veche.chain.poll import Poll
    from veche.trustee.trustee import Trustee

NODE: Final = "node"
"""What is said of it concerns everything."""


@dataclass
class Notices:
    """What was said of whom, so that it is not said again until it changes."""

    _said: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """A round, in which whatever still holds is said again."""
        self._seen = set()

    def is_news(self, subject: str, text: str) -> bool:
        """Whether something else was said of a subject before: numbers and hashes apart, which
        change from try to try.
        """
        essence, before = re.sub("0x[0-9a-f]+|[0-9]+", "", text), self._said.get(subject)
        self._said[subject] = essence
        self._seen.add(subject)
        return essence != before

    def forget_others(self) -> set[str]:
        """Forgets, and gives, the subjects that nothing was said of in this round."""
        gone = self._said.keys() - self._seen
        self._said = {each: self._said[each] for each in self._seen}
        return gone


@dataclass
class Service:
    """A trustee at work, with nobody at the terminal.

    Attributes:
        trustee: who serves.
        boards: addresses or names; none for all that are noted in deployments/.
        catalogue: the address of the one that is served; None for the one in deployments/.
        other: a second node, which must agree with the first.
        output: where it tells what it does.
    """

    trustee: Trustee
    boards: list[str]
    catalogue: str | None
    other: Node | None
    output: Output
    _notices: Notices = field(default_factory=Notices)
    _has_begun: bool = False

    def serve(self) -> None:
        """A round: does what is due now. What keeps it from that is told, and the next round tries
        again; only what is wrong from the beginning ends it.

        Raises:
            VecheError: nothing can be served like this.
        """
        self._notices.begin()
        try:
            self._serve()
        except VecheError as error:
            if not self._has_begun and not isinstance(error, NodeError):
                raise
            self._warn(NODE, f"{error} {error.remedy}")
            return
        self._has_begun = True
        if NODE in self._notices.forget_others():
            self.output.say("The node answers again as before.")

    def _serve(self) -> None:
        chain = self.trustee.chain
        chain.node.require_same()
        named = self.boards or connection.boards_of(chain)
        found = [connection.find_board(chain, each) for each in named]
        register = connection.served_catalogue(chain, self.catalogue)
        for duty in duties.owed(self.trustee, found, self._polls(register)):
            self._do(duty, register)

    def _polls(self, register: Catalogue) -> list[Poll]:
        """The polls of a catalogue; one that cannot be read does not keep the others from it."""
        found = []
        for address in (each for id_ in register.ids() for each in register.versions(id_)):
            try:
                found.append(self.trustee.chain.poll(address))
            except NodeError:
                raise
            except VecheError as error:
                self._warn(address, f"the poll at {address} is not served: {error}")
        return found

    def _do(self, duty: Duty, register: Catalogue) -> None:
        """Does what is due; what fails does not keep the rest from being done."""
        if duty.waits_for:
            self._note(duty, waits=duty.waits_for)
            return
        try:
            done = duties.do(duty, self.trustee, register, other=self.other)
        except NodeError:
            raise
        except VecheError as error:
            self._note(duty, failed=f"{error} {error.remedy}")
        else:
            self._note(duty, done=done)

    def _note(self, duty: Duty, *, done: str = "", failed: str = "", waits: str = "") -> None:
        address, said = duty.of.address, f"{duty.task} for {duty.of.address}:"
        if not self._notices.is_news(f"{duty.task} {address}", done or failed or waits):
            return
        what = {"done": done, "failed": failed, "waits": waits}
        self.output.finish({"task": str(duty.task), "of": address} | what)
        if failed:
            self.output.warn(f"{said} {failed}")
        else:
            self.output.say(f"{said} {done or waits}")

    def _warn(self, subject: str, text: str) -> None:
        if self._notices.is_news(subject, text):
            self.output.warn(text)
