"""The contracts on an embedded chain, and what they say of an input in plain form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import brownie
import pytest
from eth_abi.abi import decode
from eth_hash.auto import keccak
from eth_utils.abi import collapse_if_tuple

from support.embedded_chain import configure, connected
from support.forms import Form, number, numbers
from support.harnesses import (
    Call,
    Reverted,
    ballot_arguments,
    blame_arguments,
    deal_arguments,
    share_arguments,
)
from support.verdicts import ACCEPTED, Verdict
from veche.chain.embedded import EmbeddedChain

# Brownie connects when the tests are collected, after this file is read
configure()


@pytest.fixture(scope="session", autouse=True)
def embedded() -> EmbeddedChain:
    return connected()


@pytest.fixture(scope="session")
def errors() -> dict[bytes, tuple[str, list[str]]]:
    """Name and types of every custom error of the contracts, by selector."""
    found = {}
    builds = dict(brownie.project.get_loaded_projects()[0]._build.items())
    for build in builds.values():
        if not build["sourcePath"].startswith("contracts/"):
            continue
        for entry in build["abi"]:
            if entry["type"] == "error":
                types = [each["type"] for each in entry["inputs"]]
                selector = keccak(f"{entry['name']}({','.join(types)})".encode())[:4]
                found[selector] = entry["name"], types
    return found


@pytest.fixture(scope="session")
def call(errors: dict[bytes, tuple[str, list[str]]]) -> Call:
    """Calls a method, or a constructor, with arguments, without a transaction."""

    def run(method: Any, *args: Any, sender: Any = None) -> Any:
        request = {"data": method.encode_input(*args), "gas": hex(2**30)}
        if hasattr(method, "_address"):
            request["to"] = method._address
        if sender is not None:
            request["from"] = str(sender)
        answer = brownie.web3.provider.make_request("eth_call", [request, "latest"])
        if "error" not in answer:
            types = [collapse_if_tuple(each) for each in method.abi.get("outputs", [])]
            values = decode(types, bytes.fromhex(answer["result"][2:])) if types else ()
            return values[0] if len(values) == 1 else values
        raw = bytes.fromhex(answer["error"]["data"][2:])
        if raw[:4] not in errors:
            pytest.fail(f"no custom error: {answer['error']}")
        name, types = errors[raw[:4]]
        raise Reverted((name, tuple(decode(types, raw[4:]))))

    return run


@pytest.fixture(scope="session")
def at_time(embedded: EmbeddedChain) -> Callable[[int], None]:
    """Sets the clock of the chain, in seconds since 1970."""
    return embedded.at_time


def _deploy(name: str) -> Any:
    project = brownie.project.get_loaded_projects()[0]
    return project[name].deploy({"from": brownie.accounts[0]})


@pytest.fixture(scope="session")
def group() -> Any:
    return _deploy("GroupHarness")


@pytest.fixture(scope="session")
def transcripts() -> Any:
    return _deploy("TranscriptHarness")


@pytest.fixture(scope="session")
def ballots() -> Any:
    return _deploy("BallotHarness")


@pytest.fixture(scope="session")
def trustees() -> Any:
    return _deploy("TrusteeHarness")


@pytest.fixture(scope="session")
def fails_with(call: Call) -> Any:
    """Asserts that a call is refused, by this name and with these values."""

    def check(name: str, values: tuple[Any, ...], method: Any, *args: Any, sender: Any) -> None:
        with pytest.raises(Reverted) as caught:
            call(method, *args, sender=sender)
        assert caught.value.verdict == (name, values)

    return check


# -- Verdicts --


@pytest.fixture(scope="session")
def contract_verdict(call: Call, group: Any, ballots: Any, trustees: Any) -> Any:
    """What the contracts say of an input of a kind, with honest hints where hints can be had."""
    methods: dict[str, tuple[Any, Callable[[Form], list[Any]]]] = {
        "point": (group.requirePoint, lambda form: numbers(form["point"])),
        "scalar": (group.requireScalar, lambda form: [number(form["scalar"])]),
        "questions": (ballots.requirePossible, lambda form: [form["questions"]]),
        "ballot": (ballots.verify, ballot_arguments),
        "deal": (trustees.verifyDeal, deal_arguments),
        "blame": (trustees.verifyBlame, blame_arguments),
        "share": (trustees.verifyShare, share_arguments),
    }

    def judge(kind: str, form: Form) -> Verdict:
        method, arguments = methods[kind]
        try:
            call(method, *arguments(form))
        except Reverted as reverted:
            return reverted.verdict
        return ACCEPTED

    return judge
