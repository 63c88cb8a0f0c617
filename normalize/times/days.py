"""Builders for days and their parts, months, seasons, holidays and references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.times.clocks import hour_after, hour_before, with_half, with_zone
from normalize.times.found import is_definite, year_of
from normalize.times.value import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.found import Found
    from normalize.times.value import Type


def _weekday(found: Found) -> Reading | None:
    """Read "Friday", "last Friday", "early Friday morning", "Fridays"."""
    if (found.doubtful and not _abbreviates(found)) or _names(found):
        return None
    rel = found.get("rel_day") or found.get("this")
    if found.says("weekday_plural", found.head.lower()):
        if _is_band(found):
            return None
        rel = "every"
    kind: Type = "SET" if rel == "every" else "DATE"
    week = found.get("of_week")
    if week is not None:
        made = Reading(found.start, found.stop, kind, "weekday_of", (int(found.value), int(week)), found.get("edge"))
        return _with_part(made, found)
    made = Reading(found.start, found.stop, kind, "weekday", (int(found.value), rel), found.get("edge"))
    return _with_part(made, found)


_NAMED = re.compile(r"(?:[\w,'’] [A-Z][\w’']*|\b[Tt]he|[“\"][A-Z][\w’']*) $")


def _is_band(found: Found) -> bool:
    """Return whether a weekday in the plural is a name: "the Mondays", "Sundays River", "the Moral Mondays"."""
    after = found.text[found.end : found.end + 2]
    before = _NAMED.search(found.text[max(0, found.at - 24) : found.at])
    return (after[:1] == " " and after[1:].isupper()) or before is not None


def _names(found: Found) -> bool:
    """Return whether the head is part of a name: "the Sunday Times", "USA Today", "Now Corp."."""
    if not found.text[found.at].isupper():
        return False
    after = found.text[found.end : found.end + 7]
    named = after[:1] == " " and after[1:2].isupper()
    before = found.text[max(0, found.start - 4) : found.start]
    return named and (before.lower() == "the " or after[1:5] in ("Inc.", "Corp", "Grou", "Club", "Coff"))


def _inside(found: Found) -> bool:
    """Return whether a capitalized head stands inside a sentence, as names do: "USA Today"."""
    head = found.head
    if not head[:1].isupper():
        return False
    if head.isupper():
        return found.text[max(0, found.start - 4) : found.start] == "USA "
    before = found.text[max(0, found.start - 3) : found.start]
    return len(before) > 1 and before[-1] == " " and (before[-2].isalnum() or before[-2] == ",")


def _abbreviates(found: Found) -> bool:
    """Return whether a short name stands as one: with its full stop or comma ("Sun., March 3")."""
    after = found.text[found.end : found.end + 8]
    if found.text[found.end - 1] == ".":
        return after[:1] in ("", " ", ",", ")", "-", "–")
    return after[:2] == ", " and (after[2:3].isdecimal() or after[2:5].lower() in found.lexicon.words["month"])


def _with_part(made: Reading, found: Found) -> Reading:
    part = found.get("part")
    if part is not None and found.words["part"].lower().endswith("s") and made.what == "weekday":
        made.type, made.args, made.part = "SET", (made.args[0], "every"), part  # "Monday mornings"
    elif part is not None:
        return _with_hour(found, made, part)
    return made


def _with_hour(found: Found, made: Reading, part: str) -> Reading:
    """Return a part of a day with the hour that follows it: "this morning at seven", "tonight around 8:30"."""
    after = hour_after(found, made.end)
    if after is not None and made.type != "SET":
        made.end, made.clock, made.type = after[0], with_half(after[1], part), "TIME"
    else:
        made.part = part
        made.type = "TIME" if made.type == "DATE" else made.type
    return made


def _month_day(found: Found) -> Reading | None:
    """Read "December 26", "Dec. 26, 2017", "the 26th of December", "March eighth"."""
    words = found.words["date"]
    if words[:1].isdecimal():
        day = int(words[:2] if words[:2].isdecimal() else words[:1])
    else:
        day = int(found.lexicon.value("ordinal", words) or 0)
        if found.at > found.start and " of " not in found.text[found.start : found.at]:
            return None
    if not 1 <= day <= 31 or not _capital(found):
        return None
    if found.text[found.stop : found.stop + 1] in ("%", ":", "-") and found.words.get("year") is None:
        after = found.text[found.stop : found.stop + 2]
        if after[0] in "%:":
            return None
    year = year_of(found.words.get("year"), found)
    made = Reading(found.start, found.stop, "DATE", "date", (year, int(found.value), day), found.get("edge"))
    rel = found.get("rel_day")
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "date", (None, int(found.value), day))
    return made


def _capital(found: Found) -> bool:
    """Return whether the head is written as a name where its language wants that."""
    return found.head[:1].isupper() or not found.doubtful or not found.says("capital", "month")


def _month(found: Found) -> Reading | None:
    """Read "October", "last May", "early November", "June 1989", "July last year"."""
    if not _capital(found):
        return None
    year, rel, of_year = found.words.get("year"), found.get("rel"), found.get("of_year")
    sure = year or rel or of_year or found.words.get("edge")
    head = found.head.lower()
    if not sure and found.says("short", head) and found.get("before_month") != "sure":
        return None
    if not sure and (found.doubtful or found.head[-1] == ".") and not _in_phrase(found):
        return None
    month = int(found.value)
    if rel in ("before", "after"):
        rel = "-1" if rel == "before" else "1"
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "month", (None, month, "every"))
    return Reading(
        found.start,
        found.stop,
        "DATE",
        "month",
        (year_of(year, found), month, rel, of_year),
        found.get("edge"),
    )


def _in_phrase(found: Found) -> bool:
    """Return whether a doubtful month is one: "in May", "the March meeting", not "to May Chen", "the March on Rome"."""
    after = found.text[found.stop : found.stop + 2]
    if after[:1] == " " and after[1:2].isupper():
        return False
    if found.words.get("before_month") is not None or _ends_range(found):
        return True
    before = found.text[max(0, found.start - 5) : found.start].lower()
    word = found.text[found.stop + 1 : found.stop + 5].split(" ")[0]
    return before.endswith((" a ", " an ", " the ", "'s ", "’s ")) and word not in ("on", "for", "of", "to", "in")


def _ends_range(found: Found) -> bool:
    """Return whether a dash and another month stand before: "January-March"."""
    if found.text[max(0, found.start - 1) : found.start] not in ("-", "–"):
        return False
    words = found.text[max(0, found.start - 12) : found.start - 1].split()
    return bool(words) and found.says("month", words[-1].lower().rstrip("."))


def _day_word(found: Found) -> Reading | None:
    """Read "today", "late yesterday", "tomorrow morning"."""
    if _inside(found):
        return None
    made = Reading(found.start, found.stop, "DATE", "day", (int(found.value),), found.get("edge"))
    return _with_part(made, found)


def _tonight(found: Found) -> Reading | None:
    """Read "tonight", but not the name of a show."""
    if _inside(found):
        return None
    hour = hour_before(found, found.start)
    if hour is not None:
        return Reading(hour[0], found.stop, "TIME", "day", (0,), clock=with_half(hour[1], found.value))
    return _with_hour(found, Reading(found.start, found.stop, "TIME", "day", (0,), found.get("edge")), found.value)


_SITE = re.compile(r"\.[a-z]")


def _fixed(found: Found) -> Reading | None:
    """Read "now", "recently", "the future", but not a site's name ("NU.nl")."""
    if _inside(found) or _names(found) or _SITE.match(found.text, found.end):
        return None
    return Reading(found.start, found.stop, "DATE", "fixed", (found.value,))


