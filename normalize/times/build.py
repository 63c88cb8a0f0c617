"""Builders: what a matched template means, before it is resolved. One a rule name of the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.times.numeric import read_clock, read_colon, read_military, read_year, with_zone
from normalize.times.value import Reading
from normalize.times.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.found import Found
    from normalize.times.value import Type


def _weekday(found: Found) -> Reading | None:
    """Read "Friday", "last Friday", "early Friday morning", "Fridays"."""
    if found.doubtful and not _abbreviates(found):
        return None
    rel = found.get("rel_day") or found.get("this")
    kind: Type = "SET" if rel == "every" else "DATE"
    made = Reading(found.start, found.stop, kind, "weekday", (int(found.value), rel), found.get("edge"))
    return _with_part(made, found)


def _abbreviates(found: Found) -> bool:
    """Return whether a short name stands as one: with its full stop or comma ("Sun., March 3")."""
    after = found.text[found.end : found.end + 8]
    if found.text[found.end - 1] == ".":
        return after[:1] in ("", " ", ",", ")")
    return after[:2] == ", " and (after[2:3].isdecimal() or after[2:5].lower() in found.lexicon.words["month"])


def _with_part(made: Reading, found: Found) -> Reading:
    part = found.get("part")
    if part is not None:
        made.part = part
        made.type = "TIME" if made.type == "DATE" else made.type
    return made


def _year_of(words: str | None, found: Found) -> int | None:
    if words is None:
        return None
    digits = words[-2:] if words[0] in "'’‘" else words
    if len(digits) == 2:
        return (1900 if int(digits) > 40 else 2000) + int(digits)
    return int(digits)


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
    year = _year_of(found.words.get("year"), found)
    made = Reading(found.start, found.stop, "DATE", "date", (year, int(found.value), day), found.get("edge"))
    rel = found.get("rel_day")
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "date", (None, int(found.value), day))
    return made


def _capital(found: Found) -> bool:
    """Return whether the head is written as a name where its language wants that."""
    return not found.says("capital", "month") or found.head[:1].isupper()


def _month(found: Found) -> Reading | None:
    """Read "October", "last May", "early November", "June 1989", "July last year"."""
    if not _capital(found):
        return None
    year, rel, of_year = found.words.get("year"), found.get("rel"), found.get("of_year")
    sure = year or rel or of_year or found.words.get("edge")
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
        (_year_of(year, found), month, rel, of_year),
        found.get("edge"),
    )


def _in_phrase(found: Found) -> bool:
    """Return whether a doubtful month is one: "in May", "the March meeting", not "to May Chen", "the March on Rome"."""
    after = found.text[found.stop : found.stop + 2]
    if after[:1] == " " and after[1:2].isupper():
        return False
    if found.words.get("before_month") is not None:
        return True
    before = found.text[max(0, found.start - 5) : found.start].lower()
    word = found.text[found.stop + 1 : found.stop + 5].split(" ")[0]
    return before.endswith((" a ", " an ", " the ", "'s ", "’s ")) and word not in ("on", "for", "of", "to", "in")


def _day_word(found: Found) -> Reading:
    """Read "today", "late yesterday", "tomorrow morning"."""
    made = Reading(found.start, found.stop, "DATE", "day", (int(found.value),), found.get("edge"))
    return _with_part(made, found)


def _tonight(found: Found) -> Reading:
    return Reading(found.start, found.stop, "TIME", "day", (0,), found.get("edge"), part=found.value)


def _fixed(found: Found) -> Reading | None:
    """Read "now", "recently", "the future"."""
    return Reading(found.start, found.stop, "DATE", "fixed", (found.value,))


def _ref_end(found: Found) -> Reading | None:
    """Read "the past", "the future", but not "the past year", "the future king"."""
    after = found.text[found.end : found.end + 12]
    if after[:1] in " \n" and after[1:2].isalnum() and after.split()[0].strip(".,;") not in _FUNCTION_WORDS:
        return None
    return _fixed(found)


_FUNCTION_WORDS = frozenset(
    [
        "and",
        "or",
        "but",
        "as",
        "if",
        "when",
        "to",
        "for",
        "is",
        "was",
        "will",
        "are",
        "were",
        "has",
        "had",
        "with",
        "in",
        "that",
    ]
)


def _soon(found: Found) -> Reading | None:
    """Read "soon", but not "as soon as", "soon after"."""
    around = found.text[max(0, found.at - 4) : found.at].lower(), found.text[found.end : found.end + 7].lower()
    if around[0].endswith(("as ", "too ")) or around[1].startswith((" after", " as ", "-")):
        return None
    return _fixed(found)


def _set_word(found: Found) -> Reading | None:
    """Read "daily", "monthly", but not a newspaper's name ("the Daily Star")."""
    if found.head[:1].isupper() and found.text[found.end : found.end + 2].strip()[:1].isupper():
        return None
    return Reading(found.start, found.stop, "SET", "fixed", (found.value,))


