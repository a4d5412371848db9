"""Requests to an Ethereum node: repeated if they fail; every failure is an exception."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from time import monotonic, sleep
from typing import Any, Final, NoReturn

from veche.chain import dialects
from veche.chain.dialects import Habits
from veche.chain.reverts import fault
from veche.chain.wire import Limits, Reply, Wire
from veche.errors import (
    HistoryPruned,
    NodeBehind,
    NodeBusy,
    NodeForbids,
    NodeRefused,
    NodeUnreachable,
    WrongAnswer,
)

RETRIES: Final = 5
FIRST_PAUSE: Final = 0.2
"""Seconds before a request is repeated. Each pause is twice as long: 3 seconds in all."""
LONGEST_PAUSE: Final = 20
"""Maximum seconds to wait because a node asks for it."""
ONCE: Final = ("eth_sendTransaction",)
"""Methods that are never repeated: a node that signs could sign twice."""
CALLS: Final = ("eth_call", "eth_estimateGas")
"""Methods that a contract may refuse, and not the node."""

UNAUTHORISED, FORBIDDEN, TOO_LARGE, TOO_MANY, UNAVAILABLE = 401, 403, 413, 429, 503
OK: Final = range(200, 300)


class Transport:
    """A way to a node.

    A request that fails on the way is repeated, with growing pauses. That is safe for transactions
    too: they are sent signed, and the same transaction is never executed twice.

    Args:
        url: http:// or https://.
        retries: how often a request is made at most.
        limits: what bounds an answer.

    Attributes:
        name: the URL without the parts that may be secret.
        place: where the URL leads to.
        habits: how the node wants to be asked.

    Raises:
        NodeUnreachable: the URL is malformed, or begins with neither http:// nor https://.
    """

    def __init__(self, url: str, *, retries: int = RETRIES, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._wire = Wire(url, limits=self._limits)
        self._retries = retries
        self.name, self.place = self._wire.name, self._wire.place
        self.habits = Habits()

    def ask(self, method: str, *parameters: Any) -> Any:  # noqa: ANN401  # plain JSON
        """The result of a request, as the node gives it; nothing in it is checked.

        Raises:
            Refused, UnknownContract: a contract refused the call.
            NodeRefused: the node refuses it.
            NodeUnreachable: no answer comes.
            NodeBehind: the node does not have the block that was asked for.
            EndlessAnswer: the answer does not end in time, or is too large.
            WrongAnswer: the answer has neither a result nor an error.
        """
        is_repeated = method not in ONCE
        answer = self._exchange(lambda: self._wire.ask(method, parameters), repeated=is_repeated)
        return self._result(answer, method)

    def ask_together(self, method: str, each: Sequence[list[Any]]) -> list[Any]:
        """The results of many calls of a method that are made in few requests, in order.

        Args:
            method: the method.
            each: the parameters of every call.

        Raises:
            WrongAnswer: the node does not answer every call once.
        """
        found: list[Any] = []
        most = self.habits.most_calls
        while len(found) < len(each):
            page = each[len(found) : len(found) + most]
            try:
                found += self._page(method, page)
            except (NodeBusy, NodeForbids, HistoryPruned):
                raise
            except NodeRefused as error:
                if len(page) == 1:
                    raise
                most = dialects.fewer_calls(error.said, len(page))
            else:
                self.habits.most_calls = most
        return found

    def _page(self, method: str, each: Sequence[list[Any]]) -> list[Any]:
        if len(each) == 1:
            return [self.ask(method, *each[0])]
        given = self._exchange(lambda: self._wire.ask_together(method, each))
        if isinstance(given, dict) and given.get("error"):
            self._refuse(given["error"], method)
        answers = given if isinstance(given, list) else []
        found = {str(one.get("id")): one for one in answers if isinstance(one, dict)}
        wanted = [str(number) for number in range(len(each))]
        if len(answers) != len(wanted) or set(found) != set(wanted):
            raise WrongAnswer(f"{self.name} does not answer every call of a request")
        return [self._result(found[number], method) for number in wanted]

    def pass_on(self, method: str, parameters: Sequence[Any]) -> dict[str, Any]:
        """The answer to somebody else's request as the node gives it: `result` or `error`.

        Raises:
            NodeError: no answer comes, or it has neither.
        """
        return self._given(self._exchange(lambda: self._wire.ask(method, parameters)))

    # -- Answers --

    def _exchange(self, asking: Callable[[], Reply], *, repeated: bool = True) -> Any:  # noqa: ANN401  # JSON
        """The answer to a request, or to a list of them."""
        pause, begun = FIRST_PAUSE, monotonic()
        for _ in range(self._retries - 1 if repeated else 0):
            try:
                return self._once(asking)
            except NodeUnreachable:
                if monotonic() >= begun + self._limits.silence:
                    raise  # whoever waits has waited long enough
                sleep(pause)
            except NodeBusy as error:
                if error.after > LONGEST_PAUSE:
                    raise
                sleep(max(pause, error.after))
            pause *= 2
        return self._once(asking)

    def _once(self, asking: Callable[[], Reply]) -> Any:  # noqa: ANN401  # plain JSON
        reply = asking()
        answer = reply.answer
        errors = [one.get("error") for one in _listed(answer) if isinstance(one, dict)]
        said = next(filter(None, map(dialects.words, errors)), "")
        if reply.status not in OK:
            self._require_usable(reply, said, has_error=any(errors))
        if any(map(dialects.is_too_busy, errors)):
            raise NodeBusy(f"{self.name} says: {said}", said=said)
        if answer is None:
            raise WrongAnswer(f"{self.name} answers, but is no Ethereum node")
        return answer

    def _require_usable(self, reply: Reply, said: str, *, has_error: bool) -> None:
        """Refuses an answer by its status, unless the node has words of its own for its refusal."""
        status = f"HTTP status {reply.status} {reply.reason}".strip()
        told = f"{self.name} answers with {status}{f': {said}' if said else ''}"
        if reply.status in (UNAUTHORISED, FORBIDDEN):
            raise NodeForbids(told, said=said)
        after = dialects.pause(reply.retry_after, time.time())
        if reply.status == TOO_MANY or (reply.status == UNAVAILABLE and reply.retry_after):
            asks = f"; it asks to wait {after:.0f} seconds" if after else ""
            raise NodeBusy(f"{told}{asks}", said=said, after=after)
        if has_error:
            return
        if reply.status == TOO_LARGE:
            raise NodeRefused(told)
        raise NodeUnreachable(told)

    def _result(self, answer: Any, method: str) -> Any:  # noqa: ANN401  # plain JSON
        """The result in an answer."""
        given = self._given(answer)
        if "error" in given:
            self._refuse(given["error"], method)
        return given["result"]

    def _given(self, answer: Any) -> dict[str, Any]:  # noqa: ANN401  # plain JSON
        """The result or the error in an answer.

        Raises:
            WrongAnswer: it has neither.
        """
        given = answer if isinstance(answer, dict) else {}
        if given.get("error") is not None:
            return {"error": given["error"]}
        if "result" not in given:
            raise WrongAnswer(f"{self.name} answers with neither a result nor an error")
        return {"result": given["result"]}

    def _refuse(self, error: object, method: str) -> NoReturn:
        """Raises what the error in the answer to a method means."""
        refusal = fault(error) if method in CALLS else None
        if refusal:
            raise refusal
        said = dialects.words(error)
        told = f"{self.name} says: {said or 'nothing that was asked for'}"
        if dialects.is_pruned(error):
            raise HistoryPruned(told, said=said)
        if dialects.lacks_block(error):
            raise NodeBehind(told)
        raise NodeRefused(told, said=said, code=dialects.code(error))


def _listed(answer: Any) -> list[Any]:  # noqa: ANN401  # plain JSON
    return answer if isinstance(answer, list) else [answer]
