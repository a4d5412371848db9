"""Every check of the observer, with a fault that it alone catches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from support import paper_polls
from support.paper_polls import (
    CLOSES,
    OPENS,
    Facts,
    PaperBallot,
    PaperEvidence,
    PaperPoll,
    changed,
    voter,
)
from veche.crypto.group import G, N, Scalar
from veche.errors import ChecksFailed, NodeUnreachable
from veche.observer import (
    ballot_box,
    ballots,
    ceremony,
    electoral_roll,
    published_code,
    result,
    verification,
)
from veche.observer.report import Check, Report, Verdict
from veche.observer.verification import verify
from veche.protocol.content import Content
from veche.protocol.phase import Phase

ALL_CHECKS = [
    published_code.CATALOGUE_CODE,
    published_code.BOARD_CODE,
    published_code.POLL_CODE,
    published_code.OFFICIAL,
    ceremony.BOARD_HASH,
    ceremony.DEALS,
    ceremony.CONFIRMATIONS,
    ceremony.KEYS,
    verification.POLL_HASH,
    verification.TEXTS,
    verification.POLL_KEY,
    electoral_roll.ROLL,
    ballot_box.MEMBERSHIP,
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

FIRST = PaperBallot(0, (1, 0, 0, 0, 0))
SECOND = PaperBallot(1, (0, 1, 0, 0, 0))


@pytest.fixture(scope="module")
def honest() -> Facts:
    return PaperPoll().facts


def report_of(facts: Facts) -> Report:
    return verify(PaperEvidence(facts)).report


def test_honest_poll_passes_every_check(honest: Facts) -> None:
    report = report_of(honest)
    assert [each.name for each in report] == ALL_CHECKS
    assert {each.verdict for each in report} == {Verdict.PASS}
    assert honest.state.result == (0, 3, 1, 0, 0)


def test_poll_hash_is_the_one_that_was_told(honest: Facts) -> None:
    evidence = PaperEvidence(honest)
    assert verify(evidence, expect=honest.definition.hash).report.verdict == Verdict.PASS
    told = verify(evidence, expect=b"\1" * 32).report
    assert failed(told) == [verification.POLL_HASH]


def failed(report: Report) -> list[str]:
    return [each.name for each in report if each.verdict == Verdict.FAIL]


# -- A fault for every check --


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a poll, and the only check that sees it."""

    check: str
    make: Callable[[], Facts]


def bend(part: str, change: Callable[[Any], Any]) -> Callable[[], Facts]:
    """An honest poll, one part of which is shown otherwise than it is."""
    return lambda: changed(PaperPoll().facts, part, change)


def ballot_bent(change: Callable[[Any], Any], index: int = 1) -> Callable[[], Facts]:
    """One ballot is logged otherwise than it was cast."""

    def bent(all_: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*all_[:index], change(all_[index]), *all_[index + 1 :])

    return bend("ballots", bent)


def shares_bent(change: Callable[[Any], Any]) -> Callable[[], Facts]:
    """The first share is shown otherwise than it was posted."""
    return bend("shares", lambda shares: (change(shares[0]), *shares[1:]))


def deals_bent(change: Callable[[Any], Any]) -> Callable[[], Facts]:
    """The first deal is shown otherwise than it was posted."""

    def bent(shown: Any) -> Any:
        (dealer, deal), *others = shown.deals
        return replace(shown, deals=((dealer, change(deal)), *others))

    return bend("ceremony", bent)


def with_threshold(shown: Any, threshold: int) -> Any:
    return replace(shown, definition=replace(shown.definition, threshold=threshold))


def poll(**how: Any) -> Callable[[], Facts]:
    """A poll that was made wrongly from the start, and is shown as it is."""
    return lambda: PaperPoll(**how).facts


CHALLENGE = 32 * 4 * 5 + 31
"""The last byte of a ballot's challenge, behind the ciphertexts of five choices."""


def flipped(data: bytes, at: int = -1) -> bytes:
    """A byte changed."""
    bent = bytearray(data)
    bent[at] ^= 1
    return bytes(bent)


def at(time: int, make: Callable[[], Facts]) -> Callable[[], Facts]:
    """The same, as it stands at a time."""
    return lambda: changed(make(), "mark", lambda mark: replace(mark, time=time))


