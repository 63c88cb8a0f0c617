"""Builders for units and periods: durations, relative units, quarters, sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.times.clocks import read_military
from normalize.times.found import bare_start, is_definite, year_of
from normalize.times.value import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.found import Found
    from normalize.times.value import Type


def _quarter(found: Found) -> Reading | None:
    """Read "the third quarter", "fiscal first-quarter", "last year's quarter", "the quarter"."""
    ordinal = found.get("ordinal")
    poss = found.get("poss")
    rel = found.get("rel")
    year, of_year = year_of(found.words.get("year"), found), found.get("of_year")
    if ordinal is None and poss is None and rel is None and not is_definite(found):
        return None
    if ordinal is not None and int(ordinal) > 4:
        return None
    if "n" in found.words or (ordinal is None and found.head.endswith("s")):
        return None
    if found.text[found.stop : found.stop + 1] == "-":
        return None
    kind: Type = "SET" if rel == "every" or found.head.endswith("s") else "DATE"
    start = bare_start(found, "-" + found.head)
    if ordinal is None and _ended(found):
        return Reading(start, found.stop, "DURATION", "fixed", ("P1Q",))
    return Reading(
        start,
        found.stop,
        kind,
        "quarter",
        (year, None if ordinal is None else int(ordinal), rel, poss or of_year),
        found.get("edge"),
    )


_ENDED = re.compile(r"\s(?:that )?(?:ended|ending|to end)\b")


def _ended(found: Found) -> bool:
    return _ENDED.match(found.text, found.stop) is not None


def _half(found: Found) -> Reading | None:
    """Read "the first half of 1989", "the last half of this year"."""
    ordinal = found.get("ordinal") or {"-1": "2", "0": "1"}.get(found.get("rel") or "")
    year, of_year = year_of(found.words.get("year"), found), found.get("of_year")
    if ordinal not in ("1", "2") or (year is None and of_year is None):
        return None
    return Reading(found.start, found.stop, "DATE", "half", (year, int(ordinal), of_year))


def _unit(found: Found) -> Reading | None:
    """Read what a unit is head of: "three years", "last week", "two days ago", "the past five days"."""
    unit = found.value
    after = found.get("after") or found.get("ago")
    if after == "for":
        found, after = found._replace(start=found.start + len(found.words["ago"]) + 1), None
    if unit == "H" and len(found.words.get("n", "")) == 4 and found.words["n"].isdecimal():
        return read_military(found)
    count = _count(found)
    rel = found.get("rel")
    plural = found.says("plural", found.head.lower())
    mod = found.get("about") or found.get("edge")
    if _is_no_unit(found):
        return None
    if after in ("before", "after"):
        found, after = _end_of_phrase(found, after, rel)
    elif (after in ("later", "earlier") and "after" in found.words and _of_event(found)) or (
        after is not None and rel is not None and after != "so"
    ):
        found, after = _without(found, "after"), None
    if after == "so":
        mod, after = "APPROX", None
    if after is not None and (count is not None or plural):
        return _shifted(found, unit, count, after, mod)
    if found.words.get("rel_vague") or (rel is not None and plural and count is None and rel != "every"):
        return Reading(found.start, found.stop, "DURATION", "fixed", (_duration("X", unit),), mod)
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", (_duration(count or "1", unit),), mod)
    if _of_quarter(found):
        return None
    if rel is not None and _is_show(found):
        return None
    if rel is not None and count is None and _is_calendar(unit):
        return Reading(found.start, found.stop, "DATE", "unit", (unit, rel), mod)
    if count is not None:
        return _counted(found, unit, count, mod)
    return _bare_unit(found, unit, mod, plural=plural, named=rel is None)


def _is_show(found: Found) -> bool:
    """Return whether a unit and the words before it have capitals and quotation marks: the show “This Week”."""
    head = found.head
    quoted = found.text[max(0, found.start - 1) : found.start] in ("“", '"', "‘", "'")
    return quoted and head[:1].isupper() and not head.isupper()


def _is_no_unit(found: Found) -> bool:
    """Return whether a unit is none: "the twenty second of June", "Min Li", "16 years old", "day-to-day"."""
    head, number = found.head.lower(), found.get("n")
    if head == "second" and found.text[found.at - 1 : found.at] == " " and number not in (None, "1"):
        return True
    if found.says("abbreviated", head) and not (found.words.get("n") or "x")[0].isdecimal():
        return True
    old = found.words.get("old") and found.value == "Y"
    return bool(old) or found.text[found.stop : found.stop + 4] in ("-to-", "-on-", "-by-")


def _bare_unit(found: Found, unit: str, mod: str | None, *, plural: bool, named: bool) -> Reading | None:
    """Read a unit without a number: "years", "the week", "the year end", not the name of a thing ("Happy Hour")."""
    capital = found.head[:1].isupper()
    if capital and found.at > found.start and not found.head.isupper() and named:
        return None
    if plural:
        if unit in ("S", "Q", "WE") or (capital and found.text[found.end + 1 : found.end + 2].isupper()):
            return None
        return Reading(found.at, found.stop, "DURATION", "fixed", (_duration("X", unit),), mod)
    if unit == "Y" and _END.match(found.text, found.stop):
        made = _year_end(found)
        made.end += 4
        return made
    if is_definite(found) and _is_calendar(unit) and unit not in "QC" and "first" not in found.words:
        if unit == "Y" and _ended(found):
            return Reading(found.start, found.stop, "DURATION", "fixed", ("P1Y",), mod)
        return Reading(found.start, found.stop, "DATE", "unit", (unit, "0"), mod)
    return None


_QUARTER_AFTER = re.compile(r"['’]s (?:[a-z]+[ -]){0,2}(?:quarter|half)\b")


def _of_quarter(found: Found) -> bool:
    """Return whether the unit belongs to a quarter that follows: "this year's third quarter"."""
    return found.text[found.stop : found.stop + 2] in ("'s", "’s") and bool(
        _QUARTER_AFTER.match(found.text, found.stop)
    )


_END = re.compile(r" end\b")


def _of_event(found: Found) -> bool:
    """Return whether an event follows that the shift is reckoned from: "9 días después del fin"."""
    after = found.text[found.stop : found.stop + 12].replace("'", " ").replace("’", " ").split()
    return bool(after) and found.says("after_of", after[0].lower())


def _is_calendar(unit: str) -> bool:
    return unit not in ("S", "m", "H")


def _without(found: Found, slot: str) -> Found:
    """Return the match without the words of its last slot."""
    stop = found.stop - len(found.words[slot])
    while found.text[stop - 1].isspace():
        stop -= 1
    words = {name: part for name, part in found.words.items() if name != slot}
    values = {name: part for name, part in found.values.items() if name != slot}
    return found._replace(stop=stop, words=words, values=values)


def _end_of_phrase(found: Found, after: str, rel: str | None) -> tuple[Found, str | None]:
    """Return "two days before" as a shift only where the phrase ends there ("two days before the vote" is no shift)."""
    ends = found.text[found.stop : found.stop + 1] in ("", ".", ",", ";", ")", "\n")
    if ends and rel is None and "n" in found.words:
        return found, "earlier" if after == "before" else "later"
    return _without(found, "after"), None


def _count(found: Found) -> str | None:
    """Return how many: digits, "0.5", "X" for a few; None where no number stands."""
    count = found.values.get("n")
    half = found.words.get("and_half")
    return f"{int(count)}.5" if half and count and count.isdecimal() else count


def _duration(count: str, unit: str) -> str:
    """Return a TIMEX3 duration: P3Y, PT2H, P2D, PXM; a decade is ten years."""
    if unit in ("E", "C") and count != "X":
        return f"P{int(float(count) * (10 if unit == 'E' else 100))}Y"
    if unit == "2W":
        return "PXW" if count == "X" else f"P{2 * int(float(count))}W"
    if unit == "WE":
        return f"P{count}WE"
    if unit in "SmH":
        whole, _, part = count.partition(".")
        if part and unit != "S" and whole.isdecimal():
            smaller = f"{round(float('0.' + part) * 60)}{'S' if unit == 'm' else 'M'}"
            return f"PT{whole}{unit.upper()}{smaller}" if whole != "0" else f"PT{smaller}"
        return f"PT{count}{unit.upper()}"
    return f"P{count}{unit}"


def _counted(found: Found, unit: str, count: str, mod: str | None) -> Reading | None:
    if unit == "S" and count == "1" and not found.words["n"].isdecimal():  # "a second man", "une seconde phase"
        return None
    value = _duration(count, unit)
    if len(value) > 9:
        return None
    words = found.words["n"].lower()
    if (
        unit == "Q"
        and found.head.lower() == "quarters"
        and words == "three"
        and " of" in found.text[found.stop : found.stop + 3]
    ):
        return None
    if unit == "Q" and words in ("a", "one"):
        return None
    if words in ("a", "an"):
        rate = _is_rate(found)
        if rate is not False:
            return None if rate is None else Reading(found.start, found.stop, "SET", "fixed", (value,), mod)
    if (
        words == "one"
        and unit == "D"
        and found.text[max(0, found.start - 6) : found.start].rstrip().endswith(("will", "may", "could", "might"))
    ):
        return Reading(found.start, found.stop, "DATE", "fixed", ("FUTURE_REF",), mod)
    start = bare_start(found, "-" + found.head)
    return Reading(start, found.stop, "DURATION", "fixed", (value,), mod)


_RATE = re.compile(
    r"(?:^|\s)(?:(once|twice|times)|[$€£]?[0-9][0-9,.]*%?|million|billion|trillion|percent|dollars|thousand|people|cents)\s$"
)


def _is_rate(found: Found) -> bool | None:
    """Return whether "a year" tells how often ("twice a year"); None where it tells how much ("$2 million a year")."""
    before = _RATE.search(found.text[max(0, found.start - 14) : found.start])
    if before is None:
        return False
    return True if before[1] else None


def _shifted(found: Found, unit: str, count: str | None, after: str, mod: str | None) -> Reading | None:
    """Read "two weeks ago", "a year earlier", "six months from now"."""
    if count in (None, "X"):
        if after in ("ago", "hence"):
            value = "PAST_REF" if after == "ago" else "FUTURE_REF"
            return Reading(found.start, found.stop, "DATE", "fixed", (value,), mod)
        if "after" not in found.words:
            return None
        return Reading(found.start, _without(found, "after").stop, "DURATION", "fixed", (_duration("X", unit),), mod)
    if unit in "SmH" and after in ("earlier", "later") and "after" in found.words:
        return Reading(found.start, _without(found, "after").stop, "DURATION", "fixed", (_duration(count, unit),), mod)
    if len(count) > 6:
        return None
    kind: Type = "TIME" if unit in "SmH" else "DATE"
    return Reading(found.start, found.stop, kind, "shift", (unit, count, after), mod)


def _that_unit(found: Found) -> Reading | None:
    """Read "that year", "that day"."""
    if not _is_calendar(found.value) or found.head.lower().endswith("s"):
        return None
    return Reading(found.start, found.stop, "DATE", "unit", (found.value, "that"), found.get("edge"))


def _nth_unit(found: Found) -> Reading | None:
    """Read "the third week of October", "the last day of 2017"."""
    month, year, nth = found.get("month"), year_of(found.words.get("year"), found), int(found.get("nth") or 0)
    if found.value not in ("W", "D", "M") or found.says("plural", found.head.lower()) or (found.value == "M" and month):
        return None
    words = found.text[found.end : found.stop].split()
    if month is None and year is None and (found.get("of_year") is None or words[0].lower() == "last"):
        return None
    article = found.text[found.start : found.start + 4].lower() == "the "
    if (month and (len(words) < 2 or not words[1][:1].isupper())) or (
        words[0].lower() in ("in", "last", "this", "next") and not article
    ):
        return None
    args = (year, None if month is None else int(month), None, found.get("of_year"), found.value, nth)
    return Reading(found.start, found.stop, "DATE", "nth_unit", args)


def _day_of(found: Found) -> Reading | None:
    """Read "the 20th of next month"."""
    words, shift = found.words["date"], {"before": "-1", "after": "1"}.get(found.get("rel") or "", found.get("rel"))
    if found.value != "M" or words.isdecimal() or not words[:1].isdecimal() or shift not in ("-1", "0", "1"):
        return None
    day = int("".join(c for c in words if c.isdecimal()))
    return Reading(found.start, found.stop, "DATE", "day_of", (shift, day)) if 1 <= day <= 31 else None


def _unit_after(found: Found) -> Reading | None:
    """Read "the week after next", "the year before last"."""
    if not _is_calendar(found.value) or found.says("plural", found.head.lower()):
        return None
    rel = "2" if found.text[: found.stop].endswith("next") else "-2"
    return Reading(found.start, found.stop, "DATE", "unit", (found.value, rel))


def _century(found: Found) -> Reading | None:
    """Read "the 20th century", "the late nineteenth century"."""
    words = found.words["date"]
    digits = "".join(c for c in words if c.isdecimal())
    number = int(digits or found.lexicon.value("ordinal", words) or 0)
    if not 1 < number < 30 or words.isdecimal():
        return None
    start = bare_start(found, "-" + found.head)
    return Reading(start, found.stop, "DATE", "century", (number,), found.get("edge"))


def _year_ago(found: Found) -> Reading | None:
    """Read "the year-earlier quarter", "year-earlier (profit)"."""
    noun = found.words.get("period_noun")
    if noun is None:
        if found.head[4] == " ":
            return None
        return Reading(found.at, found.stop, "DATE", "year_ago", (None,))
    count = found.lexicon.words["number"].get(noun.split()[0].lower())
    if count is not None:
        return Reading(found.start, found.stop, "DURATION", "fixed", (f"P{count}M",))
    ordinal = found.lexicon.words["ordinal"].get(noun.split()[0].lower())
    return Reading(found.start, found.stop, "DATE", "year_ago", (ordinal,))


def _year_end(found: Found) -> Reading:
    """Read "year-end", "by year's end"."""
    since = found.text[max(0, found.start - 6) : found.start].lower() == "since "
    return Reading(found.start, found.stop, "DATE", "unit", ("Y", "-1" if since else "0"), "END")


def _period(found: Found) -> Reading | None:
    """Read "the latest period", "the period last year" of a company's report."""
    of_year = found.get("of_year")
    if found.words.get("rel", "").lower() == "latest":
        return Reading(found.start, found.stop, "DATE", "quarter", (None, None, None, None))
    if of_year is None or not is_definite(found):
        return None
    return Reading(found.start, found.stop, "DATE", "year_ago", (None,))


PERIODS: dict[str, Callable[[Found], Reading | None]] = {
    "quarter": _quarter,
    "half": _half,
    "unit": _unit,
    "that_unit": _that_unit,
    "nth_unit": _nth_unit,
    "day_of": _day_of,
    "unit_after": _unit_after,
    "century": _century,
    "year_ago": _year_ago,
    "year_end": _year_end,
    "period": _period,
}
