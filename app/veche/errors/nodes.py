"""What goes wrong between here and a node, or what a node says that does not fit."""

from __future__ import annotations

from collections.abc import Sequence

from veche.errors.root import VecheError


class NodeError(VecheError):
    """You meet it where a node does not give what an honest and healthy one would."""

    remedy = "Try again, or another node's URL."
    exit_code = 5


class NodeUnreachable(NodeError):
    """You meet it where nothing answers at a node's URL, after several tries."""

    remedy = "Check the URL and that the node runs; nothing is lost, run the command again."


class NodeBehind(NodeError):
    """You meet it where a node has not got the newest blocks yet."""

    remedy = "Wait until the node has caught up, or give another node's URL."


class NodeRefused(NodeError):
    """You meet it where a node answers a request with an error of its own."""

    remedy = "Read what the node says; if it prunes logs, give the URL of one that keeps them."


class NodesDisagree(NodeError):
    """You meet it where two nodes show different chains."""

    remedy = "Trust neither until you know why: wait for finality, or ask a third node."
    exit_code = 9


class TransactionPending(NodeError):
    """You meet it where a transaction was sent and no block holds it yet, or too few blocks come on
    top of the one that does.

    Attributes:
        transaction: its hash, 32 bytes; None where it was sent by an earlier run.
    """

    remedy = (
        "It may get in yet: wait a little, then run it again. Nothing counts twice: what is done "
        "already is found or refused, and of a voter's ballots the last counts."
    )
    exit_code = 8

    def __init__(self, transaction: bytes | None, reason: str) -> None:
        self.transaction = transaction
        super().__init__(f"transaction 0x{transaction.hex()}: {reason}" if transaction else reason)


class TransactionFailed(VecheError):
    """You meet it where a block holds a transaction, and it did nothing; or where no block ever
    will, as another transaction of the account has its number.

    Attributes:
        transaction: its hash, 32 bytes.
    """

    remedy = "Look at the state again, somebody else may have been first; then run it again."
    exit_code = 4

    def __init__(self, transaction: bytes, reason: str) -> None:
        self.transaction = transaction
        super().__init__(f"transaction 0x{transaction.hex()}: {reason}")


class InsufficientFunds(VecheError):
    """You meet it where an account cannot pay for its transaction.

    Attributes:
        account: its address.
    """

    remedy = (
        "Send ether to the account, then run it again. Voters without ether let somebody else "
        "carry the ballot: `veche vote --out FILE`."
    )
    exit_code = 6

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(f"{account} cannot pay for the gas")


class WrongNetwork(VecheError):
    """You meet it where a node belongs to another chain than the one that was meant.

    Attributes:
        expected: chain id.
        actual: chain id.
    """

    remedy = "Give the URL of a node of the right network."
    exit_code = 7

    def __init__(self, expected: int, actual: int, *, reason: str = "") -> None:
        self.expected = expected
        self.actual = actual
        super().__init__(reason or f"this node is on chain {actual}, not {expected}")


class UnknownContract(VecheError):
    """You meet it where an address has no code, or code that is not the published one; or where a
    contract answers as no published one would.
    """

    remedy = "Take the address from the officials again, and check the network."
    exit_code = 7


class WrongPoll(VecheError):
    """You meet it where a poll is not the one that you were told of, or contradicts its hash."""

    remedy = "Do not vote here. Ask the officials for address and poll hash on another way."
    exit_code = 7


class IncompleteRoll(VecheError):
    """You meet it where the roll that officials have published so far is not the poll's."""

    remedy = "Wait until the officials have published all of the roll, or tell them."
    exit_code = 8


class NoResult(VecheError):
    """You meet it where a poll's result is asked for before it is recorded."""

    remedy = "Come back later: a result is there when the contract has proven it."
    exit_code = 8


class NoEmbeddedChain(VecheError):
    """You meet it where a chain is to be started on this machine, and anvil is not there."""

    remedy = (
        "Run `make setup` and stay in the project's folder, or put Foundry's anvil in the PATH."
    )
    exit_code = 5


class UnknownNetwork(VecheError):
    """You meet it where a network is named that was neither made nor joined here."""

    remedy = (
        "Give the URL of a node, or the network's file; or run where `networks/` is. "
        "`veche network join FILE` joins a network."
    )
    exit_code = 3

    def __init__(self, named: str, known: Sequence[str]) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(f"{named!r} is neither a URL nor a network here; known are: {listed}")


class NoGeth(VecheError):
    """You meet it where a node of a private network is to be made or run, and geth is not there, or
    is one that cannot seal blocks.
    """

    remedy = (
        "With Go 1.21 or newer, run `make geth` and stay in the project's folder; or put geth "
        "1.13.15 in the PATH. Newer ones seal no blocks of Clique."
    )
    exit_code = 5


class NodeStopped(VecheError):
    """You meet it where a node that this program runs has ended by itself."""

    remedy = "Read the end of its log, which is named; look whether its ports and disk are free."
    exit_code = 5
