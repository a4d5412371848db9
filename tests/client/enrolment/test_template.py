"""Templates of letters: checked before a code is made, and names that would be markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from support.refused_files import mistakes
from veche.enrolment.codes import Code
from veche.enrolment.letters import Terms
from veche.enrolment.template import BEGIN, DEFAULT, END, Template, read_template
from veche.files.people import Person

TERMS = Terms("oak", "Oak <Street>", "https://x/v1/enrolments/oak", "", 1_803_880_800, ("name",))
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{code}}",
    "</article><article>",
    "<!-- /letter -->",
    "&lt;b&gt;&#60;",
    "' onclick='x",
    "javascript:alert(1)",
    "a\x1b[2Jb",
)


class Seen(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letter.html"


def write(path: Path, letter: str, *, head: str = "<html>\n", tail: str = "</html>") -> Path:
    path.write_text(f"{head}{BEGIN}{letter}{END}{tail}")
    return path


def read(path: Path) -> Template:
    return read_template(path, columns=["name", "first name"])


def test_default_template_has_no_mistakes() -> None:
    assert "code" in read_template(DEFAULT, columns=[]).pieces


def test_letter_is_filled_in(path: Path) -> None:
    template = read(write(path, "<p>{{ name }}: {{code}}</p>{{qr}}"))
    assert template.letter({"name": "Ann & Bob", "code": "X"}, "<svg/>") == (
        "<p>Ann &amp; Bob: X</p><svg/>"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_name_is_never_markup(name: str, path: Path) -> None:
    template = read(write(path, "<p>{{name}}</p><p>{{code}}</p>"))
    values = TERMS.values(Person("1", 1, (name,)), Code.make())
    seen = Seen(template.letter(values, ""))
    assert seen.tags == ["p", "p"]
    assert not seen.attributes
    assert seen.text.startswith(name.replace("\x1b", "\ufffd"))


@pytest.mark.parametrize(
    "letter",
    [
        "<p>no code</p>",
        "{{code}} {{nane}}",
        "{{code}} {{Name}}",
        "{{code}} {{}}",
        "{{code}} {{name",
        "{{code}} <a href='{{link}}'>x</a>",
        "{{code}} <a href={{name}}>x</a>",
        "{{code}} <p {{name}}>x</p>",
        "{{code}} <script>let x = '{{name}}'</script>",
        "{{code}} <style>p::before { content: '{{name}}' }</style>",
        "{{code}} <!-- {{name}} -->",
        "{{code}} <textarea>{{name}}</textarea>",
        "{{code}} <svg><style>{{name}}</style></svg>",
    ],
)
def test_template_is_refused_if_it_cannot_be_filled_in_safely(letter: str, path: Path) -> None:
    assert mistakes(read, write(path, letter))


def test_mistake_is_told_with_its_line(path: Path) -> None:
    found = mistakes(read, write(path, "\n{{code}}\n{{nane}}\n"))
    assert [each.line for each in found] == [4]
    assert "'nane' is no column" in found[0].what


@pytest.mark.parametrize(
    "text",
    [
        "{{code}}",
        f"{BEGIN}{{{{code}}}}",
        f"{{{{code}}}}{END}",
        f"{END}{{{{code}}}}{BEGIN}",
        f"{BEGIN}{{{{code}}}}{END}{BEGIN}{{{{code}}}}{END}",
        f"{BEGIN}{{{{code}}}}{END}{{{{name}}}}",
        f"{{{{title}}}}{BEGIN}{{{{code}}}}{END}",
    ],
)
def test_letter_begins_and_ends_once(text: str, path: Path) -> None:
    path.write_text(text)
    assert mistakes(read, path)


def test_qr_code_holds_the_link() -> None:
    code = Code.make()
    assert TERMS.link(code) == f"https://x/v1/enrolments/oak#code={code.grouped}"
    with_page = Terms("oak", "Oak", "https://x/a b", "https://p", 0, ())
    assert with_page.link(code) == f"https://p#at=https://x/a%20b&code={code.grouped}"
