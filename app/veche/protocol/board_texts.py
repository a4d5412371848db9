"""The texts of a board: its name and its trustees' names (PROTOCOL §2).

On chain they are one JSON document, which the board's hash covers.
"""

from __future__ import annotations

from dataclasses import dataclass

from veche.errors import InvalidContent, InvalidDocument
from veche.protocol import plain
from veche.protocol.texts import document, listed, name, require_distinct


@dataclass(frozen=True, slots=True)
class BoardTexts:
    """The texts of a board.

    Attributes:
        name: the board's name.
        trustees: the name of every trustee, in order. All differ.
    """

    name: str
    trustees: tuple[str, ...]

    @property
    def encoded(self) -> str:
        """The JSON document that stands on chain."""
        return document({"name": self.name, "trustees": list(self.trustees)})

    @classmethod
    def decode(cls, content: str, *, trustees: int) -> BoardTexts:
        """The texts in a JSON document.

        Args:
            content: the JSON document that stands on chain.
            trustees: how many trustees the board has.

        Raises:
            InvalidContent: the document is not that of a board's texts, or does not name every
                trustee once.
        """
        try:
            raw = plain.parse(content)
            texts = cls(name(raw["name"]), tuple(map(name, listed(raw["trustees"]))))
        except (InvalidDocument, KeyError, TypeError) as error:
            reason = "this board's texts are not a JSON document with name and trustees"
            raise InvalidContent(reason) from error
        if len(texts.trustees) != trustees:
            reason = f"the board has {trustees} trustees, but names {len(texts.trustees)}"
            raise InvalidContent(reason)
        require_distinct(texts.trustees, "trustees")
        return texts
