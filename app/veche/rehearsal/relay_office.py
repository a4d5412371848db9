"""The way through a relay: letters, enrolment over HTTP, and voters without ether.

The relay is a process of its own, started as anyone who runs one starts it.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import time
from typing import IO, Final

from eth_account import Account
from eth_account.signers.local import LocalAccount

from veche.chain.embedded import EmbeddedChain
from veche.chain.poll import Poll
from veche.chain.threads import awaited
from veche.enrolment import exchange, letters, service
from veche.enrolment.codes import Code
from veche.enrolment.letters import Terms
from veche.enrolment.office import Office, opened
from veche.enrolment.service import Service
from veche.enrolment.template import DEFAULT
from veche.errors import RelayError
from veche.files import keystore
from veche.files.people import People, Person
from veche.files.roll import read_roll
from veche.processes import end_with_parent
from veche.protocol import link
from veche.protocol.roll import Roll

ENROLMENT: Final = "rehearsal"
"""The id of the enrolment."""
OPEN_FOR: Final = 3600
"""Seconds for which people can enrol, unless it is ended before."""
AT_ONCE: Final = 16
"""Maximum voters who enrol or vote at once."""
UNLIMITED: Final = 1_000_000
"""Requests per minute: all voters have the same address."""
SCRYPT_WORK: Final = 2
"""The parameter n of scrypt: nobody guesses a password that is drawn at random."""


@dataclass(frozen=True)
class Reception:
    """A relay at work, and the letters of those who can enrol there.

    Attributes:
        url: the URL of the relay.
        letters: the folder with the letters, which lasts as long as the relay.
        links: what the letters' QR codes say.
    """

    url: str
    letters: Path
    links: Sequence[str]


@dataclass(frozen=True)
class RelayOffice:
    """A relay of this machine, and the officials' letters for it.

    Attributes:
        embedded: the chain.
        folder: for everything that both keep, which is made.
    """

    embedded: EmbeddedChain
    folder: Path

    def __post_init__(self) -> None:
        account, password = Account.create(), secrets.token_hex(16)
        self.embedded.fund(account)
        self.folder.mkdir()
        sealed = keystore.encrypted(account, password, scrypt_work=SCRYPT_WORK)
        (self.folder / "relay.key").write_text(sealed)
        (self.folder / "relay.password").write_text(password)

    def enrol(
        self,
        official: LocalAccount,
        voters: Sequence[LocalAccount],
        weights: Sequence[int],
        advance: Callable[[], None],
    ) -> Roll:
        """The roll of voters who have enrolled at the relay, each with the code of a letter.

        Args:
            official: tells the relay which codes are valid.
            voters: the voters' keys.
            weights: their weights.
            advance: is called when a voter has enrolled.

        Raises:
            VecheError: a step failed that succeeds in a correct rehearsal.
        """
        with (
            self._running(officials=[official.address]) as relay,
            opened(self.folder / ENROLMENT) as office,
        ):
            posted = _invite(office, relay, official, weights)
            at = service.url(relay, ENROLMENT)
            codes = [Code.parse(each) for each in _column("code", posted)]
            pairs = zip(codes, voters, strict=True)
            act((partial(_enrol, at, *each) for each in pairs), advance)
            exchange.end(office, Service(at), official, now=int(time()))
            office.take(Service(at).bindings())
            return read_roll(office.freeze(int(time())).roll)

    @contextmanager
    def receiving(self, poll: Poll, official: LocalAccount, guests: int) -> Iterator[Reception]:
        """The relay at work until the block ends: it casts a poll's ballots, and enrols guests with
        letters for another.

        Args:
            poll: the poll.
            official: tells the relay which codes are valid.
            guests: the number of letters.

        Raises:
            RelayError: the relay does not start.
        """
        polls = [str(link.of(poll.definition))]
        with (
            self._running(polls=polls, officials=[official.address]) as relay,
            opened(self.folder / ENROLMENT) as office,
        ):
            posted = _invite(office, relay, official, [1] * guests)
            yield Reception(relay, posted, _column("link", posted))

    def carrying(self, poll: Poll) -> AbstractContextManager[str]:
        """The URL of the relay, which casts a poll's ballots until the block ends.

        Raises:
            RelayError: the relay does not start.
        """
        return self._running(polls=[str(link.of(poll.definition))])

    @contextmanager
    def _running(self, **named: list[str]) -> Iterator[str]:
        keys = {
            "rpc": self.embedded.url,
            "keystore": "relay.key",
            "password_file": "relay.password",
            "listen": "127.0.0.1:0",
            **named,
        }
        lines = [f"{key} = {json.dumps(each)}" for key, each in keys.items()]
        lines += ["[limits]", f"requests_per_minute = {UNLIMITED}"]
        file = self.folder / "relay.toml"
        file.write_text("\n".join(lines))
        process = subprocess.Popen(  # noqa: S603  # our own command and a path of our own
            [sys.executable, "-P", "-m", "veche.cli", "relay", str(file), "--json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid()),  # noqa: PLW1509  # it starts no thread
        )  # fmt: skip
        try:
            yield _url(process.stdout)
        finally:
            process.terminate()
            process.communicate()


def act(acts: Iterable[Callable[[], object]], advance: Callable[[], None]) -> None:
    """Has voters act, some at once.

    Args:
        acts: what each does.
        advance: is called when one has done it.

    Raises:
        VecheError: that of the first act that fails.
    """

    async def all_acts() -> None:
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(own: Callable[[], object]) -> None:
            async with turns:
                await awaited(own)
            advance()

        await asyncio.gather(*map(one, acts))

    asyncio.run(all_acts())


def _url(stdout: IO[bytes] | None) -> str:
    """Where a relay serves, as it tells first."""
    told = json.loads((stdout and stdout.readline()) or "{}")
    if "url" not in told:
        why = told.get("error", {}).get("message", "it ended without a word")
        raise RelayError(f"the relay of this rehearsal does not start: {why}")
    return str(told["url"])


def _invite(office: Office, relay: str, official: LocalAccount, weights: Sequence[int]) -> Path:
    """Makes letters for people with these weights, and tells the relay which codes are valid.

    Returns:
        The folder with the letters.
    """
    people = People((), tuple(Person(str(i), each, ()) for i, each in enumerate(weights, 1)))
    at = service.url(relay, ENROLMENT)
    terms = Terms(ENROLMENT, "Rehearsal", at, f"{relay}/", int(time()) + OPEN_FOR, people.columns)
    posted = office.make(terms, people, DEFAULT)
    exchange.publish(office, Service(at), official)
    return posted


def _column(name: str, letters_: Path) -> list[str]:
    """A column of the table in a folder of letters."""
    with (letters_ / letters.TABLE).open(encoding="utf-8-sig", newline="") as file:
        return [each[name] for each in csv.DictReader(file)]


def _enrol(at: str, code: Code, voter: LocalAccount) -> None:
    Service(at).enrol(code, voter, replaces=lambda _: False)
