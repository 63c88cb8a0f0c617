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


def year_of(words: str | None, found: Found) -> int | None:
    """Return the year that digits name: "1989", "'95"."""
    if words is None:
        return None
    digits = words[-2:] if "'" in words else words[-4:]
    if len(digits) == 2:
        return (1900 if int(digits) > 40 else 2000) + int(digits)
    return int(digits)


def is_definite(found: Found) -> bool:
    """Return whether a definite article stands in the template."""
    return found.get("article") == "the"


def bare_start(found: Found, end: str) -> int:
    """Return where the span starts: an adjective leaves its article out ("the two-week strike")."""
    if "article" in found.words and found.text[: found.end].endswith(end) and "rel" not in found.words:
        return found.start + len(found.words["article"]) + 1
    return found.start
