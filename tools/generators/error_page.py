"""Writes docs/errors.md from the exceptions, the contracts and the page. `make errors`.

With `--check` it writes nothing, and its exit code is 1 if the page is out of date.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

from eth_hash.auto import keccak

from veche.errors import VecheError, boards, enrolment, local, nodes, polls, proofs, relay, root
from veche.trust.artifact import NAMES, load

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "errors.md"
OF_A_DEVICE = ROOT / "web" / "src" / "errors" / "device.ts"
ENGLISH = ROOT / "web" / "src" / "languages" / "en.json"
NEVER_MET = Path(__file__).with_name("never_met.toml")

MODULES = (root, proofs, boards, polls, enrolment, local, nodes, relay)
"""The modules of exceptions, in the order of the tree."""

DEVICE_ERROR = re.compile(
    r'^/\*\* (.+) \*/\nexport class \w+ extends .+\n  override readonly name = "(\w+)";',
    re.MULTILINE,
)
"""An error of the page: what went wrong, and its name."""

DECLARATION = re.compile(r"^ *error (\w+)\(", re.MULTILINE)

HEAD = """\
# Errors

<!-- Written by `make errors`, from app/veche/errors, the contracts and web/src. -->

Everything that can go wrong has one name. In Python, the name is that of an exception in \
`veche.errors`. If a contract refuses something, the name is that of a custom error, with the same \
values in the same order. A block explorer may show only its selector: the first four bytes of \
what the transaction reverted with. The page has the same names, and tells what to do in the \
reader's language. Some of its errors are those of a browser alone; they stand near the end.

The `veche` command and the officials' scripts print what is wrong and what to do about it, and \
end with an exit code.
"""


def main(arguments: list[str]) -> int:
    """Writes the page or checks it, and returns the exit code."""
    page = _page()
    if "--check" not in arguments:
        PAGE.write_text(page)
    elif not PAGE.exists() or PAGE.read_text() != page:
        sys.stderr.write("docs/errors.md is out of date: run `make errors`\n")
        return 1
    return 0


def _page() -> str:
    declared, abis, raised = _declared(), _abis(), _raised()
    codes = [f"{code} | {meaning}" for code, meaning in root.EXIT_CODES.items()]
    parts = [HEAD, "## Exit codes\n", _table("code | meaning", codes)]
    for module in MODULES:
        parts.append(f"## {(module.__doc__ or '').rstrip('.')}\n")
        for error in _exceptions(module):
            name = error.__name__
            parts += _section(error, abis.pop(name, {}), declared.pop(name, None), raised)
    parts += _of_a_device()
    parts += _never_met(abis)
    if declared:
        raise ValueError(f"no exception has the name: {[*declared]}")
    return "\n".join(parts)


# -- Errors in the sources --


def _exceptions(module: ModuleType) -> list[type[VecheError]]:
    """The exceptions of a module, in the module's order."""
    return [
        each
        for each in vars(module).values()
        if inspect.isclass(each)
        and issubclass(each, VecheError)
        and each.__module__ == module.__name__
    ]


def _declared() -> dict[str, Path]:
    """The source that declares an error, for every custom error of the contracts."""
    found: dict[str, Path] = {}
    for source in sorted((ROOT / "contracts").rglob("*.sol")):
        if "mocks" not in source.parts:
            found |= dict.fromkeys(DECLARATION.findall(source.read_text()), source)
    return found


def _abis() -> dict[str, dict[str, Any]]:
    """The entries of the contracts' ABIs, by the name of the error and of the contract."""
    found: dict[str, dict[str, Any]] = {}
    for contract in NAMES:
        for entry in load(contract).abi:
            if entry["type"] == "error":
                found.setdefault(entry["name"], {})[contract] = entry
    return found


def _raised() -> set[str]:
    """All names that the Python package calls: it raises those that are exceptions."""
    found = set()
    for path in (ROOT / "app" / "veche").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found.add(node.func.id)
    return found


# -- The section of an error --


def _section(
    error: type[VecheError],
    by_contract: dict[str, Any],
    source: Path | None,
    raised: set[str],
) -> list[str]:
    name = error.__name__
    if source and not by_contract:
        raise ValueError(f"{name} is in no artifact: run `make artifacts`, or use it")
    places = [f"`{each}`" for each in by_contract]
    if name in raised or not places:
        places.append("Python")
    parts = [f"### {name}\n", f"From {_listed(places)}. Exit code {_code(error)}.\n"]
    if by_contract:
        parts.append(f"{_solidity(by_contract, source)}\n")
    parts.append(f"**Why.** {_why(error)}\n")
    parts.append(f"**What to do.** {error.remedy}\n")
    return parts


def _code(error: type[VecheError]) -> str:
    late = f", or {error.late_exit_code} if it is too late" if error.late_exit_code else ""
    return f"{error.exit_code}{late}"


def _solidity(by_contract: dict[str, Any], source: Path | None) -> str:
    """The signature and the selector of a custom error, and the source that declares it."""
    entry, *_ = by_contract.values()
    text = f"`error {_signature(entry)}`, selector `{_selector(entry)}`, in "
    if source is None:
        return f"{text}OpenZeppelin's contracts."
    return f"{text}[{source.name}](../{source.relative_to(ROOT).as_posix()})."


def _signature(entry: dict[str, Any]) -> str:
    """An error's name and its values, with their types as in the sources."""
    values = [f"{each['internalType'].split()[-1]} {each['name']}" for each in entry["inputs"]]
    return f"{entry['name']}({', '.join(values)})"


def _selector(entry: dict[str, Any]) -> str:
    types = ",".join(each["type"] for each in entry["inputs"])
    return "0x" + keccak(f"{entry['name']}({types})".encode())[:4].hex()


def _why(error: type[VecheError]) -> str:
    text, *_ = (inspect.getdoc(error) or "").partition("\n\nAttributes:")
    return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))


def _of_a_device() -> list[str]:
    """The section of the errors that only the page meets, with what it says in English."""
    texts = json.loads(ENGLISH.read_text())
    parts = ["## Errors of a browser, or of a wallet in it\n"]
    for why, name in DEVICE_ERROR.findall(OF_A_DEVICE.read_text()):
        parts += [f"### {name}\n", "From the page.\n", f"**Why.** {why}\n"]
        parts.append(f"**What the page says.** {texts[f'error.{name}']}\n")
    return parts


def _never_met(abis: dict[str, dict[str, Any]]) -> list[str]:
    """The section of the errors that the ABIs name and that no exception stands for."""
    reasons = tomllib.loads(NEVER_MET.read_text())
    if abis.keys() != reasons.keys():
        raise ValueError(f"no exception, or not in never_met.toml: {abis.keys() ^ reasons.keys()}")
    rows = []
    for name, by_contract in abis.items():
        entry, *_ = by_contract.values()
        contracts = _listed([f"`{each}`" for each in by_contract])
        rows.append(f"`{_signature(entry)}` | `{_selector(entry)}` | {contracts} | {reasons[name]}")
    return [
        "## Errors that never occur\n",
        "The contracts' ABIs name these errors of OpenZeppelin's contracts too.\n",
        _table("error | selector | contract | why it never occurs", rows),
    ]


def _table(head: str, rows: list[str]) -> str:
    rule = "|".join("---" for _ in head.split("|"))
    lines = [f"| {head} |", f"|{rule}|", *(f"| {row} |" for row in rows)]
    return "\n".join(lines) + "\n"


def _listed(words: list[str]) -> str:
    """Words in a row, as in: one, two and three."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
