"""How a relay is: whether it can carry, for how many ballots its ether lasts, what waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from veche.errors import VecheError
from veche.errors.amounts import ETHER
from veche.relay.endpoints import NUMBER, TEXT, Call, Endpoint, Schema, json_answer, listed, table
from veche.relay.relay import Relay
from veche.relay.store import UNFINISHED, State

OK, WARNING, FAILING = "ok", "warning", "failing"
HEALTH: Final[Schema] = table(
    status={"type": "string", "enum": [OK, WARNING, FAILING]},
    account=TEXT,
    chain=NUMBER,
    documents=table(**{str(each): NUMBER for each in State}),
    ballotsPaidFor=NUMBER | {"description": "how many more ballots the ether pays for, at least"},
    reasons=listed(TEXT),
)
UNAVAILABLE: Final = 503


async def show_health(call: Call) -> Response:
    """Tells how the relay is."""
    found = await run_in_threadpool(report, call.relay)
    return json_answer(found, UNAVAILABLE if found["status"] == FAILING else 200)


def report(relay: Relay) -> dict[str, Any]:
    """How the relay is, as plain data.

    Raises:
        StoreFailed: the store cannot be read.
    """
    counts, paid_for, shortage = relay.store.counts(), 0, ""
    waiting = sum(counts[each] for each in UNFINISHED)
    faults = [relay.sending.fault] if relay.sending.fault else []
    try:
        paid_for, shortage = relay.funds.ballots(), relay.funds.shortage(waiting=waiting)
    except VecheError as fault:
        faults.append(fault)
    reasons = [f"{type(each).__name__}: {each}" for each in faults]
    is_low = bool(shortage) and not faults
    if is_low:
        reasons.append(shortage)
    return {
        "status": FAILING if faults else WARNING if is_low else OK,
        "account": relay.chain.sender.address,
        "chain": relay.chain.id,
        "documents": {str(state): number for state, number in counts.items()},
        "ballotsPaidFor": paid_for,
        "reasons": reasons,
    }


# -- Metrics --


class _Figures(Collector):
    """The figures of a relay, read when they are asked for."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def collect(self) -> Iterator[Metric]:
        relay, told = self._relay, report(self._relay)
        documents = GaugeMetricFamily(
            "veche_relay_documents", "Ballots and trustees' calls by state", labels=["state"]
        )
        for state, number in told["documents"].items():
            documents.add_metric([state], number)
        yield documents
        for name, what, value in (
            ("checking", "Ballots that wait to be checked", relay.desk.waiting),
            ("ballots_paid_for", "Ballots that the ether pays for", told["ballotsPaidFor"]),
            ("balance_ether", "Ether of the account", relay.funds.known_balance / ETHER),
            ("healthy", "1 if nothing fails", int(told["status"] != FAILING)),
            ("visitors", "Addresses that the limits remember", relay.visitors.known),
        ):
            yield GaugeMetricFamily(f"veche_relay_{name}", what, value)


async def show_metrics(call: Call) -> Response:
    """Shows the figures that Prometheus asks for."""
    text = await run_in_threadpool(_metrics, call.relay)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


def _metrics(relay: Relay) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(relay))
    return generate_latest(registry)


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/v1/health",
        show_health,
        "Tells how the relay is; 503 if it cannot carry.",
        {200: HEALTH, UNAVAILABLE: HEALTH},
    ),
    Endpoint(
        "GET",
        "/v1/metrics",
        show_metrics,
        "Shows the figures that Prometheus asks for.",
        {200: TEXT},
        media_type="text/plain",
    ),
)
