"""Questions of others that are passed on to a node, and its answers as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from veche.chain.transport import Transport
from veche.chain.wire import Limits
from veche.files import network as networks

LIMITS: Final = Limits(silence=10, whole=20, size=4 << 20)
"""What bounds an answer that is passed on."""


class Passage:
    """A way to a node for the questions of others.

    Args:
        where: the URL of the node, or the name of a private network.

    Raises:
        NodeUnreachable: the URL is malformed.
        UnknownNetwork: `where` is neither a URL nor a private network of this machine.
    """

    def __init__(self, where: str) -> None:
        url = where if "://" in where else networks.find(where).rpc
        self._transport = Transport(url, retries=1, limits=LIMITS)

    def answer(self, method: str, parameters: Sequence[Any]) -> dict[str, Any]:
        """The members `result` or `error` of the node's answer, as the node gives it.

        Raises:
            NodeError: the node cannot be asked, or answers with neither.
        """
        return self._transport.pass_on(method, parameters)
