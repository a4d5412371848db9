"""The sums that a trustee has decrypted: at most one sums hash per poll, written to disk first.

This keeps a node from having two sums of one poll decrypted, whose difference can be the ballot of
one voter (PROTOCOL §4).
"""

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
    """The answers of a trustee, in a file that survives a crash.

    Attributes:
        path: the path of the file, which need not exist yet. Keep it with the sealing key: without
            it the trustee has lost a safeguard.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def promise(self, poll_hash: bytes, sums_hash: bytes) -> None:
        """Notes for good that the trustee decrypts these sums of this poll, and no others.

        Raises:
            AlreadyAnswered: the trustee has promised to decrypt other sums of this poll.
            InvalidFile: the file cannot be read or written; without it nothing may be decrypted.
        """
        with self._locked():
            answered = self._read()
            before = answered.setdefault(poll_hash.hex(), sums_hash.hex())
            if before != sums_hash.hex():
                said = f"poll 0x{poll_hash.hex()} was answered for sums 0x{before}"
                raise AlreadyAnswered(f"{said}, but now 0x{sums_hash.hex()} are to be decrypted")
            write_atomically(self.path, json.dumps(answered, indent=1) + "\n", private=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps other processes from the file: two of one trustee may be shown different sums."""
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
        are_answers = isinstance(found, dict) and all(isinstance(x, str) for x in found.values())
        if not are_answers:
            self._refuse("it is not a JSON object of hashes")
        return found  # type: ignore[no-any-return]

    def _refuse(self, reason: str) -> NoReturn:
        what = f"this is not a file of answers: {reason}"
        remedy = "restore it from a backup; without it no sums can be decrypted safely"
        raise InvalidFile(str(self.path), [Mistake(0, what, remedy)])
