"""Notices: who reported and edited, corrections, copyright and redistribution lines."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.phrases import fold
from normalize.shapes import cut_spans, survey
from normalize.steps import every, step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 700  # the longest correction that is still a notice, not a story about one
_EDGE = 90  # letters of a line's start and end that its phrases may take
_FRAME = "()[]（）*_ \t—–-"


class _Table(NamedTuple):
    openings: dict[str, list[str]]  # by first word
    closings: tuple[str, ...]
    patterns: re.Pattern[str]


@step(provides=("notice",), answer=every(str))
def find_notices(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Find the lines that speak of the story itself: its makers, its corrections, its copyright.

    >>> find_notices("It rained.\n\n(Reporting by Jane Doe; Editing by John Roe)")
    ['Reporting by Jane Doe; Editing by John Roe']
    >>> find_notices("This story has been corrected to show that it rained on Friday.\n\nIt rained.")
    ['This story has been corrected to show that it rained on Friday.']
    >>> find_notices("Reporting that it rained was no crime, the judge said."), find_notices("It rained.")
    ([], [])

    Lines of up to 700 characters; the wordings stand in `normalize/data/notices.tsv`.
    """
    for start, end in survey(text).lines:
        if end - start <= _LONGEST and _is_notice(
            text[start : min(end, start + _EDGE)], text[max(start, end - _EDGE) : end]
        ):
            yield Annotation(start, end, "notice", text[start:end].strip(_FRAME))


@step(reads=("notice",))
def strip_notices(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Cut the lines that speak of the story itself.

    >>> strip_notices("It rained.\n\n(Reporting by Jane Doe; Editing by John Roe)")
    'It rained.'
    >>> strip_notices("The paper corrected its story.")
    'The paper corrected its story.'
    """
    read = known.found("notice")
    found = find_notices.find(text, known) if read is None else read
    spans = [(a.start, a.end) for a in found if isinstance(a, Annotation) and a.start is not None and a.end is not None]
    for start, end in cut_spans(text, spans):
        yield Edit(start, end, "", "notice")


def _is_notice(head: str, tail: str) -> bool:
    table = _table()
    words = fold(head)
    for opening in table.openings.get(words.partition(" ")[0], ()):
        if words.startswith(opening) and words[len(opening) : len(opening) + 1] in {"", " "}:
            return True
    return table.patterns.match(words) is not None or fold(tail).endswith(table.closings)


@cache
def _table() -> _Table:
    openings: dict[str, list[str]] = {}
    closings: list[str] = []
    patterns: list[str] = []
    for row in read_table("notices"):
        phrase = fold(row["phrase"])
        if row["match"] == "opening":
            openings.setdefault(phrase.partition(" ")[0], []).append(phrase)
        elif row["match"] == "closing":
            closings.append(" " + phrase)
        else:
            patterns.append(row["phrase"])
    return _Table(openings, tuple(closings), re.compile("|".join(f"(?:{p})" for p in patterns)))
