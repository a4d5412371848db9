"""Writes app/veche/trust/artifacts, by which the Python package deploys and recognises contracts.
`make artifacts`.

The compiler gets the same input as from Brownie, so that the code is the same to the byte, with the
hash of the metadata. Only the remappings differ: Brownie adds one for every package that is
installed on a machine, which would change the metadata.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from brownie._config import _load_project_compiler_config
from brownie.project import compiler

from veche.trust.artifact import NAMES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "app" / "veche" / "trust" / "artifacts"


def main() -> None:
    """Compiles all contracts, as Brownie does on a clean checkout, and writes the artifacts."""
    outputs = compiled()
    FOLDER.mkdir(exist_ok=True)
    for name in NAMES:
        artifact = of(outputs[f"contracts/{name}.sol"][name])
        (FOLDER / f"{name}.json").write_text(_text(artifact))


def compiled(change: Callable[[str], str] = str) -> Any:
    """The compiler's output for every contract, by file and name; with immutable variables by name.

    Args:
        change: a change to the source of every contract before it is compiled.
    """
    config = _load_project_compiler_config(ROOT)
    solc = config["solc"]
    paths = sorted((ROOT / "contracts").rglob("*.sol"))
    request = compiler.generate_input_json(
        {each.relative_to(ROOT).as_posix(): change(each.read_text()) for each in paths},
        evm_version=config["evm_version"],
        optimizer=solc["optimizer"],
        viaIR=solc["viaIR"],
    )
    request["settings"]["remappings"] = solc["remappings"]
    compiler.set_solc_version(solc["version"])
    output = compiler.compile_from_input_json(request, allow_paths=str(ROOT))
    names = dict(_variables([each["ast"] for each in output["sources"].values()]))
    for contract in (each for file in output["contracts"].values() for each in file.values()):
        runtime = contract["evm"]["deployedBytecode"]
        places = runtime.get("immutableReferences", {}).items()
        runtime["immutableReferences"] = {names[int(variable)]: each for variable, each in places}
    return output["contracts"]


def _variables(node: Any) -> Iterator[tuple[int, str]]:
    """The ids and names of all variables in a tree of the compiler's."""
    if isinstance(node, dict):
        if node.get("nodeType") == "VariableDeclaration":
            yield node["id"], node["name"]
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _variables(each)


def of(output: Any) -> dict[str, Any]:
    """The part of the compiler's output for a contract that is kept."""
    runtime = output["evm"]["deployedBytecode"]
    return {
        "abi": output["abi"],
        "bytecode": "0x" + output["evm"]["bytecode"]["object"],
        "runtime": "0x" + runtime["object"],
        "immutables": {
            name: sorted([each["start"], each["length"]] for each in places)
            for name, places in sorted(runtime["immutableReferences"].items())
        },
    }


def _text(artifact: dict[str, Any]) -> str:
    """JSON with a line for every entry of the ABI, and a line for every other value."""
    entries = ",\n".join(json.dumps(each, separators=(",", ":")) for each in artifact["abi"])
    rest = [f'"{key}": {json.dumps(value)}' for key, value in artifact.items() if key != "abi"]
    return "{\n" + ",\n".join([f'"abi": [\n{entries}\n]', *rest]) + "\n}\n"


if __name__ == "__main__":
    main()
