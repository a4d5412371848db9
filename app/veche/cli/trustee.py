"""Commands for trustees: keys, the key ceremony, decryption, and all of it as a service."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from time import sleep
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veche.cli import connection, keys, lookup, new_files, options
from veche.cli.failures import fields_of, words_of
from veche.cli.output import Output, command, digits
from veche.errors import InvalidFile, Mistake, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType

    from veche.chain.connection import Chain
    from veche.chain.node import Node
    from veche.chain.trustee_call import TrusteeCall
    from veche.trustee.trustee import Trustee

ACCOUNT: Final = "account.json"
SEALING: Final = "sealing.json"
ANSWERS: Final = "answers.json"
CARD: Final = "card.toml"
BLAMED: Final = "A dealer sealed a bad share for you, and the board fails. Your blame of it"

app: Final = typer.Typer(help="For trustees: keys, the key ceremony, decryption.")

Folder = Annotated[
    Path,
    typer.Option(
        "--folder",
        envvar="VECHE_TRUSTEE",
        metavar="FOLDER",
        rich_help_panel=options.KEY,
        help="The folder with your keys and your answers, as `veche trustee keygen` made it.",
    ),
]
BoardName = Annotated[
    str,
    typer.Argument(metavar="BOARD", help="The board's address, or its name in deployments/."),
]
Second = Annotated[
    str | None,
    typer.Option(
        "--second-rpc",
        envvar="VECHE_SECOND_RPC",
        metavar="URL|NETWORK",
        rich_help_panel=options.NODE,
        help="The URL of a second node. It must show the same chain, deals and sums.",
    ),
]
FinalConfirmations = Annotated[
    int | None,
    typer.Option(
        "--final-confirmations",
        envvar="VECHE_FINAL_CONFIRMATIONS",
        metavar="N",
        min=1,
        rich_help_panel=options.NODE,
        help="How many confirmations make a block final: the block itself and those on top. The "
        "default is 13; in a private network, as many as the network needs. Use 1 on an embedded "
        "chain.",
    ),
]

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write what you have made to FILE, for others to post (`veche trustee post`), and "
        "send nothing. So you need no ether.",
    ),
]
FOLDER: Final = Path("trustee")


# -- Keys --


_NO_ETHER: Final = "You need no ether if somebody posts for you what you write with --out."
_ONE_FOLDER: Final = (
    "A second one does not know what you have decrypted, and could give a voter's ballot away."
)


@app.command()
def keygen(
    name: Annotated[
        str,
        typer.Option("--name", metavar="NAME", help="Your name, as officials and voters know it."),
    ],
    *,
    folder: Folder = FOLDER,
    password_file: options.PasswordFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes your account and a sealing key for one board, and prints your card.

    Send the card to the officials, who put it into board.toml. Keep a copy of the folder, and the
    password in another place. Whoever has both acts as the trustee. Every board needs new keys:
    make a folder for each. Its answers.json notes what you confirm and decrypt: copy that file
    again after each. Use one folder, on one machine: two copies at work can be shown two chains,
    and answer for both.

    Example:  veche trustee keygen --name "Anna Ivanova" --folder spring-2027
    """
    from eth_account import Account

    from veche.crypto.group import G
    from veche.files import keystore
    from veche.files.texts import text_faults
    from veche.files.trustee_card import TrusteeCard
    from veche.files.writing import EVERYTHING, GITIGNORE, write_together
    from veche.trustee import answers

    output = Output(as_json)
    for what, remedy in text_faults(name):
        raise typer.BadParameter(f"the name {what}: {remedy}", param_hint="--name")
    new_files.make_folder(folder)
    for file in (ACCOUNT, SEALING, ANSWERS, CARD):
        keystore.require_new(folder / file)
    password = keys.new_password(password_file, "New password")
    account, sealing = Account.create(), Account.create()
    card = TrusteeCard(name, account.address, G * keystore.secret(sealing)).to_toml()
    with output.progress("Making two keys"):
        own = {
            folder / ACCOUNT: keystore.encrypted(account, password),
            folder / SEALING: keystore.encrypted(sealing, password),
            folder / ANSWERS: answers.NOTHING,
            folder / CARD: card,
        }
        if not (folder / GITIGNORE).exists():
            own[folder / GITIGNORE] = EVERYTHING
        write_together(own)
    output.tell(
        {"folder": str(folder), "account": account.address, "card": card},
        card.strip(),
        f"\nSend {folder / CARD} to the officials, who put it into board.toml. {_NO_ETHER} "
        f"Otherwise, have some sent to {account.address}.",
        f"\nKeep a copy of {folder}, but work with one folder alone, on one machine. {_ONE_FOLDER}",
    )


