"""The README's tree, and the developers' page of mathematics, as they are printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
DEVELOPERS = README.parent / "docs" / "guides" / "developer.md"


def test_mathematics_runs_and_prints_what_it_says() -> None:
    blocks = re.findall(r"```python\n(.*?)```", DEVELOPERS.read_text(), re.DOTALL)
    code = [each for each in blocks if "veche.crypto" in each]
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
    package = README.parent / "app" / "veche"
    named = {line.split()[0].rstrip("/") for line in trees[0].splitlines() if line[2] != " "}
    within = {each for each in named if (package / each).exists()}
    unnamed = {"__init__.py", "__pycache__", "processes.py", "py.typed"}
    assert within == {each.name for each in package.iterdir()} - unnamed
    for each in named - within:
        assert (README.parent / each).exists(), each
