"""The report of a verified poll: whole, and nobody's words but texts."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest

from support.paper_polls import CHOOSE_ONE_OF_FIVE, PaperEvidence, PaperPoll
from veche.cli import report_page
from veche.cli.markup import element
from veche.cli.verdicts import Verified
from veche.observer.basis import Basis
from veche.observer.verification import verify
from veche.protocol.board_texts import BoardTexts
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.rules import PASS_OF, QUORUM_OF, Rule

HOSTILE = '<script>alert("1")</script>'
OPTIONS = ("Lime & Oak", "</td></table><b>Oak</b>", "Дуб", "'Rowan'", '"Blank"')
TEXTS = Content(
    f"Trees {HOSTILE}",
    "For the square.\n<img src=x onerror=alert(1)> & more",
    (
        QuestionTexts(
            "Which <i>tree</i>?",
            OPTIONS,
            Rule.parse("more than 50% of votes", PASS_OF),
            blank='"Blank"',
        ),
    ),
    Rule.parse("at least 50% of weight", QUORUM_OF),
)
BOARD = BoardTexts("Board <u>of</u> the town", ("Anna <b>", "Boris", "Clara"))


@pytest.fixture(scope="module")
def verified() -> Verified:
    poll = PaperPoll(TEXTS.encoded, CHOOSE_ONE_OF_FIVE, board_texts=BOARD.encoded)
    evidence = PaperEvidence(poll.facts)
    told = poll.definition.hash
    return Verified(
        verify(evidence, expect=told), evidence.mark(), Basis(told, nodes=("node <1>",))
    )


@pytest.fixture(scope="module")
def page(verified: Verified) -> str:
    definition = verified.verification.definition
    assert definition
    return report_page.page(verified, definition)


def texts(page: str) -> list[str]:
    """All texts of a page, each by its own element, with the blanks as they are."""
    return ["".join(each.itertext()) for each in ET.fromstring(page).iter()]  # noqa: S314  # ours


def test_page_is_well_formed_and_has_nothing_that_acts_or_is_fetched(page: str) -> None:
    found = list(ET.fromstring(page).iter())  # noqa: S314  # ours
    assert {each.tag for each in found} == {
        *("html", "head", "meta", "title", "style", "body", "header", "section", "h1", "h2", "p"),
        *("table", "thead", "tbody", "tr", "th", "td", "svg", "rect", "dl", "dt", "dd", "pre"),
    }
    names = {name for each in found for name in each.attrib}
    assert not {each for each in names if each.startswith("on") or each in ("src", "href", "style")}
    assert not re.search(r"url\(|@import|https?:", page)


def test_page_allows_its_own_style_and_nothing_else(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert policy
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert policy[1].split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert not set("<&") & set(style[1])


@pytest.mark.parametrize(
    "text",
    [TEXTS.title, TEXTS.description, TEXTS.questions[0].text, *OPTIONS, BOARD.name, "Anna <b>"],
)
def test_words_of_strangers_stay_texts(page: str, text: str) -> None:
    assert text in texts(page)


def test_page_has_every_check_with_its_verdict(page: str, verified: Verified) -> None:
    rows = [
        [cell.text for cell in row]
        for row in ET.fromstring(page).iter("tr")  # noqa: S314  # ours
    ]
    for each in verified.verification.report:
        assert ["✓ pass", each.name, each.detail] in rows
    assert f"{len([*verified.verification.report])} checks" in texts(page)


def test_page_says_what_the_result_is_and_what_it_rests_on(page: str, verified: Verified) -> None:
    found = texts(page)
    definition = verified.verification.definition
    assert definition
    for each in (
        "Most votes: '</td></table><b>Oak</b>', 3.",
        f"To pass, an option needs more than 50% of votes: 3 of 4. '{OPTIONS[1]}' passes.",
        "Turnout: 3 of 3 voters (100.0%), weight 4 of 4 (100.0%).",
        "Quorum: at least 50% of weight, 2 of 4. It is met.",
        "2 of 3 trustees decrypt the sums together.",
        "node <1> alone: it can hide newer blocks from you",
        f"0x{definition.hash.hex()}, as you were told",
        f"veche verify 'veche:{definition.address}@1471#0x{definition.hash.hex()}' --rpc URL",
    ):
        assert each in found, each


def test_characters_that_steer_are_replaced() -> None:
    assert element("h1", "a\u202eb\x1b\x00") == "<h1>a\ufffdb\ufffd\ufffd</h1>"


def test_bars_have_one_scale(page: str) -> None:
    widths = re.findall(r'<rect width="([0-9.]+)"', page)
    assert widths == ["0.00", "100.00", "33.33", "0.00", "0.00"]
