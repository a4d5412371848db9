"""The README's code, as it is printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_code_runs_and_prints_what_it_says() -> None:
    code = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(code) == 1
    run = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", code[0]], check=True, capture_output=True, text=True
    )
    promised = re.search(r"# ([\d, ]+)$", code[0], re.MULTILINE)
    assert promised
    assert run.stdout.split() == promised[1].split(", ")


def test_tree_names_what_is_there() -> None:
    trees = re.findall(r"```text\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(trees) == 1
    for line in trees[0].splitlines():
        assert (README.parent / line.split()[0]).exists(), line