def cancelled(make: Callable[[], Facts]) -> Callable[[], Facts]:
    """The same, withdrawn by the officials."""
    return lambda: changed(make(), "state", lambda state: replace(state, cancelled=True))


def unrolled(
    make: Callable[[], Facts], *readings: Sequence[tuple[str, int]]
) -> Callable[[], Facts]:
    """The same, with these readings of what is published as its roll; nothing by default."""
    return lambda: changed(make(), "rolls", lambda _: readings or ([],))


def uncounted(make: Callable[[], Facts]) -> Callable[[], Facts]:
    """The same, with a contract that says that nobody has voted."""
    return lambda: changed(make(), "state", lambda state: replace(state, voters=0, weight=0))


def shares_alone(make: Callable[[], Facts]) -> Callable[[], Facts]:
    """The same with an honest poll's decryption shares, and no result."""

    def shared() -> Facts:
        facts = changed(make(), "shares", lambda _: PaperPoll().facts.shares)
        return changed(facts, "state", lambda state: replace(state, result=()))

    return shared


def result_alone(make: Callable[[], Facts]) -> Callable[[], Facts]:
    """The same with a result, and no decryption shares."""

    def tallied() -> Facts:
        facts = changed(make(), "shares", lambda _: ())
        return changed(facts, "state", lambda state: replace(state, result=(0, 1, 0, 0, 0)))

    return tallied


def other_proof(deals: Any) -> Any:
    (dealer, deal), *rest = deals
    return ((dealer, replace(deal, secret_response=deal.secret_response + Scalar(1))), *rest)


NOBODY = poll(ballots=())
"""A poll that nobody has voted in."""
TOO_FEW = poll(ballots=[FIRST])
"""A poll with fewer voters than a result needs."""
UNDECRYPTED = poll(decrypted=False)

WRONG = [(voter(8).address, 4)]
"""A roll that is not the poll's."""
TWICE = [(voter(0).address, 1), (voter(0).address, 1)]
"""What is no roll at all."""

LATER = [result.SHARES, result.RESULT]
"""What is to come before the close."""

