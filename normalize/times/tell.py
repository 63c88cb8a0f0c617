"""Telling times: read, join, resolve, give zones, link the two tellings of one moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import accumulate
from typing import TYPE_CHECKING

from normalize.times.context import Context
from normalize.times.doubles import Home, Telling, link, local_clock, zone_of_place
from normalize.times.engine import load_lexicon, read_times
from normalize.times.join import join
from normalize.times.order import order_ranges, place_weeks
from normalize.times.ranges import add_bare_ends, mark_ranges
from normalize.times.resolve import resolve
from normalize.times.tense import SENTENCE
from normalize.times.value import Time
from normalize.zones import Zone, find_zone, load_zone, to_utc, write_offset, zone_of_country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalize.facts import Facts
    from normalize.times.spans import Days
    from normalize.times.value import Reading

_PARTS = {"MO": (6, 12), "AF": (12, 18), "EV": (18, 24), "NI": (20, 30)}


def tell_times(text: str, known: Facts) -> Iterator[Time]:
    """Yield the times of a document, in order: read, joined, resolved, with zones, the doubles linked."""
    language = known.language or "en"
    lexicon = load_lexicon(language)
    readings = join(text, add_bare_ends(text, read_times(text, language), lexicon))
    if not readings:
        return
    mark_ranges(text, readings, lexicon)
    home = _home(known)
    home = replace(home, today=_today(known, home))
    context = Context(text, lexicon, home.today, _now(known, home))
    tellings = [_telling(reading, context, home) for reading in readings]
    _days_of_clocks(text, tellings)
    order_ranges(tellings, context)
    place_weeks(text, tellings)
    link(text, tellings, home)
    yield from _times(text, tellings, home)


def _times(text: str, tellings: list[Telling], home: Home) -> Iterator[Time]:
    """Yield the times of tellings; one told in two zones ("8 p.m. ET/PT") is two times of one span."""
    if not any(telling.reading.also or telling.reading.until for telling in tellings):
        yield from (_time(text, telling, home) for telling in tellings)
        return
    places = list(accumulate((1 + (t.reading.also is not None) for t in tellings), initial=0))
    times = [_time(text, telling, home) for telling in tellings]
    for n, (time, telling) in enumerate(zip(times, tellings, strict=True)):
        whole = time if time.same_as is None else replace(time, same_as=places[time.same_as])
        if telling.reading.until:
            whole = _until(whole, places[n + 1], times[n + 1])
        if telling.reading.also is None:
            yield whole
            continue
        other = _time(text, _also(telling, *telling.reading.also, home), home)
        one = other.begin is not None and other.begin == whole.begin  # "9/8c" is one moment, "8 p.m. ET/PT" is two
        yield replace(whole, same_as=places[n] + 1) if one else whole
        yield replace(other, same_as=places[n] if one else None)


def _also(telling: Telling, clock: tuple[int, int, int], zone: str, home: Home) -> Telling:
    """Return the telling of the second zone, always one of the United States."""
    found = _zone(zone, replace(home, country="US"), telling.days.begin)
    return Telling(replace(telling.reading, clock=clock), telling.days, telling.own_day, found, "stated")


def _until(time: Time, place: int, last: Time) -> Time:
    """Return the first end of a range, with the place of the last one and the bounds of the whole."""
    if last.begin is not None and time.begin is not None and last.begin < time.begin:
        return time
    return replace(
        time, until=place, end_at=last.begin if "T" in last.value[10:] and ":" in last.value else last.end_at
    )


def _home(known: Facts) -> Home:
    line = known.dateline
    if line is not None:
        zone = line.timezone or zone_of_country(line.country)
        if zone is not None and load_zone(zone) is not None:
            return Home(line.country, zone, "dateline")
    country = None if line is None else line.country
    offset = None if known.published_at is None else known.published_at.utcoffset()
    if offset:
        return Home(country, None, "published", offset)
    return Home(country, None, None)


def _now(known: Facts, home: Home) -> datetime | None:
    """Return the document's instant as the clocks of its place show it, with its own zone where no place is known."""
    at = known.published_at
    zone = load_zone(home.zone) if home.zone else None
    return at if at is None or at.tzinfo is None or zone is None else at.astimezone(zone).replace(tzinfo=None)


def _today(known: Facts, home: Home) -> date | None:
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


def _telling(reading: Reading, context: Context, home: Home) -> Telling:
    days = resolve(reading, context)
    own = reading.what not in ("clock", "that_day")
    telling = Telling(reading, days, own)
    if reading.zone is not None:
        telling.zone = _zone(reading.zone, home, days.begin)
        telling.zone_from = "stated" if telling.zone is not None else None
        if reading.what == "shift" and telling.zone is not None:
            telling.zone_from = "published"
        if reading.zone == "local" and telling.zone is not None:
            telling.zone_from = home.zone_from
    return telling


def _zone(words: str, home: Home, on: date | None) -> Zone | None:
    if words == "local":
        return Zone(words, name=home.zone) if home.zone else None
    found = find_zone(words, country=home.country, on=on)
    if found is None and words.lower().endswith(" time"):
        return zone_of_place(words[:-5].removesuffix("'s").removesuffix("’s"), home.country)
    return found


# ---- which day a bare clock belongs to


def _days_of_clocks(text: str, tellings: list[Telling]) -> None:
    """Give each clock without a day the day its sentence names: after it, else before it."""
    for n, telling in enumerate(tellings):
        if telling.own_day or telling.reading.what != "clock":
            continue
        near = _day_near(text, tellings, n)
        if near is not None:
            telling.days = near


def _day_near(text: str, tellings: list[Telling], n: int) -> Days | None:
    here = tellings[n].reading
    best: tuple[int, Days] | None = None
    for other in tellings[n + 1 : n + 4]:
        gap = other.reading.start - here.end
        if gap > _NEAR or SENTENCE.search(text, here.end, other.reading.start):
            break
        if _is_day(other) and text[other.reading.end : other.reading.end + 2] not in ("'s", "’s"):  # "Friday's close"
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


def _is_day(telling: Telling) -> bool:
    days = telling.days
    return telling.own_day and days.begin is not None and days.end is not None and (days.end - days.begin).days == 1


# ---- out


def _time(text: str, telling: Telling, home: Home) -> Time:
    reading = telling.reading
    begin, end = _bounds(telling, home)
    zone, zone_from = telling.zone, telling.zone_from
    label = None if zone is None else zone.label
    flag = telling.flag or reading.flag or ("ambiguous zone" if zone is not None and zone.ambiguous else None)
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


def _bounds(telling: Telling, home: Home) -> tuple[datetime | None, datetime | None]:
    days, reading = telling.days, telling.reading
    if days.begin is None or days.end is None or reading.type in ("SET", "DURATION"):
        return None, None
    zone = telling.zone.tzinfo() if telling.zone is not None else _home_zone(home)
    if zone is None:
        return None, None
    if reading.clock is not None:
        begin = to_utc(local_clock(telling), zone)
        return begin, None if begin is None else begin + timedelta(seconds=1 if reading.clock[2] else 60)
    first, last = _midnight(days.begin), _midnight(days.end)
    if reading.part is not None:
        start, stop = _PARTS[reading.part]
        first, last = first + timedelta(hours=start), first + timedelta(hours=stop)
    return to_utc(first, zone), to_utc(last, zone)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a clock reading, no instant yet)


def _home_zone(home: Home) -> tzinfo | None:
    if home.zone:
        return load_zone(home.zone)
    return timezone(home.offset) if home.offset else None
