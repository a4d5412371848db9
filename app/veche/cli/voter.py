"""What voters do: make a key, vote, look whether the ballot counts, check their device."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from veche.cli import asking, cautions, choices, connection, files, keys, options
from veche.cli.output import Output, digits
from veche.errors import Declined, WrongPoll
from veche.errors.times import time_text

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

    from veche.chain.poll import Poll
    from veche.protocol.audit import Audit
    from veche.protocol.ballot import PreparedBallot
    from veche.protocol.content import Scores

CAST: Final = "cast"
SIGN: Final = "sign"
AUDIT: Final = "audit"
STOP: Final = "stop"


def keygen(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="To write; never written over.")],
    *,
    password_file: options.PasswordFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes a new key and prints its address.

    The key goes into FILE, under a password that nobody can recover for you. The address is what
    officials put on the electoral roll.

    Example:  veche keygen my.key
    """
    from veche.files import keystore

    keystore.require_new(file)
    files.require_new(file)
    password = keys.password(password_file, lambda: asking.new_password(f"Password for {file}"))
    output = Output(as_json)
    with output.progress("Making the key"):
        account = keystore.create(file, password)
    output.finish({"address": account.address, "keystore": str(file)})
    if not as_json:
        output.say(account.address)


# -- Voting --


@dataclass(frozen=True)
class Decision:
    """What becomes of a ballot, once its tracker is known.

    Attributes:
        is_made: whether it is; else the voter is asked.
        audit: the file for what an audit reveals; None where the ballot is cast.
        out: the file for a signed ballot that somebody else carries; None to send it from here.
    """

    is_made: bool
    audit: Path | None
    out: Path | None

    @classmethod
    def given(cls, *, cast: bool, audit: Path | None, out: Path | None) -> Decision:
        """What the command line says; a contradiction is refused."""
        if audit is not None and (cast or out is not None):
            raise typer.BadParameter("a ballot is cast or audited, never both: leave out --audit")
        is_made = cast or audit is not None
        if not is_made and out is None:
            asking.require_somebody("give --cast, --out FILE or --audit FILE")
        for file in filter(None, (audit, out)):
            files.require_new(file)
        return cls(is_made or not asking.somebody(), audit, out)

    def made(self) -> Decision:
        """The voter's decision, asked for where the command line leaves it open.

        Raises:
            Declined: the voter does neither.
        """
        if self.is_made:
            return self
        word = asking.one_of("What now?", (SIGN if self.out else CAST, AUDIT, STOP))
        if word == STOP:
            raise Declined
        audit = asking.new_file() if word == AUDIT else None
        return Decision(is_made=True, audit=audit, out=self.out)


def vote(
    poll: options.Poll,
    *,
    choose: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION=OPTION",
            help='Instead of being asked; may be repeated. With a score: "Which benches?=Wood=3". '
            "Where a poll has one question: OPTION. A question that is left out gets nothing. "
            "Others on this machine can read it.",
        ),
    ] = None,
    cast: Annotated[
        bool, typer.Option("--cast", help="Cast, or with --out sign, without asking.")
    ] = False,
    audit: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Audit without asking: write what the ballot holds."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the signed ballot for others to carry (`veche carry`), and send nothing. "
            "In a terminal you are asked first: sign or audit? In a script, or with --cast, it is "
            "written without asking.",
        ),
    ] = None,
    expect: options.Expect = None,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    confirmations: options.Confirmations = None,
    as_json: options.Json = False,
) -> None:
    """Votes, or audits this device with a ballot.

    Asks question by question, encrypts your ballot, shows its tracker, and only then asks: cast it,
    or audit it? You can vote again until the close; the last ballot counts.

    Example:  veche vote trees --expect 0x5c1f… --keystore my.key

    Without questions:  veche vote trees --choose "Which tree?=Lime" --cast --keystore my.key
    """
    output = Output(as_json)
    keys.require(keystore)
    decision = Decision.given(cast=cast, audit=audit, out=out)
    found = _open_poll(poll, rpc, catalogue, expect, confirmations)
    account = keys.load(keystore, password_file)
    with output.progress("Reading the electoral roll"):
        weight = found.require_voter(account.address)
    _introduce(found, account.address, weight, output)
    scores = choices.from_options(found, choose) if choose else choices.asked(found, output)
    left_out = choices.left_out(scores) if choose else []
    for question in left_out:
        output.warn(f"{question!r} is left out: your ballot gives nothing there.")
    prepared = found.prepare(scores, voter=account.address)
    output.say(f"\nTracker of your ballot: {digits(prepared.tracker)}")
    decision = decision.made()
    if decision.audit is not None:
        _audit(prepared, left_out, decision.audit, output)
    elif decision.out is not None:
        _write_signed(prepared, left_out, account, decision.out, output)
    else:
        _cast(found, prepared, left_out, account, output)


