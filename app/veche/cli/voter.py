"""Commands for voters: make a key, vote, check an audited ballot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from veche.cli import (
    asking,
    cautions,
    choices,
    connection,
    deadlines,
    keys,
    lookup,
    new_files,
    options,
)
from veche.cli.output import Output, bold, command, digits, facts, indented, warn
from veche.errors import Declined, InsufficientFunds
from veche.errors.amounts import ether_text
from veche.errors.times import time_text
from veche.protocol.characters import quoted

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount
    from rich.console import RenderableType

    from veche.chain.connection import Chain
    from veche.chain.poll import Poll
    from veche.protocol.audit import Audit
    from veche.protocol.ballot import PreparedBallot, SignedBallot
    from veche.protocol.content import Scores
    from veche.protocol.roll_proof import RollProof

CAST: Final = "cast"
SIGN: Final = "sign"
AUDIT: Final = "audit"
STOP: Final = "stop"
_MEANINGS: Final = {
    CAST: "your ballot is sent, and counts",
    SIGN: "your ballot is written to the file, and counts once somebody has carried it",
    AUDIT: "opens the ballot, to see whether this device encrypted what you chose; an audited "
    "ballot is never cast, so vote again afterwards",
    STOP: "nothing is sent",
}


def keygen(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write. It must not exist yet.")
    ],
    *,
    password_file: options.PasswordFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes a new key and prints its address.

    FILE holds the key under a password that nobody can recover for you. Officials put the address
    on the electoral roll.

    Example:  veche keygen my.key
    """
    from veche.files import keystore

    keystore.require_new(file)
    new_files.require_new(file)
    password = keys.new_password(password_file, f"Password for {file}")
    output = Output(as_json)
    with output.progress("Making the key"):
        account = keystore.create(file, password)
    output.tell({"address": account.address, "keystore": str(file)}, account.address)
    if new_files.is_in_repository(file):
        warn(
            f"{file} is in a repository of git. See that its .gitignore names the file: whoever "
            "publishes the repository publishes your key with it."
        )


# -- Voting --


@dataclass(frozen=True)
class Decision:
    """What to do with a ballot once its tracker is shown.

    Attributes:
        is_made: whether the voter has decided; otherwise the voter is asked.
        audit: the file for what an audit reveals; None if the ballot is not audited.
        out: the file for a signed ballot that somebody else carries; None if it is cast from here.
    """

    is_made: bool
    audit: Path | None
    out: Path | None

    @classmethod
    def given(cls, *, cast: bool, audit: Path | None, out: Path | None) -> Decision:
        """The decision on the command line.

        Raises:
            typer.BadParameter: the options contradict each other, or leave the decision open where
                there is no terminal to ask in.
            InvalidFile: a file exists already, or its folder does not exist.
        """
        if audit is not None and (cast or out is not None):
            raise typer.BadParameter("a ballot is cast or audited, never both: leave out --audit")
        is_made = cast or audit is not None
        if not is_made and out is None:
            asking.require_terminal("give --cast, --out FILE or --audit FILE")
        for file in filter(None, (audit, out)):
            new_files.require_new(file)
        return cls(is_made or not asking.has_terminal(), audit, out)

    def made(self, output: Output) -> Decision:
        """The voter's decision, asked for if the command line leaves it open.

        Raises:
            Declined: the voter stops.
        """
        if self.is_made:
            return self
        words = (SIGN if self.out else CAST, AUDIT, STOP)
        output.say(*(f"  {word:<{len(AUDIT)}}  {_MEANINGS[word]}" for word in words))
        word = asking.one_of("What now?", words)
        if word == STOP:
            raise Declined
        audit = asking.new_file() if word == AUDIT else None
        return Decision(is_made=True, audit=audit, out=self.out)

    @property
    def deadline(self) -> deadlines.Wanted:
        """The deadline of a ballot whose voter has named none: sooner if it is cast from here."""
        from veche.protocol.deadline import CARRY_WITHIN, CAST_WITHIN

        return deadlines.Wanted(CARRY_WITHIN if self.out else CAST_WITHIN, is_span=True)


