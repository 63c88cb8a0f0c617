"""Resolving days and months: weekdays, dates without a year, relative days, days counted in a month or week."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from normalize.times.context import Context, int_of, is_ahead, last_day
from normalize.times.spans import Days, day_value, month_value, week_value, year_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.value import Reading

_DAY = timedelta(days=1)


def _day(reading: Reading, context: Context) -> Days:
    if context.today is None:
        return Days("XXXX-XX-XX")
    return day_value(context.today + int_of(reading.args[0]) * _DAY)._replace(anchor="published")


def _mention(reading: Reading, context: Context) -> Days:
    base, anchor = last_day(context)
    if base is None:
        return Days("XXXX-XX-XX")
    return day_value(base + int_of(reading.args[0]) * _DAY)._replace(anchor=anchor)


def _that_day(reading: Reading, context: Context) -> Days:
    base, anchor = last_day(context)
    return Days("XXXX-XX-XX") if base is None else day_value(base)._replace(anchor=anchor)


def _weekday(reading: Reading, context: Context) -> Days:
    weekday, rel = int_of(reading.args[0]), reading.args[1]
    if rel == "every" or context.today is None:
        return Days(f"XXXX-WXX-{weekday + 1}")
    today, anchor = context.today, "published"
    if rel in ("before", "after", "that"):
        today, anchor = last_day(context)[0] or today, "mention"
    back = (today.weekday() - weekday) % 7
    if rel in ("-1", "before"):
        shift = -(back or 7)
    elif rel in ("1", "after"):
        shift = 7 - back
    elif rel == "0":
        shift = weekday - today.weekday()
    elif back and is_ahead(reading, context):
        shift = 7 - back
    else:
        shift = -back
    return day_value(today + shift * _DAY)._replace(anchor=anchor)


def _date(reading: Reading, context: Context) -> Days:
    year, month, day = reading.args
    if year is not None:
        return day_value(date(int_of(year), int_of(month), int_of(day)))
    if context.today is None or reading.type == "SET":
        date(2000, int_of(month), int_of(day))  # raises on a 31st of February
        return Days(f"XXXX-{month:02d}-{day:02d}")
    return day_value(_nearest(int_of(month), int_of(day), reading, context))._replace(anchor="published")


_SOON = 120  # days: without a verb, "February 2" in December is to come, "June 3" is not


def _nearest(month: int, day: int, reading: Reading, context: Context) -> date:
    """Return the day of the year nearest the document's, unless the tense clearly says otherwise."""
    today = context.today
    assert today is not None
    days = [
        date(year, month, day)
        for year in range(today.year - 4, today.year + 5)
        if 0 < year < 9999 and day <= monthrange(year, month)[1]
    ]
    best = min(days, key=lambda d: abs((d - today).days))
    if abs((best - today).days) > 60:
        ahead = is_ahead(reading, context)
        if ahead is None:
            ahead = best > today and abs((best - today).days) < _SOON
        fitting = [d for d in days if d >= today] if ahead else [d for d in days if d <= today]
        best = min(fitting or days, key=lambda d: abs((d - today).days))
    return best


def _nth_weekday(reading: Reading, context: Context) -> Days:
    """Return "the last Sunday in March": a weekday counted in a month."""
    nth, weekday = int_of(reading.args[4]), int_of(reading.args[5])
    month = _month(reading, context)
    if month.begin is None or month.end is None:
        return Days(f"{month.value}-WXX-{weekday + 1}")
    if nth < 0:
        last = month.end - _DAY
        return day_value(last - ((last.weekday() - weekday) % 7) * _DAY)._replace(anchor=month.anchor)
    day = month.begin + ((weekday - month.begin.weekday()) % 7 + 7 * (nth - 1)) * _DAY
    return day_value(day)._replace(anchor=month.anchor)


_MONTHS_NEAR = 10  # "in September", written in August, is next month: the other would be "last September"


def _month(reading: Reading, context: Context) -> Days:
    year, month, rel, *more = reading.args
    of_year = more[0] if more else None
    if year is not None:
        return month_value(int_of(year), int_of(month))
    if context.today is None or rel == "every":
        return Days(f"XXXX-{month:02d}")
    today = context.today
    if of_year is not None:
        return month_value(today.year + int_of(of_year), int_of(month))._replace(anchor="published")
    back = (today.month - int_of(month)) % 12
    if rel == "0":
        return month_value(today.year, int_of(month))._replace(anchor="published")
    if rel == "-1":
        shift = -(back or 12)
    elif rel == "1" or _month_ahead(back, reading, context):
        shift = 12 - back
    else:
        shift = -back
    return month_value(today.year, today.month + shift)._replace(anchor="published")


_MONTHS_MAYBE = 8  # without a verb, what is nearer


