"""The officials' scripts as Brownie runs them, on an embedded network and on a live one."""

from __future__ import annotations

import json
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from support.commands import CTRL_D, Ended, Running, Shell
from support.lying_nodes import lying_node, refusing
from support.officials_work import ID, NETWORK, ExampleTown, person
from veche.processes import free_port
from veche.protocol.phase import Phase

ROOT = Path(__file__).parents[3]
BROWNIE = ROOT / "tools" / "brownie" / "command.py"
PASSWORD = "a vile password"  # noqa: S105  # of a key that was made for a test


class Officials:
    """Runs the officials' scripts in a folder with its own files, home and networks."""

    def __init__(self, town: ExampleTown) -> None:
        self.town = town
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("VECHE_")
        }
        self.environment |= {"HOME": str(town.folder)}
        accounts = town.folder / ".brownie" / "accounts"
        accounts.mkdir(parents=True)
        encrypted = Account.encrypt(town.official.key, PASSWORD, iterations=2)
        (accounts / "official.json").write_text(json.dumps(encrypted))
        networks = accounts.parent / "network-config.yaml"
        networks.write_text(json.dumps(_networks(town.chain.url)))  # which is YAML too

    def start(
        self, verb: str, *words: str, network: str, folder: Path | None = None, **variables: str
    ) -> AbstractContextManager[Running]:
        """Starts a script: by its name in the project's folder, otherwise by its path."""
        script = verb if folder else ROOT / "scripts" / verb
        own, last = (words[:-2], words[-2:]) if "--" in words else (words, ())
        shell = Shell(folder or self.town.folder, self.environment)
        command = ("run", script, "main", *own, "--network", network, *last)
        return shell.script(BROWNIE, *command, **variables)

    def run(
        self,
        verb: str,
        *words: str,
        network: str,
        code: int = 0,
        answer: str = "",
        folder: Path | None = None,
        **variables: str,
    ) -> tuple[str, str]:
        """Runs a script, and returns what it prints on stdout and on stderr."""
        with self.start(verb, *words, network=network, folder=folder, **variables) as running:
            running.send(answer)
            ended = running.end()
        assert ended.code == code, ended
        return ended.out, ended.err

    def live(
        self, verb: str, *words: str, code: int = 0, answer: str = "", **variables: str
    ) -> tuple[str, str]:
        """Runs a script with the official's key, on the network that outlives its node."""
        usual = {"VECHE_KEYSTORE": "official", "VECHE_PASSWORD": PASSWORD} | variables
        return self.run(
            verb, *words, network=NETWORK, code=code, answer=answer, folder=None, **usual
        )

    def embedded(self, verb: str, *words: str, folder: Path | None = None) -> tuple[str, str]:
        return self.run(verb, *words, network="anvil", folder=folder)


def _networks(url: str) -> dict[str, list[dict[str, Any]]]:
    port = int(url.rpartition(":")[2])
    embedded = {"name": "Anvil", "id": "anvil", "cmd": "anvil", "host": "http://127.0.0.1"}
    named = {"chainid": "31337", "host": url}
    live = [
        named | {"name": "Town", "id": NETWORK},
        named | {"name": "Elsewhere", "id": "elsewhere", "chainid": "1"},
        named | {"name": "Silent", "id": "silent", "host": "http://127.0.0.1:9"},
    ]
    return {
        "development": [{**embedded, "cmd_settings": {"port": port}}],
        "live": [{"name": "Own", "networks": live}],
    }


@pytest.fixture
def officials(town: ExampleTown) -> Officials:
    return Officials(town)


def test_live_network_from_the_files_to_the_result(officials: Officials) -> None:
    town = officials.town
    _, err = officials.live("deploy_catalogue", answer="y\n")
    assert "Carry out this plan? [y/N]" in err
    _, err = officials.live("convene_board", "board.toml", "--", "--yes")
    assert "Carry out this plan?" not in err
    town.trustees_make_the_key()
    out, _ = officials.live("publish_poll", "poll.toml", VECHE_YES="1")
    poll = town.office().chain.poll(town.office().catalogue.versions(ID)[0])
    assert f"veche:{poll.address}@31337#0x{poll.hash.hex()}" in out
    assert f"brownie run publish_roll main poll.toml --network {NETWORK}" in out
    officials.live("publish_roll", "poll.toml", VECHE_YES="1", VECHE_CONFIRMATIONS="1")
    town.voters_vote(poll)
    town.chain.at_time(poll.definition.closes)
    town.trustees_decrypt(poll, 0, 1)
    out, _ = officials.run("status", ID, network=NETWORK)  # needs no key
    assert f"{ID}, version 0: closed" in out
    out, _ = officials.live("publish_result", ID, "--", "--yes")
    assert "Playground" in out
    assert poll.phase == Phase.TALLIED


