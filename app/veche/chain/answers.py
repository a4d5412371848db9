"""The answers of a node, checked before anybody uses them: every type, size and range; and that a
block, log, receipt or transaction is the one that was asked for.

All other modules take what these functions return. A node is a stranger: whatever it may answer,
the only outcomes are a value of the promised form and `WrongAnswer`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, TypedDict

from eth_utils.address import to_checksum_address

from veche.errors import WrongAnswer

HASH: Final = 32
"""Bytes of a hash."""
ADDRESS: Final = 20
"""Bytes of an address."""
MOST_TOPICS: Final = 4
COUNT: Final = (1 << 63) - 1
"""Maximum of what is counted: blocks, gas, transactions, seconds."""
WEI: Final = (1 << 128) - 1
"""Maximum of an amount of wei. All ether there is, is far less."""

PRICES: Final = ("maxFeePerGas", "maxPriorityFeePerGas")
"""What a transaction offers for a unit of gas. Old ones, and old chains, have `gasPrice` alone."""

Answer = Any
"""Plain JSON, as the node gives it."""

_QUANTITY = re.compile("0x[0-9a-fA-F]{1,64}")


class Header(TypedDict):
    """The header of a block, as far as it is used. The hash of a pending block is empty.

    `timestamp` is in seconds since 1970; `baseFeePerGas` is None on chains without one.
    """

    number: int
    hash: bytes
    timestamp: int
    gasLimit: int
    baseFeePerGas: int | None


class Log(TypedDict):
    """A log: the address has its checksum, all else is bytes and numbers."""

    address: str
    topics: list[bytes]
    data: bytes
    blockNumber: int
    blockHash: bytes
    transactionHash: bytes


class Receipt(TypedDict):
    """The receipt of a transaction in a block. `status` is 1 if it succeeded, otherwise 0."""

    transactionHash: bytes
    blockNumber: int
    blockHash: bytes
    gasUsed: int
    status: int
    contractAddress: str | None
    logs: list[Log]


class Waiting(TypedDict):
    """A transaction that waits for a block.

    `to` is empty if it creates a contract. `fields` are what was signed, but for the chain's id.
    """

    transaction: bytes
    nonce: int
    to: str
    data: bytes
    fields: dict[str, Any]


# -- Values --


def quantity(answer: Answer, what: str, *, most: int = COUNT) -> int:
    """A number: 0x and hexadecimal digits, at most `most`."""
    if not isinstance(answer, str) or not _QUANTITY.fullmatch(answer):
        raise WrongAnswer(f"the {what} is no number")
    found = int(answer, 16)
    if found > most:
        raise WrongAnswer(f"the {what} is larger than can be")
    return found


def data(answer: Answer, what: str, *, size: int | None = None) -> bytes:
    """Bytes: 0x and hexadecimal digits, `size` bytes if that is given."""
    is_hex = isinstance(answer, str) and answer.startswith("0x")
    try:
        found = bytes.fromhex(answer[2:]) if is_hex else None
    except ValueError:
        found = None
    if found is None or 2 + 2 * len(found) != len(answer):  # `fromhex` skips blanks
        raise WrongAnswer(f"the {what} is not written as bytes")
    if size not in (None, len(found)):
        raise WrongAnswer(f"the {what} has {len(found)} bytes, not {size}")
    return found


def address(answer: Answer, what: str) -> str:
    """An address, with its checksum."""
    return _checksummed(data(answer, what, size=ADDRESS))


@lru_cache
def _checksummed(found: bytes) -> str:
    return str(to_checksum_address(found))  # one that all logs of a poll share


def _fields(answer: Answer, what: str) -> dict[str, Answer]:
    if not isinstance(answer, dict):
        raise WrongAnswer(f"the {what} is none")
    return answer


def _each(answer: Answer, what: str) -> list[Answer]:
    if not isinstance(answer, list):
        raise WrongAnswer(f"the {what} are no list")
    return answer


# -- Blocks --


def header(answer: Answer, asked: int | str | bytes, *, pending: bool = False) -> Header:
    """The header of the block that was asked for.

    Args:
        answer: the answer.
        asked: the block's number or hash; a word such as "latest" may be any block.
        pending: whether the block is not made yet, so that it may lack number and hash.
    """
    found = _fields(answer, "block")
    base = found.get("baseFeePerGas")
    number, own_hash = found.get("number"), found.get("hash")
    made: Header = {
        "number": 0 if pending else quantity(number, "number of a block"),
        "hash": b"" if pending else data(own_hash, "hash of a block", size=HASH),
        "timestamp": quantity(found.get("timestamp"), "time of a block"),
        "gasLimit": quantity(found.get("gasLimit"), "gas limit of a block"),
        "baseFeePerGas": None if base is None else quantity(base, "base fee", most=WEI),
    }
    if not isinstance(asked, str) and asked not in (made["number"], made["hash"]):
        raise WrongAnswer("the block is another than was asked for")
    return made


def beneficiary(answer: Answer) -> str:
    """The address that a block pays."""
    return address(_fields(answer, "block").get("miner"), "beneficiary of a block")


def syncing(answer: Answer) -> int | None:
    """The number of the block that the node is on its way to; None if it is on none."""
    if answer is False or answer is None or answer == {}:
        return None
    found = _fields(answer, "progress of syncing")
    highest = quantity(found.get("highestBlock"), "highest block")
    current = quantity(found.get("currentBlock"), "current block")
    return highest if current < highest else None  # a node that makes an index says it syncs, too


# -- Logs --


def logs(answer: Answer, contract: str, topics: Sequence[str | None], blocks: range) -> list[Log]:
    """The logs that were asked for, in the node's order.

    Args:
        answer: the answer.
        contract: the address of the contract that must have written them.
        topics: the topics that each must have; None for any.
        blocks: the numbers of the blocks that they must be in.
    """
    found = [_log(each) for each in _each(answer, "logs")]
    wanted = [each and bytes.fromhex(each[2:]) for each in topics]
    for log in found:
        shown = log["topics"]
        matches = len(shown) >= len(wanted) and all(
            own in (None, other) for own, other in zip(wanted, shown, strict=False)
        )
        if not (matches and log["address"] == contract and log["blockNumber"] in blocks):
            raise WrongAnswer("a log is another than was asked for")
    return found


def _log(answer: Answer) -> Log:
    found = _fields(answer, "log")
    topics = _each(found.get("topics"), "topics of a log")
    if len(topics) > MOST_TOPICS:
        raise WrongAnswer(f"a log has more than {MOST_TOPICS} topics")
    if found.get("removed"):
        raise WrongAnswer("a log is in no block any more")
    return {
        "address": address(found.get("address"), "address of a log"),
        "topics": [data(each, "topic of a log", size=HASH) for each in topics],
        "data": data(found.get("data"), "data of a log"),
        "blockNumber": quantity(found.get("blockNumber"), "block of a log"),
        "blockHash": data(found.get("blockHash"), "block of a log", size=HASH),
        "transactionHash": data(found.get("transactionHash"), "transaction of a log", size=HASH),
    }


# -- Transactions --


def receipt(answer: Answer, transaction: bytes) -> Receipt | None:
    """The receipt of a transaction; None if no block holds it."""
    if answer is None:
        return None
    found = _fields(answer, "receipt")
    if found.get("blockNumber") is None and "blockNumber" in found:
        return None  # some nodes show the receipt of a transaction that waits
    created = found.get("contractAddress")
    made: Receipt = {
        "transactionHash": _of(found.get("transactionHash"), transaction),
        "blockNumber": quantity(found.get("blockNumber"), "block of a receipt"),
        "blockHash": data(found.get("blockHash"), "block of a receipt", size=HASH),
        "gasUsed": quantity(found.get("gasUsed"), "gas of a receipt"),
        "status": quantity(found.get("status"), "status of a receipt", most=1),
        "contractAddress": None if created is None else address(created, "contract of a receipt"),
        "logs": [_log(each) for each in _each(found.get("logs"), "logs of a receipt")],
    }
    place = made["blockHash"], made["transactionHash"]
    if any((each["blockHash"], each["transactionHash"]) != place for each in made["logs"]):
        raise WrongAnswer("a receipt has a log of another transaction")
    return made


def is_known(answer: Answer, transaction: bytes) -> bool:
    """Whether the node has a transaction, in a block or waiting for one."""
    if answer is None:
        return False
    _of(_fields(answer, "transaction").get("hash"), transaction)
    return True


def waiting(answer: Answer, account: str, nonce: int) -> Waiting | None:
    """The transaction of an account that waits for a block; None if none waits.

    Args:
        answer: the answer.
        account: the account's address.
        nonce: the transaction's number among the account's.
    """
    if answer is None:
        return None
    if not _is_numbered(answer, account, nonce):
        raise WrongAnswer("the waiting transaction is another than was asked for")
    found = _fields(answer, "waiting transaction")
    if found.get("blockHash") is not None:
        return None
    to, own = found.get("to"), data(found.get("input", found.get("data")), "data of a transaction")
    fields: dict[str, Any] = {
        "nonce": nonce,
        "data": "0x" + own.hex(),
        "gas": quantity(found.get("gas"), "gas of a transaction"),
        "value": quantity(found.get("value"), "value of a transaction", most=WEI),
    }
    names = PRICES if found.get(PRICES[0]) is not None else ("gasPrice",)
    fields |= {name: quantity(found.get(name), "price of gas", most=WEI) for name in names}
    if to is not None:
        fields["to"] = address(to, "receiver of a transaction")
    return {
        "transaction": data(found.get("hash"), "hash of a transaction", size=HASH),
        "nonce": nonce,
        "to": fields.get("to", ""),
        "data": own,
        "fields": fields,
    }


def waiting_in_pool(answer: Answer, account: str, nonce: int) -> Waiting | None:
    """The same, in all that an account has in the pool."""
    pool = _fields(answer, "pool")
    each = [_fields(pool[name], "pool") for name in ("pending", "queued") if pool.get(name)]
    return _waiting_among([one for part in each for one in part.values()], account, nonce)


def waiting_in_block(answer: Answer, account: str, nonce: int) -> Waiting | None:
    """The same, in the block that the node would make now, which it may give a hash."""
    each = _each(_fields(answer, "block").get("transactions"), "transactions of a block")
    return _waiting_among(
        [one | {"blockHash": None} for one in each if isinstance(one, dict)], account, nonce
    )


def _waiting_among(each: list[Answer], account: str, nonce: int) -> Waiting | None:
    own = (one for one in each if _is_numbered(one, account, nonce))
    return waiting(next(own, None), account, nonce)


def _is_numbered(answer: Answer, account: str, nonce: int) -> bool:
    """Whether an account's transaction has a number. Strange ones, of others too, have none."""
    found = answer if isinstance(answer, dict) else {}
    with suppress(WrongAnswer):
        sender = address(found.get("from"), "sender of a transaction")
        number = quantity(found.get("nonce"), "number of a transaction")
        return sender.lower() == account.lower() and number == nonce
    return False


def _of(shown: Answer, transaction: bytes) -> bytes:
    found = data(shown, "hash of a transaction", size=HASH)
    if found != transaction:
        raise WrongAnswer("the transaction is another than was asked for")
    return found
