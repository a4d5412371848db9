"""The session of a script: Brownie's network, the account, the question, and the exit code.

The work itself is in `veche.official`, which does not know Brownie.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import brownie
from brownie._config import CONFIG, _get_data_folder

from veche.chain.fees import wei
from veche.chain.transactions import Account
from veche.cli import asking, connection, failures, keys
from veche.cli.output import Output, sentence
from veche.errors import NoAccount, NodeUnreachable, NoPassword, VecheError
from veche.errors.amounts import ETHER, GWEI
from veche.errors.root import INTERRUPTED
from veche.files import network as networks
from veche.official import Office, open_office
from veche.official.office import Spell
from veche.protocol.characters import shown

KEYSTORE: Final = "VECHE_KEYSTORE"
"""The variable that names a keystore file, or an account that `brownie accounts` manages."""
PASSWORD_FILE: Final = "VECHE_PASSWORD_FILE"  # noqa: S105  # the name of a variable
"""The variable that names a file whose first line is the password. Without it, the password is that
in VECHE_PASSWORD, or the script asks.
"""
CONFIRMATIONS: Final = "VECHE_CONFIRMATIONS"
"""The variable with the number of confirmations after which a transaction counts as done. The
default is 1; in a private network, as many as it needs."""
MAX_TIP: Final = "VECHE_MAX_TIP"
"""The variable with the most gwei that a unit of gas may cost on top of the base fee."""
MAX_COST: Final = "VECHE_MAX_COST"
"""The variable with the most ether that a transaction may cost."""
YES: Final = "VECHE_YES"
"""The variable that, if it is 1, makes scripts ask nothing, as the word --yes does."""

WRONG_COMMAND: Final = 2
"""The exit code for a wrong command line."""

Work = Callable[..., object]
"""The work of a script, given an office and the arguments after `main`."""


def run(
    work: Work,
    arguments: Sequence[str],
    *,
    takes: Sequence[str] = (),
    may_take: Sequence[str] = (),
    reads: bool = False,
) -> None:
    """Does the work of a script. If it fails, shows the message and its remedy on stderr, and ends
    with an exit code of docs/errors.md.

    Args:
        work: the work, which takes the office and then the arguments.
        arguments: the words after `main`, as Brownie passes them.
        takes: the names of the arguments that are required.
        may_take: the names of the arguments that may follow.
        reads: whether the script only reads, so that it needs no account.
    """
    given = [each for each in arguments if each not in ("--", "--yes")]
    if not len(takes) <= len(given) <= len(takes) + len(may_take):
        usage = [*takes, *(f"[{each}]" for each in may_take)]
        _end(WRONG_COMMAND, f"write after main: {' '.join(usage) or 'nothing'}")
    try:
        work(_office(yes="--yes" in arguments, reads=reads), *given)
    except VecheError as error:
        raise SystemExit(failures.tell(error, as_json=False)) from None
    except (EOFError, KeyboardInterrupt):
        _end(INTERRUPTED, "Interrupted. Run the script again: it goes on where it stopped.")
    except Exception as error:  # noqa: BLE001  # the last place before Brownie's traceback
        raise SystemExit(failures.tell_unexpected(error, as_json=False)) from None


def without_main(name: str) -> NoReturn:
    """Ends a script that is run without the word `main`. Brownie takes the word after the script
    for the name of a function, so every script has this as its `__getattr__`.
    """
    if name.startswith("__") or "run" not in sys.argv:
        raise AttributeError(name)
    words = [each for each in sys.argv[1:] if each != name]
    at = words.index("run") + 2
    meant = shlex.join(["brownie", *words[:at], "main", name, *words[at:]])
    _end(WRONG_COMMAND, f"the word `main` is missing before {name}: write\n  {meant}")


def command(network: str) -> Spell:
    """Gives the command line that runs a script on a network."""

    def spell(verb: str, *args: object) -> str:
        return shlex.join(["brownie", "run", verb, "main", *map(str, args), "--network", network])

    return spell


def version_number(word: str | None) -> int | None:
    """The number of a version, from a word on the command line; None if there is no word."""
    if word is not None and not word.isdecimal():
        _end(WRONG_COMMAND, f"{word} is no version: versions are numbered from 0")
    return None if word is None else int(word)


def _end(code: int, message: str) -> NoReturn:
    print(f"\n{shown(message)}", file=sys.stderr)  # noqa: T201  # this is a command
    raise SystemExit(code)


# -- The office --


def _office(*, yes: bool, reads: bool) -> Office:
    network = CONFIG.active_network
    live = CONFIG.network_type == "live"
    if not reads:
        _require_lasting()
    chain = connection.open_chain(
        network["id"] if network["id"] in networks.names() else brownie.web3.provider.endpoint_uri,
        confirmations=_confirmations(),
        max_tip=_wei(MAX_TIP, GWEI),
        max_cost=_wei(MAX_COST, ETHER),
    )
    chain.account = None if reads else _account(live=live)
    if "chainid" in network and live:
        chain.node.require_chain(int(network["chainid"]))
    say, is_asked = Output(as_json=False).say, live and not yes and os.environ.get(YES) != "1"
    say("")
    if brownie.network.rpc.is_child():
        say("This chain ends with this command. For a chain that stays, start anvil first.\n")
    return open_office(
        chain,
        network["id"],
        lasting=live,
        say=say,
        confirm=lambda: not is_asked or asking.agrees("\nCarry out this plan?"),
        command=command(network["id"]),
    )


def _require_lasting() -> None:
    """Ends the script if Brownie had to start a chain, which ends with the script: all that is sent
    there would be lost, and it would replace the deployments of a chain that lasts.
    """
    if brownie.network.rpc.is_child():
        url = urlsplit(brownie.web3.provider.endpoint_uri)
        nobody = f"Nothing was sent: no chain is running at {url.netloc}."
        remedy = f"First start a chain that stays: anvil --silent --port {url.port} &"
        _end(NodeUnreachable.exit_code, f"{nobody}\n{remedy}")


def _confirmations() -> int | None:
    """The number of confirmations in the environment; None if none is set."""
    text = os.environ.get(CONFIRMATIONS)
    if text is None:
        return None
    if not text.isdecimal() or int(text) < 1:
        _end(WRONG_COMMAND, f"{CONFIRMATIONS} is {text!r}: write a number, 1 or more")
    return int(text)


def _wei(variable: str, unit: int) -> int | None:
    """The amount in a variable; None if it is not set."""
    text = os.environ.get(variable)
    found = None if text is None else wei(text, unit)
    if text is not None and found is None:
        _end(WRONG_COMMAND, f"{variable} is {text!r}: write a number, such as 2.5")
    return found


# -- The account --


def _account(*, live: bool) -> Account:
    """The account that signs: on a live network from a keystore, otherwise the node's first."""
    if not live:
        return str(brownie.accounts[0].address)
    file = os.environ.get(PASSWORD_FILE)
    try:
        return keys.load(_keystore(), Path(file) if file else None)
    except NoPassword as error:
        remedy = f"Set {keys.VARIABLE}; or set {PASSWORD_FILE} to a file that begins with it."
        _end(error.exit_code, f"{sentence(str(error))}\n{remedy}")


def _keystore() -> Path:
    named = os.environ.get(KEYSTORE)
    if not named:
        _end(
            NoAccount.exit_code,
            "On a live network an account from a keystore signs and pays, but none is named.\n"
            f"Set {KEYSTORE} to its file, or to the id of an account of `brownie accounts`.",
        )
    managed: Any = Path(_get_data_folder()) / "accounts" / f"{named}.json"
    return managed if not Path(named).exists() and managed.exists() else Path(named)
