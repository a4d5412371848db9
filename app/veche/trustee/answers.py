"""What a trustee has answered: one sums hash per poll, ever, on disk first (PROTOCOL §4)."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from veche.errors import AlreadyAnswered, InvalidFile, Mistake
from veche.files.writing import write_atomically


class Answers:
    """A trustee's record of the sums that it has decrypted, in a file that survives a crash.

    Attributes:
        path: of the file; it need not exist yet. Losing it is losing a safeguard: keep it with the
            sealing key.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def promise(self, poll_hash: bytes, sums_hash: bytes) -> None:
        """Notes for good that the trustee answers these sums of this poll, and no others.

        Raises:
            AlreadyAnswered: it has answered others.
            InvalidFile: the record cannot be read; nothing may be answered without it.
        """
        with self._locked():
            answered = self._read()
            before = answered.setdefault(poll_hash.hex(), sums_hash.hex())
            if before != sums_hash.hex():
                said = f"poll 0x{poll_hash.hex()} was answered for sums 0x{before}"
                raise AlreadyAnswered(f"{said}, and 0x{sums_hash.hex()} are asked for now")
            write_atomically(self.path, json.dumps(answered, indent=1) + "\n", private=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Nobody else reads or writes the record meanwhile: two of this trustee's processes may
        be shown different sums.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        try:
            found = json.loads(self.path.read_text())
        except (OSError, ValueError) as error:
            self._refuse(str(error))
        is_record = isinstance(found, dict) and all(isinstance(x, str) for x in found.values())
        if not is_record:
            self._refuse("no JSON object of hashes")
        return found  # type: ignore[no-any-return]

    def _refuse(self, reason: str) -> NoReturn:
        remedy = "restore it from a backup; without it no poll can be answered safely"
        mistake = Mistake(0, f"not a record of answers: {reason}", remedy)
        raise InvalidFile(str(self.path), [mistake])
