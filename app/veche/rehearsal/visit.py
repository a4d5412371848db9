"""A poll of this machine that is open to visitors: chain, relay and page, to click through."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import Final

from eth_account.signers.local import LocalAccount

from veche.chain.catalogue import Catalogue
from veche.chain.connection import connect
from veche.chain.embedded import embedded_chain
from veche.chain.poll import Poll
from veche.files import keystore
from veche.protocol.phase import Phase
from veche.rehearsal.play import HOUR, Rehearsal, Script, Stage
from veche.rehearsal.relay_office import RelayOffice

VISITORS: Final = 3
"""Maximum voters whose keys and votes are left to visitors, and the number of letters."""
PASSWORD: Final = "open house"  # noqa: S105  # for keys that are worth nothing
"""Opens the visitors' keys. They vote in a rehearsal only."""
LETTERS: Final = "letters"
"""The folder of letters within the visitors'."""
BLOCK_TIME: Final = 2
"""Seconds from block to block while the poll is open."""


@dataclass(frozen=True)
class Visit:
    """A poll that is open, and all that visitors need.

    Attributes:
        poll: the poll, as visitors see it.
        keystores: the paths of the visitors' keys.
        relay: the URL of the relay, which serves the page.
        letter: what the QR code of a letter says, which enrols for another poll.
    """

    poll: Poll
    keystores: Sequence[Path]
    relay: str
    letter: str
    _rehearsal: Rehearsal
    _catalogue: Catalogue

    def end(self, stage: Stage) -> Phase:
        """Closes the poll, unless it has closed by itself; has trustees decrypt, and the result
        proven.

        Args:
            stage: shows the steps.

        Returns:
            Where the poll stands then: tallied; or void, if too few have voted.
        """
        acted = self._rehearsal
        acted.stage = stage
        if self.poll.phase == Phase.OPEN:
            acted.embedded.at_time(self.poll.definition.closes)
        if self.poll.phase == Phase.CLOSED:
            acted.prove(acted.chain.poll(self.poll.address), self._catalogue)
        return self.poll.phase


@contextmanager
def opened(script: Script, stage: Stage, folder: Path) -> Iterator[Visit]:
    """A poll that is open for an hour. Everything ends with the block. All voters but the visitors
    have voted.

    Args:
        script: the poll, with the votes of the others.
        stage: shows the steps.
        folder: gets the visitors' keys, if it has none yet, and new letters.

    Raises:
        NoEmbeddedChain: anvil is not installed.
        RelayError: the relay does not start.
        InvalidKeystore, WrongPassword: the folder has other keys.
        VecheError: a step failed that succeeds in a correct rehearsal.
    """
    count = min(VISITORS, len(script.votes))
    paths = [folder / f"voter-{number}.key" for number in range(1, count + 1)]
    with stage("visitors' keys", count) as advance:
        visitors = [_key(each, advance) for each in paths]
    with embedded_chain(begins=int(time()) - HOUR) as embedded, TemporaryDirectory() as own:
        office = RelayOffice(embedded, Path(own) / "relay")
        rehearsal = Rehearsal(embedded, script, stage, Path(own), office, known=visitors)
        board, catalogue = rehearsal.convene()
        poll = rehearsal.publish(board, catalogue, rehearsal.roll)
        embedded.run(block_time=BLOCK_TIME)
        with office.receiving(poll, rehearsal.official, VISITORS) as reception:
            seen = connect(embedded.url).poll(poll.address)
            with stage("casting the others' ballots by the relay", len(script.votes) - count) as a:
                rehearsal.vote_at(seen, [reception.url], count, a)
            # codes of an earlier rehearsal are void
            shutil.copytree(reception.letters, folder / LETTERS, dirs_exist_ok=True)
            yield Visit(seen, paths, reception.url, reception.links[0], rehearsal, catalogue)


def _key(path: Path, advance: Callable[[], None]) -> LocalAccount:
    """A visitor's key, which is made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = keystore.load(path, PASSWORD) if path.exists() else keystore.create(path, PASSWORD)
    advance()
    return found
