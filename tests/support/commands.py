"""The `veche` command as people run it: by a script, or in a terminal."""

from __future__ import annotations

import atexit
import json
import os
import runpy
import select
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryFile
from time import sleep, tzset
from typing import IO, Any, TextIO, TypeAlias

from support import forks, small_disks
from support.forks import Handed

Run: TypeAlias = Callable[[list[str]], None]
"""Runs a program, whose words these are, in a process that is there for it alone."""

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
        with self.start(*arguments, **environment) as running:
            return running.end()

    def start(self, *arguments: object, **environment: str) -> AbstractContextManager[Running]:
        """Runs a command line in the background; it is killed where this block ends."""
        return self._in_background(_veche, arguments, environment)

    def start_with_small_disk(
        self, folder: Path, *arguments: object, **environment: str
    ) -> AbstractContextManager[Running]:
        """The same, where a folder is on a small disk (`support.small_disks`)."""
        return self._in_background(_veche_with_small_disk, [folder, *arguments], environment)

    def script(
        self, script: Path, *arguments: object, **environment: str
    ) -> AbstractContextManager[Running]:
        """Runs a script of Python in the background; it is killed where this block ends."""
        return self._in_background(_script, [script, *arguments], environment)

    @contextmanager
    def _in_background(
        self, run: Run, words: Sequence[object], environment: dict[str, str]
    ) -> Iterator[Running]:
        read, stdin = os.pipe()
        stdout, write = os.pipe()
        with os.fdopen(stdin, "w") as to, os.fdopen(stdout) as out, TemporaryFile("w+") as err:
            given = Handed(read), Handed(write), Handed(err.fileno())
            process = self._process(run, words, environment, *given)
            os.close(read)
            os.close(write)
            try:
                yield Running(process, to, out, err)
            finally:
                process.kill()
                process.join()

    def terminal(self, *arguments: object, **environment: str) -> Terminal:
        """Runs a command line in a terminal of its own."""
        return self._in_terminal(_veche, arguments, environment)

    def line(self, line: str, *arguments: object, **environment: str) -> Terminal:
        """Runs a line of /bin/sh in a terminal of its own. In the line, $0 is Python."""
        words = ["/bin/sh", "-c", line, sys.executable, *arguments]
        return self._in_terminal(_program, words, environment)

    def _in_terminal(
        self, run: Run, words: Sequence[object], environment: dict[str, str]
    ) -> Terminal:
        descriptor, terminal = os.openpty()
        process = self._process(run, words, environment, Handed(terminal))
        os.close(terminal)
        return Terminal(process, descriptor)

    def _process(
        self, run: Run, words: Sequence[object], more: dict[str, str], *descriptors: Handed
    ) -> ForkServerProcess:
        inherited = {
            name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ
        }
        fixed = {"LANG": "C.UTF-8", "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
        environment = inherited | fixed | self.environment | more
        texts = [*map(str, words)]
        return forks.start(_become, run, texts, self.folder, environment, *descriptors)


@dataclass
class Running:
    """A command at work in the background.

    Attributes:
        process: the process.
        stdin: what it reads.
        stdout: what it prints.
        stderr: what it has told, to be read when it has ended.
    """

    process: ForkServerProcess
    stdin: TextIO
    stdout: TextIO
    stderr: IO[str]

    @property
    def id(self) -> int:
        """The process id."""
        assert self.process.pid
        return self.process.pid

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal, if it has not ended."""
        with suppress(ProcessLookupError):
            os.kill(self.id, number)

    def interrupt(self) -> None:
        """Sends SIGINT until it has ended: Python does not see the signal in the instant before it
        waits for a line.
        """
        while self.process.is_alive():
            self.signal(signal.SIGINT)
            self.process.join(PRESSED_AGAIN_AFTER)

    def send(self, text: str) -> None:
        """Writes to its stdin."""
        self.stdin.write(text)
        self.stdin.flush()

    def expect_told(self, text: str) -> None:
        """Waits until it has told a text on stderr."""
        while text not in self.told():
            assert self.process.is_alive(), self.told()
            sleep(0.01)

    def told(self) -> str:
        """What it has told on stderr so far."""
        return os.pread(self.stderr.fileno(), 1 << 20, 0).decode()

    def end(self) -> Ended:
        """Closes its stdin, and waits until it and all processes that it has started have ended."""
        self.stdin.close()
        out = self.stdout.read()
        self.process.join()
        self.stderr.seek(0)
        err = self.stderr.read()
        assert "Traceback" not in err, err
        assert self.process.exitcode is not None
        return Ended(self.process.exitcode, out, err)


@dataclass
class Terminal:
    """A command in a terminal, and somebody who types there."""

    process: ForkServerProcess
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
        self.process.join()
        assert self.process.exitcode is not None
        return self.process.exitcode

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


# -- In the new process --


def _become(
    run: Run, words: list[str], folder: Path, environment: dict[str, str], *descriptors: int
) -> None:
    """Runs a program as if it had been started as one.

    Args:
        run: runs it.
        words: of its command line.
        folder: the working directory.
        environment: all of it.
        descriptors: a terminal; or stdin, stdout and stderr.
    """
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if len(descriptors) == 1:
        os.login_tty(descriptors[0])
    else:
        os.setsid()
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = os.fdopen(0, encoding=encoding)
    sys.stdout = os.fdopen(1, "w", encoding=encoding)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding=encoding)
    try:
        run(words)
    finally:
        atexit._run_exitfuncs()


def _veche(arguments: list[str]) -> None:
    sys.argv = ["veche", *arguments]
    runpy.run_module("veche.cli", run_name="__main__")


def _veche_with_small_disk(words: list[str]) -> None:
    folder, *arguments = words
    small_disks.mount(Path(folder))
    _veche(arguments)


def _script(words: list[str]) -> None:
    sys.argv = words
    runpy.run_path(words[0], run_name="__main__")


def _program(words: list[str]) -> None:
    os.execv(words[0], words)  # noqa: S606  # our own line
