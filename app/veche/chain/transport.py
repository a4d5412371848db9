"""Requests to an Ethereum node by HTTP: repeated if they fail; every failure is an exception."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from requests import RequestException
from web3 import HTTPProvider, Web3
from web3.exceptions import TransactionNotFound, Web3Exception, Web3RPCError
from web3.middleware import ExtraDataToPOAMiddleware
from web3.providers.rpc.utils import ExceptionRetryConfiguration
from web3.types import RPCEndpoint

from veche.chain.reverts import fault
from veche.errors import NodeRefused, NodeUnreachable

RETRIES: Final = 5
FIRST_PAUSE: Final = 0.2
"""Seconds before a request is repeated. Each pause is twice as long: 3 seconds in all."""
TIMEOUT: Final = 30
"""Seconds that a node has for an answer."""

T = TypeVar("T")


class Transport:
    """A way to a node.

    A request that fails on the way is repeated, with growing pauses. That is safe for transactions
    too: they are sent signed, and the same transaction is never executed twice.

    Args:
        url: http:// or https://.
        retries: how often a request is made at most.

    Attributes:
        name: the URL without the parts that may be secret.
        eth: web3's requests; each goes through `ask`.

    Raises:
        NodeUnreachable: the URL does not begin with http:// or https://.
    """

    def __init__(self, url: str, *, retries: int = RETRIES) -> None:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        self.name = f"{parts.scheme}://{parts.hostname or ''}{port}"
        if parts.scheme not in ("http", "https"):
            raise NodeUnreachable(
                f"{self.name} is not the URL of a node: it begins with http:// or https://"
            )
        retry = ExceptionRetryConfiguration(
            errors=(RequestException,), retries=retries, backoff_factor=FIRST_PAUSE
        )
        self._provider = _Provider(
            url, request_kwargs={"timeout": TIMEOUT}, exception_retry_configuration=retry
        )
        # blocks under proof of authority are all that needs middleware: a private network has no
        # names of ENS, and looking for them takes time
        self.eth = Web3(self._provider, middleware=[ExtraDataToPOAMiddleware]).eth

    def ask(self, question: Callable[[], T]) -> T:
        """What a question gives; its failure is an exception of `veche.errors`.

        Raises:
            NodeRefused: the node answers with an error.
            NodeUnreachable: no answer comes, or none that an Ethereum node would give.
            TransactionNotFound: the node does not have the transaction that was asked for.
        """
        try:
            return question()
        except TransactionNotFound:
            raise
        except Web3RPCError as error:
            raise NodeRefused(f"{self.name} says: {_said(error.rpc_response, error)}") from error
        except Web3Exception as error:
            raise NodeRefused(f"{self.name}: {error}") from error
        except RequestException as error:
            kind = type(error).__name__
            raise NodeUnreachable(f"{self.name} does not answer ({kind})") from error
        except (ValueError, TypeError, KeyError) as error:
            raise NodeUnreachable(f"{self.name} answers, but is no Ethereum node") from error

    def answer(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401  # plain JSON
        """The node's answer to a request, as JSON-RPC has it: with a result or an error."""
        return self.ask(lambda: self._provider.make_request(RPCEndpoint(method), parameters))

    def answers(self, method: str, each: Sequence[list[Any]]) -> list[Any]:
        """The node's answers to many calls of a method that are made in one request, in order.

        Args:
            method: the method.
            each: the parameters of every call.

        Raises:
            NodeRefused: the node refuses the request, or does not answer every call.
        """
        given = self.ask(lambda: self._provider.ask_together(method, each))
        if not isinstance(given, list):
            raise NodeRefused(f"{self.name} says: {_said(given)}")
        found = {str(answer.get("id")): answer for answer in given if isinstance(answer, dict)}
        wanted = [str(number) for number in range(len(each))]
        if len(given) != len(wanted) or set(found) != set(wanted):
            raise NodeRefused(f"{self.name} does not answer every call of a request")
        return [found[number] for number in wanted]

    def result(self, answer: Any) -> str:  # noqa: ANN401  # plain JSON
        """The result in an answer to a call of a contract, 0x and hexadecimal digits.

        Raises:
            Refused, UnknownContract: the contract refused the call.
            NodeRefused: the node refused it.
        """
        given = answer if isinstance(answer, dict) else {}
        if isinstance(given.get("result"), str):
            return str(given["result"])
        refusal = fault(given.get("error"))
        if refusal:
            raise refusal
        raise NodeRefused(f"{self.name} says: {_said(given)}")


class _Provider(HTTPProvider):
    def ask_together(self, method: str, each: Sequence[list[Any]]) -> Any:  # noqa: ANN401  # JSON
        """The node's answer to one request with many calls of a method, numbered from 0."""
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
            for number, parameters in enumerate(each)
        ]
        answer = self._make_request(RPCEndpoint(method), json.dumps(asked).encode())
        return self.decode_rpc_response(answer)


def _said(answer: object, otherwise: object = "nothing that was asked for") -> str:
    """The node's own words in an answer without a result."""
    error = answer.get("error") if isinstance(answer, dict) else None
    said = error.get("message", error) if isinstance(error, dict) else error
    return str(said or otherwise)
