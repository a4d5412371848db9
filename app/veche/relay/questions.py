"""Read-only questions that a relay passes on to its node, for clients that have none (JSON-RPC).

What it passes on is enough to read polls, and bounded in range, number and size. Answers are the
node's own: who does not trust this relay and its node asks another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from veche.chain.passage import Passage
from veche.errors import ForbiddenMethod, MalformedRequest, NodeRefused, VecheError
from veche.protocol import plain
from veche.relay import problems

MOST_TOGETHER: Final = 100
"""Maximum questions in one request."""
MOST_CHARACTERS: Final = 4 << 20
"""Maximum characters of the answers to one request."""
MOST_BLOCKS: Final = 10_000
"""Maximum blocks whose logs are asked for at once."""
MOST_DATA: Final = 1 << 17
"""Maximum hexadecimal digits of the data of a call."""
MOST_TOPICS: Final = 4
MOST_GAS: Final = 50_000_000
"""Maximum gas of a call."""

FORBIDDEN: Final = -32601
MALFORMED: Final = -32600
WRONG_PARAMETERS: Final = -32602
LIMIT: Final = -32000
"""Codes of errors, as JSON-RPC and nodes have them."""

_QUANTITY: Final = re.compile("0x(0|[1-9a-f][0-9a-f]{0,15})")
_HASH: Final = re.compile("0x[0-9a-fA-F]{64}")
_ADDRESS: Final = re.compile("0x[0-9a-fA-F]{40}")
_DATA: Final = re.compile("0x([0-9a-fA-F]{2})*")
_TAGS: Final = ("latest", "earliest", "pending", "safe", "finalized")


Parameters: TypeAlias = list[Any]


class Questions:
    """Passes questions on.

    Args:
        passage: the way to the node.
    """

    def __init__(self, passage: Passage) -> None:
        self._passage = passage

    def answer(self, body: str) -> str:
        """The answer to a request of JSON-RPC 2.0, or to a list of them, as a JSON text.

        Raises:
            InvalidDocument: the body is not JSON.
        """
        asked = plain.parse(body)
        if not isinstance(asked, list):
            return json.dumps(self._one(asked))
        if not 0 < len(asked) <= MOST_TOGETHER:
            said = f"a request has 1 to {MOST_TOGETHER} questions, not {len(asked)}"
            return json.dumps(_error(None, MALFORMED, said))
        return f"[{', '.join(self._each(asked))}]"

    def _each(self, asked: Iterable[Any]) -> Iterator[str]:
        """The answers to many questions; those that have no room together are refused."""
        left = MOST_CHARACTERS
        for each in asked:
            found = json.dumps(self._one(each)) if left > 0 else ""
            left -= len(found)
            if left <= 0:
                number = each.get("id") if isinstance(each, dict) else None
                found = json.dumps(_error(number, LIMIT, "the answers are too large together"))
            yield found

    def _one(self, asked: Any) -> dict[str, Any]:  # noqa: ANN401  # plain JSON
        if not isinstance(asked, dict) or not isinstance(asked.get("method"), str):
            return _error(None, MALFORMED, "this is no request of JSON-RPC 2.0")
        number = asked.get("id")
        if not isinstance(number, str | int | float | None):
            return _error(None, MALFORMED, "the id is a text or a number")
        given = asked.get("params", [])
        try:
            parameters = _checked(asked["method"], given)
            found = self._passage.answer(asked["method"], parameters)
        except MalformedRequest as error:
            return _error(number, WRONG_PARAMETERS, str(error), error)
        except ForbiddenMethod as error:
            return _error(number, FORBIDDEN, str(error), error)
        except VecheError as error:
            return _error(number, LIMIT, str(error), error)
        return {"jsonrpc": "2.0", "id": number, **found}


def _error(number: object, code: int, said: str, error: VecheError | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"code": code, "message": said}
    if error:
        told["data"] = problems.fields(error)
    return {"jsonrpc": "2.0", "id": number, "error": told}


def _checked(method: str, parameters: object) -> Parameters:
    """The parameters of a question that may be passed on."""
    check = METHODS.get(method)
    if check is None:
        raise ForbiddenMethod(f"this relay does not pass on {method[:40]!r}")
    if not isinstance(parameters, list):
        raise MalformedRequest("parameters are a list")
    return check(parameters)


# -- Parameters --


def _require(condition: object, said: str) -> None:
    if not condition:
        raise MalformedRequest(said)


def _fits(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _is_block(value: object) -> bool:
    if isinstance(value, dict):
        return set(value) <= {"blockHash", "requireCanonical"} and _fits(
            _HASH, value.get("blockHash")
        )
    return value in _TAGS or _fits(_QUANTITY, value) or _fits(_HASH, value)


def _second(given: Parameters) -> Any:  # noqa: ANN401  # plain JSON
    """The second parameter, which names a block and may be left out."""
    return given[1] if len(given) > 1 else "latest"


def _nothing(given: Parameters) -> Parameters:
    _require(not given, "this method takes no parameters")
    return given


def _of_block(given: Parameters) -> Parameters:
    is_right = len(given) in (1, 2) and _is_block(given[0]) and given[1:] in ([], [False])
    _require(is_right, "the parameters are a block, and false: transactions are not shown whole")
    return [given[0], False]


def _of_account(given: Parameters) -> Parameters:
    is_right = len(given) in (1, 2) and _fits(_ADDRESS, given[0]) and _is_block(_second(given))
    _require(is_right, "the parameters are an address and a block")
    return given


def _of_hash(given: Parameters) -> Parameters:
    _require(len(given) == 1 and _fits(_HASH, given[0]), "the parameter is a hash")
    return given


def _call(given: Parameters) -> Parameters:
    _require(
        len(given) in (1, 2) and isinstance(given[0], dict), "the parameters are a call and a block"
    )
    asked, block = given[0], _second(given)
    _require(_is_block(block), "the second parameter is a block")
    _require(
        set(asked) <= {"to", "from", "data", "input", "gas"}, "a call has to, from, data and gas"
    )
    _require(_fits(_ADDRESS, asked.get("to")), "a call has an address `to`")
    _require(_fits(_ADDRESS, asked.get("from", f"0x{'0' * 40}")), "`from` is an address")
    data = asked.get("data", asked.get("input", "0x"))
    is_data = isinstance(data, str) and len(data) <= MOST_DATA and _fits(_DATA, data)
    _require(is_data, f"`data` is 0x and at most {MOST_DATA:,} hexadecimal digits")
    gas = asked.get("gas", hex(MOST_GAS))
    _require(_fits(_QUANTITY, gas), "`gas` is a number")
    kept = {name: asked[name] for name in ("to", "from") if name in asked}
    return [kept | {"data": data, "gas": hex(min(int(gas, 16), MOST_GAS))}, block]


def _logs(given: Parameters) -> Parameters:
    _require(len(given) == 1 and isinstance(given[0], dict), "the parameter is a filter")
    asked = given[0]
    names = {"address", "topics", "fromBlock", "toBlock", "blockHash"}
    _require(set(asked) <= names, "a filter has address, topics and blocks")
    _require(_fits(_ADDRESS, asked.get("address")), "a filter has one address")
    _require(_are_topics(asked.get("topics", [])), "topics are hashes, lists of hashes, or null")
    if "blockHash" in asked:
        is_alone = not {"fromBlock", "toBlock"} & set(asked)
        _require(is_alone and _fits(_HASH, asked["blockHash"]), "`blockHash` is a hash, and alone")
        return given
    first, last = asked.get("fromBlock"), asked.get("toBlock")
    _require(
        _fits(_QUANTITY, first) and _fits(_QUANTITY, last), "`fromBlock` and `toBlock` are numbers"
    )
    if int(last, 16) - int(first, 16) >= MOST_BLOCKS:
        raise NodeRefused(f"query exceeds max block range {MOST_BLOCKS}")  # as clients know it
    return given


def _are_topics(given: object) -> bool:
    if not isinstance(given, list) or len(given) > MOST_TOPICS:
        return False
    each = [one if isinstance(one, list) else [one] for one in given]
    return all(
        len(own) <= MOST_TOGETHER and all(one is None or _fits(_HASH, one) for one in own)
        for own in each
    )


METHODS: Final[dict[str, Callable[[Parameters], Parameters]]] = {
    "eth_blockNumber": _nothing,
    "eth_call": _call,
    "eth_chainId": _nothing,
    "eth_gasPrice": _nothing,
    "eth_getBalance": _of_account,
    "eth_getBlockByHash": _of_block,
    "eth_getBlockByNumber": _of_block,
    "eth_getCode": _of_account,
    "eth_getLogs": _logs,
    "eth_getTransactionByHash": _of_hash,
    "eth_getTransactionCount": _of_account,
    "eth_getTransactionReceipt": _of_hash,
    "eth_maxPriorityFeePerGas": _nothing,
    "eth_syncing": _nothing,
    "net_version": _nothing,
}
"""The methods that are passed on, each with what its parameters must be."""
