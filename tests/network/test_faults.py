"""The faults that are made with other builds: what they change is there to be changed."""

from __future__ import annotations

import subprocess
import sys

from tools.faults import builds
from tools.faults.scenarios import FAULTS

from veche.network import programs


def test_lying_validator_is_a_program_of_its_own() -> None:
    lying, honest = builds.lying().validator, programs.find().validator
    assert lying != honest
    assert b"a lie is proposed" in lying.read_bytes()
    assert b"a lie is proposed" not in honest.read_bytes()


def test_wrong_clock_finds_where_the_clock_is_read() -> None:
    assert "sec += shift" in "".join(builds.clock_sources().values())


def test_faults_have_names_of_their_own() -> None:
    assert len({each.name for each in FAULTS.values()}) == len(FAULTS)


def test_fault_that_is_none_is_refused_by_name() -> None:
    command = [sys.executable, "-m", "tools.faults", "disk-full", "plague"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    assert ended.returncode == 2
    assert "no fault has the name plague" in ended.stderr
