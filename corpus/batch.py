"""Batches: texts and facts in, columns out. The one way in for every runner and engine."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from datetime import date, datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from corpus.document import ANNOTATION, CHANGE, DATELINE, EVIDENCE, SCHEMA, TIME
from corpus.guards import find_quiet
from corpus.signals import add_signals
from normalize import UNKNOWN, presets
from normalize.calendar import Moment
from normalize.evidence import Claim, rank_claims
from normalize.facts import Dateline, Span
from normalize.language import Language
from normalize.times import Time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from polars.datatypes import DataType, DataTypeClass

    from normalize import Annotation, Cleaned, Facts, OffsetMap, Pipeline, Step
    from normalize.pipeline import Run

# The columns that cleaning fills; the others describe the record.
COLUMNS = tuple(SCHEMA)[tuple(SCHEMA).index("title") : tuple(SCHEMA).index("media_type")]


@dataclass(slots=True)
class Counts:
    """What a run did, by step and rule: sums that may be added over batches, tasks and attempts."""

    entered: Counter[str] = field(default_factory=Counter)  # documents that a step looked into
    changes: Counter[str] = field(default_factory=Counter)  # changes by "step:rule"
    removed: Counter[str] = field(default_factory=Counter)  # code points removed by "step:rule"

    def add(self, cleaned: Cleaned) -> None:
        """Count one document."""
        self.entered.update(cleaned.entered)
        for change in cleaned.changes:
            self.changes[change.why[0]] += 1
            self.removed[change.why[0]] += change.end - change.start

    def update(self, other: Counts) -> None:
        """Add what another batch, task or attempt counted."""
        self.entered.update(other.entered)
        self.changes.update(other.changes)
        self.removed.update(other.removed)


@dataclass(frozen=True, slots=True)
class Failure:
    """A document whose cleaning failed: which one of the batch, and why."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Cleaned documents as columns, one row each in the order given, without those that failed."""

    columns: pl.DataFrame
    failures: tuple[Failure, ...]
    counts: Counts


def clean_batch(
    texts: Sequence[str],
    facts: Sequence[Facts] | None = None,
    *,
    pipeline: Pipeline = presets.news,
    given: Sequence[Sequence[Annotation]] | None = None,
    claims: Sequence[Sequence[Claim]] | None = None,
) -> Batch:
    """Clean `texts` and return the columns `title` to `q_…` of the schema.

    >>> batch = clean_batch(["VANTAA, Finland (AP) — The  bridge opened."])
    >>> batch.columns["text"].to_list()
    ['The bridge opened.']
    >>> batch.columns["dateline"].struct.field("agency").to_list()
    ['AP']

    `facts` are what is known of each document, `given` annotations that never stood in its text,
    `claims` what is said of its date beside the text. A document that fails is named in `failures`
    and has no row.
    """
    known = facts if facts is not None else [UNKNOWN] * len(texts)
    rows = _Rows()
    counts = Counts()
    failures = []
    for n, run in enumerate(_lead(texts, known, pipeline)):
        if isinstance(run, Exception):
            failures.append(Failure(n, f"cleaning failed: {type(run).__name__}: {run}"))
            continue
        counts.add(run)
        rows.add(run, given[n] if given else (), claims[n] if claims else ())
    try:
        return Batch(rows.frame(), tuple(failures), counts)
    except UnicodeEncodeError as error:
        if len(texts) == 1:
            reason = (
                f"cleaning failed: a lone surrogate, which no UTF-8 text can hold: {error.object[error.start :][:1]!r}"
            )
            return Batch(_Rows().frame(), (Failure(0, reason),), Counts())
    # One document cannot be written as UTF-8: find which.
    return _joined(
        clean_batch(
            texts[n : n + 1],
            known[n : n + 1],
            pipeline=pipeline,
            given=given[n : n + 1] if given else None,
            claims=claims[n : n + 1] if claims else None,
        )
        for n in range(len(texts))
    )


def _joined(singles: Iterable[Batch]) -> Batch:
    """Return batches of one document each as one."""
    counts = Counts()
    failures: list[Failure] = []
    frames = []
    for n, batch in enumerate(singles):
        counts.update(batch.counts)
        failures.extend(replace(failure, index=n) for failure in batch.failures)
        frames.append(batch.columns)
    return Batch(pl.concat(frames), tuple(failures), counts)


