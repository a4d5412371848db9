"""A trustee's service: does what is due, round by round, and tells everything once."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import time
from typing import TYPE_CHECKING, Final

from veche.cli import failures, lookup
from veche.cli.notices import Notices
from veche.cli.output import Output, warn
from veche.errors import NodeError, WrongNetwork
from veche.errors.times import time_text
from veche.trustee import duties
from veche.trustee.duties import Duty, Task

if TYPE_CHECKING:
    from veche.chain.catalogue import Catalogue
    from veche.chain.node import Node
    from veche.chain.poll import Poll
    from veche.protocol.roll import Roll
    from veche.trustee.trustee import Trustee

NODE, ROUND = "node", "round"
"""The subjects of notices about the node, and about a round that failed for another reason."""
AGAIN: Final = {
    NODE: "The node answers again as before.",
    ROUND: "What failed works again.",
}
"""What is told when a round goes well after one that did not."""


@dataclass
class Service:
    """A trustee at work, with nobody at the terminal.

    Attributes:
        trustee: the trustee that serves.
        boards: addresses or names of boards; if empty, all boards in deployments/.
        catalogue: the address of the catalogue that is served; None for the network's, or the one
            in deployments/.
        rolls: electoral rolls from files; a poll that was published with one of them uses it.
        other: a second node, which must agree with the first.
        output: where the service tells what it does.
    """

    trustee: Trustee
    boards: list[str]
    catalogue: str | None
    rolls: list[Roll]
    other: Node | None
    output: Output
    _notices: Notices = field(default_factory=Notices)
    _has_begun: bool = False

    def serve(self) -> None:
        """Serves one round: does what is due now. What fails is shown, and tried again in the next
        round.

        Raises:
            Exception: the first round fails, for another reason than the node.
        """
        self._notices.begin()
        try:
            self._serve()
        except Exception as error:  # a service outlives all that a round may throw
            if not self._has_begun and not isinstance(error, NodeError):
                raise
            is_of_node = isinstance(error, (NodeError, WrongNetwork))
            self._warn(NODE if is_of_node else ROUND, failures.words_of(error))
            return
        self._has_begun = True
        for subject in sorted(self._notices.forget_others() & AGAIN.keys()):
            self.output.say(_stamped(AGAIN[subject]))

    def _serve(self) -> None:
        chain = self.trustee.chain
        chain.node.require_same()
        named = self.boards or lookup.noted_boards(chain)
        found = [lookup.find_board(chain, each) for each in named]
        register = lookup.served_catalogue(chain, self.catalogue)
        for duty in duties.owed(self.trustee, found, self._polls(register)):
            self._do(duty, register)

    def _polls(self, register: Catalogue) -> list[Poll]:
        """The polls of a catalogue, without those that cannot be read."""
        found = []
        for address in (each for id_ in register.ids() for each in register.versions(id_)):
            try:
                found.append(self._poll(address))
            except NodeError:
                raise
            except Exception as error:  # noqa: BLE001  # one poll does not stop the others
                said = failures.words_of(error)
                self._warn(address, f"the poll at {address} is not served: {said}")
        return found

    def _poll(self, address: str) -> Poll:
        """A poll, with its roll from a file if there is one."""
        poll = self.trustee.chain.poll(address)
        for roll in self.rolls:
            if roll.root == poll.definition.roll_root:
                poll.use_roll(roll)
        return poll

    def _do(self, duty: Duty, register: Catalogue) -> None:
        """Does what is due. If it fails, the rest is done all the same."""
        task, address = str(duty.task), duty.of.address
        if duty.waits_for:
            self._note(task, address, waits=duty.waits_for)
            return
        if duty.task == Task.DECRYPT:  # which takes long if there are many ballots
            self._note("count", address, waits="every ballot is checked, and the sums")
        try:
            done = duties.do(duty, self.trustee, register, other=self.other)
        except NodeError:
            raise
        except Exception as error:  # noqa: BLE001  # one duty does not stop the others
            self._note(task, address, failed=failures.words_of(error))
        else:
            self._note(task, address, done=done)

    def _note(
        self, task: str, address: str, *, done: str = "", failed: str = "", waits: str = ""
    ) -> None:
        """Tells how a task stands, if that is news."""
        text = done or failed or waits
        if not self._notices.is_news(f"{task} {address}", text):
            return
        fields = {"time": int(time()), "task": task, "of": address}
        line = _stamped(f"{task} for {address}: {text}")
        if failed:
            warn(line)
        self.output.tell(
            fields | {"done": done, "failed": failed, "waits": waits}, *([] if failed else [line])
        )

    def _warn(self, subject: str, text: str) -> None:
        if self._notices.is_news(subject, text):
            warn(_stamped(text))


def _stamped(line: str) -> str:
    """A line of the log, which begins with the time by the clock of this machine."""
    return f"{time_text(int(time()))}  {line}"
