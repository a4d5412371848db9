"""What a board can be, and that its hash covers all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from brownie import TrusteeBoard, accounts, chain

from attacks.words import bad_points
from support.boards import now, words
from support.catalogues import create_catalogue
from support.ceremonies import Ceremony
from support.harnesses import Call
from veche.chain import arguments
from veche.crypto.group import G, Scalar
from veche.protocol.board import BoardDefinition, BoardTerms, TrusteeTerms

LONGEST = (24_531 // 32 - 20) * 32
"""Maximum bytes of the texts of a board of three trustees: a contract's code has a limit, and all
else takes 20 words of it."""

Change = Callable[[BoardTerms], BoardTerms]


@pytest.fixture(scope="module")
def catalogue() -> Any:
    return create_catalogue(accounts[0])


@pytest.fixture
def refused(catalogue: Any, fails_with: Any) -> Any:
    """Asserts that no board is convened with these terms, by this name and with these values."""

    def check(terms: BoardTerms | list[Any], name: str, values: tuple[Any, ...]) -> None:
        given = arguments.board_terms(terms) if isinstance(terms, BoardTerms) else terms
        fails_with(name, values, catalogue.convene, given, sender=accounts[0])

    return check


def terms() -> BoardTerms:
    return Ceremony().terms(now())


def trustees(count: int) -> tuple[TrusteeTerms, ...]:
    return tuple(TrusteeTerms(f"0x{at:040x}", G * Scalar(at)) for at in range(1, count + 1))


def convened(catalogue: Any, given: BoardTerms) -> Any:
    receipt = catalogue.convene(arguments.board_terms(given), {"from": accounts[0]}, silent=True)
    return TrusteeBoard.at(receipt.events["BoardConvened"]["board"])


# -- Impossible ones --


@pytest.mark.parametrize(
    "size", [(0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (2, 4), (3, 2), (9, 17), (8, 16), (2**255, 3)]
)
def test_convene_fails_if_threshold_is_impossible(refused: Any, size: tuple[int, int]) -> None:
    threshold, count = size
    given = replace(terms(), threshold=threshold, trustees=trustees(count))
    refused(given, "InvalidThreshold", size)


@pytest.mark.parametrize("size", [(2, 2), (2, 3), (3, 3), (9, 16), (16, 16)])
def test_convene_accepts_any_threshold_without_two_quorums(
    catalogue: Any, call: Call, size: tuple[int, int]
) -> None:
    threshold, count = size
    given = replace(terms(), threshold=threshold, trustees=trustees(count))
    call(catalogue.convene, arguments.board_terms(given), sender=accounts[0])


@pytest.mark.parametrize("fewest", [0, 1])
def test_convene_fails_if_one_ballot_would_do(refused: Any, fewest: int) -> None:
    refused(replace(terms(), min_voters=fewest), "InvalidMinVoters", (fewest,))


@pytest.mark.parametrize("deadlines", [(0, 1000), (-1, 1000), (1000, 1000), (2000, 1000), (-2, -1)])
def test_convene_fails_if_deadlines_are_impossible(
    refused: Any, deadlines: tuple[int, int]
) -> None:
    time = now()
    deal_by, confirm_by = (time + each for each in deadlines)
    given = replace(terms(), deal_by=deal_by, confirm_by=confirm_by)
    refused(given, "InvalidDeadlines", (time, deal_by, confirm_by))


@pytest.mark.parametrize("at", [0, 1, 2])
def test_convene_fails_if_an_account_is_zero(refused: Any, at: int) -> None:
    given = arguments.board_terms(terms())
    given[4][at][0] = nobody = "0x" + 40 * "0"
    refused(given, "InvalidAccount", (nobody,))


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 2), (1, 2)])
def test_convene_fails_if_an_account_repeats(refused: Any, first: int, second: int) -> None:
    given = arguments.board_terms(terms())
    given[4][second][0] = twice = given[4][first][0]
    refused(given, "InvalidAccount", (twice.lower(),))


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 2), (1, 2)])
def test_convene_fails_if_a_sealing_key_repeats(refused: Any, first: int, second: int) -> None:
    key = terms().trustees[first].sealing_key
    for twin in (words(key), words(-key)):
        given = arguments.board_terms(terms())
        given[4][second][1] = list(twin)
        refused(given, "DuplicateSealingKey", twin)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("wrong", bad_points().values(), ids=bad_points())
def test_convene_fails_if_a_sealing_key_is_no_point(
    refused: Any, at: int, wrong: tuple[int, int]
) -> None:
    given = arguments.board_terms(terms())
    given[4][at][1] = list(wrong)
    refused(given, "InvalidPoint", wrong)


def test_convene_fails_if_there_are_no_texts(refused: Any) -> None:
    refused(replace(terms(), content=""), "EmptyContent", ())


def test_convene_fails_if_the_texts_do_not_fit_into_code(catalogue: Any, refused: Any) -> None:
    """They are a part of the board's code, which has its limit."""
    refused(replace(terms(), content="w" * (LONGEST + 1)), "CloneArgumentsTooLong", ())
    board = convened(catalogue, replace(terms(), content="w" * LONGEST))
    assert board.content() == "w" * LONGEST


