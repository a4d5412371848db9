"""The library as somebody else's project installs it: its wheel, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words: object, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603  # our own words
        [*map(str, words)],
        env=os.environ | environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment in which the wheel is installed, and nothing else."""
    folder = tmp_path_factory.mktemp("project")
    own = Path(sys.executable).parent
    run(own / "hatchling", "build", "--target", "wheel", "--directory", folder / "wheel")
    run(own / "uv", "venv", "--quiet", "--no-project", "--python", sys.executable, folder / "venv")
    (wheel,) = (folder / "wheel").glob("veche-*.whl")
    where = ("--python", folder / "venv", "--offline", "--no-deps")
    run(own / "uv", "pip", "install", "--quiet", *where, wheel)
    return folder / "venv" / "bin"


def test_wheel_has_all_that_the_library_reads(programs: Path) -> None:
    """What it depends on is taken from here: its own files are the question."""
    here = sysconfig.get_path("purelib")
    code = (
        "import veche; from veche.trust.artifact import NAMES, load; "
        "[load(each) for each in NAMES]; [getattr(veche, each) for each in veche.__all__]; "
        "print(veche.__file__)"
    )
    found = Path(run(programs / "python", "-c", code, PYTHONPATH=here).strip())
    assert found.is_relative_to(programs.parent)
    assert {"py.typed"} <= {each.name for each in found.parent.iterdir()}
    assert (found.parent / "cli" / "report_page.css").exists()


def test_wheel_has_the_command(programs: Path) -> None:
    here = sysconfig.get_path("purelib")
    assert run(programs / "veche", "--version", PYTHONPATH=here).startswith("veche ")
    assert "Which tree?" in run(programs / "veche", "check", "examples/poll.toml", PYTHONPATH=here)


def test_rehearsing_fails_if_there_is_no_anvil(programs: Path) -> None:
    """In a project of one's own, without anvil on PATH."""
    here = sysconfig.get_path("purelib")
    words = (programs / "veche", "rehearse", ROOT / "examples" / "poll.toml", "--json")
    ended = subprocess.run(  # noqa: S603  # our own words
        [*map(str, words)],
        env={"PYTHONPATH": here, "PATH": "/nowhere"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, "NoEmbeddedChain" in ended.stdout) == (5, True)


@pytest.mark.parametrize(
    "words", [("relay", "examples/relay.toml"), ("rehearse", "examples/poll.toml", "--relay")]
)
def test_relay_tells_what_to_install_if_its_packages_are_missing(
    programs: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """In a project of one's own, without the extra."""
    extra = ("sqlalchemy", "starlette", "uvicorn", "prometheus_client", "psycopg")
    for each in Path(sysconfig.get_path("purelib")).iterdir():
        if not each.name.startswith(extra):
            (tmp_path / each.name).symlink_to(each)
    ended = subprocess.run(  # noqa: S603  # our own words
        [str(programs / "veche"), *words],
        cwd=ROOT,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/nowhere"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, "pip install 'veche[relay]'" in ended.stderr) == (5, True), ended


def test_wheel_depends_on_what_the_project_names(programs: Path) -> None:
    code = "from importlib.metadata import requires; print(*requires('veche'), sep='\\n')"
    needed = [
        line for line in run(programs / "python", "-c", code).splitlines() if "extra" not in line
    ]
    assert any(line.startswith("web3") for line in needed)
    assert not any("brownie" in line for line in needed)
