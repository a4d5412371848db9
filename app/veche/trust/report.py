"""Reports: named checks, each with its verdict and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from veche.errors import ChecksFailed, InvalidDocument, NodeError, VecheError


class Verdict(StrEnum):
    """The outcome of a check."""

    PASS = "pass"  # noqa: S105  # no password
    FAIL = "fail"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Check:
    """A named check.

    Attributes:
        name: what is checked.
        verdict: the outcome.
        detail: what was found, or what is wrong.
    """

    name: str
    verdict: Verdict
    detail: str


@dataclass
class Report:
    """Named checks, in the order in which they were made."""

    checks: list[Check] = field(default_factory=list)

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    # -- Add --

    def add(self, name: str, *, holds: bool, detail: str) -> None:
        """Adds a check that passed or failed."""
        if holds:
            self.passed(name, detail)
        else:
            self.failed(name, detail)

    def passed(self, name: str, detail: str) -> None:
        """Adds a check that passed."""
        self.checks.append(Check(name, Verdict.PASS, detail))

    def failed(self, name: str, detail: str) -> None:
        """Adds a check that failed."""
        self.checks.append(Check(name, Verdict.FAIL, detail))

    def pending(self, name: str, detail: str) -> None:
        """Adds a check that cannot be made yet."""
        self.checks.append(Check(name, Verdict.PENDING, detail))

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """Adds a failed check of this name if the data that are read within are malformed.

        Raises:
            NodeError: the node was lost, or refuses to answer. That is no verdict.
            InvalidDocument: an election record is malformed. That is none either.
        """
        try:
            yield
        except (NodeError, InvalidDocument):
            raise
        except VecheError as error:
            self.failed(name, f"cannot be read: {error}")

    # -- Result --

    @property
    def verdict(self) -> Verdict:
        """Fail if any check failed; otherwise pending if any check is pending; otherwise pass."""
        found = {each.verdict for each in self.checks}
        worst_first = (Verdict.FAIL, Verdict.PENDING)
        return next((each for each in worst_first if each in found), Verdict.PASS)

    def require(self) -> None:
        """Refuses to go on if a check failed.

        Raises:
            ChecksFailed: at least one check failed.
        """
        failed = [f"{c.name}: {c.detail}" for c in self.checks if c.verdict == Verdict.FAIL]
        if failed:
            raise ChecksFailed(failed)

    def to_plain(self) -> dict[str, Any]:
        """The report as plain data for a JSON document."""
        checks = [
            {"name": each.name, "verdict": str(each.verdict), "detail": each.detail}
            for each in self.checks
        ]
        return {"verdict": str(self.verdict), "checks": checks}
