"""Errors at a node: it cannot be reached, or it does not show what it should."""

from __future__ import annotations

from collections.abc import Sequence

from veche.errors.amounts import ether_text
from veche.errors.root import VecheError


class NodeError(VecheError):
    """A node does not answer as an honest and healthy node would."""

    remedy = "Try again, or use another node."
    exit_code = 5

    def __init__(self, reason: str) -> None:
        # a node's own words may be in it, and must not look like lines of ours
        super().__init__(" ".join(reason.split()))


class NodeUnreachable(NodeError):
    """Nothing answers at a node's URL, after several tries."""

    remedy = "Check the URL, and that the node runs. Nothing is lost: run the command again."


class NodeBehind(NodeError):
    """A node does not have the newest blocks yet, or it replaced a block that was being read."""

    remedy = (
        "Run the command again: it reads the new blocks. If the node is behind, wait until it has "
        "caught up, or use another node."
    )


class NodeStandsStill(NodeError):
    """A node shows no new block, although a poll must have closed by now: it may have stopped, or
    hide what happens.
    """

    remedy = (
        "That is no verdict: do not rely on what was shown. Use another node, your own if you can, "
        "or several with --rpc; and look whether the network goes on."
    )


class LogsMissing(NodeError):
    """A node does not show logs that the state of a contract proves to exist."""

    remedy = (
        "That is no verdict, and says nothing about the poll. Use a node that keeps all logs: this "
        "one has thrown old ones away, or hides them."
    )


class NodeRefused(NodeError):
    """A node answers a request with an error.

    Attributes:
        said: the node's own words; empty if it has none.
        code: the number of the error in JSON-RPC; 0 if it has none.
    """

    remedy = "Read what the node says. If it stays, use another node."

    def __init__(self, reason: str, *, said: str = "", code: int = 0) -> None:
        self.said = said
        self.code = code
        super().__init__(reason)


class NodeForbids(NodeRefused):
    """A node does not serve you: it answers with HTTP status 401 or 403."""

    remedy = (
        "Check the key in the URL, and that your plan covers this. Or use a node that is open to "
        "you."
    )


class NodeBusy(NodeRefused):
    """A node has too many requests to answer, also after several tries.

    Attributes:
        after: for how many seconds it asks you to wait; 0 if it does not say.
    """

    remedy = (
        "Wait a minute, then run the command again: nothing is lost. If it stays, use another "
        "node, or a plan with more requests."
    )

    def __init__(self, reason: str, *, said: str = "", after: float = 0) -> None:
        self.after = after
        super().__init__(reason, said=said)


class HistoryPruned(NodeRefused):
    """A node has thrown away the logs, the blocks or the state that were asked for."""

    remedy = "Use a node that keeps its history since the board was convened."


class EndlessAnswer(NodeError):
    """A node's answer does not end in time, or is larger than any that is needed."""

    remedy = "Use another node. If the line to this one is slow, try again on a better one."


class WrongAnswer(NodeError):
    """A node's answer is malformed, or is about something else than it was asked for."""

    remedy = "Check the URL. If it is right, use another node: this one is broken, or it lies."


class TransactionPending(NodeError):
    """A transaction was sent, but no block holds it yet, or too few blocks are on top of the block
    that does.

    Attributes:
        transaction: its hash, 32 bytes; None if an earlier run has sent it.
    """

    remedy = (
        "Wait a little, then run the command again: a block may still take it. Nothing counts "
        "twice: what is done already is found or refused, and only the last ballot of a voter "
        "counts."
    )
    exit_code = 8

    def __init__(self, transaction: bytes | None, reason: str) -> None:
        self.transaction = transaction
        super().__init__(f"transaction 0x{transaction.hex()}: {reason}" if transaction else reason)


class TransactionFailed(VecheError):
    """A block holds a transaction that the contract refused; or no block can ever hold it, because
    another transaction of the account has its number.

    Attributes:
        transaction: its hash, 32 bytes.
    """

    remedy = (
        "Look at the chain again: somebody else may have done it first. Then run the command again."
    )
    exit_code = 4

    def __init__(self, transaction: bytes, reason: str) -> None:
        self.transaction = transaction
        super().__init__(f"transaction 0x{transaction.hex()}: {reason}")


