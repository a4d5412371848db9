"""Workers are children of the process that they work for."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys

import pytest

WORK = """
import multiprocessing, os
from veche.processes import workers
multiprocessing.set_start_method({method!r})
with workers() as pool:
    assert pool.submit(os.getppid).result() == os.getpid()
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_workers_are_children_for_every_default_of_python(method: str) -> None:
    code = WORK.format(method=method)
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code
