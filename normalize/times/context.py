"""Context: what a document's readings are anchored to while they are resolved one after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from normalize.times.tense import looks_ahead

if TYPE_CHECKING:
    from normalize.times.lexicon import Lexicon
    from normalize.times.spans import Days
    from normalize.times.value import Reading

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Context:
    """What readings are anchored to: the document's day and instant, and the last mentioned days and quarter."""

    text: str
    lexicon: Lexicon
    today: date | None
    now: datetime | None = None
    last: Days | None = None
    quarter: tuple[int, int] | None = None
    quarter_at: int = -10_000


def is_ahead(reading: Reading, context: Context) -> bool | None:
    """Return whether the sentence of a reading speaks of what is to come; None where it does not say."""
    return looks_ahead(context.text, reading.start, reading.end, context.lexicon)


Args = tuple[int | str | None, ...]


def int_of(value: int | str | None) -> int:
    """Return an argument that is a number."""
    assert value is not None
    return int(value)


def last_day(context: Context) -> tuple[date | None, str]:
    """Return the last mentioned day, the document's where none was."""
    last = context.last
    if last is not None and last.begin is not None and last.end is not None and last.end - last.begin == _DAY:
        return last.begin, "mention"
    return context.today, "published"


def last_base(context: Context) -> tuple[date | None, str]:
    """Return the begin of what was last mentioned, the document's day where nothing was."""
    if context.last is not None and context.last.begin is not None:
        return context.last.begin, "mention"
    return context.today, "published"
