"""Found: a template's match, as the builders see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from normalize.times.lexicon import Lexicon


class Found(NamedTuple):
    """A match: the head at `at:end` means `value`; the template spans `start:stop`; its slots hold `words`."""

    text: str
    lexicon: Lexicon
    at: int
    end: int
    start: int
    stop: int
    value: str
    words: dict[str, str]
    values: dict[str, str | None]

    def get(self, slot: str) -> str | None:
        """Return what the words of a slot mean, None where it is empty."""
        return self.values.get(slot)

    def says(self, slot: str, words: str) -> bool:
        """Return whether `words` belong to a slot of the language's table."""
        table = self.lexicon.words.get(slot)
        return table is not None and words in table

    @property
    def head(self) -> str:
        """The head as it stands in the text."""
        return self.text[self.at : self.end]

    @property
    def doubtful(self) -> bool:
        """Whether the head is also another word or a name ("May", "March")."""
        return self.says("doubtful", self.head.lower().rstrip("."))
