"""Notices: who reported and edited, corrections, copyright and redistribution lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
_ENDS = ".)]*(["
_LEAD = 24  # letters in which a line's first two words stand
_EDGE = 90  # letters of a line's start and end that its phrases may take
_FRAME = "()[]（）*_ \t—–-"
_YEAR = 4  # digits
_WIDE = "\u1100"  # the first letter of the scripts without spaces, and of those beside them
_BRACKETED = 3  # times as long as another may be a notice in brackets


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that speaks of the story itself.

    `sort` is "correction", "history" (updated, first published), "credits" (who reported, edited or
    helped), "source" (agencies), "rights" or "note" (of the editor).
    """

    text: str
    sort: str


class _Row(NamedTuple):
    pattern: str
    limit: int
    sort: str
    written: bool  # whether the pattern is for the line as it stands, not folded


class _Table(NamedTuple):
    openings: dict[str, tuple[_Row, ...]]  # by first word, "#" a year
    leads: dict[str, tuple[str, ...]]  # how the lines begin whose first word is common: "the story"
    free: tuple[_Row, ...]  # scripts without spaces: no first word of their own
    closings: dict[str, list[tuple[str, str]]]  # by last word: the phrase and its sort


@step(provides=("notice",), answer=every(Notice))
def find_notices(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Find the lines that speak of the story itself: its makers, its corrections, its copyright.

    >>> find_notices("It rained.\n\n(Reporting by Jane Doe; Editing by John Roe)")
    [Notice(text='Reporting by Jane Doe; Editing by John Roe', sort='credits')]
    >>> find_notices("This story has been corrected to show that it rained.\n\nIt rained.")
    [Notice(text='This story has been corrected to show that it rained.', sort='correction')]
    >>> find_notices("Reporting that it rained was no crime, the judge said."), find_notices("It rained.")
    ([], [])

    Lines of up to 700 characters; the wordings stand in `normalize/data/notices.tsv`.
    """
    for start, end, head in _worth(text):
        sort = sort_notice(text[start:end], head)
        if sort is not None:
            yield Annotation(start, end, "notice", Notice(text[start:end].strip(_FRAME), sort))


@step(rules=("notice",), reads=("notice",), cuts=("notice",))
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


def _worth(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the lines that are worth a look, with their first words: cheap, and never wrong to leave one out."""
    table = _table()
    openings, leads, closings = table.openings, table.leads, table.closings
    found = survey(text)
    lasts = [words.rpartition(" ")[2].strip(_ENDS).casefold() for words in found.said]
    worth = {n for n, last in enumerate(lasts) if last in closings}
    for n, head in enumerate(found.heads):
        if head in leads:
            if found.said[n][:_LEAD].lstrip(_FRAME).casefold().startswith(leads[head]):
                worth.add(n)
        elif (head in openings or head.isdigit() or not head.isascii()) and _rows(head, table):
            worth.add(n)
    for n in sorted(worth):
        start, end = found.lines[n]
        if end - start <= _LONGEST:
            yield start, end, found.heads[n]


def _rows(head: str, table: _Table) -> tuple[_Row, ...]:
    """Return what is looked for in lines that begin with `head`."""
    rows = table.openings.get("#" if len(head) == _YEAR and head.isdigit() else head)
    return rows if rows is not None else table.free if head[:1] >= _WIDE else ()


def is_notice(words: str, head: str) -> bool:
    """Return whether a line, whose first word is `head`, speaks of the story itself."""
    return sort_notice(words, head) is not None


def sort_notice(words: str, head: str) -> str | None:
    """Return of which sort a notice is, None where a line, whose first word is `head`, is none."""
    table = _table()
    if rows := _rows(head, table):
        folded = fold(words[:_EDGE])
        size = len(words) // _BRACKETED if words.startswith(("(", "[")) else len(words)
        for row in rows:
            if size <= row.limit and _compiled(row.pattern).match(words if row.written else folded):
                return row.sort
    last = words[-_EDGE:].rpartition(" ")[2].strip(_ENDS).casefold()
    if last not in table.closings:
        return None
    end = fold(words[-_EDGE:])
    return next((sort for phrase, sort in table.closings[last] if end.endswith(phrase)), None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)  # when a text needs it: few texts need many


@cache
def _table() -> _Table:
    openings: dict[str, list[_Row]] = {}
    leads: dict[str, list[str]] = {}
    free: list[_Row] = []
    closings: dict[str, list[tuple[str, str]]] = {}
    for row in read_table("notices"):
        if row["match"] == "closing":
            phrase = fold(row["phrase"])
            closings.setdefault(phrase.rpartition(" ")[2], []).append((" " + phrase, row["sort"]))
            continue
        body = rf"{fold(row['phrase'])}\b" if row["match"] == "opening" else row["phrase"]
        entry = _Row(body, int(row["limit"]), row["sort"], row["match"] == "written")
        heads = list(filter(None, row["heads"].split("|")))
        for head in dict.fromkeys(lead.partition(" ")[0] for lead in heads):
            openings.setdefault(head, []).append(entry)
        for lead in heads:
            leads.setdefault(lead.partition(" ")[0], []).append(lead)
        free.extend(() if heads else (entry,))
    rows = {head: (*found, *(() if head.isascii() else free)) for head, found in openings.items()}
    common = {head: tuple(found) for head, found in leads.items() if head not in found}
    return _Table(rows, common, tuple(free), closings)
