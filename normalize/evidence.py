"""Evidence: what several sources claim of one fact, ranked; the winner is used, the others are kept.

Shared knowledge: imports nothing above `edits`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from normalize.calendar import Moment

# Who is believed about a document's date, the weightiest first: what the record's owner says, what the
# page says in a form made for machines, what the text says of itself, what its address lets guess.
RANKS = ("record", "page", "inline", "url")

# Found sooner, and most addresses have none: a year, and a month's and a day's figures behind it.
_MAY = re.compile("(?:19|20)[0-9]{2}(?:[/_.-][01]?[0-9][/_.-]|[01])[0-3]?[0-9]")
# A day in an address: "/2017/12/27/", "/2017/1/5/", "/2017-12/27/", "-2017-12-27.html", "/20171227/", "-20171227-",
# and with its clock in an article's number, "/A2017122715300004328". A year and month alone is no day.
_URL_DAY = re.compile(
    r"[/_.-](?:((?:19|20)[0-9]{2})[/_.-]([01]?[0-9])[/_.-]([0-3]?[0-9])|((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9]))"
    r"(?:[/_.A-Za-z-]|$)"
    r"|/[A-Za-z]{1,4}((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?:[01][0-9]|2[0-3])[0-5][0-9]"
)


_LETTERS = 5  # "/" and letters that may stand before the year


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's claim of when a document was published: `source` is a rank, with detail after a space."""

    source: str
    moment: Moment
    text: str


def rank_claims(claims: Iterable[Claim]) -> tuple[Claim | None, list[Claim]]:
    """Return the claim to believe and the others; of one rank, the first given is believed.

    >>> from normalize.calendar import DateInterval, Moment
    >>> day = Moment(DateInterval.of(date(2017, 12, 27)))
    >>> winner, others = rank_claims([Claim("url", day, "/2017/12/27/"), Claim("inline", day, "date 2017-12-27")])
    >>> winner.source, [c.source for c in others]
    ('inline', ['url'])
    >>> rank_claims([])
    (None, [])
    """
    ordered = sorted(claims, key=lambda claim: RANKS.index(claim.source.partition(" ")[0]))
    return (ordered[0], ordered[1:]) if ordered else (None, [])


def find_url_day(url: str) -> date | None:
    """Return the day that an address states, None where it states none.

    >>> find_url_day("https://example.org/news/2017/12/27/bridge-opens")
    datetime.date(2017, 12, 27)
    >>> find_url_day("https://example.org/2017/12/bridge-opens") is None
    True
    """
    may = _MAY.search(url)
    for found in _URL_DAY.finditer(url, max(0, may.start() - _LETTERS)) if may else ():
        year, month, day = map(int, filter(None, found.groups()))
        try:
            return date(year, month, day)
        except ValueError:  # "/2017/19/31/"
            continue
    return None
