"""Resolving: from what was read to a value of the calendar, anchored as news does it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from normalize.times.context import Context, int_of, is_ahead, last_base
from normalize.times.resolve_days import DAY_RESOLVERS
from normalize.times.spans import (
    Days,
    day_value,
    holiday_day,
    month_value,
    quarter_value,
    week_value,
    weekend_value,
    year_value,
)
from normalize.zones import write_offset

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.value import Reading


_DAY = timedelta(days=1)


def resolve(reading: Reading, context: Context) -> Days:
    """Return the calendar value of a reading, X standing for what nothing known decides."""
    try:
        found = _RESOLVERS[reading.what](reading, context)
    except (ValueError, OverflowError):  # a 31st of February, a year before 1
        return Days("XXXX-XX-XX")
    if found.begin is not None and reading.what != "fixed" and reading.args[:1] != ("Y",):
        context.last = found
    return found


# ---- resolvers


def _fixed(reading: Reading, context: Context) -> Days:
    value = str(reading.args[0])
    if value[-1:] == "M" and value[:1] == "P" and value[1:2].isdecimal():
        context.quarter_at = -10_000  # "nine months": what was "a year earlier" is no quarter
    return Days(value)


def _century(reading: Reading, context: Context) -> Days:
    first = (int_of(reading.args[0]) - 1) * 100
    return Days(f"{first // 100:02d}", date(first + 1, 1, 1), date(first + 101, 1, 1))


def _year_ago(reading: Reading, context: Context) -> Days:
    """Return "the year-earlier quarter": the last mentioned quarter, or the year, one year before."""
    number = reading.args[0]
    if number is not None and context.quarter is not None:
        return quarter_value(context.quarter[0] - 1, int_of(number))._replace(anchor="mention")
    if context.quarter is not None and reading.start - context.quarter_at < _QUARTER_REACH:
        context.quarter_at = reading.start
        return quarter_value(context.quarter[0] - 1, context.quarter[1])._replace(anchor="mention")
    if context.today is None:
        return Days("XXXX")
    return year_value(context.today.year - 1)._replace(anchor="published")


def _year_period(reading: Reading, context: Context) -> Days:
    """Return "the 1988 period": the last mentioned quarter of another year."""
    year = int_of(reading.args[0])
    if context.quarter is not None and reading.start - context.quarter_at < _QUARTER_REACH:
        return quarter_value(year, context.quarter[1])._replace(anchor="mention")
    return year_value(year)


_QUARTER_REACH = 600  # a quarter rules the paragraph it stands in


def _year(reading: Reading, context: Context) -> Days:
    return year_value(int_of(reading.args[0]))


def _years(reading: Reading, context: Context) -> Days:
    return year_value(int_of(reading.args[0]), int_of(reading.args[1]))


def _decade(reading: Reading, context: Context) -> Days:
    year = int_of(reading.args[0])
    return Days(f"{year // 10}", date(year, 1, 1), date(year + 10, 1, 1))


_MONTHS_NEAR = 10  # "in September", written in August, is next month: the other would be "last September"


def _quarter(reading: Reading, context: Context) -> Days:
    year, number, _, of_year = reading.args
    if number is None:
        return _quarter_of(reading, context)
    if context.today is None and year is None:
        return Days(f"XXXX-Q{number}")
    if reading.type == "SET":
        return Days(f"XXXX-Q{number}")
    if year is None:
        assert context.today is not None
        now = context.today.year * 4 + (context.today.month - 1) // 3
        year = context.today.year
        if of_year is not None:
            year += int_of(of_year)
        elif int_of(number) - 1 > now % 4 and not is_ahead(reading, context):
            year -= 1
    found = quarter_value(int_of(year), int_of(number))
    context.quarter, context.quarter_at = (int_of(year), int_of(number)), reading.start
    return found._replace(anchor="published")


def _quarter_of(reading: Reading, context: Context) -> Days:
    """Return "the quarter", "the latest quarter", "the year-earlier quarter"."""
    _, _, rel, shift = reading.args
    if context.today is None and context.quarter is None:
        return Days("XXXX-QX")
    if rel == "every":
        return Days("P1Q")
    if rel in ("-1", "0", "1") or context.quarter is None:
        assert context.today is not None
        base = context.today.year, (context.today.month - 1) // 3 + 1 + int_of(rel if rel in ("-1", "0", "1") else -1)
    else:
        base = context.quarter
    year, quarter = base[0] + int_of(shift or 0), base[1]
    context.quarter_at = reading.start
    if shift is None:
        context.quarter = year, quarter
    return quarter_value(year, quarter)._replace(anchor="mention")


def _half(reading: Reading, context: Context) -> Days:
    year, half, of_year = reading.args
    if year is None:
        if context.today is None:
            return Days(f"XXXX-H{half}")
        year = context.today.year + int_of(of_year)
    first = month_value(int_of(year), int_of(half) * 6 - 5)
    return Days(f"{int_of(year):04d}-H{half}", first.begin, month_value(int_of(year), int_of(half) * 6).end)


_UNKNOWN = {"Y": "XXXX", "Q": "XXXX-QX", "M": "XXXX-XX", "W": "XXXX-WXX", "D": "XXXX-XX-XX", "E": "XXX", "C": "XX"}
_UNKNOWN |= {"WE": "XXXX-WXX-WE", "2W": "XXXX-WXX"}


def _unit(reading: Reading, context: Context) -> Days:
    """Return "last week", "this year", "next month", "that year"."""
    unit, rel = str(reading.args[0]), str(reading.args[1])
    base, anchor = context.today, "published"
    if rel in ("that", "before", "after"):
        base, anchor = last_base(context)
        rel = {"that": "0", "before": "-1", "after": "1"}[rel]
    if base is None:
        return Days(_UNKNOWN.get(unit, "XXXX"))
    if unit == "Y":
        context.quarter_at = -10_000  # a year after a quarter: "a year earlier" now means the year
    if unit == "WE" and rel == "0" and base.weekday() < 4 and not is_ahead(reading, context):
        rel = "-1"
    if unit == "W" and rel == "-1" and base.weekday() == 6 and "week_from_sunday" in context.lexicon.words:
        rel = "0"  # on a Sunday "last week" is the one whose working days have just passed
    return _moved(base, unit, int_of(rel))._replace(anchor=anchor)


def _moved(base: date, unit: str, count: int) -> Days:
    """Return the unit of the calendar that is `count` units from the one of `base`."""
    if unit == "Y":
        return year_value(base.year + count)
    if unit == "M":
        return month_value(base.year, base.month + count)
    if unit == "Q":
        return quarter_value(base.year, (base.month - 1) // 3 + 1 + count)
    if unit == "W":
        return week_value(base + count * 7 * _DAY)
    if unit == "2W":
        return week_value(base + count * 14 * _DAY)
    if unit == "WE":
        return weekend_value(base + count * 7 * _DAY)
    if unit == "D":
        return day_value(base + count * _DAY)
    size = 10 if unit == "E" else 100
    first = base.year // size * size + count * size
    return Days(f"{first // size}", date(first, 1, 1), date(first + size, 1, 1))


def _shift(reading: Reading, context: Context) -> Days:
    """Return "two weeks ago", "a year earlier", "three days later", "six months from now"."""
    unit, words, after = (str(arg) for arg in reading.args)
    count = float(words) * (1 if after in ("later", "hence") else -1)
    base, anchor = (context.today, "published") if after in ("ago", "hence") else last_base(context)
    if unit in "SmH":
        return _clock_shift(reading, context, unit, count)
    if base is None:
        return Days(_UNKNOWN.get(unit, "XXXX"))
    if unit == "Y" and context.quarter is not None and reading.start - context.quarter_at < _QUARTER_REACH:
        context.quarter_at = reading.start
        return quarter_value(context.quarter[0] + int(count), context.quarter[1])._replace(anchor="mention")
    if count != int(count):
        base, unit, count = _halves(base, unit, count)
    if unit == "Y" and anchor == "mention" and context.last is not None:
        return _years_from(context.last, int(count))
    return _moved(base, unit, int(count))._replace(anchor=anchor)


def _years_from(last: Days, count: int) -> Days:
    """Return the same day, month or year of another year: what "a year earlier" means after "in May"."""
    assert last.begin is not None
    year = last.begin.year + count
    if len(last.value) == 7 and last.value[5].isdecimal():
        return month_value(year, last.begin.month)._replace(anchor="mention")
    if "-Q" in last.value:
        return quarter_value(year, (last.begin.month - 1) // 3 + 1)._replace(anchor="mention")
    return year_value(year)._replace(anchor="mention")


def _halves(base: date, unit: str, count: float) -> tuple[date, str, float]:
    """Return a half unit in whole smaller ones: a year and a half is 18 months."""
    size = {"Y": ("M", 12), "E": ("Y", 10), "C": ("Y", 100), "W": ("D", 7), "M": ("D", 30)}.get(unit, (unit, 1))
    return base, size[0], round(count * size[1])


def _clock_shift(reading: Reading, context: Context, unit: str, count: float) -> Days:
    """Return "3 hours ago" where the document has an instant: its day, the clock set on the reading."""
    if context.now is None:
        words = f"{-count:g}" if count < 0 else f"{count:g}"
        reading.type = "DURATION"
        return Days(f"PT{words}{unit.upper()}")
    seconds = {"S": 1, "M": 60, "H": 3600}[unit.upper()]
    at = context.now + timedelta(seconds=count * seconds)
    reading.clock = (at.hour, at.minute, at.second if unit == "S" else 0)
    offset = at.utcoffset()
    if offset is not None:
        reading.zone = write_offset(offset) if offset else "UTC"
    return day_value(at.date())._replace(anchor="published")


_SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def _season(reading: Reading, context: Context) -> Days:
    year, season, rel, of_year = reading.args
    first = _SEASONS[str(season)]
    if year is None:
        if context.today is None:
            return Days(f"XXXX-{season}")
        year = context.today.year
        if of_year is not None:
            year += int_of(of_year)
        elif rel == "-1":
            year -= 1 if first + 2 >= context.today.month or season == "WI" else 0
        elif rel == "1":
            year += 1 if first <= context.today.month else 0
        elif rel is None and first > context.today.month and not is_ahead(reading, context):
            year -= 1
    begin = month_value(int_of(year), first)
    return Days(f"{int_of(year):04d}-{season}", begin.begin, month_value(int_of(year), first + 2).end, "published")


def _holiday(reading: Reading, context: Context) -> Days:
    year, rule, rel = reading.args
    rule = str(rule)
    if year is None:
        if context.today is None:
            return Days(f"XXXX-{rule}" if rule[2:3] == "-" and len(rule) == 5 and "L" not in rule else "XXXX-XX-XX")
        today = context.today
        days = [d for y in (today.year - 1, today.year, today.year + 1) if (d := holiday_day(rule, y)) is not None]
        if not days:
            return Days("XXXX-XX-XX")
        if rel == "-1":
            days = [d for d in days if d < today]
        elif rel == "1":
            days = [d for d in days if d > today]
        elif rel == "0":
            days = [d for d in days if d.year == today.year]
        best = min(days, key=lambda d: abs((d - today).days))
        return day_value(best)._replace(anchor="published")
    day = holiday_day(rule, int_of(year))
    return Days("XXXX-XX-XX") if day is None else day_value(day)


_RESOLVERS: dict[str, Callable[[Reading, Context], Days]] = {
    **DAY_RESOLVERS,
    "fixed": _fixed,
    "year": _year,
    "years": _years,
    "decade": _decade,
    "century": _century,
    "year_ago": _year_ago,
    "year_period": _year_period,
    "quarter": _quarter,
    "half": _half,
    "unit": _unit,
    "shift": _shift,
    "season": _season,
    "holiday": _holiday,
}
