"""The reader of times; what it does stands in `tell`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.steps import every, step
from normalize.times.value import Time

if TYPE_CHECKING:
    from collections.abc import Iterator


@step(reads=("published", "published_at", "dateline", "language"), provides=("time",), answer=every(Time))
def find_times(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    """Read the times that a text names: days, dates, clocks, periods, durations, sets.

    >>> from datetime import date
    >>> from normalize.calendar import DateInterval
    >>> known = Facts(published=DateInterval.of(date(2017, 12, 27)))
    >>> [(t.text, t.type, t.value) for t in find_times("They met on Tuesday (Wednesday in Manila).", known=known)]
    [('Tuesday', 'DATE', '2017-12-26'), ('Wednesday', 'DATE', '2017-12-27')]

    What nothing known decides keeps its X:

    >>> [t.value for t in find_times("They spoke on December 26 and last month.")]
    ['XXXX-12-26', 'XXXX-XX']

    The first end of a range knows the place of the other one in the list; with a zone it spans the whole range:

    >>> [(t.text, t.value, t.until) for t in find_times("Open March 3-5, from 10 to 11 a.m.", known=known)][:2]
    [('March 3', '2018-03-03', 1), ('5', '2018-03-05', None)]

    Numbers and names that are no times are left alone:

    >>> find_times("May said version 2.0 sold 100M; they may march on.")
    []

    Values are TIMEX3 (ISO-TimeML); instants are UTC and half-open.
    """
    from normalize.times.tell import tell_times  # noqa: PLC0415 (its tables and patterns cost 0.1 s, only where times are read)

    yield from (Annotation(t.start, t.end, "time", t) for t in tell_times(text, known))
