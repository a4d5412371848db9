"""A copy of the project whose contracts report the value of every condition."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePath

from tools.branch_coverage.conditions import Condition, Node, conditions, nodes, parse, span

ROOT = Path(__file__).parents[2]
COPY = ROOT / "build" / "coverage"

TOLD = "0xc0e7a6e0" + 20 * "0"
"""The first digits of the called addresses. The rest is 2·(number of the condition) + value."""

LEFT_BEHIND = {"build", "node_modules", "reports"}

CONFIG = "brownie-config.yaml"
STEPS = (
    "dhfoDgvulfnTUtnIf[xa[r]EscLMVcul[j]Trpeulxa[r]cLgvfMCTUca[r]LSsTFOtfDnca[r]Iulc]jmul[jul]VcTOcul"
    "jmul:fDnTOcmu"
)
"""The optimiser's own steps without `i`, which inlines the calls, so that the stack overflows."""
CHANGES = {
    "enabled: true": f'enabled: true\n      details: {{yulDetails: {{optimizerSteps: "{STEPS}"}}}}',
    # the calls cost gas
    "gas_limit: 30000000": "gas_limit: 1000000000",
}

LIBRARY = PurePath("contracts/BranchCoverage.sol")
ASSEMBLY = f"""
    function branchCoverage(branchNumber, branchValue) -> branchResult {{
        branchResult := branchValue
        let branchTold := add(shl(1, branchNumber), iszero(iszero(branchValue)))
        pop(staticcall(0, add({TOLD}{12 * "0"}, branchTold), 0, 0, 0, 0))
    }}
"""
SOLIDITY = f"""// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.26;

library BranchCoverage {{
    function tell(uint256 place, bool value) internal view returns (bool result) {{
        assembly ("memory-safe") {{
            {ASSEMBLY}
            result := branchCoverage(place, value)
        }}
    }}
}}
"""


def make() -> list[Condition]:
    """Makes the copy, and returns all conditions in the order of their numbers."""
    _copy_project()
    _change_config()
    paths = sorted(PurePath(each.relative_to(ROOT)) for each in (ROOT / "contracts").rglob("*.sol"))
    sources = {path: (ROOT / path).read_bytes() for path in paths}
    found: list[Condition] = []
    for path, tree in parse(sources).items():
        text = _without_pure(sources[path], tree)
        if "mocks" not in path.parts:
            own = conditions(path, text, tree)
            text = _telling(path, text, tree, own, first=len(found))
            found += own
        (COPY / path).write_bytes(text)
    (COPY / LIBRARY).write_text(SOLIDITY)
    return found


def _copy_project() -> None:
    """Copies the project, and keeps what Brownie has compiled in the copy earlier."""
    COPY.mkdir(parents=True, exist_ok=True)
    for old in COPY.iterdir():
        if old.is_symlink() or old.is_file():
            old.unlink()
        elif old.name != "build":
            shutil.rmtree(old)
    for each in ROOT.iterdir():
        if each.is_file():
            shutil.copy(each, COPY)
        elif each.name not in LEFT_BEHIND and not each.name.startswith("."):
            shutil.copytree(each, COPY / each.name, ignore=shutil.ignore_patterns("__pycache__"))
    (COPY / "node_modules").symlink_to(ROOT / "node_modules")


def _change_config() -> None:
    text = (COPY / CONFIG).read_text()
    for old, new in CHANGES.items():
        if text.count(old) != 1:
            raise ValueError(f"{CONFIG} does not say once: {old}")
        text = text.replace(old, new)
    (COPY / CONFIG).write_text(text)


def _without_pure(source: bytes, tree: Node) -> bytes:
    """The source with `view` in place of `pure`, as the calls read the chain."""
    changed = bytearray(source)
    for _, node in nodes(tree):
        if node.get("stateMutability") == "pure":
            start = span(node["parameters"])[1]
            end = span(node["body"])[0] if node.get("body") else span(node)[1]
            changed[start:end] = re.sub(rb"\bpure\b", b"view", changed[start:end])
    return bytes(changed)


def _telling(
    path: PurePath, source: bytes, tree: Node, own: Sequence[Condition], *, first: int
) -> bytes:
    """The source with a call around every condition."""
    edits = []
    for number, each in enumerate(own, start=first):
        name = "branchCoverage" if each.in_assembly else "BranchCoverage.tell"
        edits.append((each.start, 1, -each.end, f"{name}({number}, "))
        edits.append((each.end, 0, -each.start, ")"))
    for _, node in nodes(tree):
        if node["nodeType"] == "PragmaDirective":
            home = (len(path.parts) - 2) * "../" or "./"
            text = f' import {{BranchCoverage}} from "{home}{LIBRARY.name}";'
            edits.append((span(node)[1], 2, 0, text))
        elif node["nodeType"] == "InlineAssembly":
            edits.append((span(node["AST"])[0] + 1, 2, 0, ASSEMBLY))
    # from the end; at one place, inner calls close before outer ones and open after them
    for place, *_, text in sorted(edits, reverse=True):
        source = source[:place] + text.encode() + source[place:]
    return source
