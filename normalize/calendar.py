"""Days and moments: the project's one vocabulary and one parser for dates.

Shared knowledge: imports nothing above `edits`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from normalize.tables import read_table
from normalize.zones import find_zone

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class DateInterval:
    """Days from `begin` until before `end`: an imprecise date is an interval, never a guess.

    >>> DateInterval.of(date(2017, 12, 27)).day
    datetime.date(2017, 12, 27)
    >>> DateInterval(date(2017, 12, 1), date(2018, 1, 1)).day is None
    True
    >>> DateInterval(date(2018, 1, 1), date(2018, 1, 1))
    Traceback (most recent call last):
    ValueError: an interval of days ends after it begins, not 2018-01-01 to 2018-01-01
    """

    begin: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.begin:
            raise ValueError(f"an interval of days ends after it begins, not {self.begin} to {self.end}")

    @classmethod
    def of(cls, day: date) -> DateInterval:
        """Return the interval that is one day (9999-12-31 has none and raises OverflowError)."""
        return cls(day, day + _DAY)

    @property
    def day(self) -> date | None:
        """The day itself, or None where the interval is longer."""
        return self.begin if self.end - self.begin == _DAY else None


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is stated to have been: the days in the zone stated, and the instant where a clock and a zone were stated too."""

    days: DateInterval
    at: datetime | None = None


# ---------------------------------------------------------------- names
def _fold(word: str) -> str:
    """Return a name as the table is searched: lower case, no accents of the European scripts, no final full stop."""
    bare = unicodedata.normalize("NFKD", word.casefold()).strip(" .").replace("\u200f", "")
    return unicodedata.normalize("NFC", _ACCENTS.sub("", bare))


_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u0652]")


@cache
def _names(kind: str) -> dict[str, dict[str, int]]:
    """Return folded name -> language -> number, for the names of a kind ("month", "weekday")."""
    names: dict[str, dict[str, int]] = {}
    for row in read_table("calendar"):
        if row["kind"] == kind:
            meanings = names.setdefault(_fold(row["name"]), {})
            for language in row["language"].split():
                meanings.setdefault(language, int(row["number"]))
    return names


@cache
def _words(kind: str) -> frozenset[str]:
    """Return the words that stand in dates and say nothing ("particle"), or the languages that put the day first."""
    return frozenset(row["name"] for row in read_table("calendar") if row["kind"] == kind)


def _number(kind: str, word: str, language: str | None) -> int | None:
    meanings = _names(kind).get(_fold(word), {})
    if language in meanings:
        return meanings[language]
    if "en" in meanings and language is None:
        return meanings["en"]
    numbers = set(meanings.values())
    return numbers.pop() if len(numbers) == 1 else None


def month_number(word: str, language: str | None = None) -> int | None:
    """Return the number of the month that `word` names.

    Without a language English names come first; names that languages disagree on say nothing.

    >>> month_number("Sept."), month_number("декабря"), month_number("décembre"), month_number("12月")
    (9, 12, 12, 12)
    >>> month_number("listopad", "pl"), month_number("listopad", "hr"), month_number("listopad")
    (11, 10, None)
    >>> month_number("Friday") is None
    True
    """
    return _number("month", word, language)


def is_month(word: str) -> bool:
    """Return whether `word` names a month in some language, whichever it is.

    >>> is_month("listopad"), is_month("FEB."), is_month("Monday")
    (True, True, False)
    """
    return _fold(word) in _names("month")


def weekday_number(word: str, language: str | None = None) -> int | None:
    """Return the number of the weekday that `word` names, Monday being 0.

    >>> weekday_number("Wed"), weekday_number("воскресенье"), weekday_number("周三"), weekday_number("May")
    (2, 6, 2, None)
    """
    return _number("weekday", word, language)


# ---------------------------------------------------------------- days
class _Shape(NamedTuple):
    """What the words of a date are: numbers as written, the month's name, the order a word gives away."""

    numbers: tuple[str, ...]
    month: int | None
    month_at: int  # how many numbers stand before the month's name
    order: str | None
    dotted: bool
    marks: str


