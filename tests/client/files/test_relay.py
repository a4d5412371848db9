"""relay.toml: every mistake at once, by line, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.refused_files import lines, mistakes, the_mistake
from veche.files.relay import read_relay

EXAMPLE = Path(__file__).parents[3] / "examples" / "relay.toml"
LINK = "veche:0x5FbDB2315678afecb367f032d93F642f64180aa3@1#0x" + "5a" * 32
SOUND = f'rpc = "http://127.0.0.1:8545"\nkeystore = "a.key"\npolls = ["{LINK}"]\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "relay.toml"
    path.write_text(text)
    (folder / "a.key").touch()
    return path


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    relay = read_relay(written(tmp_path, SOUND))
    assert (relay.host, relay.port) == ("127.0.0.1", 8460)
    assert relay.store == f"sqlite:///{tmp_path / 'relay.sqlite'}"
    assert relay.limits.requests_per_minute == 120
    assert relay.confirmations is None
    assert not relay.cautions


def test_postgresql_is_named_by_its_url(tmp_path: Path) -> None:
    relay = read_relay(written(tmp_path, SOUND + 'store = "postgresql://me@host/db"\n'))
    assert relay.store == "postgresql+psycopg://me@host/db"


def test_secrets_in_urls_are_not_shown(tmp_path: Path) -> None:
    text = SOUND.replace("127.0.0.1:8545", "node.example/v3/SECRET-KEY")
    store = 'store = "postgresql://me:SECRET-PASSWORD@host/db"\n'
    relay = read_relay(written(tmp_path, text + store))
    assert "SECRET" in relay.rpc
    assert "SECRET" in relay.store
    assert "SECRET" not in f"{relay!r} {relay}"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('listen = "8460"', "`listen` is"),
        ('listen = "127.0.0.1:99999"', "there is no port"),
        ('listen = "example.org:80"', "`listen` is"),
        ('proxies = ["proxy.example"]', "not the address of a proxy"),
        ('boards = ["0x7"]', "is not an address"),
        ('store = "mysql://host/db"', "no file and no PostgreSQL"),
        ('url = "relay.example.org"', "`url` is"),
        ('url = "https://relay.example.org/#poll"', "`url` is"),
        ("confirmations = 0", "`confirmations` is 0"),
        ('confirmations = "3"', "must be a whole number"),
        ("password = 7", "is not a key here"),
        ("[limits]\nwaiting = 0", "`waiting` is 0"),
        ("[limits]\nrequests_per_minute = 10000000000000000000000", "`requests_per_minute` is"),
        (f'polls = ["{LINK}", "{LINK}"]', ""),
    ],
)
def test_mistake_is_told_with_its_line(tmp_path: Path, line: str, what: str) -> None:
    sound = SOUND.replace("polls", "# polls") if line.startswith("polls") else SOUND
    found = the_mistake(read_relay, written(tmp_path, f"{sound}{line}\n"))
    assert what in found.what


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = 'rpc = 7\nkeystore = "a.key"\npolls = ["trees"]\nlisten = "x"\n'
    assert lines(read_relay, written(tmp_path, text)) == [1, 3, 4]
    assert len(mistakes(read_relay, written(tmp_path, ""))) >= 3


@pytest.mark.parametrize(
    ("key", "named", "what", "remedy"),
    [
        ("keystore", "none.key", "there is no such file", "veche keygen"),
        ("password_file", "none.password", "there is no such file", "VECHE_PASSWORD"),
        ("password_file", "", "this is not a file", "VECHE_PASSWORD"),
        ("password_file", "latin", "this is not text in UTF-8", "VECHE_PASSWORD"),
        ("store", "none/relay.sqlite", "there is no such folder", "make the folder"),
    ],
)
def test_file_that_cannot_be_read_is_told_with_the_line_that_names_it(
    tmp_path: Path, key: str, named: str, what: str, remedy: str
) -> None:
    (tmp_path / "latin").write_bytes(b"pass\xf6word\n")
    others = "".join(line for line in SOUND.splitlines(keepends=True) if not line.startswith(key))
    text = f'listen = "x"\n{others}{key} = "{named}"\nconfirmations = 0\n'
    first, found, last = mistakes(read_relay, written(tmp_path, text))
    assert (first.line, last.line) == (1, text.count("\n"))
    assert (found.line, found.path) == (text.count("\n") - 1, "")
    assert f"`{key}` is " in found.what
    assert found.what.endswith(what)
    assert remedy in found.remedy


def test_relay_without_a_poll_has_nothing_to_carry(tmp_path: Path) -> None:
    text = 'rpc = "http://x"\nkeystore = "a.key"\npolls = []\n'
    assert "nothing to carry" in the_mistake(read_relay, written(tmp_path, text)).what


def test_who_listens_to_everybody_is_warned(tmp_path: Path) -> None:
    relay = read_relay(written(tmp_path, SOUND + 'listen = "0.0.0.0:8460"\n'))
    assert [each.line for each in relay.cautions] == [4]


def test_who_serves_voters_without_encryption_is_warned(tmp_path: Path) -> None:
    relay = read_relay(written(tmp_path, SOUND + 'url = "http://relay.example.org"\n'))
    assert [each.line for each in relay.cautions] == [4]
    sound = read_relay(written(tmp_path, SOUND + 'url = "https://relay.example.org"\n'))
    assert (sound.url, sound.cautions) == ("https://relay.example.org", ())
