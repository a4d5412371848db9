"""The `veche` command, for a terminal or a script.

Loading it loads no node, no keys and no cryptography. Every command loads what it needs when it
runs, so that `veche --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from veche.cli import failures
from veche.cli.commands import app
from veche.errors import VecheError
from veche.errors.root import INTERRUPTED


def main() -> None:
    """Runs the command line that the shell gives, and ends with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code. A failure is shown, never raised."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # any text of a poll can be printed
    as_json = "--json" in arguments
    try:
        ended = app(args=list(arguments), prog_name="veche", standalone_mode=False)
    except VecheError as error:
        return failures.tell(error, as_json=as_json)
    except typer.TyperException as error:
        return failures.tell_usage(error, as_json=as_json)
    except (KeyboardInterrupt, typer.Abort):
        ended = INTERRUPTED
    except SystemExit as error:  # how Typer ends after completion, and Rich when nobody reads
        ended = failures.close_pipe() if error.code else 0
    except BrokenPipeError:
        ended = failures.close_pipe()
    except Exception as error:  # noqa: BLE001  # the last place where it can be shown
        return failures.tell_unexpected(error, as_json=as_json)
    if ended == INTERRUPTED:
        return failures.tell_interrupted(arguments, as_json=as_json)
    return ended if isinstance(ended, int) else 0