def _lead(texts: Sequence[str], known: Sequence[Facts], pipeline: Pipeline) -> Iterator[Cleaned | Exception]:
    """Lead all texts through the pipeline; a failing document yields its error and holds up no other.

    The first round (character repair) goes step by step over the whole batch: guards are asked natively,
    and again for the few texts that an edit changed. The others go text by text.
    """
    runs = [pipeline.begin(text, fact) for text, fact in zip(texts, known, strict=True)]
    head, tail = pipeline.rounds
    errors: dict[int, Exception] = {}
    quiet = find_quiet(texts, pipeline.steps)
    for step in head.steps:
        edited = []
        for n, run in enumerate(runs):
            asked = quiet[n]
            if asked is not None and step.name in asked:
                continue
            before = run.text
            _advance(run, (step,), asked, n, errors)
            if run.text is not before:
                edited.append(n)
        again = find_quiet([runs[n].text for n in edited], pipeline.steps)
        for n, names in zip(edited, again, strict=True):
            quiet[n] = names
    for n, run in enumerate(runs):
        before = run.text
        _advance(run, (), quiet[n], n, errors, head.again)
        _advance(run, tail.steps, quiet[n] if run.text is before else None, n, errors, tail.again)
        yield errors[n] if n in errors else run.finish()


def _advance(
    run: Run,
    steps: Sequence[Step[Any]],
    quiet: frozenset[str] | None,
    n: int,
    errors: dict[int, Exception],
    again: Sequence[Step[Any]] = (),
) -> None:
    if n in errors:
        return
    try:
        before = run.text
        run.advance(steps, quiet)
        run.settle(again, quiet if run.text is before else None)
    except Exception as error:  # noqa: BLE001 (the boundary: one failing document must not take the batch with it)
        errors[n] = error


class _Nested:
    """A column of lists of structs, kept as flat items and the row that each belongs to."""

    def __init__(self, name: str, dtype: pl.Struct) -> None:
        self.name = name
        self.dtype = dtype
        self.rows: list[int] = []
        self.items: list[tuple[object, ...]] = []

    def append(self, row: int, *values: object) -> None:
        self.rows.append(row)
        self.items.append(values)

    def series(self, height: int) -> pl.Series:
        columns = zip(*self.items, strict=True) if self.items else ((),) * len(self.dtype.fields)
        flat = [_column(f.name, values, f.dtype) for f, values in zip(self.dtype.fields, columns, strict=True)]
        if not height:
            return pl.Series(self.name, [], dtype=pl.List(self.dtype))
        counts = Counter(self.rows)
        sizes = [counts[row] for row in range(height)]
        starts = [0, *accumulate(sizes)][:-1]
        bounds = pl.DataFrame({"start": starts, "size": sizes}, schema={"start": pl.Int64, "size": pl.Int64})
        # One list of all items, cut anew for each row: a third of what `group_by` takes on a few rows.
        items = pl.lit(pl.DataFrame(flat).to_struct(self.name)).implode()
        cut = bounds.select(items.list.slice(pl.col("start"), pl.col("size"))).to_series()
        return cut.cast(pl.List(self.dtype))  # a literal forgets that its numbers are dates and instants


def _column(name: str, values: Sequence[object], dtype: DataType | DataTypeClass) -> pl.Series:
    """Return a column; lists of strings, which polars takes in one by one, are taken in once for each that differs."""
    if dtype != pl.List(pl.String):
        return pl.Series(name, values, dtype=dtype)
    numbers: dict[tuple[object, ...], int] = {}
    places = [numbers.setdefault(tuple(cast("Iterable[object]", value)), len(numbers)) for value in values]
    return pl.Series(name, list(numbers), dtype=dtype).gather(places)


