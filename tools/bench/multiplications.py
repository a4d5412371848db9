"""The time of a ballot's proof, as a multiple of the time of a scalar multiplication by coincurve.

Machines differ, and other programs disturb them. So the figures are ratios within one run: all
tasks are timed in turns, and the shortest time of many rounds counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter, process_time

from coincurve import PublicKey

from support.samples import KEY, Voting
from support.verdicts import python_verdict
from veche.crypto import ballot_proof
from veche.crypto.questions import Questions
from veche.processes import workers

SMALL, LARGE = 5, 25
ROUNDS = 40


def measure() -> dict[str, float]:
    """The figures mul.prove_choice and mul.verify_choice: the cost of one more 0/1 choice in a
    ballot that chooses one.
    """
    tasks: dict[str, Callable[[], object]] = {"unit": _multiplications}
    for options in (SMALL, LARGE):
        tasks[f"prove {options}"] = _prover(options)
        tasks[f"verify {options}"] = _verifier(options)
    least = dict.fromkeys(tasks, float("inf"))
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            start = perf_counter()
            task()
            least[name] = min(least[name], perf_counter() - start)
    unit = least["unit"] / MULTIPLICATIONS
    return {
        f"mul.{verb}_choice": (least[f"{verb} {LARGE}"] - least[f"{verb} {SMALL}"])
        / (LARGE - SMALL)
        / unit
        for verb in ("prove", "verify")
    }


MULTIPLICATIONS = 50
MANY = 1_000
_POINT = PublicKey.from_secret(KEY.secret.to_bytes())
_SCALAR = KEY.secret.to_bytes()


def _multiplications() -> None:
    for _ in range(MULTIPLICATIONS):
        _POINT.multiply(_SCALAR)


def multiplication_on_all_cores() -> float:
    """The CPU seconds of a multiplication while as many processes multiply as an observer has
    workers. Cores that share their units are slower then.
    """
    with workers() as pool:
        tasks = [pool.submit(_many_multiplications) for _ in range(os.cpu_count() or 1)]
        return sum(each.result() for each in tasks) / len(tasks)


def _many_multiplications() -> float:
    begun = process_time()
    for _ in range(MANY):
        _multiplications()
    return (process_time() - begun) / (MANY * MULTIPLICATIONS)


def _questions(options: int) -> Questions:
    return Questions.of((options, 1, 1, 1))


def _prover(options: int) -> Callable[[], object]:
    """A task that encrypts and proves a vote for the first option, as a client does."""
    asked, scores = _questions(options), (1, *[0] * (options - 1))
    voting = Voting(asked)

    def prove() -> object:
        ciphertexts, opening = ballot_proof.encrypt(
            scores, questions=asked, key=KEY.point, place=bytes(32)
        )
        tracker = voting.tracker(ciphertexts)
        return ballot_proof.prove(
            ciphertexts, opening, questions=asked, key=KEY.point, tracker=tracker
        )

    return prove


def _verifier(options: int) -> Callable[[], object]:
    """A task that verifies such a ballot from its words, as an observer does."""
    form = Voting(_questions(options)).cast((1, *[0] * (options - 1)))
    return lambda: python_verdict("ballot", form)
