"""Runs the fuzzers, and ends with 1 if a case fails."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import monotonic

from fuzz.fuzzers import FUZZERS

FILE = Path(__file__).parents[2] / "build" / "fuzz.json"


def main() -> int:
    """Runs every fuzzer, and returns the exit code."""
    options = _options()
    cores = os.cpu_count() or 1
    seconds = 60 * options.minutes * min(1, cores / len(options.only))
    cases: dict[str, int] = {}
    failed = 0
    with ProcessPoolExecutor(cores, get_context("fork"), signal.signal, _AT_CTRL_C) as pool:
        tasks = [pool.submit(_run, name, options.seed, seconds) for name in options.only]
        for task in as_completed(tasks):
            name, count, failure = task.result()
            cases[name] = count
            failed += bool(failure)
            sys.stdout.write(f"{name}: {count:,} cases, {failure or 'nothing found'}\n")
            sys.stdout.flush()
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(cases, indent=2, sort_keys=True) + "\n")
    return 1 if failed else 0


_AT_CTRL_C = (signal.SIGINT, signal.SIG_DFL)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for all fuzzers together")
    parser.add_argument("--seed", type=int, default=1_000_000, help="of the first case")
    parser.add_argument("--only", nargs="+", choices=FUZZERS, default=list(FUZZERS))
    return parser.parse_args()


def _run(name: str, seed: int, seconds: float) -> tuple[str, int, str]:
    """Runs one case, and more until the time is over or one fails.

    Returns the fuzzer's name, the number of cases, and what failed.
    """
    with FUZZERS[name]() as case:
        end, first = monotonic() + seconds, seed
        while True:
            try:
                case(Random(seed))  # noqa: S311  # a case is no secret
            except Exception:  # noqa: BLE001  # whatever it is, it is shown with its seed
                return name, seed - first + 1, f"FAILED with seed {seed}\n{traceback.format_exc()}"
            seed += 1
            if monotonic() >= end:
                return name, seed - first, ""


if __name__ == "__main__":
    raise SystemExit(main())
