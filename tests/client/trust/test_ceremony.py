"""Key ceremonies that are shown otherwise than they were."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.bent_polls import Make, bend, deals_bent, failed, report_of
from veche.crypto.group import G
from veche.observer import result
from veche.trust import ceremony


def with_threshold(shown: Any, threshold: int) -> Any:
    terms = replace(shown.definition.terms, threshold=threshold)
    return replace(shown, definition=replace(shown.definition, terms=terms))


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (bend("ceremony", lambda c: replace(c, deals=c.deals[:2])), ceremony.DEALS),
        (bend("ceremony", lambda c: replace(c, deals=())), ceremony.DEALS),
        (deals_bent(lambda d: replace(d, sealed=())), ceremony.DEALS),
        (deals_bent(lambda d: replace(d, commitments=())), ceremony.KEYS),
        (deals_bent(lambda d: replace(d, commitments=d.commitments * 2)), ceremony.KEYS),
        (bend("ceremony", lambda c: replace(c, key=G)), ceremony.KEYS),
        (bend("ceremony", lambda c: replace(c, verification_keys=())), ceremony.KEYS),
        (bend("ceremony", lambda c: with_threshold(c, 2**200)), ceremony.BOARD_HASH),
        (bend("ceremony", lambda c: with_threshold(c, 0)), result.RESULT),
    ],
)
def test_fault_is_caught_by_the_check_that_should(make: Make, caught: str) -> None:
    assert caught in failed(report_of(make()))
