"""The officials' guide, line by line as it is printed, on a chain of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from support.officials_work import BEGINS, person
from veche.chain.embedded import embedded_chain

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "guides" / "official.md").read_text()
START = "anvil --silent --timestamp 1798761600 & # 2027-01-01"


def test_guide_leads_from_the_files_to_the_result(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    trying = GUIDE.partition("## Who may vote: enrolment")[0]
    lines = "".join(re.findall(r"```sh\n(.*?)```", trying, re.DOTALL))
    assert START in lines
    with embedded_chain(begins=BEGINS) as chain:
        chain.fund(person(9))  # who pays for the people of the examples
        own = lines.replace(START, "")
        own = re.sub(r"(people\.py \w+)", rf"\1 {chain.url}", own)
        ended = subprocess.run(  # noqa: S603  # our own guide
            ["bash", "-euc", own],  # noqa: S607  # whichever there is
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "VECHE_RPC": chain.url},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 0, (ended.stdout, ended.stderr)
    assert "is proven on chain" in ended.stdout
    assert re.search(r"Playground +91", ended.stdout)
