"""Codes, bindings and code lists as strangers may write them: good ones with a few changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from attacks import enrolments
from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList
from veche.enrolment.codes import ALPHABET, Code, with_checks
from veche.errors import VecheError

CODE = Code("".join(ALPHABET[each] for each in with_checks(range(21)))).grouped
SPICE = '0O1Il-\u2013 \n\u200b\u0410\ud800\U0001f469{}[]":,.\\x9Zz'


@contextmanager
def fuzzer() -> Iterator[Callable[[Random], None]]:
    """Reads changed documents; whatever is understood is written and read again as the same."""
    good, listed = enrolments.good().to_json(), enrolments.good_list().to_json()

    kinds: list[tuple[str, Callable[[str], Any], Callable[[Any], str]]] = [
        (CODE, Code.parse, lambda found: found.grouped),
        (good, Binding.from_json, Binding.to_json),
        (listed, CodeList.from_json, CodeList.to_json),
    ]

    def case(random: Random) -> None:
        text, read, write = random.choice(kinds)
        changed = list(text)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(changed))
            changed[at : at + random.randint(0, 2)] = random.choices(SPICE, k=random.randint(0, 2))
        try:
            found = read("".join(changed))
            if isinstance(found, Binding):
                found.require_signed()
        except VecheError:
            return
        assert read(write(found)) == found

    yield case
