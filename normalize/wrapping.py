"""Wrapping: lines that were broken at a column, and the words broken with them. By choice: no preset has these.

They belong before the other whitespace steps, which delete the indents that mark paragraphs, and hyphens
belong before lines. Wire copy and text from scans or PDF need them; lists and verse are left alone.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, settle, step

if TYPE_CHECKING:
    from collections.abc import Iterator

_BROKEN = re.compile("[-\u2010\xad]\n[ \t]*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LONGEST_WORD = 40
# A hyphen before one of these stands for a word's second half: "Bundes-\nund Landespolitik", "pre-\nand post-war".
_AND = frozenset({"and", "or", "und", "oder", "bis", "et", "ou", "y", "o", "e", "en", "of", "och", "og", "i"})

# No wire or printer breaks lines later than this; text that was never broken has longer ones throughout.
_WIDEST = 120
_NARROWEST = 30
_FEWEST_BREAKS = 4
_MOST_BREAKS = 0.8


@step(rules=("hyphen", "compound"), guard=Guard(pattern="[-\\u2010\\xad]\\n"))
def unwrap_hyphens(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Put words together that were broken at the end of a line; the two lines become one.

    >>> unwrap_hyphens("an inter-\\nnational meeting")
    'an international meeting'

    The hyphen of a compound stays: one that the text has elsewhere, or whose parts both are words of the text:

    >>> unwrap_hyphens("a well-\\nknown and well-known name")
    'a well-known and well-known name'
    >>> unwrap_hyphens("pre-\\nand post-war, Anna-\\nMaria, 1914-\\n1918") == "pre-\\nand post-war, Anna-\\nMaria, 1914-\\n1918"
    True
    """
    breaks = list(_breaks(text))
    words = _words_outside(text, breaks) if breaks else frozenset()
    for start, end, before, after in breaks:
        compound = f"{before}-{after}" in words or (before in words and after in words)
        keep = compound and before + after not in words and text[start] != "\xad"
        yield Edit(start + keep, end, "", "compound" if keep else "hyphen")


def _breaks(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield the span of each hyphen and line end that break a word, and the word's two parts in lower case."""
    for mark in _BROKEN.finditer(text):
        before = _word_before(text, mark.start())
        after = _word_after(text, mark.end())
        if before and after and after.lower() not in _AND:
            capitals = len(before) > 1 and before.isupper() and after.isupper()
            if after[0].islower() or capitals:
                yield mark.start(), mark.end(), before.lower(), after.lower()


def _words_outside(text: str, breaks: list[tuple[int, int, str, str]]) -> frozenset[str]:
    """Return the words of `text` in lower case, without those that are broken."""
    words: set[str] = set()
    done = 0
    for start, end, before, after in breaks:
        words.update(_WORD.findall(text[done : max(done, start - len(before))].lower()))
        done = end + len(after)
    words.update(_WORD.findall(text[done:].lower()))
    return frozenset(words)


def _word_before(text: str, end: int) -> str:
    start = end
    while start > max(0, end - _LONGEST_WORD) and text[start - 1].isalpha():
        start -= 1
    return text[start:end]


def _word_after(text: str, start: int) -> str:
    end = start
    while end < min(len(text), start + _LONGEST_WORD) and text[end].isalpha():
        end += 1
    return text[start:end]


@step(rules=("line",), guard=Guard(literals=("\n",)))
@settle()
def unwrap_lines(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Join the lines of a text that was broken at a column.

    A break goes where the next line's first word had no room on the line before it; it stays before an
    indented line, after a short line and around blank lines. Nothing is joined where fewer than four in
    five breaks are of that kind.

    >>> copy = (
    ...     "The finance ministry said on Monday that it would\\n"
    ...     "publish its new forecast in the first week of May\\n"
    ...     "and that the budget would follow before the summer\\n"
    ...     "recess, provided that the parliament agreed to sit\\n"
    ...     "longer.\\n"
    ...     "    It gave no details."
    ... )
    >>> unwrap_lines(copy).count("\\n"), unwrap_lines("Milk\\nEggs\\nFlour and sugar\\nSalt\\n") == "Milk\\nEggs\\nFlour and sugar\\nSalt\\n"
    (1, True)
    """
    lines = text.split("\n")
    width = _width(lines)
    if width is None:
        return
    at = -1  # of the line feed before the line
    previous = ""
    for line in lines:
        if _had_no_room(previous, line, width):
            glue = "" if previous[-1] >= "\u2e80" and line[0] >= "\u2e80" else " "
            yield Edit(at - (len(previous) - len(previous.rstrip())), at + 1, glue, "line")
        at += len(line) + 1
        previous = line


def _width(lines: list[str]) -> int | None:
    """Return the column at which the lines were broken, None where they were not."""
    sizes = [len(line.rstrip()) for line in lines if line.strip()]
    broad = sum(size > _WIDEST for size in sizes)
    width = max((size for size in sizes if size <= _WIDEST), default=0)
    if broad * 10 > len(sizes) or width < _NARROWEST:
        return None
    pairs = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip() and not b[0].isspace()]
    full = sum(_had_no_room(a, b, width) for a, b in pairs)
    return width if full >= max(_FEWEST_BREAKS, _MOST_BREAKS * len(pairs)) else None


def _had_no_room(line: str, following: str, width: int) -> bool:
    """Return whether the first word of `following` would have made `line` wider than `width`."""
    line = line.rstrip()
    if not line or not following or following[0].isspace() or len(line) > _WIDEST:
        return False
    if line[-1] >= "\u2e80":
        return len(line) >= width - 1
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
