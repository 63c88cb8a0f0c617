"""Resolving: from what was read to a value of the calendar, anchored as news does it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

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
from normalize.times.tense import looks_ahead

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.lexicon import Lexicon
    from normalize.times.value import Reading


@dataclass(slots=True)
class Context:
    """What readings are anchored to: the document's day and instant, and the last mentioned days and quarter."""

    text: str
    lexicon: Lexicon
    today: date | None
    now: datetime | None = None
    last: Days | None = None
    quarter: tuple[int, int] | None = None
    quarter_at: int = -10_000


def _ahead(reading: Reading, context: Context) -> bool | None:
    return looks_ahead(context.text, reading.start, reading.end, context.lexicon)


Args = tuple[int | str | None, ...]
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
    first = (_int(reading.args[0]) - 1) * 100
    return Days(f"{first // 100:02d}", date(first + 1, 1, 1), date(first + 101, 1, 1))


def _year_ago(reading: Reading, context: Context) -> Days:
    """Return "the year-earlier quarter": the last mentioned quarter, or the year, one year before."""
    number = reading.args[0]
    if number is not None and context.quarter is not None:
        return quarter_value(context.quarter[0] - 1, _int(number))._replace(anchor="mention")
    if context.quarter is not None and reading.start - context.quarter_at < _QUARTER_REACH:
        context.quarter_at = reading.start
        return quarter_value(context.quarter[0] - 1, context.quarter[1])._replace(anchor="mention")
    if context.today is None:
        return Days("XXXX")
    return year_value(context.today.year - 1)._replace(anchor="published")


def _year_period(reading: Reading, context: Context) -> Days:
    """Return "the 1988 period": the last mentioned quarter of another year."""
    year = _int(reading.args[0])
    if context.quarter is not None and reading.start - context.quarter_at < _QUARTER_REACH:
        return quarter_value(year, context.quarter[1])._replace(anchor="mention")
    return year_value(year)


_QUARTER_REACH = 600  # a quarter rules the paragraph it stands in


def _year(reading: Reading, context: Context) -> Days:
    return year_value(_int(reading.args[0]))


def _years(reading: Reading, context: Context) -> Days:
    return year_value(_int(reading.args[0]), _int(reading.args[1]))


def _decade(reading: Reading, context: Context) -> Days:
    year = _int(reading.args[0])
    return Days(f"{year // 10}", date(year, 1, 1), date(year + 10, 1, 1))


def _int(value: int | str | None) -> int:
    assert value is not None
    return int(value)


def _day(reading: Reading, context: Context) -> Days:
    if context.today is None:
        return Days("XXXX-XX-XX")
    return day_value(context.today + _int(reading.args[0]) * _DAY)._replace(anchor="published")


def _mention(reading: Reading, context: Context) -> Days:
    base, anchor = _last_day(context)
    if base is None:
        return Days("XXXX-XX-XX")
    return day_value(base + _int(reading.args[0]) * _DAY)._replace(anchor=anchor)


def _last_day(context: Context) -> tuple[date | None, str]:
    """Return the last mentioned day, the document's where none was."""
    last = context.last
    if last is not None and last.begin is not None and last.end is not None and last.end - last.begin == _DAY:
        return last.begin, "mention"
    return context.today, "published"


def _that_day(reading: Reading, context: Context) -> Days:
    base, anchor = _last_day(context)
    return Days("XXXX-XX-XX") if base is None else day_value(base)._replace(anchor=anchor)


def _weekday(reading: Reading, context: Context) -> Days:
    weekday, rel = _int(reading.args[0]), reading.args[1]
    if rel == "every" or context.today is None:
        return Days(f"XXXX-WXX-{weekday + 1}")
    today, anchor = context.today, "published"
    if rel in ("before", "after", "that"):
        today, anchor = _last_day(context)[0] or today, "mention"
    back = (today.weekday() - weekday) % 7
    if rel in ("-1", "before"):
        shift = -(back or 7)
    elif rel in ("1", "after"):
        shift = 7 - back
    elif rel == "0":
        shift = weekday - today.weekday()
    elif back and _ahead(reading, context):
        shift = 7 - back
    else:
        shift = -back
    return day_value(today + shift * _DAY)._replace(anchor=anchor)