def _open_poll(
    poll: str,
    rpc: str,
    catalogue: str | None,
    expect: str | None,
    confirmations: int | None,
) -> Poll:
    """A poll that one can vote in now."""
    from veche.protocol.phase import Phase

    chain = connection.open_chain(rpc, confirmations=confirmations)
    connection.require_not_syncing(chain)
    found = connection.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    found.require_phase(Phase.OPEN)
    return found


def _introduce(poll: Poll, voter: str, weight: int, output: Output) -> None:
    """What a voter should know before answering."""
    output.say(poll.title, style="bold")
    if poll.texts.description:
        output.say(poll.texts.description)
    facts = {
        "poll hash": digits(poll.hash),
        "closes": time_text(poll.definition.closes),
        "you": f"{voter}, weight {weight}",
    }
    counts = poll.tracker(voter)
    output.facts(facts | ({"replaces": f"your ballot {digits(counts)}"} if counts else {}))
    for each in cautions.of_poll(poll, voter):
        output.warn(each)


def _write_signed(
    prepared: PreparedBallot,
    left_out: list[str],
    account: LocalAccount,
    file: Path,
    output: Output,
) -> None:
    from veche.files.writing import write_atomically

    write_atomically(file, prepared.sign(account).to_json() + "\n")
    output.say(f"The signed ballot is in {file}. It holds no secret: anyone may carry it.")
    output.finish(_named(prepared, left_out) | {"ballot": str(file)})


def _cast(
    poll: Poll,
    prepared: PreparedBallot,
    left_out: list[str],
    account: LocalAccount,
    output: Output,
) -> None:
    signed = prepared.sign(account)
    with output.progress("Casting the ballot"):
        receipt = poll.cast(signed, payer=account)
    output.say(
        f"Your ballot counts: block {receipt.block}, transaction {digits(receipt.transaction)}."
    )
    output.say(f"Look again from elsewhere: veche status {poll.address} --voter {prepared.voter}")
    fields = {"transaction": digits(receipt.transaction), "block": receipt.block}
    output.finish(_named(prepared, left_out) | fields)


def _audit(prepared: PreparedBallot, left_out: list[str], file: Path, output: Output) -> None:
    from veche.files.writing import write_atomically

    revealed = prepared.audit()
    write_atomically(file, revealed.to_json() + "\n", private=True)
    output.say(f"What the ballot holds is in {file}: whoever reads it knows that vote.")
    output.say("This ballot is spent: it is never cast. Check it on another device:")
    output.say(f"  veche audit {file} --expect {digits(prepared.definition.hash)}")
    output.say("Then vote again, with a new ballot.")
    output.finish(_named(prepared, left_out) | {"audit": str(file)})


def _named(prepared: PreparedBallot, left_out: list[str]) -> dict[str, Any]:
    """Which ballot of whom, for machines, and the questions that `--choose` left out."""
    return {
        "poll": prepared.definition.address,
        "pollHash": digits(prepared.definition.hash),
        "voter": prepared.voter,
        "weight": prepared.weight,
        "tracker": digits(prepared.tracker),
        "leftOut": left_out,
    }


# -- Afterwards --


def audit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As `veche vote` wrote it.")],
    *,
    expect: options.Expect = None,
    as_json: options.Json = False,
) -> None:
    """Checks a ballot that was audited.

    Tells what it would have counted for, and that this gives the tracker which the device had
    shown. Needs no node: run it on a device that you trust.

    Example:  veche audit audit.json --expect 0x5c1f…
    """
    from veche.protocol.audit import Audit

    revealed = Audit.from_json(files.read(file))
    _require_expected(revealed, expect)
    given = {
        question: {option: score for option, score in scores.items() if score}
        for question, scores in revealed.check().items()
    }
    output = Output(as_json)
    output.finish(
        {
            "poll": revealed.definition.address,
            "pollHash": digits(revealed.definition.hash),
            "voter": revealed.voter,
            "weight": revealed.weight,
            "tracker": digits(revealed.tracker),
            "agrees": True,
            "votes": [{"question": name, "scores": scores} for name, scores in given.items()],
        }
    )
    if not as_json:
        _tell_audit(revealed, given, is_expected=expect is not None, output=output)


def _require_expected(revealed: Audit, expect: str | None) -> None:
    own = revealed.definition.hash.hex()
    if expect is not None and expect.removeprefix("0x").lower() != own:
        raise WrongPoll(f"you were told of poll {expect}, but the file is of poll 0x{own}")


def _tell_audit(revealed: Audit, given: Scores, *, is_expected: bool, output: Output) -> None:
    output.say(revealed.definition.texts.title, style="bold")
    for question, scores in given.items():
        names = [name if score == 1 else f"{name} ({score})" for name, score in scores.items()]
        output.say(f"{question}  {', '.join(names) or 'nothing'}")
    output.say(f"\nThis gives the tracker {digits(revealed.tracker)}: the ballot held this vote.")
    output.say("Compare it with the tracker that your device showed before you decided.")
    if not is_expected:
        output.say(
            f"Compare the poll hash with the one that you were told of, by hand:"
            f" {digits(revealed.definition.hash)}"
        )
