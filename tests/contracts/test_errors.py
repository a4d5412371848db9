"""The contracts' custom errors and the exceptions in Python are the same list."""

from __future__ import annotations

import inspect

from veche import errors as exceptions
from veche.errors import Refused

PYTHON_ONLY = {
    "Refused": "the root of them all",
    "InvalidWord": "a word of another size cannot reach a contract",
    "InvalidScores": "no contract sees a score",
    "InvalidShare": "a board fails for one, by an event",
    "InvalidQuorum": "a poll combines the shares of trustees that it has accepted",
}


UNREACHABLE = {
    "CloneArgumentsTooLong": "the terms of 64 questions take 8,700 bytes of 24,531",
    "FailedDeployment": "a clone that small cannot fail to be made",
    "InsufficientBalance": "a clone is made without ether",
    "InvalidShortString": "the name of the signing domain is a constant",
    "StringTooLong": "likewise",
}
"""Errors of OpenZeppelin's that the contracts' ABIs name."""


def test_every_error_is_an_exception_and_every_refusal_an_error(
    errors: dict[bytes, tuple[str, list[str]]],
) -> None:
    in_python = {
        name
        for name, each in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(each, Refused)
    }
    in_contracts = {name for name, _ in errors.values()} - UNREACHABLE.keys()
    assert in_contracts == in_python - PYTHON_ONLY.keys()


def test_messages_have_a_place_for_every_value(
    errors: dict[bytes, tuple[str, list[str]]],
) -> None:
    for name, types in errors.values():
        if name in UNREACHABLE:
            continue
        error = getattr(exceptions, name)
        assert str(error(*range(len(types))))
        for index in range(len(types)):
            assert f"{{{index}" in error.reason, name
