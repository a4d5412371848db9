"""Where contracts come from: what the contracts themselves cannot show, an address proves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from brownie import Poll, PollCatalogue, TrusteeBoard, accounts, web3
from brownie.exceptions import VirtualMachineError

from attacks.init_code import Forgery, clone
from support.boards import Board, point
from support.catalogues import create_catalogue, created, creation, shared_code
from support.ceremonies import Ceremony
from support.forged_contracts import TRACKER, forged_board, forged_catalogue, forged_poll
from support.handmade import code_at, copy_of, deploy, forger, next_address
from support.polls import CONTENT, ID, OPEN, Polling, ready_board, voter
from veche.chain.board_contract import BoardContract
from veche.chain.catalogue_contract import CatalogueContract
from veche.chain.creation import DEPLOYER, DEPLOYER_CODE, DEPLOYER_CREATION
from veche.chain.embedded import EmbeddedChain
from veche.chain.evidence import block_mark, read_ceremony, read_root
from veche.crypto.discrete_log import discrete_log
from veche.crypto.group import G, N, Scalar
from veche.trust import ceremony as trust
from veche.trust.foundation import check_board
from veche.trust.provenance import (
    BOARD_CODE,
    CATALOGUE,
    NO_SALT,
    POLL_CODE,
    TALLY_CODE,
    Origin,
    Root,
    catalogue_address,
    create2,
    fault_in_origin,
    faults_in_root,
)
from veche.trust.report import Report, Verdict

READY = 2

ReadRoot = Callable[[Any], Root]


@pytest.fixture
def root_of(embedded: EmbeddedChain) -> ReadRoot:
    """Everything that a catalogue's address is the hash of, as clients read it."""
    return lambda catalogue: read_root(CatalogueContract(embedded.node, str(catalogue)))


def faulty(root: Root) -> list[str]:
    """The checks of a root that fail."""
    return [name for name, fault in faults_in_root(root).items() if fault]


def own_deployer() -> str:
    """A deployer of somebody's own, with the published code."""
    receipt = accounts[6].transfer(data="0x" + DEPLOYER_CREATION.hex(), silent=True)
    address = str(receipt.contract_address)
    assert code_at(address) == DEPLOYER_CODE
    return address


@pytest.fixture(params=["the usual", "our own"])
def deployer(request: pytest.FixtureRequest) -> str:
    return DEPLOYER if request.param == "the usual" else own_deployer()


# -- Addresses --


def test_address_of_a_catalogue_proves_how_it_was_created(root_of: ReadRoot, deployer: str) -> None:
    owner, salt = accounts[3], b"proven".rjust(32, b"\0")
    code = creation(owner, salt, deployer=deployer)
    catalogue = PollCatalogue.at(created(code, salt=salt, deployer=deployer))
    polls, boards = (shared_code(each, deployer=deployer) for each in (Poll, TrusteeBoard))
    assert catalogue.address == catalogue_address(
        deployer, salt, first_owner=str(owner), poll_code=polls, board_code=boards
    )
    assert (catalogue.deployer(), bytes(catalogue.salt())) == (deployer, salt)
    assert (catalogue.firstOwner(), catalogue.owner()) == (owner, owner)
    assert (catalogue.pollCode(), catalogue.boardCode()) == (polls, boards)
    assert catalogue.bornAt() == web3.eth.block_number
    assert not faulty(root_of(catalogue))


def test_address_still_proves_it_when_the_catalogue_has_another_owner(root_of: ReadRoot) -> None:
    catalogue = create_catalogue(accounts[3])
    catalogue.transferOwnership(accounts[4], {"from": accounts[3]})
    catalogue.acceptOwnership({"from": accounts[4]})
    assert (catalogue.firstOwner(), catalogue.owner()) == (accounts[3], accounts[4])
    assert not faulty(root_of(catalogue))


def test_catalogue_is_created_once(deployer: str) -> None:
    owner, salt = accounts[3], b"once".rjust(32, b"\0")
    code = creation(owner, salt, deployer=deployer)
    data = "0x" + (salt + code).hex()
    web3.eth.call({"to": deployer, "data": data})
    catalogue = PollCatalogue.at(created(code, salt=salt, deployer=deployer))
    board = Board(Ceremony(), official=owner, catalogue=catalogue)
    with pytest.raises(ValueError, match="execution reverted"):
        web3.eth.call({"to": deployer, "data": data})
    with pytest.raises(VirtualMachineError):
        accounts[0].transfer(deployer, data=data, gas_limit=10**7, silent=True)
    assert catalogue.isOfficialBoard(board.contract)


