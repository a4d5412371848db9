"""What is wrong on this side: a file, words, keys, a vote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from veche.errors.root import VecheError


class InvalidRoll(VecheError):
    """You meet it where an electoral roll is not one that a poll can have, or a voter is looked
    up who is not on it.

    Attributes:
        index: of the entry that is at fault, from 0; None where none is.
    """

    remedy = "Ask the officials, or correct the roll: each voter once, with a weight of 1 or more."
    exit_code = 3

    def __init__(self, index: int | None, reason: str) -> None:
        self.index = index
        super().__init__(reason if index is None else f"entry {index}: {reason}")


class DiscreteLogNotFound(VecheError):
    """You meet it where no score within the bound gives the point: the bound or the sums are wrong.

    Attributes:
        bound: the largest score that was tried.
    """

    remedy = "Ask another node: these sums and shares are not those of the contract."
    exit_code = 9

    def __init__(self, bound: int) -> None:
        self.bound = bound
        super().__init__(f"no score in 0..{bound} gives this point: check the bound and the sums")


class Mistake(NamedTuple):
    """One thing that is wrong with a file.

    Attributes:
        line: where, from 1; 0 for the file as a whole.
        what: what is wrong.
        remedy: what to write instead.
    """

    line: int
    what: str
    remedy: str


class InvalidFile(VecheError):
    """You meet it where a file is not what it should be. All its mistakes are told at once.

    Attributes:
        path: of the file.
        mistakes: all of them, in the order of their lines.
    """

    remedy = "Do what stands behind each mistake, then run it again."
    exit_code = 3

    def __init__(self, path: str, mistakes: Sequence[Mistake]) -> None:
        self.path = path
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(_told(path, each) for each in self.mistakes))


def _told(path: str, mistake: Mistake) -> str:
    place = f"{path}:{mistake.line}" if mistake.line else path
    return f"{place}: {mistake.what}: {mistake.remedy}"


class InvalidDocument(VecheError):
    """You meet it where a JSON file that Veche wrote itself, a signed ballot or an audit file, is
    not as it wrote it.
    """

    remedy = "Take the file again from where it was written: it was changed or cut on the way."
    exit_code = 3


class InvalidContent(VecheError):
    """You meet it where the words of a poll are no JSON document as they should be, or do not fit
    the questions' limits.
    """

    remedy = "Tell the officials: nobody can be asked to vote on these words."
    exit_code = 7


class InvalidChoices(VecheError):
    """You meet it where a vote names a question or an option that the poll has not, or one twice,
    or too many or too few. The message names what is not there, never what was chosen.
    """

    remedy = (
        "Use the words of the poll, and answer each question as it asks: `veche show POLL` prints "
        "both."
    )
    exit_code = 3


class BallotSpent(VecheError):
    """You meet it where a ballot is to be signed that has been audited: who has seen its audit
    file knows the vote.
    """

    remedy = "Prepare a new ballot: an audited one is never cast."
    exit_code = 4

    def __init__(self) -> None:
        super().__init__("this ballot was audited, so it is not cast")


class AuditFailed(VecheError):
    """You meet it where what an audit file reveals does not give the tracker that was shown."""

    remedy = "Do not cast with the device that showed this tracker, and tell the officials."
    exit_code = 9


class NoAccount(VecheError):
    """You meet it where a transaction is to be sent and there is no key to sign it with."""

    remedy = "Name a keystore file with --keystore, or connect with `account=`."
    exit_code = 6


class InvalidKeystore(VecheError):
    """You meet it where a keystore file cannot be read, or is to be written over."""

    remedy = "Give the path of a file that `veche keygen` wrote, or a new path to write to."
    exit_code = 6


class NoPassword(VecheError):
    """You meet it where a keystore needs a password and nobody is there to type it."""

    remedy = "Run it in a terminal, or give --password-file, or set VECHE_PASSWORD."
    exit_code = 6


class WrongPassword(VecheError):
    """You meet it where a keystore does not open with a password. The message names the file or
    the variable that the password came from, if it was not typed.
    """

    remedy = (
        "Type the password again; one that came from a file or a variable is corrected there, or "
        "taken away, to be asked. Nobody can recover it for you."
    )
    exit_code = 6

    def __init__(self, path: str, source: str = "") -> None:
        which = f"the password in {source}" if source else "this password"
        super().__init__(f"{which} does not open {path}")


class NotDeployed(VecheError):
    """You meet it where a catalogue, board or poll is named that is not noted for the network."""

    remedy = (
        "Give its address (a catalogue's with --catalogue or VECHE_CATALOGUE), or run where "
        "`deployments/` is, or deploy it first."
    )
    exit_code = 3


class AlreadyAnswered(VecheError):
    """You meet it where a trustee is asked to decrypt other sums of a poll than it has answered
    already: the difference of two sums can be one voter's ballot.
    """

    remedy = "Do not answer. Somebody shows you another chain: compare with other trustees' nodes."
    exit_code = 9


class ChecksFailed(VecheError):
    """You meet it where something is to be signed or believed, and a check of it failed.

    Attributes:
        failed: the checks that failed, each with its reason.
    """

    remedy = "Sign nothing. Compare with another node, and tell officials and other observers."
    exit_code = 9

    def __init__(self, failed: Sequence[str]) -> None:
        self.failed = tuple(failed)
        super().__init__("\n".join(self.failed))


class Obstacles(VecheError):
    """You meet it where several things stand in the way of what officials want to do. All of them
    are told at once, each with its remedy.

    Attributes:
        each: all of them.
    """

    remedy = "Clear away all that is named, then run it again; nothing has been sent."
    exit_code = 4

    def __init__(self, each: Sequence[VecheError]) -> None:
        self.each = tuple(each)
        super().__init__("\n".join(f"{error}\n    {error.remedy}" for error in self.each))


class Declined(VecheError):
    """You meet it where somebody was asked before something is sent, and said no."""

    remedy = "Nothing was sent. Run it again when you are ready."
    exit_code = 10

    def __init__(self) -> None:
        super().__init__("not confirmed")
