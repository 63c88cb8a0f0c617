"""Days and moments: the project's one vocabulary and one parser for dates.

Shared knowledge: imports nothing above `edits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class DateInterval:
    """Days from `begin` until before `end`: an imprecise date is an interval, never a guess.

    >>> DateInterval.of(date(2017, 12, 27)).day
    datetime.date(2017, 12, 27)
    >>> DateInterval(date(2017, 12, 1), date(2018, 1, 1)).day is None
    True
    >>> DateInterval(date(2018, 1, 1), date(2018, 1, 1))
    Traceback (most recent call last):
    ValueError: an interval of days ends after it begins, not 2018-01-01 to 2018-01-01
    """

    begin: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.begin:
            raise ValueError(f"an interval of days ends after it begins, not {self.begin} to {self.end}")

    @classmethod
    def of(cls, day: date) -> DateInterval:
        """Return the interval that is one day (9999-12-31 has none and raises OverflowError)."""
        return cls(day, day + timedelta(days=1))

    @property
    def day(self) -> date | None:
        """The day itself, or None where the interval is longer."""
        return self.begin if self.end - self.begin == timedelta(days=1) else None


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is stated to have been: the days in the zone stated, and the instant where a clock and a zone were stated too."""

    days: DateInterval
    at: datetime | None = None