FAULTS = [
    Fault(published_code.CATALOGUE_CODE, bend("codes", lambda c: replace(c, catalogue=c.board))),
    Fault(published_code.BOARD_CODE, bend("codes", lambda c: replace(c, board=flipped(c.board)))),
    Fault(published_code.POLL_CODE, bend("codes", lambda c: replace(c, poll=c.implementation))),
    Fault(
        published_code.POLL_CODE,
        bend("codes", lambda c: replace(c, implementation=flipped(c.implementation))),
    ),
    Fault(
        published_code.POLL_CODE,
        bend("codes", lambda c: replace(c, implementation_address="0x" + "11" * 20)),
    ),
    Fault(published_code.OFFICIAL, bend("codes", lambda c: replace(c, official=False))),
    Fault(ceremony.BOARD_HASH, bend("ceremony", lambda c: replace(c, board_hash=b"\1" * 32))),
    Fault(ceremony.DEALS, bend("ceremony", lambda c: replace(c, deals=other_proof(c.deals)))),
    Fault(ceremony.DEALS, bend("ceremony", lambda c: replace(c, deals=c.deals[::-1]))),
    Fault(ceremony.DEALS, bend("ceremony", lambda c: replace(c, deals_hash=b"\1" * 32))),
    Fault(ceremony.CONFIRMATIONS, bend("ceremony", lambda c: replace(c, confirmed=(1, 3)))),
    Fault(
        ceremony.KEYS,
        bend(
            "ceremony",
            lambda c: replace(
                c, verification_keys=(c.verification_keys[0], G, c.verification_keys[2])
            ),
        ),
    ),
    Fault(verification.POLL_HASH, bend("state", lambda s: replace(s, poll_hash=b"\1" * 32))),
    Fault(verification.TEXTS, poll(content="{}")),
    Fault(verification.TEXTS, poll(content=Content("Trees", "", ()).encoded)),
    Fault(verification.POLL_KEY, poll(key=G * Scalar(5), decrypted=False)),
    Fault(electoral_roll.ROLL, poll(total_weight=5)),
    Fault(electoral_roll.ROLL, at(OPENS - 1, poll(total_weight=5, ballots=()))),
    Fault(electoral_roll.ROLL, unrolled(NOBODY)),
    Fault(electoral_roll.ROLL, at(CLOSES, unrolled(NOBODY, WRONG))),
    Fault(ballot_box.MEMBERSHIP, poll(ballots=[FIRST, replace(SECOND, weight=2)])),
    Fault(ballot_box.TIMES, poll(ballots=[FIRST, replace(SECOND, time=CLOSES)])),
    Fault(ballot_box.TIMES, poll(ballots=[FIRST, replace(SECOND, time=OPENS - 1)])),
    Fault(ballot_box.REPLACEMENTS, poll(ballots=[FIRST, replace(SECOND, replaces=b"\1" * 32)])),
    Fault(
        ballot_box.REPLACEMENTS,
        poll(ballots=[FIRST, SECOND, replace(FIRST, scores=(0, 0, 1, 0, 0), replaces=bytes(32))]),
    ),
    Fault(ballots.TRACKERS, ballot_bent(lambda b: replace(b, tracker=b"\1" * 32))),
    Fault(ballots.SIGNATURES, poll(ballots=[FIRST, replace(SECOND, signer=voter(9))])),
    Fault(ballots.SIGNATURES, ballot_bent(lambda b: replace(b, r=b"\1" * 32))),
    Fault(ballots.SIGNATURES, ballot_bent(lambda b: replace(b, deadline=b.deadline + 1))),
    Fault(ballots.PROOFS, ballot_bent(lambda b: replace(b, words=flipped(b.words, CHALLENGE)))),
    Fault(verification.COUNTS, bend("state", lambda s: replace(s, voters=s.voters + 1))),
    Fault(verification.COUNTS, bend("state", lambda s: replace(s, weight=s.weight + 1))),
    Fault(verification.COUNTS, cancelled(UNDECRYPTED)),
    Fault(verification.SUMS, bend("state", lambda s: replace(s, sums=s.sums[::-1]))),
    Fault(
        result.SHARES,
        bend(
            "shares", lambda s: (replace(s[0], proof=replace(s[0].proof, response=Scalar(7))), s[1])
        ),
    ),
    Fault(result.SHARES, bend("shares", lambda s: (*s, s[0]))),
    Fault(result.SHARES, bend("shares", lambda s: (*s, replace(s[0], trustee=9)))),
    Fault(result.SHARES, at(CLOSES - 1, shares_alone(UNDECRYPTED))),
    Fault(result.SHARES, shares_alone(TOO_FEW)),
    Fault(result.SHARES, shares_alone(cancelled(NOBODY))),
    Fault(result.RESULT, bend("state", lambda s: replace(s, result=(1, 2, 1, 0, 0)))),
    Fault(result.RESULT, bend("state", lambda s: replace(s, result=(0, 3)))),
    Fault(result.RESULT, at(CLOSES - 1, result_alone(UNDECRYPTED))),
    Fault(result.RESULT, result_alone(TOO_FEW)),
    Fault(result.RESULT, result_alone(cancelled(NOBODY))),
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
    note = Report.note

    def blind(self: Report, name: str, holds: bool, detail: str) -> bool:  # noqa: FBT001
        return note(self, name, holds or name == check, detail)

    monkeypatch.setattr(Report, "note", blind)
    own = [each for each in FAULTS if each.check == check]
    assert own
    assert not any(failed(report_of(each.make())) for each in own)


# -- Faults that several checks see --


@pytest.mark.parametrize(
    ("make", "caught"),
    [
        (bend("ballots", lambda b: b[:-1]), verification.SUMS),
        (bend("ballots", lambda b: (b[0], *b[2:])), verification.COUNTS),
        (bend("ballots", lambda b: (*b, b[1])), ballot_box.REPLACEMENTS),
        (bend("ballots", lambda b: (b[3], *b[1:3], b[0])), ballot_box.REPLACEMENTS),
        (bend("rolls", lambda r: (r[0][:2],)), electoral_roll.ROLL),
        (bend("rolls", lambda r: ([*r[0], r[0][0]],)), electoral_roll.ROLL),
        (bend("rolls", lambda _: ([],)), electoral_roll.ROLL),
        (bend("rolls", lambda _: ()), electoral_roll.ROLL),
        (at(OPENS, unrolled(UNDECRYPTED)), electoral_roll.ROLL),
        (
            at(OPENS, unrolled(uncounted(UNDECRYPTED))),
            verification.COUNTS,
        ),
        (bend("definition", lambda d: replace(d, key=G)), verification.POLL_HASH),
        (bend("definition", lambda d: replace(d, closes=d.closes + 1)), verification.POLL_HASH),
        (bend("definition", lambda d: replace(d, content="{}")), verification.POLL_HASH),
        (ballot_bent(lambda b: replace(b, words=b.words[:-32])), ballots.PROOFS),
        (ballot_bent(lambda b: replace(b, words=flipped(b.words, 0))), ballots.PROOFS),
        (ballot_bent(lambda b: replace(b, words=b"")), ballots.PROOFS),
        (ballot_bent(lambda b: replace(b, voter=voter(8).address)), ballot_box.MEMBERSHIP),
        (ballot_bent(lambda b: replace(b, weight=2**255)), ballot_box.MEMBERSHIP),
        (bend("shares", lambda s: s[:1]), result.RESULT),
        (bend("ceremony", lambda c: replace(c, deals=c.deals[:2])), ceremony.DEALS),
        (bend("ceremony", lambda c: replace(c, key=G)), ceremony.KEYS),
        (bend("ceremony", lambda c: replace(c, verification_keys=())), ceremony.KEYS),
        (bend("ceremony", lambda c: replace(c, deals=())), ceremony.DEALS),
        (deals_bent(lambda d: replace(d, commitments=())), ceremony.KEYS),
        (deals_bent(lambda d: replace(d, commitments=d.commitments * 2)), ceremony.KEYS),
        (deals_bent(lambda d: replace(d, sealed=())), ceremony.DEALS),
        (bend("ceremony", lambda c: with_threshold(c, 0)), result.RESULT),
        (bend("ceremony", lambda c: with_threshold(c, 2**200)), ceremony.BOARD_HASH),
        (shares_bent(lambda s: replace(s, trustee=17)), result.SHARES),
        (shares_bent(lambda s: replace(s, trustee=0)), result.RESULT),
        (shares_bent(lambda s: replace(s, points=())), result.SHARES),
        (shares_bent(lambda s: replace(s, points=s.points[1:])), result.RESULT),
        (shares_bent(lambda s: replace(s, points=s.points * 2)), result.RESULT),
        (bend("state", lambda s: replace(s, result=(N, *s.result[1:]))), result.RESULT),
        (bend("state", lambda s: replace(s, result=(2**256 - 1, *s.result[1:]))), result.RESULT),
        (bend("state", lambda s: replace(s, result=s.result * 2)), result.RESULT),
        (bend("state", lambda s: replace(s, sums=())), verification.SUMS),
    ],
)
def test_fault_is_caught_by_the_check_that_should(make: Callable[[], Facts], caught: str) -> None:
    assert caught in failed(report_of(make()))


def test_many_replaced_ballots_are_taken_out_a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballot_box, "ASIDE", 0)
    monkeypatch.setattr(ballot_box, "FEW", 2)
    monkeypatch.setattr(ballot_box, "CHUNK", 1)
    many = [replace(FIRST, scores=[int(i == k % 5) for i in range(5)]) for k in range(6)]
    assert report_of(poll(ballots=[*many, SECOND])()).verdict == Verdict.PASS


