"""Every example file is what it says."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

from veche.files.board import read_board
from veche.files.poll import read_poll
from veche.files.relay import read_relay
from veche.files.roll import read_roll
from veche.network.network_file import read_network
from veche.protocol.content import kind

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_poll_has_three_kinds_of_questions() -> None:
    poll = read_poll(EXAMPLES / "poll.toml")
    assert [kind(each) for each in poll.questions] == [
        "choose one",
        "approve of any number",
        "give 10 points in all",
    ]


def test_board_has_three_trustees_and_serves_the_poll() -> None:
    board, poll = read_board(EXAMPLES / "board.toml"), read_poll(EXAMPLES / "poll.toml")
    assert (board.threshold, len(board.trustees)) == (2, 3)
    assert poll.board == board.name
    assert poll.min_voters >= board.min_voters
    assert board.confirm_by < poll.opens


def test_somebody_can_pay_for_all_on_the_network() -> None:
    payer = "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720"
    assert payer in read_network(EXAMPLES / "network.toml").accounts


def test_relay_is_reached_by_its_proxy_alone(tmp_path: Path) -> None:
    copy(EXAMPLES / "relay.toml", tmp_path)
    for each in ("relay.key", "relay.password"):
        (tmp_path / each).touch()
    relay = read_relay(tmp_path / "relay.toml")
    assert (relay.host, relay.proxies) == ("127.0.0.1", ("127.0.0.1",))
    assert relay.keystore == tmp_path / "relay.key"
    assert relay.store == f"sqlite:///{tmp_path / 'relay.sqlite'}"


def test_roll_has_voters_with_weights() -> None:
    roll = read_roll(EXAMPLES / "roll.csv")
    assert len(roll) == 24
    assert roll.total_weight == 31


def test_every_example_is_explained() -> None:
    text = (EXAMPLES / "README.md").read_text()
    for path in EXAMPLES.iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in text