class _Rows:
    """Columns under construction."""

    def __init__(self) -> None:
        self.plain: dict[str, list[object]] = {name: [] for name in COLUMNS if not name.startswith("q_")}
        nested = {"evidence": EVIDENCE, "times": TIME, "annotations": ANNOTATION, "changes": CHANGE}
        self.nested = {name: _Nested(name, dtype) for name, dtype in nested.items()}
        for name in (*nested, "dateline"):
            del self.plain[name]
        self.dateline = _Nested("dateline", DATELINE)
        self.source_chars: list[int] = []
        self.height = 0

    def add(self, cleaned: Cleaned, given: Iterable[Annotation], claims: Iterable[Claim]) -> None:
        row = self.height
        self.height += 1
        self.source_chars.append(len(cleaned.source))
        by_kind: dict[str, list[Annotation]] = {}
        for annotation in (*given, *cleaned.annotations):
            by_kind.setdefault(annotation.kind, []).append(annotation)
            if annotation.kind not in ("time", "dateline"):
                value = to_json(annotation.value)
                self.nested["annotations"].append(row, annotation.kind, value, annotation.start, annotation.end)
        for change in cleaned.changes:
            self.nested["changes"].append(row, change.start, change.removed, change.text, change.why, change.score)
        self._add_plain(row, cleaned, by_kind, claims)
        if "time" in by_kind or "dateline" in by_kind:
            self._add_placed(row, cleaned.offsets(), by_kind)

    def _add_plain(
        self, row: int, cleaned: Cleaned, by_kind: dict[str, list[Annotation]], claims: Iterable[Claim]
    ) -> None:
        known = cleaned.facts
        dateline = known.dateline
        language = next((a.value for a in by_kind.get("language", ()) if isinstance(a.value, Language)), None)
        stated = (_claim(a, cleaned.source) for a in by_kind.get("published", ()) if isinstance(a.value, Moment))
        winner, losers = rank_claims([*claims, *stated])
        for loser in losers:
            self.nested["evidence"].append(row, loser.source, loser.text)
        updated = next((a.value for a in by_kind.get("updated", ()) if isinstance(a.value, Moment)), None)
        agency = _first_text(by_kind, "agency")
        values = {
            "title": known.title,
            "standfirst": _first_text(by_kind, "standfirst"),
            "section": _first_text(by_kind, "section"),
            "text": cleaned.text,
            "language": known.language,
            "language_score": language.score if language and language.code == known.language else None,
            "published": winner.moment.days.day if winner else None,
            "published_at": winner.moment.at if winner else None,
            "updated_at": updated.at if updated else None,
            "published_from": winner.source if winner else None,
            "authors": _texts(by_kind, "author"),
            "tags": _texts(by_kind, "tag"),
            "captions": _texts(by_kind, "caption"),
            "agency": dateline.agency if dateline and dateline.agency else agency,
        }
        for name, column in self.plain.items():
            column.append(values[name])

    def _add_placed(self, row: int, offsets: OffsetMap, by_kind: dict[str, list[Annotation]]) -> None:
        for annotation in by_kind.get("dateline", ())[:1]:
            value = annotation.value
            if isinstance(value, Dateline):
                day = value.date.day if value.date else None
                places = [asdict(place) for place in value.places]
                self.dateline.append(
                    row,
                    *(value.place, value.region, value.country, value.timezone, value.agency, day, places),
                    *(value.text, offsets.place(value.start), value.start, value.end),
                )
        for annotation in by_kind.get("time", ()):
            value = annotation.value
            if isinstance(value, Time):
                start, end = offsets.to_clean(value.start, value.end) or (None, None)
                self.nested["times"].append(
                    row,
                    *(value.text, value.type, value.value, value.mod, start, end, value.start, value.end),
                    *(
                        value.zone,
                        value.zone_from,
                        value.begin,
                        value.end_at,
                        value.same_as,
                        value.until,
                        value.flag,
                        value.rule,
                    ),
                )

    def frame(self) -> pl.DataFrame:
        plain = [_column(name, values, SCHEMA[name]) for name, values in self.plain.items()]
        nested = [each.series(self.height) for each in self.nested.values()]
        frame = pl.DataFrame([*plain, *nested, self.dateline.series(self.height).list.first()])
        return in_order(add_signals(frame, self.source_chars), COLUMNS)


def in_order(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Return the columns named: what `select` does, without a query for each batch."""
    return pl.DataFrame([frame[name] for name in names])


def _claim(annotation: Annotation, source: str) -> Claim:
    """Return what the text (or, without a place in it, the address) claims of the publication date."""
    moment = cast("Moment", annotation.value)
    if annotation.start is None:
        return Claim("url", moment, str(moment.days.begin))
    return Claim("inline", moment, source[annotation.start : annotation.end])


def _texts(by_kind: dict[str, list[Annotation]], kind: str) -> list[str]:
    return list(dict.fromkeys(a.value for a in by_kind.get(kind, ()) if isinstance(a.value, str)))


def _first_text(by_kind: dict[str, list[Annotation]], kind: str) -> str | None:
    return next((a.value for a in by_kind.get(kind, ()) if isinstance(a.value, str)), None)


def to_json(value: object) -> str:
    """Return an annotation's value as JSON.

    >>> from normalize import DateInterval
    >>> to_json(DateInterval(date(2017, 12, 27), date(2017, 12, 28)))
    '{"begin": "2017-12-27", "end": "2017-12-28"}'
    """
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Span):
        return {k: v for k, v in asdict(value).items() if v is not None}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"annotation values are text, numbers or dataclasses, not {type(value).__name__}")


def hash_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
