"""What is deployed, noted per network."""

from __future__ import annotations

from pathlib import Path
from time import sleep

import pytest

from support import forks
from veche.errors import InvalidFile, NotDeployed, WrongNetwork
from veche.files import deployments
from veche.files.deployments import of_chain, of_network

GENESIS, OTHER = "0x" + "aa" * 32, "0x" + "bb" * 32
CATALOGUE = "0x" + "11" * 20


def test_what_is_noted_is_found_by_network_and_by_chain(tmp_path: Path) -> None:
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)
    noted.catalogue = CATALOGUE
    noted.boards["spring"] = CATALOGUE
    noted.save()
    assert of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path) == noted
    assert of_chain(chain_id=7, genesis=GENESIS, folder=tmp_path) == noted
    assert noted.require_catalogue() == noted.board("spring") == CATALOGUE


def test_finding_fails_if_nothing_is_noted(tmp_path: Path) -> None:
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)
    with pytest.raises(NotDeployed, match="deploy it first"):
        noted.require_catalogue()
    with pytest.raises(NotDeployed, match="spring"):
        noted.board("spring")
    with pytest.raises(NotDeployed):
        of_chain(chain_id=7, genesis=GENESIS, folder=tmp_path)


def test_opening_fails_if_the_network_is_another_chain(tmp_path: Path) -> None:
    of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path).save()
    with pytest.raises(
        WrongNetwork, match=r"city\.json belongs to chain 7, and the node is on chain 8"
    ):
        of_network("city", chain_id=8, genesis=GENESIS, folder=tmp_path)


@pytest.mark.parametrize(
    ("genesis", "codes", "kept"),
    [(GENESIS, {CATALOGUE}, CATALOGUE), (OTHER, {CATALOGUE}, None), (GENESIS, set(), None)],
)
def test_embedded_chain_that_is_gone_leaves_nothing(
    tmp_path: Path, genesis: str, codes: set[str], kept: str | None
) -> None:
    noted = of_network("anvil", chain_id=31337, genesis=GENESIS, folder=tmp_path)
    noted.catalogue = CATALOGUE
    noted.save()
    found = of_network(
        "anvil", chain_id=31337, genesis=genesis, folder=tmp_path, has_code=codes.__contains__
    )
    assert found.catalogue == kept
    with found.alone():
        assert found.catalogue == kept


def test_lasting_network_is_never_given_up(tmp_path: Path) -> None:
    of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path).save()
    with pytest.raises(WrongNetwork, match="first block"):
        of_network("city", chain_id=7, genesis=OTHER, folder=tmp_path)
    kept = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)
    assert kept.genesis == GENESIS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"chain_id": 7, "genesis": "", "extra": 1}',
        '{"chain_id": 7, "genesis": "", "has_code": null}',
        '{"chain_id": 7, "genesis": "", "path": "city.json"}',
        '{"chain_id": 7, "genesis": "", "catalogue": 7}',
        '{"chain_id": 7, "genesis": "", "catalogue": "0x12"}',
        '{"chain_id": 7, "genesis": "", "boards": []}',
        '{"chain_id": 7, "genesis": "", "boards": {"spring": null}}',
        '{"chain_id": 7, "genesis": "", "pending": {"board spring": "0x12"}}',
        '{"chain_id": 7, "chain_id": 8, "genesis": ""}',
        '{"chain_id": 7, "genesis": "", "boards": NaN}',
        "[" * 1_000_000,
        '{"boards": ' * 300_000,
        " " * (deployments.MAX_BYTES + 1),
    ],
    ids=lambda text: text[:80].strip(),
)
def test_opening_fails_if_the_file_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "city.json").write_text(text)
    with pytest.raises(InvalidFile):
        of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)


def test_files_stand_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    noted = of_network("city", chain_id=7, genesis=GENESIS)
    with noted.alone():
        noted.save()
    assert (tmp_path / deployments.FOLDER / "city.json").exists()


# -- Several runs at once --

BOARDS = 40


def note_boards(folder: Path, name: str) -> None:
    """The work of a run: it notes boards one by one."""
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=folder)
    for number in range(BOARDS):
        with noted.alone():
            noted.boards[f"{name} {number}"] = CATALOGUE
            noted.save()


def test_what_runs_note_at_once_is_all_there(tmp_path: Path) -> None:
    runs = [forks.start(note_boards, tmp_path, name) for name in ("spring", "autumn")]
    for each in runs:
        each.join()
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)
    named = [f"{name} {number}" for name in ("spring", "autumn") for number in range(BOARDS)]
    assert sorted(noted.boards) == sorted(named)


def test_run_that_is_killed_loses_nothing_and_bars_nobody(tmp_path: Path) -> None:
    run = forks.start(note_boards, tmp_path, "spring")
    path = tmp_path / "city.json"
    while not path.exists():
        sleep(0.001)
    run.kill()
    run.join()
    note_boards(tmp_path, "autumn")
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)
    spring = [each for each in noted.boards if each.startswith("spring")]
    assert spring == [f"spring {number}" for number in range(len(spring))] != []
    assert len(noted.boards) == len(spring) + BOARDS


def test_run_that_waits_for_another_is_told_so(tmp_path: Path) -> None:
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)
    said: list[str] = []
    with noted.alone(on_wait=lambda: said.append("waits")):
        run = forks.start(note_told, tmp_path)
        while not (tmp_path / "told").exists():
            sleep(0.001)
        assert run.is_alive()
    run.join()
    assert (run.exitcode, said) == (0, [])


def note_told(folder: Path) -> None:
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=folder)
    with noted.alone(on_wait=(folder / "told").touch):
        pass


def test_file_that_has_become_that_of_another_network_is_not_written_over(tmp_path: Path) -> None:
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)
    of_network("city", chain_id=7, genesis=OTHER, folder=tmp_path, has_code=bool).save()
    with pytest.raises(WrongNetwork), noted.alone():
        pass
    assert OTHER in (tmp_path / "city.json").read_text()


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    noted = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path / "plain")
    with pytest.raises(InvalidFile, match="cannot be written"), noted.alone():
        pass