def _open(
    folder: Path,
    password_file: Path | None,
    chain: Chain,
    *,
    final_confirmations: int | None = None,
) -> Trustee:
    """The trustee whose keys and answers are in a folder. Its account pays on the chain.

    Raises:
        InvalidKeystore, WrongPassword: a key cannot be read.
        InvalidFile: the folder lacks a key or the file of answers, or this file is damaged.
    """
    from veche.files import keystore
    from veche.trustee.answers import Answers
    from veche.trustee.trustee import Trustee

    paths = [folder / ACCOUNT, folder / SEALING]
    for path in paths:
        if not path.is_file():
            remedy = "name your folder with --folder; `veche trustee keygen` makes one"
            raise InvalidFile(str(folder), [Mistake(0, f"it has no {path.name}", remedy)])
    answers = Answers(folder / ANSWERS)
    account, sealing = keys.load_all(paths, password_file, what=folder)
    chain.account = account
    return Trustee(chain, account, keystore.secret(sealing), answers, final_confirmations or 0)


# -- Ceremony --


@app.command()
def deal(
    board: BoardName,
    *,
    out: Out = None,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    as_json: options.Json = False,
) -> None:
    """Posts your deal: your part of the key, sealed for every trustee.

    Nothing of it is kept on this machine. What you need later is on chain, sealed for you.

    Example:  veche trustee deal spring-2027 --folder spring-2027
    """
    output = Output(as_json)
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    trustee = _open(folder, password_file, chain)
    found = lookup.find_board(chain, board)
    with output.progress("Making your deal"):
        call = found.deal_call(trustee.signed_deal(found))
    done = _hand_over(call, chain, out, output)
    output.tell(
        {"board": found.address, **done},
        *_told(done, "Your deal"),
        "When all have dealt:",
        command(f"veche trustee confirm {board} --folder {quote(str(folder))}"),
    )


def _hand_over(call: TrusteeCall, chain: Chain, out: Path | None, output: Output) -> dict[str, str]:
    """Posts what a trustee has made, or writes it to a file. Returns where it is: the transaction,
    or the file.
    """
    from veche.files.writing import write_atomically

    if out is not None:
        write_atomically(out, call.to_json())
        return {"file": str(out)}
    with output.progress("Posting it"):
        return {"transaction": digits(call.send(chain.sender).transaction)}


def _told(done: dict[str, str], what: str) -> Iterator[RenderableType]:
    """Where it is."""
    if "file" in done:
        yield f"{what} is in {done['file']}. Anyone can post it:"
        yield command(f"veche trustee post {quote(done['file'])} --keystore FILE")
    else:
        yield f"{what} is on chain ({done['transaction']})."


@app.command()
def confirm(
    board: BoardName,
    *,
    out: Out = None,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    second_rpc: Second = None,
    catalogue: options.Catalogue = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    as_json: options.Json = False,
) -> None:
    """Checks all deals, opens the shares that were sealed for you, and confirms if all are good.

    If a share is bad, its dealer is blamed on chain with a proof, and the board fails. That keeps
    everybody else safe. Officials then convene a new board. If the board is not one of the
    catalogue that you serve, or a deal has no valid proof and signature, nothing is opened,
    confirmed or blamed: somebody lies to you.

    Example:  veche trustee confirm spring-2027 --folder spring-2027
    """
    from veche.trustee.trustee import Confirmation

    output = Output(as_json)
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    trustee = _open(folder, password_file, chain)
    found = lookup.find_board(chain, board)
    register = lookup.served_catalogue(chain, catalogue)
    with output.progress("Opening your shares"):
        answer = trustee.answer(found, register, other=_second_node(second_rpc, chain))
    done = _hand_over(found.answer_call(answer), chain, out, output)
    outcome = Confirmation.of(answer)
    what = "Your confirmation of the deals" if outcome == Confirmation.CONFIRMED else BLAMED
    phase = f"The board is {found.phase}."
    fields = {"board": found.address, "outcome": str(outcome), **done}
    output.tell(fields, *_told(done, what), phase)


# -- Decryption --


@app.command()
def decrypt(
    poll: options.Poll,
    *,
    expect: options.Expect = None,
    out: Out = None,
    roll: options.Roll = None,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    second_rpc: Second = None,
    catalogue: options.Catalogue = None,
    final_confirmations: FinalConfirmations = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    as_json: options.Json = False,
) -> None:
    """Checks a closed poll from scratch and posts your decryption share of its sums.

    Compares the contracts' code, checks every ballot, adds up the sums again, and requires a final
    block after the close. Only then does it decrypt the sums, never a ballot. The folder keeps
    which sums those are: other sums of the same poll are never decrypted.

    Example:  veche trustee decrypt trees --folder spring-2027
    """
    from veche.protocol.tally import shares_text

    output = Output(as_json)
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    found = lookup.find_poll(chain, poll, catalogue=catalogue, expect=expect, roll=roll)
    trustee = _open(folder, password_file, chain, final_confirmations=final_confirmations)
    register = lookup.served_catalogue(chain, catalogue)
    with output.progress("Checking every ballot", found.voter_count) as report:
        other = _second_node(second_rpc, chain)
        share = trustee.share(found, register, other=other, progress=report)
    done = _hand_over(found.share_call(share), chain, out, output)
    output.tell(
        {"poll": found.address, **done},
        "All checks passed.",
        *_told(done, "Your share"),
        f"{shares_text(found.shares_posted(), found.threshold)}.",
    )


