"""Builders: what a matched template means, before it is resolved; one a rule name of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalize.times.clocks import read_central, read_clock, read_colon, read_military, read_past
from normalize.times.days import DAYS
from normalize.times.numeric import read_year
from normalize.times.periods import PERIODS
from normalize.times.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from normalize.times.found import Found
    from normalize.times.value import Reading

BUILDERS: dict[str, Callable[[Found], Reading | None]] = {
    **DAYS,
    **PERIODS,
    **WORDS,
    "year": read_year,
    "clock": read_clock,
    "colon": read_colon,
    "military": read_military,
    "past": read_past,
    "central": read_central,
}
