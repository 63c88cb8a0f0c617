"""Templates: the lines that recur on the pages of one site, as `copydesk learn` counted and a person reviewed them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from normalize.phrases import fold

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Templates:
    """Lines of sites, folded as the table's phrases are, with the share of the site's pages that have them.

    >>> own = Templates.of({"gull.example": {"Your Daily Gull!": 0.9}})
    >>> own.lines("gull.example"), own.lines("other.example")
    ({'your daily gull': 0.9}, {})
    >>> own
    Templates(digest='147167321b251c5c')

    Templates with the same lines are equal and show the same digest of them.
    """

    digest: str
    sites: Mapping[str, Mapping[str, float]] = field(repr=False, compare=False)

    @classmethod
    def of(cls, sites: Mapping[str, Mapping[str, float]]) -> Templates:
        """Return the templates of `sites`: by site its lines, as they are written, and their shares."""
        folded = {
            site: {words: share for line, share in lines.items() if (words := fold(line))}
            for site, lines in sites.items()
        }
        plain = sorted((site, sorted(lines.items())) for site, lines in folded.items())
        return cls(sha256(repr(plain).encode("utf-8", "surrogatepass")).hexdigest()[:16], folded)

    def lines(self, site: str | None) -> Mapping[str, float]:
        """Return the lines of `site`, none where it is not known."""
        return self.sites.get(site or "", {})