def _quarter(found: Found) -> Reading | None:
    """Read "the third quarter", "fiscal first-quarter", "last year's quarter", "the quarter"."""
    ordinal = found.get("ordinal")
    poss = found.get("poss")
    rel = found.get("rel")
    year, of_year = _year_of(found.words.get("year"), found), found.get("of_year")
    if ordinal is None and poss is None and rel is None and not _definite(found):
        return None
    if ordinal is not None and int(ordinal) > 4:
        return None
    if "n" in found.words or (ordinal is None and found.head.endswith("s")):
        return None
    if found.text[found.stop : found.stop + 1] == "-":
        return None
    kind: Type = "SET" if rel == "every" or found.head.endswith("s") else "DATE"
    start = _bare(found, "-" + found.head)
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


def _bare(found: Found, end: str) -> int:
    """Return where the span starts: an adjective leaves its article out ("the two-week strike")."""
    if "article" in found.words and found.text[: found.end].endswith(end) and "rel" not in found.words:
        return found.start + len(found.words["article"]) + 1
    return found.start


_ENDED = re.compile(r"\s(?:that )?(?:ended|ending|to end)\b")


def _ended(found: Found) -> bool:
    return _ENDED.match(found.text, found.stop) is not None


def _definite(found: Found) -> bool:
    return found.get("article") == "the"


def _half(found: Found) -> Reading | None:
    """Read "the first half of 1989", "the last half of this year"."""
    ordinal = found.get("ordinal") or {"-1": "2", "0": "1"}.get(found.get("rel") or "")
    year, of_year = _year_of(found.words.get("year"), found), found.get("of_year")
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
    if (found.words.get("old") and unit == "Y") or found.text[found.stop : found.stop + 4] in ("-to-", "-on-", "-by-"):
        return None
    if after in ("before", "after"):
        found, after = _end_of_phrase(found, after, rel)
    elif after is not None and rel is not None and after != "so":
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
    if rel is not None and count is None and _is_calendar(unit):
        return Reading(found.start, found.stop, "DATE", "unit", (unit, rel), mod)
    if count is not None:
        return _counted(found, unit, count, mod)
    if plural:
        if unit in ("S", "Q", "WE"):
            return None
        return Reading(found.at, found.stop, "DURATION", "fixed", (_duration("X", unit),), mod)
    if unit == "Y" and _END.match(found.text, found.stop):
        made = _year_end(found)
        made.end += 4
        return made
    if _definite(found) and _is_calendar(unit) and unit not in "QC" and "first" not in found.words:
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
    if unit == "S" and count == "1" and found.words["n"].lower() in ("a", "another"):
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
    start = _bare(found, "-" + found.head)
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


_IN_THE = re.compile(r"\b(?:in|during|through|throughout|into|of) the $")


def _part(found: Found) -> Reading | None:
    """Read "this morning", "last night", "the afternoon", "every night"."""
    rel = found.get("rel_day")
    article = found.text[max(0, found.start - 4) : found.start].lower()
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", (f"XXXX-XX-XXT{found.value}",))
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
    return Reading(found.start, found.stop, "TIME", what, args, found.get("edge"), part=found.value)


def _noon(found: Found) -> Reading | None:
    """Read "noon", "midnight"."""
    hour = int(found.value[:2])
    made = Reading(found.start, found.stop, "TIME", "clock", (), clock=(hour, 0, 0))
    return with_zone(found.text, made)


