"""The page of a corpus at a glance, and the pages of the documents it leads to."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from corpus.explain import explain_row
from corpus.meanings import rule_meanings
from corpus.pages import render, show, show_spaces
from corpus.pages.document import describe_step, render_explanation
from corpus.report import Count
from corpus.writer import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from markupsafe import Markup

    from corpus.report import Report

_BRIEF = 120
_QUANTILES = ("least", "5%", "half", "95%", "most")


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    share: float
    changes: int
    cost: float


def write_report(report: Report, page: Path) -> int:
    """Write `page`, and in a folder beside it the pages of the sampled documents; return how many those are."""
    folder = page.parent / f"{page.stem}-documents"
    names = {row: _name(document) for row, document in report.documents.items()}
    if names:
        folder.mkdir(exist_ok=True)
    for row, document in report.documents.items():
        back = f"../{page.name}"
        write_text(folder / names[row], render_explanation(explain_row(dict(document)), home=back))
    pages = {row: f"{folder.name}/{name}" for row, name in names.items()}
    write_text(page, render_report(report, pages))
    return len(names)


def render_report(report: Report, pages: Mapping[int, str]) -> str:
    """Return the page; `pages` are those of the sampled documents, by their number."""
    account = report.manifest["account"]
    values = {
        "report": report,
        "pages": pages,
        "fates": list(_fates(account)),
        "years": list(_years(report)),
        "steps": list(_steps(report)),
        "quantile_names": _QUANTILES,
        "describe": lambda name: rule_meanings().get(name) or describe_step(name.partition(":")[0]),
        "brief": brief,
        "figure": figure,
        "bytes": lambda raw: show((raw or b"").decode("utf-8", "replace")),
        "data": {
            "days": [_seconds(day) for day, _ in report.days],
            "from": _seconds(_day_of(report, 0.01)),
            "to": _seconds(_day_of(report, 0.99)),
            "documents": [rows for _, rows in report.days],
            "signals": [{"low": s.low, "high": s.high, "bins": s.bins} for s in report.signals],
        },
    }
    return render(
        "report.html", ("uplot.js", "page.js", "rules.js", "report.js"), ("page.css", "uplot.css", "report.css"), values
    )


def brief(text: str) -> Markup:
    """Return the beginning and the end of a text, for a cell."""
    text = text if len(text) <= _BRIEF else f"{text[: _BRIEF // 2]} … {text[-_BRIEF // 2 :]}"
    return show_spaces(text)


def figure(value: float) -> str:
    """Return a number as short as its size allows.

    >>> figure(12345.6), figure(3.0), figure(0.123456)
    ('12,346', '3', '0.123')
    """
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _name(document: Mapping[str, Any]) -> str:
    """Return the name of a document's page: an id may hold anything."""
    return hashlib.sha256(f"{document['id']}\0{document['source']}".encode()).hexdigest()[:16] + ".html"


def _fates(account: Mapping[str, Any]) -> Iterator[Count]:
    yield Count("rows", account["rows"])
    for fate, reasons in (("dropped", account["dropped"]), ("rejected", account["rejected_because"])):
        for reason, rows in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            yield Count(f"{fate}: {reason}", rows)


def _years(report: Report) -> Iterator[Count]:
    years: Counter[int] = Counter()
    for day, rows in report.days:
        years[day.year] += rows
    for year in sorted(years):
        yield Count(str(year), years[year])


def _day_of(report: Report, share: float) -> date | None:
    """Return the day up to which that share of the dated documents was published: a lone wrong year hides no plot."""
    wanted = share * sum(rows for _, rows in report.days)
    for day, rows in report.days:
        wanted -= rows
        if wanted <= 0:
            return day
    return None


def _seconds(day: date | None) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) if day else 0


def _steps(report: Report) -> Iterator[_Step]:
    changes: Counter[str] = Counter()
    for rule, made in report.manifest["changes"].items():
        changes[rule.partition(":")[0]] += made["count"]
    entered = report.manifest["share_of_rows_entered"].items()
    for name, share in sorted(entered, key=lambda item: (-item[1], item[0])):
        yield _Step(name, share, changes[name], (report.costs or {}).get(name, 0.0))
