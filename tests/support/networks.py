"""A private network on paper: its file without its nodes."""

from __future__ import annotations

from veche.files.network import Network

ACCOUNTS = [f"0x{i:040x}" for i in range(1, 5)]
ENODE = f"enode://{'ab' * 64}@192.0.2.1:30303"


def network(validators: int = 4) -> Network:
    """A network with so many validators."""
    named = "".join(each[2:] for each in ACCOUNTS[:validators])
    extra = f"0x{'00' * 32}{named}{'00' * 65}"
    return Network(
        name="city",
        chain_id=202712,
        genesis={
            "config": {"chainId": 202712, "clique": {"period": 5, "epoch": 30_000}},
            "gasLimit": "0x8f0d180",
            "extraData": extra,
        },
        genesis_hash=b"\x01" * 32,
        bootnodes=(ENODE,),
        rpc="http://127.0.0.1:8545",
        catalogue=None,
        codes={"Poll": b"\x02" * 32},
    )
