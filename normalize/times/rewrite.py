"""Rewriting: the resolved value beside the words, or in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import settle, step
from normalize.times.find import find_times
from normalize.times.value import Time

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESOLVED = re.compile(r"[0-9]{2,4}(?:-[0-9WQHSFT][0-9A-Z:.-]{0,18})?")
_NOTED = re.compile(r" ?\[[0-9]{2,4}(?:-[0-9WQHSFT][0-9A-Z:.-]{0,18})?\]")


@step(
    rules=("beside", "instead"),
    reads=("published", "published_at", "dateline", "language", "time"),
    cuts=("time",),
)
@settle(passes=3)
def resolve_times(
    text: str, *, known: Facts = UNKNOWN, place: Literal["beside", "instead"] = "beside"
) -> Iterator[Edit]:
    """Write the calendar value of dates and clocks beside their words.

    >>> from datetime import date
    >>> from normalize.calendar import DateInterval
    >>> known = Facts(published=DateInterval.of(date(2017, 12, 27)))
    >>> resolve_times("They met on Tuesday.", known=known)
    'They met on Tuesday [2017-12-26].'

    `place="instead"` puts the value in place of the words:

    >>> resolve_times("They met on Tuesday.", known=known, place="instead")
    'They met on 2017-12-26.'

    What is not resolved to the calendar, durations and values that stand there already are left alone:

    >>> resolve_times("On December 26, for three years.")
    'On December 26, for three years.'
    """
    done = -1
    for time in _times(text, known):
        if time.start < done:  # the second zone of "8 p.m. ET/PT"
            continue
        done = time.end
        if time.type not in ("DATE", "TIME") or time.value == time.text or not _RESOLVED.fullmatch(time.value):
            continue
        before = text[max(0, time.start - 24) : time.start]
        if before.rfind("[") > before.rfind("]") or _NOTED.match(text, time.end):
            continue
        if place == "instead":
            yield Edit(time.start, time.end, time.value, "instead")
        else:
            yield Edit(time.end, time.end, f" [{time.value}]", "beside")


def _times(text: str, known: Facts) -> list[Time]:
    found = known.found("time")
    if found is None:
        return find_times(text, known=known)
    times = [a.value for a in found if isinstance(a.value, Time) and a.start is not None]
    return sorted((t for t in times if text[t.start : t.end] == t.text), key=lambda t: t.start)
