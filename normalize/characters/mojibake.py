"""Mojibake: text that was decoded with the wrong encoding. The one adapter to ftfy."""

from __future__ import annotations

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


@step(guard=Guard(pattern="|".join(row["pattern"] for row in read_table("mojibake")), longer_than=LONGEST))
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
            head, tail = trim(segment, fixed)
            yield Edit(start + head, end - tail, fixed[head : len(fixed) - tail], "encoding")


@cache
def _fixer() -> Callable[[str], str]:
    """Return ftfy's repair of one segment; imported only when a text needs it."""
    from ftfy import TextFixerConfig, fix_encoding  # noqa: PLC0415 (50 ms that clean text need not pay)

    # `fix_encoding` heeds these; `fix_text` would ignore them and use its defaults.
    config = TextFixerConfig(explain=False)

    def fix(segment: str) -> str:
        return fix_encoding(segment, config)

    return fix


def _segments(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that ftfy's `fix_text` repairs one by one: lines with their ends, long ones in pieces."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        end = min(end, start + LONGEST)
        yield start, end
        start = end
