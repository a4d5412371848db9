"""Terms and texts of boards, honest and impossible."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from support.vector_files import load
from veche.crypto.group import G, Secret
from veche.errors import (
    DuplicateSealingKey,
    InvalidAccount,
    InvalidContent,
    InvalidMinVoters,
    InvalidThreshold,
    Refused,
)
from veche.protocol.addresses import ZERO
from veche.protocol.board import BoardDefinition, BoardTerms, TrusteeTerms
from veche.protocol.board_texts import BoardTexts

TRUSTEES = tuple(TrusteeTerms(f"0x{i:040x}", G * Secret(i)) for i in range(1, 18))
TEXTS = BoardTexts("City", ("Anna", "Boris", "Clara"))
TERMS = BoardTerms(2, 2, 100, 200, TRUSTEES[:3], TEXTS.encoded)


def test_sound_terms_are_accepted() -> None:
    TERMS.require_sound()
    assert TERMS.texts == TEXTS
    replace(TERMS, threshold=9, trustees=TRUSTEES[:16]).require_sound()


def named(index: int, **change: Any) -> tuple[TrusteeTerms, ...]:
    trustees = list(TRUSTEES[:3])
    trustees[index] = replace(trustees[index], **change)
    return tuple(trustees)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"threshold": 1}, InvalidThreshold),
        ({"threshold": 4}, InvalidThreshold),
        ({"threshold": 2, "trustees": TRUSTEES[:4]}, InvalidThreshold),
        ({"threshold": 9, "trustees": TRUSTEES[:17]}, InvalidThreshold),
        ({"trustees": ()}, InvalidThreshold),
        ({"min_voters": 1}, InvalidMinVoters),
        ({"min_voters": 0}, InvalidMinVoters),
        ({"trustees": named(2, account=ZERO)}, InvalidAccount),
        ({"trustees": named(2, account=TRUSTEES[0].account)}, InvalidAccount),
        ({"trustees": named(2, sealing_key=TRUSTEES[0].sealing_key)}, DuplicateSealingKey),
        ({"trustees": named(2, sealing_key=-TRUSTEES[0].sealing_key)}, DuplicateSealingKey),
    ],
)
def test_terms_that_no_board_can_have_are_refused(
    change: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        replace(TERMS, **change).require_sound()


def test_hash_covers_every_term() -> None:
    board = BoardDefinition(1, "0x" + "b0" * 20, TERMS)
    changes: list[dict[str, Any]] = [
        {"threshold": 3},
        {"min_voters": 3},
        {"deal_by": 101},
        {"confirm_by": 201},
        {"trustees": TRUSTEES[1:4]},
        {"content": replace(TEXTS, name="Town").encoded},
    ]
    others = [replace(board, terms=replace(TERMS, **change)) for change in changes]
    others += [replace(board, chain_id=2), replace(board, address="0x" + "b1" * 20)]
    assert len({board.hash, *(each.hash for each in others)}) == len(others) + 1


@pytest.mark.parametrize("case", load("texts"), ids=lambda each: each["name"])
def test_texts_are_shown_or_not(case: Any) -> None:
    if case["shown"]:
        assert BoardTexts.decode(case["content"], trustees=3).name
        return
    with pytest.raises(InvalidContent):
        BoardTexts.decode(case["content"], trustees=3)
