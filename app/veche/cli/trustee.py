"""What trustees do: keys, the key ceremony, decryption; by hand, or as a service."""

from __future__ import annotations

from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veche.cli import asking, connection, files, keys, options
from veche.cli.output import Output, digits
from veche.errors import InvalidKeystore

if TYPE_CHECKING:
    from veche.chain.board import Board
    from veche.chain.connection import Chain
    from veche.trustee.trustee import Trustee

ACCOUNT: Final = "account.json"
SEALING: Final = "sealing.json"
ANSWERS: Final = "answers.json"
CARD: Final = "card.toml"

app: Final = typer.Typer(help="For trustees: keys, the key ceremony, decryption.")

Folder = Annotated[
    Path,
    typer.Option(
        "--folder",
        envvar="VECHE_TRUSTEE",
        metavar="FOLDER",
        rich_help_panel=options.KEY,
        help="With your keys and your record of answers, as `veche trustee keygen` made it.",
    ),
]
BoardName = Annotated[
    str, typer.Argument(metavar="BOARD", help="An address, or a name noted in deployments/.")
]
Second = Annotated[
    str | None,
    typer.Option(
        "--second-rpc",
        envvar="VECHE_SECOND_RPC",
        metavar="URL|NETWORK",
        rich_help_panel=options.NODE,
        help="Of another node, which must show the same chain and sums.",
    ),
]
FinalConfirmations = Annotated[
    int,
    typer.Option(
        "--final-confirmations",
        envvar="VECHE_FINAL_CONFIRMATIONS",
        metavar="N",
        min=1,
        rich_help_panel=options.NODE,
        help="Blocks that make a block final: itself and those on top. 1 on an embedded chain.",
    ),
]

FOLDER: Final = Path("trustee")
FINAL_CONFIRMATIONS: Final = 13
"""As in veche.trustee.trustee, which is too much to load for a help text."""


# -- Keys --


@app.command()
def keygen(
    name: Annotated[str, typer.Option("--name", help="Yours, as officials and voters know it.")],
    *,
    folder: Folder = FOLDER,
    password_file: options.PasswordFile = None,
    as_json: options.Json = False,
) -> None:
    """Makes your account and a sealing key for one board, and prints your card.

    Send the card to the officials: they put it into board.toml. The folder is yours alone; keep a
    copy of it, password apart. Whoever has folder and password is the trustee. Every board takes
    new keys: make a folder for each.

    Example:  veche trustee keygen --name "Anna Ivanova" --folder spring-2027
    """
    from eth_account import Account

    from veche.crypto.group import G
    from veche.files import keystore
    from veche.files.rules import text_faults
    from veche.files.trustee_card import TrusteeCard
    from veche.files.writing import write_together

    output = Output(as_json)
    for what, remedy in text_faults(name):
        raise typer.BadParameter(f"the name {what}: {remedy}", param_hint="--name")
    files.make_folder(folder)
    for file in (ACCOUNT, SEALING, CARD):
        keystore.require_new(folder / file)
    password = keys.password(password_file, lambda: asking.new_password("New password"))
    account, sealing = Account.create(), Account.create()
    card = TrusteeCard(name, account.address, G * keystore.secret(sealing))
    with output.progress("Making two keys"):
        own = {
            folder / ACCOUNT: keystore.encrypted(account, password),
            folder / SEALING: keystore.encrypted(sealing, password),
            folder / CARD: card.to_toml(),
        }
        write_together(own)
    output.finish({"folder": str(folder), "account": account.address, "card": card.to_toml()})
    if not as_json:
        output.say(card.to_toml().strip())
        output.say(f"\nSend {folder / CARD} to the officials, for board.toml, and some ether to")
        output.say(f"{account.address} if the network asks for it.")


def _open(
    folder: Path,
    password_file: Path | None,
    chain: Chain,
    *,
    final_confirmations: int = FINAL_CONFIRMATIONS,
) -> Trustee:
    """The trustee whose keys are in a folder, with the chain paid for by its account."""
    from veche.files import keystore
    from veche.trustee.answers import Answers
    from veche.trustee.trustee import Trustee

    for file in (ACCOUNT, SEALING):
        if not (folder / file).is_file():
            raise InvalidKeystore(f"{folder / file} is not there: name your folder with --folder")
    password = keys.password(password_file, lambda: asking.password(f"Password of {folder}"))
    source = keys.source(password_file)
    chain.account = keystore.load(folder / ACCOUNT, password, source=source)
    sealing = keystore.secret(keystore.load(folder / SEALING, password, source=source))
    return Trustee(chain, sealing, Answers(folder / ANSWERS), final_confirmations)


# -- Ceremony --