def vote(
    poll: options.Poll,
    *,
    choose: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION=OPTION",
            help="Answer a question here instead of being asked; may be repeated. With a score: "
            '"Which benches?=Wood=3". An option\'s number will do. If the poll has one question, '
            "OPTION is enough. A question without an answer gets nothing. Other users of this "
            "machine can read the answers.",
        ),
    ] = None,
    cast: Annotated[
        bool,
        typer.Option("--cast", help="Cast the ballot (with --out: sign it) without asking."),
    ] = False,
    audit: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Audit the ballot without asking: write what it holds to FILE."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the signed ballot to FILE, for others to carry (`veche carry`), and send "
            "nothing. In a terminal you are asked first whether to sign or to audit. With --cast, "
            "or in a script, you are not asked.",
        ),
    ] = None,
    deadline: Annotated[
        deadlines.Wanted | None,
        typer.Option(
            "--deadline",
            metavar="TIME|SPAN",
            parser=deadlines.parse,
            help="Until when your ballot may be cast: a time with its zone, as in "
            "2026-12-01T18:00:00+03:00; or a span from now by the chain's clock, as in 30m, 2h or "
            "1d. By default an hour; with --out, a day; and never after the close. After that the "
            "ballot is dead: no carrier can hold it back and cast it when you have changed your "
            "mind.",
        ),
    ] = None,
    expect: options.Expect = None,
    roll: options.Roll = None,
    proof: options.RollProof = None,
    relay: Annotated[
        list[str] | None,
        typer.Option(
            "--relay",
            envvar="VECHE_RELAY",
            metavar="URL",
            help="Have a relay cast your ballot and pay for it. May be repeated: the next one is "
            "asked if a relay fails, and at last you cast it yourself, if you have ether. Your own "
            "node shows whether the ballot counts.",
        ),
    ] = None,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    catalogue: options.Catalogue = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    as_json: options.Json = False,
) -> None:
    """Casts your vote, or audits this device with a ballot.

    Asks question by question, encrypts your ballot and shows its tracker. Only then does it ask:
    cast the ballot, or audit it? You can vote again until the poll closes; your last ballot counts.

    Example:  veche vote trees --expect 0x5c1f… --keystore my.key

    Without ether:  veche vote trees --relay https://relay.example --keystore my.key

    Without questions:  veche vote trees --choose "Which tree?=Lime" --cast --keystore my.key
    """
    output = Output(as_json)
    keys.require_named(keystore)
    decision = Decision.given(cast=cast, audit=audit, out=out)
    shown = _roll_proof(proof, roll)
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    found = _open_poll(chain, poll, catalogue, expect, roll)
    if deadline is not None:
        deadline.until(found, warns=True)
    if shown is not None:
        found.use_roll_proof(shown)
    account = keys.load(keystore, password_file)
    if shown is not None:
        shown.require_voter(account.address)
    with output.progress("Reading the electoral roll"):
        weight = found.require_voter(account.address)
    if _is_followed(found, account, decision, output):
        return
    _introduce(found, account.address, weight, output)
    relays = relay or []
    if not relays:
        decision = _with_ether(decision, found, account.address, output)
    scores = choices.from_options(found, choose) if choose else choices.asked(found, output)
    left_out = choices.left_out(scores) if choose else []
    for question in left_out:
        warn(f"{quoted(question)} is left out: your ballot gives nothing there.")
    prepared = found.prepare(scores, voter=account.address)
    output.say(f"\nTracker of your ballot: {digits(prepared.tracker)}")
    decision = decision.made(output)
    fields = _fields(prepared) | {"leftOut": left_out}
    if decision.audit is not None:
        _audit(prepared, fields, decision.audit, output)
        return
    until = (deadline or decision.deadline).until(found)
    signed = prepared.sign(account, deadline=until)
    fields |= {"deadline": signed.deadline}
    if decision.out is not None:
        _write_signed(signed, fields, decision.out, output)
    else:
        _cast(found, signed, fields, account, relays, output)


