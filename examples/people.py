"""Plays the trustees and the voters of the examples, whose keys are public.

    python examples/people.py deal     # the three trustees deal
    python examples/people.py confirm  # the three trustees confirm
    python examples/people.py vote     # turns the clock to the opening; ten voters vote
    python examples/people.py decrypt  # turns the clock to the close; two trustees decrypt
    python examples/people.py open     # turns the clock to the opening, for voters of your own
    python examples/people.py close    # turns the clock to the close, for trustees of your own

The chain is that of an anvil on this machine. Add the URL of a node, or the name of a private
network, for another chain; only the clock of an anvil can be turned.
"""

from __future__ import annotations

import sys
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from veche import Board, Catalogue, Chain, Poll, SignedBallot, connect
from veche.errors import VecheError
from veche.files import keystore
from veche.files.deployments import Deployments, of_chain
from veche.files.local import DEFAULT_URL
from veche.protocol.content import Choice
from veche.trustee.answers import Answers
from veche.trustee.trustee import Trustee

MNEMONIC = "test test test test test test test test test test test junk"
FIRST_SEALING, FIRST_VOTER, PAYER = 10, 100, 9
VOTERS = 10
CHOICES: dict[str, Choice] = {
    "Where would you like a bench?": ["On the square", "Nowhere"],
    "How shall we share out the money for the square?": {"Playground": 7, "Fountain": 3},
}


def person(index: int) -> LocalAccount:
    """An account of the mnemonic that Hardhat and anvil publish, by its index."""
    Account.enable_unaudited_hdwallet_features()
    path = f"m/44'/60'/0'/0/{index}"
    return Account.from_mnemonic(MNEMONIC, account_path=path)  # type: ignore[no-any-return]


class People:
    """The trustees and the voters."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.chain: Chain = connect(url, account=person(PAYER))
        genesis = f"0x{self.chain.node.genesis.hex()}"
        self.deployments: Deployments = of_chain(chain_id=self.chain.id, genesis=genesis)

    @property
    def board(self) -> Board:
        """The board of the examples."""
        return self.chain.board(self.deployments.board("city-2027"))

    @property
    def catalogue(self) -> Catalogue:
        """The officials' catalogue."""
        return self.chain.catalogue(self.deployments.require_catalogue())

    @property
    def poll(self) -> Poll:
        """The newest version of the poll of the examples."""
        return self.chain.poll(self.catalogue.versions("oak-street-trees")[-1])

    def trustee(self, index: int) -> Trustee:
        """A trustee of the board, by an index from 0, who needs no ether: another account pays."""
        return Trustee(
            self.chain,
            person(index),
            keystore.secret(person(FIRST_SEALING + index)),
            Answers(self._answers(index)),
            final_confirmations=1,
            clock=lambda: self.chain.time,
        )

    def _answers(self, index: int) -> Path:
        """The path of a trustee's answers."""
        return Path(__file__).with_name(f"answers-{index + 1}.json")

    def deal(self) -> None:
        """The trustees deal who have not. Their answers are new, as the chain of an anvil is."""
        for index in (each for each in range(3) if each + 1 not in self.board.deals()):
            self._answers(index).unlink(missing_ok=True)
            Answers.create(self._answers(index))
            self.trustee(index).deal(self.board)

    def confirm(self) -> None:
        """All trustees confirm."""
        for index in range(3):
            self.trustee(index).confirm(self.board, self.catalogue)

    def vote(self) -> None:
        """Ten voters vote, two in a transaction."""
        self.open()
        poll = self.poll
        for first in range(0, VOTERS, 2):
            poll.cast_batch([self._ballot(poll, index) for index in (first, first + 1)])

    def _ballot(self, poll: Poll, index: int) -> SignedBallot:
        voter = person(FIRST_VOTER + index)
        trees = [option for option in poll.texts.questions[0].options for _ in range(4)]
        choices = {**CHOICES, "Which tree?": trees[index]}
        return poll.prepare(choices, voter=voter.address).sign(voter)

    def open(self) -> None:
        """The poll opens."""
        self._turn_clock(self.poll.definition.opens)

    def close(self) -> None:
        """The poll closes. The clock never goes back, so the voters must have voted."""
        if not self.poll.voter_count:
            sys.exit("Nobody has voted yet: run `vote` first.")
        self._turn_clock(self.poll.definition.closes)

    def decrypt(self) -> None:
        """Two trustees check every ballot and decrypt the sums."""
        self.close()
        for index in range(2):
            self.trustee(index).decrypt(self.poll, self.catalogue)

    def _turn_clock(self, time: int) -> None:
        if self.chain.time < time:
            self.chain.node.request("evm_setNextBlockTimestamp", hex(time))
            self.chain.node.request("evm_mine")


PARTS = {
    "deal": People.deal,
    "confirm": People.confirm,
    "vote": People.vote,
    "decrypt": People.decrypt,
    "open": People.open,
    "close": People.close,
}


if __name__ == "__main__":
    part, *where = sys.argv[1:] or [""]
    if part not in PARTS:
        sys.exit(__doc__)
    try:
        PARTS[part](People(where[0] if where else DEFAULT_URL))
    except VecheError as error:
        sys.exit(f"{error}\n{error.remedy}")