def test_embedded_network_asks_nothing_and_signs_with_its_own_key(officials: Officials) -> None:
    out, err = officials.embedded("deploy_catalogue")
    assert f"{person(0).address} owns it" in out
    assert "Carry out this plan?" not in err
    officials.embedded("convene_board", "board.toml")
    assert officials.town.chain.node.next_nonce(person(0).address) == 4
    out, _ = officials.embedded("status")
    assert "Board city-2027: dealing" in out


def test_nothing_is_sent_to_a_chain_that_ends_with_the_script(officials: Officials) -> None:
    """Brownie starts such a chain if none is running."""
    folder, port = officials.town.folder, free_port()
    networks = folder / ".brownie" / "network-config.yaml"
    networks.write_text(json.dumps(_networks(f"http://127.0.0.1:{port}")))
    noted = folder / "deployments" / "anvil.json"
    noted.parent.mkdir(exist_ok=True)
    noted.write_text("of a chain that stays")
    for verb, words in (("deploy_catalogue", ()), ("publish_poll", ("poll.toml",))):
        _, err = officials.run(verb, *words, network="anvil", code=5)
        assert f"no chain is running at 127.0.0.1:{port}" in err
        assert f"anvil --silent --port {port} &" in err
    assert noted.read_text() == "of a chain that stays"
    noted.unlink()
    out, _ = officials.run("status", network="anvil")
    assert "This chain ends with this command." in out
    assert not noted.exists()


def test_scripts_run_by_their_names_in_the_project(officials: Officials) -> None:
    out, _ = officials.embedded("status", folder=ROOT)
    assert "Network anvil, chain 31337" in out


def test_failure_shows_its_remedy_and_ends_with_its_exit_code(officials: Officials) -> None:
    town = officials.town
    _, err = officials.live("publish_poll", "poll.toml", code=4)
    assert "names no catalogue" in err
    assert "names no board" in err
    assert "first deploy the catalogue" in err
    town.change(town.poll_file, '"Lime", ', '"Oak", ')
    town.change(town.poll_file, "points = 10", "points = 101")
    _, err = officials.live("publish_poll", "poll.toml", code=3)
    assert err.count("poll.toml:") == 2
    assert "Traceback" not in err
    officials.live("deploy_catalogue", answer="n\n", code=10)
    officials.live("deploy_catalogue", answer="", code=10)
    assert town.sent() == 0


def test_words_of_a_node_do_not_forge_what_a_script_says(officials: Officials) -> None:
    officials.live("deploy_catalogue", VECHE_YES="1")
    with lying_node(officials.town.chain.url) as node:
        node.twist = refusing("eth_call", "no\x1b[2J\nAll is well\u202e")
        networks = officials.town.folder / ".brownie" / "network-config.yaml"
        networks.write_text(json.dumps(_networks(node.url)))
        _, err = officials.run("status", network=NETWORK, code=5)
    assert "no\ufffd[2J All is well\ufffd" in err


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("deploy_catalogue", ["now"]),
        ("convene_board", []),
        ("cancel_poll", [ID, "first"]),
        ("status", [ID, "0", "1"]),
    ],
)
def test_script_fails_if_its_command_line_is_wrong(
    officials: Officials, verb: str, words: list[str]
) -> None:
    _, err = officials.live(verb, *words, code=2)
    assert "write after main" in err or "is no version" in err


def test_word_main_that_is_missing_is_told_with_the_right_line(officials: Officials) -> None:
    script = ROOT / "scripts" / "publish_poll"
    shell = Shell(officials.town.folder, officials.environment)
    with shell.script(BROWNIE, "run", script, "poll.toml", "--network", NETWORK) as running:
        ended = running.end()
    assert ended.code == 2, ended
    assert "the word `main` is missing before poll.toml" in ended.err
    assert f"brownie run {script} main poll.toml --network {NETWORK}" in ended.err


FAULTY = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from scripts.session import run

def main():
    run(lambda office: 1 / 0, (), reads=True)
