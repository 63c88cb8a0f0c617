"""Time: what a reader found, and Reading: what a template matched before it is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from normalize.facts import Span

if TYPE_CHECKING:
    from datetime import datetime

Type = Literal["DATE", "TIME", "DURATION", "SET"]


@dataclass(frozen=True, slots=True)
class Time(Span):
    """A time that a text names.

    `value` is TIMEX3 (ISO 8601 with X for what is not known); `begin` and `end_at` bound it in UTC,
    half-open, None where no interval or no zone is known; `zone` is an IANA name or an offset and
    `zone_from` how it was known ("stated", "place", "dateline", "published", "double"); `anchor` what it was
    reckoned from ("published", "mention"); `same_as` is the place in the document's list of
    times of the other telling of the same moment; `until` that of the other end of the range which this
    time begins ("from Monday to Friday"; its `end_at` is then that of the whole range); `flag` a doubt ("disagrees", "ambiguous zone", "odd clock").
    """

    type: Type = "DATE"
    value: str = ""
    mod: str | None = None
    zone: str | None = None
    zone_from: str | None = None
    begin: datetime | None = None
    end_at: datetime | None = None
    same_as: int | None = None
    flag: str | None = None
    rule: str = ""
    anchor: str | None = None
    until: int | None = None


@dataclass(slots=True)
class Reading:
    """What a template matched: `what` names how to resolve it, with `args`."""

    start: int
    end: int
    type: Type
    what: str
    args: tuple[int | str | None, ...]
    mod: str | None = None
    clock: tuple[int, int, int] | None = None
    part: str | None = None
    zone: str | None = None
    rule: str = ""
    flag: str | None = None
    also: tuple[tuple[int, int, int], str] | None = None  # the clock of a second zone: "8 p.m. ET/PT"
    until: str = ""  # the sort of link ("to", "until") where the next reading is the other end of a range
