"""Relays as people run them: real processes, with a file of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import requests
from eth_account.signers.local import LocalAccount

from support.commands import Running, Shell
from support.elections import PASSWORD, Town, person, write_keystore
from veche import Poll
from veche.files.relay import POSTGRESQL
from veche.protocol import link

PATIENCE = 300
"""Seconds after which a test no longer waits for a relay."""
FINISHED = ("confirmed", "found", "refused")


@dataclass
class RunningRelay:
    """A relay at work.

    Attributes:
        process: its process.
        url: where it serves.
    """

    process: Running
    url: str

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, timeout=PATIENCE)

    def post(self, document: str | bytes, path: str = "/v1/ballots") -> requests.Response:
        body = document.encode() if isinstance(document, str) else document
        return requests.post(self.url + path, body, timeout=PATIENCE)

    def ended(self, name: str, *, path: str = "/v1/ballots") -> dict[str, Any]:
        """What became of a ballot, by its tracker, once it is known."""
        begun = monotonic()
        while True:
            told: dict[str, Any] = self.get(f"{path}/{name}").json()
            if told["state"] in FINISHED:
                return told
            assert monotonic() < begun + PATIENCE, told
            sleep(0.05)


@dataclass(frozen=True)
class RelayOffice:
    """The folder of a relay: its file, its keystore and its store.

    Attributes:
        shell: runs the command there.
        account: the relay's account.
    """

    shell: Shell
    account: LocalAccount

    @property
    def file(self) -> Path:
        return self.shell.folder / "relay.toml"

    @contextmanager
    def running(self, **environment: str) -> Iterator[RunningRelay]:
        """The relay at work; it is killed where this block ends."""
        with self.shell.start("relay", self.file, "--json", **environment) as process:
            yield _begun(process)

    @contextmanager
    def running_with_small_disk(self, folder: Path) -> Iterator[RunningRelay]:
        """The relay at work, with a folder on a small disk."""
        command = ("relay", self.file, "--json")
        with self.shell.start_with_small_disk(folder, *command) as process:
            yield _begun(process)


def _begun(process: Running) -> RunningRelay:
    line = process.stdout.readline()
    assert line, process.told()
    told = json.loads(line)
    assert "url" in told, told
    return RunningRelay(process, told["url"])


def relay_office(
    town: Town,
    folder: Path,
    polls: Sequence[Poll],
    *,
    name: str = "relay",
    rpc: str = "",
    **more: Any,
) -> RelayOffice:
    """A relay's folder.

    Args:
        town: where the polls are.
        folder: the folder, which is made.
        polls: the polls that it carries for.
        name: of the relay's account, which gets ether.
        rpc: the URL of the node, if it is not the town's own.
        more: other keys of relay.toml; a table by its name.
    """
    account = person(name)
    town.embedded.fund(account)
    return relay_folder(folder, polls, account, rpc=rpc or town.url, **more)


def relay_folder(
    folder: Path, polls: Sequence[Poll], account: LocalAccount, *, rpc: str, **more: Any
) -> RelayOffice:
    """The same, for an account that has ether."""
    folder.mkdir(parents=True, exist_ok=True)
    write_keystore(folder / "relay.key", account)
    keys: dict[str, Any] = {
        "rpc": rpc,
        "polls": [str(link.of(each.definition)) for each in polls],
        "keystore": "relay.key",
        "listen": "127.0.0.1:0",
    }
    office = RelayOffice(Shell(folder, {"VECHE_PASSWORD": PASSWORD}), account)
    office.file.write_text(_toml(keys | more))
    return office


def _toml(keys: dict[str, Any]) -> str:
    """A document; JSON's texts, numbers and lists are also TOML's."""
    tables = {name: each for name, each in keys.items() if isinstance(each, dict)}
    lines = [f"{name} = {json.dumps(each)}" for name, each in keys.items() if name not in tables]
    for name, own in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(each)}" for key, each in own.items())]
    return "\n".join(lines) + "\n"


def store_url(store: str) -> str:
    """The URL of a store, as SQLAlchemy has it, of what relay.toml calls it."""
    if store.startswith(POSTGRESQL):
        return f"postgresql+psycopg://{store.removeprefix(POSTGRESQL)}"
    return f"sqlite:///{store}"
