"""A private network of real nodes, and a whole poll on it, by scripts and commands alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep, time
from urllib.request import Request, urlopen

import psutil
import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak

import veche
from support.commands import COMMAND, Shell
from veche.chain.node import Node
from veche.errors import NodeError
from veche.files import network as networks
from veche.files.consensus import Validator
from veche.network import programs
from veche.network import running as nodes
from veche.network.layout import SECRETS
from veche.network.node_folder import DESCRIPTION, rpc_at
from veche.processes import free_port
from veche.trustee.answers import Answers

ROOT = Path(__file__).parents[2]
BROWNIE = Path(sys.executable).parent / "brownie"
PASSWORD = "a vile password"  # noqa: S105  # of keys that were made for a test
WITHIN = 90
"""Seconds that something gets before a test gives up on it."""
SHOWN = 100
"""Number of lines of each log that a test shows if it fails."""
TRUSTEES, VOTERS = 3, 6
VALIDATORS = ("north", "east", "south", "west")


def person(name: str) -> LocalAccount:
    account: LocalAccount = Account.from_key(keccak(f"veche network test {name}".encode()))
    return account


def wait_until(holds: Callable[[], bool], *, within: float = WITHIN) -> None:
    begun = monotonic()
    while not holds():
        assert monotonic() < begun + within
        sleep(0.2)


@contextmanager
def running(folder: Path, *arguments: object) -> Iterator[Path]:
    """A command that runs until it is told to end; its log. If it fails, or the test does, its log
    and those of its nodes are shown.
    """
    log = folder / f"{arguments[1]}.log"
    with log.open("w") as file, logs_shown(folder):
        process = subprocess.Popen(  # noqa: S603  # our own code
            [*COMMAND, *map(str, arguments)], cwd=folder, stdout=file, stderr=file
        )
        try:
            yield log
            assert process.poll() is None, log.read_text()
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait() == 0, log.read_text()


@contextmanager
def logs_shown(folder: Path) -> Iterator[None]:
    """Shows the ends of all logs in a folder if something fails inside."""
    try:
        yield
    except BaseException:
        for log in sorted([*folder.rglob("log"), *folder.glob("*.log")]):
            end = "\n".join(log.read_text(errors="replace").splitlines()[-SHOWN:])
            sys.stdout.write(f"\n-- {log}\n{end}\n")
        raise


def answers(url: str) -> bool:
    try:
        return int(Node(url, retries=1).block()["number"]) > 0
    except NodeError:
        return False


# -- The guide's commands --

GUIDE = (ROOT / "docs" / "guides" / "network.md").read_text()
MAKING, FOLLOWING, JOINING, VERIFYING, WATCHING, BACKING_UP, CHANGING = re.findall(
    r"```sh\n(.*?)```", GUIDE, re.DOTALL
)


def bash(folder: Path, lines: str) -> str:
    """What lines print that are typed one after another, each of which must succeed."""
    ended = subprocess.run(  # noqa: S603  # our own guide
        ["bash", "-euc", lines],  # noqa: S607  # whichever there is
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "VECHE_PASSWORD": PASSWORD, "VECHE_YES": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, (ended.stdout, ended.stderr)
    return ended.stdout


# -- The network --


@dataclass(frozen=True)
class City:
    """A network that runs, in a folder where it is known by its name."""

    folder: Path
    url: str
    log: Path


def network_toml(port: int, validators: Sequence[str] = VALIDATORS) -> str:
    lines = ['name = "city"', "chain_id = 202712", "block_time = 1", f"rpc_port = {port}"]
    for name in validators:
        lines += ["[[validators]]", f'name = "{name}"', f'host = "192.0.2.{len(name)}"']
        lines += [f"port = {30000 + len(lines)}", f"consensus_port = {26000 + len(lines)}"]
    people = ["official", *(f"trustee {i}" for i in range(TRUSTEES)), "carrier"]
    for each in people:
        lines += ["[[accounts]]", f'address = "{person(each).address}"', "ether = 1"]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    port = free_port()
    (folder / "network.toml").write_text(network_toml(port))
    made = Shell(folder).veche("network", "make", "network.toml", "--json")
    assert made.code == 0, made
    with running(folder, "network", "run", "city") as log:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url))
        yield City(folder, url, log)


def test_network_that_is_there_is_not_made_again(city: City) -> None:
    before = (city.folder / "networks" / "city" / "network.json").read_bytes()
    ended = Shell(city.folder).veche("network", "make", "network.toml", "--json")
    assert (ended.code, ended.error) == (3, "InvalidFile")
    assert (city.folder / "networks" / "city" / "network.json").read_bytes() == before


def test_secrets_are_for_their_owner_alone(city: City) -> None:
    for home in (city.folder / "networks" / "city" / "validators").iterdir():
        assert home.stat().st_mode & 0o077 == 0
        for secret in SECRETS:
            assert (home / secret).stat().st_mode & 0o077 == 0


def test_every_validator_proposes(city: City) -> None:
    proposed = [f"proposed by {name}" for name in VALIDATORS]
    wait_until(lambda: all(each in city.log.read_text() for each in proposed))
    wait_until(lambda: "4 peers" in city.log.read_text())


def test_every_block_is_final_at_once(city: City) -> None:
    node = Node(city.url)
    for _ in range(5):
        before = height(city.url)
        for named in ("finalized", "safe"):
            found = node.request("eth_getBlockByNumber", named, False)  # noqa: FBT003  # its form
            assert before <= int(found["number"], 16) <= height(city.url)
        wait_until_higher(city.url, before)


def test_geth_that_is_killed_is_started_again(city: City) -> None:
    home = city.folder / "networks" / "city" / "trial" / "north"
    [geth] = [each for each in at_home(home) if each.name() == "geth"]
    geth.kill()
    proposed = city.log.read_text().count("proposed by north")
    wait_until(lambda: city.log.read_text().count("proposed by north") > proposed + 2)


def test_three_of_four_validators_add_another_and_remove_it(city: City) -> None:
    """As the guide says, with the observer's node as the new validator."""
    trial = city.folder / "networks" / "city" / "trial"
    new = Validator("new", programs.find().make_key(trial / "observer"))
    adding, removing = CHANGING.strip().splitlines()
    agree(city, VALIDATORS[:3], adding, new)
    wait_until(lambda: new.address in newest_proposers(city))
    agree(city, VALIDATORS, removing, new)
    wait_until(lambda: new.address not in newest_proposers(city))


