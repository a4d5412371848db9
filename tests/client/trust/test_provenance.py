"""Addresses that prove a creation, and contracts that are not where they must be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.paper_polls import PaperPoll
from support.vector_files import load
from veche.trust import provenance
from veche.trust.provenance import BEWARE, create2

# EIP-1014 gives these
EXAMPLES = [
    ("00" * 20, "00" * 32, "00", "0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38"),
    ("deadbeef" + "00" * 16, "00" * 32, "00", "0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3"),
    (
        "deadbeef" + "00" * 16,
        "00" * 12 + "feed" + "00" * 18,
        "00",
        "0xD04116cDd17beBE565EB2422F2497E06cC1C9833",
    ),
    ("00" * 20, "00" * 32, "deadbeef", "0x70f2b2914A2a4b783FaEFb75f459A580616Fcb5e"),
    ("00" * 20, "00" * 32, "", "0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0"),
]


def decoded(digits: str) -> bytes:
    """Bytes of any length."""
    return bytes.fromhex(digits.removeprefix("0x"))


@pytest.mark.parametrize(("deployer", "salt", "creation", "address"), EXAMPLES)
def test_address_is_that_of_the_standard(
    deployer: str, salt: str, creation: str, address: str
) -> None:
    found = create2("0x" + deployer, bytes.fromhex(salt), bytes.fromhex(creation))
    assert found == address


@pytest.mark.parametrize("vector", load("addresses"))
def test_address_is_that_of_the_vectors(vector: Any) -> None:
    creation, salt = decoded(vector["creation"]), decoded(vector["salt"])
    assert create2(vector["deployer"], salt, creation) == vector["address"]


def test_fault_says_what_was_expected_where() -> None:
    root = PaperPoll().facts.provenance.root
    forged = replace(root, salt=bytes(32))
    fault = provenance.faults_in_root(forged)[provenance.CATALOGUE]
    expected = provenance.catalogue_address(
        root.deployer,
        bytes(32),
        first_owner=root.first_owner,
        poll_code=root.polls.address,
        board_code=root.boards.address,
    )
    assert f"is at {expected} and not at {root.address}" in fault
    assert fault.endswith(BEWARE)


def test_code_is_bound_to_its_deployer() -> None:
    """What counts polls is bound to the code of polls."""
    root = PaperPoll().facts.provenance.root
    faults = provenance.faults_in_root(replace(root, deployer="0x" + "11" * 20))
    assert {name for name, fault in faults.items() if not fault} == {provenance.TALLY_CODE}
