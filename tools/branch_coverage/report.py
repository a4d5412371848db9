"""The covered branches, the missed ones, and those that need no test."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.branch_coverage.conditions import Branch, Condition

EXCEPTIONS = Path(__file__).with_name("exceptions.toml")


@dataclass(frozen=True)
class Missing:
    """A value that a condition never had."""

    branch: Branch
    value: bool


@dataclass(frozen=True)
class Measured:
    """A condition, and the values that it had."""

    condition: Condition
    values: frozenset[bool]

    @property
    def missing(self) -> list[Missing]:
        """The values that the condition never had."""
        branch = self.condition.branch
        return [Missing(branch, each) for each in (True, False) if each not in self.values]

    def json(self) -> dict[str, object]:
        """The entry in build/coverage.json."""
        where = asdict(self.condition.branch) | {"line": self.condition.line}
        return where | {"true": True in self.values, "false": False in self.values}


def measured(found: Iterable[Condition], told: Collection[int]) -> list[Measured]:
    """The conditions in the order of their numbers, with the values that were reported."""
    return [
        Measured(each, frozenset(value for value in (False, True) if 2 * i + value in told))
        for i, each in enumerate(found)
    ]


def exceptions() -> set[Missing]:
    """The values that `exceptions.toml` lists as beyond all tests."""
    return {
        Missing(
            Branch(each["file"], each["function"], each["condition"], each.get("occurrence", 1)),
            each["never"],
        )
        for each in _listed("never_had")
    }


def left_out() -> list[str]:
    """The tests that are not run, by their names in pytest."""
    return [each["test"] for each in _listed("left_out")]


def _listed(kind: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads(EXCEPTIONS.read_text()).get(kind, [])
    for each in listed:
        if not each.get("reason"):
            raise ValueError(f"{EXCEPTIONS.name} gives no reason for {each}")
    return listed


def write_json(results: Iterable[Measured], to: Path) -> None:
    """Writes all conditions with the values that they had."""
    to.write_text(
        json.dumps([each.json() for each in results], indent=2, ensure_ascii=False) + "\n"
    )


def table(results: Sequence[Measured]) -> str:
    """A table with the number of values that the conditions of each file can have and had."""
    lines = [f"{'values':>6} {'had':>5} {'':>7} file"]
    files = sorted({each.condition.branch.file for each in results})
    for file in files:
        own = [each for each in results if each.condition.branch.file == file]
        lines.append(_row(own, file))
    return "\n".join([*lines, _row(results, "all")]) + "\n"


def _row(results: Sequence[Measured], name: str) -> str:
    count, had = 2 * len(results), sum(len(each.values) for each in results)
    return f"{count:>6} {had:>5} {had / count:>7.1%} {name}"


def complaints(results: Iterable[Measured], excepted: Collection[Missing]) -> list[str]:
    """The missed values that are no exceptions, then the exceptions that are wrong."""
    results = list(results)
    lines = []
    for each in results:
        never = [one.value for one in each.missing if one not in excepted]
        if never:
            where = f"{each.condition.branch.file}:{each.condition.line}"
            how = "reached" if never == [True, False] else str(never[0]).lower()
            lines.append(f"{where}: {_words(each.condition.branch)} — never {how}")
    missing = {one for each in results for one in each.missing}
    needless = [each for each in excepted if each not in missing]
    return lines + [
        f"{each.branch.file}: {_words(each.branch)} — "
        f"an exception, but it was {str(each.value).lower()}, or the condition is gone"
        for each in needless
    ]


def _words(branch: Branch) -> str:
    which = f" ({branch.occurrence})" if branch.occurrence > 1 else ""
    return f"{branch.function}: {branch.condition}{which}"