def _date(reading: Reading, context: Context) -> Days:
    year, month, day = reading.args
    if year is not None:
        return day_value(date(_int(year), _int(month), _int(day)))
    if context.today is None or reading.type == "SET":
        date(2000, _int(month), _int(day))  # raises on a 31st of February
        return Days(f"XXXX-{month:02d}-{day:02d}")
    return day_value(_nearest(_int(month), _int(day), reading, context))._replace(anchor="published")


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
        ahead = _ahead(reading, context)
        if ahead is None:
            ahead = best > today and abs((best - today).days) < _SOON
        fitting = [d for d in days if d >= today] if ahead else [d for d in days if d <= today]
        best = min(fitting or days, key=lambda d: abs((d - today).days))
    return best


def _nth_weekday(reading: Reading, context: Context) -> Days:
    """Return "the last Sunday in March": a weekday counted in a month."""
    nth, weekday = _int(reading.args[4]), _int(reading.args[5])
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
        return month_value(_int(year), _int(month))
    if context.today is None or rel == "every":
        return Days(f"XXXX-{month:02d}")
    today = context.today
    if of_year is not None:
        return month_value(today.year + _int(of_year), _int(month))._replace(anchor="published")
    back = (today.month - _int(month)) % 12
    if rel == "0":
        return month_value(today.year, _int(month))._replace(anchor="published")
    if rel == "-1":
        shift = -(back or 12)
    elif rel == "1" or _month_ahead(back, reading, context):
        shift = 12 - back
    else:
        shift = -back
    return month_value(today.year, today.month + shift)._replace(anchor="published")


_MONTHS_NEAR = 10  # "in September", written in August, is next month: the other would be "last September"
_MONTHS_MAYBE = 8  # without a verb, what is nearer


def _month_ahead(back: int, reading: Reading, context: Context) -> bool:
    """Return whether a bare month that was `back` months ago is the coming one."""
    if back >= _MONTHS_NEAR or back <= 1:
        return back >= _MONTHS_NEAR
    ahead = _ahead(reading, context)
    return back >= _MONTHS_MAYBE if ahead is None else ahead


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
            year += _int(of_year)
        elif _int(number) - 1 > now % 4 and not _ahead(reading, context):
            year -= 1
    found = quarter_value(_int(year), _int(number))
    context.quarter, context.quarter_at = (_int(year), _int(number)), reading.start
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
        base = context.today.year, (context.today.month - 1) // 3 + 1 + _int(rel if rel in ("-1", "0", "1") else -1)
    else:
        base = context.quarter
    year, quarter = base[0] + _int(shift or 0), base[1]
    context.quarter_at = reading.start
    if shift is None:
        context.quarter = year, quarter
    return quarter_value(year, quarter)._replace(anchor="mention")


def _half(reading: Reading, context: Context) -> Days:
    year, half, of_year = reading.args
    if year is None:
        if context.today is None:
            return Days(f"XXXX-H{half}")
        year = context.today.year + _int(of_year)
    first = month_value(_int(year), _int(half) * 6 - 5)
    return Days(f"{_int(year):04d}-H{half}", first.begin, month_value(_int(year), _int(half) * 6).end)


def _day_of_month(reading: Reading, context: Context) -> Days:
    """Return "26日": the day of this month, or of the last one where this month's is still to come."""
    day = _int(reading.args[0])
    if context.today is None:
        return Days(f"XXXX-XX-{day:02d}")
    month = month_value(context.today.year, context.today.month - (1 if day > context.today.day else 0)).begin
    assert month is not None
    return day_value(month.replace(day=day))._replace(anchor="published")