def _roll_proof(proof: Path | None, roll: Path | None) -> RollProof | None:
    """The proof that the voter stands on the roll; None if the roll itself is read.

    Raises:
        typer.BadParameter: both are given.
        InvalidFile, InvalidDocument: the file cannot be read, or is no proof.
    """
    if proof is not None and roll is not None:
        raise typer.BadParameter("one of --proof and --roll is enough: leave out --roll")
    return lookup.read_roll_proof(proof)


def _open_poll(
    chain: Chain, poll: str, catalogue: str | None, expect: bytes | None, roll: Path | None
) -> Poll:
    """A poll that is open for voting, on a node that has the newest blocks. Without a poll hash, it
    must be of the network's catalogue, if the network's file names one.
    """
    from veche.protocol.phase import Phase

    connection.require_not_syncing(chain)
    if catalogue is None and lookup.expected_hash(poll, expect) is None:
        catalogue = lookup.of_network(chain)
    found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect, roll=roll)
    found.require_phase(Phase.OPEN)
    return found


def _with_ether(decision: Decision, poll: Poll, voter: str, output: Output) -> Decision:
    """The decision as far as the voter can pay for it: who has too little ether may sign a file for
    somebody else to carry.

    Raises:
        InsufficientFunds: the ballot is to be cast from here without asking.
    """
    if decision.out is not None or decision.audit is not None:
        return decision
    has, needs = poll.node.balance(voter), poll.most_cost(voter)
    if has >= needs:
        return decision
    if decision.is_made:
        raise InsufficientFunds(voter, has=has, needs=needs)
    amounts = f"{ether_text(has)}, and it can cost {ether_text(needs)}"
    output.say("", f"{voter} has too little ether to cast a ballot: {amounts}.")
    offer = "Write the signed ballot to a file, for somebody else to carry?"
    wants = asking.one_of(offer, [choices.YES, choices.NO]) == choices.YES
    return replace(decision, out=asking.new_file()) if wants else decision


def _has_ether(poll: Poll, voter: str) -> bool:
    return poll.node.balance(voter) >= poll.most_cost(voter)


def _is_followed(poll: Poll, account: LocalAccount, decision: Decision, output: Output) -> bool:
    """Waits for a ballot that is on its way already. Returns whether the voter need do no more."""
    with output.progress("Waiting for your earlier ballot, which is on its way"):
        receipt = poll.follow(payer=account)
    if receipt is None:
        return False
    transaction = digits(receipt.transaction)
    text = f"Your earlier ballot was on its way, and counts now: block {receipt.block}"
    if decision.audit or decision.out:
        output.say(f"{text}, transaction {transaction}.")
        return False
    fields = {
        "poll": poll.address,
        "pollHash": digits(poll.hash),
        "voter": account.address,
        "tracker": digits(receipt.tracker),
        "transaction": transaction,
        "block": receipt.block,
        "isEarlier": True,
    }
    output.tell(
        fields,
        f"{text}, transaction {transaction}.",
        f"Its tracker: {digits(receipt.tracker)}",
        "Nothing else was cast or paid for. To vote otherwise, run the command again.",
    )
    return True


def _introduce(poll: Poll, voter: str, weight: int, output: Output) -> None:
    """Shows what a voter should know before answering."""
    output.say(bold(poll.title))
    if poll.texts.description:
        output.say(indented(poll.texts.description))
    named = {
        "poll hash": digits(poll.hash),
        "closes": time_text(poll.definition.closes),
        "board": poll.board_terms.texts.name,
        "decrypt": poll.board_terms.decryption,
        "you": f"{voter}, weight {weight}",
        "voters": f"{_turnout(poll, voter)} so far; a result needs {poll.definition.min_voters}",
    }
    counted = poll.tracker(voter)
    output.say(facts(named | ({"replaces": f"your ballot {digits(counted)}"} if counted else {})))
    for each in cautions.of_poll(poll, voter):
        warn(each)


