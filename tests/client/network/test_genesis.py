"""The first block of a private network."""

from __future__ import annotations

from typing import Any

from veche.chain.creation import DEPLOYER, DEPLOYER_CODE
from veche.files.network import CONFIG, GENESIS
from veche.network import genesis

ACCOUNTS = [f"0x{i:039x}A" for i in range(1, 5)]


def first_block() -> dict[str, Any]:
    return genesis.make(
        chain_id=202712,
        gas_limit=150_000_000,
        digest=b"\x07" * 32,
        accounts={ACCOUNTS[0]: 10**18},
    )


def test_first_block_names_its_validators_by_a_digest() -> None:
    assert first_block()["extraData"] == f"0x{'07' * 32}"


def test_first_block_has_the_rules_that_the_contracts_and_the_engine_need() -> None:
    config = first_block()["config"]
    assert (config["chainId"], config["terminalTotalDifficulty"]) == (202712, 0)
    assert config["londonBlock"] == config["cancunTime"] == 0


def test_first_block_has_no_names_that_a_reader_refuses() -> None:
    block = first_block()
    assert set(block) == GENESIS
    assert set(block["config"]) == CONFIG


def test_first_block_gives_accounts_their_ether() -> None:
    block = first_block()
    assert block["alloc"][ACCOUNTS[0][2:].lower()] == {"balance": hex(10**18)}
    assert block["gasLimit"] == hex(150_000_000)


def test_first_block_has_the_deployer_of_catalogues_and_no_other_code() -> None:
    with_code = {name: each for name, each in first_block()["alloc"].items() if "code" in each}
    deployer = {"code": f"0x{DEPLOYER_CODE.hex()}", "nonce": "0x1", "balance": "0x0"}
    assert with_code == {DEPLOYER[2:].lower(): deployer}
