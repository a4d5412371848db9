"""Errors on this machine: in files, rolls, texts, keys and votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from veche.errors.root import VecheError


class InvalidRoll(VecheError):
    """No poll can have this electoral roll; or somebody is looked up who is not on the roll.

    Attributes:
        index: the index of the faulty entry, from 0; None if no entry is faulty.
    """

    remedy = (
        "Correct the roll, or ask the officials to: each voter is on it once, with a weight of "
        "1 or more."
    )
    exit_code = 3

    def __init__(self, index: int | None, reason: str) -> None:
        self.index = index
        super().__init__(reason if index is None else f"entry {index}: {reason}")


class DiscreteLogNotFound(VecheError):
    """No score up to the bound gives the point: the bound, the sums or the shares are wrong.

    Attributes:
        bound: the largest score that was tried.
    """

    remedy = "Ask another node: these sums and shares are not those of the contract."
    exit_code = 9

    def __init__(self, bound: int) -> None:
        self.bound = bound
        super().__init__(f"no score in 0..{bound} gives this point: check the bound and the sums")


class Mistake(NamedTuple):
    """One mistake in a file.

    Attributes:
        line: its line, from 1; 0 for the file as a whole.
        what: what is wrong.
        remedy: what to write instead.
        path: the path of the file that it is in; empty for the file that was read, rather than one
            that it names.
    """

    line: int
    what: str
    remedy: str
    path: str = ""

    def told(self, path: str) -> str:
        """The mistake in a line of text.

        Args:
            path: the path of the file that was read.
        """
        return f"{self.reason(path)}: {self.remedy}"

    def reason(self, path: str) -> str:
        """What is wrong, and where, without what to write instead."""
        named = self.path or path
        file = named if named.isprintable() else repr(named)
        place = f"{file}:{self.line}" if self.line else file
        return f"{place}: {self.what}"


class WrongRoll(VecheError):
    """A roll that was given, as by --roll, is not the one that the poll was published with."""

    remedy = (
        "Ask the officials for the roll's file as it was when they published the poll; or leave "
        "the roll out, to read the one that is published on chain."
    )
    exit_code = 3

    def __init__(self, root: bytes, weight: int, poll_root: bytes, poll_weight: int) -> None:
        super().__init__(
            f"this roll has the root 0x{root.hex()} and the weight {weight}, but the poll has the "
            f"root 0x{poll_root.hex()} and the weight {poll_weight}"
        )


class WrongRollProof(VecheError):
    """A roll proof shows another voter, another poll or another roll than it must, or shows
    nothing.
    """

    remedy = (
        "Ask the officials or another relay for the proof of your own address in this poll. Or "
        "leave the proof out, to read the whole roll."
    )
    exit_code = 3


class InvalidFile(VecheError):
    """A file has mistakes, or cannot be read or written. The message lists all mistakes at once.

    Attributes:
        path: the path of the file.
        mistakes: all mistakes, in the order of their lines; after them, those in a file that this
            one names.
    """

    remedy = "Correct every mistake as its message says, then run the command again."
    exit_code = 3

    def __init__(self, path: str, mistakes: Sequence[Mistake]) -> None:
        self.path = path
        self.mistakes = tuple(mistakes)
        first, *others = mistakes
        if first.line or others:
            message = "\n".join(each.told(path) for each in mistakes)
        else:  # of the file as a whole
            message = first.reason(path)
            self.remedy = f"{first.remedy[:1].upper()}{first.remedy[1:]}."
        super().__init__(message)


class InvalidDocument(VecheError):
    """A text that a program wrote is not as it was written: a signed ballot, an audit file, an
    election record, a network's file, a link, an address or a hash.
    """

    remedy = (
        "Copy it again from where it comes from: it was changed or cut on the way, or mistyped. If "
        "it comes like this, whoever wrote it did not follow its form."
    )
    exit_code = 3


class InvalidContent(VecheError):
    """A poll's texts are not the JSON document that they must be, or do not fit its questions."""

    remedy = "Tell the officials: nobody can vote on these texts."
    exit_code = 7


class InvalidChoices(VecheError):
    """A vote names a question or an option that the poll does not have, names an option twice, or
    gives scores that the question does not allow. The message shows no score.
    """

    remedy = (
        "Copy the texts of the poll exactly, and keep to the limits of each question: "
        "`veche show POLL` prints texts and limits."
    )
    exit_code = 3


class BallotSpent(VecheError):
    """Somebody tries to sign a ballot that was audited. Whoever has seen its audit file knows the
    vote.
    """

    remedy = "Prepare a new ballot: an audited ballot is never cast."
    exit_code = 4

    def __init__(self) -> None:
        super().__init__("this ballot was audited, so it cannot be cast")


