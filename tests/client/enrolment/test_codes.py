"""Codes: typed without doubt, and what every mistype is told."""

from __future__ import annotations

import pickle
from itertools import pairwise
from random import Random

import pytest

from support.vector_files import each
from veche.crypto.group import N
from veche.enrolment import codes
from veche.enrolment.codes import ALPHABET, GROUP, LENGTH, Code
from veche.errors import InvalidCode


def seeded(seed: object) -> Random:
    return Random(str(seed))  # noqa: S311  # a test repeats itself


@pytest.fixture(params=range(20))
def code(request: pytest.FixtureRequest) -> str:
    drawn = seeded(request.param).choices(range(31), k=LENGTH - 3)
    return Code("".join(ALPHABET[each] for each in codes.with_checks(drawn))).grouped


def plain(code: str) -> str:
    return code.replace("-", "")


def refusal(text: str) -> str:
    with pytest.raises(InvalidCode) as caught:
        Code.parse(text)
    return str(caught.value)


def test_made_code_is_read_again() -> None:
    code = Code.make()
    assert Code.parse(code.grouped) == code != Code.make()


def test_code_has_more_than_100_bits_of_chance() -> None:
    assert len(set(ALPHABET)) == 31
    assert 31 ** (LENGTH - 3) > 2**104
    assert not set(ALPHABET) & set("0O1IL")


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        plain,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", " \u2013 "),
        lambda code: code.replace("-", "\u00ad\u200b\u2011"),
        lambda code: f"\ufeff\t{code}\r\n",
        lambda code: " ".join(plain(code).lower()),
    ],
)
def test_case_blanks_and_dashes_make_no_difference(typed: object, code: str) -> None:
    assert Code.parse(typed(code)).grouped == code  # type: ignore[operator]


def test_every_wrong_character_is_told_with_its_group(code: str) -> None:
    own = plain(code)
    for place in range(LENGTH):
        for other in set(ALPHABET) - {own[place]}:
            typed = own[:place] + other + own[place + 1 :]
            assert refusal(typed) == f"a character is wrong in group {place // GROUP + 1}"


def test_every_swap_of_neighbours_is_refused(code: str) -> None:
    own = plain(code)
    for place, (first, second) in enumerate(pairwise(own)):
        if first != second:
            said = refusal(own[:place] + second + first + own[place + 2 :])
            assert said.startswith(("two characters have changed places", "more than one"))


def test_swap_is_told_with_its_group() -> None:
    code = Code("".join(ALPHABET[each] for each in codes.with_checks(range(21)))).grouped
    swapped = code[:5] + code[6] + code[5] + code[7:]
    assert refusal(swapped) == "two characters have changed places in group 2"


def test_every_two_and_three_wrong_characters_are_refused(code: str) -> None:
    random = seeded(code)
    for _ in range(300):
        own = list(plain(code))
        for place in random.sample(range(LENGTH), random.choice((2, 3))):
            own[place] = random.choice([each for each in ALPHABET if each != own[place]])
        refusal("".join(own))


def test_two_wrong_characters_are_never_taken_for_one(code: str) -> None:
    random = seeded(code)
    for _ in range(100):
        own = list(plain(code))
        for place in random.sample(range(LENGTH), 2):
            own[place] = random.choice([each for each in ALPHABET if each != own[place]])
        assert "a character is wrong" not in refusal("".join(own))


@pytest.mark.parametrize("character", "0O1ILoil")
def test_character_that_codes_do_not_have_is_told(character: str, code: str) -> None:
    said = refusal(f"{code[:6]}{character}{code[7:]}")
    assert said == f"group 2 has '{character}': codes have neither 0 nor O, 1, I and L"


@pytest.mark.parametrize("character", ["\u0410", "\u0435", "\uff21", "\u017f", "\u0131"])
def test_letter_of_another_keyboard_is_told(character: str, code: str) -> None:
    assert "group 1 has" in (said := refusal(f"{character}{code[1:]}"))
    assert said.endswith("which is not a letter from A to Z")


@pytest.mark.parametrize("character", ["!", "\0", "\u0663", "\U0001f600", "\ud800", "_", "\x1b"])
def test_other_characters_are_refused(character: str, code: str) -> None:
    assert "letters and digits alone" in refusal(f"{code[:3]}{character}{code[4:]}")


def test_missing_character_is_told_with_its_group(code: str) -> None:
    assert refusal(code[:5] + code[6:]).endswith("group 2 has 3 in place of 4")
    assert refusal(plain(code)[:-1]) == "the code has 23 characters, and should have 24"
    assert refusal("") == "the code has 0 characters, and should have 24"


def test_no_message_repeats_a_code(code: str) -> None:
    own = plain(code)
    typed = (own[:-1], own[1] + own[0] + own[2:], f"{own[:8]}O{own[9:]}", own[::-1], own + own)
    for each_ in typed:
        said = refusal(each_).upper()
        assert not any(own[place : place + 3] in said for place in range(LENGTH - 2))


def test_code_is_hidden(code: str) -> None:
    found = Code.parse(code)
    assert repr(found) == str(found) == "Code(hidden)"
    with pytest.raises(TypeError):
        pickle.dumps(found)
    with pytest.raises(TypeError):
        hash(found)


def test_key_is_of_code_and_enrolment() -> None:
    code = Code.make()
    first = code.key("oak-street")
    assert first.address == code.key("oak-street").address
    assert first.address != code.key("oak-street-2").address
    assert first.address != Code.make().key("oak-street").address
    assert 0 < int.from_bytes(first.key, "big") < N


@each("enrolment", "codes")
def test_typed_texts_are_read_as_the_vectors_say(entry: dict[str, str | None]) -> None:
    if entry["code"] is None:
        assert refusal(str(entry["typed"])) == entry["reason"]
    else:
        assert Code.parse(str(entry["typed"])).grouped == entry["code"]


@each("enrolment", "keys")
def test_keys_are_those_of_the_vectors(entry: dict[str, str]) -> None:
    key = Code.parse(entry["code"]).key(entry["enrolment"])
    assert ["0x" + key.key.hex().removeprefix("0x"), key.address] == [
        entry["key"],
        entry["address"],
    ]
