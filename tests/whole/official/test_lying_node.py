"""What officials are told by a node that lies: it must not lead voters to another poll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from support.lies import BOARD, call_of
from support.lying_nodes import LyingNode, lying_node
from support.officials_work import ID, ExampleTown
from veche import official
from veche.chain.catalogue import PAGE, id_bytes
from veche.chain.catalogue_contract import INTERFACE as CATALOGUE
from veche.chain.poll_contract import INTERFACE as POLL
from veche.crypto.group import G, Scalar
from veche.errors import AnotherRun, ChecksFailed, UnknownContract, WrongAnswer


@pytest.fixture
def node(town: ExampleTown) -> Iterator[LyingNode]:
    with lying_node(town.chain.url) as running:
        yield running


def test_poll_that_the_file_does_not_describe_is_not_announced(
    town: ExampleTown, node: LyingNode
) -> None:
    town.with_a_poll()
    town.change(town.poll_file, "Trees for Oak Street", "Trees for Elm Street")
    count, first = (
        CATALOGUE.data(*call).hex()
        for call in (("versionCount", id_bytes(ID)), ("versions", id_bytes(ID), 0, PAGE))
    )

    def hide_the_new_one(method: str, parameters: list[Any], told: Any) -> Any:
        asked = parameters[0]["data"] if method == "eth_call" else ""
        if asked == f"0x{count}":
            return f"0x{1:064x}"
        return told[:66] + f"{1:064x}" + told[130:194] if asked == f"0x{first}" else told

    node.lie = hide_the_new_one
    with pytest.raises(AnotherRun, match="it is not the poll in"):
        official.publish_poll(town.office(url=node.url), town.poll_file)
    assert "veche:" not in town.told()
    assert len(town.office().catalogue.versions(ID)) == 2  # the old and the new


def test_poll_with_another_key_than_its_boards_is_not_announced(
    town: ExampleTown, node: LyingNode
) -> None:
    poll = town.with_a_poll()
    key = G * Scalar(5)
    forged = replace(poll.definition, key=key)
    told = {
        "0x" + POLL.data("key").hex(): f"0x{key.x:064x}{key.y:064x}",
        "0x" + POLL.data("pollHash").hex(): f"0x{forged.hash.hex()}",
    }

    def show_another_key(method: str, parameters: list[Any], honest: Any) -> Any:
        is_asked = method == "eth_call" and parameters[0]["to"].lower() == poll.address.lower()
        return told.get(parameters[0]["data"], honest) if is_asked else honest

    node.lie = show_another_key
    with pytest.raises(ChecksFailed, match="poll's key"):
        official.publish_poll(town.office(url=node.url), town.poll_file)
    assert "veche:" not in town.told()


def test_board_of_others_is_not_noted_in_place_of_the_own(
    town: ExampleTown, node: LyingNode
) -> None:
    town.with_a_key()
    other = town.office().deployments.board("city-2027")
    town.change(town.board_file, "city-2027", "city-2028")
    town.change(town.board_file, "min_voters = 10", "min_voters = 20")
    topic = CATALOGUE.topic("BoardConvened")

    def name_another_board(method: str, _: list[Any], told: Any) -> Any:
        for log in told["logs"] if method == "eth_getTransactionReceipt" and told else ():
            if log["topics"][0] == topic:
                log["topics"][1] = f"0x{int(other, 16):064x}"
        return told

    node.lie = name_another_board
    with pytest.raises(WrongAnswer, match="another board"):
        official.convene_board(town.office(url=node.url), town.board_file)
    assert "city-2028" not in town.office().deployments.boards


def test_board_with_endless_trustees_is_refused(town: ExampleTown, node: LyingNode) -> None:
    town.with_a_key()
    address = town.office().deployments.board("city-2027")
    node.lie = call_of(BOARD, "trusteeCount", lambda _: "0x" + "ff" * 32)
    with pytest.raises(UnknownContract, match="trustees"):
        town.office(url=node.url).chain.board(address)
