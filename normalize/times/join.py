"""Joining: readings that stand together are one time ("10 p.m. | Wednesday", "Monday, | April 4")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.times.clocks import with_half, with_zone

if TYPE_CHECKING:
    from normalize.times.value import Reading

_GAPS = frozenset((" ", ", ", "\n", "\u00a0", " \n", ",\n"))
_CLOCK_GAPS = _GAPS | {" on ", " of ", " in the ", " in ", ", in ", " on the ", " this ", ",", " at ", " by ", ", at "}
_TO_CLOCK = frozenset(
    (" at ", " by ", ", at ", " um ", " à ", " a las ", " a la ", " às ", " alle ", " om ", " в ", " pukul ")
)
_DURATION_GAPS = frozenset((" ", " and ", ", ", ", and "))
DAYS = frozenset(("weekday", "date", "day", "mention", "that_day", "day_of_month", "date_of", "day_of", "weekday_of"))


def join(text: str, readings: list[Reading]) -> list[Reading]:
    """Return the readings, those that are one time joined."""
    out: list[Reading] = []
    for reading in readings:
        if out:
            last = out[-1]
            gap = reading.start - last.end
            if gap <= 8 and _joined(text[last.end : reading.start], last, reading):
                if last.clock is not None and last.zone is None:
                    with_zone(text, last)
                continue
        out.append(reading)
    return out


def _joined(gap: str, last: Reading, reading: Reading) -> bool:
    """Join `reading` to `last` where they are one time; return whether they were."""
    if last.type == reading.type == "DURATION" and gap in _DURATION_GAPS:
        return _sum(last, reading)
    if (gap not in _CLOCK_GAPS and gap not in _TO_CLOCK) or last.type == "SET":
        return False
    return any(join_two(gap, last, reading) for join_two in _JOINS)


def _year_behind(gap: str, last: Reading, reading: Reading) -> bool:
    """Join "October | , 1999", and "March 3-5 | , 2018"."""
    open_month = last.what == "month" or (last.what == "date" and last.rule == "range")
    if not open_month or reading.what != "year" or last.args[0] is not None or gap not in _GAPS:
        return False
    last.args, last.end = (reading.args[0], *last.args[1:]), reading.end
    return True


def _day_behind(gap: str, last: Reading, reading: Reading) -> bool:
    """Join "10 p.m. | Wednesday", "9 a.m. | on Sundays"."""
    if last.clock is None or last.what != "clock" or reading.what not in DAYS or reading.clock is not None:
        return False
    if gap in _TO_CLOCK:
        return False
    last.clock = with_half(last.clock, reading.part)
    return _take(last, reading)


def _clock_behind(gap: str, last: Reading, reading: Reading) -> bool:
    """Join "Wednesday | at 10 p.m."."""
    if reading.clock is None or reading.what != "clock" or last.what not in DAYS or last.clock is not None:
        return False
    if gap in (" of ", " in the ", " in ", ", in ", " on the ", " on "):
        return False
    last.clock = with_half(reading.clock, last.part)
    last.zone, last.also, last.flag = reading.zone, reading.also, reading.flag
    last.end, last.type = reading.end, "TIME"
    return True


def _part_before(gap: str, last: Reading, reading: Reading) -> bool:
    """Join "the morning | of June 3"."""
    bare_day = reading.what in DAYS and reading.part is None and reading.clock is None
    return last.what == "that_day" and last.part is not None and bare_day and _take(last, reading)


def _part_behind(gap: str, last: Reading, reading: Reading) -> bool:
    """Join "Tuesday | in the morning"."""
    bare_day = last.what in ("weekday", "date", "day") and last.part is None and last.clock is None
    if not bare_day or reading.what != "that_day" or not reading.part or gap not in (" in ", " ", ", in "):
        return False
    last.part, last.end, last.type, last.mod = reading.part, reading.end, "TIME", last.mod or reading.mod
    return True


def _date_behind(gap: str, last: Reading, reading: Reading) -> bool:
    """Join "Monday | , April 4"."""
    both = last.what == "weekday" and last.clock is None and reading.what == "date"
    return both and gap in _GAPS and _take(last, reading)


_JOINS = (_year_behind, _day_behind, _clock_behind, _part_before, _part_behind, _date_behind)


_COUNTED = re.compile(r"P[0-9YMWDTHS]*[0-9][YMWDHS]")
_NEXT_UNITS = frozenset(("YM", "MW", "MD", "WD", "DTH", "THTM", "TMTS"))


def _sum(last: Reading, reading: Reading) -> bool:
    """Join "two years and six months", "3 hours, 20 minutes": counted units, the next smaller one behind."""
    one, two = str(last.args[0]), str(reading.args[0])
    if not (_COUNTED.fullmatch(one) and _COUNTED.fullmatch(two)) or last.what != "fixed" or reading.mod is not None:
        return False
    units = ("T" if "T" in one else "") + one[-1] + ("T" if "T" in two else "") + two[-1]
    if units not in _NEXT_UNITS:  # "20 years, five days a week" are two
        return False
    last.args, last.end = (one + two[2 if "T" in one else 1 :],), reading.end
    return True


def _take(last: Reading, reading: Reading) -> bool:
    """Give `last` the day of `reading`."""
    last.what, last.args, last.end = reading.what, reading.args, reading.end
    last.part = last.part or reading.part
    last.type = "TIME" if last.clock or last.part else "DATE"
    if reading.type == "SET":
        last.type = "SET"
    return True
