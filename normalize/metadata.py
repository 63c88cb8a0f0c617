"""Metadata that stands in the text: when it was published or updated, and by whom it was written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from normalize.calendar import Moment, parse_moment
from normalize.doubles import once
from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.phrases import fold
from normalize.shapes import Survey, cut_spans, ends_sentence, survey
from normalize.stamps import DAY, LONGEST, Stamp, byline_label, names_of, plain_name, read_labels, read_stamp
from normalize.steps import every, first, step
from normalize.unmarked import read_unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NEAR = 14  # lines above the story in which a bare day is the story's, not that of a teaser or of today
_LONE = 3
_ENDED = 3  # lines after it where the one day of a page may stand
_BEGUN = 3  # lines into the story of a page where its day may stand under its standfirst
_HEADLINE = 25
_CLOCK = re.compile(r"\d:\d\d|\d[h.]\d\d\s|\d ?[ap]\.?m|Uhr")
_WORDS = re.compile(r"[^\W\d]{3,}")
# "date 2017-12-27 MOSCOW: …", the one label that stands before words of the story
_HEAD = re.compile(
    r"[Dd]ate:? (?P<day>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?)?)(?= |$)"
)


class _Dated(NamedTuple):
    """A line that is a stamp: its number, and how well it states the story's day (the lowest is the best)."""

    line: int
    rank: int
    stamp: Stamp


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
    if _HEADED in found.heads[: found.head + 1]:
        for n in range(min(found.head + 1, len(found.lines))):
            glued = _glued(text, *found.lines[n], known)
            if glued is not None:
                yield glued
    for dated in sorted(_dated(text, known.language), key=lambda d: (d.rank, abs(d.line - found.first))):
        for kind, moment in dated.stamp.days:
            yield Annotation(*found.lines[dated.line], kind, moment)


@step(rules=("date",), reads=("published", "updated", "language"), cuts=("published", "updated"))
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


