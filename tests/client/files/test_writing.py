"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from support.refused_files import the_mistake
from veche.errors import InvalidFile
from veche.files.writing import write_atomically, write_together


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_text_is_written_as_it_is(path: Path) -> None:
    write_atomically(path, "вече\r\n\n")
    assert path.read_bytes() == "вече\r\n\n".encode()
    assert names(path.parent) == ["file"]


def test_text_replaces_what_was_there(path: Path) -> None:
    path.write_text("old and longer")
    write_atomically(path, "new")
    assert path.read_text() == "new"


def test_other_files_have_the_mode_that_the_umask_leaves(path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(path, "")
    finally:
        os.umask(before)
    assert mode(path) == 0o640


def test_private_file_is_private_from_the_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        modes.append(os.fstat(descriptor).st_mode)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    before = os.umask(0)
    try:
        write_atomically(path, "secret", private=True)
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert stat.S_IMODE(modes[0]) == 0o600
    assert stat.S_ISDIR(modes[1])  # the folder's list of files is on the disk too


def test_private_file_does_not_keep_the_mode_of_the_old_one(path: Path) -> None:
    path.write_text("old")
    path.chmod(0o644)
    write_atomically(path, "secret", private=True)
    assert mode(path) == 0o600


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, SystemExit])
@pytest.mark.parametrize("moment", ["fsync", "fdopen", "replace"])
def test_nothing_is_left_half_written_after_an_interruption(
    failure: type[BaseException], moment: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text("old")

    def interrupted(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(os, moment, interrupted)
    with pytest.raises(failure):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert names(path.parent) == ["file"]


def test_files_are_written_together(tmp_path: Path) -> None:
    write_together({tmp_path / "a": "1", tmp_path / "b": "2"})
    assert [(tmp_path / each).read_text() for each in "ab"] == ["1", "2"]
    assert mode(tmp_path / "a") == mode(tmp_path / "b") == 0o600


def test_no_file_is_left_where_one_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile):
        write_together({tmp_path / "a": "1", tmp_path / "missing" / "b": "2", tmp_path / "c": "3"})
    assert names(tmp_path) == []


def test_writing_fails_if_the_disk_is_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in the_mistake(lambda path: write_atomically(path, "new"), path).what
    assert path.read_text() == "old"
    assert names(path.parent) == ["file"]


def test_writing_fails_if_there_is_no_folder(path: Path) -> None:
    missing = path / "file"
    assert "No such file" in the_mistake(lambda path: write_atomically(path, ""), missing).what


def test_writing_fails_if_a_folder_is_there(path: Path) -> None:
    path.mkdir()
    with pytest.raises(InvalidFile):
        write_atomically(path, "")
    assert names(path.parent) == ["file"]


def test_writing_fails_if_the_text_is_none(path: Path) -> None:
    with pytest.raises(InvalidFile):
        write_atomically(path, "\ud800")
    assert names(path.parent) == []
