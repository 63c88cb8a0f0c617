"""Unmarked stamps: lines that say when a story was published, with no marks between day, clock, label and name.

Shared knowledge: imports only calendar, stamps and what they import. `stamps` reads a line part by part; here the
days are found where they stand, and what is left must be little.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from normalize.calendar import Moment, is_month, weekday_number
from normalize.stamps import Stamp, byline_label, date_label, moment_of, names_of, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY = re.compile(
    r"\d{4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일]?"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
    r"|\d{1,2}[-./] ?\d{1,2}[-./] ?\d{4}"
    r"|\d{1,2}[./]\d{1,2}[./]\d\d\b"
    r"|\d{1,2}(?:st|nd|rd|th|er|[.º])? ?(?:de |d[’']|of )?[^\W\d_]{3,12}[.,]? (?:del? )?\d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_CLOCK = re.compile(
    r"(?:\b(?:at|um|kl\.?|om|ore|alle|a las|à|às|time)|@)? ?\b\d{1,2}(?:[:.hH時시][0-5]\d){1,2}[h分분]?(?: ?[ap]\.?m\b\.?)?"
    r"(?: ?\(?(?:(?:Uhr|[A-Z]{2,5})(?: ?[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d{2}:?\d\d)\)?)?",
    re.IGNORECASE,
)
_MARKS = " \t\xa0\u3000:：／,.-–—|•·⋅()[]【】/@;«»"
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 48  # letters that may be left
_WORDS = 5  # of one piece
_LABEL_WORDS = 4
_PARTS = re.compile(r"\s+[|•·⋅/–—~-]{1,2}\s+|[|•·⋅]|//|\s{2,}")
_SENTENCED = re.compile(r"\w{4}[.!?]\s*$")  # "5 Min." is none
_GLUED = re.compile(r"([^\W\d_]{4})(\d)")  # "Updated21:22", "Doe27. Dezember"
_NEAR = 12  # code points between a day and its clock
_NO_NAME = frozenset({"on", "am", "den", "vom", "le", "el", "il", "op", "em", "in", "the", "of", "and", "by", "at"})


_WEB = 1980  # no page is older; "28.09.1912:44" is a day of 2019 and a clock
_SPAN = re.compile(r"\d\.? ?[-–—] ?$")  # "14. – 20. Januar 2022"


class _Found(NamedTuple):
    start: int
    end: int
    moment: Moment


def read_unmarked(words: str, language: str | None) -> Stamp | None:
    """Return what a line says that is a stamp though its parts stand without marks, None where it is none.

    >>> stamp = read_unmarked("Mon 20 Nov 2017 06.05 GMT   Last modified on Tue 21 Nov 2017 06.07 GMT", None)
    >>> [(kind, str(moment.days.day)) for kind, moment in stamp.days]
    [('published', '2017-11-20'), ('updated', '2017-11-21')]
    >>> read_unmarked("Posted by: Jane Doe on February 18, 2017 in Harbour Leave a comment", None).names
    ('Jane Doe',)
    >>> read_unmarked("It rained on February 18, 2017 in the harbour", None) is None
    True
    """
    words = _GLUED.sub(r"\1 \2", words)
    days = list(_days(words, language))
    if not days or any(_SPAN.search(words[: day.start]) for day in days):
        return None
    clocked = _CLOCK.search(words) is not None and not _SENTENCED.search(words)
    ends = [0, *(day.end for day in days)]
    gaps = [words[a:b] for a, b in zip(ends, [*(day.start for day in days), len(words)], strict=True)]
    kinds: list[str | None] = []
    names: list[str] = []
    left: list[str] = []
    for n, gap in enumerate(gaps):
        kind, rest = _labelled(gap) if n < len(days) else (None, gap)
        kinds.append(kind)
        for piece in filter(None, (part.strip(_MARKS) for part in _PARTS.split(_CLOCK.sub(" ", rest)))):
            named = _named(piece)
            names.extend(named)
            if not named and not _is_weekday(piece):
                left.append(piece)
    kinds.pop()
    labelled = any(kinds)
    unsaid = {day.moment.days for day, kind in zip(days, kinds, strict=True) if kind is None}
    if (
        len(unsaid) > 1
        or not _is_little(left)
        or not (labelled or names or clocked or _stands_out(words, days, gaps[0]))
    ):
        return None
    stated = tuple((kind or "published", day.moment) for kind, day in zip(kinds, days, strict=True))
    return Stamp(stated, tuple(dict.fromkeys(names)), labelled, len(left))


def _days(words: str, language: str | None) -> Iterator[_Found]:
    """Yield the days of a line, each with the clock right after or before it."""
    for found in _DAY.finditer(words):
        start = found.start()
        bare = moment_of(found.group(), language)
        if bare is None or bare.days.begin.year < _WEB:
            continue
        after = _CLOCK.search(words, found.end())
        clock = after.group() if after and after.start() - found.end() <= _NEAR else ""
        if not clock and (before := _CLOCK.match(words)) and start - before.end() <= _NEAR:
            clock = before.group()
        whole = moment_of(f"{found.group()} {clock.strip(_MARKS)}", language) if clock else None
        yield _Found(start, found.end(), whole if whole and whole.days == bare.days else bare)


def _labelled(gap: str) -> tuple[str | None, str]:
    """Return the kind that a label at the end of the words before a day tells, and the words without it."""
    bare = _CLOCK.sub(" ", gap).rstrip(_MARKS)
    listed = bare.split()
    if listed and _is_weekday(listed[-1].strip(_MARKS)):
        listed.pop()
    for size in range(min(len(listed), _LABEL_WORDS), 0, -1):
        kind, _, rest = date_label(" ".join(listed[-size:]))
        if kind is not None and not rest:
            return kind, " ".join(listed[:-size])
    kind, _, rest = date_label(bare)
    if kind is not None and byline_label(bare) is None:
        return kind, rest
    return None, bare


def _named(piece: str) -> tuple[str, ...]:
    """Return the names of a piece: "Posted by: Jane Doe on", "Jane Doe"."""
    credited = byline_label(piece)
    name = piece if credited is None else credited
    *listed, last = name.split() or [""]
    if last.lower() in _NO_NAME:
        name = " ".join(listed)
    if credited is None:
        return (name,) if plain_name(name) else ()
    return names_of(name)


def _is_weekday(piece: str) -> bool:
    return all(weekday_number(word) is not None for word in piece.replace(",", " ").split())


def _is_little(left: list[str]) -> bool:
    """Return whether what is left of a line is little enough, and no sentence."""
    if any(piece.count(" ") >= _WORDS or ". " in piece or any(map(is_month, piece.split())) for piece in left):
        return False
    return sum(len("".join(_WORD.findall(piece))) for piece in left) <= _MOST


def _stands_out(words: str, days: list[_Found], before: str) -> bool:
    """Return whether days that nothing is said of are the line's purpose: they open or close it, and no sentence does."""
    bare = "" if _is_weekday(before.strip(_MARKS)) else before.strip(_MARKS)
    if bare.rpartition(" ")[2].islower() or _SENTENCED.search(words):
        return False
    return not bare or days[-1].end >= len(words.rstrip(_MARKS))
