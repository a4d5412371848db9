"""Checks bindings and code lists, and keeps those that are good: they are on disk before anyone is
told (docs/enrolment.md).

The service sees no code: it checks the signatures of codes' keys and of voters' keys. So it can
neither invent nor alter a binding; it can only leave one out, and officials and voters see that.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import time
from typing import Final

from starlette.concurrency import run_in_threadpool

from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList
from veche.errors import InvalidDocument, NotAnOfficial, Refused, RelayFull, UnknownEnrolment
from veche.errors.relay import SOON
from veche.relay.enrolment_store import EnrolmentStore, Head
from veche.relay.limits import SUSPECT_FOR, Buckets
from veche.relay.store import Store

TOGETHER: Final = 64
"""Maximum bindings that are checked and written together."""
MOST_WAITING: Final = 1_000
"""Maximum bindings that wait to be checked."""
GUESSES: Final = 20
"""Maximum codes from one address in ten minutes that are not valid."""


@dataclass(eq=False)
class _HandedIn:
    """A binding that somebody waits for.

    Attributes:
        enrolment: the id of the enrolment that it has to be of.
        text: its document.
        outcome: what became of it: the binding with its number.
    """

    enrolment: str
    text: str
    outcome: asyncio.Future[tuple[Binding, int]] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Enrolments:
    """The enrolments of a relay.

    Args:
        store: the relay's store.
        officials: the addresses whose code lists are taken.
    """

    def __init__(self, store: Store, officials: frozenset[str]) -> None:
        self.store = EnrolmentStore(store)
        self.guesses = Buckets(GUESSES, SUSPECT_FOR, "address")
        self._officials = officials
        self._waiting: list[_HandedIn] = []
        self._turn = asyncio.Lock()

    def take_list(self, enrolment: str, text: str) -> Head:
        """Takes an official's code list in the place of an older one. The same list again changes
        nothing.

        Args:
            enrolment: the id of the enrolment that it has to be of.
            text: the list, as `CodeList.to_json` writes it.

        Raises:
            InvalidDocument: it is no code list.
            UnknownEnrolment: it is of another enrolment.
            NotAnOfficial: somebody else has signed it.
            OldEdition: there is a newer one, or another one with this edition.
            StoreFailed: the store fails.
        """
        given = CodeList.from_json(text)
        if given.enrolment != enrolment:
            raise UnknownEnrolment(given.enrolment)
        official = given.official
        if official not in self._officials:
            raise NotAnOfficial(official)
        self.store.replace_list(given, official)
        return self.store.head(enrolment)

    async def bind(self, enrolment: str, text: str) -> tuple[Binding, int]:
        """Has a binding checked and written, with others that come at the same time. It is on disk
        when this returns, with its number.

        Raises:
            RelayFull: too many wait.
            InvalidDocument: it is no binding.
            Refused: it is not signed, its code is not valid, it is too late, or it is not newer.
            StoreFailed: the store fails.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise RelayFull(f"{MOST_WAITING:,} bindings wait to be checked", after=SOON)
        own = _HandedIn(enrolment, text)
        self._waiting.append(own)
        async with self._turn:
            if not own.outcome.done():  # then it is the first of those that wait
                taken, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                await asyncio.shield(self._settle(taken))
        return await own.outcome

    async def _settle(self, taken: list[_HandedIn]) -> None:
        """Tells of each binding what became of it."""
        try:
            outcomes = await run_in_threadpool(self._outcomes, taken)
        except Exception as fault:  # noqa: BLE001  # whoever waits is told
            outcomes = [fault] * len(taken)
        for each, outcome in zip(taken, outcomes, strict=True):
            if each.outcome.done():
                continue  # nobody waits any more
            if isinstance(outcome, Exception):
                each.outcome.set_exception(outcome)
            else:
                each.outcome.set_result(outcome)

    def _outcomes(self, taken: list[_HandedIn]) -> list[tuple[Binding, int] | Exception]:
        found = [_checked(each) for each in taken]
        good = [each for each in found if isinstance(each, Binding)]
        numbers = iter(self.store.bind(good, now=int(time())) if good else [])
        return [
            _outcome(each, next(numbers)) if isinstance(each, Binding) else each for each in found
        ]


def _checked(handed: _HandedIn) -> Binding | Exception:
    """A binding that both keys have signed; or why it is refused."""
    try:
        found = Binding.from_json(handed.text)
        if found.enrolment != handed.enrolment:
            raise UnknownEnrolment(found.enrolment)
        found.require_signed()
    except (InvalidDocument, Refused) as refusal:
        return refusal
    return found


def _outcome(binding: Binding, number: int | Refused) -> tuple[Binding, int] | Exception:
    return number if isinstance(number, Refused) else (binding, number)
