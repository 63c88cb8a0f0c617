"""Evidence: claims about one fact from several sources, ranked; the losers are kept beside the winner.

Shared knowledge: imports only calendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from normalize.calendar import Moment

Source = Literal["record", "page", "inline", "url"]
# Who is believed first: the record's own date, the page's structured data, a line of the text, the address.
RANKS: dict[str, int] = {"record": 0, "page": 1, "inline": 2, "url": 3}


class Claim(NamedTuple):
    """What one source says of when a document was published; `words` are its own, where it has any."""

    source: Source
    moment: Moment
    words: str | None = None


class Verdict(NamedTuple):
    """The claim that won and, in order of rank, those that lost."""

    winner: Claim | None
    losers: tuple[Claim, ...]


def weigh(claims: Iterable[Claim]) -> Verdict:
    """Return which of `claims` wins: the better source, then the more precise days, then the one with an instant.

    A less trusted claim may sharpen nothing: what it adds stands among the losers.

    >>> from datetime import date
    >>> from normalize.calendar import DateInterval, Moment
    >>> day = Moment(DateInterval.of(date(2017, 12, 27)))
    >>> month = Moment(DateInterval(date(2017, 12, 1), date(2018, 1, 1)))
    >>> verdict = weigh([Claim("url", day), Claim("inline", month, "December 2017"), Claim("inline", day)])
    >>> verdict.winner.source, verdict.winner.moment.days.day, [claim.source for claim in verdict.losers]
    ('inline', datetime.date(2017, 12, 27), ['inline', 'url'])
    >>> weigh([])
    Verdict(winner=None, losers=())
    """
    ranked = sorted(claims, key=_rank)
    return Verdict(ranked[0], tuple(ranked[1:])) if ranked else Verdict(None, ())


def _rank(claim: Claim) -> tuple[int, int, bool]:
    days = claim.moment.days
    return RANKS[claim.source], (days.end - days.begin).days, claim.moment.at is None
