"""Every check of the observer, with a fault that it alone catches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_utils.address import to_checksum_address

from support import paper_polls
from support.bent_polls import (
    CHALLENGE,
    FIRST,
    NO_VOTERS,
    SECOND,
    TOO_FEW,
    UNDECRYPTED,
    WRONG,
    Make,
    at,
    ballot_bent,
    bend,
    cancelled,
    failed,
    flipped,
    poll,
    report_of,
    result_alone,
    root_bent,
    shares_alone,
    shares_bent,
    unrolled,
)
from support.paper_polls import CLOSES, OPENS, Facts, PaperEvidence, PaperPoll, voter
from veche.crypto.group import G, Scalar
from veche.errors import InvalidDocument, InvalidPoint, NodeUnreachable
from veche.observer import ballot_box, ballots, electoral_roll, result, verification
from veche.observer.verification import verify
from veche.protocol.board_texts import BoardTexts
from veche.protocol.content import Content
from veche.protocol.signature import Signature
from veche.trust import artifact, ceremony, foundation, provenance
from veche.trust.report import Report, Verdict

ALL_CHECKS = [
    provenance.CATALOGUE,
    provenance.POLL_CODE,
    provenance.TALLY_CODE,
    provenance.BOARD_CODE,
    provenance.BOARD,
    provenance.POLL,
    provenance.FIRST_BLOCK,
    ceremony.BOARD_RULES,
    ceremony.BOARD_HASH,
    ceremony.DEALS,
    ceremony.CONFIRMATIONS,
    ceremony.KEYS,
    foundation.POLL_HASH,
    foundation.POLL_RULES,
    foundation.POLL_KEY,
    foundation.SAME_CONTRACTS,
    verification.TEXTS,
    electoral_roll.ROLL,
    ballot_box.MEMBERSHIP,
    ballot_box.BLOCKS,
    ballot_box.TIMES,
    ballot_box.REPLACEMENTS,
    ballots.TRACKERS,
    ballots.SIGNATURES,
    ballots.PROOFS,
    verification.COUNTS,
    verification.SUMS,
    result.SHARES,
    result.RESULT,
]


@pytest.fixture(scope="module")
def honest() -> Facts:
    return PaperPoll().facts


def test_honest_poll_passes_every_check(honest: Facts) -> None:
    report = report_of(honest)
    assert [each.name for each in report] == ALL_CHECKS
    assert {each.verdict for each in report} == {Verdict.PASS}
    assert honest.state.result == (0, 3, 1, 0, 0)


def test_paper_is_like_a_chain(honest: Facts) -> None:
    """The samples are honest by the library's own rules."""
    assert honest.definition.hash == honest.poll_hash
    assert honest.definition.texts == paper_polls.TREES


def test_poll_hash_is_the_one_that_was_told(honest: Facts) -> None:
    evidence = PaperEvidence(honest)
    assert verify(evidence, expect=honest.definition.hash).report.verdict == Verdict.PASS
    told = verify(evidence, expect=b"\1" * 32).report
    assert failed(told) == [foundation.POLL_HASH]


