"""How a command ends that could not do what it was asked: a message, a remedy, an exit code."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import typer

from veche.cli.output import bold, print_json, show, stderr
from veche.errors import InvalidFile, VecheError
from veche.errors.root import CLOSED_PIPE, INTERRUPTED, UNEXPECTED

DEBUG: Final = "VECHE_DEBUG"
"""If set to 1, an unexpected error shows where it comes from."""

_LOST: Final = "interrupted; nothing is lost"
_STOPPED: Final = ("stopped", "Run it again whenever you like.")
AT_INTERRUPT: Final[dict[str, tuple[str, str]]] = {
    "vote": (
        _LOST,
        (
            "Run it again. If your ballot was already on its way, it is found and followed, and "
            "not paid for twice."
        ),
    ),
    "carry": (
        _LOST,
        (
            "Run it again with the same ballots. It finds those that are on chain by then, and "
            "nothing is cast twice."
        ),
    ),
    "official": (_LOST, "Run it again: it goes on where it stopped, and does nothing twice."),
    "watch": _STOPPED,
    "relay": _STOPPED,
    "trustee serve": _STOPPED,
}
"""Message and remedy after Ctrl-C, for commands that need their own."""


def fields_of(error: VecheError) -> dict[str, str]:
    """An error for machines."""
    return {"name": type(error).__name__, "message": str(error), "remedy": error.remedy}


def words_of(error: Exception) -> str:
    """An error in a sentence or two, for people. Services tell it, and go on.

    A message of an unexpected error may hold a secret, so it is not shown.
    """
    if isinstance(error, VecheError):
        return apart(str(error), error.remedy)
    fields = _unexpected(error)
    return apart(fields["message"], fields["remedy"])


def apart(message: str, remedy: str) -> str:
    """A message and its remedy as sentences of one line."""
    return f"{message}{'' if message.endswith('.') else '.'} {remedy}"


def tell(error: VecheError, *, as_json: bool) -> int:
    """Tells what Veche refused, could not reach or found wrong. Returns the exit code."""
    _tell(fields_of(error), as_json=as_json)
    return error.exit_code


def tell_usage(error: typer.TyperException, *, as_json: bool) -> int:
    """Tells what is wrong with the command line. Returns the exit code."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "veche"
    fields = {
        "name": "WrongUsage",
        "message": error.format_message(),
        "remedy": f"Run `{command} --help`: it shows an example.",
    }
    _tell(fields, as_json=as_json)
    return error.exit_code


def tell_interrupted(arguments: Sequence[str], *, as_json: bool) -> int:
    """Tells what Ctrl-C has ended, and what to do next. Returns the exit code."""
    known = (AT_INTERRUPT.get(" ".join(arguments[:words])) for words in (1, 2))
    message, remedy = next(filter(None, known), (_LOST, "Run it again."))
    _tell({"name": "Interrupted", "message": message, "remedy": remedy}, as_json=as_json)
    return INTERRUPTED


def tell_unexpected(error: Exception, *, as_json: bool) -> int:
    """Reports an unexpected error: a full disk, or a fault of Veche itself. Returns the exit code.

    The error's own message may hold a secret, so it is shown only if VECHE_DEBUG is 1.
    """
    if _is_full(error):
        return _tell_full()
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    _tell(_unexpected(error), as_json=as_json)
    return UNEXPECTED


def _unexpected(error: Exception) -> dict[str, str]:
    kind = type(error).__name__
    return {
        "name": kind,
        "message": f"this should not have happened ({kind})",
        "remedy": f"Please report it, with what {DEBUG}=1 prints. Check first that this holds no "
        "secret.",
    }


def _is_full(error: Exception) -> bool:
    """Whether the disk had no space for what a command writes, to a file or to stdout."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _tell_full() -> int:
    """Tells on stderr that a disk is full, as stdout may be on it. Returns the exit code."""
    _silence()
    _show("the disk is full: not all could be written", "Make room, then run it again.")
    return InvalidFile.exit_code


def close_pipe() -> int:
    """Ends silently because nobody reads the output any more, as in `veche polls | head`."""
    _silence()
    return CLOSED_PIPE


def _silence() -> None:
    """Drops what stdout still holds, which cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(fields: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        print_json({"error": fields})
    else:
        _show(fields["message"], fields["remedy"])


def _show(message: str, remedy: str) -> None:
    show(stderr, bold(f"veche: {message}"), f"What to do: {remedy}")
