"""Numbers that are times: years, decades, ISO and slashed dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.times.value import Reading

if TYPE_CHECKING:
    from normalize.times.found import Found

_ISO = re.compile(
    r"([0-9]{4})([-/.])([01][0-9])[-/.]([0-3][0-9])"
    r"(?:[T ]([0-2][0-9]):([0-5][0-9])(?::([0-6][0-9])(?:[.,][0-9]{1,9})?)?(?:\s?(Z\b|UTC\b|GMT\b|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_BEFORE_YEAR = re.compile(r"([/.-])([0-9]{1,2})([/.-])([0-9]{1,2})")  # reversed: "/62/21" of 12/26/2017
_NEXT = re.compile(r"(['’]?s)?(?:\s([a-z][a-z-]*)|([-–/])([0-9]{2,4})\b|[,.][0-9]|[%°$€£])?")


def read_year(found: Found) -> Reading | None:
    """Read "1988", "the 1970s", "mid-1996", "2017-12-27", "12/26/2017"."""
    text, at = found.text, found.at
    digits = text[at : at + 4]
    if len(digits) < 4 or not (digits.isascii() and digits.isdecimal()) or text[at + 4 : at + 5].isdecimal():
        return None
    before = text[at - 1 : at] if at else ""
    if "edge" not in found.words and (before.isalnum() or before in _STUCK):
        return _slashed(found) if before in "/.-" and before else None
    iso = _ISO.match(text, at)
    if iso is not None and not text[iso.end() : iso.end() + 1].isalnum():
        return _iso(found, iso)
    if before == ":":
        return None
    return (
        _decade(found, int(digits))
        if text[at + 4 : at + 6].lower().strip("'’") == "s" or text[at + 4 : at + 5].lower() == "s"
        else _plain_year(found, int(digits))
    )


_MILITARY_AFTER = re.compile(
    r"[ \u00a0]?(?:GMT|UTC|hrs\b|hours\b|ET\b|EST\b|EDT\b|local time|\([0-9]{2}[.:]?[0-9]{2} ?(?:GMT|UTC))"
)
_STUCK = frozenset("$£€¥#.,/-+=_@&")


def _iso(found: Found, iso: re.Match[str]) -> Reading | None:
    year, _, month, day, hour, minute, second, zone = iso.groups()
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        return None
    made = Reading(found.at, iso.end(), "DATE", "date", (int(year), int(month), int(day)))
    if hour is not None and int(hour) <= 24:
        made.type, made.clock, made.zone = "TIME", (int(hour), int(minute), int(second or 0)), zone
    return made


def _slashed(found: Found) -> Reading | None:
    """Read "12/26/2017", "26.12.2017", the order by language unless the numbers settle it."""
    before = found.text[max(0, found.at - 7) : found.at][::-1]
    part = _BEFORE_YEAR.match(before)
    if part is None or part[1] != part[3] or before[part.end() : part.end() + 1].isdecimal():
        return None
    second, first = int(part[2][::-1]), int(part[4][::-1])
    start = found.at - part.end()
    if start and (found.text[start - 1].isalnum() or found.text[start - 1] in "/.-$"):
        return None
    month_first = "month_first" in found.lexicon.words and part[1] != "."
    month, day = (first, second) if month_first else (second, first)
    if month > 12:
        month, day = day, month
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Reading(start, found.at + 4, "DATE", "date", (int(found.text[found.at : found.at + 4]), month, day))


def _decade(found: Found, year: int) -> Reading | None:
    stop = found.at + 5 if found.text[found.at + 4] in "sS" else found.at + 6
    if year % 10 or found.text[stop : stop + 1].isalnum():
        return None
    start = found.start
    the = found.text[max(0, start - 4) : start].lower()
    start -= 4 if the == "the " else 0
    return Reading(start, stop, "DATE", "decade", (year,), found.get("edge"))


def _plain_year(found: Found, year: int) -> Reading | None:
    text, stop = found.text, found.at + 4
    after = _NEXT.match(text, stop)
    word = after[2] if after else None
    if _MILITARY_AFTER.match(text, stop):
        return None
    mark = text[stop : stop + 1]
    if text[stop : stop + 2] in ("-х", "-е"):  # "1980-х годов" are a decade
        return None
    if mark.isalnum() or (mark and mark in "%°_@:") or found.says("counted", word or ""):
        return None
    if mark in (",", ".") and text[stop + 1 : stop + 2].isdecimal():
        return None
    if _STREET.match(text, stop):
        return None
    prep = found.words.get("before_year")
    if prep == "of" and year >= 2000 and found.says("crowd", _word_before(text, found.start - 3)):
        return None
    if prep is None and "edge" not in found.words and (year < 1800 or year > 2060 or _counts(found, word)):
        return None
    if after is not None and after[3] is not None and after[3] in "-–":
        last = _range_end(year, after[4])
        if last is not None and text[after.end() : after.end() + 1] != "-":
            return Reading(found.start, after.end(), "DATE", "years", (year, last), found.get("edge"))
        if len(after[4]) == 2 and after[3] == "-" and 1 <= int(after[4]) <= 12:
            return Reading(found.start, after.end(), "DATE", "month", (year, int(after[4]), None))
        if len(after[4]) != 4:
            return None
    period = _PERIOD.match(text, stop)
    if period is not None:
        the = 4 if text[max(0, found.start - 4) : found.start] == "the " else 0
        return Reading(found.start - the, period.end(), "DATE", "year_period", (year,))
    return Reading(found.start, stop, "DATE", "year", (year,), found.get("edge"))


_PERIOD = re.compile(r" (?:period|quarter)\b")


_STREET = re.compile(
    r" (?:[A-Z][\w.]{1,20} ){1,3}(?:Street|St\b|Avenue|Ave\b|Road|Rd\b|Drive|Dr\b|Boulevard|Blvd|Lane|Way|Place|Court|Square|Highway)"
)


def _word_before(text: str, at: int) -> str:
    """Return the word before `at`, lower case, without its marks."""
    words = text[max(0, at - 16) : at].rstrip().rsplit(None, 1)
    return words[-1].lower().strip("(\"'.“‘") if words else ""


def _counts(found: Found, word: str | None) -> bool:
    """Return whether the number counts things: "No. 1988", "room 1903", "2000 troops"."""
    if found.says("numbered", _word_before(found.text, found.start)):
        return True
    return word is not None and word.endswith("s") and not found.says("after_year", word)


def _range_end(first: int, digits: str) -> int | None:
    last = int(digits) if len(digits) == 4 else first - first % 100 + int(digits)
    return last if first < last <= first + 150 and last < 2100 else None