class AuditFailed(VecheError):
    """What an audit file reveals does not give the tracker that was shown."""

    remedy = (
        "Tell the officials, and do not vote with the device that showed this tracker: it may "
        "encrypt another vote than yours."
    )
    exit_code = 9


class NoAccount(VecheError):
    """A transaction or a signature needs a key, and no key is named."""

    remedy = (
        "Name a keystore file with --keystore; `veche keygen` makes one. In Python, connect with "
        "`account=`."
    )
    exit_code = 6


class InvalidKeystore(VecheError):
    """A keystore file is missing, cannot be read or is no keystore; or a new key would replace a
    file.
    """

    remedy = (
        "Name a keystore file, as `veche keygen` or a wallet writes it. For a new key, name a file "
        "that does not exist yet."
    )
    exit_code = 6


class NoPassword(VecheError):
    """A keystore needs a password, and there is no terminal to ask for it; or it is empty."""

    remedy = "Run the command in a terminal, use --password-file, or set VECHE_PASSWORD."
    exit_code = 6


class WrongPassword(VecheError):
    """A password does not open its keystore. The message names the file or the variable that the
    password comes from, if it was not typed.
    """

    remedy = (
        "Type the password again. If it comes from a file or a variable, correct it there, or "
        "remove it to be asked. Nobody can recover a password for you."
    )
    exit_code = 6

    def __init__(self, path: str, source: str = "") -> None:
        which = f"the password in {source}" if source else "this password"
        super().__init__(f"{which} does not open {path}")


class NotDeployed(VecheError):
    """No file in `deployments/` belongs to this chain; the file names no such catalogue or board;
    or the newest version in the catalogue is cancelled, or is not the poll that a file describes.
    """

    remedy = (
        "Run the command in the folder that has `deployments/`. Or name the address yourself, a "
        "catalogue's with --catalogue or VECHE_CATALOGUE. If nothing exists yet, first deploy the "
        "catalogue, convene the board or publish the poll."
    )
    exit_code = 3


class AlreadyAnswered(VecheError):
    """A trustee is shown other sums of a poll, or other deals of a board, than those it has
    answered for. The difference between two sums can be the ballot of one voter.
    """

    remedy = (
        "Decrypt, confirm and blame nothing. Somebody shows you another chain: compare your node "
        "with those of the other trustees."
    )
    exit_code = 9


class NotConfirmed(VecheError):
    """A trustee is to decrypt with the key of a board, but its answers do not note that it has
    confirmed the board's deals.
    """

    remedy = (
        "Restore the newest `answers.json` from a backup: it notes what you have confirmed. "
        "Without the note you cannot decrypt for this board. Tell the officials."
    )
    exit_code = 9


class AnsweredElsewhere(VecheError):
    """The chain shows a confirmation or a share of a trustee, and the trustee's own answers do not
    note it: another copy of its folder is at work, or this one is old.
    """

    remedy = (
        "Use one folder, on one machine: stop every other, and restore the newest `answers.json` "
        "there. If nobody of yours has another copy, your keys are stolen: tell the officials and "
        "the other trustees."
    )
    exit_code = 9


class ChecksFailed(VecheError):
    """A check failed that must pass before anything is signed, confirmed, blamed or decrypted.

    Attributes:
        failed: the failed checks, each with its reason.
    """

    remedy = "Sign nothing. Compare with another node, and tell the officials and other observers."
    exit_code = 9

    def __init__(self, failed: Sequence[str]) -> None:
        self.failed = tuple(failed)
        super().__init__("\n".join(self.failed))


class Obstacles(VecheError):
    """Several obstacles prevent what somebody wants to do. The message lists all of them, each with
    its remedy.

    Attributes:
        each: all obstacles.
    """

    remedy = "Remove all of these obstacles, then run the command again. Nothing was sent."
    exit_code = 4

    def __init__(self, each: Sequence[VecheError]) -> None:
        self.each = tuple(each)
        super().__init__("\n".join(f"{error}\n    {error.remedy}" for error in self.each))


class AnotherRun(VecheError):
    """Another run of a script or a command, perhaps another official's, has done the same since
    this one made its plan.
    """

    remedy = "Run it again: it begins with what is there now, and does nothing twice."
    exit_code = 8


class Declined(VecheError):
    """The command asked before it sent anything, and the answer was no."""

    remedy = "Nothing was sent. Run the command again when you are ready."
    exit_code = 10

    def __init__(self) -> None:
        super().__init__("not confirmed")
