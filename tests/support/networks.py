"""A private network on paper: its file without its nodes."""

from __future__ import annotations

from veche.files.consensus import Consensus, Validator
from veche.files.network import Network

ACCOUNTS = [f"0x{i:040x}" for i in range(1, 5)]
ENODE = f"enode://{'ab' * 64}@192.0.2.1:30303"
PEER = f"{'cd' * 20}@192.0.2.1:26656"


def network(validators: int = 4) -> Network:
    """A network with so many validators."""
    consensus = Consensus(
        chain="city-202712",
        begins="2027-01-01T12:00:00Z",
        block_time=5,
        validators=tuple(
            Validator(f"validator-{i}", bytes([i]) * 32) for i in range(1, validators + 1)
        ),
        peers=(PEER,),
    )
    return Network(
        name="city",
        chain_id=202712,
        genesis={
            "config": {"chainId": 202712},
            "gasLimit": "0x8f0d180",
            "extraData": f"0x{consensus.digest.hex()}",
        },
        genesis_hash=b"\x01" * 32,
        consensus=consensus,
        confirmations=1,
        bootnodes=(ENODE,),
        rpc="http://127.0.0.1:8545",
        catalogue=None,
        codes={"Poll": b"\x02" * 32},
    )
