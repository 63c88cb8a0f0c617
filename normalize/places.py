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


def find_place(name: str, *, region: str | None = None, country: str | None = None) -> Place | None:
    """Return the place of this name, None where none is known (the table comes with the next commit)."""
    return None


def find_country(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country that `name` names, None where it names none."""
    return None


def find_region(name: str) -> tuple[str, str] | None:
    """Return the country code and full name of the state or province that `name` names, None where it names none."""
    return None
