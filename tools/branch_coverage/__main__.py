"""Runs the contracts' tests, prints the branches that they miss, and writes build/coverage.json.

All arguments go to pytest: `python -m tools.branch_coverage -k Poll`.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tools.branch_coverage import instrumented, recorder, report

FILE = instrumented.ROOT / "build" / "coverage.json"

COMMAND = [
    *(sys.executable, "-m", "pytest", "--network", "anvil", "-q"),
    *("-p", "tools.branch_coverage.recorder", "tests/contracts"),
]


def main(arguments: list[str]) -> int:
    """Measures, and returns the exit code: 1 if a test fails or a branch is missed."""
    found = instrumented.make()
    left_out = [f"--deselect={each}" for each in report.left_out()]
    tests = subprocess.run([*COMMAND, *left_out, *arguments], check=False, cwd=instrumented.COPY)  # noqa: S603  # our own
    if tests.returncode not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        return tests.returncode
    told = json.loads((instrumented.COPY / recorder.FILE).read_text())
    results = report.measured(found, set(told))
    report.write_json(results, FILE)
    complaints = report.complaints(results, report.exceptions())
    sys.stdout.write(report.table(results))
    sys.stdout.writelines(f"{each}\n" for each in complaints)
    return 1 if complaints or tests.returncode else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
