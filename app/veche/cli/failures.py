"""How a command ends when it did not do what it was asked: one message, what to do, exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import typer

from veche.cli import output
from veche.errors import VecheError
from veche.errors.root import CLOSED_PIPE, INTERRUPTED, UNEXPECTED

DEBUG: Final = "VECHE_DEBUG"
"""Set to 1, it shows where an unexpected error comes from."""

_LOST: Final = "interrupted; nothing is lost"
_STOPPED: Final = ("stopped", "Run it again whenever you like.")
AT_INTERRUPT: Final[dict[str, tuple[str, str]]] = {
    "vote": (
        _LOST,
        (
            "Run it again. If your ballot was on its way already, `veche status POLL --voter "
            "ADDRESS` tells whether it counts; of two ballots the last does."
        ),
    ),
    "carry": (
        _LOST,
        (
            "Run it again with the same ballots: what is on chain by then is found, and nothing "
            "is cast twice."
        ),
    ),
    "watch": _STOPPED,
    "trustee serve": _STOPPED,
}
"""What Ctrl-C has done to a command, and what to do, where that is not as for any other."""


def tell(error: VecheError, *, as_json: bool) -> int:
    """Tells of what Veche refused, could not reach or found wrong; its exit code."""
    _tell(type(error).__name__, str(error), error.remedy, as_json=as_json)
    return error.exit_code


def tell_usage(error: typer.TyperException, *, as_json: bool) -> int:
    """Tells what is wrong with the command line; its exit code."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "veche"
    message = error.format_message()
    _tell("WrongUsage", message, f"Run `{command} --help`: it shows an example.", as_json=as_json)
    return error.exit_code


def tell_interrupted(arguments: Sequence[str], *, as_json: bool) -> int:
    """Tells what Ctrl-C has ended, and what then; its exit code."""
    known = (AT_INTERRUPT.get(" ".join(arguments[:words])) for words in (1, 2))
    message, remedy = next(filter(None, known), (_LOST, "Run it again."))
    _tell("Interrupted", message, remedy, as_json=as_json)
    return INTERRUPTED


def tell_unexpected(error: Exception, *, as_json: bool) -> int:
    """Tells of a mistake in Veche itself; its exit code. What the error says is left out: nobody
    has made sure that it holds no secret.
    """
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    kind = type(error).__name__
    remedy = f"Please report it, with what {DEBUG}=1 prints; look that no secret is in it."
    _tell(kind, f"this should not have happened ({kind})", remedy, as_json=as_json)
    return UNEXPECTED


def close_pipe() -> int:
    """Ends without a word where nobody reads any more, as in `veche polls | head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED_PIPE


def _tell(name: str, message: str, remedy: str, *, as_json: bool) -> None:
    if as_json:
        output.print_json({"error": {"name": name, "message": message, "remedy": remedy}})
    else:
        output.stderr.print(output.plain(f"veche: {message}", style="bold"), soft_wrap=True)
        output.stderr.print(output.plain(f"What to do: {remedy}"), soft_wrap=True)
