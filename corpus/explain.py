"""Explanations: what each step did to one document and why, from a record just cleaned or a row of a corpus."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from corpus.batch import to_json
from corpus.verify import restore_row
from normalize import Change
from normalize.facts import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.document import Document
    from normalize import Annotation, Cleaned

# What a row tells of its document beside the text, in the order in which it is shown.
_ABOUT = ("title", "site", "url", "language", "published", "published_at", "published_from", "agency")
_TRIED = 200
_SHOWN_FIRST = ("place", "region", "country", "timezone", "agency", "date", "type", "value", "mod", "zone", "begin")
_PLACED = frozenset({"source_start", "source_end", "start", "end", "text"})


@dataclass(frozen=True, slots=True)
class Fact:
    """What was read: `start` and `end` count in the source, None for what never stood in it."""

    kind: str
    start: int | None
    end: int | None
    words: str
    value: Any  # plain: what JSON holds


@dataclass(frozen=True, slots=True)
class Explanation:
    """One document: its source, what became of it, each change with its reason, and what was read."""

    id: str
    place: str
    source: str
    text: str
    changes: tuple[Change, ...]
    facts: tuple[Fact, ...]
    about: Mapping[str, str]

    def near(self, words: str) -> Self:
        """Return the same document with only the changes that touch `words` where they stand in the source.

        White space counts for nothing: what was one line in the source may be several.
        """
        spans = find_words(self.source, words)
        kept = [
            c
            for c in self.changes
            if any(c.start < end and (c.end > start or start <= c.start) for start, end in spans)
        ]
        return replace(self, changes=tuple(kept))

    def steps(self) -> dict[str, int]:
        """Return how many changes each step made, the first author counting, in the order in which they come."""
        return dict(Counter(step_of(change) for change in self.changes))


def step_of(change: Change) -> str:
    """Return the step that made a change: of several the one that removed most.

    >>> step_of(Change(0, 2, "  ", " ", ("collapse_spaces:run",)))
    'collapse_spaces'
    """
    return change.why[0].partition(":")[0] if change.why else ""


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """Return where `words` stand in `text`, whatever white space lies between and whatever their case.

    >>> find_words("It rained.  It\\nRAINED.", "it rained")
    [(0, 9), (12, 21)]
    >>> find_words("It rained.", " ")
    []
    """
    wanted = "".join(words.split()).lower()
    letters = [(c, at) for at, letter in enumerate(text) if not letter.isspace() for c in letter.lower()]
    packed = "".join(c for c, _ in letters)
    found = []
    at = packed.find(wanted) if wanted else -1
    while at >= 0:
        found.append((letters[at][1], letters[at + len(wanted) - 1][1] + 1))
        at = packed.find(wanted, at + len(wanted))
    return found


def first_touched(found: Iterable[Explanation], words: str) -> Explanation | None:
    """Return the first document in which something touched `words`; where none was, the first; None of none.

    Words that many documents have are looked for in the first of them only.
    """
    first = None
    for each in islice(found, _TRIED):
        if each.near(words).changes:
            return each
        first = first or each
    return first


def explain_document(document: Document, cleaned: Cleaned) -> Explanation:
    """Return what became of a document that was just cleaned."""
    known = cleaned.facts
    about = {
        **{name: getattr(known, name) for name in ("title", "site", "url", "language")},
        "published": known.published and (known.published.day or f"{known.published.begin}/{known.published.end}"),
        "published_at": known.published_at,
    }
    return Explanation(
        id=document.id,
        place=document.record.source,
        source=cleaned.source,
        text=cleaned.text,
        changes=cleaned.changes,
        facts=tuple(_fact(annotation) for annotation in (*document.given, *cleaned.annotations)),
        about=_told(about),
    )


def explain_row(row: dict[str, Any]) -> Explanation:
    """Return what became of a document, from its row in a corpus."""
    source = restore_row(row)
    changes = tuple(
        Change(c["start"], c["start"] + len(c["removed"]), c["removed"], c["text"], tuple(c["why"]), c["score"])
        for c in row["changes"]
    )
    facts = [
        Fact(a["kind"], a["source_start"], a["source_end"], _words(source, a), json.loads(a["value"]))
        for a in row["annotations"]
    ]
    placed = [("dateline", row["dateline"])] if row["dateline"] else []
    for kind, value in (*placed, *(("time", time) for time in row["times"])):
        shown = {k: _plain(v) for k, v in value.items() if v is not None and k not in _PLACED}
        facts.append(Fact(kind, value["source_start"], value["source_end"], value["text"], shown))
    return Explanation(
        id=row["id"],
        place=row["source"],
        source=source,
        text=row["text"],
        changes=changes,
        facts=tuple(facts),
        about=_told({name: row[name] for name in _ABOUT}),
    )


def to_plain(found: Explanation) -> dict[str, object]:
    """Return the same as plain values, for `--json`."""
    return {
        "id": found.id,
        "place": found.place,
        "about": dict(found.about),
        "source": found.source,
        "text": found.text,
        "changes": [change._asdict() for change in found.changes],
        "annotations": [
            {"kind": f.kind, "start": f.start, "end": f.end, "text": f.words, "value": f.value} for f in found.facts
        ],
    }


def in_reading_order(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts as they stand in the source, those beside the text first."""
    return sorted(facts, key=lambda fact: -1 if fact.start is None else fact.start)


def tell_value(fact: Fact) -> str:
    """Return a fact's value in words: its parts by name, the weightiest first, without those unknown."""
    value = fact.value
    if not isinstance(value, dict):
        return str(value)
    if fact.kind == "time" and value.get("begin"):
        value = {**value, "UTC": f"{_minute(value['begin'])} to {_minute(value.get('end_at') or '?')}"}
        value = {k: v for k, v in value.items() if k not in ("begin", "end_at")}
    names = sorted(value, key=lambda name: _SHOWN_FIRST.index(name) if name in _SHOWN_FIRST else len(_SHOWN_FIRST))
    parts = ((name, value[name]) for name in names)
    return ", ".join(f"{name} {_brief(part)}" for name, part in parts if part not in (None, "", [], {}))


def _minute(instant: str) -> str:
    """Return an instant in UTC without the seconds that nobody stated.

    >>> _minute("2019-03-06T22:00:00+00:00")
    '2019-03-06 22:00'
    """
    return instant.removesuffix("+00:00").removesuffix(":00").replace("T", " ")


def _brief(part: object) -> str:
    if isinstance(part, dict) and part.keys() == {"begin", "end"}:
        return f"{part['begin']} to {part['end']}"
    if isinstance(part, list):
        return "; ".join(_brief(p) for p in part)
    if isinstance(part, dict):
        return " ".join(str(p) for p in part.values() if p is not None)
    return part if isinstance(part, str) else json.dumps(part)


def _fact(annotation: Annotation) -> Fact:
    value = json.loads(to_json(annotation.value))
    words = annotation.value.text if isinstance(annotation.value, Span) else ""
    if isinstance(annotation.value, Span):
        value = {k: v for k, v in value.items() if k not in _PLACED}
    if annotation.kind == "dateline" and value.get("places"):
        value = {"place": value["places"][0]["name"], **value}
    return Fact(annotation.kind, annotation.start, annotation.end, words, value)


def _words(source: str, annotation: Mapping[str, Any]) -> str:
    start, end = annotation["source_start"], annotation["source_end"]
    return "" if start is None or end is None else source[start:end]


def _told(about: Mapping[str, object]) -> dict[str, str]:
    """Return what is known, in words."""
    return {name: str(_plain(value)) for name, value in about.items() if value is not None}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