# -- A fault for every check --


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a poll, and the only check that sees it."""

    check: str
    make: Make


ONE_NAME_TWICE = BoardTexts("Board", ("Anna", "Boris", "Anna")).encoded
OTHER = to_checksum_address("0x" + "11" * 20)


def other_proof(deals: Any) -> Any:
    first, *rest = deals
    response = first.deal.secret_response + Scalar(1)
    return (replace(first, deal=replace(first.deal, secret_response=response)), *rest)


def signed_by_other(signed: Any) -> Any:
    """The first of several, with the signature of the second."""
    return (replace(signed[0], signature=signed[1].signature), *signed[1:])


def confirmations_bent(change: Callable[[Any], Any]) -> Make:
    """The confirmations are shown otherwise than they were posted."""
    return bend("ceremony", lambda c: replace(c, confirmations=change(c.confirmations)))


def origin_bent(part: str, change: Callable[[Any], Any]) -> Make:
    """The poll or its board is shown otherwise than the catalogue made it."""
    return bend("provenance", lambda p: replace(p, **{part: change(getattr(p, part))}))


def bend_code(root: Any, part: str) -> Any:
    """A catalogue whose polls or boards run other code at the right address."""
    shared = getattr(root, part)
    return replace(root, **{part: replace(shared, code=flipped(shared.code))})


def block_bent(change: Callable[[Any], Any]) -> Make:
    """The first ballot is in another block than the second; it was in the same."""
    return bend("ballots", lambda b: ((b[0][0], change(b[0][1])), *b[1:]))


def bare(code: bytes) -> bytes:
    """A clone without terms."""
    return code[: len(artifact.CLONE_HEAD) + 20 + len(artifact.CLONE_TAIL)]


FAULTS = [
    Fault(provenance.CATALOGUE, root_bent(lambda r: replace(r, salt=b"\1" * 32))),
    Fault(provenance.CATALOGUE, root_bent(lambda r: replace(r, first_owner=OTHER))),
    Fault(provenance.CATALOGUE, root_bent(lambda r: replace(r, code=flipped(r.code)))),
    Fault(provenance.POLL_CODE, root_bent(lambda r: bend_code(r, "polls"))),
    Fault(provenance.TALLY_CODE, root_bent(lambda r: bend_code(r, "tally"))),
    Fault(
        provenance.TALLY_CODE,
        root_bent(lambda r: replace(r, tally=replace(r.tally, address=OTHER))),
    ),
    Fault(provenance.BOARD_CODE, root_bent(lambda r: bend_code(r, "boards"))),
    Fault(provenance.BOARD, origin_bent("board", lambda o: replace(o, is_official=False))),
    Fault(provenance.BOARD, origin_bent("board", lambda o: replace(o, code=flipped(o.code, 12)))),
    Fault(provenance.BOARD, origin_bent("board", lambda o: replace(o, code=b""))),
    Fault(provenance.POLL, origin_bent("poll", lambda o: replace(o, is_official=False))),
    Fault(provenance.POLL, origin_bent("poll", lambda o: replace(o, code=flipped(o.code, 12)))),
    Fault(
        provenance.FIRST_BLOCK,
        root_bent(lambda r: replace(r, first_accounts=frozenset({r.address}))),
    ),
    Fault(
        provenance.FIRST_BLOCK,
        root_bent(lambda r: replace(r, first_accounts=frozenset({paper_polls.BOARD}))),
    ),
    Fault(foundation.SAME_CONTRACTS, origin_bent("board", lambda o: replace(o, address=OTHER))),
    Fault(foundation.SAME_CONTRACTS, origin_bent("poll", lambda o: replace(o, address=OTHER))),
    Fault(foundation.SAME_CONTRACTS, origin_bent("poll", lambda o: replace(o, code=o.code[:-1]))),
    Fault(foundation.SAME_CONTRACTS, origin_bent("poll", lambda o: replace(o, code=o.code + b"1"))),
    Fault(foundation.SAME_CONTRACTS, origin_bent("board", lambda o: replace(o, code=bare(o.code)))),
    Fault(foundation.POLL_RULES, poll(min_voters=1, decrypted=False)),
    Fault(foundation.POLL_RULES, poll(weights=(1, 1, 2**40 - 2), ballots=[FIRST, SECOND])),
    Fault(foundation.POLL_RULES, poll(closes=2**40, ballots=())),
    Fault(foundation.POLL_RULES, at(OPENS, poll(closes=OPENS, ballots=()))),
    Fault(ceremony.BOARD_RULES, poll(board_texts="{}")),
    Fault(ceremony.BOARD_RULES, poll(board_texts=ONE_NAME_TWICE)),
    Fault(ceremony.BOARD_RULES, poll(board_min_voters=1)),
    Fault(ceremony.BOARD_HASH, bend("ceremony", lambda c: replace(c, board_hash=b"\1" * 32))),
    Fault(ceremony.DEALS, bend("ceremony", lambda c: replace(c, deals=other_proof(c.deals)))),
    Fault(ceremony.DEALS, bend("ceremony", lambda c: replace(c, deals=c.deals[::-1]))),
    Fault(ceremony.DEALS, bend("ceremony", lambda c: replace(c, deals_hash=b"\1" * 32))),
    Fault(ceremony.DEALS, bend("ceremony", lambda c: replace(c, deals=signed_by_other(c.deals)))),
    Fault(ceremony.CONFIRMATIONS, confirmations_bent(lambda c: c[1:])),
    Fault(ceremony.CONFIRMATIONS, confirmations_bent(lambda c: (*c, c[0]))),
    Fault(ceremony.CONFIRMATIONS, confirmations_bent(signed_by_other)),
    Fault(
        ceremony.CONFIRMATIONS,
        confirmations_bent(lambda c: (replace(c[0], deals_hash=b"\1" * 32), *c[1:])),
    ),
    Fault(
        ceremony.KEYS,
        bend(
            "ceremony",
            lambda c: replace(
                c, verification_keys=(c.verification_keys[0], G, c.verification_keys[2])
            ),
        ),
    ),
    Fault(
        ceremony.KEYS,
        bend("ceremony", lambda c: replace(c, verification_keys=(*c.verification_keys, G))),
    ),
    Fault(foundation.POLL_HASH, bend("poll_hash", lambda _: b"\1" * 32)),
    Fault(verification.TEXTS, poll(content="{}")),
    Fault(verification.TEXTS, poll(content=Content("Trees", "", ()).encoded)),
    Fault(foundation.POLL_KEY, poll(key=G * Scalar(5), decrypted=False)),
    Fault(foundation.POLL_KEY, lambda: PaperPoll(board_hash=b"\1" * 32).facts),
    Fault(electoral_roll.ROLL, poll(total_weight=5)),
    Fault(electoral_roll.ROLL, at(OPENS - 1, poll(total_weight=5, ballots=()))),
    Fault(electoral_roll.ROLL, unrolled(NO_VOTERS)),
    Fault(electoral_roll.ROLL, at(CLOSES, unrolled(NO_VOTERS, WRONG))),
    Fault(ballot_box.MEMBERSHIP, poll(ballots=[FIRST, replace(SECOND, weight=2)])),
    Fault(ballot_box.TIMES, poll(ballots=[FIRST, replace(SECOND, time=CLOSES)])),
    Fault(ballot_box.TIMES, poll(ballots=[replace(FIRST, time=OPENS - 1), SECOND])),
    Fault(ballot_box.BLOCKS, poll(ballots=[FIRST, replace(SECOND, time=OPENS)])),
    Fault(ballot_box.BLOCKS, block_bent(lambda b: replace(b, hash=b"\1" * 32))),
    Fault(ballot_box.BLOCKS, block_bent(lambda b: replace(b, number=b.number + 1))),
    Fault(ballot_box.BLOCKS, bend("mark", lambda m: replace(m, number=OPENS))),
    Fault(ballot_box.REPLACEMENTS, poll(ballots=[FIRST, replace(SECOND, replaces=b"\1" * 32)])),
    Fault(
        ballot_box.REPLACEMENTS,
        poll(ballots=[FIRST, SECOND, replace(FIRST, scores=(0, 0, 1, 0, 0), replaces=bytes(32))]),
    ),
    Fault(ballots.TRACKERS, ballot_bent(lambda b: replace(b, tracker=b"\1" * 32))),
    Fault(ballots.SIGNATURES, poll(ballots=[FIRST, replace(SECOND, signer=voter(9))])),
    Fault(
        ballots.SIGNATURES,
        ballot_bent(lambda b: replace(b, signature=Signature(b"\1" * 32, b.signature.vs))),
    ),
    Fault(ballots.SIGNATURES, ballot_bent(lambda b: replace(b, deadline=b.deadline + 1))),
    Fault(ballots.PROOFS, ballot_bent(lambda b: replace(b, words=flipped(b.words, CHALLENGE)))),
    Fault(verification.COUNTS, bend("state", lambda s: replace(s, voters=s.voters + 1))),
    Fault(verification.COUNTS, bend("state", lambda s: replace(s, weight=s.weight + 1))),
    Fault(verification.COUNTS, cancelled(UNDECRYPTED)),
    Fault(verification.SUMS, bend("state", lambda s: replace(s, sums=s.sums[::-1]))),
    Fault(
        result.SHARES,
        shares_bent(lambda s: replace(s, proof=replace(s.proof, response=Scalar(7)))),
    ),
    Fault(result.SHARES, bend("shares", lambda s: (*s, s[0]))),
    Fault(result.SHARES, bend("shares", lambda s: (*s, replace(s[0], trustee=9)))),
    Fault(result.SHARES, at(CLOSES - 1, shares_alone(UNDECRYPTED))),
    Fault(result.SHARES, shares_alone(TOO_FEW)),
    Fault(result.SHARES, shares_alone(cancelled(NO_VOTERS))),
    Fault(result.RESULT, bend("state", lambda s: replace(s, result=(1, 2, 1, 0, 0)))),
    Fault(result.RESULT, bend("state", lambda s: replace(s, result=(0, 3)))),
    Fault(result.RESULT, at(CLOSES - 1, result_alone(UNDECRYPTED))),
    Fault(result.RESULT, result_alone(TOO_FEW)),
    Fault(result.RESULT, result_alone(cancelled(NO_VOTERS))),
]


def name_of(fault: Fault) -> str:
    return fault.check


@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
def test_fault_is_caught_by_its_check_alone(fault: Fault) -> None:
    assert failed(report_of(fault.make())) == [fault.check]


@pytest.mark.parametrize("check", ALL_CHECKS)
def test_without_a_check_some_fault_goes_through(
    check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each check is left out in turn; a fault that it alone catches then has no failed check."""
    add_failed = Report.failed

    def blind(self: Report, name: str, detail: str) -> None:
        add = Report.passed if name == check else add_failed
        add(self, name, detail)

    monkeypatch.setattr(Report, "failed", blind)
    own = [each for each in FAULTS if each.check == check]
    assert own
    assert not any(failed(report_of(each.make())) for each in own)