def agree(city: City, names: Sequence[str], line: str, validator: Validator) -> None:
    line = re.sub("-height [0-9]+", f"-height {height(city.url) + 4}", line)
    line = re.sub("0x(NEW|OLD)", f"0x{validator.key.hex()}", line)
    for name in names:
        bash(city.folder / "networks" / "city" / "trial" / name, line)


def newest_proposers(city: City) -> set[str]:
    node, newest = Node(city.url), height(city.url)
    return {node.proposer(number).lower() for number in range(max(1, newest - 7), newest + 1)}


@contextmanager
def lone_validator(folder: Path, prepare: Callable[[Path], object]) -> Iterator[tuple[Path, str]]:
    """A network of one validator, prepared and then started as a service would; its folder, and the
    URL at which it answers.
    """
    (folder / "network.toml").write_text(network_toml(free_port(), ["north"]))
    assert Shell(folder).veche("network", "make", "network.toml").code == 0
    own = folder / "networks"
    found = programs.find()
    _, (home, _) = nodes.prepare_trial(networks.read(own / "city" / "network.json"), found, own)
    prepare(home)
    port = free_port()
    described = json.loads((home / DESCRIPTION).read_text())
    (home / DESCRIPTION).write_text(json.dumps(described | {"rpc": rpc_at("127.0.0.1", port)}))
    node = nodes.start(home, found)
    try:
        yield home, f"http://127.0.0.1:{port}"
    finally:
        node.stop()


def log(home: Path) -> str:
    return (home / nodes.LOG).read_text()


def height(url: str) -> int:
    return int(Node(url).block()["number"])


def wait_until_higher(url: str, before: int) -> None:
    wait_until(lambda: height(url) > before)


def test_validator_runs_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/dev/null")  # where nobody can make a folder, root included
    with lone_validator(tmp_path, lambda _: None) as (home, url):
        wait_until(lambda: answers(url))
    assert [each for each in at_home(home) if each.name() == "geth"] == []


def test_first_block_is_made_though_its_making_was_interrupted(tmp_path: Path) -> None:
    def interrupt(home: Path) -> None:
        (home / "data" / "geth" / "chaindata").mkdir(parents=True)

    with lone_validator(tmp_path, interrupt) as (_, url):
        wait_until(lambda: answers(url))


