"""Files of any kind that cannot be read, and mistakes told together."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.refused_files import the_mistake
from veche.errors import InvalidFile
from veche.files.board import read_board
from veche.files.mistakes import Mistakes, quoted, read_text
from veche.files.poll import read_poll
from veche.files.preflib import read_preflib
from veche.files.roll import read_roll

READERS = [read_poll, read_board, read_roll, read_preflib]
every_reader = pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
Reader = Callable[[Path], Any]


@every_reader
def test_reading_fails_if_there_is_no_file(read: Reader, tmp_path: Path) -> None:
    mistake = the_mistake(read, tmp_path / "none")
    assert mistake.line == 0
    assert "no such file" in mistake.what


def test_mistake_of_a_whole_file_is_told_apart_from_its_remedy(tmp_path: Path) -> None:
    path = tmp_path / "none"
    with pytest.raises(InvalidFile) as caught:
        read_text(path)
    assert str(caught.value) == f"{path}: there is no such file"
    assert caught.value.remedy == "Check the path."


@every_reader
def test_reading_fails_if_it_is_a_folder(read: Reader, tmp_path: Path) -> None:
    assert "not a file" in the_mistake(read, tmp_path).what


@every_reader
def test_reading_fails_if_it_is_a_device(read: Reader) -> None:
    assert "not a file" in the_mistake(read, Path("/dev/zero")).what


@every_reader
@pytest.mark.parametrize("name", ["a" * 5000, "nul\0"])
def test_reading_fails_if_no_file_can_have_that_name(
    read: Reader, name: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidFile):
        read(tmp_path / name)


@every_reader
def test_reading_fails_if_the_disk_or_the_owner_forbids(
    read: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)
    assert "Permission denied" in the_mistake(read, path).what


@every_reader
def test_reading_fails_if_it_is_binary(read: Reader, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\n\n\x89PNG\xff\xfe\x00")
    mistake = the_mistake(read, path)
    assert mistake.line == 0
    assert "UTF-8" in mistake.what


@every_reader
def test_reading_fails_at_the_line_that_is_in_another_encoding(
    read: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_text("\n\nLinden an der Straße\n", encoding="latin-1")
    mistake = the_mistake(read, path)
    assert mistake.line == 3
    assert "UTF-8" in mistake.what


@every_reader
@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\0" * 100, b"\r\r\r"])
def test_reading_fails_if_there_is_nothing_in_it(read: Reader, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InvalidFile):
        read(path)


def test_text_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfwords")
    assert read_text(path) == "words"


def test_reading_fails_if_the_file_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a" * 11)
    assert read_text(path, max_bytes=11) == "a" * 11
    assert "10 bytes" in the_mistake(lambda path: read_text(path, max_bytes=10), path).what


def test_no_mistakes_are_no_reason_to_refuse() -> None:
    mistakes = Mistakes(Path("file"))
    mistakes.require_none()
    assert not mistakes


def test_mistakes_are_told_in_the_order_of_lines() -> None:
    mistakes = Mistakes(Path("file"))
    for line in (5, 0, 3):
        mistakes.add(line, f"what {line}", "remedy")
    with pytest.raises(InvalidFile) as caught:
        mistakes.require_none()
    assert str(caught.value) == (
        "file: what 0: remedy\nfile:3: what 3: remedy\nfile:5: what 5: remedy"
    )


@pytest.mark.parametrize(("count", "last"), [(3, "what"), (4, "and 1 more mistake"), (9, "and 6 ")])
def test_only_the_first_mistakes_are_told_one_by_one(count: int, last: str) -> None:
    mistakes = Mistakes(Path("file"))
    for line in range(count):
        mistakes.add(line, "what", "remedy")
    with pytest.raises(InvalidFile) as caught:
        mistakes.require_none(at_most=3)
    assert last in caught.value.mistakes[-1].what
    assert len(caught.value.mistakes) == min(count, 4)


@pytest.mark.parametrize(
    "value",
    [0, -1, 1 << 100_000, 1.5, float("nan"), "x" * 10**6, "\x1b[2J", [1] * 999, {}, None],
    ids=range(10),
)
def test_what_was_written_is_repeated_short_and_harmless(value: object) -> None:
    assert len(quoted(value)) < 100
    assert quoted(value).isprintable()


def test_what_reads_no_toml_imports_no_pydantic() -> None:
    names = ("mistakes", "preflib", "toml_lines", "trustee_card", "writing")
    modules = ", ".join(f"veche.files.{name}" for name in names)
    check = "assert not {'pydantic', 'requests'} & {*sys.modules}"
    code = f"import sys, veche, veche.files, {modules}; {check}"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


def test_name_of_a_file_steers_no_screen(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile) as caught:
        read_text(tmp_path / "no\tsuch\x1b[2J\nfile")
    assert str(caught.value).isprintable()
