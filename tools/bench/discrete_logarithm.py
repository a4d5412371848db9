"""The seconds and the peak memory of discrete logarithms, each in a process of its own.

The score is the bound itself, which takes the most steps.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from veche.crypto.discrete_log import discrete_log
from veche.crypto.group import G, Scalar


def measure() -> dict[str, float]:
    """The figures dlog32.s, dlog32.mb, dlog40.s and dlog40.mb."""
    figures = {}
    for bits in (32, 40):
        command = [sys.executable, "-m", __name__, str(bits)]
        answer = subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own
        seconds, megabytes = json.loads(answer.stdout)
        figures[f"dlog{bits}.s"] = seconds
        figures[f"dlog{bits}.mb"] = megabytes
    return figures


def _run(bits: int) -> tuple[float, float]:
    point = G * Scalar(2**bits)
    start = perf_counter()
    found = discrete_log(point, 2**bits)
    seconds = perf_counter() - start
    if found != 2**bits:
        raise SystemExit("wrong score")
    # getrusage would include the memory of the process that started this one
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return seconds, int(peak[1]) / 1024 if peak else float("nan")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_run(int(sys.argv[1]))))
