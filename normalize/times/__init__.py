"""Times: days, dates, clocks, periods and zones that a text names, resolved to the calendar and to UTC."""

from __future__ import annotations

from normalize.times.find import find_times
from normalize.times.rewrite import resolve_times
from normalize.times.value import Time

__all__ = ["Time", "find_times", "resolve_times"]
