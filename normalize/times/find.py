"""Finding times: read, join, resolve, give zones, link the two tellings of one moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.places import find_place
from normalize.steps import every, step
from normalize.times.engine import load_lexicon, read_times
from normalize.times.join import join
from normalize.times.resolve import Context, Days, day_value, resolve
from normalize.times.tense import SENTENCE
from normalize.times.value import Reading, Time
from normalize.zones import Zone, find_zone, load_zone, to_utc, write_offset, zone_of_country

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTS = {"MO": (6, 12), "AF": (12, 18), "EV": (18, 24), "NI": (20, 30)}


@dataclass(frozen=True, slots=True)
class _Home:
    """What the document says of its own zone."""

    country: str | None
    zone: str | None
    zone_from: str | None
    offset: timedelta | None = None


@dataclass(slots=True)
class _Telling:
    """A resolved time on its way: its day, clock and zone may still follow from its double."""

    reading: Reading
    days: Days
    own_day: bool
    zone: Zone | None = None
    zone_from: str | None = None
    same_as: int | None = None
    flag: str | None = None


@step(reads=("published", "published_at", "dateline", "language"), provides=("time",), answer=every(Time))
def find_times(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    """Read the times that a text names: days, dates, clocks, periods, durations, sets.

    >>> from datetime import date
    >>> from normalize.calendar import DateInterval
    >>> known = Facts(published=DateInterval.of(date(2017, 12, 27)))
    >>> [(t.text, t.type, t.value) for t in find_times("They met on Tuesday (Wednesday in Manila).", known=known)]
    [('Tuesday', 'DATE', '2017-12-26'), ('Wednesday', 'DATE', '2017-12-27')]

    What nothing known decides keeps its X:

    >>> [t.value for t in find_times("They spoke on December 26 and last month.")]
    ['XXXX-12-26', 'XXXX-XX']

    Numbers and names that are no times are left alone:

    >>> find_times("May said version 2.0 sold 100M; they may march on.")
    []

    Values are TIMEX3 (ISO-TimeML); instants are UTC and half-open.
    """
    yield from (Annotation(t.start, t.end, "time", t) for t in _times(text, known))


def _times(text: str, known: Facts) -> Iterator[Time]:
    language = known.language or "en"
    readings = join(text, read_times(text, language))
    if not readings:
        return
    home = _home(known)
    context = Context(text, load_lexicon(language), _today(known, home), known.published_at)
    tellings = [_telling(reading, context, home) for reading in readings]
    _days_of_clocks(text, tellings)
    _link(text, tellings, home)
    for telling in tellings:
        yield _time(text, telling, home)


def _home(known: Facts) -> _Home:
    line = known.dateline
    if line is not None:
        zone = line.timezone or zone_of_country(line.country)
        if zone is not None and load_zone(zone) is not None:
            return _Home(line.country, zone, "dateline")
    country = None if line is None else line.country
    offset = None if known.published_at is None else known.published_at.utcoffset()
    if offset:
        return _Home(country, None, "published", offset)
    return _Home(country, None, None)


def _today(known: Facts, home: _Home) -> date | None:
    """Return the document's day: the dateline's, the published one, in the place's own calendar."""
    if known.published is not None and known.published.day is not None:
        return known.published.day
    if known.published_at is not None:
        zone = load_zone(home.zone) if home.zone else None
        aware = known.published_at.tzinfo is not None
        return (known.published_at.astimezone(zone) if zone is not None and aware else known.published_at).date()
    if known.dateline is not None and known.dateline.date is not None:
        return known.dateline.date.day
    return None


def _telling(reading: Reading, context: Context, home: _Home) -> _Telling:
    days = resolve(reading, context)
    own = reading.what not in ("clock", "that_day")
    telling = _Telling(reading, days, own)
    if reading.zone is not None:
        telling.zone = _zone(reading.zone, home, days.begin)
        telling.zone_from = "stated" if telling.zone is not None else None
        if reading.zone == "local" and telling.zone is not None:
            telling.zone_from = home.zone_from
    return telling


def _zone(words: str, home: _Home, on: date | None) -> Zone | None:
    if words == "local":
        return Zone(words, name=home.zone) if home.zone else None
    found = find_zone(words, country=home.country, on=on)
    if found is None and words.lower().endswith(" time"):
        return _zone_of_place(words[:-5].removesuffix("'s").removesuffix("’s"), home.country)
    return found


def _zone_of_place(name: str, country: str | None) -> Zone | None:
    place = find_place(name, country=country) or find_place(name)
    if place is None:
        return None
    zone = place.timezone or zone_of_country(place.country)
    return Zone(name, name=zone) if zone else None


# ---- which day a bare clock belongs to


