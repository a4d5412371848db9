"""How nodes and providers speak, as their users have reported it or as they answer here: each is a
twist for a proxy in front of a real node.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support.lying_nodes import Twist, refusing, with_error
from veche.chain.node import Node

RANGES = {
    "geth": "exceed maximum block range: {}",
    "Infura": "range {asked} exceeds limit of {}",
    "QuickNode": "eth_getLogs is limited to a {:,} range",
    "Alchemy": "Under the Free tier plan, you can make eth_getLogs requests with up to a {} block "
    "range.",
    "Besu": "Requested range exceeds maximum RPC range limit",
    "Scroll": "block range is bigger than maxBlockRange",
    "no reason": "internal error",
}
"""Refusals of too many blocks at once; some name the limit."""

BATCHES = {
    "dRPC": "Batch of more than {} requests are not allowed on free tier",
    "no number": "batch requests are not supported",
    "no reason": "invalid request",
}

KNOWN = {
    "geth, anvil": "already known",
    "Besu, Hardhat": "Known transaction: 0x0123",
    "Nethermind": "AlreadyKnown",
    "OpenEthereum": "Transaction with the same hash was already imported.",
}

POOR = {
    "geth": "insufficient funds for gas * price + value: balance 0, tx cost 21000",
    "anvil": "Insufficient funds for gas * price + value",
    "Nethermind": "InsufficientFunds, Account balance: 0, cumulative cost: 21000",
    "Besu": "Upfront cost exceeds account balance",
    "Besu, long": "transaction up-front cost 0x1 exceeds transaction sender account balance 0x0",
    "Hardhat": "Sender doesn't have enough funds to send tx. The max upfront cost is: 1 and the "
    "sender's balance is: 0.",
}

PRUNED = {
    "geth, reth": (4444, "pruned history unavailable"),
    "Nethermind": (-32000, "Receipt not available for From block 7."),
    "Erigon": (-32000, "data before txNum=26 is not available: blockNum=16, txNum=19"),
    "state": (-32000, "missing trie node 0123 (path ) state 0x01 is not available"),
}


def ranges_of(most: int, said: str, *, refused: list[int]) -> Twist:
    """Shows the logs of so many blocks at once, and notes for how many it was asked too much.
    Blocks that are still to come have none, so that no test needs a long chain.
    """

    def twist(asked: Any, told: Any) -> Any:
        if isinstance(asked, list) or asked["method"] != "eth_getLogs":
            return told
        query = asked["params"][0]
        size = int(query["toBlock"], 16) + 1 - int(query["fromBlock"], 16)
        if size <= most:
            return told if "result" in told else {"id": asked["id"], "result": []}
        refused.append(size)
        return with_error(asked, said.format(most, asked=size), code=-32602)

    return twist


def batches_of(most: int, said: str, *, refused: list[int]) -> Twist:
    """Answers so many calls of one request; none in a list, if that is 0."""

    def twist(asked: Any, told: Any) -> Any:
        if not isinstance(asked, list) or 0 < len(asked) <= most:
            return told
        refused.append(len(asked))
        return with_error({}, said.format(most))

    return twist


def reverts(form: str) -> Twist:
    """Tells a revert as other nodes do."""

    def twist(asked: Any, told: Any) -> Any:
        if isinstance(asked, list) or "data" not in told.get("error", {}):
            return told
        data = told["error"]["data"]
        said, code, shown = REVERTS[form]
        return with_error(asked, said, code=code, data=_filled(shown, data))

    return twist


def _filled(shown: Any, data: str) -> Any:
    if isinstance(shown, dict):
        return {name: _filled(each, data) for name, each in shown.items()}
    return shown.replace("DATA", data) if isinstance(shown, str) else shown


REVERTS: dict[str, tuple[str, int, Any]] = {
    "geth": ("execution reverted", 3, "DATA"),
    "Hardhat": (
        "Error: VM Exception while processing transaction: reverted with a custom error",
        -32603,
        {"message": "Error: VM Exception", "txHash": "0x" + "12" * 32, "data": "DATA"},
    ),
    "Ganache 7": (
        "VM Exception while processing transaction: revert",
        -32000,
        {"hash": None, "programCounter": 7, "result": "DATA", "message": "revert"},
    ),
    "Ganache 6": (
        "VM Exception while processing transaction: revert",
        -32000,
        {"0x" + "12" * 32: {"error": "revert", "return": "DATA"}, "name": "RuntimeError"},
    ),
    "Nethermind": ("VM execution error.", -32015, "Reverted DATA"),
    "OpenEthereum": ("VM execution error.", -32015, "Reverted DATA"),
    "a library in between": ("call failed: reverted", -32603, {"originalError": {"data": "DATA"}}),
}


def hashes_in_objects(asked: Any, told: Any) -> Any:
    """Refuses the hash of a block alone, as Hardhat does."""
    return _refuse_hash(asked, told, str)


def hashes_alone(asked: Any, told: Any) -> Any:
    """Refuses the hash of a block by EIP-1898, as nodes did before it."""
    return _refuse_hash(asked, told, dict)


def _refuse_hash(asked: Any, told: Any, refused: type) -> Any:
    for one in asked if isinstance(asked, list) else [asked]:
        at = one["params"][1] if one["method"] in ("eth_call", "eth_getCode") else None
        is_number = isinstance(at, str) and len(at) <= len("0x") + 16
        if isinstance(at, refused) and not is_number:
            error = with_error(one, "invalid argument 1: hex number > 64 bits", code=-32602)
            return [error] if isinstance(asked, list) else error
    return told


def pruned_before(first: int, dialect: str, *, asked_for: list[int]) -> Twist:
    """Keeps no blocks before the first; notes for which logs it was asked."""
    code, said = PRUNED[dialect]

    def twist(asked: Any, told: Any) -> Any:
        if isinstance(asked, list):
            return told
        numbers = []
        if asked["method"] == "eth_getLogs":
            numbers = [int(asked["params"][0]["fromBlock"], 16)]
            asked_for.extend(numbers)
        if asked["method"] == "eth_getBlockByNumber" and asked["params"][0].startswith("0x"):
            numbers = [int(asked["params"][0], 16)]
        gone = any(each < first for each in numbers)
        return with_error(asked, said, code=code) if gone else told

    return twist


# -- What waits for a block --


def pool_of(node: Node) -> Twist:
    """Shows what waits as geth does, too."""

    def twist(asked: Any, answer: Any) -> Any:
        if not isinstance(asked, dict) or asked["method"] != "txpool_contentFrom":
            return answer
        account, pool = asked["params"][0].lower(), node.request("txpool_content")
        own = {where: pool[where].get(account, {}) for where in ("pending", "queued")}
        return {"jsonrpc": "2.0", "id": asked["id"], "result": own}

    return twist


def in_pool(node: Node) -> Twist:
    """Shows what waits as geth does, and in no other way."""
    refused, shown = refusing_all("eth_getTransactionBySenderAndNonce", "true"), pool_of(node)
    return lambda asked, answer: shown(asked, refused(asked, answer))


def refusing_all(*texts: str) -> Twist:
    """Refuses every request that holds one of these texts."""

    def twist(asked: Any, answer: Any) -> Any:
        for each in texts if isinstance(asked, dict) else ():
            answer = refusing(asked["method"], "no such method", of=each)(asked, answer)
        return answer

    return twist


SHOWN: dict[str, Callable[[Node], Twist]] = {
    "by its number": lambda _: refusing_all("txpool", "true"),
    "in the pool": in_pool,
    "in the next block": lambda _: refusing_all("SenderAndNonce", "txpool"),
    "not at all": lambda _: refusing_all("SenderAndNonce", "txpool", "true"),
}
"""The ways in which nodes show what waits for a block."""