class InsufficientFunds(VecheError):
    """An account cannot pay for its transaction.

    Attributes:
        account: its address.
        has: what it has, in wei.
        needs: the most that the transaction can cost, in wei.
    """

    remedy = (
        "Send ether to the account, then run the command again. Voters without ether let somebody "
        "else carry the ballot: `veche vote --out FILE`."
    )
    exit_code = 6

    def __init__(self, account: str, *, has: int, needs: int) -> None:
        self.account, self.has, self.needs = account, has, needs
        beside = "" if has < needs else ", beside what it has sent already"
        said = f"{account} has {ether_text(has)}, and this can cost {ether_text(needs)}"
        super().__init__(said + beside)


class RelayWithoutEther(InsufficientFunds):
    """The account of a relay cannot pay for a ballot."""

    remedy = (
        "Send ether to the account, or ask the officials: `veche official fund ADDRESS --ether 2`. "
        "Then run the command again."
    )


class TooExpensive(VecheError):
    """A node asks for a price of gas at which a transaction would cost more than is allowed."""

    remedy = (
        "Compare the price of gas at another node. If it is right, allow more: "
        "--max-tip with gwei for a unit of gas, --max-cost with ether for a transaction; scripts "
        "take VECHE_MAX_TIP and VECHE_MAX_COST, and the library `fee_cap=FeeCap(…)`."
    )
    exit_code = 6


class WrongNetwork(VecheError):
    """A node is on another chain than expected.

    Attributes:
        expected: the chain id expected.
        actual: the chain id of the node.
    """

    remedy = "Use a node of the right network."
    exit_code = 7

    def __init__(self, expected: int, actual: int, *, reason: str) -> None:
        self.expected = expected
        self.actual = actual
        super().__init__(reason)


class UnknownContract(VecheError):
    """An address has no code, or other code than the published one; or a contract answers as no
    published contract would.
    """

    remedy = "Ask the officials for the address again, and check the network."
    exit_code = 7


class WrongPoll(VecheError):
    """A poll is not the one that you were told of, or contradicts its own hash."""

    remedy = (
        "Do nothing with this poll, neither vote nor carry ballots. Ask the officials for the "
        "address and the poll hash in another way."
    )
    exit_code = 7


class IncompleteRoll(VecheError):
    """The officials have not published all of the poll's roll yet, or have published another."""

    remedy = "Wait until the officials have published all of the roll, or tell them."
    exit_code = 8


class NoResult(VecheError):
    """A poll has no result yet."""

    remedy = "Come back later: a poll has a result when the contract has proven it."
    exit_code = 8


class NoEmbeddedChain(VecheError):
    """A chain is to be started on this machine, and anvil is missing."""

    remedy = "Run `make setup` in the project's folder, or put Foundry's anvil into the PATH."
    exit_code = 5


class UnknownNetwork(VecheError):
    """No network with this name was made or joined here."""

    remedy = (
        "Run the command in the folder that has `networks/`. `veche network make FILE` makes a "
        "network, and `veche network join FILE` joins one. Where a node is asked for, its URL or "
        "the path of the network's file will do."
    )
    exit_code = 3

    def __init__(self, named: str, known: Sequence[str]) -> None:
        listed = ", ".join(known) or "none"
        super().__init__(f"{named!r} is neither a URL nor a network here; known are: {listed}")


class NoNodeProgram(VecheError):
    """A node of a private network needs geth and veche-validator; one is missing or fails."""

    remedy = (
        "Run `make nodes` in the project's folder, which needs Go 1.25 or newer; or put geth 1.17 "
        "and veche-validator on PATH."
    )
    exit_code = 5


class NodeStopped(VecheError):
    """A node that this program runs has ended by itself, its port is taken, or it runs already."""

    remedy = (
        "If the message names a log, read the end of it. Check that the node's ports and some disk "
        "space are free: end what else runs there, or name another port (`veche network join "
        "--rpc-port`, `rpc_port` in network.toml)."
    )
    exit_code = 5