@app.command()
def post(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files that trustees wrote with --out."),
    ],
    *,
    relay: Annotated[
        str | None,
        typer.Option(
            "--relay",
            metavar="URL",
            rich_help_panel=options.NODE,
            help="Have a relay post them and pay for them. Then you need neither a node nor a key.",
        ),
    ] = None,
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: options.Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    as_json: options.Json = False,
) -> None:
    """Posts what trustees have made: deals, confirmations, blames and shares. You pay for it, or a
    relay does.

    A file holds no secret, and its signature or its proof shows whose it is. The contract checks
    it. You cannot change it. A file that is refused does not stop the others; the exit code is then
    4 or 8.

    Example:  veche trustee post deal.json --keystore official.json
    """
    from veche.chain import relaying
    from veche.chain.relay_line import RelayLine
    from veche.chain.trustee_call import TrusteeCall
    from veche.files.mistakes import read_text

    output = Output(as_json)
    calls = [TrusteeCall.from_json(read_text(each)) for each in files]
    if relay is not None:
        line = RelayLine(relay)
        where = f", as {line.name} says: veche status shows whether it is"
        _post_all(files, calls, lambda call: relaying.post(line, call.to_json()), where, output)
        return
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    chain.account = keys.load(keystore, password_file)
    _post_all(files, calls, lambda call: digits(call.send(chain.sender).transaction), "", output)


def _post_all(
    files: list[Path],
    calls: list[TrusteeCall],
    send: Callable[[TrusteeCall], str],
    where: str,
    output: Output,
) -> None:
    """Posts what is in files, one after the other.

    Args:
        files: the files.
        calls: what is in them.
        send: posts a call, and returns the transaction.
        where: what is told behind "is on chain".
        output: tells of each.

    Raises:
        typer.Exit: a file was refused.
    """
    refused: list[Refused] = []
    for path, call in zip(files, calls, strict=True):
        fields = {"file": str(path), "contract": call.contract, "method": call.method}
        try:
            with output.progress(f"Posting {path}"):
                sent = send(call)
        except Refused as error:
            refused.append(error)
            output.tell(fields | {"error": fields_of(error)}, f"{path}: {words_of(error)}")
        else:
            output.tell({**fields, "transaction": sent}, f"{path} is on chain ({sent}){where}.")
    if refused:
        raise typer.Exit(refused[0].exit_code)


def _second_node(rpc: str | None, chain: Chain) -> Node | None:
    """The second node; None if none is named.

    Raises:
        typer.BadParameter: it is the first one.
    """
    if not rpc:
        return None
    found = connection.open_chain(rpc).node
    connection.require_another(found, chain.node, option="--second-rpc")
    return found


# -- Service --


@app.command()
def serve(
    boards: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="BOARD",
            help="The boards' addresses, or their names in deployments/. By default all boards in "
            "deployments/.",
        ),
    ] = None,
    *,
    roll: Annotated[
        list[Path] | None,
        typer.Option(
            "--roll",
            metavar="FILE",
            help="Take the electoral roll of the poll that was published with it from this file, a "
            "CSV with the columns address and weight, instead of the chain. May be repeated, for "
            "several polls.",
        ),
    ] = None,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    second_rpc: Second = None,
    catalogue: options.Catalogue = None,
    final_confirmations: FinalConfirmations = None,
    every: Annotated[
        int,
        typer.Option(
            "--every", metavar="SECONDS", min=1, help="Seconds from one look to the next."
        ),
    ] = 15,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    as_json: options.Json = False,
) -> None:
    """Deals, confirms and decrypts closed polls as it becomes due, until Ctrl-C.

    Makes the same checks as the commands by hand. It shows once what it has done, what it waits for
    and what fails, and tries that again; a node that is away or shows another chain is tried again
    too. You can kill and start it at any moment: the folder keeps what was decrypted. With --json
    it prints one object per line.

    Example:  veche trustee serve spring-2027 --folder spring-2027
    """
    from veche.cli.serving import Service
    from veche.files.roll import read_roll

    output, rolls = Output(as_json), [read_roll(each) for each in roll or []]
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    trustee = _open(folder, password_file, chain, final_confirmations=final_confirmations)
    other = _second_node(second_rpc, chain)
    service = Service(trustee, boards or [], catalogue, rolls, other, output)
    output.say("Serving; Ctrl-C ends it.")
    while True:
        service.serve()
        sleep(every)
