"""Roll proofs as files, one for each voter: a folder that any web server can show."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from veche.errors import InvalidFile, Mistake
from veche.files.mistakes import read_text
from veche.protocol.roll_proof import MAX_CHARACTERS, RollProof


def read_roll_proof(path: Path) -> RollProof:
    """Reads a roll proof. What it shows is for `RollProof.require_of` to say.

    Raises:
        InvalidFile: the file cannot be read, or is too large.
        InvalidDocument: the file is no roll proof.
    """
    return RollProof.from_json(read_text(path, max_bytes=MAX_CHARACTERS))


def write_roll_proofs(folder: Path, proofs: Iterable[RollProof]) -> int:
    """Writes each proof into a file that is named after its voter, as in `0x5aAe….json`. Files from
    an earlier run are replaced. They are not forced onto the disk one by one, which would take
    hours for a million; after a power cut, write them again.

    Args:
        folder: the folder, which is made if it does not exist.
        proofs: the proofs.

    Returns:
        How many files were written.

    Raises:
        InvalidFile: a file cannot be written.
    """
    count = 0
    try:
        folder.mkdir(exist_ok=True)
        for each in proofs:
            (folder / f"{each.voter}.json").write_text(each.to_json() + "\n")
            count += 1
    except OSError as error:
        what = f"the proofs cannot be written: {error.strerror}"
        raise InvalidFile(
            str(folder), [Mistake(0, what, "check the folder and its disk")]
        ) from error
    return count
