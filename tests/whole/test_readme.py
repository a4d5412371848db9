"""The code of README and developers' guide, run as it is printed."""

from __future__ import annotations

import asyncio
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount

import veche
from support.commands import Shell
from support.elections import Town
from veche import Poll, SignedBallot
from veche.errors import InvalidDocument, WrongNetwork, WrongPoll
from veche.files.poll import read_poll
from veche.protocol import link
from veche.protocol.content import Choice

ROOT = Path(__file__).parents[2]
CHOICES: dict[str, Choice] = {
    "Which tree?": ["Oak"],
    "How shall we share out the money for the square?": {"Fountain": 10},
}


def blocks(page: str) -> list[str]:
    """The Python code of a page that speaks to a chain."""
    found = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    return [each for each in found if "veche.crypto" not in each]


def filled_in(code: str, town: Town, poll: Poll, account: LocalAccount) -> str:
    """The code with this poll where the page leaves places open."""
    code = code.replace("http://127.0.0.1:8545", town.url)
    code = code.replace("veche:0x…@1#0x…", str(link.of(poll.definition)))
    code = code.replace(
        'poll("0x…", expect="0x…")', f'poll("{poll.address}", expect="0x{poll.hash.hex()}")'
    )
    return code.replace('"0x…"', f'"{account.address}"')


@pytest.fixture(scope="module")
def poll(town: Town) -> Poll:
    file = read_poll(ROOT / "examples" / "poll.toml")
    return town.open_poll("readme", file.content, file.questions)


def test_readme(town: Town, poll: Poll, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("README.md")
    account = town.voters[0]
    names: dict[str, Any] = {"account": account}
    exec(filled_in(code, town, poll, account), names)  # noqa: S102  # our own page
    tracker = names["receipt"].tracker
    assert capsys.readouterr().out.splitlines() == ["Trees for Oak Street open 0", tracker.hex()]
    assert poll.tracker(account.address) == tracker
    assert names["poll"].result() is None


def test_developers_guide(town: Town, poll: Poll, capsys: pytest.CaptureFixture[str]) -> None:
    reading, proving, voting, *_ = blocks("docs/guides/developer.md")
    account = town.voters[1]
    proof = veche.RollProof.of(poll.roll, poll.definition, account.address).to_json()
    names: dict[str, Any] = {"account": account, "text": proof}
    code = filled_in(reading + proving + voting, town, poll, account)
    exec(code, names)  # noqa: S102  # our own page
    tracker = names["receipt"].tracker
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == "Which tree? ('Lime', 'Oak', 'Maple')"
    assert printed[-1] == tracker.hex()
    assert poll.tracker(account.address) == tracker


def test_many_ballots_are_carried_as_the_guide_says(
    town: Town, poll: Poll, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, _, carrying, *_ = blocks("docs/guides/developer.md")
    account = town.voters[2]
    document = poll.prepare(CHOICES, voter=account.address).sign(account).to_json()
    names = {"veche": veche, "payer": town.official, "poll": poll, "document": document}
    exec(filled_in(carrying, town, poll, account), names)  # noqa: S102  # our own page
    assert capsys.readouterr().out.startswith("first cast CastReceipt(")
    assert poll.tracker(account.address)


def test_ballot_is_cast_in_asyncio_as_the_guide_says(town: Town, poll: Poll) -> None:
    *_, awaiting, _ = blocks("docs/guides/developer.md")
    account = town.voters[3]
    signed = poll.prepare(CHOICES, voter=account.address).sign(account)
    names: dict[str, Any] = {"asyncio": asyncio, "poll": poll, "signed": signed, "account": account}
    own = awaiting.replace('relay="https://relay.example.org"', "payer=account")  # none runs here
    body = textwrap.indent(own, "    ")
    exec(f"async def cast():\n{body}    return receipt", names)  # noqa: S102  # our own page
    assert asyncio.run(names["cast"]()).tracker == poll.tracker(account.address)


def test_ballots_are_carried_as_the_guide_says(town: Town, poll: Poll) -> None:
    account = town.poor
    signed = poll.prepare(CHOICES, voter=account.address).sign(account)
    carried = SignedBallot.from_json(signed.to_json())
    (receipt,) = poll.cast_batch([carried], payer=town.official)
    assert not isinstance(receipt, Exception)
    assert poll.tracker(account.address) == receipt.tracker


def test_result_is_shown_as_the_page_says(town: Town, shell: Shell) -> None:
    """Every line of the page, in its order. Where the page has …, there is more."""
    file = read_poll(ROOT / "examples" / "poll.toml")
    weights = {0: 3, 1: 2, 2: 2}
    poll = town.publish(
        "oak-street-trees", file.content, file.questions, weights=weights, closes_in=1_000
    )
    town.embedded.at_time(poll.definition.opens)
    for voter, (tree, bench, fountain) in enumerate(
        [("Lime", 0, 10), ("Lime", 1, 4), ("Oak", 2, 0), ("Lime", 1, 3), ("Maple", 3, 5)]
    ):
        money = {"Fountain": fountain, "Playground": 10 - fountain}
        questions = [each.text for each in file.content]
        benches = [file.content.questions[1].options[bench]]
        town.cast(poll, voter, dict(zip(questions, (tree, benches, money), strict=True)))
    town.close(poll)
    town.tally(poll)
    (block,) = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    command, *printed = block.splitlines()
    assert command == "$ veche results 'veche:0x…@1#0x…'"
    ended = shell.veche("results", link.of(poll.definition), COLUMNS="80").out
    ended = ended.replace(town.url, "http://127.0.0.1:8545")
    rest = iter([line.strip() for line in ended.splitlines()])
    for line in filter(None, map(str.strip, printed)):
        pattern = re.escape(line).replace("…", ".*")
        assert any(re.fullmatch(pattern, each) for each in rest), (line, ended)


# -- After the close, to which the clock is turned --


def test_poll_is_verified_and_kept_as_the_guide_says(
    town: Town, tallied: Poll, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, verifying = blocks("docs/guides/developer.md")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"veche": veche, "chain": town.chain, "poll": tallied}
    exec(verifying, names)  # noqa: S102  # our own page
    found, again = names["verification"], names["again"]
    assert found.report.verdict == again.report.verdict == veche.Verdict.PASS
    assert found.result == again.result == tallied.result()


def test_poll_is_found_by_its_link_and_no_other_is(town: Town, poll: Poll, tallied: Poll) -> None:
    own = link.of(poll.definition)
    assert town.chain.poll(f"<{own}>.").address == poll.address
    assert town.chain.poll(str(own), expect=poll.hash).hash == poll.hash
    for wrong in (own._replace(address=tallied.address), own._replace(poll_hash=bytes(32))):
        with pytest.raises(WrongPoll):
            town.chain.poll(str(wrong))
    with pytest.raises(WrongPoll, match="but you were told of"):
        town.chain.poll(str(own), expect=tallied.hash)
    with pytest.raises(WrongNetwork):
        town.chain.poll(str(own._replace(chain_id=1)))
    with pytest.raises(InvalidDocument):
        town.chain.poll(str(own)[:-1])
