"""The root of all exceptions, and of the protocol's refusals."""

from __future__ import annotations

from typing import Any, ClassVar, Final, TypeAlias

from veche.errors.times import time_text

EXIT_CODES: Final = {
    0: "done",
    1: "a check of `veche verify` or `veche watch` failed",
    2: "the command line is wrong",
    3: "a file or an answer is wrong",
    4: "the protocol or a contract refused it; or a ballot given to `veche carry` is not on chain",
    5: "a node cannot be reached, is behind, or refuses",
    6: "a key, password or ether is missing",
    7: "it is not what you were told of: poll, network, code",
    8: "not now: come back later",
    9: "a check failed, and nothing was done",
    10: "you said no",
    70: "this should not have happened: report it",
    130: "interrupted",
    141: "nobody reads the output any more",
}
"""What the `veche` command and the officials' scripts end with."""
UNEXPECTED: Final = 70
INTERRUPTED: Final = 130
CLOSED_PIPE: Final = 141
"""As a shell has it of a program that SIGPIPE ends."""

Value: TypeAlias = int | str | bytes
"""A number, an address, a hash."""


class VecheError(Exception):
    """Anything that goes wrong in Veche. Catch this to catch all of it.

    Attributes:
        remedy: what to do about it.
        exit_code: what the `veche` command and the officials' scripts end with (docs/errors.md).
        late_exit_code: the same where it is too late for good; 0 where that makes no difference.
    """

    remedy: ClassVar[str] = "Report it, with this message: Veche has no better advice."
    exit_code: int = UNEXPECTED
    late_exit_code: ClassVar[int] = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[VecheError], args: tuple[Any, ...], state: dict[str, Any]) -> VecheError:
    """An exception that another process has met."""
    error = kind.__new__(kind, *args)
    error.__dict__ |= state
    return error


class Refused(VecheError):
    """An input that the protocol does not accept, here and in the contracts alike.

    Attributes:
        field: which part of the input is at fault, in words.
        values: the offending values, in the order of the contracts' custom error.
    """

    reason: ClassVar[str]
    remedy = (
        "Honest software sends nothing that is refused like this: update yours; if it stays, "
        "report it with this message."
    )
    exit_code = 4

    def __init__(self, *values: Value, field: str = "", reason: str = "") -> None:
        self.field = field
        self.values = values
        text = reason or self.reason.format(*map(_shown, values))
        super().__init__(f"{field}: {text}" if field else text)


def _shown(value: Value) -> int | str:
    """A hash as 0x and digits, a number as `reason` wants it, anything else as it is."""
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return _Number(value) if isinstance(value, int) else value


class _Number(int):
    """A number in a message: `{:time}` is seconds since 1970 as a date."""

    def __format__(self, form: str) -> str:
        return time_text(self) if form == "time" else super().__format__(form)


def is_too_late(expected: Value, actual: Value) -> bool:
    """Whether who asks in the wrong phase need not come back: what is over stays over."""
    return int(actual) > int(expected)
