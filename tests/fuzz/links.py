"""Links as strangers may write them: a good one with a few characters changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from veche.errors import VecheError
from veche.protocol import link

LINK = "veche:0x5FbDB2315678afecb367f032d93F642f64180aa3@31337#0x" + "5a" * 32
SPICE = ":#%0x \n\u200b\u202e\u0415\U0001f469\ud800.<>aF9/"


@contextmanager
def fuzzer() -> Iterator[Callable[[Random], None]]:
    """Reads changed links; whatever is understood is written and read again as the same link."""

    def case(random: Random) -> None:
        text = list(LINK)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(text))
            text[at : at + random.randint(0, 2)] = random.choices(SPICE, k=random.randint(0, 2))
        try:
            found = link.parse("".join(text))
        except VecheError:
            return
        assert link.parse(str(found)) == found

    yield case
