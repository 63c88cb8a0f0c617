"""Doubles: the two tellings of one moment, "10 a.m. (0800 GMT)", linked, and settled or flagged."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from normalize.places import find_country, find_place
from normalize.times.spans import Days, day_value
from normalize.zones import Zone, load_zone, zone_of_country

if TYPE_CHECKING:
    from normalize.times.value import Reading


@dataclass(frozen=True, slots=True)
class Home:
    """What the document says of its own zone."""

    country: str | None
    zone: str | None
    zone_from: str | None
    offset: timedelta | None = None
    today: date | None = None


@dataclass(slots=True)
class Telling:
    """A resolved time on its way: its day, clock and zone may still follow from its double."""

    reading: Reading
    days: Days
    own_day: bool
    zone: Zone | None = None
    zone_from: str | None = None
    same_as: int | None = None
    flag: str | None = None


def zone_of_place(name: str, country: str | None) -> Zone | None:
    """Return the zone of a place or country, first looked for in `country`; None where it has several or is unknown."""
    place = find_place(name, country=country) or find_place(name)
    country = place.country if place is not None else find_country(name)
    zone = (place.timezone if place is not None else None) or zone_of_country(country)
    return Zone(name, name=zone) if zone else None


_OPENS = re.compile(r"(?:[,;]? ?[(\[/–-]| or | \()(?:that is,? |or |about |around |i\.e\.,? |early |late )?")


_CHAIN = re.compile(r"(?:, | / |/| and |; )")


_IN_PLACE = re.compile(r"(?:,? (?:in|at) (?:the )?)((?:[A-Z][\w.’'-]*)(?: [A-Z][\w.’'-]*){0,3})")


_PLACES = re.compile(r" in (?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2}(?:,| and| but|;) (?:on )?")


def link(text: str, tellings: list[Telling], home: Home) -> None:
    """Link the tellings of one moment, give the unzoned one its zone, flag those that disagree."""
    head: int | None = None
    for n in range(1, len(tellings)):
        one, two = tellings[n - 1], tellings[n]
        if two.reading.start - one.reading.end > 40:
            head = None
            continue
        gap = text[one.reading.end : two.reading.start]
        if head is not None and n - 1 > head and _CHAIN.fullmatch(gap) and _alike(tellings[head], two):
            _pair(text, tellings, head, n, home)
            continue
        head = None
        if _PLACES.fullmatch(gap) and _alike(one, two) and one.reading.clock is None:
            _pair(text, tellings, n - 1, n, home)
            continue
        if (
            gap in ("/", " / ") and one.zone is not None and two.zone is not None and _alike(one, two)
        ):  # "8 p.m. ET/5 p.m. PT"
            _pair(text, tellings, n - 1, n, home)
            continue
        bracket = gap.rfind("(")
        if bracket < 0 or ")" in gap[bracket:] or not _opens(gap, bracket):
            continue
        if one.reading.clock is not None and two.reading.clock is None and _is_dayish(one):
            _same_week(one, two)  # "6pm today (Monday)"
            if one.reading.what == "day" and two.reading.what == "weekday" and _distance(one, two):
                one.flag = two.flag = "disagrees"  # the document's date, or the source, is wrong
        if not _alike(one, two):
            continue
        if n > 1 and n + 1 < len(tellings) and tellings[n - 2].reading.until and two.reading.until:
            _pair(text, tellings, n - 2, n, home)  # "between 9 p.m. and 4 a.m. (10 a.m. to 5 p.m. ET)"
            _pair(text, tellings, n - 1, n + 1, home)
            continue
        head = n - 1
        _pair(text, tellings, head, n, home)
        if two.same_as is None and two.zone_from == "place":
            one.flag = two.flag = "disagrees"  # "Tuesday (Thursday in Manila)": no two zones are that far apart


def _opens(gap: str, bracket: int) -> bool:
    """Return whether the bracket stands right after the first telling, the second right after the bracket."""
    return len(gap[:bracket].strip()) == 0 or _IN_PLACE.fullmatch(gap[:bracket].rstrip()) is not None


def _alike(one: Telling, two: Telling) -> bool:
    clocks = one.reading.clock is not None, two.reading.clock is not None
    return clocks == (True, True) or (clocks == (False, False) and _is_dayish(one) and _is_dayish(two))


def _is_dayish(telling: Telling) -> bool:
    return telling.reading.what in ("weekday", "date", "day") and telling.reading.type != "SET"


def _pair(text: str, tellings: list[Telling], first: int, second: int, home: Home) -> None:
    one, two = tellings[first], tellings[second]
    _place_after(text, one, home)
    _place_after(text, two, home)
    if one.reading.clock is None:
        _same_week(one, two)
        if abs(_distance(one, two)) > 1:
            return
    one.same_as, two.same_as = second, first
    if one.reading.clock is not None and one.days.begin is not None and two.days.begin is not None:
        with suppress(OverflowError):  # at the edges of the calendar
            _agree(one, two, home)


def _same_week(one: Telling, two: Telling) -> None:
    """Take a bare weekday as the one next to the day that its double tells: "today (Monday)"."""
    distance = _distance(one, two)
    weeks = round(distance / 7)
    if weeks and two.reading.what == "weekday" and two.reading.args[1] is None:
        _move_day(two, 7 * weeks)


def _distance(one: Telling, two: Telling) -> int:
    if one.days.begin is None or two.days.begin is None:
        return 0
    return (one.days.begin - two.days.begin).days


def _place_after(text: str, telling: Telling, home: Home) -> None:
    """Read the zone of "Wednesday in Manila"."""
    if telling.zone is not None:
        return
    place = _IN_PLACE.match(text, telling.reading.end)
    if place is not None:
        zone = zone_of_place(place[1], None)
        if zone is not None:
            telling.zone, telling.zone_from = zone, "place"


def _agree(one: Telling, two: Telling, home: Home) -> None:
    """Settle days and zones so that both clocks tell one instant, or flag that they disagree."""
    known, other = (one, two) if _offset(one) is not None else (two, one)
    if _offset(other) is not None and known.own_day and other.own_day and _away(other, home) < _away(known, home):
        known, other = other, known  # of two weekdays the one near the document's day holds
    if _offset(known) is None:
        return
    if _offset(other) is None:
        _infer(known, other, home, keep=one)
        return
    for shift in _shifts(known, other):
        if _instant(known) == _shifted(other, shift):
            _move_day(other, shift)
            return
    for shift in _shifts(other, known):
        if _instant(other) == _shifted(known, shift):
            _move_day(known, shift)
            return
    if _stated_agree(known, other) or _stated_agree(other, known):
        return
    known.flag = other.flag = "disagrees"


def _away(telling: Telling, home: Home) -> int:
    """Return how many days a telling is from the document's."""
    if home.today is None or telling.days.begin is None:
        return 0
    return abs((telling.days.begin - home.today).days)