def test_other_arguments_give_another_address() -> None:
    honest: dict[str, Any] = {
        "deployer": DEPLOYER,
        "salt": NO_SALT,
        "first_owner": str(accounts[0]),
        "poll_code": shared_code(Poll),
        "board_code": shared_code(TrusteeBoard),
    }
    changes = {**dict.fromkeys(honest, str(accounts[1])), "salt": b"\1" * 32}
    found = {catalogue_address(**honest)}
    found |= {catalogue_address(**{**honest, name: other}) for name, other in changes.items()}
    assert len(found) == 1 + len(honest)
    code = creation(accounts[0], NO_SALT)
    assert catalogue_address(**honest) == create2(DEPLOYER, NO_SALT, code)
    assert create2(DEPLOYER, NO_SALT, code + b"\0") not in found


def test_catalogue_needs_an_owner(fails_with: Any) -> None:
    nobody = "0x" + 40 * "0"
    codes = shared_code(Poll), shared_code(TrusteeBoard)
    deploy_it = PollCatalogue.deploy
    fails_with(
        "OwnableInvalidOwner", (nobody,), deploy_it, nobody, *codes, NO_SALT, sender=accounts[0]
    )


# -- Published code, created in another way --


def test_catalogue_without_a_deployer_is_found_out(root_of: ReadRoot) -> None:
    codes = shared_code(Poll), shared_code(TrusteeBoard)
    catalogue = PollCatalogue.deploy(accounts[0], *codes, NO_SALT, {"from": accounts[0]})
    assert catalogue.deployer() == accounts[0]
    assert faulty(root_of(catalogue)) == [CATALOGUE, POLL_CODE, BOARD_CODE]


def test_catalogue_that_names_another_salt_is_found_out(root_of: ReadRoot) -> None:
    code = creation(accounts[0], b"\2" * 32)
    catalogue = created(code, salt=b"\3" * 32)
    assert faulty(root_of(catalogue)) == [CATALOGUE]


@pytest.mark.parametrize(
    ("at", "check"), [(0, POLL_CODE), (1, BOARD_CODE)], ids=["polls", "boards"]
)
def test_catalogue_with_other_code_of_polls_or_boards_is_found_out(
    root_of: ReadRoot, at: int, check: str
) -> None:
    """Its own address is in order. What its boards or polls do is not known.

    Code that its constructor did not make names what counts polls, which another code has made.
    """
    contract = (Poll, TrusteeBoard)[at]
    honest, creation_code = shared_code(contract), bytes.fromhex(contract.bytecode)
    patched = bytes([*code_at(honest)[:-1], code_at(honest)[-1] ^ 1])
    others = {
        "a copy": copy_of(honest),
        "a patched copy": deploy(Forgery(patched)),
        "by another deployer": shared_code(contract, deployer=own_deployer()),
        "with another salt": created(creation_code, salt=b"\4" * 32),
        "with a word behind its creation code": created(creation_code + bytes(32)),
        "nothing at all": str(accounts[9]),
    }
    for name, address in others.items():
        codes = [shared_code(Poll), shared_code(TrusteeBoard)]
        codes[at] = address
        data = PollCatalogue.deploy.encode_input(accounts[0], *codes, NO_SALT)
        catalogue = created(bytes.fromhex(data.removeprefix("0x")))
        copied = contract is Poll and name in {"a copy", "a patched copy", "nothing at all"}
        assert faulty(root_of(catalogue)) == [check, *[TALLY_CODE] * copied], name


# -- Published code, with a state that somebody has written --


@pytest.fixture
def honest() -> Board:
    """A board that its trustees have made."""
    return ready_board()


def secret_of(board: Board) -> Scalar:
    """The secret of a board's key, if somebody knows all its polynomials."""
    return Scalar(sum(each.secret.reveal().value for each in board.ceremony.polynomials) % N)


def origin_of(board: Any, catalogue: Any) -> Origin:
    """Where a board comes from, by a catalogue."""
    return Origin(board.address, code_at(board), catalogue.isOfficialBoard(board))


def test_forged_board_is_like_an_honest_one(honest: Board, embedded: EmbeddedChain) -> None:
    """Its code, its terms, its hash, its deals; only the key is the forger's."""
    forged = forged_board(honest)
    found, real = forged.contract, honest.contract
    assert code_at(found) == code_at(real)
    assert (found.phase(), found.failure(), found.catalogue()) == (READY, 0, real.catalogue())
    assert bytes(found.boardHash()) == forged.definition.hash
    assert [found.trustee(index) for index in (1, 2, 3)] == [real.trustee(i) for i in (1, 2, 3)]
    assert point(found.key()) == G * secret_of(forged) != point(real.key())
    BoardContract(embedded.node, found.address).require_published()