@app.command()
def deal(
    board: BoardName,
    *,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    as_json: options.Json = False,
) -> None:
    """Posts your deal: your part of the key, sealed for every trustee.

    Nothing of it is kept here: all that you need later is sealed for you on chain.

    Example:  veche trustee deal spring-2027 --folder spring-2027
    """
    output = Output(as_json)
    chain = connection.open_chain(rpc, confirmations=confirmations)
    trustee = _open(folder, password_file, chain)
    found = connection.find_board(chain, board)
    with output.progress("Posting your deal"):
        receipt = trustee.deal(found)
    output.finish({"board": found.address, "transaction": digits(receipt.transaction)})
    if not as_json:
        output.say(f"Your deal is on chain ({digits(receipt.transaction)}).")
        output.say(f"When all have dealt: veche trustee confirm {board} --folder {folder}")


@app.command()
def confirm(
    board: BoardName,
    *,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    as_json: options.Json = False,
) -> None:
    """Opens what you were dealt, and confirms it if all of it is good.

    If a share is bad, its dealer is blamed on chain, with proof, and the board fails: that is what
    keeps everybody else safe. Officials then convene a new one.

    Example:  veche trustee confirm spring-2027 --folder spring-2027
    """
    from veche.trustee.trustee import Confirmation

    output = Output(as_json)
    chain = connection.open_chain(rpc, confirmations=confirmations)
    trustee = _open(folder, password_file, chain)
    found = connection.find_board(chain, board)
    with output.progress("Opening and confirming your shares"):
        outcome = trustee.confirm(found)
    output.finish({"board": found.address, "outcome": str(outcome)})
    if as_json:
        return
    if outcome == Confirmation.CONFIRMED:
        output.say(f"You have confirmed your shares. The board is {_phase(found)}.")
    else:
        output.say(
            "A dealer sealed a bad share for you and is blamed with proof: the board failed."
        )


def _phase(board: Board) -> str:
    return board.phase.name.lower()


# -- Result --


@app.command()
def decrypt(
    poll: options.Poll,
    *,
    expect: options.Expect = None,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    second_rpc: Second = None,
    catalogue: options.Catalogue = None,
    final_confirmations: FinalConfirmations = FINAL_CONFIRMATIONS,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    as_json: options.Json = False,
) -> None:
    """Checks a closed poll from scratch and posts your decryption share of its sums.

    Every ballot is checked and added up here, the contracts' code compared, the close waited for
    until a block after it is final. Only then is anything decrypted, and only the sums, and only
    once: what was answered is noted in the folder first.

    Example:  veche trustee decrypt trees --folder spring-2027
    """
    from veche.protocol.tally import shares_text

    output = Output(as_json)
    chain = connection.open_chain(rpc, confirmations=confirmations)
    found = connection.find_poll(chain, poll, catalogue=catalogue, expect=expect)
    trustee = _open(folder, password_file, chain, final_confirmations=final_confirmations)
    register = connection.served_catalogue(chain, catalogue)
    most = found.voter_count
    with output.progress("Checking every ballot") as report:
        receipt = trustee.decrypt(
            found,
            register,
            other=connection.open_chain(second_rpc).node if second_rpc else None,
            progress=lambda count: report(count, most),
        )
    shares = shares_text(found.shares_posted(), found.threshold)
    output.finish({"poll": found.address, "transaction": digits(receipt.transaction)})
    if not as_json:
        output.say(f"All checks passed; your share is on chain. {shares}.")


# -- Service --


@app.command()
def serve(
    boards: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[BOARD]...", help="Addresses or names; by default all in deployments/."
        ),
    ] = None,
    *,
    folder: Folder = FOLDER,
    rpc: options.Rpc = options.DEFAULT_URL,
    second_rpc: Second = None,
    catalogue: options.Catalogue = None,
    final_confirmations: FinalConfirmations = FINAL_CONFIRMATIONS,
    every: Annotated[
        int, typer.Option("--every", metavar="SECONDS", min=1, help="How often to look.")
    ] = 15,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    as_json: options.Json = False,
) -> None:
    """Does whatever is due, and waits: deals, confirms, decrypts closed polls, until Ctrl-C.

    It makes the same checks as the commands by hand. What fails is told once and tried again, and
    so is a node that is away, or shows another chain; what it waits for is told once as well. What
    was answered is noted in the folder, so that it can be killed and started at any moment. With
    --json it prints one object a line.

    Example:  veche trustee serve spring-2027 --folder spring-2027
    """
    from veche.cli.serving import Service

    output = Output(as_json)
    chain = connection.open_chain(rpc, confirmations=confirmations)
    trustee = _open(folder, password_file, chain, final_confirmations=final_confirmations)
    other = connection.open_chain(second_rpc).node if second_rpc else None
    service = Service(trustee, boards or [], catalogue, other, output)
    output.say("Serving; Ctrl-C ends it.")
    while True:
        service.serve()
        sleep(every)
