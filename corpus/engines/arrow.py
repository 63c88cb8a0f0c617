"""Arrow batches: documents in, rows of the schema out, for engines that bring their own reading and writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    import pyarrow as pa

    from corpus.readers import Record
    from normalize import Pipeline

    Rejected = dict[int, tuple[str | None, ...]]  # id, source and reason by row

Batch = TypeVar("Batch")  # pyarrow.RecordBatch or pyarrow.Table


def normalize_batch(batch: Batch, *, pipeline: Pipeline | None = None, keep_html: bool = False) -> Batch:
    """Clean a batch of documents: a row for each, in order, with the columns of `batch_schema`.

    >>> import pyarrow as pa
    >>> batch = pa.RecordBatch.from_pylist([{"id": 7, "text": "VANTAA (AP) — The  bridge opened."}, {"id": 8}])
    >>> [(row["id"], row["text"], row["rejected"]) for row in normalize_batch(batch).to_pylist()]
    [('7', 'The bridge opened.', None), ('8', None, 'text is null')]

    The batch has `text` or `html` and may have the other fields of a record (id, url, title, date, ...); further
    columns travel in `extra`; a column `source` stays as it is. A document that cannot be cleaned keeps its row:
    `rejected` says why, and all else but `id` and `source` is null. `pipeline` is `presets.news` unless given.
    A RecordBatch gives a RecordBatch, as Spark's `mapInArrow` wants it; a Table a Table, as the `map_batches`
    of Ray Data wants it with `batch_format="pyarrow"`.
    """
    import polars as pl  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    from normalize import presets  # noqa: PLC0415

    records, rejected = _read(batch)
    frames = list(_clean(records, rejected, pipeline or presets.news, keep_html=keep_html))
    told = [(row, *values) for row, values in rejected.items()]
    shape = {"row": pl.UInt32, "id": pl.String, "source": pl.String, "rejected": pl.String}
    frames.append(pl.DataFrame(told, schema=shape, orient="row"))
    schema = batch_schema()
    rows = pl.concat([_empty(), *frames], how="diagonal").sort("row").select(schema.names)
    table = rows.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)
    if isinstance(batch, pa.Table):
        return cast("Batch", table)
    return cast(
        "Batch", table.combine_chunks().to_batches()[0] if rows.height else pa.RecordBatch.from_pylist([], schema)
    )


def batch_schema() -> pa.Schema:
    """Return the schema of what `normalize_batch` gives: a corpus's columns, and `rejected`.

    Its types are those that every engine knows: Spark has no unsigned integers.

    >>> batch_schema().field("rejected").type
    DataType(string)
    """
    import polars as pl  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    found = _empty().drop("row").to_arrow(compat_level=pl.CompatLevel.oldest()).schema
    return pa.schema([pa.field(field.name, _plain(field.type)) for field in found])


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type without what only some engines know."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_large_list(kind) or pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _plain(field.type)) for field in kind])
    known = {pa.large_string(): pa.string(), pa.large_binary(): pa.binary()}
    return pa.int64() if pa.types.is_unsigned_integer(kind) else known.get(kind, kind)


def _empty() -> pl.DataFrame:
    import polars as pl  # noqa: PLC0415

    from corpus.document import SCHEMA  # noqa: PLC0415

    return pl.DataFrame(schema={"row": pl.UInt32, **SCHEMA, "rejected": pl.String})


def _read(batch: Any) -> tuple[dict[int, Record], Rejected]:  # noqa: ANN401 (Arrow's types are not checked)
    """Return the records of a batch by row; and id, source and reason of the rows that hold none."""
    from corpus.readers import Record  # noqa: PLC0415
    from corpus.readers.parquet import make_row  # noqa: PLC0415

    records: dict[int, Record] = {}
    rejected: Rejected = {}
    for row, values in enumerate(batch.to_pylist()):
        source = values.pop("source", None)
        found = make_row(values, "", row)
        if isinstance(found, Record):
            records[row] = found._replace(source=source)
        else:
            given = values.get("id")
            rejected[row] = (None if given is None else str(given), source, found.reason)
    return records, rejected


def _clean(
    records: dict[int, Record], rejected: Rejected, pipeline: Pipeline, *, keep_html: bool
) -> Iterator[pl.DataFrame]:
    """Yield the rows of the records with their numbers; what cannot be cleaned goes to `rejected`."""
    import polars as pl  # noqa: PLC0415

    from corpus.cleaning import batched, clean_records  # noqa: PLC0415

    numbers = iter(records)
    for group in batched(records.values()):
        rows = [next(numbers) for _ in group]
        cleaned = clean_records(group, pipeline, keep_html=keep_html)
        for index, reason in cleaned.failed.items():
            given = group[index].fields.get("id")
            rejected[rows[index]] = (None if given is None else str(given), group[index].source, reason)
        kept = [row for index, row in enumerate(rows) if index not in cleaned.failed]
        yield cleaned.rows.with_columns(pl.Series("row", kept, dtype=pl.UInt32), rejected=pl.lit(None, pl.String))