def test_forged_board_is_found_out_by_its_catalogue(
    honest: Board, root_of: ReadRoot, fails_with: Any
) -> None:
    forged, catalogue = forged_board(honest), honest.catalogue
    root = root_of(catalogue)
    assert not faulty(root)
    assert not fault_in_origin(origin_of(honest.contract, catalogue), root, root.boards)
    fault = fault_in_origin(origin_of(forged.contract, catalogue), root, root.boards)
    assert f"did not make {forged.contract.address}" in fault
    _, *terms = Polling(honest).terms()
    address, publish = forged.contract.address, catalogue.publish
    values = (address.lower(),)
    fails_with(
        "UnknownBoard", values, publish, ID, [address, *terms], CONTENT, sender=honest.official
    )


def test_forged_board_is_found_out_by_its_signatures(
    honest: Board, root_of: ReadRoot, embedded: EmbeddedChain
) -> None:
    """Also where a catalogue lies: what nobody signed cannot be written into a log."""
    forged = forged_board(honest)
    verdicts = []
    for board in (honest, forged):
        report, node = Report(), embedded.node
        contract = BoardContract(node, board.contract.address)
        ceremony = read_ceremony(contract, block_mark(node.block()))
        root, origin = root_of(honest.catalogue), origin_of(board.contract, honest.catalogue)
        check_board(root, replace(origin, is_official=True), report)
        trust.check_ceremony(ceremony, report)
        verdicts.append([each.name for each in report if each.verdict == Verdict.FAIL])
    assert verdicts == [[], [trust.DEALS, trust.CONFIRMATIONS]]


def test_forged_catalogue_is_found_out_by_its_address(honest: Board, root_of: ReadRoot) -> None:
    """All else is in order: its code, what it says of its creation, and that it made the board.
    Polls are published there, and the forger reads every ballot while they are open.
    """
    forged = forged_board(honest)
    real = honest.catalogue
    forged.catalogue = forged_catalogue(real, boards=[forged.contract.address])
    forged.official = forger()
    assert code_at(forged.catalogue) == code_at(real)
    poll = Polling(forged)
    assert forged.catalogue.isOfficial(poll.contract)

    root = root_of(forged.catalogue)
    fault = faults_in_root(root)[CATALOGUE]
    assert f"is at {real.address} and not at {forged.catalogue.address}" in fault
    assert faulty(root) == [CATALOGUE]
    assert not fault_in_origin(origin_of(forged.contract, forged.catalogue), root, root.boards)


def test_forger_reads_the_ballots_of_a_forged_board(honest: Board, at_time: Any) -> None:
    """What is at stake."""
    forged = forged_board(honest)
    forged.catalogue = forged_catalogue(honest.catalogue, boards=[forged.contract.address])
    forged.official = forger()
    poll = Polling(forged)
    at_time(poll.opens)
    poll.cast(poll.vote(0, (0, 1, 0)))
    secret = secret_of(forged)
    opened = [discrete_log(each.b - each.a * secret, 1) for each in poll.sums()]
    assert opened == [0, 1, 0]


@pytest.mark.parametrize("named", ["the real catalogue", "a forged catalogue"])
def test_forged_poll_is_found_out(
    honest: Board, root_of: ReadRoot, at_time: Any, fails_with: Any, named: str
) -> None:
    """A poll in which a voter is said to have voted: that voter never will."""
    catalogue, model = honest.catalogue, Polling(honest)
    if named == "a forged catalogue":
        catalogue = forged_catalogue(catalogue, polls=[next_address(1)])
    poll = forged_poll(model, catalogue=catalogue, victim=voter(2).address)
    contract = poll.contract
    at_time(poll.opens)
    assert (contract.phase(), contract.catalogue()) == (OPEN, catalogue.address)
    assert (bytes(contract.pollHash()), contract.content()) == (poll.hash, poll.content)

    poll.cast_batch([poll.vote(0, (1, 0, 0)), poll.vote(1, (1, 0, 0))])
    assert contract.voterCount() == 2
    vote = poll.vote(2, (0, 0, 1)).arguments()
    values = (TRACKER, bytes(32))
    fails_with("WrongTracker", values, contract.cast, *vote, sender=accounts[9])

    root = root_of(catalogue)
    origin = Origin(contract.address, code_at(contract), catalogue.isOfficial(contract))
    fault = fault_in_origin(origin, root, root.polls)
    if named == "a forged catalogue":
        assert (faulty(root), fault) == ([CATALOGUE], "")
    else:
        assert f"did not make {contract.address}" in fault


def test_clone_of_other_code_is_found_out(honest: Board, root_of: ReadRoot) -> None:
    """Whatever a lying node says of it."""
    root, real = root_of(honest.catalogue), code_at(honest.contract)
    for code in (
        clone(root.polls.address, real[45:]),
        clone(str(forger()), real[45:]),
        code_at(root.boards.address),
        real[:-1][:44],
        b"",
    ):
        origin = Origin(honest.contract.address, code, is_official=True)
        assert "a clone of" in fault_in_origin(origin, root, root.boards)