def test_ballot_may_be_replaced_often() -> None:
    many = [replace(FIRST, scores=[int(i == k % 5) for i in range(5)]) for k in range(40)]
    assert failed(report_of(poll(ballots=[*many, SECOND])())) == []


# -- Before the end, and beyond it --


def test_poll_without_result_says_what_is_to_come() -> None:
    report = report_of(PaperPoll(decrypted=False).facts)
    assert report.verdict == Verdict.PENDING
    assert pending(report) == LATER


def pending(report: Report) -> list[str]:
    return [each.name for each in report if each.verdict == Verdict.PENDING]


@pytest.mark.parametrize("time", [OPENS - 1, OPENS, CLOSES - 1])
@pytest.mark.parametrize("published", [[], [(voter(0).address, 1)], WRONG, TWICE], ids=len)
def test_roll_that_is_not_there_is_to_come_while_nobody_has_voted(
    time: int, published: Sequence[tuple[str, int]]
) -> None:
    report = report_of(at(time, unrolled(NOBODY, published))())
    assert (failed(report), pending(report)) == ([], [electoral_roll.ROLL, *LATER])


def test_roll_is_there_if_any_reading_of_it_is_right(honest: Facts) -> None:
    (right,) = honest.rolls
    for readings in ([right], [right, TWICE], [TWICE, right], [WRONG, right]):
        report = report_of(unrolled(NOBODY, *readings)())
        assert report.verdict == Verdict.PASS