# -- Faults that several checks see --


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (root_bent(lambda r: replace(r, address=OTHER)), provenance.CATALOGUE),
        (bend("definition", lambda d: replace(d, key=G)), foundation.POLL_HASH),
        (bend("definition", lambda d: replace(d, closes=d.closes + 1)), foundation.POLL_HASH),
        (bend("definition", lambda d: replace(d, content="{}")), foundation.POLL_HASH),
        (bend("ballots", lambda b: b[:-1]), verification.SUMS),
        (bend("ballots", lambda b: (b[0], *b[2:])), verification.COUNTS),
        (bend("state", lambda s: replace(s, sums=())), verification.SUMS),
    ],
)
def test_fault_is_caught_by_the_check_that_should(make: Make, caught: str) -> None:
    assert caught in failed(report_of(make()))


# -- Data that cannot be read --


@pytest.mark.parametrize(
    ("part", "check"),
    [
        ("provenance", provenance.CATALOGUE),
        ("ceremony", ceremony.BOARD_HASH),
        ("definition", foundation.POLL_HASH),
        ("poll_hash", foundation.POLL_HASH),
        ("state", verification.COUNTS),
        ("roll_parts", electoral_roll.ROLL),
        ("ballots", verification.BALLOTS),
        ("shares", result.SHARES),
    ],
)
def test_part_that_cannot_be_read_fails_its_check(
    honest: Facts, monkeypatch: pytest.MonkeyPatch, part: str, check: str
) -> None:
    def malformed(_: PaperEvidence) -> Any:
        raise InvalidPoint(5, 7, reason="half of it is missing")

    monkeypatch.setattr(PaperEvidence, part, malformed)
    report = report_of(honest)
    assert failed(report) == [check]
    assert [each.detail for each in report if each.name == check] == [
        "cannot be read: half of it is missing"
    ]


@pytest.mark.parametrize(
    "part", ["provenance", "ceremony", "state", "roll_parts", "ballots", "shares"]
)
def test_node_that_is_lost_is_no_verdict(
    honest: Facts, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def lost(_: PaperEvidence) -> Any:
        raise NodeUnreachable("gone")

    monkeypatch.setattr(PaperEvidence, part, lost)
    with pytest.raises(NodeUnreachable):
        report_of(honest)


@pytest.mark.parametrize(
    "part", ["provenance", "ceremony", "state", "roll_parts", "ballots", "shares"]
)
def test_record_that_is_malformed_is_no_verdict(
    honest: Facts, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def malformed(_: PaperEvidence) -> Any:
        raise InvalidDocument("half of it is missing")

    monkeypatch.setattr(PaperEvidence, part, malformed)
    with pytest.raises(InvalidDocument):
        report_of(honest)
