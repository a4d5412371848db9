"""What is deployed, noted per network."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    with pytest.raises(NotDeployed, match="deploy_catalogue"):
        noted.require_catalogue()
    with pytest.raises(NotDeployed, match="spring"):
        noted.board("spring")
    with pytest.raises(NotDeployed):
        of_chain(chain_id=7, genesis=GENESIS, folder=tmp_path)


def test_opening_fails_if_the_network_is_another_chain(tmp_path: Path) -> None:
    of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path).save()
    with pytest.raises(WrongNetwork):
        of_network("city", chain_id=8, genesis=GENESIS, folder=tmp_path)


def test_embedded_chain_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    noted = of_network("anvil", chain_id=31337, genesis=GENESIS, folder=tmp_path)
    noted.catalogue = CATALOGUE
    noted.save()
    assert of_network("anvil", chain_id=31337, genesis=OTHER, folder=tmp_path).catalogue is None


def test_lasting_network_is_never_given_up(tmp_path: Path) -> None:
    of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path).save()
    with pytest.raises(WrongNetwork, match="first block"):
        of_network("city", chain_id=7, genesis=OTHER, folder=tmp_path, lasting=True)
    kept = of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path, lasting=True)
    assert kept.genesis == GENESIS


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"chain_id": 7, "genesis": "", "extra": 1}'])
def test_opening_fails_if_the_file_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "city.json").write_text(text)
    with pytest.raises(InvalidFile):
        of_network("city", chain_id=7, genesis=GENESIS, folder=tmp_path)


def test_files_stand_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    of_network("city", chain_id=7, genesis=GENESIS).save()
    assert (tmp_path / deployments.FOLDER / "city.json").exists()
