"""Teasers: titles of other stories under "Read more:", which must not stay where their label goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalize.shapes import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalize.shapes import Survey

_SHORTEST, _LONGEST = 20, 160  # letters of a title
_MOST = 8  # titles under one label
_ROW = 2  # titles that the story goes on after: a single one may be its subhead
_LABEL = 30  # letters of a label
_ASKING = ("?", "!", "？", "！")


def find_teasers(text: str, found: Survey) -> Iterator[int]:
    """Yield the numbers of the titles that stand under a label of related stories, in the story or after it."""
    last = next((n for n in range(len(found.lines) - 1, -1, -1) if n not in found.matches), -1)
    for n, match in found.matches.items():
        start, end = found.lines[n]
        if match.rule != "related" or n < found.first or end - start > _LABEL:
            continue
        after = n + 1
        while after < min(len(found.lines), n + 2 + _MOST) and _is_title(text, found, after):
            after += 1
        count = after - n - 1
        if (after > last or count >= _ROW) and count <= _MOST:
            yield from range(n + 1, after)


def _is_title(text: str, found: Survey, n: int) -> bool:
    """Return whether a line may be a title: no furniture, and no sentence but a question."""
    start, end = found.lines[n]
    if n in found.matches or not _SHORTEST <= end - start <= _LONGEST:
        return False
    words = text[start:end]
    return not ends_sentence(words) or (words.endswith(_ASKING) and ". " not in words)
