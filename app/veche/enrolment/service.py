"""The service of an enrolment, as voters and officials see it. Nothing that it says is believed:
every binding that it shows is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from eth_account.signers.local import LocalAccount

from veche.chain.relay_line import RelayLine
from veche.enrolment.binding import Binding, enrolment_id
from veche.enrolment.code_list import CodeList
from veche.enrolment.codes import Code
from veche.errors import Declined, InvalidDocument, RelayError, UnknownCode, VecheError
from veche.protocol.plain import Form

PATH: Final = "/v1/enrolments/"
"""What stands between the URL of a relay and the id of an enrolment."""


def url(relay: str, enrolment: str) -> str:
    """The URL of an enrolment at a relay, as letters have it."""
    return f"{relay.rstrip('/')}{PATH}{enrolment}"


class Service:
    """The service of an enrolment.

    Args:
        at: its URL: that of a relay, /v1/enrolments/ and the id of the enrolment.

    Attributes:
        enrolment: the id of the enrolment.

    Raises:
        InvalidDocument: the URL has another form.
        RelayError: the service does not answer, or not as it should; also from every method.
        Refused: the service refuses what it is asked for; also from every method.
    """

    def __init__(self, at: str) -> None:
        relay, path, id_ = at.strip().rstrip("/").partition(PATH)
        if not path:
            raise InvalidDocument(f"the URL of an enrolment is https://…{PATH}NAME")
        self.enrolment = enrolment_id(id_)
        self._path = f"{PATH}{id_}"
        self._line = RelayLine(relay)

    def head(self) -> Form:
        """What the service tells everybody: title, isOpen, until, enrolled, codes, edition."""
        return Form(self._line.ask("GET", self._path), what=self._line.name)

    def publish(self, codes: CodeList) -> None:
        """Hands a code list in."""
        self._line.ask("PUT", self._path, codes.to_json())

    def bindings(self) -> Iterator[Binding]:
        """All bindings in their order. Their signatures are not checked."""
        after = 0
        while page := self._page(after):
            for each in page:
                after += 1
                if each.number("number") != after:
                    raise RelayError(f"{self._line.name} shows no binding with number {after}")
                yield Binding.from_form(each)

    def _page(self, after: int) -> list[Form]:
        told: dict[str, Any] = self._line.ask("GET", f"{self._path}/bindings?after={after}")
        return Form(told, what=self._line.name).forms("bindings")

    def newest(self, code: LocalAccount) -> Binding | None:
        """The binding that counts for a code; None if the service shows none.

        Args:
            code: the code's key.
        """
        try:
            told = self._line.ask("GET", f"{self._path}/codes/{code.address}")
        except UnknownCode:
            return None
        found = Binding.from_form(Form(told, what=self._line.name))
        try:
            found.require_signed()
        except VecheError as error:
            raise RelayError(f"{self._line.name} shows a binding that is forged") from error
        if (found.enrolment, found.code) != (self.enrolment, code.address):
            raise RelayError(f"{self._line.name} shows the binding of another code")
        return found

    def enrol(
        self, code: Code, voter: LocalAccount, *, replaces: Callable[[Binding], bool]
    ) -> Binding:
        """Binds a voter's address to a code. The code itself is not sent.

        Args:
            code: the code.
            voter: the voter's key.
            replaces: whether to replace this binding of another address.

        Raises:
            Declined: it is not to be replaced.
        """
        key = code.key(self.enrolment)
        newest = self.newest(key)
        if newest and newest.voter == voter.address:
            binding = newest
        elif newest and not replaces(newest):
            raise Declined
        else:
            sequence = newest.sequence + 1 if newest else 1
            binding = Binding.make(self.enrolment, code=key, voter=voter, sequence=sequence)
        self._line.ask("POST", f"{self._path}/bindings", binding.to_json())
        return binding
