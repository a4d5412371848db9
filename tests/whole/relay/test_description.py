"""What a relay serves is as its description in OpenAPI says: every answer, and every refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import requests
from eth_account.signers.local import LocalAccount

from support.elections import Town, person
from support.relays import PATIENCE, RunningRelay, relay_office
from support.schemas import Description
from veche import Poll
from veche.chain.trustee_call import TrusteeCall
from veche.enrolment.binding import Binding
from veche.enrolment.code_list import CodeList
from veche.protocol.ceremony import deal, sign_deal

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
LIMITS = {"requests_per_minute": 100_000, "ballots_per_hour": 1_000}
OFFICIAL = person("official of the description")
ANYWHERE = {"408", "413", "429", "503", "default"}
"""Statuses of refusals that have nothing to do with what is asked for."""

Asked: TypeAlias = tuple[str, str, dict[str, str], str]
"""A method, a path as it is described, what its parameters are, and a body."""


def of_ballots(town: Town, poll: Poll) -> Iterator[Asked]:
    signed = poll.prepare(TREES, voter=town.voters[0].address).sign(town.voters[0])
    own, fields = "/v1/ballots", json.loads(signed.to_json())
    for body in (signed.to_json(), "nonsense", json.dumps(fields | {"weight": 2})):
        yield "POST", own, {}, body
    poll.cast(signed, payer=town.official)
    yield "POST", own, {}, signed.to_json()
    for tracker in ("0x" + signed.tracker(poll.hash).hex(), "0x" + "77" * 32, "latest"):
        yield "GET", f"{own}/{{tracker}}", {"tracker": tracker}, ""


def of_calls(town: Town, call: TrusteeCall) -> Iterator[Asked]:
    own = "/v1/trustee-calls"
    other = TrusteeCall(call.chain_id, town.stranger.address, call.method, call.data)
    for body in (call.to_json(), "nonsense", other.to_json()):
        yield "POST", own, {}, body
    for digest in ("0x" + "77" * 32, "latest"):
        yield "GET", f"{own}/{{digest}}", {"digest": digest}, ""


def code_list(official: LocalAccount, *, edition: int, codes: tuple[str, ...] = ()) -> str:
    made = CodeList.make(
        "oak", title="Oak", edition=edition, until=2**40, codes=codes, official=official
    )
    return made.to_json()


def of_enrolments(stranger: LocalAccount) -> Iterator[Asked]:
    one = "/v1/enrolments/{enrolment}"
    oak, elm = {"enrolment": "oak"}, {"enrolment": "elm"}
    code, other, voter = (person(f"described {each}") for each in range(3))
    newest = code_list(OFFICIAL, edition=2, codes=(code.address,))
    for body in (
        newest,
        "nonsense",
        code_list(stranger, edition=3),
        code_list(OFFICIAL, edition=1),
    ):
        yield "PUT", one, oak, body
    yield "PUT", one, elm, newest
    yield "GET", one, oak, ""
    yield "GET", one, elm, ""
    bindings = f"{one}/bindings"
    for own, sequence in ((code, 2), (code, 1), (other, 1)):
        made = Binding.make("oak", code=own, voter=voter, sequence=sequence)
        yield "POST", bindings, oak, made.to_json()
    yield "POST", bindings, elm, made.to_json()
    yield "POST", bindings, oak, "nonsense"
    yield "GET", bindings, oak, ""
    yield "GET", f"{bindings}?after=x", oak, ""
    yield "GET", bindings, {"enrolment": "-"}, ""
    for own in (code, other):
        yield "GET", f"{one}/codes/{{code}}", oak | {"code": own.address}, ""
    yield "GET", f"{one}/codes/{{code}}", {"enrolment": "-", "code": code.address}, ""


def of_all_else(town: Town, poll: Poll) -> Iterator[Asked]:
    for path in ("/", "/v1/polls", "/v1/health", "/v1/metrics", "/v1/openapi.json"):
        yield "GET", path, {}, ""
    for voter in (town.voters[0], town.stranger):
        parts = {"poll": poll.address, "voter": voter.address}
        yield "GET", "/v1/polls/{poll}/voters/{voter}", parts, ""
    for body in ('{"method": "eth_chainId", "params": []}', "[" * 1_000):
        yield "POST", "/v1/rpc", {}, body
    for name in ("WrongPhase", "os"):
        yield "GET", "/v1/problems/{name}", {"name": name}, ""


def answered(relay: RunningRelay, asked: Asked) -> requests.Response:
    method, path, parts, body = asked
    return requests.request(method, relay.url + path.format(**parts), data=body, timeout=PATIENCE)


def require_described(answer: requests.Response, asked: Asked, told: dict[str, Any]) -> None:
    """An answer is one of those that the description has."""
    operation = told["paths"][asked[1].partition("?")[0]][asked[0].lower()]
    content = operation["responses"][str(answer.status_code)]["content"]
    kind = answer.headers["Content-Type"].partition(";")[0]
    value = answer.json() if kind.endswith("json") else answer.text
    assert Description(told).fits(value, content[kind]["schema"]), (asked[:3], value)


def test_every_answer_is_described_and_every_described_answer_is_given(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    board = town.convene()
    signed = sign_deal(board.definition, 1, deal(board.definition, 1), town.trustees[0].account)
    call = board.deal_call(signed)
    office = relay_office(
        town,
        tmp_path,
        [poll],
        boards=[board.address],
        officials=[OFFICIAL.address],
        limits=LIMITS,
    )
    given: set[tuple[str, str, str]] = set()
    with office.running() as relay:
        told = relay.get("/v1/openapi.json").json()
        each_asked = (
            *of_ballots(town, poll),
            *of_calls(town, call),
            *of_enrolments(town.stranger),
            *of_all_else(town, poll),
        )
        for asked in each_asked:
            answer = answered(relay, asked)
            require_described(answer, asked, told)
            given.add((asked[0], asked[1].partition("?")[0], str(answer.status_code)))
            if answer.status_code == 202:
                place, name = answer.headers["Location"].rsplit("/", 1)
                relay.ended(name, path=place)
                known = "tracker" if "ballots" in place else "digest"
                again: Asked = ("GET", f"{place}/{{{known}}}", {known: name}, "")
                require_described(answered(relay, again), again, told)
                given.add((*again[:2], "200"))
    described = {
        (method.upper(), path, status)
        for path, own in told["paths"].items()
        for method, operation in own.items()
        for status in operation["responses"]
        if status not in ANYWHERE
    }
    assert given == described


def test_refusals_of_any_request_are_described(town: Town, poll: Poll, tmp_path: Path) -> None:
    limits = {"requests_per_minute": 2}
    with relay_office(town, tmp_path, [poll], limits=limits).running() as relay:
        told = relay.get("/v1/openapi.json").json()
        large: Asked = ("POST", "/v1/ballots", {}, "7" * (1 << 17))
        often: Asked = ("GET", "/v1/polls", {}, "")
        for asked, status in ((large, 413), (often, 429)):
            answer = answered(relay, asked)
            assert answer.status_code == status
            require_described(answer, asked, told)
        responses = told["paths"]["/v1/polls"]["get"]["responses"]
        assert set(responses) >= ANYWHERE
        assert "TooManyRequests" in responses["429"]["description"]
        assert "Retry-After" in responses["429"]["headers"]
