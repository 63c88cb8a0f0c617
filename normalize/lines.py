"""Lines: one index of a text's lines, shared by all steps that look at line starts, heads and tails."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A line of a text, without its line feed and without white space at either end (half-open, code points)."""

    start: int
    end: int


def split_lines(text: str) -> tuple[tuple[Line, ...], list[str]]:
    """Return the lines of `text` that are not blank, and what they say; only a line feed ends a line.

    >>> split_lines("one\\n\\n  two \\n")
    ((Line(start=0, end=3), Line(start=7, end=10)), ['one', 'two'])
    """
    lines = []
    said = []
    start = 0
    for words in text.split("\n"):
        if words:
            size = len(words)
            bare = words.strip()
            if len(bare) == size:
                lines.append(_new(Line, (start, start + size)))
                said.append(bare)
            elif bare:
                at = start + words.index(bare)
                lines.append(_new(Line, (at, at + len(bare))))
                said.append(bare)
            start += size
        start += 1
    return tuple(lines), said


_new = tuple.__new__  # what Line() calls, without the call: a text has thousands of lines


def whole_line(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span to cut so that the line of `start:end` goes whole, with the blank lines after it.

    What follows then stands where the cut line stood; at the end of the text the blank lines before it go.

    >>> text = "one\\n\\ntwo\\n\\nthree"
    >>> a, b = whole_line(text, 5, 8)
    >>> text[:a] + text[b:]
    'one\\n\\nthree'
    >>> a, b = whole_line(text, 10, 15)
    >>> text[:a] + text[b:]
    'one\\n\\ntwo'
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    if last < 0:
        while first and text[first - 1].isspace():
            first -= 1
        return first, len(text)
    rest = last
    while rest < len(text) and text[rest].isspace():
        rest += 1
    if rest == len(text):
        while first and text[first - 1].isspace():
            first -= 1
        return first, len(text)
    return first, text.rfind("\n", last, rest) + 1
