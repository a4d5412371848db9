"""A trustee answers for deals and sums once and for all, whatever happens in between."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from veche.errors import AlreadyAnswered, InvalidFile, NotConfirmed
from veche.files.mistakes import MAX_BYTES
from veche.trustee.answers import Answers

POLL, SUMS, OTHER = b"\1" * 32, b"\2" * 32, b"\3" * 32
BOARD, DEALS = b"\4" * 32, b"\5" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a trustee that has answered nothing yet."""
    return Answers.create(tmp_path / "trustee" / "answers.json").path


def test_same_sums_are_answered_again(path: Path) -> None:
    Answers(path).promise(POLL, SUMS)
    Answers(path).promise(POLL, SUMS)


def test_promise_fails_if_other_sums_were_answered(path: Path) -> None:
    Answers(path).promise(POLL, SUMS)
    with pytest.raises(AlreadyAnswered, match=SUMS.hex()):
        Answers(path).promise(POLL, OTHER)
    Answers(path).promise(POLL, SUMS)


def test_other_polls_are_answered_too(path: Path) -> None:
    Answers(path).promise(POLL, SUMS)
    Answers(path).promise(OTHER, OTHER)


def test_same_deals_are_confirmed_again(path: Path) -> None:
    assert not Answers(path).has_confirmed(BOARD)
    Answers(path).confirm(BOARD, DEALS)
    Answers(path).confirm(BOARD, DEALS)
    assert Answers(path).has_confirmed(BOARD)
    Answers(path).require_confirmed(BOARD, DEALS)


def test_confirming_fails_if_other_deals_were_confirmed(path: Path) -> None:
    Answers(path).confirm(BOARD, DEALS)
    with pytest.raises(AlreadyAnswered, match=DEALS.hex()):
        Answers(path).confirm(BOARD, OTHER)
    with pytest.raises(AlreadyAnswered, match=OTHER.hex()):
        Answers(path).require_confirmed(BOARD, OTHER)
    Answers(path).require_confirmed(BOARD, DEALS)


def test_board_that_was_never_confirmed_is_refused(path: Path) -> None:
    Answers(path).confirm(OTHER, DEALS)
    Answers(path).promise(BOARD, DEALS)
    with pytest.raises(NotConfirmed, match=BOARD.hex()):
        Answers(path).require_confirmed(BOARD, DEALS)


def test_answers_fail_without_their_file(path: Path) -> None:
    answers = Answers(path)
    path.unlink()
    for use in (
        lambda: Answers(path),
        lambda: answers.confirm(BOARD, DEALS),
        lambda: answers.has_confirmed(BOARD),
        lambda: answers.promise(POLL, SUMS),
    ):
        with pytest.raises(InvalidFile) as caught:
            use()
        assert "backup" in caught.value.remedy
    assert not path.exists()


def test_answers_are_never_written_over(path: Path) -> None:
    Answers(path).promise(POLL, SUMS)
    text = path.read_text()
    with pytest.raises(InvalidFile, match="never written over"):
        Answers.create(path)
    assert path.read_text() == text


def test_answers_are_readable_by_its_owner_alone(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    Answers(path).promise(POLL, SUMS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


DAMAGED = [
    *("", "{", "[]", "{}", "\0", '{"a": 1}', f'{{"{POLL.hex()}": "{SUMS.hex()}"}}'),
    *("[" * 1_000_000, '{"polls": ' * 1_000_000, " " * (MAX_BYTES + 1)),
    '{"boards": {}, "polls": {}, "polls": {}}',
    *('{"boards": {}}', '{"boards": {}, "polls": []}', '{"boards": {}, "polls": {"a": 1}}'),
]


@pytest.mark.parametrize("text", DAMAGED, ids=lambda text: text[:80].strip())
def test_answers_fail_if_the_file_is_damaged(path: Path, text: str) -> None:
    answers = Answers(path)
    path.write_text(text)
    for use in (lambda: Answers(path), lambda: answers.promise(POLL, SUMS)):
        with pytest.raises(InvalidFile) as caught:
            use()
        assert "backup" in caught.value.remedy
    assert path.read_text() == text


def test_answers_survive_a_kill_at_any_moment(path: Path) -> None:
    """A process that answers poll after poll is killed. All that it has printed is noted."""
    code = (
        "import sys, pathlib; from veche.trustee.answers import Answers\n"
        "answers = Answers(pathlib.Path(sys.argv[1]))\n"
        "for i in range(10_000):\n"
        "    answers.promise(i.to_bytes(32, 'big'), i.to_bytes(32, 'big'))\n"
        "    print(i, flush=True)\n"
    )
    process = subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    for _ in range(50):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait()
    last = int(rest[-1]) if rest else 49
    for i in range(last + 1):
        with pytest.raises(AlreadyAnswered):
            Answers(path).promise(i.to_bytes(32, "big"), OTHER)


def test_two_processes_never_answer_differently(path: Path) -> None:
    code = (
        "import sys, pathlib; from veche.trustee.answers import Answers\n"
        "from veche.errors import AlreadyAnswered\n"
        "answers, own = Answers(pathlib.Path(sys.argv[1])), bytes([int(sys.argv[2])]) * 32\n"
        "for i in range(100):\n"
        "    try: answers.promise(i.to_bytes(32, 'big'), own)\n"
        "    except AlreadyAnswered: continue\n"
        "    print(i)\n"
    )
    processes = [
        subprocess.Popen(  # noqa: S603  # our own code
            [sys.executable, "-c", code, str(path), str(each)], stdout=subprocess.PIPE, text=True
        )
        for each in (1, 2)
    ]
    first, second = (set(each.communicate()[0].split()) for each in processes)
    assert not first & second
    assert len(first | second) == 100