"""
"""A script whose work is a fault of its own."""


def brownie(officials: Officials, *words: object, code: int) -> Ended:
    shell = Shell(officials.town.folder, officials.environment)
    with shell.script(BROWNIE, *words) as running:
        ended = running.end()
    assert ended.code == code, ended
    return ended


def test_network_that_brownie_does_not_know_is_told_with_how_to_add_it(
    officials: Officials,
) -> None:
    status = ("run", ROOT / "scripts" / "status", "main", "--network", "city")
    told = brownie(officials, *status, code=2).err
    assert "Brownie does not know the network city" in told
    assert "brownie networks add Ethereum city host=https://… chainid=…" in told
    imported(officials)
    told = brownie(officials, *status, code=2).err
    assert "brownie networks import networks/city/brownie.yaml" in told


def imported(officials: Officials) -> Path:
    """The file that `veche network make` writes for Brownie."""
    own = {"id": "city", "name": "city", "host": "http://127.0.0.1:9", "chainid": 7}
    file = officials.town.folder / "networks" / "city" / "brownie.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"live": [{"name": "Veche", "networks": [own]}]}))
    return file.relative_to(officials.town.folder)


def test_network_that_is_imported_twice_is_told(officials: Officials) -> None:
    file = imported(officials)
    brownie(officials, "networks", "import", file, code=0)
    told = brownie(officials, "networks", "import", file, code=2).err
    assert "Brownie knows the network city already" in told
    assert f"brownie networks import {file} True" in told
    brownie(officials, "networks", "import", file, "True", code=0)


def test_folder_with_a_dot_in_its_path_is_told(officials: Officials) -> None:
    folder = officials.town.folder / "v1.2"
    folder.mkdir()
    shell = Shell(folder, officials.environment)
    with shell.script(BROWNIE, "run", "status", "main", "--network", NETWORK) as running:
        ended = running.end()
    assert ended.code == 2
    assert "in a folder with a dot in its path" in ended.err


def test_minutes_in_which_the_contracts_are_compiled_are_told(officials: Officials) -> None:
    folder = officials.town.folder / "project"
    (folder / "contracts").mkdir(parents=True)

    def told() -> str:
        shell = Shell(folder, officials.environment)
        with shell.script(BROWNIE, "run", "status", "main", "--network", NETWORK) as running:
            return running.end().err

    assert "Compiling all contracts, once; this takes some minutes" in told()
    built = folder / "build" / "contracts" / "Poll.json"
    built.parent.mkdir(parents=True)
    built.write_text("{}")
    assert "Compiling" not in told()


def test_unexpected_error_is_a_message_and_shows_where_if_asked(officials: Officials) -> None:
    folder = officials.town.folder
    (folder / "faulty.py").write_text(FAULTY)
    out, err = officials.run("faulty", network=NETWORK, code=70, folder=folder)
    assert "ZeroDivisionError" in err
    assert "report it" in err
    assert "Traceback" not in out + err
    debug = {"VECHE_DEBUG": "1"}
    with officials.start("faulty", network=NETWORK, folder=folder, **debug) as running:
        running.process.join()
        assert "1 / 0" in running.told()


def test_script_fails_if_the_keystore_is_missing_or_does_not_open(officials: Officials) -> None:
    _, err = officials.run("deploy_catalogue", network=NETWORK, code=6)
    assert "Set VECHE_KEYSTORE" in err
    assert "--keystore" not in err
    wrong = {"VECHE_PASSWORD": "another"}
    _, err = officials.live("deploy_catalogue", code=6, **wrong)
    assert "the password in VECHE_PASSWORD does not open" in err
    assert "another" not in err
    officials.live("deploy_catalogue", code=6, VECHE_KEYSTORE="nowhere.json")
    officials.live("deploy_catalogue", code=2, VECHE_CONFIRMATIONS="none")


def test_script_fails_if_nobody_can_be_asked_for_the_password(officials: Officials) -> None:
    _, err = officials.run("deploy_catalogue", network=NETWORK, code=6, VECHE_KEYSTORE="official")
    assert "set VECHE_PASSWORD_FILE to a file" in err
    assert "Warning" not in err
    assert officials.town.sent() == 0


def test_script_fails_if_the_network_is_another_or_does_not_answer(officials: Officials) -> None:
    _, err = officials.run("status", network="elsewhere", code=7)
    assert "chain 31337, not 1" in err
    _, err = officials.run("status", network="silent", code=5)
    assert "does not answer" in err


def test_password_can_be_in_a_file(officials: Officials) -> None:
    folder = officials.town.folder
    (folder / "password").write_text(f"{PASSWORD}\n")
    keystore = folder / ".brownie" / "accounts" / "official.json"
    named = {"VECHE_KEYSTORE": str(keystore), "VECHE_PASSWORD_FILE": "password"}
    officials.environment |= named
    out, err = officials.run("deploy_catalogue", "--", "--yes", network=NETWORK)
    assert f"{officials.town.official.address} owns it" in out
    assert PASSWORD not in out + err


def test_end_of_input_in_place_of_a_password_is_an_interrupt(officials: Officials) -> None:
    shell = Shell(officials.town.folder, officials.environment)
    script = ROOT / "scripts" / "deploy_catalogue"
    words = BROWNIE, "run", script, "main", "--network", NETWORK
    terminal = shell.line('exec "$0" "$@"', *words, VECHE_KEYSTORE="official")
    terminal.press("Password of", CTRL_D)
    assert terminal.end(pressing=CTRL_D) == 130
    assert "goes on where it stopped" in terminal.text


def test_interrupt_ends_with_130(officials: Officials) -> None:
    key = {"VECHE_KEYSTORE": "official", "VECHE_PASSWORD": PASSWORD}
    with officials.start("deploy_catalogue", network=NETWORK, folder=None, **key) as running:
        running.expect_told("[y/N]")
        running.interrupt()
        ended = running.end()
    assert ended.code == 130
    assert "goes on where it stopped" in ended.err
