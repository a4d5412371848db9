"""The conditions of a Solidity source, found in its syntax tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import solcx

SOLC = "0.8.30"

Node = Mapping[str, Any]

STATEMENTS = {
    *("IfStatement", "Conditional", "ForStatement", "WhileStatement", "DoWhileStatement"),
    *("YulIf", "YulForLoop"),
}
CONSTANTS = {"Literal", "YulLiteral"}
UNKNOWN = {"YulSwitch", "TryStatement"}
"""Statements with branches that this tool cannot measure; no contract has one."""


@dataclass(frozen=True)
class Branch:
    """A condition, described in words that stay the same when lines move."""

    file: str
    function: str
    condition: str
    occurrence: int
    """Its number among the equal conditions of the function, from 1."""


@dataclass(frozen=True)
class Condition:
    """A condition and its place: the bytes from `start` to `end` of the source."""

    start: int
    end: int
    line: int
    in_assembly: bool
    branch: Branch


def parse(sources: Mapping[PurePath, bytes]) -> dict[PurePath, Node]:
    """The syntax tree of every source. Imports are not followed."""
    answer = solcx.compile_standard(
        {
            "language": "Solidity",
            "sources": {str(path): {"content": text.decode()} for path, text in sources.items()},
            "settings": {"stopAfter": "parsing", "outputSelection": {"*": {"": ["ast"]}}},
        },
        solc_version=SOLC,
    )
    return {path: answer["sources"][str(path)]["ast"] for path in sources}


def conditions(file: PurePath, source: bytes, tree: Node) -> list[Condition]:
    """All conditions of a source, in the order of the text."""
    found = []
    seen = Counter[tuple[str, str]]()
    places = [(*span(node), function, node) for function, node in _places(tree)]
    for start, end, function, node in sorted(places, key=lambda place: place[:2]):
        text = " ".join(source[start:end].decode().split())
        seen[function, text] += 1
        branch = Branch(str(file), function, text, seen[function, text])
        line = source.count(b"\n", 0, start) + 1
        in_assembly = node["nodeType"].startswith("Yul")
        found.append(Condition(start, end, line, in_assembly, branch))
    return found


def span(node: Node) -> tuple[int, int]:
    """The beginning and the end of a node in its source."""
    start, length, _ = node["src"].split(":")
    return int(start), int(start) + int(length)


def nodes(tree: Any, function: str = "") -> Iterator[tuple[str, Node]]:
    """All nodes, each with the name of the function around it."""
    if isinstance(tree, list):
        for each in tree:
            yield from nodes(each, function)
    if isinstance(tree, dict):
        if tree.get("nodeType") in {"FunctionDefinition", "ModifierDefinition"}:
            function = tree["name"] or tree["kind"]
        if "nodeType" in tree:
            yield function, tree
        for each in tree.values():
            yield from nodes(each, function)


def _places(tree: Node) -> Iterator[tuple[str, Node]]:
    for function, node in nodes(tree):
        if node["nodeType"] in UNKNOWN:
            raise NotImplementedError(f"{node['nodeType']} at {node['src']}")
        for each in _tested_by(node):
            if not _is_junction(_bare(each)) and each["nodeType"] not in CONSTANTS:
                yield function, each


def _tested_by(node: Node) -> list[Node]:
    if node["nodeType"] in STATEMENTS:
        return [node["condition"]] if node.get("condition") else []
    if _is_junction(node):
        return [node["leftExpression"], node["rightExpression"]]
    if node["nodeType"] == "FunctionCall":
        return node["arguments"][:1] if _is_guard(node["expression"]) else []
    return []


def _is_guard(called: Node) -> bool:
    return called["nodeType"] == "Identifier" and called["name"] in {"require", "assert"}


def _is_junction(node: Node) -> bool:
    """Whether a node is && or ||, whose operands are conditions of their own."""
    return node["nodeType"] == "BinaryOperation" and node["operator"] in {"&&", "||"}


def _bare(node: Node) -> Node:
    """An expression without the brackets and negations around it."""
    while True:
        if node["nodeType"] == "TupleExpression" and len(node["components"]) == 1:
            node = node["components"][0]
        elif node["nodeType"] == "UnaryOperation" and node["operator"] == "!":
            node = node["subExpression"]
        else:
            return node