def test_node_with_another_first_block_says_so_and_ends(tmp_path: Path) -> None:
    def replace(home: Path) -> None:
        text = (home / "node.json").read_text()
        [old] = re.findall(r'"genesisHash": "(0x[0-9a-f]{64})"', text)
        (home / "node.json").write_text(text.replace(old, "0x" + "11" * 32))

    with lone_validator(tmp_path, replace) as (home, _):
        wait_until(lambda: "and this network with 0x1111" in log(home))


def test_node_without_the_record_of_what_it_signed_says_so_and_ends(tmp_path: Path) -> None:
    with lone_validator(tmp_path, lambda home: (home / "signed.json").unlink()) as (home, _):
        wait_until(lambda: "a key can sign twice" in log(home))


def test_node_and_its_geth_may_be_killed_again_and_again(tmp_path: Path) -> None:
    with lone_validator(tmp_path, lambda _: None) as (home, url):
        wait_until(lambda: answers(url))
        before = Node(url).block(1)["hash"]
    for _ in range(2):
        node = nodes.start(home, programs.find())
        try:
            wait_until(lambda: answers(url))
            wait_until_higher(url, height(url) + 1)
            assert Node(url).block(1)["hash"] == before
        finally:
            node.process.kill()
            node.process.wait()


def at_home(home: Path) -> list[psutil.Process]:
    """The processes in the folder of a node."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == home:
                found.append(process)
    return found


def test_gas_is_paid_through_many_full_blocks(city: City) -> None:
    node = Node(city.url)
    price = node.block()["baseFeePerGas"] or 0
    for _ in range(100):  # a block that is full makes it dearer by an eighth, by a wei at the least
        price += max(1, price // 8)
    assert node.fees()["maxFeePerGas"] > price


def test_second_network_at_the_same_port_is_refused(city: City) -> None:
    ended = Shell(city.folder).veche("network", "run", "city", "--json")
    assert (ended.code, ended.error) == (5, "NodeStopped")


def test_trial_is_joined_by_its_own_file_elsewhere(city: City, tmp_path: Path) -> None:
    own = city.folder / "networks" / "city"
    before = (own / "network.json").read_bytes()
    words = ["network", "join", own / "trial" / "network.json"]
    ended = Shell(city.folder).veche(*words, "--rpc-port", free_port(), "--json")
    assert (ended.code, ended.error) == (3, "InvalidFile")  # the trial is another chain
    assert (own / "network.json").read_bytes() == before
    ended = Shell(tmp_path).veche(*words, "--json")
    assert (ended.code, ended.error) == (5, "NodeStopped")  # the trial's observer has that port
    with running(tmp_path, *words, "--rpc-port", (port := free_port())):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url))
        wait_until_higher(url, height(city.url))
        kept = (tmp_path / "networks" / "city" / "network.json").read_bytes()
        ended = Shell(tmp_path).veche(*words, "--rpc-port", free_port(), "--json")
        assert (ended.code, ended.error) == (5, "NodeStopped")
        assert "runs already" in ended.out
        assert (tmp_path / "networks" / "city" / "network.json").read_bytes() == kept


def test_node_answers_at_the_published_port_unless_another_is_asked_for(city: City) -> None:
    found = networks.read(city.folder / "networks" / "city" / "network.json")
    assert city.url == f"http://127.0.0.1:{found.rpc_port}"


def test_node_without_a_peer_says_so_and_goes_on(city: City, tmp_path: Path) -> None:
    file, port = tmp_path / "network.json", free_port()
    file.write_bytes((city.folder / "networks" / "city" / "network.json").read_bytes())
    nowhere = [f"{'ab' * 20}@127.0.0.1:{free_port()}"]
    fields = json.loads(file.read_text()) | {"bootnodes": [], "rpc": f"http://127.0.0.1:{port}"}
    fields["consensus"]["peers"] = nowhere
    file.write_text(json.dumps(fields))
    with running(tmp_path, "network", "join", file) as log:
        wait_until(lambda: f"no peer is reached of {nowhere[0]}" in log.read_text())
    described = (tmp_path / "networks" / "city" / "observer" / DESCRIPTION).read_text()
    assert json.loads(described)["rpc"]["port"] == port


def test_network_whose_port_is_taken_says_so_and_goes_on_when_it_is_free(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "network.toml").write_text(network_toml(port, ["north"]))
    assert Shell(tmp_path).veche("network", "make", "network.toml").code == 0
    with running(tmp_path, "network", "run", "city") as log:
        wait_until(lambda: "Starting 1 validators" in log.read_text())
        with socket.create_server(("127.0.0.1", port)):
            wait_until(lambda: "address already in use" in log.read_text())
        wait_until(lambda: "proposed by north" in log.read_text())


def test_node_of_another_network_is_refused_by_name(city: City, tmp_path: Path) -> None:
    own = networks.read(city.folder / "networks" / "city" / "network.json")
    fields = json.loads(own.to_json()) | {"genesisHash": "0x" + "11" * 32}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(fields))
    ended = Shell(tmp_path).veche("polls", "--rpc", other, "--json")
    assert (ended.code, ended.error) == (7, "WrongNetwork")


def test_validators_with_sentries_talk_to_their_own_alone(tmp_path: Path) -> None:
    sentry = ["[[sentries]]", 'name = "gate"', 'of = "north"', 'host = "192.0.2.9"']
    text = network_toml(free_port(), ["north", "east"]) + "\n".join(sentry)
    (tmp_path / "network.toml").write_text(text)
    assert Shell(tmp_path).veche("network", "make", "network.toml").code == 0
    own = tmp_path / "networks" / "city"
    homes = [own / "validators" / "north", own / "validators" / "east", own / "sentries" / "gate"]
    north, east, gate = (json.loads((home / "node.json").read_text()) for home in homes)
    published = networks.read(own / "network.json").consensus.peers
    assert [each.partition("@")[2] for each in published] == ["192.0.2.9:26656"]
    assert set(published) < set(north["peers"])
    assert not set(published) & set(east["peers"])
    assert (north["private"], east["private"], gate["private"]) == (True, True, False)
    assert not (homes[2] / "validator-key.json").exists()


# -- The guide --


def test_guide_leads_to_a_published_poll(tmp_path: Path) -> None:
    """Line by line as it is printed, with faster blocks and dates that are to come."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    hasten(tmp_path / "examples")
    *making, run = MAKING.strip().splitlines()
    assert run == "veche network run city"
    bash(tmp_path, "\n".join(making))
    with running(tmp_path, *run.split()[1:]) as log:
        wait_until(lambda: "proposed by" in log.read_text())
        said = bash(tmp_path, FOLLOWING)
    assert re.search("oak-street-trees .* scheduled", said), said


