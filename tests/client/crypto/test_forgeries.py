"""Every forgery works where its safeguard is missing, and nowhere else."""

from __future__ import annotations

import pytest

from attacks.forgeries import FORGERIES, Forgery, hidden_score
from support.samples import KEY, Voting
from veche.crypto import ballot_proof
from veche.crypto.ballot_proof import Ballot
from veche.errors import Refused

each_forgery = pytest.mark.parametrize("forgery", FORGERIES, ids=lambda each: each.name)


def verify(voting: Voting, ballot: Ballot) -> None:
    ballot_proof.verify(
        ballot,
        questions=voting.questions,
        key=KEY.point,
        tracker=voting.tracker(ballot.ciphertexts),
    )


@each_forgery
def test_forgery_is_accepted_without_its_safeguard(forgery: Forgery) -> None:
    with forgery.world():
        voting, ballot = forgery.make()
        verify(voting, ballot)


@each_forgery
def test_forgery_hides_what_the_questions_do_not_allow(forgery: Forgery) -> None:
    voting, ballot = forgery.mounted()
    hidden = [
        hidden_score(ciphertext, question.max_score)
        for question, where in voting.questions.slices()
        for ciphertext in ballot.ciphertexts[where]
    ]
    assert None in hidden


@each_forgery
def test_forgery_is_refused(forgery: Forgery) -> None:
    with pytest.raises(Refused) as caught:
        verify(*forgery.mounted())
    assert type(caught.value).__name__ == forgery.refusal


@each_forgery
def test_honest_ballot_is_accepted_without_the_safeguard(forgery: Forgery) -> None:
    """So the forgeries are not accepted merely because everything is."""
    voting = forgery.mounted()[0]
    scores = (0,) * voting.questions.choices
    with forgery.world():
        ballot = voting.prove(*voting.encrypt(scores, "honest"), "honest")
        verify(voting, ballot)
