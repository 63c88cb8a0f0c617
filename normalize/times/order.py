"""Order: the ends of a range follow each other, so that one decides the day, week or year of the other."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from normalize.times.context import Context, is_ahead
from normalize.times.spans import day_value, month_value, week_value

if TYPE_CHECKING:
    from normalize.times.doubles import Telling
    from normalize.times.spans import Days

_DAY = timedelta(days=1)


_EDGES = suppress(ValueError, OverflowError)  # before the year 1, after 9999: what stands there stays


def order_ranges(tellings: list[Telling], context: Context) -> None:
    """Move the ends of ranges that nothing but their order decides: "Monday to Friday", "11 p.m. to 2 a.m."."""
    for one, two in pairwise(tellings):
        if one.reading.until and one.days.begin is not None and two.days.begin is not None:
            with _EDGES:
                _order(one, two, context)


def _order(one: Telling, two: Telling, context: Context) -> None:
    if one.reading.clock is not None and two.reading.clock is not None:
        _order_clocks(one, two)
    elif one.days.begin is not None and two.days.begin is not None and two.days.begin < one.days.begin:
        _order_days(one, two, context)


_WEEK_OF = re.compile(r" (?:of|ending|ended|starting|beginning|commencing)(?: on)? ")


def place_weeks(text: str, tellings: list[Telling]) -> None:
    """Give "the week of Oct. 3", "the week ending Friday" the week of the day that follows."""
    for one, two in pairwise(tellings):
        if one.reading.what == "unit" and one.reading.args == ("W", "0") and two.days.begin is not None:
            day = two.days.end is not None and two.days.end - two.days.begin == _DAY
            if day and _WEEK_OF.fullmatch(text[one.reading.end : two.reading.start]):
                with _EDGES:
                    one.days = week_value(two.days.begin)._replace(anchor=two.days.anchor)


def _order_clocks(one: Telling, two: Telling) -> None:
    """Give a clock without a day the day of the other end, or the night's other one."""
    assert one.reading.clock is not None
    assert two.reading.clock is not None
    night = one.reading.clock > two.reading.clock
    if not two.own_day:
        _set_day(two, one, 1 if night else 0)
    elif not one.own_day:
        _set_day(one, two, -1 if night else 0)


def _set_day(telling: Telling, by: Telling, shift: int) -> None:
    assert by.days.begin is not None
    telling.days = day_value(by.days.begin + shift * _DAY)._replace(anchor=by.days.anchor)


def _order_days(one: Telling, two: Telling, context: Context) -> None:
    """Move the last end behind the first; where it is past, the first before the last."""
    past = one.reading.until == "to" and is_ahead(two.reading, context) is False  # "adjourned Monday until Wednesday"
    moved = None if past else _moved(two, 1)
    if moved is not None:
        two.days = moved
    else:
        one.days = _moved(one, -1) or one.days


def _moved(telling: Telling, by: int) -> Days | None:
    """Return a bare weekday in the next week, a date or month without a year in the next year; None for others."""
    reading, begin = telling.reading, telling.days.begin
    assert begin is not None
    if reading.what == "weekday" and reading.args[1] is None:
        return day_value(begin + 7 * by * _DAY)._replace(anchor=telling.days.anchor)
    if reading.what not in ("date", "month") or reading.args[0] is not None:
        return None
    if reading.what == "month":
        return month_value(begin.year + by, begin.month)._replace(anchor=telling.days.anchor)
    if (begin.month, begin.day) == (2, 29):
        return None
    return day_value(date(begin.year + by, begin.month, begin.day))._replace(anchor=telling.days.anchor)