def test_guide_names_figures_that_both_programs_give(tmp_path: Path) -> None:
    named = set(re.findall(r"^\| `(\w+)`(?: \(geth\))? \|", GUIDE, re.MULTILINE))
    urls = re.findall(r"`(http://127.0.0.1:\d+/\S+)`", GUIDE)
    assert (len(named), len(urls)) == (8, 2)
    with lone_validator(tmp_path, lambda _: None) as (home, _):
        pass  # its folder is there
    line, found = WATCHING.strip(), programs.find()
    for port in ("26660", "6060"):
        free = str(free_port())
        line = line.replace(port, free)
        urls = [each.replace(f":{port}/", f":{free}/") for each in urls]
    with (home / nodes.LOG).open("ab") as file, logs_shown(tmp_path):
        node = subprocess.Popen(  # noqa: S603  # our own guide
            ["bash", "-c", f"exec {line}"],  # noqa: S607  # whichever there is
            cwd=home, env=os.environ | found.environment, stdout=file, stderr=file,
        )  # fmt: skip
        observer = nodes.start(home.with_name("observer"), found)  # its peer
        try:
            wait_until(lambda: named <= {name for url in urls for name in figures(url)})
        finally:
            observer.stop()
            node.terminate()
            node.wait()


def figures(url: str) -> set[str]:
    """The names of the figures at a URL; none if nobody answers yet."""
    with suppress(OSError), urlopen(url) as answer:  # noqa: S310  # our own
        return set(re.findall(r"^\w+", answer.read().decode(), re.MULTILINE))
    return set()


