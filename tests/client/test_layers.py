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
    known = {"__future__", "typing", "collections.abc", "datetime"}
    for path in (PACKAGE / "errors").glob("*.py"):
        assert {each for each in imported(path) if "veche.errors" not in each} <= known


def test_cryptography_loads_without_web3() -> None:
    modules = ", ".join(f"veche.crypto.{path.stem}" for path in CRYPTO if path.stem != "__init__")
    code = f"import sys, {modules}; assert not {{'web3', 'brownie', 'requests'}} & {{*sys.modules}}"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


def test_public_names_are_exact() -> None:
    assert veche.__all__ == sorted(veche.__all__) == dir(veche)
    for name in veche.__all__:
        assert getattr(veche, name).__module__.startswith(veche._HOMES[name])
    own = {name for name, each in vars(veche).items() if not isinstance(each, ModuleType)}
    assert {name for name in own if not name.startswith("_")} <= {
        *veche.__all__,
        "TYPE_CHECKING",
        "Any",
        "annotations",
        "import_module",
    }


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, veche; assert not {m for m in sys.modules if m.startswith('veche.')}"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


def test_errors_can_be_used_after_importing_the_package_alone() -> None:
    code = "import veche; assert issubclass(veche.errors.WrongPhase, veche.errors.VecheError)"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


LAYERS = {
    "crypto": set(),
    "nouns": {"crypto"},
    "chain": {"crypto", "nouns"},
    "observer": {"crypto", "nouns", "chain"},
    "people": {"crypto", "nouns", "chain", "observer"},
    "cli": {"crypto", "nouns", "chain", "observer", "people"},
}
"""What each may import, beside itself and the exceptions."""

PEOPLE = {"admission", "carrier", "nodes", "official", "rehearsal", "trustee"}
"""Modules that do a person's work, on everything below."""


def layer(module: str) -> str:
    head = module.removeprefix("veche.").partition(".")[0]
    if head in LAYERS:
        return head
    return "people" if head in PEOPLE else "nouns"


@pytest.mark.parametrize(
    "path",
    [each for each in sorted(PACKAGE.rglob("*.py")) if each != PACKAGE / "__init__.py"],
    ids=lambda path: ".".join(path.relative_to(PACKAGE).with_suffix("").parts),
)
def test_imports_point_one_way(path: Path) -> None:
    own = layer("veche." + ".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    for name in imported(path):
        if name == "veche" or not name.startswith("veche.") or name.startswith("veche.errors"):
            continue
        if path.is_relative_to(PACKAGE / "errors"):
            pytest.fail(f"{path.name} imports {name}")
        assert layer(name) in LAYERS[own] | {own}, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_web3_is_imported_by_the_chain_alone(path: Path) -> None:
    if layer("veche." + ".".join(path.relative_to(PACKAGE).parts)) != "chain":
        assert not {name for name in imported(path) if name.partition(".")[0] == "web3"}
