"""Why every choice has an offset of its own, k·x², in the parts of its commitment."""

from __future__ import annotations

import pytest

from attacks.short_addresses import Contract, Forger

TRIES = 1_500


def test_one_false_hint_serves_all_choices_if_they_have_no_offset() -> None:
    contract = Contract(offset=0)
    found = Forger(7).forge(contract, TRIES)
    assert found is not None
    ballot, hints = found
    assert contract.accepts(ballot, hints)
    lies = [said for said, true in zip(hints, contract.parts(ballot), strict=True) if said != true]
    assert len(lies) > 1
    assert len({v for _, v in lies}) == 1


def test_forgery_is_refused_with_the_true_parts() -> None:
    contract = Contract(offset=0)
    found = Forger(7).forge(contract, TRIES)
    assert found is not None
    assert not contract.accepts(found[0], list(contract.parts(found[0])))


def test_as_many_tries_find_nothing_with_the_offset() -> None:
    assert Forger(7).forge(Contract(offset=1), TRIES) is None


@pytest.mark.parametrize("offset", [0, 1])
def test_model_accepts_an_allowed_vote_and_no_other(offset: int) -> None:
    contract = Contract(offset)
    for score in (0, 1, 7):
        ballot = Forger(score).prove()
        assert contract.accepts(ballot, list(contract.parts(ballot))) == (score < 2)
