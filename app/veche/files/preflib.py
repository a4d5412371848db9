"""Approval ballots in PrefLib's categorical form (https://preflib.github.io).

A file begins with lines `# KEY: value`. Then follow lines `count: approved,not-approved`. Both are
sets of candidates' numbers: `{1,2}` for several, `1` for one, `{}` for none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from veche.crypto.questions import MAX_CHOICES
from veche.files.mistakes import Mistakes, quoted, read_text
from veche.files.texts import size_fault, text_faults
from veche.protocol.texts import document, look

MAX_VOTERS: Final = 1_000_000
"""Maximum voters of a file: each of them becomes an entry of a roll."""
FORM: Final = "cat"
"""The data type of these files: categories, two of them approved and not approved."""
RANKINGS: Final = {
    "soc": "strict rankings of all candidates",
    "soi": "strict rankings of some candidates",
    "toc": "rankings of all candidates, with ties",
    "toi": "rankings of some candidates, with ties",
}
"""PrefLib's data types of rankings. Their lines can look like approval ballots."""

_MAX_TOLD: Final = 20
_SET: Final = r"(\{[\d\s,]*\}|\d+)"
_BALLOT: Final = re.compile(rf"([^:]*):\s*{_SET}\s*,\s*{_SET}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_CATEGORIES: Final = 2


@dataclass(frozen=True, slots=True)
class PrefLib:
    """Approval ballots.

    Attributes:
        title: the title of the data.
        candidates: the names of the candidates, in the order of their numbers.
        ballots: the ballot of every voter: 1 (approved) or 0 for every candidate.
    """

    title: str
    candidates: tuple[str, ...]
    ballots: tuple[tuple[int, ...], ...]


class _Group(NamedTuple):
    """Voters with the same ballot."""

    voters: int
    scores: tuple[int, ...]


def read_preflib(path: Path) -> PrefLib:
    """Reads a categorical file with two categories: approved and not approved.

    Raises:
        InvalidFile: the file has mistakes or cannot be read; the first 20 mistakes are reported.
    """
    mistakes = Mistakes(path)
    lines = [line.strip() for line in read_text(path).split("\n")]
    header = _Header(lines, mistakes)
    header.check_form()
    mistakes.require_none(at_most=_MAX_TOLD)  # in another form, every line would be wrong
    candidates = header.candidates()
    header.check_texts(candidates)
    groups = []
    if candidates:  # without them every ballot would be wrong
        groups = list(_groups(lines, len(candidates), mistakes))
    header.check(groups)
    mistakes.require_none(at_most=_MAX_TOLD)
    ballots = tuple(group.scores for group in groups for _ in range(group.voters))
    return PrefLib(header.title, candidates, ballots)


class _Header:
    """The lines `# KEY: value`, with their numbers."""

    def __init__(self, lines: list[str], mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._values: dict[str, tuple[int, str]] = {}
        for number, line in enumerate(lines, start=1):
            key, colon, value = line.removeprefix("#").partition(":")
            if line.startswith("#") and colon:
                key = key.strip()
                first, _ = self._values.setdefault(key, (number, value.strip()))
                if first != number:
                    what = f"{quoted(key)} stands in line {first} already"
                    mistakes.add(number, what, "remove one of the two lines")

    @property
    def title(self) -> str:
        """The title of the data; empty if it has no title."""
        return self._values.get("TITLE", (0, ""))[1]

    def check_form(self) -> None:
        """Notes another data type than that of approval ballots."""
        key = "DATA TYPE"
        line, form = self._values.get(key, (0, ""))
        if form == FORM:
            return
        what = f"{key} is {quoted(form)}" if line else f"{key} is missing"
        if form in RANKINGS:
            what = f"{what}: {RANKINGS[form]}"
        remedy = f"take a file whose {key} is {FORM}: approvals cannot be made out of anything else"
        self._mistakes.add(line, what, remedy)

    def candidates(self) -> tuple[str, ...]:
        """The names of the candidates in order; empty if their number is wrong."""
        count = self._number("NUMBER ALTERNATIVES", MAX_CHOICES)
        names = [self._name(number) for number in range(1, count + 1)]
        first: dict[str, int] = {}
        for number, name in enumerate(names, start=1):
            other = first.setdefault(look(name), number)
            if name and other != number:
                what = f"candidates {other} and {number} have the same name: {quoted(name)}"
                self._mistakes.add(
                    self._line_of_name(number), what, "give each a name of their own"
                )
        return tuple(names)

    def check_texts(self, candidates: tuple[str, ...]) -> None:
        """Notes a title that cannot be shown, and texts that are too long for a poll."""
        line, title = self._values.get("TITLE", (0, ""))
        if title:
            self._check_text(line, "TITLE", title)
        for fault in size_fault(document({"title": title, "candidates": candidates})):
            self._mistakes.add(0, *fault)

    def check(self, groups: list[_Group]) -> None:
        """Notes a header that contradicts the ballots."""
        categories = self._number("NUMBER CATEGORIES", MAX_CHOICES)
        if categories not in (0, _CATEGORIES):
            line = self._values["NUMBER CATEGORIES"][0]
            what = f"there are {categories} categories"
            self._mistakes.add(line, what, "use a file with two: approved and not approved")
        voters = self._number("NUMBER VOTERS", MAX_VOTERS)
        ballots = sum(group.voters for group in groups)
        if voters and not self._mistakes and voters != ballots:
            line = self._values["NUMBER VOTERS"][0]
            what = f"the header says {voters} voters, but the file has {ballots} ballots"
            self._mistakes.add(line, what, "check for missing lines: copy the file again")

    def _number(self, key: str, most: int) -> int:
        """The number under a key, from 1; 0 if it is missing or wrong."""
        line, text = self._values.get(key, (0, ""))
        number = int(text) if _NUMBER.fullmatch(text) else 0
        if 1 <= number <= most:
            return number
        what = f"{key} is {quoted(text)}" if line else f"{key} is missing"
        self._mistakes.add(line, what, f"write # {key}: and a whole number from 1 to {most}")
        return 0

    def _name(self, number: int) -> str:
        key = _name_key(number)
        line, name = self._values.get(key, (0, ""))
        if line:
            self._check_text(line, key, name)
        else:
            self._mistakes.add(line, f"{key} is missing", f"write # {key}: and the name")
        return name

    def _line_of_name(self, number: int) -> int:
        return self._values[_name_key(number)][0]

    def _check_text(self, line: int, key: str, text: str) -> None:
        """Notes a text that is empty or cannot be shown."""
        for what, remedy in text_faults(text):
            self._mistakes.add(line, f"{key} {what}", remedy)


def _name_key(number: int) -> str:
    return f"ALTERNATIVE NAME {number}"


# -- Ballots --


def _groups(lines: list[str], candidates: int, mistakes: Mistakes) -> Iterator[_Group]:
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        found = _BALLOT.fullmatch(line)
        if found:
            count = _count(number, found[1], mistakes)
            approved, others = _numbers(found[2]), _numbers(found[3])
            if _is_complete(number, approved, others, candidates, mistakes):
                yield _Group(
                    count, tuple(int(each in approved) for each in range(1, candidates + 1))
                )
        else:
            what = f"this is not a ballot: {quoted(line)}"
            mistakes.add(number, what, "write it as 3: {1,2},{3,4} or 3: 1,{2,3,4}")


def _count(line: int, text: str, mistakes: Mistakes) -> int:
    count = int(text) if _NUMBER.fullmatch(text.strip()) else 0
    if not 1 <= count <= MAX_VOTERS:
        what = f"the count is {quoted(text.strip())}"
        mistakes.add(line, what, f"write a whole number from 1 to {MAX_VOTERS}")
    return count


def _numbers(text: str) -> list[int]:
    """The numbers in a set; 0 for anything that is not a number of 1 to 9 digits."""
    inner = text.strip("{}").strip()
    parts = inner.split(",") if inner else []
    return [int(part) if _NUMBER.fullmatch(part.strip()) else 0 for part in parts]


def _is_complete(
    line: int, approved: list[int], others: list[int], candidates: int, mistakes: Mistakes
) -> bool:
    """Whether every candidate is named exactly once; notes the first three faults if not."""
    faults = list(_faults(approved, others, candidates))
    for fault in faults[:3]:
        mistakes.add(line, fault, f"name every candidate from 1 to {candidates} in one category")
    return not faults


def _faults(approved: list[int], others: list[int], candidates: int) -> Iterator[str]:
    everybody = range(1, candidates + 1)
    for candidate, times in sorted(Counter(approved + others).items()):
        if candidate not in everybody:
            yield f"there is no candidate {candidate or 'of this number'}"
        elif candidate in approved and candidate in others:
            yield f"candidate {candidate} is in both categories"
        elif times > 1:
            yield f"candidate {candidate} is in one category twice"
    for candidate in sorted({*everybody} - {*approved, *others}):
        yield f"candidate {candidate} is in no category"
