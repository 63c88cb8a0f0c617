"""Whitespace: line ends, separators, odd spaces, runs of spaces, blank lines.

The steps are meant to run in the order they stand here; each is idempotent, and so are all together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, step

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands at the edge of a line and says nothing. The ideographic space is a paragraph's indent there;
# inside a line it is kept, as part of Chinese and Japanese typesetting.
_EDGE = " \\t\u00a0\u2000-\u200a\u202f\u205f\u3000"
_EDGE_CHARACTERS = " \t\u00a0" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
_RETURNS = re.compile("\r+")
_SEPARATORS = re.compile("[\x0b\x0c\x85\u2028\u2029]+")
_ODD_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f]+")
_RUN = re.compile("  +")
_BLANK_LINES = re.compile(f"\n(?:[{_EDGE}]*\n){{2,}}")


@step(rules=("crlf", "cr"), guard=Guard(literals=("\r",)))
def fix_line_ends(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make every line end a line feed.

    >>> fix_line_ends("one\\r\\ntwo\\rthree")
    'one\\ntwo\\nthree'
    >>> fix_line_ends("left\\nalone")
    'left\\nalone'
    """
    for run in _RETURNS.finditer(text):
        pair = text.startswith("\n", run.end())
        feeds = "\n" * (run.end() - run.start() - pair)
        yield Edit(run.start(), run.end(), feeds, "crlf" if pair else "cr")


@step(rules=("separator",), guard=Guard(pattern="[\\x0b\\x0c\\x85\\u2028\\u2029]"))
def fix_separators(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make line and paragraph separators, form feeds, vertical tabs and next-line controls line feeds.

    U+0085 is more often a damaged ellipsis: `fix_mojibake`, which runs before, sees to that.

    >>> fix_separators("one\\u2028two\\u2029three\\x0cfour")
    'one\\ntwo\\nthree\\nfour'
    >>> fix_separators("left alone")
    'left alone'
    """
    for run in _SEPARATORS.finditer(text):
        yield Edit(run.start(), run.end(), "\n" * (run.end() - run.start()), "separator")


@step(rules=("space", "tab"), guard=Guard(pattern="[\\t\\xa0\\u2000-\\u200a\\u202f\\u205f]"))
def fix_spaces(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make tabs, no-break spaces and typographic spaces plain spaces.

    >>> fix_spaces("10\\xa0000\\tpeople\\u2009!")
    '10 000 people !'

    The ideographic space belongs to Chinese and Japanese; `fold_width` makes it plain:

    >>> fix_spaces("東京\\u3000大阪") == "東京\\u3000大阪"
    True
    """
    for run in _ODD_SPACES.finditer(text):
        yield Edit(run.start(), run.end(), " " * (run.end() - run.start()), "tab" if run[0][0] == "\t" else "space")


@step(rules=("head", "tail"), guard=Guard(pattern=f"(?:^|\n)[{_EDGE}]|[{_EDGE}](?:\n|$)"))
def strip_line_spaces(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Delete the spaces at both ends of every line.

    >>> strip_line_spaces("  one \\n\\n   two  three")
    'one\\n\\ntwo  three'
    >>> strip_line_spaces("left\\nalone")
    'left\\nalone'
    """
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        bare = line.strip(_EDGE_CHARACTERS)
        if len(bare) < len(line):
            head = end - len(line.lstrip(_EDGE_CHARACTERS))
            if head > start:
                yield Edit(start, head, "", "head")
            if head + len(bare) < end:
                yield Edit(head + len(bare), end, "", "tail")
        start = end + 1


@step(rules=("run",), guard=Guard(literals=("  ",)))
def collapse_spaces(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make every run of spaces one space.

    >>> collapse_spaces("one  two")
    'one two'
    >>> collapse_spaces("left alone")
    'left alone'
    """
    for run in _RUN.finditer(text):
        yield Edit(run.start() + 1, run.end(), "", "run")


@step(rules=("head", "run", "tail"), guard=Guard(pattern=f"\n[{_EDGE}]*\n[{_EDGE}]*\n|^[{_EDGE}]*\n|\n[{_EDGE}]*$"))
def collapse_blank_lines(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make every run of blank lines one blank line, and delete those at the head and the tail of the text.

    >>> collapse_blank_lines("\\n\\none\\n\\n\\n \\ntwo\\n\\nthree\\n")
    'one\\n\\ntwo\\n\\nthree'
    >>> collapse_blank_lines("left\\n\\nalone")
    'left\\n\\nalone'
    """
    blank = _EDGE_CHARACTERS + "\n"
    bare = text.lstrip(blank)
    head = text.rfind("\n", 0, len(text) - len(bare)) + 1
    if not bare:
        head = len(text) if head else 0
    tail = text.find("\n", head + len(text[head:].rstrip(blank)))
    tail = len(text) if tail < 0 else tail
    if head:
        yield Edit(0, head, "", "head")
    for run in _BLANK_LINES.finditer(text, head, tail):
        yield Edit(run.start() + 1, run.end() - 1, "", "run")
    if tail < len(text):
        yield Edit(tail, len(text), "", "tail")
