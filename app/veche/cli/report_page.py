"""The report of a verified poll: one page to read and print, which needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from veche.cli import markup
from veche.cli.markup import Markup, element
from veche.cli.verdicts import SIGNS
from veche.errors.amounts import counted
from veche.errors.times import time_text
from veche.protocol.shown_figures import columns, sentences, taking_part, turnout

if TYPE_CHECKING:
    from veche.cli.verdicts import Verified
    from veche.crypto.questions import Question
    from veche.protocol.board import BoardTerms
    from veche.protocol.content import Content, QuestionTexts
    from veche.protocol.definition import PollDefinition
    from veche.protocol.figures import Figures, QuestionFigures, Turnout
    from veche.trust.foundation import Foundation

STYLE: Final = Path(__file__).with_suffix(".css")
DOUBT: Final = (
    "Anybody can write such a page. So do not believe it: make the checks again, at a node of your "
    "own or of people whom you trust. Take the link from where officials made it public, and "
    "compare it with this one."
)
CONTENT: Final = {"dir": "auto"}
"""What an element with a stranger's text has: the direction of its own script."""


def page(verified: Verified, definition: PollDefinition) -> str:
    """The report of a poll that has passed every check: with its result, or without one if there
    will be none.

    Args:
        verified: the poll with every check.
        definition: what defines it, as it was checked.
    """
    found = verified.verification
    return markup.page(
        definition.texts.title,
        _head(verified, definition.texts),
        *(_result(found.figures) if found.figures else _no_result(definition, found.turnout)),
        *_foundation(found.foundation),
        _section("What this rests on", _facts(verified.basis())),
        _section(counted(len([*found.report]), "check"), _checks(verified)),
        *_how(definition),
        style=STYLE.read_text(),
    )


def _head(verified: Verified, texts: Content) -> Markup:
    kind = "Result of a poll" if verified.verification.figures else "A poll without a result"
    said = texts.description
    return element(
        "header",
        element("p", kind, class_="kind"),
        element("h1", texts.title, **CONTENT),
        *([element("p", said, class_="description", **CONTENT)] if said else []),
        element("p", verified.summary, class_="verdict"),
    )


def _result(found: Figures) -> Iterator[Markup]:
    yield from (_question(each, is_quorate=found.is_quorate) for each in found.questions)
    yield _section("Who took part", *_paragraphs(*taking_part(found)))


def _no_result(definition: PollDefinition, found: Turnout | None) -> Iterator[Markup]:
    """What was asked, and how many took part."""
    for texts, limits in zip(definition.texts, definition.questions, strict=True):
        options = element("ul", *(element("li", each, **CONTENT) for each in texts.options))
        yield element("section", *_heading(texts, limits), options)
    if found:
        yield _section("Who took part", *_paragraphs(f"Turnout: {turnout(found)}."))


# -- Questions --


def _question(found: QuestionFigures, *, is_quorate: bool | None) -> Markup:
    return element(
        "section",
        *_heading(found.texts, found.limits),
        _chart(found),
        *_paragraphs(*sentences(found, is_quorate=is_quorate)),
    )


def _heading(texts: QuestionTexts, limits: Question) -> Iterator[Markup]:
    from veche.protocol.content import kind

    yield element("h2", texts.text, **CONTENT)
    yield element("p", kind(limits), class_="kind")


def _chart(found: QuestionFigures) -> Markup:
    """The table of a question, with bars of one scale."""
    named = columns(found)
    heads = ("option", *named, "")
    most = max(found.scores.values(), default=0)
    rows = (
        _row(option, texts, 100 * score / most if most else 0, is_first=option in found.leaders)
        for (option, score), *texts in zip(found.scores.items(), *named.values(), strict=True)
    )
    return _table(heads, rows, class_="chart")


def _row(option: str, numbers: list[str], length: float, *, is_first: bool) -> Markup:
    """The row of an option, with a bar of so many percent of the longest."""
    return element(
        "tr",
        element("th", option, scope="row", **CONTENT),
        *(element("td", each, class_="number") for each in numbers),
        element("td", _bar(length), class_="bar"),
        class_="first" if is_first else "other",
    )


def _bar(length: float) -> Markup:
    bar = element("rect", width=f"{length:.2f}", height="10")
    shape = {"viewBox": "0 0 100 10", "preserveAspectRatio": "none", "aria-hidden": "true"}
    return element("svg", bar, **shape)


# -- The poll --


def _foundation(found: Foundation) -> Iterator[Markup]:
    """The poll and its trustees."""
    if found.definition:
        yield _section("The poll", _facts(_about(found.definition)))
    if found.ceremony:
        yield _section("Trustees", *_trustees(found.ceremony.definition.terms))


def _about(definition: PollDefinition) -> dict[str, str]:
    return {
        "opening": time_text(definition.opens),
        "close": time_text(definition.closes),
        "minimum": f"{counted(definition.min_voters, 'voter')}, otherwise there is no result",
        "chain": str(definition.chain_id),
        "address": definition.address,
        "poll hash": f"0x{definition.hash.hex()}",
    }


def _trustees(terms: BoardTerms) -> Iterator[Markup]:
    yield element("p", terms.texts.name, **CONTENT)
    of = counted(len(terms.trustees), "trustee")
    yield element("p", f"{terms.threshold} of {of} decrypt the sums together.")
    named = zip(terms.texts.trustees, terms.trustees, strict=True)
    rows = (
        element("tr", element("th", name, scope="row", **CONTENT), element("td", each.account))
        for name, each in named
    )
    yield _table(("trustee", "account"), rows)


def _checks(verified: Verified) -> Markup:
    rows = (
        element(
            "tr",
            element("td", f"{SIGNS[each.verdict]} {each.verdict}", class_="sign"),
            element("th", each.name, scope="row"),
            element("td", each.detail),
        )
        for each in verified.verification.report
    )
    return _table(("verdict", "check", "what was found"), rows, class_="checks")


def _how(definition: PollDefinition) -> Iterator[Markup]:
    """How a reader makes all checks again."""
    from veche.protocol import link

    command = f"veche verify '{link.of(definition)}' --rpc URL"
    yield _section("Check it yourself", element("p", DOUBT), element("pre", command))


# -- Pieces --


def _section(title: str, *inside: Markup) -> Markup:
    return element("section", element("h2", title), *inside)


def _paragraphs(*sentences: str) -> Iterator[Markup]:
    return (element("p", each) for each in sentences)


def _facts(named: Mapping[str, str]) -> Markup:
    pairs = (element("dt", name) + element("dd", value) for name, value in named.items())
    return element("dl", *map(Markup, pairs))


def _table(heads: tuple[str, ...], rows: Iterator[Markup], *, class_: str = "plain") -> Markup:
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    return element("table", element("thead", head), element("tbody", *rows), class_=class_)
