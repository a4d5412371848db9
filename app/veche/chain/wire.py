"""Bytes to and from a node by HTTP. No answer takes longer, or is larger, than it may be."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from json import JSONDecodeError
from socket import socket
from time import monotonic
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from requests import HTTPError as BadStatus
from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from web3 import HTTPProvider
from web3.types import RPCEndpoint

from veche.errors import EndlessAnswer, NodeUnreachable

SILENCE: Final = 30
"""Seconds that a node may be silent."""
WHOLE: Final = 120
"""Seconds in which an answer must be whole."""
MOST_BYTES: Final = 64 << 20
"""Maximum bytes of an answer."""
PIECE: Final = 1 << 16
"""Bytes that are read at once."""
PORTS: Final = {"http": 80, "https": 443}
THIS_MACHINE: Final = "127.0.0.1"
NO_PROXY: Final[dict[str, Any]] = {"http": None, "https": None, "all": None}
"""What keeps `requests` from the proxies that the environment names."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds an answer.

    Attributes:
        silence: seconds that the node may send nothing.
        whole: seconds in which the answer must be whole, however steadily it comes.
        size: bytes, after decompression.
    """

    silence: float = SILENCE
    whole: float = WHOLE
    size: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back by HTTP.

    Attributes:
        answer: plain JSON; None if the body is no JSON.
        status: the status.
        reason: the status in words.
        retry_after: the header of this name; empty if there is none.
    """

    answer: Any
    status: int = 200
    reason: str = ""
    retry_after: str = ""


class Wire:
    """A way to a node.

    Args:
        url: http:// or https://.
        limits: what bounds an answer.

    Attributes:
        name: the URL without the parts that may be secret.
        place: where the URL leads to: host, port and path. All names of this machine are one.

    Raises:
        NodeUnreachable: the URL is malformed, or begins with neither http:// nor https://.
    """

    def __init__(self, url: str, *, limits: Limits) -> None:
        self.name, self.place, is_here = _found(url)
        self._limits = limits
        self._provider = _Provider(
            url,
            request_kwargs={"timeout": limits.silence, "proxies": _proxies(is_here=is_here)},
            session=_Session(self.name, limits),
            exception_retry_configuration=None,
        )

    def ask(self, method: str, parameters: Sequence[Any]) -> Reply:
        """The answer to a request that is made once.

        Raises:
            NodeUnreachable: no answer comes.
            EndlessAnswer: the answer is not whole in time, or is too large.
        """
        return self._reply(
            lambda: self._provider.make_request(RPCEndpoint(method), list(parameters))
        )

    def ask_together(self, method: str, each: Sequence[list[Any]]) -> Reply:
        """The answers to many calls of a method in one request, numbered from 0; raises as `ask`.

        Args:
            method: the method.
            each: the parameters of every call.
        """
        return self._reply(lambda: self._provider.ask_together(method, each))

    def _reply(self, asking: Callable[[], Any]) -> Reply:
        begun = monotonic()
        try:
            return Reply(_or_none(asking))
        except BadStatus as error:
            given = error.response
            retry_after = given.headers.get("Retry-After", "")
            answer = _or_none(given.json)
            return Reply(answer, given.status_code, given.reason or "", retry_after)
        except (RequestException, HTTPError) as error:
            if monotonic() >= begun + self._limits.whole:
                said = f"the answer of {self.name} is not whole after {self._limits.whole} seconds"
                raise EndlessAnswer(said) from error
            if monotonic() >= begun + self._limits.silence:
                said = f"has been silent for {self._limits.silence} seconds"
            else:
                said = f"does not answer ({type(error).__name__})"
            raise NodeUnreachable(f"{self.name} {said}") from error


class Line:
    """A way to a service that speaks JSON by HTTP; all as with `Wire`."""

    def __init__(self, url: str, *, limits: Limits) -> None:
        self.name, _, is_here = _found(url)
        self._url, self._limits, self._proxies = url.rstrip("/"), limits, _proxies(is_here=is_here)
        self._session = _Session(self.name, limits)

    def send(self, method: str, path: str, body: str = "") -> Reply:
        """The answer to a request that is made once, whatever its status.

        Raises:
            NodeUnreachable: no answer comes.
            EndlessAnswer: the answer is not whole in time, or is too large.
        """
        try:
            given = self._session.request(
                method,
                f"{self._url}{path}",
                data=body.encode(),
                headers={"Content-Type": "application/json"},
                timeout=self._limits.silence,
                proxies=self._proxies,
                allow_redirects=False,
            )
        except RequestException as error:
            said = f"{self.name} does not answer ({type(error).__name__})"
            raise NodeUnreachable(said) from error
        after = given.headers.get("Retry-After", "")
        return Reply(_or_none(given.json), given.status_code, given.reason or "", after)


