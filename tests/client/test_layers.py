"""Imports point one way: the cryptography knows of nothing above it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import veche
from veche import crypto

PACKAGE = Path(veche.__file__).parent
CRYPTO = sorted(Path(crypto.__file__).parent.glob("*.py"))

PURE = {"coincurve", "eth_hash", "veche", *sys.stdlib_module_names} - {
    "asyncio",
    "http",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "urllib",
}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", CRYPTO, ids=lambda path: path.stem)
def test_cryptography_is_pure(path: Path) -> None:
    for name in imported(path):
        assert name.partition(".")[0] in PURE, f"{path.name} imports {name}"
        if name.startswith("veche"):
            assert name == "veche.errors" or name.startswith("veche.crypto")
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"open", "print", "input"}


def test_errors_know_of_nothing() -> None:
    known = {"__future__", "typing", "collections.abc"}
    for path in (PACKAGE / "errors").glob("*.py"):
        assert {each for each in imported(path) if "veche.errors" not in each} <= known


def test_cryptography_loads_without_web3() -> None:
    modules = ", ".join(f"veche.crypto.{path.stem}" for path in CRYPTO if path.stem != "__init__")
    code = f"import sys, {modules}; assert not {{'web3', 'brownie', 'requests'}} & {{*sys.modules}}"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


def test_public_names_are_exact() -> None:
    public = {
        name
        for name, value in vars(veche).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public == set(veche.__all__)
    assert veche.__all__ == sorted(veche.__all__)
