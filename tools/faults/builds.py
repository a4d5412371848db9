"""Other builds of a node's programs: with a wrong clock, with a validator that lies, and older.

They are made of the same pinned sources, into build/faults. Go's overlays replace single files for
one build, so nothing of this can get into the programs that networks run.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from veche.network import programs
from veche.network.programs import Programs

TOOLS: Final = Path(__file__).parents[1]
FOLDER: Final = TOOLS.parent / "build" / "faults"
CLOCK: Final = "VECHE_CLOCK_AHEAD"
"""The variable that says by how much a wrong clock is ahead, as Go writes durations: `-1h`."""
OLDER_GETH: Final = "v1.17.9"
OLDER_COMETBFT: Final = "v0.38.25"

_GETH: Final = "github.com/ethereum/go-ethereum"
_COMETBFT: Final = "github.com/cometbft/cometbft"
_BUILD: Final = ("build", "-buildvcs=false", "-trimpath", "-ldflags=-s -w")
_NOW: Final = "\tsec, nsec, mono := runtimeNow()\n\tif mono == 0 {"
"""Where Go's `time.Now` reads the clock."""
_SHIFT: Final = f"""package time

import "syscall"

// shift is the number of seconds by which the clock is wrong.
var shift = readShift(syscall.Getenv("{CLOCK}"))

func readShift(text string, _ bool) int64 {{
	d, _ := ParseDuration(text)
	return int64(d / Second)
}}
"""


@cache
def shifted() -> Programs:
    """Both programs with a clock that is wrong by what the variable CLOCK says. Go reads the clock
    by itself, so no library and no namespace can shift it.
    """
    overlay = _overlay("shifted", clock_sources())
    geth = _build("shifted", "geth", f"{_GETH}/cmd/geth", *overlay)
    return Programs(geth, _build("shifted", "veche-validator", ".", *overlay))


def clock_sources() -> dict[Path, str]:
    """The files of Go itself with which a clock can be shifted, by their paths."""
    time = _goroot() / "src" / "time"
    shifted = _NOW.replace("\n", "\n\tsec += shift\n", 1)
    return {time / "time.go": _edited(time / "time.go", {_NOW: shifted}), time / "shift.go": _SHIFT}


@cache
def lying() -> Programs:
    """A validator that proposes blocks that are not valid, and accepts its own."""
    own = TOOLS / "validator"
    refuses = "if err := a.examine(r); err != nil {"
    accepts = "if err := a.examine(r); err != nil && !bytes.Equal(r.ProposerAddress, a.me) {"
    changes = {"made.encoded()": "a.lie(made).encoded()", refuses: accepts}
    liar = (Path(__file__).parent / "liar.go").read_text()
    sources = {
        own / "application.go": _edited(own / "application.go", changes),
        own / "liar.go": liar,
    }
    overlay = _overlay("lying", sources)
    return Programs(programs.find().geth, _build("lying", "veche-validator", ".", *overlay))


@cache
def older() -> Programs:
    """Both programs of the releases before those that are pinned."""
    geth = _pinned("geth", _GETH, OLDER_GETH)
    validator = _pinned("validator", _COMETBFT, OLDER_COMETBFT)
    return Programs(
        _build("older", "geth", f"{_GETH}/cmd/geth", *geth),
        _build("older", "veche-validator", ".", *validator),
    )


def _goroot() -> Path:
    return Path(_go("env", "GOROOT").strip())


def _edited(path: Path, changes: Mapping[str, str]) -> str:
    """The text of a source with other passages, each of which it has once."""
    text = path.read_text()
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"{path} does not have {old!r} once")
        text = text.replace(old, new)
    return text


def _overlay(name: str, sources: Mapping[Path, str]) -> list[str]:
    """The options of a build that has other texts for some files."""
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in sources.items():
        (folder / path.name).write_text(text)
    replaced = {str(path): str(folder / path.name) for path in sources}
    (folder / "overlay.json").write_text(json.dumps({"Replace": replaced}))
    return ["-mod=readonly", f"-overlay={folder / 'overlay.json'}"]


def _pinned(module: str, package: str, version: str) -> list[str]:
    """The options of a build of one of our modules that has another version of a package."""
    file = FOLDER / "older" / f"{module}.mod"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((TOOLS / module / "go.mod").read_text())
    file.with_suffix(".sum").write_text((TOOLS / module / "go.sum").read_text())
    _go("mod", "edit", f"-require={package}@{version}", str(file))
    return ["-mod=mod", f"-modfile={file}"]


def _build(folder: str, program: str, package: str, *options: str) -> Path:
    made = FOLDER / folder / program
    module = TOOLS / ("geth" if program == "geth" else "validator")
    _go(*_BUILD, *options, "-o", str(made), package, within=module)
    return made


def _go(*words: str, within: Path = TOOLS) -> str:
    """What Go prints, run in a folder."""
    command = ["go", *words]  # whichever there is
    return subprocess.run(command, cwd=within, stdout=subprocess.PIPE, text=True, check=True).stdout
