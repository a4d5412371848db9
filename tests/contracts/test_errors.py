"""The contracts' custom errors and the exceptions in Python are the same list."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import brownie

from veche import errors as exceptions
from veche.errors import Refused

PYTHON_ONLY = {
    "Refused": "the root of them all",
    "InvalidWord": "a word of another size cannot reach a contract",
    "InvalidScores": "no contract sees a score",
    "InvalidShare": "a board fails for one, by an event",
    "InvalidQuorum": "a poll combines the shares of trustees that it has accepted",
    **dict.fromkeys(
        (
            "AddressTaken",
            "EnrolmentClosed",
            "NotAnOfficial",
            "NotSignedBy",
            "OldEdition",
            "StaleBinding",
            "UnknownCode",
            "UnknownEnrolment",
        ),
        "enrolments are no contract's",
    ),
}


ROOT = Path(__file__).parents[2]

NEVER_MET = tomllib.loads((ROOT / "tools" / "generators" / "never_met.toml").read_text())

PAGE = (ROOT / "docs" / "errors.md").read_text()


def test_every_error_is_an_exception_and_every_refusal_an_error(
    errors: dict[bytes, tuple[str, list[str]]],
) -> None:
    in_python = {
        name
        for name, each in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(each, Refused)
    }
    in_contracts = {name for name, _ in errors.values()} - NEVER_MET.keys()
    assert in_contracts == in_python - PYTHON_ONLY.keys()


def test_messages_have_a_place_for_every_value(
    errors: dict[bytes, tuple[str, list[str]]],
) -> None:
    for name, types in errors.values():
        if name in NEVER_MET:
            continue
        error = getattr(exceptions, name)
        assert str(error(*range(len(types))))
        for index in range(len(types)):
            assert f"{{{index}" in error.reason, name


def test_every_error_is_on_the_page(errors: dict[bytes, tuple[str, list[str]]]) -> None:
    told = re.findall(r"`(?:error )?(\w+)\([^`]*\)`(?:, selector| \|) `0x(\w{8})`", PAGE)
    assert sorted(told) == sorted((name, selector.hex()) for selector, (name, _) in errors.items())


def test_page_links_every_error_to_the_source_that_declares_it() -> None:
    """As the compiler reads the sources; there, a notice explains every error."""
    found = {}
    for build in dict(brownie.project.get_loaded_projects()[0]._build.items()).values():
        if re.match(r"contracts/(?!mocks/)", build["sourcePath"]):
            for parent in [build["ast"], *build["ast"]["nodes"]]:
                for each in parent.get("nodes", []):
                    if each["nodeType"] == "ErrorDefinition":
                        assert each["documentation"]["text"].startswith("@notice "), each["name"]
                        found[each["name"]] = build["sourcePath"]
    assert {"WrongPhase", "InvalidProof"} < found.keys()
    for name, source in found.items():
        link = re.escape(f"](../{source}).")
        assert re.search(rf"^`error {name}\(.*{link}$", PAGE, re.MULTILINE), name
