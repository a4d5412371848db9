"""Every fuzzer by its name.

A fuzzer is a context: it sets up what its cases share, and gives the function that runs a case. A
case follows from its generator of random numbers alone, so its seed repeats it. It raises if the
program does anything but accept the input, or refuse it by an exception of `veche.errors`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random
from typing import TypeAlias

from fuzz import answers, enrolments, files, links, records, relays

Case: TypeAlias = Callable[[Random], None]
"""Runs the case that follows from this generator."""

FUZZERS: dict[str, Callable[[], AbstractContextManager[Case]]] = {
    "answers": answers.fuzzer,
    "enrolments": enrolments.fuzzer,
    "files": files.fuzzer,
    "links": links.fuzzer,
    "records": records.fuzzer,
    "relays": relays.fuzzer,
}
