"""The `veche` command as people run it: by a script, or in a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "veche.cli"]

CTRL_C, CTRL_D = "\x03", "\x04"
PRESSED_AGAIN_AFTER = 5
"""Seconds without output before a key is pressed again."""


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        assert self.out.count("\n") == 1, self
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def error(self) -> str:
        """The name of the error that a command with --json ended with."""
        assert self.code, self
        assert set(self.json) == {"error"}
        assert set(self.json["error"]) == {"name", "message", "remedy"}
        return str(self.json["error"]["name"])


@dataclass(frozen=True)
class Shell:
    """A shell in which commands run.

    Attributes:
        folder: the working directory.
        environment: the variables that are set, beside those that every program needs.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def veche(self, *arguments: object, **environment: str) -> Ended:
        """Runs a command line with nobody at the terminal."""
        run = subprocess.run(  # noqa: S603  # our own code
            [*COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env=self._environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in run.stderr, run.stderr
        return Ended(run.returncode, run.stdout, run.stderr)

    def terminal(self, *arguments: object, **environment: str) -> Terminal:
        """Runs a command line in a terminal of its own."""
        return self._in_terminal([*COMMAND, *map(str, arguments)], environment)

    def line(self, line: str, *arguments: object, **environment: str) -> Terminal:
        """Runs a line of /bin/sh in a terminal of its own. In the line, $0 is Python."""
        words = ["/bin/sh", "-c", line, sys.executable, *map(str, arguments)]
        return self._in_terminal(words, environment)

    def _in_terminal(self, words: list[str], environment: dict[str, str]) -> Terminal:
        process, descriptor = pty.fork()
        if not process:
            os.chdir(self.folder)
            os.execve(words[0], words, self._environment(environment))  # noqa: S606  # our own code
        return Terminal(process, descriptor)

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        inherited = {
            name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ
        }
        fixed = {"LANG": "C.UTF-8", "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
        return inherited | fixed | self.environment | more


@dataclass
class Terminal:
    """A command in a terminal, and somebody who types there."""

    process: int
    descriptor: int
    text: str = ""
    _seen: int = 0

    def expect(self, text: str) -> None:
        """Reads until a text is shown, after the text that was expected before."""
        while text not in self.text[self._seen :]:
            assert self._read(), f"{text!r} was not shown: {self.text}"
        self._seen = self.text.index(text, self._seen) + len(text)

    def answer(self, question: str, typed: str) -> None:
        """Types a line once a question is shown."""
        self.expect(question)
        os.write(self.descriptor, f"{typed}\n".encode())

    def press(self, question: str, key: str) -> None:
        """Presses a key once a question is shown."""
        self.expect(question)
        os.write(self.descriptor, key.encode())

    def end(self, *, pressing: str = "") -> int:
        """Reads to the end, and returns the exit code.

        Args:
            pressing: a key that is pressed again while nothing happens: Python does not see Ctrl-C
                in the instant before it waits for a line.
        """
        while self._is_ready(pressing) and self._read():
            pass
        os.close(self.descriptor)
        _, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status)

    def _is_ready(self, pressing: str) -> bool:
        while pressing and not select.select([self.descriptor], [], [], PRESSED_AGAIN_AFTER)[0]:
            os.write(self.descriptor, pressing.encode())
        return True

    def _read(self) -> bool:
        try:
            more = os.read(self.descriptor, 1 << 16)
        except OSError:  # the terminal is gone with its last program
            return False
        self.text += more.decode(errors="replace").replace("\r\n", "\n")
        return bool(more)
