"""Metadata that stands in the text: when it was published or updated, and by whom it was written."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalize.calendar import Moment, parse_moment
from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.phrases import fold
from normalize.shapes import cut_spans, survey
from normalize.steps import every, first, step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONGEST = 130  # a line that is a date or a byline and nothing else
_LABEL = 34
# "date 2017-12-27 MOSCOW: …", the one label that stands before words of the story
_HEAD = re.compile(
    r"[Dd]ate:? (?P<day>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?)?)(?= |$)"
)
_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d\d")  # what a line holds that states a day of a year
_PARTS = re.compile(
    r"\s+[|•·/–—]\s+|;\s+|(?<=\d)\s+(?=[Uu]pdated|UPDATED|[Pp]ublished|[Aa]ktualisiert|[Mm]is à jour|[Aa]ctualizado)"
)
_TRIM = " \t:：／,.-–—|•·()[]【】/"
# A name: two to five capitalised words, with the small words of surnames between them.
_SMALL = "de|da|do|dos|das|del|della|di|du|des|van|von|der|den|ter|ten|la|le|el|al|bin|ibn|y|e|zu|af|av"
_NAME = rf"[^\W\d_a-z][\w.'’\-]*(?: (?:(?:{_SMALL}) ){{0,2}}[^\W\d_a-z][\w.'’\-]*){{1,3}}"
_NAMES = re.compile(
    rf"(?P<names>{_NAME}(?:(?:, | and | und | et | y | e | en | og | och | & |, and ){_NAME}){{0,7}})(?P<role>[,|•·/\-–—(].{{0,80}}| (?:in|for|at|für|à|en) .{{2,40}})?"
)
_BETWEEN = re.compile(r", and |, | and | und | et | y | e | en | og | och | & ")
_ORGANIZED = re.compile(
    r"\b(?:staff|news|press|agency|writer|reporter|editor|correspondent|contributor|desk|team|today|times|post|service|online|redaktion|redacción|rédaction|redazione|associated|reuters|bureau)\b",
    re.IGNORECASE,
)


class _Labels(NamedTuple):
    dates: dict[str, tuple[str, str]]  # folded label -> kind, language
    bylines: dict[str, str]
    firsts: frozenset[str]  # first words of the labels of days
    authored: frozenset[str]  # and of bylines
    longest: int  # words of the longest label


@step(reads=("language",), provides=("published", "updated"), answer=first(Moment))
def read_inline_date(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Read when the text itself says it was published or updated; the answer is the first it states.

    >>> read_inline_date("date 2017-12-27 MOSCOW: It rained.").days.day
    datetime.date(2017, 12, 27)
    >>> read_inline_date("Published: 27 Dec 2017 08:14 GMT\n\nIt rained.").at.isoformat()
    '2017-12-27T08:14:00+00:00'

    A day alone in its line counts above the story; days that a story tells are left alone:

    >>> read_inline_date("December 27, 2017\n\nIt rained.").days.day
    datetime.date(2017, 12, 27)
    >>> read_inline_date("Published in 1851, it sold badly."), read_inline_date("It rained on December 27, 2017.")
    (None, None)

    Labelled days come first, then the nearest to the story. Lines of up to 130 characters; the
    labels stand in `normalize/data/labels.tsv`. Days in numbers alone are read in the order of the
    known language.
    """
    found = survey(text)
    framed = any(found.first < n < found.head for n in found.matches)
    read: list[tuple[bool, int, list[Annotation]]] = []
    labels = _labels()
    for n, (start, end) in enumerate(found.lines):
        before = n < found.first or (framed and n < found.head)
        may = end - start <= _LONGEST and (before or found.heads[n] in labels.firsts)
        if may and _DAY.search(text, start, end) is not None:
            stated = _stated(text[start:end], known, bare=before)
            if stated is not None:
                items = [Annotation(start, end, kind, moment) for kind, moment in stated.days]
                read.append((not stated.labelled, abs(n - found.first), items))
                continue
        if n <= found.head and (glued := _glued(text, start, end, known)) is not None:
            read.append((False, 0, [glued]))
    for _, _, items in sorted(read, key=lambda entry: entry[:2]):
        yield from items


