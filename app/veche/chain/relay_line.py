"""A relay as its clients see it. Nothing that it says is believed: a node shows what counts."""

from __future__ import annotations

from typing import Any, Final, NoReturn

from veche import errors
from veche.chain.wire import Limits, Line, Reply
from veche.crypto.keccak import keccak
from veche.errors import NodeError, Refused, RelayError, RelayUnreachable
from veche.protocol.ballot import SignedBallot
from veche.protocol.characters import is_readable

LIMITS: Final = Limits(silence=30, whole=60, size=1 << 20)
"""What bounds an answer."""
LONGEST: Final = 500
"""Maximum characters of a relay's own words that are shown."""
OK: Final = range(200, 300)
MOST_VALUES: Final = 8


class RelayLine:
    """A way to a relay.

    Args:
        url: http:// or https://.

    Attributes:
        name: the URL without the parts that may be secret.

    Raises:
        RelayUnreachable: the URL is malformed; from every method, if no relay answers.
    """

    def __init__(self, url: str) -> None:
        try:
            self._line = Line(url, limits=LIMITS)
        except NodeError as error:
            raise RelayUnreachable(str(error).replace("of a node", "of a relay")) from error
        self.name = self._line.name

    def hand_in(self, signed: SignedBallot) -> None:
        """Hands a ballot in.

        Raises:
            RelayError: the relay takes no ballot now.
            Refused: the relay says that the protocol refuses the ballot.
        """
        self.ask("POST", "/v1/ballots", signed.to_json())

    def require_not_refused(self, tracker: bytes) -> None:
        """Refuses to go on if the relay says that a ballot was refused after it was accepted.

        Raises:
            RelayError: the relay does not answer, or has no such ballot.
            Refused: the relay says that the protocol refuses the ballot.
        """
        self._look_up(f"/v1/ballots/0x{tracker.hex()}")

    def hand_in_call(self, document: str) -> None:
        """Hands in what a trustee has made.

        Args:
            document: the call as a JSON document.

        Raises:
            RelayError: the relay does not take it now.
            Refused: the relay says that the contract refuses it.
        """
        self.ask("POST", "/v1/trustee-calls", document)

    def posted(self, document: str) -> str:
        """The transaction that posted what a trustee has made, as the relay tells it; "" while
        there is none.

        Raises:
            RelayError: the relay does not answer, or does not have it.
            Refused: the relay says that the contract refused it.
        """
        told = self._look_up(f"/v1/trustee-calls/0x{keccak(document.encode()).hex()}")
        if told.get("state") not in ("confirmed", "found"):
            return ""
        return _shown(told.get("transaction")) or "by somebody else"

    def _look_up(self, path: str) -> dict[str, Any]:
        """What is told of a document.

        Raises:
            Refused: it was refused after it was accepted.
        """
        told = self.ask("GET", path)
        if isinstance(told.get("problem"), dict):
            self._refuse(told["problem"])
        return told

    def ask(self, method: str, path: str, body: str = "") -> dict[str, Any]:
        """The relay's answer, which is an object; nothing in it is checked.

        Raises:
            RelayError: the relay does not do what it is asked for.
            Refused: the relay says that the protocol refuses it.
        """
        try:
            reply = self._line.send(method, path, body)
        except NodeError as error:
            raise RelayUnreachable(str(error)) from error
        answer = reply.answer if isinstance(reply.answer, dict) else {}
        if reply.status not in OK:
            self._refuse(answer, reply)
        if not answer:
            raise RelayUnreachable(f"{self.name} answers, but is no relay")
        return answer

    def _refuse(self, problem: dict[str, Any], reply: Reply | None = None) -> NoReturn:
        """Raises what a problem document tells of, if it is an exception of ours."""
        kind = getattr(errors, str(problem.get("name")), None)
        said = _shown(problem.get("detail")) or f"HTTP status {reply.status if reply else 0}"
        if isinstance(kind, type) and issubclass(kind, Refused):
            refusal = kind(*_values(problem.get("values")), reason=said)
            raise refusal
        raise RelayError(f"{self.name} says: {said}")


def _shown(text: object) -> str:
    """A relay's own words, as a message can show them."""
    line = " ".join(str(text or "").split())[:LONGEST]
    return line if is_readable(line) else repr(line)


def _values(given: object) -> list[int | str]:
    each = given[:MOST_VALUES] if isinstance(given, list) else []
    return [one if isinstance(one, int) else _shown(one) for one in each]