def test_shares_and_result_come_after_the_close() -> None:
    for facts in (
        at(CLOSES - 1, UNDECRYPTED)(),
        at(OPENS - 1, NOBODY)(),
        at(CLOSES, UNDECRYPTED)(),
    ):
        report = report_of(facts)
        assert (failed(report), pending(report)) == ([], LATER)


@pytest.mark.parametrize("make", [NOBODY, poll(ballots=[FIRST], decrypted=False)])
def test_void_poll_has_a_verdict(make: Callable[[], Facts]) -> None:
    found = verify(PaperEvidence(make()))
    assert (found.report.verdict, found.phase) == (Verdict.PASS, Phase.VOID)
    details = [each.detail for each in found.report if each.name in LATER]
    assert all("fewer than 2 voters took part" in each for each in details)


@pytest.mark.parametrize("time", [OPENS - 1, OPENS, CLOSES])
@pytest.mark.parametrize("make", [NOBODY, unrolled(NOBODY), unrolled(NOBODY, WRONG)])
def test_cancelled_poll_has_a_verdict(make: Callable[[], Facts], time: int) -> None:
    found = verify(PaperEvidence(cancelled(at(time, make))()))
    assert (found.report.verdict, found.phase) == (Verdict.PASS, Phase.CANCELLED)
    details = [each.detail for each in found.report if each.name in LATER]
    assert all("cancelled" in each for each in details)


@pytest.mark.parametrize(
    ("make", "phase"),
    [
        (at(OPENS - 1, NOBODY), Phase.SCHEDULED),
        (at(OPENS, NOBODY), Phase.OPEN),
        (at(CLOSES - 1, UNDECRYPTED), Phase.OPEN),
        (at(CLOSES, UNDECRYPTED), Phase.CLOSED),
        (at(CLOSES, NOBODY), Phase.VOID),
        (at(CLOSES, poll()), Phase.TALLIED),
        (cancelled(at(CLOSES, NOBODY)), Phase.CANCELLED),
    ],
)
def test_phase_follows_from_terms_state_and_time(make: Callable[[], Facts], phase: Phase) -> None:
    assert verify(PaperEvidence(make())).phase == phase


def test_many_ballots_are_counted_on_all_cores() -> None:
    ones = [PaperBallot(i, (0, 0, 0, 0, 1)) for i in range(300)]
    facts = PaperPoll(weights=[1] * 300, ballots=ones).facts
    seen: list[int] = []
    found = verify(PaperEvidence(facts), progress=seen.append)
    assert found.report.verdict == Verdict.PASS
    assert seen == sorted(seen)
    assert seen[-1] == 300
    bent = changed(
        facts, "ballots", lambda b: (*b[:-1], replace(b[-1], words=flipped(b[-1].words, CHALLENGE)))
    )
    assert failed(report_of(bent)) == [ballots.PROOFS]


def test_node_that_is_lost_is_no_verdict(honest: Facts) -> None:
    class Lost(PaperEvidence):
        def state(self) -> Any:
            raise NodeUnreachable("gone")

    with pytest.raises(NodeUnreachable):
        verify(Lost(honest))


def test_report_tells_faults_and_refuses_to_go_on() -> None:
    report = report_of(FAULTS[0].make())
    with pytest.raises(ChecksFailed, match="catalogue's code"):
        report.require()
    plain = report.to_plain()
    assert plain["verdict"] == "fail"
    first: Check = next(iter(report))
    assert plain["checks"][0] == {
        "name": first.name,
        "verdict": "fail",
        "detail": first.detail,
    }


def test_paper_is_like_a_chain() -> None:
    """The samples are honest by the library's own rules."""
    facts = PaperPoll().facts
    assert facts.definition.hash == facts.state.poll_hash
    assert facts.definition.texts == paper_polls.TREES
