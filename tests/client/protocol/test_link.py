"""Links to polls."""

from __future__ import annotations

import pytest

from support.paper_polls import PaperPoll
from veche.errors import InvalidDocument
from veche.protocol import link


def test_link_leads_to_its_poll() -> None:
    definition = PaperPoll(ballots=()).definition
    told = str(link.of(definition))
    assert link.parse(told) == (definition.address, definition.chain_id, definition.hash)


LINK = "veche:0x9090909090909090909090909090909090909090@7#0x" + "ab" * 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "veche:",
        LINK[:-1],
        LINK + "0",
        LINK.replace("@7", ""),
        LINK.replace("@7", "@-7"),
        LINK.replace("#0x", "#"),
        LINK.replace("veche:", "http://"),
        LINK.replace("0x9090", "0x90g0"),
        # a digit of the checksum
        "veche:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d358@7#0x" + "ab" * 32,
    ],
)
def test_reading_fails_if_it_is_no_link(text: str) -> None:
    assert link.parse(LINK)
    with pytest.raises(InvalidDocument):
        link.parse(text)