@step(reads=("language",), provides=("author",), answer=every(str))
def find_bylines(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Find the names in the lines that say who wrote the story.

    >>> find_bylines("By Jane Doe, Staff Writer\n\nIt rained."), find_bylines("Von JANE DOE und John van Roe")
    (['Jane Doe'], ['JANE DOE', 'John van Roe'])
    >>> find_bylines("By Friday it was over."), find_bylines("By the River\n\nIt rained.")
    ([], [])
    """
    found = survey(text)
    if not found.head:
        return
    read = {dated.line: dated.stamp.names for dated in _dated(text, known.language) if dated.line < found.head}
    authored = read_labels().authored
    for n in range(found.head):
        line = found.lines[n]
        names = read.get(n) or ()
        if line[1] - line[0] <= LONGEST and not names:
            names = (_credited(text, *line) if found.heads[n] in authored else ()) or _beside(text, found, n, read)
        for name in dict.fromkeys(map(once, names)):
            yield Annotation(*line, "author", name)


@step(rules=("byline",), reads=("author",), cuts=("author",))
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


_HEADED = "date"


def _glued(text: str, start: int, end: int, known: Facts) -> Annotation | None:
    """Return the day that is glued to a story's first line: "date 2017-12-27 MOSCOW: …"."""
    head = _HEAD.match(text, start, end)
    moment = None if head is None else parse_moment(head["day"], language=known.language)
    return None if head is None or moment is None else Annotation(*head.span(), "published", moment)


@lru_cache(maxsize=2)
def _dated(text: str, language: str | None) -> tuple[_Dated, ...]:
    """Return the lines of `text` that are stamps and may state the story's day."""
    found = survey(text)
    above = max(found.first, found.head)
    lines = found.lines
    stated = [
        n for n in _may_state(found, above) if lines[n][1] - lines[n][0] <= LONGEST and DAY.search(text, *lines[n])
    ]
    if not stated:
        return ()
    framed = found.page or any(found.first < n < found.head for n in found.matches)
    read: list[_Dated] = []
    bare: list[_Dated] = []
    for n in stated:
        start, end = found.lines[n]
        stamp = read_stamp(text[start:end], language) or read_unmarked(text[start:end], language)
        if stamp is None:
            continue
        close = (
            n < found.first
            or (n < above and (framed or _is_rich(text[start:end], stamp)))
            or (found.page and n - found.first < _BEGUN and not stamp.asides)
        )
        rank = _rank(stamp, near=close and n - found.first >= -_NEAR, above=n < above)
        (bare if rank is None else read).append(_Dated(n, _LONE if rank is None else rank, stamp))
    return tuple(read if any(dated.rank <= 1 for dated in read) else (*read, *_lone(text, found, bare)))


def _may_state(found: Survey, above: int) -> Sequence[int]:
    """Return the lines that may state the story's day: those above it, on a page those inside it, and labelled ones."""
    firsts = read_labels().firsts
    end = min(max(above, found.last + _ENDED), len(found.lines)) if found.page else above
    if firsts.isdisjoint(found.heads):
        return range(end)
    return [*range(end), *(n for n in range(end, len(found.lines)) if found.heads[n] in firsts)]


def _rank(stamp: Stamp, *, near: bool, above: bool) -> int | None:
    """Return how well a stamp states the story's day: labels first, then bare days near it, then updates."""
    if not stamp.labelled:
        return 1 if near else None
    if not above and stamp.asides:
        return None
    return 0 if any(kind == "published" for kind, _ in stamp.days) else 2


def _lone(text: str, found: Survey, bare: list[_Dated]) -> list[_Dated]:
    """Return the first of the days that stand alone farther from the story, where all state the same day."""
    days = {moment.days for dated in bare for _, moment in dated.stamp.days}
    sure = [
        dated
        for dated in bare
        if not dated.stamp.asides and not _is_today(text[slice(*found.lines[dated.line])], dated.stamp)
    ]
    return sure[:1] if len(days) == 1 and (found.page or (sure and found.outside(sure[0].line))) else []


def _is_rich(words: str, stamp: Stamp) -> bool:
    """Return whether a clock or a name stands beside the day: no subhead of a timeline has them."""
    return bool(stamp.names) or _CLOCK.search(words) is not None


def _is_today(words: str, stamp: Stamp) -> bool:
    """Tell "Friday, 16 March 2018", as many pages say above their menus what day it is, from a story's day."""
    return not _is_rich(words, stamp) and len(_WORDS.findall(words)) > 1


def _credited(text: str, start: int, end: int) -> tuple[str, ...]:
    """Return the names of a line with a byline label: "By Jane Doe, Staff Writer"."""
    rest = byline_label(once(text[start:end]))
    return () if rest is None else names_of(once(rest))


# "Jane Doe2 hours ago", "Jane Doe   @janedoe  /  2 days": how long before the page was fetched, which nobody can reckon from
_AGO = re.compile(
    r"(?:\s+@\w{2,20})?[\s|/·•,–-]*(?:(?:[Pp]ublished|[Pp]osted|[Uu]pdated|[Vv]or|[Hh]ace|[Ii]l y a)\s)?\d{1,2}\s?(?:min\w*|hours?|hrs?|h|days?|Stunden?|Minuten|"
    r"horas?|heures?|jours|Tagen?)(?: ago)?$"
)


def _beside(text: str, found: Survey, n: int, dated: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the name that stands alone in its line, under a byline label, beside the story's day or under the headline."""
    start, end = found.lines[n]
    if n in found.matches or not text[start].isupper():
        return ()
    near = (
        n - 1 in dated or n + 1 in dated or _is_under_headline(text, found, n) or (n and _is_label(text, found, n - 1))
    )
    ago = _AGO.search(text, start, end) if _FIGURE.search(text, max(start, end - _BACK), end) else None
    name = once(text[start : end if ago is None else ago.start()]) if near or ago else ""
    return (name,) if plain_name(name) else ()


_FIGURE = re.compile(r"\d")
_BACK = 30  # code points of the longest such end


def _is_under_headline(text: str, found: Survey, n: int) -> bool:
    """Return whether a line stands between a headline and the story's first paragraph."""
    if n != found.first - 1 or not n or n - 1 in found.matches:
        return False
    start, end = found.lines[n - 1]
    return _HEADLINE <= end - start <= LONGEST and not ends_sentence(text[start:end])


def _is_label(text: str, found: Survey, n: int) -> bool:
    start, end = found.lines[n]
    return found.heads[n] in read_labels().authored and fold(text[start:end]) in read_labels().bylines
