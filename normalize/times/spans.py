"""Spans of the calendar: days, weeks, months, quarters, years and holidays as TIMEX3 values with their bounds."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

_DAY = timedelta(days=1)


class Days(NamedTuple):
    """A resolved value, and the days it stands for (half-open, None when not known)."""

    value: str
    begin: date | None = None
    end: date | None = None
    anchor: str | None = None


def day_value(day: date) -> Days:
    """Return a day as a resolved value."""
    return Days(day.isoformat(), day, day + _DAY if day < date.max else None)


def month_value(year: int, month: int) -> Days:
    """Return a month of a year; months past December or before January run into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Days(f"{year:04d}-{month:02d}", date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))


def year_value(year: int, to: int | None = None) -> Days:
    """Return a year, or the years until the end of `to`."""
    end = date((to or year) + 1, 1, 1) if (to or year) < 9999 else None
    return Days(f"{year:04d}", date(year, 1, 1), end)


def quarter_value(year: int, quarter: int) -> Days:
    """Return a quarter of a year; quarters may run over."""
    year, quarter = year + (quarter - 1) // 4, (quarter - 1) % 4 + 1
    first = month_value(year, quarter * 3 - 2).begin
    return Days(f"{year:04d}-Q{quarter}", first, month_value(year, quarter * 3).end)


def week_value(day: date) -> Days:
    """Return the ISO week of a day."""
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Days(f"{year:04d}-W{week:02d}", monday, monday + 7 * _DAY)


def weekend_value(day: date) -> Days:
    """Return the weekend of the ISO week of a day."""
    week = week_value(day)
    assert week.begin is not None
    return Days(f"{week.value}-WE", week.begin + 5 * _DAY, week.end)


def holiday_day(rule: str, year: int) -> date | None:
    """Return the day of a holiday: "12-25", "11-4-3" (fourth Thursday of November), "E-2" (days from Easter)."""
    if rule.startswith("E"):
        return easter(year) + int(rule[1:]) * _DAY
    body, _, plus = rule.partition("+")
    parts = body.split("-")
    if len(parts) == 2:
        return date(year, int(parts[0]), int(parts[1]))
    if len(parts) != 3:
        return None
    month, weekday = int(parts[0]), int(parts[2])
    if parts[1] == "L":
        last = date(year, month, monthrange(year, month)[1])
        return last - ((last.weekday() - weekday) % 7) * _DAY
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (int(parts[1]) - 1) + int(plus or 0)) * _DAY


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus's form of the anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    month, day = divmod(h + ell - 7 * m + 114, 31)
    return date(year, month, day + 1)