def _ref_end(found: Found) -> Reading | None:
    """Read "the past", "the future", but not "the past year", "the future king"."""
    after = found.text[found.end : found.end + 12]
    if after[:1] in " \n" and after[1:2].isalnum() and not found.says("function", after.split()[0].strip(".,;")):
        return None
    return _fixed(found)


def _soon(found: Found) -> Reading | None:
    """Read "soon", but not "as soon as", "soon after"."""
    around = found.text[max(0, found.at - 4) : found.at].lower(), found.text[found.end : found.end + 7].lower()
    if around[0].endswith(("as ", "too ")) or around[1].startswith((" after", " as ", "-")):
        return None
    return _fixed(found)


def _set_word(found: Found) -> Reading | None:
    """Read "daily", "monthly", but not a newspaper's name ("the Daily Star")."""
    if found.head[:1].isupper() and (found.text[found.end : found.end + 2].strip()[:1].isupper() or _inside(found)):
        return None
    return Reading(found.start, found.stop, "SET", "fixed", (found.value,))


_IN_THE = re.compile(r"\b(?:in|during|through|throughout|into|of) the $")


def _part(found: Found) -> Reading | None:
    """Read "this morning", "last night", "the afternoon", "every night"."""
    rel = found.get("rel_day")
    if rel is not None and found.head[:1].isupper() and not found.head.isupper():
        return None  # "This Morning", the name of a show
    if found.says("after_part", found.text[found.stop : found.stop + 12].partition(" ")[2].split(" ")[0].strip(".,")):
        return None
    article = found.text[max(0, found.start - 4) : found.start].lower()
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", (f"XXXX-XX-XXT{found.value}",))
    hour = hour_before(found, found.start, linked=rel is None)  # "one morning" is no hour
    if hour is not None and rel in (None, "0"):
        what, args = ("clock", ()) if rel is None else ("day", (0,))
        clock = with_half(hour[1], found.value)
        return Reading(hour[0], found.stop, "TIME", what, args, clock=clock)
    offset = {"-1": -1, "0": 0, "1": 1}.get(rel or "")
    if offset == -1 and found.value == "MO":
        offset = None
    if rel is None:
        if article != "the " and "edge" not in found.words and not article.endswith("in "):
            return None
        if found.head.lower().endswith("s"):
            return None
        if found.value == "NI" and not _IN_THE.search(found.text[max(0, found.start - 16) : found.start]):
            return None
        start = found.start - (4 if article == "the " else 0)
        return Reading(start, found.stop, "TIME", "that_day", (), found.get("edge"), part=found.value)
    if offset is None:
        what, args = "mention", ({"before": -1, "after": 1, "-1": -1, "1": 1}.get(rel, 0),)
    else:
        what, args = "day", (offset,)
    return _with_hour(found, Reading(found.start, found.stop, "TIME", what, args, found.get("edge")), found.value)


