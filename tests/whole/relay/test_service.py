"""`veche relay`, from a ballot that is handed in to one that counts; and what it refuses."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from support.commands import Shell
from support.elections import Town
from support.relays import PATIENCE, RunningRelay, relay_office
from veche import Poll, SignedBallot, connect, errors
from veche.chain.trustee_call import TrusteeCall
from veche.errors import VecheError
from veche.protocol import link
from veche.protocol.ceremony import deal, sign_deal
from veche.protocol.roll_proof import FIELDS, RollProof
from veche.relay import problems
from veche.relay.funds import FEW
from veche.relay.polls import ROLL_PROOF
from veche.relay.service import ENDPOINTS
from veche.web import page

TREES = {"Which tree?": "Lime", "Which benches?": ["Wood"]}
LIMITS = {"requests_per_minute": 100_000, "ballots_per_hour": 1_000}


@pytest.fixture(scope="module")
def poll(town: Town) -> Poll:
    return town.open_poll("relayed")


@pytest.fixture(scope="module")
def relay(
    town: Town, poll: Poll, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningRelay]:
    folder: Path = tmp_path_factory.mktemp("relay")
    with relay_office(town, folder, [poll], limits=LIMITS).running() as it:
        yield it


def ballot(town: Town, poll: Poll, voter: int) -> SignedBallot:
    account = town.voters[voter]
    return poll.prepare(TREES, voter=account.address).sign(account)


def problem(answer: requests.Response) -> dict[str, Any]:
    """What a refusal tells, which has all that a problem document needs."""
    assert answer.headers["Content-Type"] == problems.MEDIA_TYPE, answer.text
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    kind = getattr(errors, told["name"])
    assert issubclass(kind, VecheError)
    assert told["remedy"] == kind.remedy
    assert told["type"] == f"/v1/problems/{told['name']}"
    assert told["title"]
    assert told["detail"]
    return told


# -- Ballots --


def test_ballot_that_is_accepted_counts(town: Town, poll: Poll, relay: RunningRelay) -> None:
    signed = ballot(town, poll, 0)
    answer = relay.post(signed.to_json())
    assert answer.status_code == 202, answer.text
    tracker = answer.json()["tracker"]
    assert tracker == "0x" + signed.tracker(poll.hash).hex()
    assert answer.headers["Location"] == f"/v1/ballots/{tracker}"
    told = relay.ended(tracker)
    assert told["state"] == "confirmed"
    assert poll.tracker(signed.voter) == signed.tracker(poll.hash)
    again = relay.post(signed.to_json())
    assert (again.status_code, again.json()) == (200, told)


def test_ballot_that_somebody_else_has_cast_is_found(
    town: Town, poll: Poll, relay: RunningRelay
) -> None:
    signed = ballot(town, poll, 1)
    poll.cast(signed, payer=town.official)
    tracker = relay.post(signed.to_json()).json()["tracker"]
    assert relay.ended(tracker)["state"] == "found"


def test_ballot_that_was_cast_elsewhere_and_replaced_is_refused_with_the_one_that_counts(
    town: Town, poll: Poll, relay: RunningRelay
) -> None:
    first = ballot(town, poll, 9)
    poll.cast(first, payer=town.official)
    second = ballot(town, poll, 9)
    poll.cast(second, payer=town.official)
    told = problem(relay.post(first.to_json()))
    counts = second.tracker(poll.hash).hex()
    assert (told["status"], told["name"]) == (422, "WrongTracker")
    assert told["detail"].endswith(f"another has replaced it since: 0x{counts} counts")
    assert relay.get(f"/v1/ballots/0x{first.tracker(poll.hash).hex()}").status_code == 404
    assert relay.ended(relay.post(second.to_json()).json()["tracker"])["state"] == "found"


def test_ballot_is_replaced_by_a_later_one(town: Town, poll: Poll, relay: RunningRelay) -> None:
    for _ in range(2):
        signed = ballot(town, poll, 2)
        tracker = relay.post(signed.to_json()).json()["tracker"]
        assert relay.ended(tracker)["state"] == "confirmed"
        assert poll.tracker(signed.voter) == bytes.fromhex(tracker[2:])


def test_second_of_two_ballots_that_replace_the_same_is_refused(
    town: Town, poll: Poll, relay: RunningRelay
) -> None:
    first, second = ballot(town, poll, 3), ballot(town, poll, 3)
    tracker = relay.post(first.to_json()).json()["tracker"]
    relay.ended(tracker)
    told = problem(relay.post(second.to_json()))
    assert told["name"] == "WrongTracker"
    assert told["values"] == [tracker, "0x" + "00" * 32]


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ("nonsense", 400, "InvalidDocument"),
        ("{}", 400, "InvalidDocument"),
        (b"\xff\xfe", 400, "MalformedRequest"),
        ("[" * 60_000, 400, "InvalidDocument"),
        ("7" * (1 << 20), 413, "RequestTooLarge"),
        ("", 400, "InvalidDocument"),
    ],
    ids=["words", "nothing in it", "no text", "nested", "large", "empty"],
)
def test_garbage_is_refused_by_name(
    relay: RunningRelay, body: str | bytes, status: int, name: str
) -> None:
    answer = relay.post(body)
    assert (answer.status_code, problem(answer)["name"]) == (status, name)


def test_ballot_of_another_poll_is_refused(town: Town, relay: RunningRelay) -> None:
    other = town.open_poll("not relayed")
    assert problem(relay.post(ballot(town, other, 4).to_json()))["name"] == "WrongPoll"


def test_ballot_of_a_stranger_and_one_that_was_changed_are_refused(
    town: Town, poll: Poll, relay: RunningRelay
) -> None:
    fields = json.loads(ballot(town, poll, 5).to_json())
    for changed, name in (
        ({"voter": town.stranger.address}, "NotOnRoll"),
        ({"weight": 2}, "NotOnRoll"),
        ({"voter": town.voters[6].address}, "InvalidSignature"),
        ({"deadline": 1}, "InvalidSignature"),
        ({"challenge": fields["blinding"]}, "InvalidProof"),
        ({"ciphertexts": fields["ciphertexts"][:-1]}, "InvalidSignature"),
    ):
        answer = relay.post(json.dumps(fields | changed))
        assert (answer.status_code, problem(answer)["name"]) == (422, name)
    assert relay.post(json.dumps(fields)).status_code == 202


def test_tracker_that_nobody_has_handed_in_is_unknown(relay: RunningRelay) -> None:
    assert problem(relay.get("/v1/ballots/0x" + "77" * 32))["name"] == "UnknownDocument"
    assert problem(relay.get("/v1/ballots/latest"))["name"] == "MalformedRequest"
    assert problem(relay.get("/v2/ballots"))["name"] == "UnknownResource"


# -- Slow and many --


def connected(relay: RunningRelay) -> socket.socket:
    where = urlsplit(relay.url)
    return socket.create_connection((where.hostname or "", where.port or 0), PATIENCE)


def told_until_the_end(line: socket.socket) -> bytes:
    """All that the relay tells until it hangs up."""
    told = b""
    while more := line.recv(1 << 16):
        told += more
    return told


def test_what_is_no_http_is_refused(relay: RunningRelay) -> None:
    with connected(relay) as line:
        line.sendall(b"hello\r\n\r\n")
        assert b"MalformedRequest" in told_until_the_end(line)


BEGINNINGS = (
    b"",
    b"GET /v1/hea",
    b"POST /v1/ballots HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
)


def test_clients_that_do_not_go_on_are_shed(relay: RunningRelay) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(connected(relay)) for _ in BEGINNINGS]
        for line, beginning in zip(lines, BEGINNINGS, strict=True):
            line.sendall(beginning)
        for line in lines:
            told = told_until_the_end(line)
            assert not told or b"RequestTooSlow" in told


def test_who_asks_too_often_is_told_when_to_come_back(
    town: Town, poll: Poll, tmp_path: Path
) -> None:
    limits = {"requests_per_minute": 5, "ballots_per_hour": 1}
    with relay_office(town, tmp_path / "few", [poll], name="few", limits=limits).running() as few:
        first, second = ballot(town, poll, 7), ballot(town, poll, 7)
        assert few.post(first.to_json()).status_code == 202
        told = problem(few.post(second.to_json()))
        assert told["name"] in ("TooManyRequests", "WrongTracker")
        answers = [few.get("/v1/health") for _ in range(6)]
        assert problem(answers[-1])["name"] == "TooManyRequests"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_check_tells_everything_that_would_fail(town: Town, poll: Poll, tmp_path: Path) -> None:
    office = relay_office(town, tmp_path / "checked", [poll], name="checked")
    sound = office.shell.veche("relay", office.file, "--check", "--json")
    assert (sound.code, sound.json) == (0, {"account": office.account.address, "pages": []})
    with a_listener() as taken:
        port = taken.getsockname()[1]
        office = relay_office(
            town,
            tmp_path / "checked",
            [poll],
            name="checked",
            listen=f"127.0.0.1:{port}",
            store="relay.key",
            boards=[town.catalogue.address],
        )
        ended = office.shell.veche("relay", office.file, "--check", "--json")
    assert ended.error == "Obstacles"
    said = ended.json["error"]["message"]
    for each in ("nothing can listen", "the store of the relay fails", town.catalogue.address):
        assert each in said


def a_listener() -> socket.socket:
    """Somebody who listens at a port of this machine."""
    return socket.create_server(("127.0.0.1", 0))


# -- Beside ballots --


def test_roll_proof_of_a_voter_is_given(town: Town, poll: Poll, relay: RunningRelay) -> None:
    voter = town.voters[8].address
    told = relay.get(f"/v1/polls/{poll.address}/voters/{voter}").text
    assert RollProof.from_json(told) == RollProof.of(poll.roll, poll.definition, voter)
    assert ROLL_PROOF["required"] == [*FIELDS]
    nobody = f"/v1/polls/{poll.address}/voters/{town.stranger.address}"
    assert problem(relay.get(nobody))["name"] == "NotOnRoll"
    (shown,) = relay.get("/v1/polls").json()["polls"]
    assert (shown["address"], shown["title"]) == (poll.address, poll.title)
    assert shown["votersOnRoll"] == len(poll.roll)


def test_trustees_deal_is_posted(town: Town, poll: Poll, tmp_path: Path) -> None:
    board = town.convene()
    made = deal(board.definition, 1)
    call = board.deal_call(sign_deal(board.definition, 1, made, town.trustees[0].account))
    office = relay_office(town, tmp_path / "relay", [poll], boards=[board.address], limits=LIMITS)
    with office.running() as relay:
        answer = relay.post(call.to_json(), "/v1/trustee-calls")
        assert answer.status_code == 202, answer.text
        digest = answer.json()["digest"]
        told = relay.ended(digest, path="/v1/trustee-calls")
        assert told["state"] == "confirmed"
        assert list(board.deals()) == [1]
        again = problem(relay.post(call.to_json(), "/v1/trustee-calls"))
        assert again["name"] == "AlreadyDealt"
        other = TrusteeCall(call.chain_id, town.catalogue.address, call.method, call.data)
        strange = problem(relay.post(other.to_json(), "/v1/trustee-calls"))
        assert strange["name"] == "WrongPoll"
        signed = ballot(town, poll, 9)  # it goes on with ballots
        assert relay.ended(relay.post(signed.to_json()).json()["tracker"])["state"] == "confirmed"


def test_trustee_has_a_relay_post_its_work(town: Town, poll: Poll, tmp_path: Path) -> None:
    board = town.convene()
    for index in (1, 2):
        made = deal(board.definition, index)
        signed = sign_deal(board.definition, index, made, town.trustees[index - 1].account)
        (tmp_path / f"{index}.json").write_text(board.deal_call(signed).to_json())
    office = relay_office(town, tmp_path / "relay", [poll], boards=[board.address], limits=LIMITS)
    shell = Shell(tmp_path)
    with office.running() as relay:
        ended = shell.veche("trustee", "post", "1.json", "2.json", "--relay", relay.url)
        assert ended.code == 0, ended
        assert ended.out.count(" is on chain (0x") == 2
        assert "says: veche status shows whether it is" in ended.out
        assert sorted(board.deals()) == [1, 2]
        again = shell.veche("trustee", "post", "1.json", "--relay", relay.url, "--json")
        assert (again.code, again.json["error"]["name"]) == (4, "AlreadyDealt")
    gone = shell.veche("trustee", "post", "1.json", "--relay", relay.url, "--json")
    assert gone.error == "RelayUnreachable"


# -- Questions to the node --


def asked(relay: RunningRelay, method: str, *parameters: Any) -> dict[str, Any]:
    question = {"jsonrpc": "2.0", "id": 7, "method": method, "params": parameters}
    found: dict[str, Any] = relay.post(json.dumps(question), "/v1/rpc").json()
    assert found["id"] == 7
    return found


def test_relay_is_the_node_of_who_has_none(town: Town, poll: Poll, relay: RunningRelay) -> None:
    own = connect(f"{relay.url}/v1/rpc").poll(poll.address)
    assert own.hash == poll.hash
    assert len(own.roll) == len(poll.roll)
    prepared = own.prepare(TREES, voter=town.voters[10].address)  # with all checks before it
    receipt = own.cast(prepared.sign(town.voters[10]), relay=relay.url)
    assert receipt.tracker == prepared.tracker


def test_what_changes_or_burdens_the_node_is_not_passed_on(poll: Poll, relay: RunningRelay) -> None:
    for method in ("eth_sendRawTransaction", "evm_mine", "debug_traceCall", "eth_accounts"):
        error = asked(relay, method, "0x")["error"]
        assert (error["code"], error["data"]["name"]) == (-32601, "ForbiddenMethod")
    where = {"address": poll.address, "fromBlock": "0x0", "toBlock": hex(10_000)}
    assert "max block range" in asked(relay, "eth_getLogs", where)["error"]["message"]
    everything = {"fromBlock": "0x0", "toBlock": "0x9"}
    assert asked(relay, "eth_getLogs", everything)["error"]["code"] == -32602
    override = {poll.address: {"code": "0x"}}
    called = asked(relay, "eth_call", {"to": poll.address}, "latest", override)
    assert called["error"]["code"] == -32602
    assert asked(relay, "eth_chainId")["result"]


def test_too_many_questions_together_are_refused(relay: RunningRelay) -> None:
    question = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    assert len(relay.post(json.dumps([question] * 100), "/v1/rpc").json()) == 100
    assert relay.post(json.dumps([question] * 101), "/v1/rpc").json()["error"]["code"] == -32600


# -- How it is --


def test_health_and_metrics_are_told(relay: RunningRelay) -> None:
    answer = relay.get("/v1/health")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "ok")
    assert told["ballotsPaidFor"] > 1_000
    text = relay.get("/v1/metrics").text
    assert 'veche_relay_documents{state="confirmed"}' in text
    assert "veche_relay_healthy 1.0" in text


def test_relay_warns_before_its_ether_runs_out(town: Town, poll: Poll, tmp_path: Path) -> None:
    office = relay_office(town, tmp_path / "poor", [poll], name="poor relay", limits=LIMITS)
    most = poll.most_cost(town.voters[0].address)
    town.embedded.node.request("anvil_setBalance", office.account.address, hex(50 * most))
    with office.running() as relay:
        told = relay.get("/v1/health").json()
        assert told["status"] == "warning"
        assert office.account.address in told["reasons"][0]
        named = "^veche_relay_ballots_paid_for (.+)$"
        (paid_for,) = re.findall(named, relay.get("/v1/metrics").text, re.MULTILINE)
        assert 0 < float(paid_for) == told["ballotsPaidFor"] < FEW
    checked = office.shell.veche("relay", office.file, "--check")
    assert checked.code == 0
    assert told["reasons"][0] in checked.err
    town.embedded.node.request("anvil_setBalance", office.account.address, "0x0")
    checked = office.shell.veche("relay", office.file, "--check")
    assert checked.code == 4
    assert f"{office.account.address} has 0 ether, and this can cost 0.0" in checked.err
    assert "veche official fund" in checked.err
    assert "Voters without ether" not in checked.err
    with office.running() as relay:
        told = problem(relay.post(ballot(town, poll, 11).to_json()))
        assert told["name"] == "RelayFull"


def test_description_has_every_path_and_no_other(relay: RunningRelay) -> None:
    told = relay.get("/v1/openapi.json").json()
    served = {(each.path, each.method.lower()) for each in ENDPOINTS}
    described = {(path, method) for path, own in told["paths"].items() for method in own}
    assert described == served
    for each in ENDPOINTS:
        operation = told["paths"][each.path][each.method.lower()]
        names = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert names == {part[1:-1] for part in each.path.split("/") if part.startswith("{")}
        assert ("requestBody" in operation) == (each.method in {"POST", "PUT"})
    ids = [one["operationId"] for own in told["paths"].values() for one in own.values()]
    assert len(ids) == len(set(ids))


def test_page_is_served_as_the_command_writes_it(relay: RunningRelay) -> None:
    answer = relay.get("/?utm=letter")
    assert answer.content == page.content()
    for name, value in page.HEADERS.items():
        assert answer.headers[name] == value
    head = requests.head(f"{relay.url}/", timeout=PATIENCE)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(page.content())
    assert problem(relay.get("/index.html"))["name"] == "UnknownResource"


def test_links_of_the_page_are_told_for_every_poll(town: Town, poll: Poll, tmp_path: Path) -> None:
    known = relay_office(town, tmp_path / "known", [poll], url="https://vote.example/r/")
    named = f"https://vote.example/r/#{link.of(poll.definition)}"
    told = known.shell.veche("relay", known.file, "--check", "--json").json
    assert told["pages"] == [named]
    with known.shell.start("relay", known.file) as process:
        assert "The relay serves at" in process.stdout.readline()
        assert process.stdout.readline() == f"Voters open {named}\n"
    local = relay_office(town, tmp_path / "local", [poll])
    assert local.shell.veche("relay", local.file, "--check", "--json").json["pages"] == []
    with local.shell.start("relay", local.file, "--json") as process:
        told = json.loads(process.stdout.readline())
        assert told["pages"] == [f"{told['url']}/#{link.of(poll.definition)}"]


def test_problem_is_explained_where_its_type_leads(relay: RunningRelay) -> None:
    told = relay.get(problem(relay.post("nonsense"))["type"]).json()
    assert told["name"] == "InvalidDocument"
    assert told["remedy"]
    assert problem(relay.get("/v1/problems/os"))["name"] == "UnknownResource"


def test_pages_from_anywhere_may_ask(relay: RunningRelay) -> None:
    origin = {"Origin": "https://poll.example"}
    wants = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    before = requests.options(f"{relay.url}/v1/ballots", headers=origin | wants, timeout=PATIENCE)
    assert before.status_code == 200
    answer = requests.post(f"{relay.url}/v1/ballots", "x", headers=origin, timeout=PATIENCE)
    for each in (before, answer):
        assert each.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in each.headers


def test_nothing_is_told_of_who_asks(town: Town, poll: Poll, tmp_path: Path) -> None:
    office = relay_office(
        town, tmp_path / "quiet", [poll], name="quiet", limits=LIMITS, proxies=["127.0.0.1"]
    )
    address = "203.0.113.77"
    with office.running() as relay:
        headers = {"X-Forwarded-For": address}
        for body in ("nonsense", ballot(town, poll, 0).to_json()):
            requests.post(f"{relay.url}/v1/ballots", body, headers=headers, timeout=PATIENCE)
        requests.get(f"{relay.url}/nowhere", headers=headers, timeout=PATIENCE)
        told = relay.process.told()
    kept = b"".join(each.read_bytes() for each in office.file.parent.glob("relay.sqlite*"))
    assert address not in told
    assert "127.0.0.1" not in told
    assert address.encode() not in kept


def test_address_is_believed_of_named_proxies_alone(town: Town, poll: Poll, tmp_path: Path) -> None:
    for proxies, status in ((["127.0.0.1"], 200), ([], 429)):
        office = relay_office(
            town,
            tmp_path / f"{len(proxies)}",
            [poll],
            name=f"proxied {len(proxies)}",
            limits={"requests_per_minute": 3},
            proxies=proxies,
        )
        with office.running() as relay:
            for last in range(8):
                headers = {"X-Forwarded-For": f"203.0.113.{last}"}
                answer = requests.get(f"{relay.url}/v1/polls", headers=headers, timeout=PATIENCE)
            assert answer.status_code == status


def ask_for_ever(line: socket.socket, request: bytes) -> None:
    """Asks again and again, and reads no answer."""
    while True:
        line.sendall(request)


def test_client_that_does_not_read_is_shed(poll: Poll, relay: RunningRelay) -> None:
    where = [poll.definition.board, "latest"]
    question = {"jsonrpc": "2.0", "id": 1, "method": "eth_getCode", "params": where}
    body = json.dumps([question] * 100).encode()
    head = f"POST /v1/rpc HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with connected(relay) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        with pytest.raises(ConnectionError):
            ask_for_ever(line, head + body)
    assert relay.get("/v1/health").status_code == 200
