"""Records into rows of the schema, in groups of bounded size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import orjson
import polars as pl

from corpus.batch import Counts, clean_batch, in_order
from corpus.document import SCHEMA, Document, open_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corpus.readers import Record
    from normalize import Pipeline

# Half as many characters save a worker 4 MB and cost a sixth of the time. With one text more they are mostly fewer than
# 2**18, above which the tables of corpus.words take 8 MB more.
BATCH_CHARS = 220_000
BATCH_RECORDS = 48


class CleanedRecords(NamedTuple):
    """The rows of records in their order, without those that `failed`: which, and why."""

    rows: pl.DataFrame
    failed: dict[int, str]
    counts: Counts


def clean_records(records: list[Record], pipeline: Pipeline, *, keep_html: bool = False) -> CleanedRecords:
    """Return the rows of `records`; one that cannot be cleaned takes no other with it."""
    try:
        documents = [open_record(record) for record in records]
        batch = clean_batch(
            [d.text for d in documents],
            [d.facts for d in documents],
            pipeline=pipeline,
            given=[d.given for d in documents],
            claims=[d.claims for d in documents],
        )
        failed = {failure.index: failure.reason for failure in batch.failures}
        kept = [d for n, d in enumerate(documents) if n not in failed]
        rows = in_order(batch.columns.hstack(_describe(kept, keep_html=keep_html)), SCHEMA)
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 (the boundary: one record must not take the others with it)
        if len(records) > 1:
            return _joined(clean_records([record], pipeline, keep_html=keep_html) for record in records)
        reason = f"cleaning failed: {type(error).__name__}: {error}"[:300]
        return CleanedRecords(pl.DataFrame(schema=SCHEMA), {0: reason}, Counts())
    return CleanedRecords(rows, failed, batch.counts)


def _joined(singles: Iterable[CleanedRecords]) -> CleanedRecords:
    """Return what was cleaned record by record as one."""
    frames: list[pl.DataFrame] = []
    failed: dict[int, str] = {}
    counts = Counts()
    for n, single in enumerate(singles):
        frames.append(single.rows)
        if single.failed:
            failed[n] = single.failed[0]
        counts.update(single.counts)
    return CleanedRecords(pl.concat(frames), failed, counts)


def _describe(documents: list[Document], *, keep_html: bool) -> pl.DataFrame:
    """Return the columns that describe the records."""
    records = [d.record for d in documents]
    columns: dict[str, list[object]] = {
        "id": [d.id for d in documents],
        "url": [d.facts.url for d in documents],
        "site": [d.facts.site for d in documents],
        "source_sha256": [d.source_sha256 for d in documents],
        "html": [r.raw if keep_html else None for r in records],
        "extra": [_to_json(r.extra) if r.extra else None for r in records],
    }
    for name in ("source", "media_type", "encoding", "encoding_from", "encoding_exact", "bom", "newline"):
        columns[name] = [getattr(r, name) for r in records]
    columns["record_sha256"] = [r.record_sha256 for r in records]
    return pl.DataFrame(columns, schema={name: SCHEMA[name] for name in columns})


def _to_json(extra: Mapping[str, object]) -> str:
    try:
        return orjson.dumps(extra, default=str).decode()
    except TypeError:  # an integer of more than 64 bits
        return json.dumps(extra, default=str, ensure_ascii=False, separators=(",", ":"))


def batched(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield records in groups of bounded size."""
    group: list[Record] = []
    size = 0
    for record in records:
        group.append(record)
        size += len(record.body)
        if size >= BATCH_CHARS or len(group) >= BATCH_RECORDS:
            yield group
            group, size = [], 0
    if group:
        yield group