def _or_none(decoding: Callable[[], Any]) -> Any:  # noqa: ANN401  # plain JSON
    """What is decoded; None if it is no JSON."""
    try:
        return decoding()
    except (JSONDecodeError, RecursionError, UnicodeDecodeError):
        return None


class _Provider(HTTPProvider):
    def ask_together(self, method: str, each: Sequence[list[Any]]) -> Any:  # noqa: ANN401  # JSON
        """The answer to one request with many calls of a method. web3's own sorts the answers
        before they are checked.
        """
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
            for number, parameters in enumerate(each)
        ]
        answer = self._make_request(RPCEndpoint(method), json.dumps(asked).encode())
        return self.decode_rpc_response(answer)


class _Session(Session):
    """Reads every answer whole, within limits."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__()
        self._name, self._most = name, limits.size
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(limits.whole))

    def send(self, request: PreparedRequest, **named: Any) -> Response:  # noqa: ANN401
        try:
            response = super().send(request, **named | {"stream": True})
            response._content = self._body(response)  # noqa: SLF001  # `requests` keeps it there
        except RequestException:
            raise
        except ValueError as error:  # of hosts and chunks that are none
            raise NodeUnreachable(f"{self._name} does not answer: {error}") from error
        return response

    def _body(self, response: Response) -> bytes:
        body = bytearray()
        for piece in response.iter_content(PIECE):
            body += piece
            if len(body) > self._most:
                response.close()
                raise EndlessAnswer(
                    f"an answer of {self._name} is larger than {self._most:,} bytes"
                )
        return bytes(body)


def _found(url: str) -> tuple[str, tuple[str, int, str], bool]:
    """The name of what is at a URL, where it leads to, and whether that is this machine.

    Raises:
        NodeUnreachable: the URL is malformed, or begins with neither http:// nor https://.
    """
    parts, host, port = _parts(url)
    shown = f"[{host}]" if ":" in host else host
    name = f"{parts.scheme}://{shown}{f':{port}' if port else ''}"
    if parts.scheme not in PORTS or not host:
        raise NodeUnreachable(
            f"{name} is not the URL of a node: it begins with http:// or https://"
        )
    is_here = _is_this_machine(host)
    end = port or PORTS[parts.scheme]
    return name, (THIS_MACHINE if is_here else host, end, parts.path.rstrip("/")), is_here


def _proxies(*, is_here: bool) -> dict[str, Any]:
    return NO_PROXY if is_here else {}


def _parts(url: str) -> tuple[SplitResult, str, int | None]:
    """The parts of a URL, its host and its port.

    Raises:
        NodeUnreachable: the URL is malformed.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NodeUnreachable(f"this is not the URL of a node: {error}") from error
    return parts, host, port


def _is_this_machine(host: str) -> bool:
    """Whether a host is this machine, which no proxy leads to."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


# -- The deadline --


class _Adapter(HTTPAdapter):
    """Gives every answer a deadline. The timeouts of `requests` end a silence, but an answer of a
    byte a second would take for ever.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__()

    def get_connection_with_tls_context(  # of requests
        self,
        request: PreparedRequest,
        *args: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401  # of urllib3
        pool: Any = super().get_connection_with_tls_context(request, *args, **named)
        pool.ConnectionCls = partial(_connection, type(pool).ConnectionCls, self._seconds)
        return pool


def _connection(make: Callable[..., Any], seconds: float, **named: Any) -> Any:  # noqa: ANN401
    """A connection of urllib3 whose answers have so many seconds from the end of the request."""
    made = make(**named)
    made.response_class = partial(_TimedResponse, seconds)
    return made


class _TimedResponse(HTTPResponse):
    """An answer, head and body, that must be whole within so many seconds."""

    def __init__(self, seconds: float, sock: socket, **named: Any) -> None:  # noqa: ANN401
        super().__init__(sock, **named)
        self.fp = BufferedReader(_Timed(self.fp.detach(), sock, monotonic() + seconds))


class _Timed(RawIOBase):
    """The bytes of a socket until a moment."""

    def __init__(self, raw: RawIOBase, sock: socket, until: float) -> None:
        self._raw = raw
        self._socket = sock
        self._silence = sock.gettimeout() or SILENCE
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # of io
        # a timeout of 0 would mean not to wait at all, and fail otherwise than by time
        left = max(self._until - monotonic(), 0.001)
        self._socket.settimeout(min(left, self._silence))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
