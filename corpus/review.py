"""A person's verdicts on the lines that `copydesk learn` found: kept in its TOML, so that none is asked twice."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from corpus.learn import HEAD, quoted, read_templates
from corpus.writer import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Verdict = Literal["accepted", "refused"] | None


@dataclass(slots=True)
class Line:
    """A line that recurs on the pages of its site; None where nobody has judged it."""

    site: str
    text: str
    pages: int
    of: int
    verdict: Verdict = None

    @property
    def share(self) -> float:
        """The share of the site's pages that have it."""
        return min(1.0, self.pages / max(1, self.of))


@dataclass(slots=True)
class Review:
    """The lines of all sites, in the order of the file."""

    sites: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def open(self) -> Iterator[int]:
        """Yield the numbers of the lines that nobody has judged."""
        yield from (n for n, line in enumerate(self.lines) if line.verdict is None)

    def count(self, verdict: Verdict) -> int:
        """Return how many lines have that verdict."""
        return sum(line.verdict == verdict for line in self.lines)


def read_review(path: Path) -> Review:
    """Return the lines in the TOML file at `path` with the verdicts so far; what is wrong with it is a ConfigError."""
    read_templates(path)
    review = Review()
    for name, site in tomllib.loads(path.read_text(encoding="utf-8"))["sites"].items():
        review.sites[name] = site["pages"]
        review.lines += (
            _line(name, site, line, "accepted" if line.get("reviewed") else None) for line in site["lines"]
        )
        review.lines += (_line(name, site, line, "refused") for line in site.get("refused", ()))
    return review


def write_review(path: Path, review: Review) -> None:
    """Write the TOML again: `lines` has those to cut, `refused` those to leave, which `run` does not look at."""
    parts = [HEAD]
    for name, pages in review.sites.items():
        of_site = [line for line in review.lines if line.site == name]
        parts.append(f"\n[sites.{quoted(name)}]\npages = {pages}\nlines = [\n")
        parts += [_told(line) for line in of_site if line.verdict != "refused"]
        parts.append("]\n")
        if any(line.verdict == "refused" for line in of_site):
            parts.append("refused = [\n")
            parts += [_told(line) for line in of_site if line.verdict == "refused"]
            parts.append("]\n")
    write_text(path, "".join(parts))


def _line(name: str, site: dict[str, Any], line: dict[str, Any], verdict: Verdict) -> Line:
    return Line(name, line["text"], line["pages"], site["pages"], verdict)


def _told(line: Line) -> str:
    reviewed = ", reviewed = true" if line.verdict == "accepted" else ""
    return f"  {{ pages = {line.pages}, text = {quoted(line.text)}{reviewed} }},\n"