def test_guides_backup_has_the_keys_and_no_record_of_what_they_signed(city: City) -> None:
    home = city.folder / "networks" / "city" / "trial" / "north"
    bash(home, BACKING_UP)
    listed = bash(home, "tar -tf town-hall.tar").split()
    assert {*SECRETS} - {"signed.json"} < {*listed}
    assert not {each for each in listed if each.startswith(("signed", "data"))}
    assert "signed.json" in bash(home, "ls")


def hasten(examples: Path) -> None:
    network, later = examples / "network.toml", f"{datetime.now(UTC).year + 1}-"
    text = network.read_text().replace("block_time = 5", "block_time = 1")
    network.write_text(text.replace("rpc_port = 8545", f"rpc_port = {free_port()}"))
    for name in ("board.toml", "poll.toml"):
        file = examples / name
        file.write_text(file.read_text().replace("2027-", later))


# -- A whole poll --


class Officials:
    """Who runs the scripts, with a home of their own."""

    def __init__(self, city: City) -> None:
        self.city = city
        home = city.folder / "home"
        home.mkdir()
        keystore = write_keystore(home / "official.json", "official")
        self.environment = os.environ | {
            "HOME": str(home),
            "VECHE_KEYSTORE": str(keystore),
            "VECHE_PASSWORD": PASSWORD,
            "VECHE_YES": "1",
        }
        self._call("networks", "import", "networks/city/brownie.yaml")

    def run(self, verb: str, *words: str) -> str:
        script = str(ROOT / "scripts" / verb)
        return self._call("run", script, "main", *words, "--network", "city")

    def _call(self, *words: str) -> str:
        ended = subprocess.run(  # noqa: S603  # our own code
            [str(BROWNIE), *words],
            cwd=self.city.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, (ended.stdout, ended.stderr)
        return ended.stdout


def write_keystore(path: Path, name: str) -> Path:
    """A keystore that opens at once, as it needs to protect nobody."""
    path.write_text(json.dumps(Account.encrypt(person(name).key, PASSWORD, iterations=2)))
    return path


def moment(seconds_from_now: int) -> str:
    return datetime.fromtimestamp(int(time()) + seconds_from_now, UTC).isoformat()


def write_board(city: City) -> None:
    """The cards are those that `veche trustee keygen` makes, here from known keys."""
    lines = ['name = "city-board"', "threshold = 2", "min_voters = 2"]
    lines += [f"deal_by = {moment(3600)}", f"confirm_by = {moment(7200)}"]
    for i in range(TRUSTEES):
        folder = city.folder / f"trustee-{i}"
        folder.mkdir()
        write_keystore(folder / "account.json", f"trustee {i}")
        write_keystore(folder / "sealing.json", f"sealing {i}")
        Answers.create(folder / "answers.json")
        key = person(f"sealing {i}")._key_obj.public_key.to_compressed_bytes()
        lines += ["[[trustees]]", f'name = "Trustee {i}"']
        lines += [f'account = "{person(f"trustee {i}").address}"', f'sealing_key = "0x{key.hex()}"']
    (city.folder / "board.toml").write_text("\n".join(lines) + "\n")


def write_poll(city: City, *, opens_in: int, lasts: int) -> None:
    lines = ['id = "trees"', 'title = "Trees"', 'board = "city-board"', 'roll = "roll.csv"']
    lines += ["min_voters = 2", f"opens = {moment(opens_in)}"]
    lines += [f"closes = {moment(opens_in + lasts)}", "[[questions]]", 'text = "Which tree?"']
    lines += ['kind = "choose one"', 'options = ["Lime", "Oak"]']
    (city.folder / "poll.toml").write_text("\n".join(lines) + "\n")
    rows = [f"{person(f'voter {i}').address},1" for i in range(VOTERS)]
    (city.folder / "roll.csv").write_text("address,weight\n" + "\n".join(rows) + "\n")


def serve(i: int) -> list[object]:
    folder = ["--folder", f"trustee-{i}", "--rpc", "city", "--every", 1]
    return ["trustee", "serve", *folder]


def test_whole_poll_from_scripts_to_the_verdict_of_who_joins(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(city.folder, {"VECHE_RPC": "city", "VECHE_PASSWORD": PASSWORD})
    officials = Officials(city)
    officials.run("deploy_catalogue")
    published = shell.veche("network", "publish", "city", "--json")
    assert published.code == 0, published
    write_board(city)
    officials.run("convene_board", "board.toml")
    monkeypatch.setenv("VECHE_PASSWORD", PASSWORD)
    with started(city, [serve(i) for i in range(2)]):  # the third comes later
        with started(city, [serve(2)]):
            wait_until(lambda: "ready" in officials_status(officials))
        write_poll(city, opens_in=40, lasts=75)
        officials.run("publish_poll", "poll.toml")
        officials.run("publish_roll", "poll.toml")
        poll = polled(city)
        wait_until(lambda: poll.phase == veche.Phase.OPEN)
        vote(shell, city)
        wait_until(lambda: poll.phase == veche.Phase.CLOSED, within=120)
        wait_until(lambda: len(poll.shares_posted()) == 2)
    officials.run("publish_result", "trees")
    assert poll.result() == {"Which tree?": {"Lime": 2, "Oak": 4}}
    joined(city, tmp_path)


def officials_status(officials: Officials) -> str:
    return officials.run("status")


@contextmanager
def started(city: City, commands: list[list[object]]) -> Iterator[None]:
    """Trustees' services, ended as a service manager ends them."""
    processes = [
        subprocess.Popen(  # noqa: S603  # our own code
            [*COMMAND, *map(str, each)], cwd=city.folder, stdout=subprocess.DEVNULL
        )
        for each in commands
    ]
    try:
        yield
        assert [each.poll() for each in processes] == [None] * len(processes)
    finally:
        for each in processes:
            each.terminate()
            each.wait()


def polled(city: City) -> veche.Poll:
    chain = veche.connect(str(city.folder / "networks" / "city" / "network.json"))
    assert chain.confirmations == 1
    assert chain.network
    assert chain.network.catalogue
    catalogue = chain.catalogue(chain.network.catalogue.address)
    return chain.poll(catalogue.versions("trees")[0])


def vote(shell: Shell, city: City) -> None:
    """Nobody has ether; a carrier pays for all."""
    files = []
    for i in range(VOTERS):
        keystore = write_keystore(city.folder / f"voter-{i}.json", f"voter {i}")
        files.append(f"ballot-{i}.json")
        choice = "Lime" if i % 3 == 0 else "Oak"
        options = ["--choose", choice, "--keystore", keystore, "--out", files[-1]]
        assert shell.veche("vote", "trees", *options).code == 0
    carrier = write_keystore(city.folder / "carrier.json", "carrier")
    ended = shell.veche("carry", *files, "--keystore", carrier)
    assert ended.code == 0, ended
    assert f"{VOTERS} of {VOTERS} ballots on chain" in ended.out


def joined(city: City, folder: Path) -> None:
    """Somebody with nothing but the published file has a node of their own and checks it all."""
    file = folder / "network.json"
    file.write_bytes((city.folder / "networks" / "city" / "network.json").read_bytes())
    with_trial_ports(city, file)
    port, page = free_port(), "https://polls.example.org"
    goal = height(city.url)
    with running(folder, *JOINING.split()[1:], "--rpc-port", port, "--cors", page):
        own = Shell(folder, {"VECHE_RPC": "city"})
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url))
        assert height(url) >= goal - 1  # it answers when it has caught up
        wait_until_higher(url, goal)
        assert allowed(url, page) == page
        assert allowed(url, "https://elsewhere.example.org") is None
        assert allowed(city.url, page) is None
        ended = own.veche(*VERIFYING.replace("oak-street-trees", "trees").split()[1:], "--json")
        assert ended.code == 0, ended
        assert ended.json["verdict"] == "pass"
        results = own.veche("results", "trees", "--json").json["results"]
        assert [each["scores"] for each in results] == [{"Lime": 2, "Oak": 4}]


def allowed(url: str, page: str) -> str | None:
    """The origin of web pages that a node allows, asked by one."""
    asked = Request(url, b"{}", {"Origin": page, "Content-Type": "application/json"})  # noqa: S310  # our own
    with urlopen(asked) as answer:  # noqa: S310  # likewise
        found: str | None = answer.headers["Access-Control-Allow-Origin"]
    return found


def with_trial_ports(city: City, file: Path) -> None:
    """The published addresses are those of other machines: a trial's nodes are on this one."""
    trial = json.loads((city.folder / "networks" / "city" / "trial" / "network.json").read_text())
    fields = json.loads(file.read_text())
    fields |= {name: trial[name] for name in ("bootnodes", "consensus")}
    file.write_text(json.dumps(fields))