def _noon(found: Found) -> Reading | None:
    """Read "noon", "midnight"."""
    hour = int(found.value[:2])
    twelve = 3 if found.text[max(0, found.start - 3) : found.start] == "12 " else 0
    made = Reading(found.start - twelve, found.stop, "TIME", "clock", (), clock=(hour, 0, 0))
    return with_zone(found.text, made)


def _overnight(found: Found) -> Reading | None:
    if found.text[found.end : found.end + 1] == "-":
        return None
    return Reading(found.start, found.stop, "TIME", "that_day", (), part=found.value)


def _season(found: Found) -> Reading | None:
    """Read "last fall", "the summer of 1989", "this spring"."""
    rel, year, of_year = found.get("rel"), year_of(found.words.get("year"), found), found.get("of_year")
    prep = found.words.get("before_month", "").lower()
    article = "article" in found.words
    if rel is None and year is None and of_year is None and "edge" not in found.words:
        if found.doubtful and not (article and prep in ("in", "by", "during", "since", "until")):
            return None
        if found.head[:1].isupper() or not (article or prep):
            return None
        if found.doubtful and found.text[found.end : found.end + 4] == " of ":
            return None
        if prep in ("for", "and", "or", "to", "on", "of", "before", "after") and not article:
            return None
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", (f"XXXX-{found.value}",))
    return Reading(found.start, found.stop, "DATE", "season", (year, found.value, rel, of_year), found.get("edge"))


def _decade_word(found: Found) -> Reading | None:
    """Read "the nineties", "the late eighties", "the '60s", but not "in his eighties"."""
    before = found.text[max(0, found.start - 4) : found.start].lower()
    if not is_definite(found) and before != "the " and found.head[0] not in "'’":
        return None
    start = found.start - (4 if before == "the " else 0)
    return Reading(start, found.stop, "DATE", "decade", (1900 + int(found.value),), found.get("edge"))


