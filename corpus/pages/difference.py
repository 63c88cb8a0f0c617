"""The page of what differs between two corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.meanings import rule_meanings
from corpus.pages import render
from corpus.pages.document import describe_step
from corpus.pages.overview import brief

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.compare import Difference


def render_difference(found: Difference, left: Path | str, right: Path | str) -> str:
    """Return the page of a difference between the corpora at `left` and `right`."""
    samples = found.samples.partition_by("rule", as_dict=True)
    rules = [
        {**row, "samples": samples[row["rule"],].to_dicts() if (row["rule"],) in samples else []}
        for row in found.rules.iter_rows(named=True)
    ]
    values = {
        "found": found,
        "left": str(left),
        "right": str(right),
        "facts": [(name, rows) for name, rows in (("text", found.texts), *found.facts.items()) if rows],
        "rules": rules,
        "describe": lambda name: rule_meanings().get(name) or describe_step(name.partition(":")[0]),
        "brief": brief,
    }
    scripts = ("page.js", "rules.js") if rules else ("page.js",)
    return render("difference.html", scripts, ("page.css", "report.css"), values)
