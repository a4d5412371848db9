"""How nodes differ: what they call things, what they refuse, and how they want to be asked.

Every client and every provider has words of its own for the same thing. What is known of them is
here and nowhere else; `tests/support/dialects.py` speaks each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from veche.protocol.characters import on_one_line

MOST_BLOCKS: Final = 1_000_000
"""Maximum blocks whose logs are asked for at once."""
COMMON_BLOCKS: Final = (10_000, 500, 10, 1)
"""The limits that providers set most often, for a node that does not tell its own."""
MOST_CALLS: Final = 100
"""Maximum calls in one request."""
COMMON_CALLS: Final = (10, 2, 1)
LONGEST_WORDS: Final = 300
"""Maximum letters of a node's words that are repeated."""
DEEPEST: Final = 4
"""Maximum objects around the data of a revert."""


@dataclass
class Habits:
    """How one node wants to be asked: learned from its refusals, and kept for the connection.

    Attributes:
        most_blocks: maximum blocks whose logs it shows at once.
        most_calls: maximum calls that it answers in one request.
        bare_hash: whether it takes a block's hash alone; others take it by EIP-1898.
    """

    most_blocks: int = MOST_BLOCKS
    most_calls: int = MOST_CALLS
    bare_hash: bool = False


# -- Words --


def words(error: object) -> str:
    """A node's own words in the error of an answer, on one line and without the data of a revert;
    empty if it has none.
    """
    if not isinstance(error, dict):
        return _line(error)
    said = [_line(error.get("message"))]
    more = error.get("data")
    more = more.get("payload", more.get("message")) if isinstance(more, dict) else more
    if isinstance(more, str) and "0x" not in more and more not in said[0]:
        said.append(_line(more))
    return ": ".join(filter(None, said)) or ("" if not error else _line(str(error)))


def _line(said: object) -> str:
    text = said if isinstance(said, str) else ""
    return on_one_line(text[:LONGEST_WORDS])


def code(error: object) -> int:
    """The number of an error; 0 if it has none."""
    found = error.get("code") if isinstance(error, dict) else None
    return found if isinstance(found, int) else 0


def _has(said: str, *any_of: str) -> bool:
    """Whether one of some words is said, whatever the case and the spaces."""
    plain = re.sub(r"[\s_-]", "", said.lower())
    return any(each.replace(" ", "") in plain for each in any_of)


# -- Reverts --

REVERTED: Final = (3, -32015)
"""The codes of a revert: of most nodes, and of OpenEthereum's and Nethermind's."""
FAULTS: Final = (
    "revert",
    "evm error",
    "vm execution error",
    "out of gas",
    "invalid opcode",
    "bad instruction",
    "invalid jump",
    "bad jump",
    "stack underflow",
    "stack limit",
    "return data out of bounds",
    "write protection",
    "gas uint64 overflow",
)
"""Words in nodes' messages about a contract that failed."""


def is_revert(error: object) -> bool:
    """Whether the contract failed, and not the node."""
    return isinstance(error, dict) and (
        code(error) in REVERTED or _has(str(error.get("message", "")), *FAULTS)
    )


def revert_data(error: object, depth: int = DEEPEST) -> bytes:
    """The data of a revert; empty if there are none.

    geth has them as `data`; Hardhat as `data.data`, Ganache as `data.result`, or as `return` under
    the hash of a transaction; OpenEthereum and Nethermind as the words "Reverted 0x…".
    """
    if isinstance(error, str):
        found = re.fullmatch(r"(?:reverted )?0x((?:[0-9a-f]{2})*)", error, re.IGNORECASE)
        return bytes.fromhex(found[1]) if found else b""
    if not isinstance(error, dict) or not depth:
        return b""
    named = [error[name] for name in ("data", "result", "return") if name in error]
    inner = [*named, *(each for each in error.values() if isinstance(each, dict))]
    return next(filter(None, (revert_data(each, depth - 1) for each in inner)), b"")


# -- Refusals --

TOO_MANY_REQUESTS: Final = 429
"""The code of some providers: HTTP's."""
PRUNED: Final = 4444
"""The code of EIP-4444."""
INVALID_PARAMETERS: Final = -32602
"""The code of JSON-RPC."""


def is_too_busy(error: object) -> bool:
    """Whether a node has too many requests to answer, and may answer later."""
    return code(error) == TOO_MANY_REQUESTS or _has(
        words(error), "too many requests", "rate limit", "compute units per second", "throttled"
    )


def is_pruned(error: object) -> bool:
    """Whether a node has thrown away what is asked for (EIP-4444)."""
    return code(error) == PRUNED or _has(
        words(error),
        "pruned",
        "pruning",
        "missing trie node",
        "receipt not available",
        "historical state",
        "state not available",
        "state is not available",
        "state unavailable",
        "archive",
        "is not available: blocknum",
    )


def lacks_block(error: object) -> bool:
    """Whether a node does not have the block that is named."""
    return _has(
        words(error), "header not found", "block not found", "unknown block", "header for hash"
    )


def refuses_hash(number: int, said: str) -> bool:
    """Whether a node refuses how a block's hash is written: by the number or words of its error."""
    return number == INVALID_PARAMETERS or _has(
        said, "invalid argument", "invalid params", "invalid block", "cannot unmarshal"
    )


def knows_already(said: str) -> bool:
    """Whether a node says that it has a transaction already: geth's "already known", Nethermind's
    "AlreadyKnown", Besu's and Hardhat's "Known transaction", OpenEthereum's "already imported".
    """
    return _has(said, "already known", "known transaction", "already imported")


def lacks_ether(said: str) -> bool:
    """Whether a node says that an account cannot pay for its transaction."""
    return _has(
        said,
        "insufficient funds",
        "insufficient balance",
        "not enough balance",
        "enough funds",
        "up front cost",
        "exceeds account balance",
    )


# -- How much at once --


def fewer_blocks(said: str, asked: int) -> int:
    """For how many blocks to ask instead of so many, after a refusal; at least 1.

    Args:
        said: the node's words.
        asked: for how many it was asked, at least 2.
    """
    return _fewer(said, asked, COMMON_BLOCKS)


def fewer_calls(said: str, asked: int) -> int:
    """How many calls to make in a request instead of so many, after a refusal; at least 1."""
    return _fewer(said, asked, COMMON_CALLS)


def _fewer(said: str, asked: int, common: tuple[int, ...]) -> int:
    """The largest limit that the words name and that is less; otherwise the next common one."""
    plain = re.sub(r"(?<=\d)[,_](?=\d{3})", "", said)
    found = re.findall(r"(?<![\w.-])(\d{1,9})(k?)\b", plain, re.IGNORECASE)
    named = [int(number) * (1000 if thousand else 1) for number, thousand in found]
    return max((each for each in named if 0 < each < asked), default=0) or next(
        each for each in common if each < asked
    )


def is_for_logs(said: str) -> bool:
    """Whether a refusal is of the logs in a range of blocks: then another range of the same size
    may be shown. Otherwise no range of that size is.
    """
    return _has(said, "results", "response size", "too many logs", "timeout", "timed out")


def pause(retry_after: str, now: float) -> float:
    """The seconds to wait that a node asks for with `Retry-After`; 0 if it asks for nothing.

    Args:
        retry_after: the header: seconds or a date.
        now: seconds since 1970.
    """
    if re.fullmatch("[0-9]{1,9}", retry_after.strip()):
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0
