"""How the command line names a poll."""

from __future__ import annotations

import pytest

from veche.cli import lookup


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("trees", ("trees", None)),
        ("trees@0", ("trees", 0)),
        ("trees@12", ("trees", 12)),
        ("a@b", ("a@b", None)),
        ("a@b@1", ("a@b", 1)),
        ("trees@", ("trees@", None)),
    ],
)
def test_version_follows_the_last_at_sign(named: str, found: tuple[str, int | None]) -> None:
    assert lookup.id_and_version(named) == found
