"""A poll that no chain knows, and ballots in it that are prepared and not signed yet."""

from __future__ import annotations

from typing import Final

from eth_account import Account
from eth_account.signers.local import LocalAccount

from veche.crypto.group import G, Scalar
from veche.crypto.questions import Questions
from veche.protocol.ballot import PreparedBallot
from veche.protocol.content import Content, QuestionTexts
from veche.protocol.definition import PollDefinition

VOTER: Final[LocalAccount] = Account.from_key(b"\7" * 32)
TEXTS: Final = Content("Trees", "", (QuestionTexts("Which tree?", ("Lime", "Oak", "Maple")),))
POLL: Final = PollDefinition(
    chain_id=31337,
    address="0x" + "11" * 20,
    board="0x" + "22" * 20,
    board_hash=b"\3" * 32,
    key=G * Scalar(1234),
    roll_root=b"\4" * 32,
    total_weight=10,
    opens=1_000,
    closes=2_000,
    min_voters=2,
    content=TEXTS.encoded,
    questions=Questions.of((3, 1, 1, 1)),
)


def prepared(scores: tuple[int, ...] = (0, 1, 0), *, deadline: int | None = None) -> PreparedBallot:
    return PreparedBallot.encrypt(scores, POLL, voter=VOTER.address, weight=3, deadline=deadline)