def _days_of_clocks(text: str, tellings: list[_Telling]) -> None:
    """Give each clock without a day the day its sentence names: after it, else before it."""
    for n, telling in enumerate(tellings):
        if telling.own_day or telling.reading.what != "clock":
            continue
        near = _day_near(text, tellings, n)
        if near is not None:
            telling.days = near


def _day_near(text: str, tellings: list[_Telling], n: int) -> Days | None:
    here = tellings[n].reading
    best: tuple[int, Days] | None = None
    for other in tellings[n + 1 : n + 4]:
        gap = other.reading.start - here.end
        if gap > _NEAR or SENTENCE.search(text, here.end, other.reading.start):
            break
        if _is_day(other):
            bracket = text.rfind(")", here.end, other.reading.start)  # "5:17pm (08:17 GMT) on Thursday"
            best = (other.reading.start - bracket if bracket > 0 else gap), other.days
            break
    for other in reversed(tellings[max(0, n - 3) : n]):
        gap = here.start - other.reading.end
        if gap > 2 * _NEAR or SENTENCE.search(text, other.reading.end, here.start):
            break
        if _is_day(other) and (best is None or gap < best[0]):
            return other.days
    return None if best is None else best[1]


_NEAR = 60


def _is_day(telling: _Telling) -> bool:
    days = telling.days
    return telling.own_day and days.begin is not None and days.end is not None and (days.end - days.begin).days == 1


# ---- the two tellings of one moment

_OPENS = re.compile(r"(?:[,;]? ?[(\[/–-]| or | \()(?:that is,? |or |about |around |i\.e\.,? |early |late )?")
_CHAIN = re.compile(r"(?:, | / |/| and |; )")
_IN_PLACE = re.compile(r"(?:,? (?:in|at) (?:the )?)((?:[A-Z][\w.’'-]*)(?: [A-Z][\w.’'-]*){0,3})")
_PLACES = re.compile(r" in (?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2}(?:,| and| but|;) (?:on )?")


def _link(text: str, tellings: list[_Telling], home: _Home) -> None:
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
        bracket = gap.rfind("(")
        if bracket < 0 or ")" in gap[bracket:] or not _opens(gap, bracket):
            continue
        if _alike(one, two):
            head = n - 1
            _pair(text, tellings, head, n, home)


def _opens(gap: str, bracket: int) -> bool:
    """Return whether the bracket stands right after the first telling, the second right after the bracket."""
    return len(gap[:bracket].strip()) == 0 or _IN_PLACE.fullmatch(gap[:bracket].rstrip()) is not None


def _alike(one: _Telling, two: _Telling) -> bool:
    clocks = one.reading.clock is not None, two.reading.clock is not None
    return clocks == (True, True) or (clocks == (False, False) and _is_dayish(one) and _is_dayish(two))


def _is_dayish(telling: _Telling) -> bool:
    return telling.reading.what in ("weekday", "date", "day")


def _pair(text: str, tellings: list[_Telling], first: int, second: int, home: _Home) -> None:
    one, two = tellings[first], tellings[second]
    _place_after(text, one, home)
    _place_after(text, two, home)
    if one.reading.clock is None:
        _same_week(one, two)
        if abs(_distance(one, two)) > 1:
            return
    one.same_as, two.same_as = second, first
    if one.reading.clock is not None and one.days.begin is not None and two.days.begin is not None:
        _agree(one, two, home)


def _same_week(one: _Telling, two: _Telling) -> None:
    """Take a bare weekday as the one next to the day that its double tells: "today (Monday)"."""
    distance = _distance(one, two)
    weeks = round(distance / 7)
    if weeks and two.reading.what == "weekday" and two.reading.args[1] is None:
        _move_day(two, 7 * weeks)


def _distance(one: _Telling, two: _Telling) -> int:
    if one.days.begin is None or two.days.begin is None:
        return 0
    return (one.days.begin - two.days.begin).days


def _place_after(text: str, telling: _Telling, home: _Home) -> None:
    """Read the zone of "Wednesday in Manila"."""
    if telling.zone is not None:
        return
    place = _IN_PLACE.match(text, telling.reading.end)
    if place is not None:
        zone = _zone_of_place(place[1], None)
        if zone is not None:
            telling.zone, telling.zone_from = zone, "place"


def _agree(one: _Telling, two: _Telling, home: _Home) -> None:
    """Settle days and zones so that both clocks tell one instant, or flag that they disagree."""
    known, other = (one, two) if _offset(one) is not None else (two, one)
    if _offset(known) is None:
        return
    if _offset(other) is None:
        _infer(known, other, home)
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


def _shifts(known: _Telling, other: _Telling) -> tuple[int, ...]:
    return (0,) if other.own_day else (0, -1, 1)


def _local(telling: _Telling) -> datetime:
    assert telling.days.begin is not None
    assert telling.reading.clock is not None
    hour, minute, second = telling.reading.clock
    day = telling.days.begin
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute, seconds=second)  # noqa: DTZ001


