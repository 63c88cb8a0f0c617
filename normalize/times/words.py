"""Builders for the forms of other languages: compounds, dates in Chinese order, units before their modifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalize.times.clocks import clock_at, with_zone
from normalize.times.found import year_of
from normalize.times.value import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.found import Found


def _weekday_part(found: Found) -> Reading:
    """Read "Freitagabend"."""
    weekday, part = found.value.split()
    return Reading(found.start, found.stop, "TIME", "weekday", (int(weekday), None), part=part)


def _day_part(found: Found) -> Reading:
    """Read "gisteravond", "vanochtend"."""
    offset, part = found.value.split()
    return Reading(found.start, found.stop, "TIME", "day", (int(offset),), part=part)


def _tomorrow(found: Found) -> Reading | None:
    """Read "morgen" as tomorrow: in lower case, and not where it is the morning ("am Morgen", "heute morgen")."""
    if not found.head.islower():
        return None
    return Reading(found.at, found.stop, "DATE", "day", (1,))


def _ordinal_unit(found: Found) -> Reading | None:
    """Read "drittes Quartal 2017", "le deuxième trimestre", "第三季度"; other units have no such form."""
    number = found.get("ordinal") or found.get("ordinal_after")
    if number is None or int(number) > 4 or found.value != "Q":
        return None
    return Reading(
        found.start, found.stop, "DATE", "quarter", (year_of(found.words.get("year"), found), int(number), None, None)
    )


def _season_of(found: Found) -> Reading | None:
    """Read "été 2017", "letzten Sommer"; a season alone is too often no date."""
    year, rel = year_of(found.words.get("year"), found), found.get("rel")
    if year is None and rel is None:
        return None
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", (f"XXXX-{found.value}",))
    return Reading(found.start, found.stop, "DATE", "season", (year, found.value, rel, None))


def _duration(count: str, unit: str) -> str:
    if unit in ("E", "C") and count != "X":
        return f"P{int(float(count) * (10 if unit == 'E' else 100))}Y"
    return f"PT{count}{unit.upper()}" if unit in "SmH" else f"P{count}{unit}"


def _last_n(found: Found) -> Reading:
    """Read "les trois derniers mois", "los últimos años"."""
    value = _duration(found.get("n") or "X", found.value)
    return Reading(found.start, found.stop, "DURATION", "fixed", (value,))


def _this_unit(found: Found) -> Reading | None:
    """Read "cette semaine", "la pasada semana", "chaque jour"."""
    rel = found.get("this")
    if found.value in ("S", "m", "H"):
        return None
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", (f"P1{found.value}",))
    return Reading(found.start, found.stop, "DATE", "unit", (found.value, rel))


def _rel_before(found: Found) -> Reading | None:
    """Read "el pasado año", "la próxima semana"."""
    if found.value in ("S", "m", "H"):
        return None
    return Reading(found.start, found.stop, "DATE", "unit", (found.value, found.get("rel_before")))


def _clock_right(found: Found) -> Reading | None:
    """Read "alle 14.30", "pukul 14.30" from the word before the clock."""
    start = found.stop - len(found.words["clock"])
    return clock_at(found, start, found.stop)


def _ymd(found: Found) -> Reading | None:
    """Read "2017年12月26日", "12月26日", "26日" and what is shorter."""
    if found.text[found.start].isdecimal() and found.text[max(0, found.start - 1) : found.start].isdecimal():
        return None
    year = int(found.words["y4"]) if "y4" in found.words else None
    month = int(found.words["mon"]) if "mon" in found.words else None
    day = int("".join(c for c in found.words.get("date", "") if c.isdecimal()) or 0)
    if (month is not None and not 1 <= month <= 12) or day > 31 or (year is not None and not 1000 < year < 2200):
        return None
    if month is None and year is not None:
        return Reading(found.start, found.stop, "DATE", "year", (year,))
    if month is None:
        return Reading(found.start, found.stop, "DATE", "day_of_month", (day,)) if day else None
    if not day:
        return Reading(found.start, found.stop, "DATE", "month", (year, month, None))
    return Reading(found.start, found.stop, "DATE", "date", (year, month, day))


def _years(found: Found) -> Reading | None:
    """Read "三年", "三年前": years counted, not named."""
    count = found.get("n")
    if count is None or (count.isdecimal() and int(count) > 500):
        return None
    after = found.get("after")
    if after is None:
        return Reading(found.start, found.stop, "DURATION", "fixed", (f"P{count}Y",))
    if count == "X":
        return Reading(found.start, found.stop, "DATE", "fixed", ("PAST_REF" if after == "ago" else "FUTURE_REF",))
    return Reading(found.start, found.stop, "DATE", "shift", ("Y", count, after))


def _year_rel(found: Found) -> Reading | None:
    """Read "去年", "今年12月", "明年3月1日"."""
    if "mon" not in found.words:
        return Reading(found.start, found.stop, "DATE", "unit", ("Y", found.value))
    month = int(found.words["mon"])
    if not 1 <= month <= 12:
        return None
    if "date" not in found.words:
        return Reading(found.start, found.stop, "DATE", "month", (None, month, None, found.value))
    return Reading(found.start, found.stop, "DATE", "date_of", (found.value, month, _day(found)))


def _month_rel(found: Found) -> Reading | None:
    """Read "上个月", "本月26日"."""
    if "date" not in found.words:
        return Reading(found.start, found.stop, "DATE", "unit", ("M", found.value))
    return Reading(found.start, found.stop, "DATE", "day_of", (found.value, _day(found)))


def _day(found: Found) -> int:
    return int("".join(c for c in found.words["date"] if c.isdecimal()))


def _week_rel(found: Found) -> Reading:
    """Read "上周", "下周五"."""
    weekday = found.get("wd")
    if weekday is None:
        return Reading(found.start, found.stop, "DATE", "unit", ("W", found.value))
    return Reading(found.start, found.stop, "DATE", "weekday_of", (int(weekday), found.value))


def _clock_words(found: Found) -> Reading | None:
    """Read "下午3点30分", "午後3時", "오후 3시 30분"."""
    hour, minute = int(found.words["hour"]), int(found.words.get("minute", "0"))
    half = found.get("half")
    if half == "pm" and hour < 12:
        hour += 12
    if hour > 24 or minute > 59:
        return None
    return with_zone(found.text, Reading(found.start, found.stop, "TIME", "clock", (), clock=(hour, minute, 0)))


def _quarter_code(found: Found) -> Reading | None:
    """Read "Q3", "Q3 2016"."""
    if found.text[found.at - 1 : found.at] == "-":
        return None
    year = year_of(found.words.get("year"), found)
    return Reading(found.start, found.stop, "DATE", "quarter", (year, int(found.value), None, None))


def _half_code(found: Found) -> Reading:
    """Read "H1 2018"; without a year "H1" is a heading or a virus."""
    year = year_of(found.words.get("year"), found)
    return Reading(found.start, found.stop, "DATE", "half", (year, int(found.value), None))


def _oclock(found: Found) -> Reading | None:
    """Read "seven o'clock"."""
    hour = found.get("n")
    if hour is None or not hour.isdecimal() or not 1 <= int(hour) <= 12:
        return None
    return with_zone(found.text, Reading(found.start, found.stop, "TIME", "clock", (), clock=(int(hour), 0, 0)))


def _decade_of(found: Found) -> Reading | None:
    """Read "les années 1970", "anni '70", "die 1970er-Jahre", "1980-х годов"."""
    digits = "".join(c for c in found.words["decade"] if c.isdecimal())
    if found.value != "Y" or not found.says("plural", found.head.lower()):
        return None
    year = int(digits) if len(digits) == 4 else 1900 + int(digits)
    return Reading(found.start, found.stop, "DATE", "decade", (year,), found.get("edge"))


WORDS: dict[str, Callable[[Found], Reading | None]] = {
    "weekday_part": _weekday_part,
    "day_part": _day_part,
    "tomorrow": _tomorrow,
    "ordinal_unit": _ordinal_unit,
    "season_of": _season_of,
    "last_n": _last_n,
    "this_unit": _this_unit,
    "rel_before": _rel_before,
    "clock_right": _clock_right,
    "ymd": _ymd,
    "years_shift": _years,
    "years_span": _years,
    "year_rel": _year_rel,
    "month_rel": _month_rel,
    "week_rel": _week_rel,
    "clock_words": _clock_words,
    "quarter_code": _quarter_code,
    "half_code": _half_code,
    "oclock": _oclock,
    "decade_of": _decade_of,
}
