"""Runs all benchmarks, prints the figures beside their limits, and writes build/bench.json.

The file is one flat JSON object. Keys that other programs have written to it stay.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.bench import discrete_logarithm, gas, multiplications, observer

FILE = Path(__file__).parents[2] / "build" / "bench.json"

MAXIMA = {
    "gas.choice": (16_500, "gas to verify one more 0/1 choice, calldata included"),
    "mul.prove_choice": (5.5, "time to encrypt and prove a 0/1 choice, in multiplications"),
    "mul.verify_choice": (5.3, "time to verify a 0/1 choice, in multiplications"),
    "dlog32.s": (3, "seconds for a discrete logarithm with the bound 2^32"),
    "dlog32.mb": (300, "megabytes for the same, at the peak"),
    "dlog40.s": (40, "seconds for a discrete logarithm with the bound 2^40"),
    "dlog40.mb": (600, "megabytes for the same, at the peak"),
    "observer.mul_per_ballot": (45, "time to verify a ballot from a record, in multiplications"),
    "observer.mb_20000": (400, "megabytes to verify a record of 20,000 ballots, at the peak"),
    "record.bytes_per_ballot": (1_100, "bytes of such a record per ballot"),
}
"""Maximum of a figure, and what it is."""

TOLD = {
    "observer.record_per_s": "ballots (choose one of five) verified per second from a record",
    "observer.node_per_s": "the same from a node on this machine",
}
"""Figures that depend on the machine: they are shown, and have no limit."""


def main() -> int:
    """Measures everything, and returns the exit code: 1 if a figure is out of bounds."""
    figures: dict[str, float] = {}
    for benchmark in (multiplications, discrete_logarithm, gas, observer):
        name = benchmark.__name__.removeprefix("tools.bench.").replace("_", " ")
        sys.stderr.write(f"measuring {name} ...\n")
        figures |= benchmark.measure()
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(kept | figures, indent=2) + "\n")
    sys.stdout.write(_table(figures))
    return 0 if all(_is_good(key, value) for key, value in figures.items()) else 1


def _is_good(key: str, value: float) -> bool:
    return key in TOLD or value <= MAXIMA[key][0]


def _table(figures: dict[str, float]) -> str:
    lines = [f"{'figure':<24} {'measured':>10} {'limit':>9}"]
    for key, value in figures.items():
        limit, words = (
            ("", TOLD[key]) if key in TOLD else (f"<={MAXIMA[key][0]:>7,}", MAXIMA[key][1])
        )
        mark = " " if _is_good(key, value) else "!"
        lines.append(f"{key:<24} {value:>10,.2f} {limit:>9}{mark} {words}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