def _turnout(poll: Poll, voter: str) -> str:
    """How many have voted; with a proof, nobody has counted who could."""
    count = f"{poll.voter_count:,}"
    return count if voter in poll.roll_proofs else f"{count} of {len(poll.roll):,}"


def _write_signed(signed: SignedBallot, fields: dict[str, Any], file: Path, output: Output) -> None:
    from veche.files.writing import write_atomically

    write_atomically(file, signed.to_json() + "\n")
    output.tell(
        fields | {"ballot": str(file)},
        f"The signed ballot is in {file}. It holds no secret: anyone may carry it.",
        f"It can be cast until {time_text(signed.deadline)}. If it does not count by then, it is "
        "dead: vote again.",
        "If you sign another ballot before this one is cast, the first of them that is carried "
        "counts, and the other is refused: both replace the same ballot.",
    )


def _cast(
    poll: Poll,
    signed: SignedBallot,
    fields: dict[str, Any],
    account: LocalAccount,
    relays: list[str],
    output: Output,
) -> None:
    from veche.protocol import link

    output.say(
        f"Your ballot can be cast until {time_text(signed.deadline)}; after that it is dead."
    )
    with output.progress("Casting the ballot"):
        can_pay = not relays or _has_ether(poll, account.address)
        receipt = poll.cast(signed, payer=account if can_pay else None, relay=relays)
    transaction, named = digits(receipt.transaction), link.of(poll.definition)
    output.tell(
        fields | {"transaction": transaction, "block": receipt.block},
        f"Your ballot counts: block {receipt.block}, transaction {transaction}.",
        "Check again from elsewhere:",
        command(f"veche status '{named}' --voter {signed.voter}"),
    )


def _audit(prepared: PreparedBallot, fields: dict[str, Any], file: Path, output: Output) -> None:
    from veche.files.writing import write_atomically

    revealed = prepared.audit()
    write_atomically(file, revealed.to_json() + "\n", private=True)
    output.tell(
        fields | {"audit": str(file)},
        f"What the ballot holds is in {file}: whoever reads the file knows that vote.",
        "This ballot is spent: it is never cast. Check it on another device:",
        command(f"veche audit {quote(str(file))} --expect {digits(prepared.definition.hash)}"),
        "Then vote again, with a new ballot.",
    )


def _fields(ballot: PreparedBallot | Audit) -> dict[str, Any]:
    """A ballot and its voter, for machines."""
    return {
        "poll": ballot.definition.address,
        "pollHash": digits(ballot.definition.hash),
        "voter": ballot.voter,
        "weight": ballot.weight,
        "tracker": digits(ballot.tracker),
    }


# -- Auditing --


def audit(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file that `veche vote` wrote for an audit.")
    ],
    *,
    expect: options.Expect = None,
    as_json: options.Json = False,
) -> None:
    """Checks a ballot that was audited.

    Computes the ballot again and compares its tracker with the one that the device showed. Then
    shows what the ballot would have counted for. Needs no node: run it on a device that you trust.

    Example:  veche audit audit.json --expect 0x5c1f…
    """
    from veche.files.mistakes import read_text
    from veche.protocol.audit import Audit

    revealed = Audit.from_json(read_text(file))
    revealed.definition.require_hash(expect)
    given = {
        question: {option: score for option, score in scores.items() if score}
        for question, scores in revealed.check().items()
    }
    votes = [{"question": name, "scores": scores} for name, scores in given.items()]
    Output(as_json).tell(
        _fields(revealed) | {"agrees": True, "votes": votes},
        *_audit_text(revealed, given, is_expected=expect is not None),
    )


def _audit_text(revealed: Audit, given: Scores, *, is_expected: bool) -> Iterator[RenderableType]:
    yield bold(revealed.definition.texts.title)
    for question, scores in given.items():
        yield f"{question}  {choices.answer(scores)}"
    yield f"\nThis gives the tracker {digits(revealed.tracker)}: the ballot held this vote."
    yield "Compare it with the tracker that your device showed before you decided."
    if not is_expected:
        own = digits(revealed.definition.hash)
        yield f"Compare the poll hash by hand with the one that you were told: {own}"
