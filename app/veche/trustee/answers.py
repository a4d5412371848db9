"""What a trustee has answered for, written to disk first: at most one deals hash per board, and one
sums hash per poll.

This keeps a node from having two sums of one poll decrypted, whose difference can be the ballot of
one voter, and from showing other deals than those that the trustee has confirmed (PROTOCOL §2, §4).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from veche.errors import AlreadyAnswered, InvalidDocument, InvalidFile, Mistake, NotConfirmed
from veche.files.mistakes import read_text
from veche.files.writing import locked, write_atomically
from veche.protocol import plain

BOARDS: Final = "boards"
POLLS: Final = "polls"
NOTHING: Final = json.dumps({BOARDS: {}, POLLS: {}}, indent=1) + "\n"
"""The text of a file without answers."""

RESTORE: Final = (
    "restore the newest copy from a backup; without it you cannot confirm or decrypt safely"
)

_Answered: TypeAlias = dict[str, dict[str, str]]
"""The deals hash of every board, and the sums hash of every poll."""


class Answers:
    """The answers of a trustee, in a file that survives a crash.

    Attributes:
        path: the path of the file. Keep it with the sealing key: without it the trustee can neither
            confirm nor decrypt.

    Raises:
        InvalidFile: there is no such file, or it is damaged; `create` makes a new one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read()

    @classmethod
    def create(cls, path: Path) -> Answers:
        """Makes the file of a trustee that has answered nothing yet. Its folder is made too.

        Raises:
            InvalidFile: the file exists, or cannot be written.
        """
        if path.exists():
            mistake = Mistake(0, "answers are never written over", "name a file that is new")
            raise InvalidFile(str(path), [mistake])
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, NOTHING, private=True)
        return cls(path)

    # -- Boards --

    def confirm(self, board_hash: bytes, deals_hash: bytes) -> None:
        """Notes for good that the trustee confirms these deals of a board, and no others.

        Raises:
            AlreadyAnswered: the trustee has confirmed other deals of this board.
            InvalidFile: the file cannot be read or written; without it nothing may be confirmed.
        """
        self._note(BOARDS, board_hash, deals_hash)

    def has_confirmed(self, board_hash: bytes) -> bool:
        """Whether the trustee has confirmed any deals of a board, or was about to.

        Raises:
            InvalidFile: the file cannot be read.
        """
        return board_hash.hex() in self._read()[BOARDS]

    def require_confirmed(self, board_hash: bytes, deals_hash: bytes) -> None:
        """Refuses deals other than those that the trustee has confirmed.

        Raises:
            NotConfirmed: no confirmation of this board is noted.
            AlreadyAnswered: the trustee has confirmed other deals of this board.
            InvalidFile: the file cannot be read.
        """
        confirmed = self._read()[BOARDS].get(board_hash.hex())
        if confirmed is None:
            said = f"{self.path} notes no confirmation of the board 0x{board_hash.hex()}"
            raise NotConfirmed(said)
        _require_same(BOARDS, board_hash, confirmed, deals_hash)

    # -- Polls --

    def promise(self, poll_hash: bytes, sums_hash: bytes) -> None:
        """Notes for good that the trustee decrypts these sums of this poll, and no others.

        Raises:
            AlreadyAnswered: the trustee has promised to decrypt other sums of this poll.
            InvalidFile: the file cannot be read or written; without it nothing may be decrypted.
        """
        self._note(POLLS, poll_hash, sums_hash)

    def has_promised(self, poll_hash: bytes) -> bool:
        """Whether the trustee has promised to decrypt any sums of a poll.

        Raises:
            InvalidFile: the file cannot be read.
        """
        return poll_hash.hex() in self._read()[POLLS]

    # -- File --

    def _note(self, kind: str, asked: bytes, answer: bytes) -> None:
        with locked(self.path):  # two processes of a trustee may be shown different hashes
            answered = self._read()
            _require_same(kind, asked, answered[kind].setdefault(asked.hex(), answer.hex()), answer)
            write_atomically(self.path, json.dumps(answered, indent=1) + "\n", private=True)

    def _read(self) -> _Answered:
        try:
            found = plain.parse(read_text(self.path))
        except InvalidFile as error:
            self._refuse(error.mistakes[0].what)
        except InvalidDocument as error:
            self._refuse(f"this is not a file of answers: {error}")
        if not _are_answers(found):
            self._refuse("this is not a file of answers: it does not hold hashes by board and poll")
        return found  # type: ignore[no-any-return]

    def _refuse(self, reason: str) -> NoReturn:
        raise InvalidFile(str(self.path), [Mistake(0, reason, RESTORE)])


def _require_same(kind: str, asked: bytes, before: str, now: bytes) -> None:
    if before != now.hex():
        of, what = ("board", "deals") if kind == BOARDS else ("poll", "sums")
        said = f"{of} 0x{asked.hex()} was answered for {what} 0x{before}"
        raise AlreadyAnswered(f"{said}, but now {what} 0x{now.hex()} are shown")


def _are_answers(found: object) -> bool:
    """Whether a JSON document has the form of a file of answers."""
    if not isinstance(found, dict) or set(found) != {BOARDS, POLLS}:
        return False
    return all(
        isinstance(hashes, dict) and all(isinstance(each, str) for each in hashes.values())
        for hashes in found.values()
    )