def test_first_fault_is_named(refused: Any) -> None:
    """Threshold, minimum of voters, deadlines, texts, then the trustees in their order: of each,
    that it has an account, that its key is a point, that no earlier trustee has either."""
    time, nobody = now(), "0x" + 40 * "0"
    given = arguments.board_terms(replace(terms(), threshold=1, min_voters=1, content=""))
    given[2] = time
    given[4] = [[nobody, [0, 0]], given[4][1], [given[4][1][0], [0, 1]]]
    refused(given, "InvalidThreshold", (1, 3))
    given[0] = 2
    refused(given, "InvalidMinVoters", (1,))
    given[1] = 2
    refused(given, "InvalidDeadlines", (time, time, given[3]))
    given[2] = time + 1
    refused(given, "EmptyContent", ())
    given[5] = "w"
    refused(given, "InvalidAccount", (nobody,))
    given[4][0][0] = str(accounts[7])
    refused(given, "InvalidPoint", (0, 0))
    given[4][0][1] = list(words(G))
    refused(given, "InvalidPoint", (0, 1))
    given[4][2][1] = given[4][1][1]
    refused(given, "InvalidAccount", (given[4][1][0].lower(),))
    given[4][2][0] = str(accounts[8])
    refused(given, "DuplicateSealingKey", tuple(given[4][1][1]))


# -- The hash --


def _first_trustee(**change: Any) -> Change:
    def change_it(given: BoardTerms) -> BoardTerms:
        first, *others = given.trustees
        return replace(given, trustees=(replace(first, **change), *others))

    return change_it


CHANGES: dict[str, Change] = {
    "nothing": lambda given: given,
    "threshold": lambda given: replace(given, threshold=3),
    "minimum of voters": lambda given: replace(given, min_voters=3),
    "deadline for deals": lambda given: replace(given, deal_by=given.deal_by - 1),
    "deadline for confirmations": lambda given: replace(given, confirm_by=given.confirm_by + 1),
    "texts": lambda given: replace(given, content=given.content + " "),
    "account": _first_trustee(account="0x" + 40 * "1"),
    "sealing key": _first_trustee(sealing_key=G),
    "opposite sealing key": _first_trustee(sealing_key=-G),
    "order": lambda given: replace(given, trustees=given.trustees[::-1]),
    "one trustee less": lambda given: replace(given, trustees=given.trustees[:2]),
}


@pytest.fixture(scope="module")
def hashes(catalogue: Any) -> dict[str, tuple[bytes, bytes]]:
    """The hash by the contract and by Python, of every change. All boards have one address: each is
    convened in place of the one before.
    """
    base, found, addresses = terms(), {}, set()
    for name, change in CHANGES.items():
        given = change(base)
        chain.snapshot()
        board = convened(catalogue, given)
        definition = BoardDefinition(chain.id, board.address, given)
        found[name] = bytes(board.boardHash()), definition.hash
        addresses.add(board.address)
        chain.revert()
    assert len(addresses) == 1
    return found


@pytest.mark.parametrize("name", CHANGES)
def test_hash_is_the_definitions(hashes: dict[str, tuple[bytes, bytes]], name: str) -> None:
    by_contract, by_python = hashes[name]
    assert by_contract == by_python


def test_hash_covers_all_terms(hashes: dict[str, tuple[bytes, bytes]]) -> None:
    assert len({by_contract for by_contract, _ in hashes.values()}) == len(CHANGES)


def test_boards_with_the_same_terms_have_different_hashes(catalogue: Any) -> None:
    given = terms()
    first, second = convened(catalogue, given), convened(catalogue, given)
    assert first.address != second.address
    assert first.boardHash() != second.boardHash()
