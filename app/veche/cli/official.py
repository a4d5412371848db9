"""Commands for officials: the catalogue, boards, polls, rolls and results, and ether for others.

Every verb is one of `veche.official`, which the scripts for Brownie run too.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veche.cli import asking, connection, keys, options
from veche.cli.output import Output, digits
from veche.files.local import EMBEDDED

if TYPE_CHECKING:
    from veche.chain.connection import Chain
    from veche.chain.poll import Poll
    from veche.chain.transactions import Account
    from veche.official import Office

app: Final = typer.Typer(help="For officials: catalogue, boards, polls, rolls, results.")

BoardFile = Annotated[
    Path, typer.Argument(metavar="board.toml", help="The file that describes the board.")
]
PollFile = Annotated[
    Path, typer.Argument(metavar="poll.toml", help="The file that describes the poll.")
]
Id = Annotated[str, typer.Argument(metavar="ID", help="The poll's official id.")]
Version = Annotated[
    int | None,
    typer.Argument(
        metavar="VERSION", min=0, help="The number of its version, by default the newest."
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        envvar="VECHE_YES",
        help="Carry out the plan without asking.",
    ),
]
Keystore = Annotated[
    Path | None,
    typer.Option(
        "--keystore",
        envvar="VECHE_KEYSTORE",
        metavar="FILE",
        rich_help_panel=options.KEY,
        help="The file with the officials' key, as `veche keygen` or a wallet wrote it. On an "
        "embedded chain the chain's own first account signs if you name none.",
    ),
]


def _some_ether(text: str) -> int:
    """An amount of ether that is more than nothing, as wei.

    Raises:
        typer.BadParameter: the text is no such amount.
    """
    found = options.ether(text)
    if not found:
        raise typer.BadParameter(f"{text} ether is nothing: write an amount like 0.1")
    return found


# -- Once for a network --


@app.command()
def deploy_catalogue(
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    yes: Yes = False,
    as_json: options.Json = False,
) -> None:
    """Deploys the catalogue, the official register of polls: once for a network.

    Your account then owns it: it alone convenes boards, and publishes and cancels polls.

    Example:  veche official deploy-catalogue --keystore official.key
    """
    from veche import official

    limits = (confirmations, max_tip, max_cost)
    office = _office(rpc, keystore, password_file, limits, yes=yes, as_json=as_json)
    catalogue = official.deploy_catalogue(office)
    Output(as_json).tell({"catalogue": catalogue.address, "owner": catalogue.owner})


@app.command()
def convene_board(
    board: BoardFile,
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    yes: Yes = False,
    as_json: options.Json = False,
) -> None:
    """Convenes the board of trustees that a file describes.

    Example:  veche official convene-board board.toml --keystore official.key
    """
    from veche import official

    limits = (confirmations, max_tip, max_cost)
    office = _office(rpc, keystore, password_file, limits, yes=yes, as_json=as_json)
    found = official.convene_board(office, board)
    name = found.definition.terms.texts.name
    Output(as_json).tell({"board": found.address, "name": name})


@app.command()
def fund(
    who: Annotated[
        list[str],
        typer.Argument(
            metavar="WHO...",
            help="Addresses; names of boards, for all their trustees; rolls (.csv) or polls "
            "(.toml), for all their voters.",
        ),
    ],
    *,
    ether: Annotated[
        int,
        typer.Option(
            "--ether",
            metavar="AMOUNT",
            parser=_some_ether,
            help="What each of them is to have.",
        ),
    ],
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    yes: Yes = False,
    as_json: options.Json = False,
) -> None:
    """Sends ether to trustees, carriers or voters who have less than an amount, up to the amount.

    Whoever has as much gets nothing, so you can run it again at any time. Trustees and voters need
    no ether if somebody posts or carries for them.

    Example:  veche official fund city-2027 0x52… --ether 0.1 --keystore official.key
    """
    from veche import official

    limits = (confirmations, max_tip, max_cost)
    office = _office(rpc, keystore, password_file, limits, yes=yes, as_json=as_json)
    people = official.fund(office, who, wei=ether)
    Output(as_json).tell({"accounts": people, "wei": str(ether)})


# -- For every poll --


@app.command()
def publish_poll(
    poll: PollFile,
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    yes: Yes = False,
    as_json: options.Json = False,
) -> None:
    """Publishes the poll that a file describes; if its id is taken, as a new version.

    At its end it prints what you have to make public: address, poll hash, chain, and the link that
    holds all three.

    Example:  veche official publish-poll poll.toml --keystore official.key
    """
    from veche import official
    from veche.protocol import link

    limits = (confirmations, max_tip, max_cost)
    office = _office(rpc, keystore, password_file, limits, yes=yes, as_json=as_json)
    found = official.publish_poll(office, poll)
    Output(as_json).tell(_fields(found) | {"link": str(link.of(found.definition))})


@app.command()
def publish_roll(
    poll: PollFile,
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    yes: Yes = False,
    as_json: options.Json = False,
) -> None:
    """Publishes the electoral roll of the poll that a file describes, as far as it is missing.

    Until all of it is published nobody can vote. It is public for ever.

    Example:  veche official publish-roll poll.toml --keystore official.key
    """
    from veche import official

    limits = (confirmations, max_tip, max_cost)
    office = _office(rpc, keystore, password_file, limits, yes=yes, as_json=as_json)
    found = official.publish_roll(office, poll)
    Output(as_json).tell(
        _fields(found)
        | {
            "votersOnRoll": len(found.roll),
            "totalWeight": found.definition.total_weight,
        }
    )


@app.command()
def cancel_poll(
    poll: Id,
    version: Version = None,
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    yes: Yes = False,
    as_json: options.Json = False,
) -> None:
    """Cancels a poll in which nobody has voted yet. This cannot be undone.

    Example:  veche official cancel-poll trees 0 --keystore official.key
    """
    from veche import official

    limits = (confirmations, max_tip, max_cost)
    office = _office(rpc, keystore, password_file, limits, yes=yes, as_json=as_json)
    found = official.cancel_poll(office, poll, version)
    Output(as_json).tell(_fields(found) | {"phase": str(found.phase)})


@app.command()
def publish_result(
    poll: Id,
    version: Version = None,
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    keystore: Keystore = None,
    password_file: options.PasswordFile = None,
    confirmations: options.Confirmations = None,
    max_tip: options.MaxTip = None,
    max_cost: options.MaxCost = None,
    yes: Yes = False,
    as_json: options.Json = False,
) -> None:
    """Computes the result of a closed poll and records it; the contract proves it. Anyone may.

    Example:  veche official publish-result trees --keystore official.key
    """
    from veche import official

    limits = (confirmations, max_tip, max_cost)
    office = _office(rpc, keystore, password_file, limits, yes=yes, as_json=as_json)
    found = official.publish_result(office, poll, version)
    scores = [
        {"question": question, "scores": given}
        for question, given in (found.result() or {}).items()
    ]
    Output(as_json).tell(_fields(found) | {"phase": str(found.phase), "results": scores})


@app.command()
def status(
    poll: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A poll's official id, to see all its versions."),
    ] = None,
    *,
    rpc: options.Rpc = options.DEFAULT_URL,
    as_json: options.Json = False,
) -> None:
    """Shows where everything stands, and what to do next. Sends nothing.

    Example:  veche official status
    """
    from veche import official

    output = Output(as_json)
    office = _opened(connection.open_chain(rpc), rpc, output, yes=True)
    with output.progress("Reading boards and polls"):
        told = official.status(office, poll)
    noted = office.deployments
    fields = {"network": office.network, "chainId": noted.chain_id, "catalogue": noted.catalogue}
    output.tell(fields | {"boards": noted.boards, "pending": noted.pending}, told)


def _fields(poll: Poll) -> dict[str, object]:
    return {"poll": poll.address, "pollHash": digits(poll.hash)}


# -- The office --


def _office(
    rpc: str,
    keystore: Path | None,
    password_file: Path | None,
    limits: tuple[int | None, int | None, int | None],
    *,
    yes: bool,
    as_json: bool,
) -> Office:
    """The office of the network that the command line names, with the account that signs; `limits`
    are the confirmations, the largest tip and the largest cost of a transaction.
    """
    confirmations, max_tip, max_cost = limits
    chain = connection.open_chain(
        rpc, confirmations=confirmations, max_tip=max_tip, max_cost=max_cost
    )
    chain.account = _account(chain, keystore, password_file)
    is_asked = not yes and not isinstance(chain.account, str)
    return _opened(chain, rpc, Output(as_json), yes=not is_asked)


def _account(chain: Chain, keystore: Path | None, password_file: Path | None) -> Account:
    """The account that signs: from a keystore; on an embedded chain, the chain's own first one if
    no keystore is named.
    """
    from veche.protocol import addresses

    if keystore is None and chain.id == EMBEDDED:
        own = [addresses.checked(each) for each in chain.node.request("eth_accounts")]
        if own and own[0]:
            return own[0]
    return keys.load(keystore, password_file)


def _opened(chain: Chain, rpc: str, output: Output, *, yes: bool) -> Office:
    from veche.official import open_office
    from veche.official.phrases import command

    named = "" if rpc in (options.DEFAULT_URL, os.environ.get("VECHE_RPC")) else rpc
    return open_office(
        chain,
        _network(chain),
        lasting=chain.id != EMBEDDED,
        say=output.say,
        confirm=lambda: yes or asking.agrees("\nCarry out this plan?"),
        command=partial(command, network=named),
    )


def _network(chain: Chain) -> str:
    """The name of the network, which its file of deployments has too: that of a private network;
    that of the file that is for this chain; or one that says which chain it is.
    """
    from veche.errors import NotDeployed
    from veche.files import deployments

    if chain.network is not None:
        return chain.network.name
    try:
        return deployments.of_chain(chain_id=chain.id, genesis=digits(chain.node.genesis)).path.stem
    except NotDeployed:
        return "anvil" if chain.id == EMBEDDED else f"chain-{chain.id}"
