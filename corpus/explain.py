"""Explanations: what each step did to one document, and why, for a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from corpus.batch import to_json
from normalize.facts import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.compare import Difference
    from normalize import Annotation, Change, Cleaned

_AROUND = 30  # characters of context shown at either side of a change
_LONGEST = 160  # characters of a removed text shown


def explain(cleaned: Cleaned) -> Iterator[str]:
    """Yield lines that tell what became of a document: each change with its reason, then the facts, then the text."""
    yield click.style(f"{len(cleaned.changes)} changes", bold=True)
    for change in cleaned.changes:
        yield from _explain_change(cleaned.source, change)
    yield ""
    yield click.style(f"{len(cleaned.annotations)} facts", bold=True)
    for annotation in cleaned.annotations:
        yield _explain_fact(annotation)
    yield ""
    yield click.style("Text", bold=True)
    yield cleaned.text


def to_plain(cleaned: Cleaned) -> dict[str, object]:
    """Return the same as plain values, for `--json`."""
    return {
        "source": cleaned.source,
        "text": cleaned.text,
        "changes": [change._asdict() for change in cleaned.changes],
        "annotations": [
            {"kind": a.kind, "start": a.start, "end": a.end, "value": json.loads(to_json(a.value))}
            for a in cleaned.annotations
        ],
    }


def _explain_change(source: str, change: Change) -> Iterator[str]:
    score = "" if change.score is None else f"  score {change.score:.2f}"
    why = click.style(" ← ".join(change.why), fg="cyan")
    yield f"{change.start}:{change.end}  {why}{score}"
    before = _shown(source[max(0, change.start - _AROUND) : change.start])
    after = _shown(source[change.end : change.end + _AROUND])
    removed = click.style(f"[-{_shown(_cut(change.removed))}-]", fg="red") if change.removed else ""
    added = click.style(f"{{+{_shown(_cut(change.text))}+}}", fg="green") if change.text else ""
    yield f"    {before}{removed}{added}{after}"


def _explain_fact(annotation: Annotation) -> str:
    where = "beside the text" if annotation.start is None else f"{annotation.start}:{annotation.end}"
    value = annotation.value
    words = f"{value.text!r} " if isinstance(value, Span) else ""
    return f"{where}  {click.style(annotation.kind, fg='cyan')}  {words}{to_json(value)}"


def explain_difference(found: Difference) -> Iterator[str]:
    """Yield lines that tell how two corpora differ."""
    if found.same:
        yield f"no difference in {found.documents:,} documents"
        return
    yield f"{found.documents:,} documents in both, {found.only_left:,} only left, {found.only_right:,} only right"
    yield f"{found.texts:,} texts differ"
    for name, count in found.facts.items():
        if count:
            yield f"{count:,} documents differ in {name}"
    for row in found.rules.iter_rows(named=True):
        yield f"{click.style(row['rule'], fg='cyan')}  {row['left']:,} changes only left, {row['right']:,} only right"
        for sample in found.samples.filter(rule=row["rule"]).iter_rows(named=True):
            removed, added = _shown(_cut(sample["removed"])), _shown(_cut(sample["text"]))
            yield f"    {sample['side']:5}  {sample['id']}  {sample['start']}  [-{removed}-]{{+{added}+}}"


def _shown(text: str) -> str:
    """Return `text` with what a terminal would hide or act on written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    half = _LONGEST // 2
    return f"{text[:half]} … {len(text) - 2 * half} more … {text[-half:]}"
