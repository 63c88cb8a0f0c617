"""Mojibake: text that was decoded with the wrong encoding. The one adapter to ftfy."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from normalize.edits import Edit, trim
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, settle, step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# ftfy's own bound, against slow lines; a cut may make a new line start, so longer texts enter the step.
LONGEST = 1_000_000
_ASCII = re.compile("([\x00-\x7f]+)")


@step(
    rules=("encoding",),
    guard=Guard(
        pattern="|".join(row["pattern"] for row in read_table("mojibake")), longer_than=LONGEST, beyond_ascii=True
    ),
)
@settle()
def fix_mojibake(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Undo wrong decoding, line by line, with ftfy's `fix_encoding`.

    >>> fix_mojibake("The cafÃ© opens â€” again")
    'The café opens — again'

    Bytes of Windows-1252 that were read as Latin-1 are the commonest damage of English news:

    >>> fix_mojibake("It\\x92s \\x93fine\\x94\\x85")
    'It’s “fine”…'

    Quotes, dashes, ligatures, widths and entities are left as they are, and so is every healthy script:

    >>> fix_mojibake("“ﬁne” – &eacute; ＡＢＣ Österreich São Paulo") == "“ﬁne” – &eacute; ＡＢＣ Österreich São Paulo"
    True

    Line ends should be line feeds (`fix_line_ends`): ftfy is not idempotent around carriage returns.
    """
    fix = _fixer()
    for start, end in _segments(text):
        segment = text[start:end]
        if segment.isascii():
            continue
        fixed = fix(segment)
        if fixed != segment:
            yield from _differences(segment, fixed, start)


@cache
def _fixer() -> Callable[[str], str]:
    """Return ftfy's repair of one segment; imported only when a text needs it."""
    from ftfy import TextFixerConfig, fix_encoding  # noqa: PLC0415 (50 ms that clean text need not pay)

    # `fix_encoding` heeds these; `fix_text` would ignore them and use its defaults.
    config = TextFixerConfig(explain=False)

    def fix(segment: str) -> str:
        return fix_encoding(segment, config)

    return fix


def _differences(old: str, new: str, start: int) -> Iterator[Edit]:
    """Yield an edit for each piece between ASCII that was repaired, or one for the whole line.

    A repair leaves ASCII as it is, but where it takes a space for a damaged no-break space.
    """
    pieces, repaired = _ASCII.split(old), _ASCII.split(new)
    if pieces[1::2] != repaired[1::2]:
        pieces, repaired = [old], [new]
    for was, now in zip(pieces, repaired, strict=True):
        if was != now:
            head, tail = trim(was, now)
            yield Edit(start + head, start + len(was) - tail, now[head : len(now) - tail], "encoding")
        start += len(was)


def _segments(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that ftfy's `fix_text` repairs one by one: lines with their ends, long ones in pieces."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        end = min(end, start + LONGEST)
        yield start, end
        start = end
