"""Addresses: what a document's URL says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalize.calendar import DateInterval, Moment
from normalize.evidence import find_url_day
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.steps import first, step

if TYPE_CHECKING:
    from collections.abc import Iterator


@step(reads=("url",), provides=("published",), answer=first(Moment))
def read_url_date(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    """Read the day of publication that the document's address states.

    >>> read_url_date("", known=Facts(url="https://example.org/news/2017/12/27/bridge-opens")).days.day
    datetime.date(2017, 12, 27)

    A month is no day, and a number is no date:

    >>> read_url_date("", known=Facts(url="https://example.org/2017/12/bridge-opens")) is None
    True
    >>> read_url_date("", known=Facts(url="https://example.org/2017/19/31/bridge-opens")) is None
    True

    It is the weakest evidence: what the record, the page or the text says is believed before it.
    """
    day = find_url_day(known.url) if known.url else None
    if day is not None:
        yield Annotation(None, None, "published", Moment(DateInterval.of(day)))
