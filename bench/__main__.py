"""Runs every benchmark, prints the figures beside their limits, and writes build/bench.json.

The file is one flat object. A key that another program has put there stays.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench import discrete_logarithm, gas, multiplications

FILE = Path(__file__).parents[1] / "build" / "bench.json"

LIMITS = {
    "gas.choice": (31_000, "gas to verify one more 0/1 choice, calldata included"),
    "gas.branch": (15_500, "gas to verify one more branch of a score range, likewise"),
    "mul.prove_choice": (13, "multiplications' time to encrypt and prove a 0/1 choice"),
    "mul.verify_choice": (11, "multiplications' time to verify a 0/1 choice"),
    "dlog32.s": (3, "seconds for a discrete logarithm with the bound 2^32"),
    "dlog32.mb": (300, "megabytes that it takes at its peak"),
    "dlog40.s": (40, "seconds for a discrete logarithm with the bound 2^40"),
    "dlog40.mb": (600, "megabytes that it takes at its peak"),
}


def main() -> int:
    """Measures everything; 1 if a figure is beyond its limit."""
    figures: dict[str, float] = {}
    for benchmark in (multiplications, discrete_logarithm, gas):
        name = benchmark.__name__.removeprefix("bench.").replace("_", " ")
        sys.stderr.write(f"measuring {name} ...\n")
        figures |= benchmark.measure()
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(kept | figures, indent=2) + "\n")
    beyond = [key for key, value in figures.items() if value > LIMITS[key][0]]
    sys.stdout.write(_table(figures))
    return 1 if beyond else 0


def _table(figures: dict[str, float]) -> str:
    lines = [f"{'figure':<18} {'measured':>10} {'at most':>8}"]
    for key, value in figures.items():
        limit, words = LIMITS[key]
        mark = " " if value <= limit else "!"
        lines.append(f"{key:<18} {value:>10,.2f} {limit:>8,}{mark} {words}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
