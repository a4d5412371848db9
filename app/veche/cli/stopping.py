"""What runs until somebody stops it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from veche.cli.output import Output


@contextmanager
def until_stopped(output: Output) -> Iterator[None]:
    """Lets Ctrl-C or SIGTERM end what runs inside, as they are meant to."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        output.say("Stopped.")
    finally:
        signal.signal(signal.SIGTERM, before)