@step(reads=("published", "updated", "language"))
def strip_inline_date(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Cut what the text says of its own publication: a whole line, or the words before the story's first.

    >>> strip_inline_date("date 2017-12-27 MOSCOW: It rained."), strip_inline_date("Updated 27 Dec 2017\n\nIt rained.")
    ('MOSCOW: It rained.', 'It rained.')
    >>> strip_inline_date("Updated in 1999, the law stands.")
    'Updated in 1999, the law stands.'
    """
    published, updated = known.found("published"), known.found("updated")
    missing = published is None and updated is None
    found: Iterable[object] = read_inline_date.find(text, known) if missing else (published or ()) + (updated or ())
    yield from _cut(text, found, "date")


@step(provides=("author",), answer=every(str))
def find_bylines(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Find the names in the lines that say who wrote the story.

    >>> find_bylines("By Jane Doe, Staff Writer\n\nIt rained."), find_bylines("Von JANE DOE und John van Roe")
    (['Jane Doe'], ['JANE DOE', 'John van Roe'])
    >>> find_bylines("By Friday it was over."), find_bylines("By the River\n\nIt rained.")
    ([], [])
    """
    found = survey(text)
    labels = _labels()
    for n in range(found.head):
        start, end = found.lines[n]
        if end - start > _LONGEST or found.heads[n] not in labels.authored:
            continue
        for name in _authors(text[start:end]):
            yield Annotation(start, end, "author", name)


@step(reads=("author",))
def strip_bylines(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Cut the lines that say who wrote the story.

    >>> strip_bylines("By Jane Doe, Staff Writer\n\nIt rained.")
    'It rained.'
    >>> strip_bylines("By Friday it was over.")
    'By Friday it was over.'
    """
    read = known.found("author")
    yield from _cut(text, find_bylines.find(text, known) if read is None else read, "byline")


def _cut(text: str, found: Iterable[object], rule: str) -> Iterator[Edit]:
    spans = [(a.start, a.end) for a in found if isinstance(a, Annotation) and a.start is not None and a.end is not None]
    for start, end in cut_spans(text, spans):
        yield Edit(start, end, "", rule)


def _glued(text: str, start: int, end: int, known: Facts) -> Annotation | None:
    """Return the day that is glued to a story's first line: "date 2017-12-27 MOSCOW: …"."""
    head = _HEAD.match(text, start, end)
    moment = None if head is None else parse_moment(head["day"], language=known.language)
    return None if head is None or moment is None else Annotation(*head.span(), "published", moment)


class _Stated(NamedTuple):
    days: list[tuple[str, Moment]]
    labelled: bool


def _stated(words: str, known: Facts, *, bare: bool) -> _Stated | None:
    """Return the days that a line states, None where a part of it is neither label nor day."""
    read: list[tuple[str, Moment]] = []
    labelled = False
    for part in _PARTS.split(words):
        kind, language, rest = _labelled(part)
        if kind is None and not (bare or read):
            return None
        moment = parse_moment(rest, language=known.language or language) if _DIGIT.search(rest) else None
        if moment is None or moment.days.day is None or not _plausible(moment):
            return None
        labelled = labelled or kind is not None
        read.append((kind or "published", moment))
    return _Stated(read, labelled)


def _plausible(moment: Moment) -> bool:
    return 1800 < moment.days.begin.year < 2200


def _labelled(words: str) -> tuple[str | None, str | None, str]:
    """Return the kind and language of the label that a line begins with, and what follows it."""
    labels = _labels()
    ends = [found.end() for found in re.finditer(r"\w+", words[:_LABEL])][: labels.longest]
    for end in reversed(ends):
        known = labels.dates.get(fold(words[:end]))
        if known is not None:
            return *known, words[end:].strip(_TRIM)
    return None, None, words.strip(_TRIM)


def _authors(words: str) -> Iterator[str]:
    labels = _labels()
    ends = [found.end() for found in re.finditer(r"\w+", words[:_LABEL])][: labels.longest]
    for end in reversed(ends):
        if fold(words[:end]) not in labels.bylines:
            continue
        rest = words[end:].strip(_TRIM)
        named = _NAMES.fullmatch(rest)
        if named is not None:
            for name in _BETWEEN.split(named["names"]):
                if _ORGANIZED.search(name) is None:
                    yield name.strip(_TRIM)
        return


@cache
def _labels() -> _Labels:
    dates: dict[str, tuple[str, str]] = {}
    bylines: dict[str, str] = {}
    longest = 1
    for row in read_table("labels"):
        label = fold(row["phrase"])
        longest = max(longest, label.count(" ") + 1)
        if row["kind"] == "byline":
            bylines[label] = row["language"]
        else:
            dates.setdefault(label, (row["kind"], row["language"]))
    firsts, authored = (frozenset(label.partition(" ")[0] for label in labels) for labels in (dates, bylines))
    return _Labels(dates, bylines, firsts, authored, longest)
