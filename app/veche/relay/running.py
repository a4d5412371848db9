"""Opens a relay that its file describes, and serves it until it is told to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Final

import uvicorn
from eth_account.signers.local import LocalAccount

from veche.carrier.admission import Admissions
from veche.chain.connection import Chain, connect
from veche.chain.passage import Passage
from veche.chain.poll import Poll
from veche.errors import Obstacles, RelayError, VecheError
from veche.files.relay import RelayFile
from veche.processes import LastingWorkers
from veche.relay.checking import Desk
from veche.relay.connection import Connection
from veche.relay.enrolling import Enrolments
from veche.relay.funds import Funds
from veche.relay.limits import Visitors, VoterLimits
from veche.relay.proofs import Recalling, Remembering, Verified
from veche.relay.questions import Questions
from veche.relay.relay import Relay
from veche.relay.sending import Sending
from veche.relay.service import app
from veche.relay.store import Store
from veche.relay.takeover import Takeover

IDLE: Final = 30
"""Seconds for which a connection without a request stays open."""


def open_relay(config: RelayFile, account: LocalAccount, pool: Executor) -> Relay:
    """A relay that serves nobody yet.

    Args:
        config: its file.
        account: carries and pays.
        pool: other processes, which verify proofs.

    Raises:
        NodeError: the node cannot be asked.
        WrongNetwork: a poll or the store is of another chain.
        WrongPoll, UnknownContract, InvalidContent, IncompleteRoll: nobody can vote in a poll; or
            there is no board.
        StoreFailed: the store cannot be opened.
    """
    chain = connect(config.rpc, account=account, confirmations=config.confirmations)
    polls = [chain.poll(str(each)) for each in config.polls]
    for each in polls:
        len(each.roll)
    for address in config.boards:
        chain.board(address)
    store = Store(config.store, relay=account.address)
    store.require_chain(chain.id, chain.node.genesis)
    limits, funds, verified = config.limits, Funds(chain, polls), Verified()
    desk = Desk(
        Admissions(chain, polls=polls),
        store,
        Remembering(pool, verified),
        funds=funds,
        voters=VoterLimits(limits.ballots_per_hour),
        most=limits.waiting,
    )
    own = {each.address: each for each in polls}
    boards = frozenset([*config.boards, *(each.definition.board for each in polls)])
    sending = Sending(chain, polls, store, Recalling(pool, verified))
    return Relay(
        config=config,
        chain=chain,
        polls=own,
        boards=boards,
        store=store,
        desk=desk,
        enrolments=Enrolments(store, frozenset(config.officials)),
        sending=sending,
        takeover=Takeover(store, sending, boards.union(own)),
        funds=funds,
        visitors=Visitors(limits.requests_per_minute),
        questions=Questions(Passage(config.rpc)),
    )


def check(config: RelayFile, account: LocalAccount, warn: Callable[[str], None]) -> None:
    """Tries all that a relay needs, and serves nothing.

    Args:
        config: its file.
        account: carries and pays.
        warn: is told what would not fail yet.

    Raises:
        Obstacles: something would fail; it lists everything.
    """
    found: list[VecheError] = []
    waiting = 0
    with _noting(found):
        _listener(config).close()
    with _noting(found):
        store = Store(config.store, relay=account.address)
        waiting = store.waiting()
        store.close()
    with _noting(found):
        chain = connect(config.rpc, account=account, confirmations=config.confirmations)
        polls = _polls(config, chain, found)
        with _noting(found):
            _check_ether(Funds(chain, polls), waiting, warn)
    if found:
        raise Obstacles(found)


def _polls(config: RelayFile, chain: Chain, found: list[VecheError]) -> list[Poll]:
    """The polls in which people can vote. Notes why they cannot in the others, and which boards are
    none.
    """
    polls: list[Poll] = []
    for each in config.polls:
        with _noting(found):
            poll = chain.poll(str(each))
            len(poll.roll)
            polls.append(poll)
    for address in config.boards:
        with _noting(found):
            chain.board(address)
    return polls


def _check_ether(funds: Funds, waiting: int, warn: Callable[[str], None]) -> None:
    funds.require_some()
    shortage = funds.shortage(waiting=waiting)
    if shortage:
        warn(shortage)


@contextmanager
def _noting(found: list[VecheError]) -> Iterator[None]:
    """Notes what fails."""
    try:
        yield
    except VecheError as error:
        found.append(error)


def serve(config: RelayFile, account: LocalAccount, tell: Callable[[str, Chain], None]) -> None:
    """Serves a relay until SIGTERM or SIGINT.

    Args:
        config: its file.
        account: carries and pays.
        tell: is told the URL, once the relay serves there, and the chain.

    Raises:
        VecheError: as `open_relay`; or nothing can listen at the address.
    """
    with LastingWorkers() as pool:
        relay = open_relay(config, account, pool)
        listener = _listener(config)
        host, port = listener.getsockname()[:2]
        signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn ends by it, then raises it again
        tell(f"http://{f'[{host}]' if ':' in host else host}:{port}", relay.chain)
        _server(relay).run(sockets=[listener])


def _listener(config: RelayFile) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family, backlog=1024)
    except OSError as error:
        said = f"nothing can listen at {config.host}:{config.port}: {error.strerror}"
        raise RelayError(said) from error


def _server(relay: Relay) -> uvicorn.Server:
    proxies = list(relay.config.proxies)
    return uvicorn.Server(
        uvicorn.Config(
            app(relay),
            access_log=False,
            log_config=None,
            lifespan="on",
            ws="none",
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            server_header=False,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=IDLE,
            h11_max_incomplete_event_size=1 << 14,
            http=Connection,
        )
    )
