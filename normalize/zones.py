"""Zones: what the words for a clock's zone mean, by the country that uses them and the day.

Shared knowledge: imports nothing above `edits`, nor `places`, which may ask here for a country's zone.
"Moscow time" is therefore read where both are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from normalize.tables import read_table


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as some words name it: an IANA name or a fixed offset, or several where they are ambiguous.

    `stated` is the offset that the words themselves claim ("EST" says -05:00 also in July, when the
    clocks of New York show another one); reckoning follows the zone, not the claim.
    """

    words: str
    name: str | None = None
    offset: timedelta | None = None
    stated: timedelta | None = None
    choices: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the words have several meanings and nothing known decides between them."""
        return self.name is None and self.offset is None

    @property
    def label(self) -> str:
        """The IANA name, the offset ("+05:30"), or the choices ("Asia/Kolkata|Europe/Dublin").

        >>> [find_zone(words).label for words in ("ET", "+0530", "BST")]
        ['America/New_York', '+05:30', 'Europe/London']
        """
        if self.name:
            return self.name
        return "|".join(self.choices) if self.offset is None else write_offset(self.offset)

    def tzinfo(self) -> tzinfo | None:
        """Return the zone as Python reckons with it, None where it is ambiguous."""
        if self.name:
            return load_zone(self.name)
        return None if self.offset is None else timezone(self.offset)

    def utc(self, local: datetime) -> datetime | None:
        """Return the instant of a clock reading in this zone, None where the zone is ambiguous.

        >>> find_zone("ET").utc(datetime(2017, 12, 26, 22, 20))
        datetime.datetime(2017, 12, 27, 3, 20, tzinfo=datetime.timezone.utc)
        >>> find_zone("PST").utc(datetime(2017, 12, 26, 22, 20)) is None
        True
        """
        zone = self.tzinfo()
        return None if zone is None else to_utc(local, zone)


def to_utc(local: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant when clocks of `zone` show `local`; None outside the years 1 to 9999."""
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None


def write_offset(offset: timedelta) -> str:
    """Return an offset from UTC as ISO 8601 writes it.

    >>> write_offset(timedelta(hours=-3, minutes=-30))
    '-03:30'
    """
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


@cache
def load_zone(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name, None where tzdata has none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def find_zone(words: str, *, country: str | None = None, on: date | None = None) -> Zone | None:
    """Return the zone that `words` name, None where they name none.

    >>> find_zone("ET").name, find_zone("GMT+5:30").label, find_zone("Eastern Standard Time").name
    ('America/New_York', '+05:30', 'America/New_York')
    >>> find_zone("sometime") is None
    True

    What an abbreviation means depends on the country and the day:

    >>> find_zone("IST", country="IE").name, find_zone("CST", country="CN").name
    ('Europe/Dublin', 'Asia/Shanghai')
    >>> find_zone("KST", country="KP", on=date(2017, 1, 1)).label
    'Asia/Pyongyang'

    Where nothing decides, it stays ambiguous:

    >>> find_zone("IST").ambiguous, find_zone("IST").choices[:3]
    (True, ('Asia/Kolkata', 'Europe/Dublin', 'Asia/Jerusalem'))
    """
    if len(words) > _LONGEST:
        return None
    key = " ".join(words.upper().replace(".", "").split())
    return _numeric(words, key) or _named(words, key, country, on)


@cache
def zone_of_country(country: str | None) -> str | None:
    """Return the IANA name of a country's zone, None where it has several or is unknown.

    >>> zone_of_country("PH"), zone_of_country("US"), zone_of_country(None)
    ('Asia/Manila', None, None)
    """
    return _countries().get(country) if country else None


_LONGEST = 60  # "Coordinated Universal Time" has 26
_NUMERIC = re.compile(r"(?:UTC|GMT|UT)?\s?([+\-−–])\s?([0-9]{1,2})(?::?([0-5][0-9]))?(?:\s?(?:HOURS?|HRS?|H))?")
_SUFFIX = re.compile(r"(?: (?:STANDARD|DAYLIGHT|SAVINGS?|SUMMER|WINTER))*(?: TIME)?$")


def _numeric(words: str, key: str) -> Zone | None:
    part = _NUMERIC.fullmatch(key)
    if not part:
        return None
    offset = timedelta(hours=int(part[2]), minutes=int(part[3] or 0))
    if offset > timedelta(hours=14):
        return None
    offset = offset if part[1] == "+" else -offset
    return Zone(words, offset=offset, stated=offset)


def _named(words: str, key: str, country: str | None, on: date | None) -> Zone | None:
    rows = _abbreviations().get(key) or _abbreviations().get(_SUFFIX.sub("", key))
    if not rows:
        return None
    rows = tuple(row for row in rows if on is None or row.begin <= on < row.end) or rows
    fitting = [r for r in rows if r.country == country] or [r for r in rows if not r.country]
    names = tuple(dict.fromkeys(row.zone for row in fitting or rows))
    if len(names) > 1:
        return Zone(words, choices=names)
    return Zone(words, name=names[0], stated=(fitting or rows)[0].offset)


@dataclass(frozen=True, slots=True)
class _Row:
    country: str
    zone: str
    offset: timedelta | None
    begin: date
    end: date


@cache
def _abbreviations() -> dict[str, tuple[_Row, ...]]:
    table: dict[str, tuple[_Row, ...]] = {}
    for row in read_table("zones"):
        table[row["abbreviation"]] = (*table.get(row["abbreviation"], ()), _row(row))
    return table


def _row(row: dict[str, str]) -> _Row:
    begin = date.fromisoformat(row["from"]) if row["from"] else date.min
    end = date.fromisoformat(row["to"]) if row["to"] else date.max
    return _Row(row["country"], row["zone"], _read_offset(row["offset"]), begin, end)


def _read_offset(offset: str) -> timedelta | None:
    if not offset:
        return None
    size = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return -size if offset[0] == "-" else size


@cache
def _countries() -> dict[str, str]:
    return {row["country"]: row["zone"] for row in read_table("country_zones")}
