"""The report of a verified poll: one page to read and print, which needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from veche.cli import figures, markup
from veche.cli.markup import Markup, element
from veche.cli.verdicts import SIGNS
from veche.errors.amounts import counted
from veche.errors.times import time_text

if TYPE_CHECKING:
    from veche.cli.verdicts import Verified
    from veche.protocol.board import BoardTerms
    from veche.protocol.definition import PollDefinition
    from veche.protocol.figures import Figures, QuestionFigures
    from veche.trust.foundation import Foundation

STYLE: Final = Path(__file__).with_suffix(".css")
DOUBT: Final = (
    "Anybody can write such a page. So do not believe it: make the checks again, at a node of your "
    "own or of people whom you trust. Take the link from where officials made it public, and "
    "compare it with this one."
)
CONTENT: Final = {"dir": "auto"}
"""What an element with a stranger's text has: the direction of its own script."""


def page(verified: Verified, found: Figures) -> str:
    """The report of a poll.

    Args:
        verified: the poll with every check.
        found: its result, which every check has passed for.
    """
    return markup.page(
        found.texts.title,
        _head(verified, found),
        *(_question(each, is_quorate=found.is_quorate) for each in found.questions),
        _section("Turnout", *_paragraphs(*figures.taking_part(found))),
        *_foundation(verified.verification.foundation),
        _section("What this rests on", _facts(verified.basis())),
        _section(counted(len([*verified.verification.report]), "check"), _checks(verified)),
        *_how(verified.verification.definition),
        style=STYLE.read_text(),
    )


def _head(verified: Verified, found: Figures) -> Markup:
    said = found.texts.description
    return element(
        "header",
        element("p", "Result of a poll", class_="kind"),
        element("h1", found.texts.title, **CONTENT),
        *([element("p", said, class_="description", **CONTENT)] if said else []),
        element("p", verified.summary, class_="verdict"),
    )


# -- Questions --


def _question(found: QuestionFigures, *, is_quorate: bool | None) -> Markup:
    from veche.protocol.content import kind

    return element(
        "section",
        element("h2", found.texts.text, **CONTENT),
        element("p", kind(found.limits), class_="kind"),
        _chart(found),
        *_paragraphs(*figures.sentences(found, is_quorate=is_quorate)),
    )


def _chart(found: QuestionFigures) -> Markup:
    """The table of a question, with bars of one scale."""
    named = figures.columns(found)
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
        "opened": time_text(definition.opens),
        "closed": time_text(definition.closes),
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


def _how(definition: PollDefinition | None) -> Iterator[Markup]:
    """How a reader makes all checks again."""
    from veche.protocol import link

    if definition:
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