_LONGEST = 80
_TOKEN = re.compile(
    r"(?P<number>\d+)(?P<nth>(?:st|nd|rd|th|er|re|º|ª|°|ος|η)\b)?"
    r"|(?P<weekday>[월화수목금토일]요일|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日]曜日?|[((][月火水木金土日一二三四五六][))])"
    r"|(?P<mark>[年月日号號년월일])"
    r"|(?P<word>[^\W\d_][^\s\d,.;:/()\[\]|–—\-'’年月日号號]*)"
    r"|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
_ORDERED_GLUE = {"tháng": "dmy", "เดือน": "dmy"}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_FAR = 7  # days by which a day without a year may lie after the document


def parse_day(text: str, *, language: str | None = None, near: date | None = None) -> DateInterval | None:
    """Return the one day, month or year that the whole of `text` states, None where it is not one or is unsure.

    >>> for words in ("27 Dec 2017", "Wednesday, December 27th, 2017", "2017-12-27", "27 декабря 2017 г.", "2017年12月27日"):
    ...     assert parse_day(words) == DateInterval.of(date(2017, 12, 27))
    >>> parse_day("December 2017")
    DateInterval(begin=datetime.date(2017, 12, 1), end=datetime.date(2018, 1, 1))

    Numbers alone are read in the language's order; without it only where one order is possible:

    >>> parse_day("3/8/2017") is None, parse_day("3/27/2017").begin, parse_day("3/8/2017", language="fr").begin
    (True, datetime.date(2017, 3, 27), datetime.date(2017, 8, 3))

    A day without a year is the last such day before `near`, or in the week after it:

    >>> parse_day("Dec. 30", near=date(2018, 1, 2)).begin, parse_day("Jan. 3", near=date(2018, 1, 2)).begin
    (datetime.date(2017, 12, 30), datetime.date(2018, 1, 3))
    >>> parse_day("Dec. 30") is None, parse_day("not a day") is None, parse_day("31 June 2017") is None
    (True, True, True)
    """
    if len(text) > _LONGEST:
        return None
    shape = _shape_of(unicodedata.normalize("NFKC", text).strip(), language)
    return None if shape is None else _interval(shape, language, near)


def _shape_of(text: str, language: str | None) -> _Shape | None:
    """Return the shape of a date's words, None where a word has no place in a date."""
    numbers: list[str] = []
    month: int | None = None
    month_at, order, marks = 0, None, ""
    for token in _TOKEN.finditer(text):
        kind, word = token.lastgroup, token.group()
        if token["number"]:
            numbers.append(token["number"])
        elif kind == "mark":
            marks += word
        elif kind == "word":
            if order_of := _ORDERED_GLUE.get(word.casefold()):
                order = order_of
            elif word in _ERAS:
                marks += "era"
                month_at = _ERAS[word]
            elif (number := _month_in(word, language)) is not None and month in (None, number):
                month, month_at = number, len(numbers)
            elif (
                weekday_number(word, language) is None
                and word.casefold() not in _words("particle")
                and not _any_weekday(word)
            ):
                return None
        elif kind == "other" and word not in ",./-–—'’()[]|،٬،·\u200f\u200e":
            return None
    dotted = bool(re.match(r"\d+\s?\.\s?\d+\s?\.", text))
    return _Shape(tuple(numbers), month, month_at, order, dotted, marks)


def _month_in(word: str, language: str | None) -> int | None:
    """Return the month a word names, also behind a Hebrew "in" ("בדצמבר")."""
    number = month_number(word, language)
    if number is None and word.startswith("ב"):
        return month_number(word[1:], language)
    return number


def _any_weekday(word: str) -> bool:
    return _fold(word) in _names("weekday")


def _interval(shape: _Shape, language: str | None, near: date | None) -> DateInterval | None:
    if shape.marks:
        return _marked(shape, near)
    if shape.month is not None:
        return _named(shape, near)
    return _numeric(shape, language, near)


def _marked(shape: _Shape, near: date | None) -> DateInterval | None:
    """Read numbers that carry their meaning: 2017年12月27日, 12月27日, 2017년 12월."""
    marks = (
        shape.marks.replace("era", "")
        .translate(str.maketrans("年월년일号號", "ymydd" + "d"))
        .translate(str.maketrans("月日", "md"))
    )
    if len(marks) != len(shape.numbers) or marks not in ("ymd", "md", "ym", "y"):
        return None
    values = dict(zip(marks, map(int, shape.numbers), strict=True))
    year = values.get("y")
    if year is not None and "era" in shape.marks:
        year += shape.month_at
    return _make(year, values.get("m"), values.get("d"), near)


def _named(shape: _Shape, near: date | None) -> DateInterval | None:
    """Read a month's name with the numbers around it."""
    numbers = list(shape.numbers)
    if len(numbers) > 2:
        return None
    long = [n for n in numbers if len(n) >= 3]
    if len(long) > 1 or (numbers and not long and len(numbers) == 2 and shape.month_at == 2):
        return None
    if long:
        numbers.remove(long[0])
        return _make(int(long[0]), shape.month, int(numbers[0]) if numbers else None, near)
    if len(numbers) == 2:
        return _make(_full_year(numbers[1]), shape.month, int(numbers[0]), near)
    return _make(None, shape.month, int(numbers[0]) if numbers else None, near)


def _numeric(shape: _Shape, language: str | None, near: date | None) -> DateInterval | None:
    """Read a date in numbers alone: year first as it stands, else in the language's order, if any is sure."""
    numbers = shape.numbers
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = (numbers[0][:4], numbers[0][4:6], numbers[0][6:])
    if len(numbers) == 1 and len(numbers[0]) == 4:
        return _make(int(numbers[0]), None, None, near)
    if len(numbers) == 2 and len(numbers[0]) == 4 and len(numbers[1]) <= 2:
        return _make(int(numbers[0]), int(numbers[1]), None, near)
    if len(numbers) != 3:
        return None
    if len(numbers[0]) == 4:
        return _make(int(numbers[0]), int(numbers[1]), int(numbers[2]), near)
    if len(numbers[2]) not in (2, 4) or any(len(n) > 2 for n in numbers[:2]):
        return None
    first, second, year = int(numbers[0]), int(numbers[1]), _full_year(numbers[2])
    order = shape.order or _order(first, second, shape, language)
    if order == "dmy":
        return _make(year, second, first, near)
    return _make(year, first, second, near) if order == "mdy" else None


def _order(first: int, second: int, shape: _Shape, language: str | None) -> str | None:
    """Return the order of day and month, None where both are possible and nothing decides."""
    if first == second or second > 12:
        return "mdy"
    if first > 12 or shape.dotted:
        return "dmy"
    code = (language or "").replace("_", "-").casefold()
    if code == "en-us":
        return "mdy"
    return (
        "dmy" if code.partition("-")[0] in _words("day_first") or (code.startswith("en-") and code != "en-us") else None
    )


def _full_year(digits: str) -> int:
    """Return the year; two digits lie between 1969 and 2068, as POSIX has it."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (1900 if year >= 69 else 2000)


def _make(year: int | None, month: int | None, day: int | None, near: date | None) -> DateInterval | None:
    """Return the interval of these numbers, None where there is no such day."""
    if year is not None and 2400 < year < 2700:
        year -= 543  # the Buddhist era, which Thai dates count in
    if year is None:
        return _nearest(month, day, near)
    if not 1000 <= year < 2400:
        return None
    try:
        if month is None:
            return DateInterval(date(year, 1, 1), date(year + 1, 1, 1))
        if day is None:
            return DateInterval(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
        return DateInterval.of(date(year, month, day))
    except ValueError:
        return None


def _nearest(month: int | None, day: int | None, near: date | None) -> DateInterval | None:
    """Return the last such day (or month) that begins no later than a week after `near`."""
    if near is None or month is None or not 1008 < near.year < 2399:
        return None
    for year in range(near.year + 1, near.year - 9, -1):
        found = _make(year, month, day, near)
        if found is not None and found.begin <= near + timedelta(days=_FAR):
            return found
    return None


# ---------------------------------------------------------------- moments
_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})[Tt ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*([Zz]|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
_CLOCK = re.compile(
    r"(?:\b(?:at|um|à|às|alle|a las|в|kl\.?)\s+)?(?<!\d)(?P<hour>\d{1,2})(?::|\.|h)(?P<minute>[0-5]\d)"
    r"(?!\d)(?![./-]\d{3})(?:[:.](?P<second>[0-5]\d)(?:[.,]\d+)?(?!\d))?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?"
    r"(?:\s*\(?(?P<zone>Z\b|(?:UTC|GMT)?\s?[+\-−]\s?\d{1,2}(?::?\d{2})?|[A-Za-z]{1,5}\b)\)?)?",
    re.IGNORECASE,
)


def parse_moment(text: str | float, *, language: str | None = None) -> Moment | None:
    """Return when a record's `date` field says it was, None where it says nothing sure.

    Numbers are seconds, milliseconds or microseconds since 1970. `at` is known only where a clock and
    its zone are stated; the days are those of the stated zone.

    >>> parse_moment("2017-12-27T22:30:00-05:00").at.isoformat(), parse_moment("2017-12-27T22:30:00-05:00").days.day
    ('2017-12-28T03:30:00+00:00', datetime.date(2017, 12, 27))
    >>> parse_moment("26-FEB-1987 15:02:20.00").days.day, parse_moment("26-FEB-1987 15:02:20.00").at is None
    (datetime.date(1987, 2, 26), True)
    >>> parse_moment("Wed, 27 Dec 2017 08:14:00 GMT").at.isoformat(), parse_moment(1514362440).at.isoformat()
    ('2017-12-27T08:14:00+00:00', '2017-12-27T08:14:00+00:00')

    Slashes are read month first unless the language says otherwise:

    >>> parse_moment("3/8/17").days.day, parse_moment("3/8/17", language="fr").days.day
    (datetime.date(2017, 3, 8), datetime.date(2017, 8, 3))
    >>> parse_moment("soon") is None, parse_moment(float("nan")) is None
    (True, True)
    """
    if not isinstance(text, str):
        return _epoch(float(text))
    words = text.partition(" #")[0].strip()  # "9-APR-1987 00:00:00.00   # date added later"
    if re.fullmatch(r"-?\d{9,17}(?:\.\d{1,9})?", words, re.ASCII):
        return _epoch(float(words))
    if len(words) > _LONGEST:
        return None
    if (iso := _ISO.fullmatch(words)) is not None:
        return _clocked(parse_day("-".join(iso.group(1, 2, 3))), *iso.group(4, 5, 6), half=None, zone=iso[7])
    found = next((c for c in _CLOCK.finditer(words) if _is_clock(c)), None)
    if found is None:
        days = _stated(words, language)
        return None if days is None else Moment(days)
    rest = (words[: found.start()].rstrip(" ,T-–") + " " + words[found.end() :]).strip(" ,()")
    zone = found["zone"]
    if zone and find_zone(zone) is None:
        rest, zone = f"{rest} {zone}", None
    return _clocked(_stated(rest, language), *found.group("hour", "minute", "second"), half=found["half"], zone=zone)


def _stated(words: str, language: str | None) -> DateInterval | None:
    """Return the day of a record's date: in doubt month first, as American tools write it."""
    return parse_day(words, language=language) or parse_day(words, language="en-US")


def _is_clock(found: re.Match[str]) -> bool:
    """Tell 10.14 in "27 Dec 2017 10.14" from 27.12 in "27.12.2017"."""
    after = found.string[found.end("minute") :]
    before = found.string[: found.start("hour")]
    return "." not in found.group() or not (re.match(r"\.\d", after) or before.endswith("."))


def _clocked(
    days: DateInterval | None, hour: str, minute: str, second: str | None, *, half: str | None, zone: str | None
) -> Moment | None:
    if days is None:
        return None
    day, hours = days.day, int(hour)
    if half and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half.casefold() == "p" else 0)
    stated = find_zone(zone, on=day) if zone and day else None
    if day is None or stated is None or hours > 23:
        return Moment(days)
    clock = datetime(day.year, day.month, day.day, hours, int(minute), int(second or 0))  # noqa: DTZ001 (as stated)
    return Moment(days, stated.utc(clock))


def _epoch(number: float) -> Moment | None:
    """Return the instant of seconds, milliseconds or microseconds since 1970, from 1971 to 2200."""
    for scale in (1, 1e3, 1e6):
        if 3e7 < number / scale < 7.3e9:
            at = datetime.fromtimestamp(number / scale, UTC)
            return Moment(DateInterval.of(at.date()), at)
    return None
