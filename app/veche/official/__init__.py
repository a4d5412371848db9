"""The officials' work: catalogue, boards, polls, rolls and results, and the status of them all.

Every verb first makes a plan in words and checks all of it. Then it asks, and then it sends. It
notes each transaction when it is sent and when a block holds it. So a verb that was interrupted can
run again, and does nothing twice.

    office = open_office(veche.connect("city", account=account), "city")
    publish_poll(office, Path("poll.toml"))
"""

from __future__ import annotations

from veche.official.boards import convene_board
from veche.official.catalogue import deploy_catalogue
from veche.official.funds import fund
from veche.official.office import Office, open_office
from veche.official.polls import cancel_poll, publish_poll
from veche.official.results import publish_result
from veche.official.rolls import publish_roll
from veche.official.status import status

__all__ = [
    "Office",
    "cancel_poll",
    "convene_board",
    "deploy_catalogue",
    "fund",
    "open_office",
    "publish_poll",
    "publish_result",
    "publish_roll",
    "status",
]