def _month_ahead(back: int, reading: Reading, context: Context) -> bool:
    """Return whether a bare month that was `back` months ago is the coming one."""
    if back >= _MONTHS_NEAR or back <= 1:
        return back >= _MONTHS_NEAR
    ahead = is_ahead(reading, context)
    return back >= _MONTHS_MAYBE if ahead is None else ahead


def _day_of_month(reading: Reading, context: Context) -> Days:
    """Return "26日": the day of this month, or of the last one where this month's is still to come."""
    day = int_of(reading.args[0])
    if context.today is None:
        return Days(f"XXXX-XX-{day:02d}")
    shift = -1 if day > context.today.day and not is_ahead(reading, context) else 0
    if day < context.today.day and reading.rule == "nth_day" and is_ahead(reading, context):
        shift = 1
    month = month_value(context.today.year, context.today.month + shift).begin
    assert month is not None
    return day_value(month.replace(day=day))._replace(anchor="published")


def _date_of(reading: Reading, context: Context) -> Days:
    """Return "明年3月1日": a day of a year told from the document's."""
    shift, month, day = (int_of(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-{month:02d}-{day:02d}")
    return day_value(date(context.today.year + shift, month, day))._replace(anchor="published")


def _day_of(reading: Reading, context: Context) -> Days:
    """Return "本月26日": a day of a month told from the document's."""
    shift, day = (int_of(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-XX-{day:02d}")
    month = month_value(context.today.year, context.today.month + shift).begin
    assert month is not None
    return day_value(month.replace(day=day))._replace(anchor="published")


def _weekday_of(reading: Reading, context: Context) -> Days:
    """Return "下周五": a weekday of a week told from the document's."""
    weekday, shift = (int_of(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-WXX-{weekday + 1}")
    monday = week_value(context.today + 7 * shift * _DAY).begin
    assert monday is not None
    return day_value(monday + weekday * _DAY)._replace(anchor="published")


def _year_of(reading: Reading, context: Context) -> Days:
    """Return the year that a reading names, or tells from the document's: "the first week of last year"."""
    if reading.args[0] is not None:
        return year_value(int_of(reading.args[0]))
    return Days("XXXX") if context.today is None else year_value(context.today.year + int_of(reading.args[3]))


def _nth_unit(reading: Reading, context: Context) -> Days:
    """Return "the first week of October", "the last day of 2017": weeks are those of the ISO calendar."""
    unit, nth = str(reading.args[4]), int_of(reading.args[5])
    month = reading.args[1] is not None
    whole = _month(reading, context) if month else _year_of(reading, context)
    if whole.begin is None or whole.end is None:
        return Days(whole.value)
    if unit == "M":
        return month_value(whole.begin.year, nth if nth > 0 else 12)._replace(anchor=whole.anchor)
    size = 7 if unit == "W" else 1
    if unit == "W" and not month:  # the first ISO week holds January 4
        day = date(whole.begin.year, 1, 4) + (nth - 1) * 7 * _DAY if nth > 0 else date(whole.begin.year, 12, 28)
    else:
        day = whole.begin + (nth - 1) * size * _DAY if nth > 0 else whole.end - _DAY
    return (week_value(day) if unit == "W" else day_value(day))._replace(anchor=whole.anchor)


def _nth_weekday_of(reading: Reading, context: Context) -> Days:
    """Return "the first Friday of next month"."""
    shift, nth, weekday = (int_of(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-XX-WXX-{weekday + 1}")
    first = month_value(context.today.year, context.today.month + shift).begin
    assert first is not None
    args = (first.year, first.month, None, None, nth, weekday)
    return _nth_weekday(replace(reading, args=args), context)._replace(anchor="published")


_MONTHS_OFF = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6)


def _weekday_nth(reading: Reading, context: Context) -> Days:
    """Return "Friday the 13th": the nearest month in which that day is a Friday."""
    weekday, day = (int_of(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-XX-{day:02d}")
    for shift in _MONTHS_OFF:
        first = month_value(context.today.year, context.today.month + shift).begin
        if first is not None and day <= monthrange(first.year, first.month)[1]:
            found = first.replace(day=day)
            if found.weekday() == weekday:
                return day_value(found)._replace(anchor="published")
    return Days(f"XXXX-XX-{day:02d}")


DAY_RESOLVERS: dict[str, Callable[[Reading, Context], Days]] = {
    "day": _day,
    "mention": _mention,
    "that_day": _that_day,
    "clock": _that_day,
    "weekday": _weekday,
    "nth_weekday": _nth_weekday,
    "nth_weekday_of": _nth_weekday_of,
    "weekday_nth": _weekday_nth,
    "nth_unit": _nth_unit,
    "date": _date,
    "month": _month,
    "day_of_month": _day_of_month,
    "date_of": _date_of,
    "day_of": _day_of,
    "weekday_of": _weekday_of,
}