def _instant(telling: _Telling) -> datetime | None:
    return None if telling.zone is None else telling.zone.utc(_local(telling))


def _offset(telling: _Telling) -> timedelta | None:
    at = _instant(telling)
    return None if at is None else _local(telling) - at.replace(tzinfo=None)


def _shifted(telling: _Telling, days: int) -> datetime | None:
    return None if telling.zone is None else telling.zone.utc(_local(telling) + timedelta(days=days))


def _move_day(telling: _Telling, shift: int) -> None:
    if shift and telling.days.begin is not None:
        telling.days = day_value(telling.days.begin + timedelta(days=shift))


def _infer(known: _Telling, other: _Telling, home: _Home) -> None:
    """Give the clock without a zone the one that its double implies."""
    at = _instant(known)
    if at is None:
        return
    best = None
    moves = [(0, shift) for shift in _shifts(known, other)] + [(shift, 0) for shift in _shifts(other, known) if shift]
    for mine, theirs in moves:
        offset = _local(other) + timedelta(days=theirs) - (at.replace(tzinfo=None) + timedelta(days=mine))
        if not timedelta(hours=-12) <= offset <= timedelta(hours=14) or offset.total_seconds() % 900:
            continue
        fit = _fit(offset, home, at), abs(mine), abs(offset)
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


def _fit(offset: timedelta, home: _Home, at: datetime) -> int:
    zone = load_zone(home.zone) if home.zone else None
    return 0 if zone is not None and at.astimezone(zone).utcoffset() == offset else 1


def _named_choice(telling: _Telling, offset: timedelta, at: datetime) -> str | None:
    """Return the one meaning of an ambiguous abbreviation that has this offset."""
    if telling.zone is None:
        return None
    for name in telling.zone.choices:
        zone = load_zone(name)
        if zone is not None and at.astimezone(zone).utcoffset() == offset:
            return name
    return None


def _stated_agree(known: _Telling, other: _Telling) -> bool:
    """Return whether they agree once "EST" is taken at its word in July; the zone then is that offset."""
    if other.zone is None or other.zone.stated is None:
        return False
    literal = Zone(other.zone.words, offset=other.zone.stated, stated=other.zone.stated)
    for shift in _shifts(known, other):
        if literal.utc(_local(other) + timedelta(days=shift)) == _instant(known):
            other.zone = literal
            _move_day(other, shift)
            return True
    return False


# ---- out


def _time(text: str, telling: _Telling, home: _Home) -> Time:
    reading = telling.reading
    begin, end = _bounds(telling, home)
    zone, zone_from = telling.zone, telling.zone_from
    label = None if zone is None else zone.label
    flag = telling.flag or ("ambiguous zone" if zone is not None and zone.ambiguous else None)
    if zone is None and begin is not None:
        label = home.zone or (write_offset(home.offset) if home.offset else None)
        zone_from = home.zone_from
    return Time(
        text[reading.start : reading.end],
        reading.start,
        reading.end,
        reading.type,
        _value(reading, telling.days, zone),
        reading.mod,
        label,
        zone_from,
        begin,
        end,
        telling.same_as,
        flag,
        reading.rule,
        telling.days.anchor,
    )


def _value(reading: Reading, days: Days, zone: Zone | None) -> str:
    if reading.clock is not None:
        hour, minute, second = reading.clock
        seconds = f":{second:02d}" if second else ""
        utc = "Z" if zone is not None and zone.label == "UTC" else ""
        return f"{days.value}T{hour:02d}:{minute:02d}{seconds}{utc}"
    if reading.part is not None and reading.type != "SET":
        return f"{days.value}T{reading.part}"
    if reading.part is not None:
        return f"{days.value}T{reading.part}"
    return days.value


def _bounds(telling: _Telling, home: _Home) -> tuple[datetime | None, datetime | None]:
    days, reading = telling.days, telling.reading
    if days.begin is None or days.end is None or reading.type in ("SET", "DURATION"):
        return None, None
    zone = telling.zone.tzinfo() if telling.zone is not None else _home_zone(home)
    if zone is None:
        return None, None
    if reading.clock is not None:
        begin = to_utc(_local(telling), zone)
        return begin, None if begin is None else begin + timedelta(seconds=1 if reading.clock[2] else 60)
    first, last = _midnight(days.begin), _midnight(days.end)
    if reading.part is not None:
        start, stop = _PARTS[reading.part]
        first, last = first + timedelta(hours=start), first + timedelta(hours=stop)
    return to_utc(first, zone), to_utc(last, zone)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a clock reading, no instant yet)


def _home_zone(home: _Home) -> tzinfo | None:
    if home.zone:
        return load_zone(home.zone)
    return timezone(home.offset) if home.offset else None
