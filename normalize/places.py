"""Places: names, countries and zones.

Shared knowledge: imports nothing above `edits`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a text names: `country` as ISO 3166-1 alpha-2, `timezone` as IANA name, None where unknown or unsure."""

    name: str
    region: str | None = None
    country: str | None = None
    timezone: str | None = None
