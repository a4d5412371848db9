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
        LINK.replace("veche:", "VECHE:"),
        LINK.upper(),
        LINK.replace("ab" * 32, "AB" * 32),
        f"  {LINK}\n",
        f"{LINK}.",
        f"<{LINK}>",
        f"“{LINK}”,",
        f"(<{LINK}>).",
        LINK.replace("#", "%23"),
        LINK.replace("#", "%23").replace("@", "%40").replace(":", "%3a"),
        LINK.replace("#", "#\r\n "),
        f"\ufeff{LINK}\u200b",
    ],
    ids=range(12),
)
def test_link_is_understood_as_mail_and_browsers_change_it(text: str) -> None:
    assert link.is_meant(text)
    assert link.parse(text) == link.parse(LINK)


@pytest.mark.parametrize("text", ["trees", "veche", "0x" + "90" * 20, "./veche:x", "trees@0", ""])
def test_nothing_but_a_link_is_meant_as_one(text: str) -> None:
    assert not link.is_meant(text)


@pytest.mark.parametrize("text", ["veche:x", "VECHE:", "veche://x", LINK[:-1], LINK[6:]])
def test_reading_shows_what_a_link_is_if_it_is_none(text: str) -> None:
    assert link.is_meant(text)
    with pytest.raises(InvalidDocument, match="A link is veche:0x5FbD"):
        link.parse(text)


def test_reading_fails_if_a_digit_of_the_address_is_wrong() -> None:
    with pytest.raises(InvalidDocument, match="a digit of the address 0xfB69"):
        link.parse("veche:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d358@7#0x" + "ab" * 32)


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
        LINK.replace("@7", "@٧"),
        LINK.replace("veche:", "veſhe:"),
        f"vote here: {LINK}",
        LINK * 2,
    ],
)
def test_reading_fails_if_it_is_no_link(text: str) -> None:
    assert link.parse(LINK)
    with pytest.raises(InvalidDocument):
        link.parse(text)


@pytest.mark.parametrize("text", ["ab" * 32, "AB" * 32, "0x" + "ab" * 32, "0x" + "aB" * 32])
def test_poll_hash_is_read_as_people_copy_it(text: str) -> None:
    assert link.poll_hash(text) == b"\xab" * 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        "ab" * 31,
        "ab" * 33,
        "0x0x" + "ab" * 31,
        "٣" * 64,
        "0x" + "ab" * 32 + "\n",
        "g" * 64,
    ],
)
def test_reading_fails_if_it_is_no_poll_hash(text: str) -> None:
    with pytest.raises(InvalidDocument, match="is not a poll hash"):
        link.poll_hash(text)
