"""Clocks: "10:20", "10 p.m.", "0330 GMT", "half past eight", "noon ET", and the zone that follows them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from normalize.calendar import weekday_number
from normalize.tables import read_table
from normalize.times.lexicon import plain
from normalize.times.value import Reading

if TYPE_CHECKING:
    from normalize.times.found import Found
    from normalize.times.lexicon import Lexicon

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-5][0-9])(?:[:.]([0-5][0-9]))?)?")
HALF = re.compile(r"[ \u00a0\u202f]?(?:([ap])\.[ ]?m\b\.?|([ap])m\b)", re.IGNORECASE)
_PLACE_ZONE = re.compile(
    r"[ \u00a0](?:(local)(?: daylight| standard)? time|([A-Z][\w.’'-]{1,20}(?: [A-Z][\w.’'-]{1,20}){0,3}) [Tt]ime)\b"
)


def read_colon(found: Found) -> Reading | None:
    """Read "10:20", "4:20 a.m.", "08:17 GMT" from its colon."""
    text, at = found.text, found.at
    start = at
    while start and at - start < 3 and text[start - 1].isascii() and text[start - 1].isdecimal():
        start -= 1
    if not 1 <= at - start <= 2:
        return None
    return _clock_from(found, start, sure=False)


def read_clock(found: Found) -> Reading | None:
    """Read "10 p.m.", "2.15pm", "11 o'clock" from its suffix."""
    words = found.words.get("clock") or found.words.get("hour")
    if words is None:
        return None
    start = found.at - 1
    while start >= 0 and found.text[start].isspace():
        start -= 1
    return _clock_from(found, start + 1 - len(words), sure=True)


def read_military(found: Found) -> Reading | None:
    """Read "0330 GMT", "0940 hrs" from its zone."""
    before = _MILITARY.match(found.text[max(0, found.at - 8) : found.at][::-1])
    if before is None:
        return None
    digits = before[1][::-1]
    hour, minute = int(digits[:-2].rstrip(":.")), int(digits[-2:])
    if hour > 24 or minute > 59:
        return None
    zone, stop = (found.head, found.end) if found.head.isupper() else (None, found.end)
    start = found.at - before.end(1)
    made = Reading(start, stop, "TIME", "clock", (), clock=(hour, minute, 0), zone=zone)
    return made if zone else with_zone(found.text, made)


_MILITARY = re.compile(r"[ \u00a0]?([0-9]{4}|[0-9]{2}[.:][0-9]{1,2})\b")


def clock_at(found: Found, start: int, stop: int) -> Reading | None:
    """Return the clock that stands at `start:stop`, with its half of the day and its zone."""
    return _clock_from(found._replace(end=stop), start, sure=True)


def _clock_from(found: Found, start: int, *, sure: bool) -> Reading | None:
    text = found.text
    part = _CLOCK.match(text, start)
    if part is None or (start and (text[start - 1] in ":.$£€" or text[start - 1].isalnum())):
        return None
    hour, minute, second = int(part[1]), int(part[2] or 0), int(part[3] or 0)
    stop = part.end()
    if text[stop : stop + 1].isdecimal():
        return None
    odd = False
    half = HALF.match(text, stop)
    if half is not None:
        stop = half.end()
        sure = True
        odd = hour > 12 or hour == 0
        hour = _twelve(hour, (half[1] or half[2]).lower())
    elif sure:
        stop = max(stop, found.end)
    if text[stop : stop + 1].isalpha() or (start > 1 and text[start - 1] in "-–/" and not _ends_range(text, start)):
        return None
    if hour > 24 or (hour == 24 and minute) or (hour < 5 and "h" in part[0] and not _fits_clock(found, start, stop)):
        return None  # "1h30 de débats" lasts
    made = with_zone(text, Reading(start, stop, "TIME", "clock", (), clock=(hour, minute, second)))
    made.flag = "odd clock" if odd else None  # "17:56 p.m."
    if not sure and made.zone is None and not _fits_clock(found, start, stop):
        return None
    return made


def _ends_range(text: str, start: int) -> bool:
    """Return whether a dash before a clock stands after another: "7-9 a.m.", "2 p.m.–4 p.m.", "ET/5 p.m. PT", not "F-16 a.m."."""
    before = text[max(0, start - 3) : start - 1]
    if text[start - 1] == "/":
        return before.isalpha() and before[-1] in "Tt"
    return before[-1:].isdecimal() or before.lower() in ("m.", "am", "pm")


def _fits_clock(found: Found, start: int, stop: int) -> bool:
    """Return whether a bare "10:20" is a clock: a preposition before it, no more digits after it."""
    text = found.text
    if text[stop : stop + 1] in (".", ":", ",", "-") and text[stop + 1 : stop + 2].isdecimal():
        return False
    before = text[max(0, start - 16) : start].lower().rstrip("( \u00a0").rsplit(None, 1)
    return bool(before) and found.says("before_clock", before[-1])


def _twelve(hour: int, half: str) -> int:
    """Return the hour of a clock of 24; "17:56 p.m." keeps its 17."""
    if hour > 12:
        return hour
    return hour % 12 + (12 if half == "p" else 0)


def with_half(clock: tuple[int, int, int], part: str | None) -> tuple[int, int, int]:
    """Return the clock of "3:30 in the afternoon" as 15:30."""
    hour, minute, second = clock
    if part in ("AF", "EV", "NI") and hour < 12 and not (part == "NI" and hour < 5):
        hour += 12
    return hour, minute, second


@cache
def _hour_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    hours = "|".join(word for word, number in lexicon.words.get("number", {}).items() if int(number) <= 12)
    links = "|".join(lexicon.words.get("part_link", ()))
    number = rf"[0-9]{{1,2}}(?:[.][0-5][0-9])?|{hours}" if hours else "[0-9]{1,2}"
    return re.compile(rf"(?:^|[\s(])(?P<before>[^\W\d_]+) (?P<n>{number})(?P<link> (?:{links}))? $")


def hour_before(found: Found, start: int, *, linked: bool = False) -> tuple[int, tuple[int, int, int]] | None:
    """Return where the hour of "at six in the morning", "around 11 at night", "at 7 tonight" starts, and the hour."""
    window = plain(found.text[max(0, start - 32) : start])
    part = _hour_pattern(found.lexicon).search(window)
    if part is None or not found.says("before_clock", part["before"]) or (linked and part["link"] is None):
        return None
    hour, _, minute = part["n"].partition(".")
    if not hour.isdecimal():
        hour = found.lexicon.words["number"].get(hour, "0")
    clock = int(hour), int(minute or 0), 0
    return (part.start("n") + start - len(window), clock) if 1 <= clock[0] <= 12 else None


@cache
def _hour_after_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    hours = "|".join(word for word, number in lexicon.words.get("number", {}).items() if int(number) <= 12)
    number = rf"[0-9]{{1,2}}(?:[:.][0-5][0-9])?|{hours}" if hours else "[0-9]{1,2}(?:[:.][0-5][0-9])?"
    links = "|".join(lexicon.words.get("hour_link", {"\ue000": ""}))
    return re.compile(rf",? (?:{links}) (?P<n>{number})(?:$|[.,;)]?(?:\s|$))")


def hour_after(found: Found, stop: int) -> tuple[int, tuple[int, int, int]] | None:
    """Return where the hour of "this morning at seven", "tonight around 8:30" ends, and the clock."""
    window = plain(found.text[stop : stop + 24])
    part = _hour_after_pattern(found.lexicon).match(window)
    if part is None:
        return None
    hour, _, minute = part["n"].replace(":", ".").partition(".")
    if not hour.isdecimal():
        hour = found.lexicon.words["number"].get(hour, "0")
    after = found.text[stop + part.end("n") : stop + part.end("n") + 24].split()
    counts = (
        bool(after)
        and not minute
        and found.text[stop + part.end("n")].isspace()
        and not found.says("function", after[0])
    )
    return None if counts or not 1 <= int(hour) <= 12 else (stop + part.end("n"), (int(hour), int(minute or 0), 0))


def read_past(found: Found) -> Reading | None:
    """Read "half past eight", "a quarter to nine"."""
    hour = found.get("n")
    if hour is None or not hour.isdecimal() or not 1 <= int(hour) <= 12:
        return None
    start, words = found.at, found.text[found.end : found.stop].split()
    if found.head.lower() == "quarter":
        article = found.text[max(0, start - 2) : start].lower() == "a "
        before = found.text[max(0, start - 16) : start].lower().split()
        if not article and not (before and found.says("before_clock", before[-1])):
            return None
        start -= 2 if article else 0
        minutes = -15 if words[0].lower() in ("to", "till") else 15
    else:
        minutes = 30
    after = found.text[found.stop : found.stop + 12].split()
    if found.text[found.stop : found.stop + 1] == "%" or (after and found.says("counted", after[0].strip(",.;"))):
        return None
    clock = (int(hour) - 1, 60 + minutes, 0) if minutes < 0 else (int(hour), minutes, 0)
    half = HALF.match(found.text, found.stop)
    stop = found.stop if half is None else half.end()
    if half is not None:
        clock = (_twelve(clock[0], (half[1] or half[2]).lower()), *clock[1:])
    return with_zone(found.text, Reading(start, stop, "TIME", "clock", (), clock=clock))


def read_central(found: Found) -> Reading | None:
    """Read "9/8c": the hour of the evening in the East, and the one in the Middle West."""
    digits = re.search(r"(?:^|[\s(])([0-9]{1,2})$", found.text[max(0, found.at - 3) : found.at])
    if digits is None or int(digits[1]) % 12 != (int(found.value) + 1) % 12:
        return None
    hour = int(digits[1]) % 12 + 12
    start = found.at - len(digits[1])
    also = (hour - 1, 0, 0), "CT"
    return Reading(start, found.end, "TIME", "clock", (), clock=(hour, 0, 0), zone="ET", also=also)


def read_before_bracket(text: str, reading: Reading, done: int) -> Reading | None:
    """Read the 1500 of "1500 (1400 GMT)", which only its double makes a clock."""
    part = _BEFORE_BRACKET.search(text[max(done, reading.start - 12) : reading.start])
    if part is None:
        return None
    digits = part[1]
    start = max(done, reading.start - 12) + part.start(1)
    hour, minute = int(digits[:-2].rstrip(".:")), int(digits[-2:])
    if hour > 24 or minute > 59:
        return None
    return Reading(start, start + len(digits), "TIME", "clock", (), clock=(hour, minute, 0), rule="military")


_BEFORE_BRACKET = re.compile(r"(?:^|\s)([0-9]{4}|[0-9]{1,2}[.:][0-9]{2}) ?[(\[]$")


def with_zone(text: str, made: Reading) -> Reading:
    """Return the clock reading with the zone that follows it: "ET", "GMT", "local time", "Moscow time"."""
    named = zone_pattern().match(text, made.end)
    if named is not None:
        made.zone, made.end = named[1], named.end()
        if named[3] is not None:
            made.also = _other_clock(made, named[2]), _LETTERS.get(named[3], named[3])
        return made
    place = _PLACE_ZONE.match(text, made.end)
    if place is not None and (place[1] or weekday_number(place[2].split()[0]) is None):
        made.zone, made.end = place[1] or f"{place[2]} time", place.end()
    return made


_LETTERS = {"P": "PT", "C": "CT", "c": "CT", "M": "MT"}


def _other_clock(made: Reading, digits: str | None) -> tuple[int, int, int]:
    """Return the clock of the second zone: the same in "8 p.m. ET/PT", another one in "8 p.m. ET/7 CT"."""
    assert made.clock is not None
    if digits is None:
        return made.clock
    hour, _, minute = digits.strip().partition(":")
    return int(hour) % 12 + (12 if made.clock[0] >= 12 else 0), int(minute or 0), 0


@cache
def zone_pattern() -> re.Pattern[str]:
    """Return the pattern of the zone words that may follow a clock."""
    names = {row["abbreviation"] for row in read_table("zones")}
    short = sorted((n for n in names if n.isupper() and len(n) < 6 and n.isascii()), key=lambda n: (-len(n), n))
    dotted = "|".join(r"\.?".join(n) for n in ("ET", "EST", "EDT", "PT", "PST", "PDT", "CT"))
    long = sorted(
        {n.title() for n in names if n.isascii() and len(n) > 5} | {"Eastern", "Central", "Pacific", "Mountain"}
    )
    long_names = "|".join(long)
    return re.compile(
        rf"[ \u00a0]?((?:UTC|GMT)[ ]?[+−-][0-9]{{1,2}}(?::?[0-9]{{2}})?"
        rf"|(?:{'|'.join(short)}|МСК|мск)\b|(?:{dotted})\b"
        rf"|(?:U\.S\. )?(?:{long_names})(?: (?:Standard|Daylight|Summer|standard|daylight|summer))?(?: [Tt]ime)?\b)"
        r"(?:(?:/| and | & )([0-9]{1,2}(?::[0-9]{2})? ?)?([ECMP][SD]?T|Eastern|Central|Mountain|Pacific|[PCMc])\b(?: [Tt]ime\b)?)?"
    )
