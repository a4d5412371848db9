"""Texts that look alike to voters and are not the same: Oak, and Оak with a Cyrillic О.

Nobody can say which of two such texts is meant, so they are warned of rather than refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from veche.protocol.characters import quoted
from veche.protocol.content import Content

_LOOKS: Final = (
    # Unicode's table of such letters has ten thousand, and Python has none. These are on keyboards.
    str.maketrans("АВЕЗІЈКМНОРСЅТУҮХԚԜЬ", "ABE3lJKMHOPCSTYYXQWb")
    | str.maketrans("аеёһіїјорсѕуүхӏԁԛԝ", "aeëhiïjopcsyyxldqw")
    | str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγινορσυχϳ", "ABEZHlKMNOPTYXaßyivopouxj")
    | str.maketrans("ՏՍՕհոսօցզ", "SUOhnuogq")
    | str.maketrans("ıɑɡǀ|I10‐‑‒–—−’‘ʼ`", "iagllllO------''''")
)
"""The Latin letter or the sign that a letter of Cyrillic, Greek or Armenian looks like, or another
sign.
"""
_ALPHABETS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")
"""The first words of the names of letters that look alike."""
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0]"
)
"""Characters that nobody sees alone."""
_WORD: Final = re.compile(r"[^\W\d_]+")


def in_content(content: Content) -> Iterator[str]:
    """The doubts about a poll's questions and options, each in a sentence for voters."""
    for index, doubt in doubts([each.text for each in content]):
        yield f"question {index + 1} {doubt}"
    for question in content:
        for index, doubt in doubts(question.options):
            yield f"option {index + 1} of {quoted(question.text)} {doubt}"


def doubts(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The texts that people can take for others, by their places from 0, each with a predicate."""
    first: dict[str, int] = {}
    for index, text in enumerate(texts):
        other = first.setdefault(skeleton(text), index)
        alphabets = _mixed(text)
        if other != index:
            yield index, f"looks like number {other + 1}, {quoted(texts[other])}"
        elif alphabets:
            yield index, f"has {' and '.join(alphabets)} letters in one word: {quoted(text)}"


def skeleton(text: str) -> str:
    """What a text looks like: equal for texts that people cannot tell apart at a glance."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(seen.translate(_LOOKS).replace("m", "rn").split())


def _mixed(text: str) -> list[str]:
    """The alphabets of a word that has letters of several; none if no letter looks like another."""
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        found = {unicodedata.name(each, "").partition(" ")[0] for each in word}
        alphabets = [each.capitalize() for each in _ALPHABETS if each in found]
        if len(alphabets) > 1 and word != word.translate(_LOOKS):
            return alphabets
    return []