def _shifts(known: Telling, other: Telling) -> tuple[int, ...]:
    """Return by how many days the other telling may be moved: a bare clock by one, a bare weekday by a week."""
    if not other.own_day:
        return (0, -1, 1)
    return (0, -7, 7) if other.reading.what == "weekday" and other.reading.args[1] is None else (0,)


def local_clock(telling: Telling) -> datetime:
    """Return the clock reading itself, without a zone."""
    assert telling.days.begin is not None
    assert telling.reading.clock is not None
    hour, minute, second = telling.reading.clock
    day = telling.days.begin
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute, seconds=second)  # noqa: DTZ001


def _instant(telling: Telling) -> datetime | None:
    return None if telling.zone is None else telling.zone.utc(local_clock(telling))


def _offset(telling: Telling) -> timedelta | None:
    at = _instant(telling)
    return None if at is None else local_clock(telling) - at.replace(tzinfo=None)


def _shifted(telling: Telling, days: int) -> datetime | None:
    return None if telling.zone is None else telling.zone.utc(local_clock(telling) + timedelta(days=days))


def _move_day(telling: Telling, shift: int) -> None:
    if shift and telling.days.begin is not None:
        telling.days = day_value(telling.days.begin + timedelta(days=shift))


def _infer(known: Telling, other: Telling, home: Home, *, keep: Telling) -> None:
    """Give the clock without a zone the one that its double implies; the day of the first telling is kept if it can be."""
    at = _instant(known)
    if at is None:
        return
    best = None
    moves = [(0, shift) for shift in _shifts(known, other)] + [(shift, 0) for shift in _shifts(other, known) if shift]
    for mine, theirs in moves:
        offset = local_clock(other) + timedelta(days=theirs) - (at.replace(tzinfo=None) + timedelta(days=mine))
        if not timedelta(hours=-12) <= offset <= timedelta(hours=14) or offset.total_seconds() % 900:
            continue
        fit = _fit(offset, home, at), abs(mine if keep is known else theirs), abs(offset)
        if best is None or fit < best[0]:
            best = fit, mine, theirs, offset
    if best is None:
        known.flag = other.flag = "disagrees"
        return
    _, mine, theirs, offset = best
    _move_day(known, mine)
    _move_day(other, theirs)
    named = _named_choice(other, offset, at) or (home.zone if best[0][0] == 0 and home.zone else None)
    other.zone = Zone("", name=named) if named else Zone("", offset=offset)
    other.zone_from = "double"


def _fit(offset: timedelta, home: Home, at: datetime) -> int:
    zone = load_zone(home.zone) if home.zone else None
    return 0 if zone is not None and at.astimezone(zone).utcoffset() == offset else 1


def _named_choice(telling: Telling, offset: timedelta, at: datetime) -> str | None:
    """Return the one meaning of an ambiguous abbreviation that has this offset."""
    if telling.zone is None:
        return None
    for name in telling.zone.choices:
        zone = load_zone(name)
        if zone is not None and at.astimezone(zone).utcoffset() == offset:
            return name
    return None


def _stated_agree(known: Telling, other: Telling) -> bool:
    """Return whether they agree once "EST" is taken at its word in July; the zone then is that offset."""
    if other.zone is None or other.zone.stated is None:
        return False
    literal = Zone(other.zone.words, offset=other.zone.stated, stated=other.zone.stated)
    for shift in _shifts(known, other):
        if literal.utc(local_clock(other) + timedelta(days=shift)) == _instant(known):
            other.zone = literal
            _move_day(other, shift)
            return True
    return False
