"""The implementation of the page, in TypeScript, as tests in Python call it."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

ROOT = Path(__file__).parents[2]


@cache
def _program() -> Path:
    """The program that does tasks; see web/tests/told.ts."""
    folder = ROOT / "build" / "told"
    folder.mkdir(parents=True, exist_ok=True)
    own = Path(mkdtemp(dir=folder))
    _node(ROOT / "web" / "test.mjs", own)
    return own / "told.mjs"


def _node(*words: object, given: str = "") -> str:
    run = subprocess.run(  # noqa: S603  # our own words
        ["node", *map(str, words)],  # noqa: S607  # as people start it
        cwd=ROOT,
        input=given,
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout


def told(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
    """What comes of tasks: `done` with a value, or `error` with the name of the error."""
    found: list[dict[str, Any]] = json.loads(_node(_program(), given=json.dumps(tasks)))
    return found


def tell(task: str, **fields: Any) -> Any:
    """The value that comes of a task."""
    (found,) = told({"task": task, **fields})
    return found["done"]