def _holiday(found: Found) -> Reading | None:
    if _names(found):
        return None
    year, rel = year_of(found.words.get("year"), found), found.get("rel")
    if rel == "every":
        rel = None
    return Reading(found.start, found.stop, "DATE", "holiday", (year, found.value, rel))


def _spelt_year(found: Found) -> Reading | None:
    """Read "nineteen ninety-six", "twenty seventeen"."""
    number = found.get("n")
    if number is None or not number.isdecimal() or not 10 <= int(number) <= 99 or found.words["n"][:1].isdecimal():
        return None
    if found.value == "20" and int(number) > 40:
        return None
    return Reading(found.start, found.stop, "DATE", "year", (int(found.value) * 100 + int(number),))


_NTH_DAY = re.compile(r"(?:^|[\s(])(?P<before>[^\W\d_]+) (?P<words>the (?P<n>[0-9]{1,2}))$", re.IGNORECASE)


def _nth_day(found: Found) -> Reading | None:
    """Read "on the 27th", where nothing follows that it counts; up to the 18th it may be a hole of golf."""
    part = _NTH_DAY.search(found.text[max(0, found.at - 20) : found.at])
    if part is None or not 18 < int(part["n"]) <= 31 or part["before"].lower() not in _BEFORE_DAY:
        return None
    after = found.text[found.end : found.end + 16]
    word = after.split()[0].strip(".,;").lower() if after.strip() else ""
    if after[:1].isspace() and not found.says("function", word) and not found.says("after_day", word):
        return None
    if after[:1] in ("-", "–", "/", "'", "’"):
        return None
    start = found.at - len(part["words"])
    return Reading(start, found.end, "DATE", "day_of_month", (int(part["n"]),))


_BEFORE_DAY = frozenset(("on", "by", "until", "till", "since", "before", "after", "from", "through"))


def _nth_weekday(found: Found) -> Reading | None:
    """Read "the last Sunday in March", "the first Monday of May 2018"."""
    month = found.get("month")
    if month is None or _names(found):
        return None
    year = year_of(found.words.get("year"), found)
    nth = int(found.get("nth") or 0)
    args = (year, int(month), None, found.get("of_year"), nth, int(found.value))
    return Reading(found.start, found.stop, "DATE", "nth_weekday", args)


def _nth_weekday_of(found: Found) -> Reading | None:
    """Read "the first Friday of next month", "the last Monday of every month"."""
    rel, nth = found.get("rel"), int(found.get("nth") or 0)
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", ("P1M",))
    shift = {"before": "-1", "after": "1", None: "0"}.get(rel, rel)
    return Reading(found.start, found.stop, "DATE", "nth_weekday_of", (shift, nth, int(found.value)))


def _weekday_nth(found: Found) -> Reading | None:
    """Read "Friday the 13th", but not "Friday the 13th of October"."""
    words = found.words["date"]
    if words.isdecimal() or not words[:1].isdecimal() or found.text[found.stop : found.stop + 4] == " of ":
        return None
    day = int("".join(c for c in words if c.isdecimal()))
    return Reading(found.start, found.stop, "DATE", "weekday_nth", (int(found.value), day)) if day <= 31 else None


DAYS: dict[str, Callable[[Found], Reading | None]] = {
    "weekday": _weekday,
    "nth_weekday": _nth_weekday,
    "nth_weekday_of": _nth_weekday_of,
    "weekday_nth": _weekday_nth,
    "nth_day": _nth_day,
    "month_day": _month_day,
    "month": _month,
    "day_word": _day_word,
    "tonight": _tonight,
    "fixed": _fixed,
    "ref_end": _ref_end,
    "soon": _soon,
    "set_word": _set_word,
    "spelt_year": _spelt_year,
    "part": _part,
    "noon": _noon,
    "overnight": _overnight,
    "season": _season,
    "decade_word": _decade_word,
    "holiday": _holiday,
}
