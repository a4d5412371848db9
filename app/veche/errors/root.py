"""The two roots: all exceptions, and all refusals."""

from __future__ import annotations

from typing import Any, ClassVar, Final, TypeAlias

from veche.errors.amounts import counted
from veche.errors.phases import NAMES, phase_text
from veche.errors.times import time_text

EXIT_CODES: Final = {
    0: "done",
    1: "a check of `veche verify`, `veche watch` or `veche results` failed",
    2: "the command line is wrong",
    3: "a file, a name or an answer is wrong",
    4: "the protocol or a contract refused it; or `veche carry` left a ballot that is not on chain",
    5: "a node cannot be reached, is behind or refuses; or the program that runs it is missing",
    6: "a key, a password or ether is missing or wrong",
    7: "the poll, the network or the code is not the one that you were told of",
    8: "it is too early: come back later",
    9: "a check failed, and nothing was done",
    10: "you said no",
    70: "an unexpected error: please report it",
    130: "interrupted",
    141: "the reader of the output went away",
}
"""The exit codes of the `veche` command and of the officials' scripts, with their meanings."""
FAILED: Final = 1
TO_COME: Final = 8
UNEXPECTED: Final = 70
INTERRUPTED: Final = 130
CLOSED_PIPE: Final = 141
"""The exit code that a shell shows for a program that SIGPIPE has ended."""

Value: TypeAlias = int | str | bytes
"""A number, an address or a hash."""


class VecheError(Exception):
    """Something went wrong in Veche. All exceptions of Veche are of this class.

    Attributes:
        remedy: what to do about it.
        exit_code: the exit code of the `veche` command and of the officials' scripts.
        late_exit_code: the exit code if a call needs a phase that is over; 0 for every exception
            that is not about a phase.
    """

    remedy: str = "Please report this message: Veche has no better advice."
    exit_code: int = UNEXPECTED
    late_exit_code: ClassVar[int] = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[VecheError], args: tuple[Any, ...], state: dict[str, Any]) -> VecheError:
    """Restores an exception that was raised in another process."""
    error = kind.__new__(kind, *args)
    error.__dict__ |= state
    return error


class Refused(VecheError):
    """The protocol does not accept an input. Python and the contracts refuse the same inputs.

    Attributes:
        field: the part of the input that is at fault, in words.
        values: the offending values, in the order of the contracts' custom error.
    """

    reason: ClassVar[str]
    remedy = (
        "Correct software never causes this. Update your software; if the message stays, please "
        "report it."
    )
    exit_code = 4

    def __init__(self, *values: Value, field: str = "", reason: str = "") -> None:
        self.field = field
        self.values = values
        text = reason or self.reason.format(*map(_shown, values))
        super().__init__(f"{field}: {text}" if field else text)
        if self.late_exit_code:
            needed, actual = map(int, values)
            if actual > needed:  # phases only go on
                self.exit_code = self.late_exit_code


def _shown(value: Value) -> int | str:
    """A hash as 0x and digits, a number as `reason` formats it, anything else unchanged."""
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    return _Number(value) if isinstance(value, int) else value


class _Number(int):
    """A number in a message: `{:time}` shows seconds since 1970 as a date, `{:poll}` and `{:board}`
    show a phase by its name, and `{:count voter}` shows "1 voter" or "2 voters".
    """

    def __format__(self, form: str) -> str:
        if form == "time":
            return time_text(self)
        if form in NAMES:
            return phase_text(self, form)
        if form.startswith("count "):
            return counted(self, form.removeprefix("count "))
        return super().__format__(form)
