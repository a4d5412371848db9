"""What checks found: each by its name, with its verdict and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from veche.errors import ChecksFailed


class Verdict(StrEnum):
    """What a check came to."""

    PASS = "pass"  # noqa: S105  # no password
    FAIL = "fail"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Check:
    """A named check.

    Attributes:
        name: of the check.
        verdict: what it came to.
        detail: what was looked at, or what is wrong.
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

    def note(self, name: str, holds: bool, detail: str) -> bool:  # noqa: FBT001  # the verdict
        """Adds a check; whether it holds."""
        self.checks.append(Check(name, Verdict.PASS if holds else Verdict.FAIL, detail))
        return holds

    def await_(self, name: str, detail: str) -> None:
        """Adds a check that cannot be made yet."""
        self.checks.append(Check(name, Verdict.PENDING, detail))

    @property
    def verdict(self) -> Verdict:
        """Fail if any check failed, pending if any is to come, otherwise pass."""
        found = {each.verdict for each in self.checks}
        return next(
            (each for each in (Verdict.FAIL, Verdict.PENDING) if each in found), Verdict.PASS
        )

    def require(self) -> None:
        """Refuses to go on where a check failed.

        Raises:
            ChecksFailed: one did.
        """
        failed = [f"{c.name}: {c.detail}" for c in self.checks if c.verdict == Verdict.FAIL]
        if failed:
            raise ChecksFailed(failed)

    def to_plain(self) -> dict[str, Any]:
        """As plain data for a JSON document."""
        checks = [
            {"name": each.name, "verdict": str(each.verdict), "detail": each.detail}
            for each in self.checks
        ]
        return {"verdict": str(self.verdict), "checks": checks}
