"""Programs are the project's own or those on PATH, wherever a command is run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from veche import processes
from veche.processes import find_program

ROOT = Path(__file__).parents[2]
PLACES = {
    "anvil": Path("node_modules") / ".bin",
    "geth": Path("tools") / "geth" / "bin",
    "veche-validator": Path("tools") / "validator" / "bin",
    "solc-v0.8.30": Path("tools") / "solc",
}


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, below one that has programs with the names of the project's."""
    for name, within in PLACES.items():
        planted(tmp_path / within / name)
    below = tmp_path / "below" / "here"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    return tmp_path


def planted(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\necho planted\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.usefixtures("strange")
def test_program_in_a_folder_above_is_never_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(processes, "PROJECT", tmp_path / "elsewhere")
    assert find_program(name, within=PLACES[name]) is None


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.usefixtures("strange")
def test_own_program_is_found_before_that_on_path(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = planted(tmp_path / "path" / name)
    monkeypatch.setenv("PATH", str(on_path.parent))
    monkeypatch.setattr(processes, "PROJECT", tmp_path / "project")
    assert find_program(name, within=PLACES[name]) == on_path
    own = planted(tmp_path / "project" / PLACES[name] / name)
    assert find_program(name, within=PLACES[name]) == own


@pytest.mark.parametrize("shell", [each for each in ("bash", "zsh") if shutil.which(each)])
def test_shell_gets_the_programs_of_the_file_that_it_sources(shell: str, strange: Path) -> None:
    git = shutil.which("git")
    assert git
    subprocess.run([git, "init", "--quiet", str(strange)], check=True)  # noqa: S603  # our own
    line = f'unset SOLCX_BINARY_PATH; . "{ROOT}/tools/env"; echo "$PATH:$SOLCX_BINARY_PATH"'
    program = shutil.which(shell)
    assert program
    ended = subprocess.run([program, "-c", line], check=True, capture_output=True, text=True)  # noqa: S603  # our own
    assert str(strange) not in ended.stdout
    for within in PLACES.values():
        assert str(ROOT / within) in ended.stdout


def test_compiler_of_a_folder_above_the_checkout_is_not_loaded(tmp_path: Path) -> None:
    module = tmp_path / "node_modules" / "solc" / "index.js"
    module.parent.mkdir(parents=True)
    module.write_text('exports.version = () => "planted+planted"\n')
    script = tmp_path / "checkout" / "tools" / "solc" / "solc-v0.8.30"
    script.parent.mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "solc" / "solc-v0.8.30", script)
    ended = subprocess.run([script, "--version"], check=False, capture_output=True, text=True)  # noqa: S603  # our own
    assert "planted" not in ended.stdout
    assert ended.returncode != 0