def _overnight(found: Found) -> Reading | None:
    if found.text[found.end : found.end + 1] == "-":
        return None
    return Reading(found.start, found.stop, "TIME", "that_day", (), part=found.value)


def _season(found: Found) -> Reading | None:
    """Read "last fall", "the summer of 1989", "this spring"."""
    rel, year, of_year = found.get("rel"), _year_of(found.words.get("year"), found), found.get("of_year")
    prep = found.words.get("before_month", "").lower()
    article = "article" in found.words
    if rel is None and year is None and of_year is None and "edge" not in found.words:
        if found.doubtful and not (article and prep in ("in", "by", "during", "since", "until")):
            return None
        if found.head[:1].isupper() or not (article or prep):
            return None
        if prep in ("for", "and", "or", "to", "on", "of", "before", "after") and not article:
            return None
    if rel == "every":
        return Reading(found.start, found.stop, "SET", "fixed", (f"XXXX-{found.value}",))
    return Reading(found.start, found.stop, "DATE", "season", (year, found.value, rel, of_year), found.get("edge"))


def _decade_word(found: Found) -> Reading | None:
    """Read "the nineties", "the late eighties", but not "in his eighties"."""
    before = found.text[max(0, found.start - 4) : found.start].lower()
    if not _definite(found) and before != "the ":
        return None
    start = found.start - (4 if before == "the " else 0)
    return Reading(start, found.stop, "DATE", "decade", (1900 + int(found.value),), found.get("edge"))


def _holiday(found: Found) -> Reading | None:
    year, rel = _year_of(found.words.get("year"), found), found.get("rel")
    if rel == "every":
        rel = None
    return Reading(found.start, found.stop, "DATE", "holiday", (year, found.value, rel))


def _that_unit(found: Found) -> Reading | None:
    """Read "that year", "that day"."""
    if not _is_calendar(found.value) or found.head.lower().endswith("s"):
        return None
    return Reading(found.start, found.stop, "DATE", "unit", (found.value, "that"), found.get("edge"))


def _century(found: Found) -> Reading | None:
    """Read "the 20th century", "the late nineteenth century"."""
    words = found.words["date"]
    digits = "".join(c for c in words if c.isdecimal())
    number = int(digits or found.lexicon.value("ordinal", words) or 0)
    if not 1 < number < 30 or words.isdecimal():
        return None
    start = _bare(found, "-" + found.head)
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


def _spelt_year(found: Found) -> Reading | None:
    """Read "nineteen ninety-six", "twenty seventeen"."""
    number = found.get("n")
    if number is None or not 10 <= int(number) <= 99 or found.words["n"][:1].isdecimal():
        return None
    if found.value == "20" and int(number) > 40:
        return None
    return Reading(found.start, found.stop, "DATE", "year", (int(found.value) * 100 + int(number),))


def _period(found: Found) -> Reading | None:
    """Read "the latest period", "the period last year" of a company's report."""
    of_year = found.get("of_year")
    if found.words.get("rel", "").lower() == "latest":
        return Reading(found.start, found.stop, "DATE", "quarter", (None, None, None, None))
    if of_year is None or not _definite(found):
        return None
    return Reading(found.start, found.stop, "DATE", "year_ago", (None,))


BUILDERS: dict[str, Callable[[Found], Reading | None]] = {
    "weekday": _weekday,
    "month_day": _month_day,
    "month": _month,
    "day_word": _day_word,
    "tonight": _tonight,
    "fixed": _fixed,
    "ref_end": _ref_end,
    "soon": _soon,
    "set_word": _set_word,
    "quarter": _quarter,
    "half": _half,
    "unit": _unit,
    "that_unit": _that_unit,
    "century": _century,
    "year_ago": _year_ago,
    "year_end": _year_end,
    "spelt_year": _spelt_year,
    "period": _period,
    "year": read_year,
    "part": _part,
    "noon": _noon,
    "overnight": _overnight,
    "season": _season,
    "decade_word": _decade_word,
    "holiday": _holiday,
    "clock": read_clock,
    "colon": read_colon,
    "military": read_military,
    **WORDS,
}
