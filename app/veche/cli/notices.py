"""What a service has to say, said once: it is quiet until something changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Notices:
    """The last notice about every subject, so that none is repeated until it changes."""

    _said: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Begins a round, in which every notice that still holds is given again."""
        self._seen = set()

    def is_news(self, subject: str, text: str) -> bool:
        """Whether a notice differs from the last one about its subject. Numbers and hashes are
        ignored, as they change from try to try.
        """
        essence, before = re.sub("0x[0-9a-f]+|[0-9]+", "", text), self._said.get(subject)
        self._said[subject] = essence
        self._seen.add(subject)
        return essence != before

    def forget_others(self) -> set[str]:
        """Forgets the subjects that this round has no notice about, and returns them."""
        gone = self._said.keys() - self._seen
        self._said = {each: self._said[each] for each in self._seen}
        return gone
