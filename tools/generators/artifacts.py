"""Writes app/veche/chain/artifacts: the contracts as the Python package deploys and recognises
them. `make artifacts`.

The input to the compiler is Brownie's, so that the code is the same to the byte, hash of the
metadata included. Only the remappings are the project's alone: Brownie adds one for every package
that it has installed on a machine, and the metadata would tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from brownie._config import _load_project_compiler_config
from brownie.project import compiler

from veche.chain.artifact import NAMES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "app" / "veche" / "chain" / "artifacts"


def main() -> None:
    """Compiles all contracts, as Brownie does on a clean checkout, and writes three."""
    outputs = compiled()
    FOLDER.mkdir(exist_ok=True)
    for name in NAMES:
        artifact = of(outputs[f"contracts/{name}.sol"][name])
        (FOLDER / f"{name}.json").write_text(_text(artifact))


def compiled(change: Callable[[str], str] = str) -> Any:
    """What the compiler says of every contract, by file and name.

    Args:
        change: made to the source of every contract first.
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
    return compiler.compile_from_input_json(request, allow_paths=str(ROOT))["contracts"]


def of(output: Any) -> dict[str, Any]:
    """What is kept of what the compiler says of a contract."""
    runtime = output["evm"]["deployedBytecode"]
    places = [each for own in runtime["immutableReferences"].values() for each in own]
    return {
        "abi": output["abi"],
        "bytecode": "0x" + output["evm"]["bytecode"]["object"],
        "runtime": "0x" + runtime["object"],
        "immutables": sorted([each["start"], each["length"]] for each in places),
    }


def _text(artifact: dict[str, Any]) -> str:
    """JSON with a line for every entry of the ABI, and one for everything else."""
    entries = ",\n".join(json.dumps(each, separators=(",", ":")) for each in artifact["abi"])
    rest = [f'"{key}": {json.dumps(value)}' for key, value in artifact.items() if key != "abi"]
    return "{\n" + ",\n".join([f'"abi": [\n{entries}\n]', *rest]) + "\n}\n"


if __name__ == "__main__":
    main()
