"""Ranges: both ends of "March 3-5", "from 10 to 11 a.m.", "2014-2016"; the first knows that the next one ends it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from normalize.times.clocks import HALF, read_before_bracket
from normalize.times.context import int_of
from normalize.times.join import DAYS
from normalize.times.lexicon import plain
from normalize.times.value import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalize.times.lexicon import Lexicon

    Clock = tuple[int, int, int]

_WINDOW = 48  # "postponed the spring meeting from early " before a date
_LONGEST = 20  # ", through the early " between two ends


class _Words(NamedTuple):
    """What a language writes between and before the ends of a range, compiled."""

    link: re.Pattern[str]
    before: re.Pattern[str]  # a bare number and a link, at the end of what stands before the other end
    after: re.Pattern[str]  # a link and a bare number
    between: re.Pattern[str]  # at the end of what stands before the first end
    opens: re.Pattern[str]
    moved: re.Pattern[str]  # "moved from": no range


@cache
def _words(lexicon: Lexicon) -> _Words:
    def any_of(slot: str) -> str:
        found = sorted(lexicon.words.get(slot, ()), key=len, reverse=True)
        return "|".join(map(re.escape, found)) or "\ue000"  # nothing: a letter that no text has

    space, maybe = (r"\s", r"\s") if lexicon.spaced else (r"\s?", r"\s?")
    article = rf"(?:(?:{any_of('range_article')}){maybe})?"
    link = (
        rf"(?:(?P<dash>\s?[-–~〜～]\s?|—)|,?{space}(?P<to>{any_of('range_to')}){space}"
        rf"|,?{space}(?P<until>{any_of('range_until')}){space}|{space}(?P<both>{any_of('range_and')}){space}){article}"
    )
    number = rf"(?P<words>(?P<n>[0-9]{{1,2}}(?:[:.][0-9]{{2}})?|[0-9]{{4}})(?:{any_of('day_suffix')})?)"
    return _Words(
        re.compile(link),
        re.compile(rf"(?:^|[\s(]){number}{link}$"),
        re.compile(rf"{link}{number}"),
        re.compile(rf"(?:^|\W)(?:{any_of('range_between')}){space}{article}$"),
        re.compile(rf"(?:^|\W)(?:{any_of('range_from')}){space}{article}$"),
        re.compile(
            rf"(?:^|\W)(?:{any_of('range_moved')})\s(?:\w+\s){{0,4}}(?:{any_of('range_from')}){space}{article}$"
        ),
    )


def _stands_before(pattern: re.Pattern[str], text: str, at: int) -> bool:
    return pattern.search(plain(text[max(0, at - _WINDOW) : at])) is not None


# ---- ends that are bare numbers


def add_bare_ends(text: str, readings: list[Reading], lexicon: Lexicon) -> list[Reading]:
    """Return the readings and the bare numbers that are the other end of one: "March 3-|5", "7| to 9 a.m."."""
    out: list[Reading] = []
    for n, reading in enumerate(readings):
        done = out[-1].end if out else 0
        stop = readings[n + 1].start if n + 1 < len(readings) else len(text)
        out.extend(_with_bare_end(text, reading, done, stop, lexicon))
    return out


def _with_bare_end(text: str, reading: Reading, done: int, stop: int, lexicon: Lexicon) -> Iterable[Reading]:
    if reading.what == "years":
        return _split_years(text, reading)
    date = reading.what == "date" and reading.rule == "month_day" and reading.type == "DATE"
    if reading.rule == "military" and text[reading.start - 1 : reading.start] in ("(", "["):
        double = read_before_bracket(text, reading, done)
        return (reading,) if double is None else (double, reading)
    if date or reading.what == "clock":
        first = _bare_before(text, reading, done, lexicon)
        if first is not None:
            return first, reading
    if date and reading.args[0] is None:
        last = _bare_after(text, reading, stop, lexicon)
        if last is not None:
            return reading, last
    if reading.what == "clock" and reading.zone is None and HALF.search(text[reading.start : reading.end]):
        last = _bare_hour_after(text, reading, stop, lexicon)
        if last is not None:
            return reading, last
    return (reading,)


def _split_years(text: str, reading: Reading) -> Iterator[Reading]:
    """Yield the two years of "2014-2016", "2014-16"."""
    at = reading.end
    while text[at - 1].isdecimal():
        at -= 1
    yield replace(reading, what="year", args=reading.args[:1], end=at - 1, until="to")
    yield Reading(at, reading.end, "DATE", "year", reading.args[1:], rule="range")


def _bare_before(text: str, reading: Reading, done: int, lexicon: Lexicon) -> Reading | None:
    """Read the 3 of "3 to 5 March", the 7 of "7-9 a.m."."""
    words = _words(lexicon)
    from_ = max(done, reading.start - _WINDOW)
    part = words.before.search(plain(text[from_ : reading.start], wide=lexicon.wide))
    if part is None:
        return None
    start, end = from_ + part.start("words"), from_ + part.end("words")
    if part["both"] and not _stands_before(words.between, text, start):
        return None
    if reading.what == "clock":
        return _bare_clock(text, reading, part["n"], start, end)
    day = int(part["n"]) if len(part["n"]) <= 2 else 0
    if not 1 <= day < int(reading.args[2] or 0) or not _starts_with_number(text, reading):
        return None
    return Reading(start, end, "DATE", "date", (*reading.args[:2], day), rule="range")


def _starts_with_number(text: str, reading: Reading) -> bool:
    words = text[reading.start : reading.end].split()
    return words[0][:1].isdecimal() or (len(words) > 2 and words[1][:1].isdecimal())  # "the 5th of March"


def _bare_clock(text: str, reading: Reading, digits: str, start: int, end: int) -> Reading | None:
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    hour, minute = int(hours.rstrip(":.")), int(minutes)
    military = len(digits) == 4 and digits.isdecimal()
    if hour > 24 or minute > 59 or military != (reading.rule == "military"):
        return None
    assert reading.clock is not None
    told = reading.rule in _TELL_HALF or HALF.search(text[reading.start : reading.end]) is not None
    if not military and not told and (hour > 12) != (reading.clock[0] > 12) and len(digits) < 3:
        return None
    clock = (hour, minute, 0)
    return Reading(start, end, "TIME", "clock", (), clock=clock, zone=reading.zone, rule="range")


_TELL_HALF = frozenset(("part", "tonight", "noon"))  # "6 in the morning" tells its half of the day


def _bare_after(text: str, reading: Reading, stop: int, lexicon: Lexicon) -> Reading | None:
    """Read the 5 of "March 3-5", "March 3 to 5", "between March 3 and 5", the second day of "March 3 and 5."."""
    if not (text[reading.end - 1].isdecimal() or text[reading.end - 3].isdecimal()):
        return None
    words = _words(lexicon)
    part = words.after.match(plain(text[reading.end : reading.end + _WINDOW], wide=lexicon.wide))
    if part is None or len(part["n"]) > 2 or reading.end + part.end() > stop:
        return None
    start, end = reading.end + part.start("words"), reading.end + part.end()
    if not int(reading.args[2] or 0) < int(part["n"]) <= 31 or _counts_things(text, end, lexicon):
        return None
    if part["both"] and not _stands_before(words.between, text, reading.start) and not _ends_phrase(text, end):
        return None
    return Reading(start, end, "DATE", "date", (*reading.args[:2], int(part["n"])), rule="range")


def _bare_hour_after(text: str, reading: Reading, stop: int, lexicon: Lexicon) -> Reading | None:
    """Read the 4 of "from 1 p.m. to 4", where the phrase ends there."""
    words = _words(lexicon)
    part = words.after.match(plain(text[reading.end : reading.end + _WINDOW], wide=lexicon.wide))
    if part is None or len(part["n"]) > 5 or part["n"] != part["words"] or reading.end + part.end() > stop:
        return None
    start, end = reading.end + part.start("words"), reading.end + part.end()
    if (
        not _stands_before(words.opens, text, reading.start)
        or not _ends_phrase(text, end)
        or _counts_things(text, end, lexicon)
    ):
        return None
    hour, _, minute = part["n"].replace(".", ":").partition(":")
    if not 1 <= int(hour) <= 12:
        return None
    return Reading(start, end, "TIME", "clock", (), clock=(int(hour), int(minute or 0), 0), rule="range")


_AFTER = re.compile(r"[ -]?([^\W\d_]+)")


def _counts_things(text: str, end: int, lexicon: Lexicon) -> bool:
    """Return whether a number is no day: "March 3 to 5 percent", "March 3-5.2", "March 3 to 5 p.m."."""
    after = text[end : end + 2]
    if after[:1] in "%:°/$€£" and after:
        return True
    if after[:1].isalnum() or (after[:1] in ".,-" and after[1:].isdecimal()):
        return True
    word = _AFTER.match(text, end)
    return word is not None and (
        word[1].lower() in lexicon.words.get("counted", {}) or HALF.match(text, end) is not None
    )


def _ends_phrase(text: str, end: int) -> bool:
    return text[end : end + 1] in ("", ".", ",", ";", ")", "\n")


# ---- which readings are the ends of one range


def mark_ranges(text: str, readings: list[Reading], lexicon: Lexicon) -> None:
    """Mark the first of two readings that are the ends of one range, and let both say what only one of them does."""
    for one, two in pairwise(readings):
        if two.start - one.end <= _LONGEST:
            one.until = one.until or _link(text, one, two, lexicon)
            if one.until:
                _share(text, one, two)


def _link(text: str, one: Reading, two: Reading, lexicon: Lexicon) -> str:
    """Return how two readings are linked as the ends of one range: "to", "until", or not at all."""
    kinds = _kind(one), _kind(two)
    if None in kinds:
        return ""
    words = _words(lexicon)
    link = words.link.fullmatch(plain(text[one.end : two.start]))
    if link is None or (not link["both"] and _stands_before(words.moved, text, one.start)):
        return ""
    if link["until"]:
        return "until"
    if link["both"]:
        opened = _stands_before(words.between, text, one.start)
    else:
        opened = kinds[0] == kinds[1] or (link["to"] is not None and _stands_before(words.opens, text, one.start))
    return "to" if opened else ""


_KINDS = dict.fromkeys(DAYS, "day") | {"clock": "clock", "month": "month", "year": "year", "decade": "year"}
_KINDS |= {"quarter": "quarter", "season": "season", "holiday": "day", "nth_weekday": "day"}


def _kind(reading: Reading) -> str | None:
    if reading.type not in ("DATE", "TIME"):
        return None
    return "clock" if reading.clock is not None else _KINDS.get(reading.what)


def _share(text: str, one: Reading, two: Reading) -> None:
    """Give each end what only the other one tells: the year, the month, the half of the day, the zone."""
    if one.what == "date" and two.what == "day_of_month":  # "3月3日至5日"
        two.what, two.args = "date", (*one.args[:2], two.args[0])
    if one.what == two.what and one.what in ("date", "month") and one.args[0] is None and two.args[0] is not None:
        one.args = (int_of(two.args[0]) - (_in_year(one) > _in_year(two)), *one.args[1:])
    elif one.clock is not None and two.clock is not None:
        one.clock, two.clock = _halves(text, one, two, one.clock, two.clock)
        one.zone = one.zone or two.zone


def _in_year(reading: Reading) -> tuple[int, int]:
    """Return the month and day of a reading, to tell which of two comes first."""
    return int_of(reading.args[1]), int_of(reading.args[2]) if reading.what == "date" else 0


def _halves(text: str, one: Reading, two: Reading, first: Clock, last: Clock) -> tuple[Clock, Clock]:
    """Return the clocks of "11 to 2 p.m." as 11:00 and 14:00: the latest first one that is before the last."""
    if first[0] <= 12 and _is_bare(text, one) and not _is_bare(text, two):
        choices = [(first[0] % 12 + half, *first[1:]) for half in (12, 0)]
        return next((c for c in choices if c < (last if last[0] else (24, 0, 0))), choices[0]), last
    if first >= last and last[0] <= 12 and _is_bare(text, two) and not _is_bare(text, one):
        later = (last[0] % 12 + 12, *last[1:])
        return first, later if later > first else last
    return first, last


def _is_bare(text: str, reading: Reading) -> bool:
    """Return whether a clock does not tell its half of the day: "7", "10:30 ET"."""
    words = text[reading.start : reading.end]
    return words[:1].isdecimal() and HALF.search(words) is None and reading.rule not in _TELL_HALF
