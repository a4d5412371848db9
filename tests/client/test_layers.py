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
            found |= {_module(node.module or "", alias.name) for alias in node.names}
    return found


def _module(package: str, name: str) -> str:
    """What `from package import name` imports: a module of the package, or one of its names."""
    folder = PACKAGE.joinpath(*package.split(".")[1:])
    is_own = package.partition(".")[0] == "veche"
    is_module = (folder / f"{name}.py").exists() or (folder / name).is_dir()
    return f"{package}.{name}" if is_own and is_module else package


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


def test_cryptography_loads_without_requests() -> None:
    modules = ", ".join(f"veche.crypto.{path.stem}" for path in CRYPTO if path.stem != "__init__")
    code = f"import sys, {modules}; assert not {{'brownie', 'requests'}} & {{*sys.modules}}"
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


BELOW: dict[str, set[str]] = {
    # what every layer stands on
    "errors": set(),
    "processes": set(),
    # layers, each knowing only those above it here
    "crypto": {"errors"},
    "protocol": {"errors", "crypto"},
    "files": {"errors", "crypto", "protocol"},
    "trust": {"errors", "crypto", "protocol"},
    "chain": {"errors", "processes", "crypto", "protocol", "files", "trust"},
    "observer": {"errors", "processes", "crypto", "protocol", "files", "trust", "chain"},
}
EVERYTHING_BELOW = set(BELOW)
"""What people and machines stand on."""

PICTURE: dict[str, set[str]] = {
    **BELOW,
    # people and machines, who do not know each other
    "enrolment": EVERYTHING_BELOW - {"observer"},
    "official": EVERYTHING_BELOW - {"observer"},
    "trustee": EVERYTHING_BELOW,
    "carrier": EVERYTHING_BELOW - {"observer"},
    "network": EVERYTHING_BELOW - {"observer"},
    # the page, as it was built, and who takes ballots for a carrier
    "web": set(),
    "relay": {*EVERYTHING_BELOW, "carrier", "enrolment", "web"} - {"observer"},
    # all of them at work together, and in a shell
    "rehearsal": {*EVERYTHING_BELOW, "trustee", "enrolment"},
    "cli": {
        *EVERYTHING_BELOW,
        "enrolment",
        "official",
        "trustee",
        "carrier",
        "relay",
        "network",
        "rehearsal",
        "web",
    },
}
"""Every folder and module of the package, and what it may import beside itself."""

SOURCES = [each for each in sorted(PACKAGE.rglob("*.py")) if each != PACKAGE / "__init__.py"]


def module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def layer(name: str) -> str:
    return name.removeprefix("veche.").partition(".")[0]


def test_picture_names_all_that_is_there() -> None:
    assert set(PICTURE) == {layer(module(path)) for path in SOURCES}
    loose = {path.name for path in PACKAGE.iterdir() if not path.is_dir()}
    assert loose == {"__init__.py", "py.typed", "processes.py"}


@pytest.mark.parametrize("path", SOURCES, ids=module)
def test_imports_point_one_way(path: Path) -> None:
    own = layer(module(path))
    for name in imported(path):
        if name.startswith("veche."):
            assert layer(name) in PICTURE[own] | {own}, f"{path.name} imports {name}"
        elif name == "veche":
            assert path.is_relative_to(PACKAGE / "chain"), f"{path.name} imports the public door"


@pytest.mark.parametrize("path", SOURCES, ids=module)
def test_modules_import_each_other_one_way(path: Path) -> None:
    begun: list[str] = [f"veche.{module(path)}"]
    seen: set[str] = set()
    while begun:
        for name in imported_of(begun.pop()) - seen:
            seen.add(name)
            begun.append(name)
    assert f"veche.{module(path)}" not in seen


def imported_of(name: str) -> set[str]:
    """The modules of the package that a module imports."""
    path = PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py")
    return (
        {each for each in imported(path) if each.startswith("veche.")} if path.exists() else set()
    )


BY_HTTP = {"requests", "urllib3", "http", "web3"}


@pytest.mark.parametrize("path", SOURCES, ids=module)
def test_nodes_are_asked_by_the_chain_alone(path: Path) -> None:
    if layer(module(path)) != "chain":
        found = imported(path) - {"http.server"}  # a server asks nobody
        assert not {name for name in found if name.partition(".")[0] in BY_HTTP}