def _date_of(reading: Reading, context: Context) -> Days:
    """Return "明年3月1日": a day of a year told from the document's."""
    shift, month, day = (_int(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-{month:02d}-{day:02d}")
    return day_value(date(context.today.year + shift, month, day))._replace(anchor="published")


def _day_of(reading: Reading, context: Context) -> Days:
    """Return "本月26日": a day of a month told from the document's."""
    shift, day = (_int(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-XX-{day:02d}")
    month = month_value(context.today.year, context.today.month + shift).begin
    assert month is not None
    return day_value(month.replace(day=day))._replace(anchor="published")


def _weekday_of(reading: Reading, context: Context) -> Days:
    """Return "下周五": a weekday of a week told from the document's."""
    weekday, shift = (_int(arg) for arg in reading.args)
    if context.today is None:
        return Days(f"XXXX-WXX-{weekday + 1}")
    monday = week_value(context.today + 7 * shift * _DAY).begin
    assert monday is not None
    return day_value(monday + weekday * _DAY)._replace(anchor="published")


_UNKNOWN = {"Y": "XXXX", "Q": "XXXX-QX", "M": "XXXX-XX", "W": "XXXX-WXX", "D": "XXXX-XX-XX", "E": "XXX", "C": "XX"}
_UNKNOWN |= {"WE": "XXXX-WXX-WE", "2W": "XXXX-WXX"}


def _unit(reading: Reading, context: Context) -> Days:
    """Return "last week", "this year", "next month", "that year"."""
    unit, rel = str(reading.args[0]), str(reading.args[1])
    base, anchor = context.today, "published"
    if rel in ("that", "before", "after"):
        base, anchor = _last_base(context)
        rel = {"that": "0", "before": "-1", "after": "1"}[rel]
    if base is None:
        return Days(_UNKNOWN.get(unit, "XXXX"))
    if unit == "Y":
        context.quarter_at = -10_000  # a year after a quarter: "a year earlier" now means the year
    if unit == "WE" and rel == "0" and base.weekday() < 4 and not _ahead(reading, context):
        rel = "-1"
    if unit == "W" and rel == "-1" and base.weekday() == 6 and "week_from_sunday" in context.lexicon.words:
        rel = "0"  # on a Sunday "last week" is the one whose working days have just passed
    return _moved(base, unit, _int(rel))._replace(anchor=anchor)


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
    base, anchor = (context.today, "published") if after in ("ago", "hence") else _last_base(context)
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


def _last_base(context: Context) -> tuple[date | None, str]:
    if context.last is not None and context.last.begin is not None:
        return context.last.begin, "mention"
    return context.today, "published"


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
            year += _int(of_year)
        elif rel == "-1":
            year -= 1 if first + 2 >= context.today.month or season == "WI" else 0
        elif rel == "1":
            year += 1 if first <= context.today.month else 0
        elif rel is None and first > context.today.month and not _ahead(reading, context):
            year -= 1
    begin = month_value(_int(year), first)
    return Days(f"{_int(year):04d}-{season}", begin.begin, month_value(_int(year), first + 2).end, "published")


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
    day = holiday_day(rule, _int(year))
    return Days("XXXX-XX-XX") if day is None else day_value(day)


_RESOLVERS: dict[str, Callable[[Reading, Context], Days]] = {
    "fixed": _fixed,
    "year": _year,
    "years": _years,
    "decade": _decade,
    "century": _century,
    "year_ago": _year_ago,
    "year_period": _year_period,
    "day": _day,
    "mention": _mention,
    "that_day": _that_day,
    "clock": _that_day,
    "weekday": _weekday,
    "nth_weekday": _nth_weekday,
    "date": _date,
    "month": _month,
    "quarter": _quarter,
    "half": _half,
    "unit": _unit,
    "shift": _shift,
    "day_of_month": _day_of_month,
    "date_of": _date_of,
    "day_of": _day_of,
    "weekday_of": _weekday_of,
    "season": _season,
    "holiday": _holiday,
}
