"""Parquet: rows in slices, so that memory does not grow with the file and damage costs the rows it hit."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from corpus.readers.fields import Origin, make_record
from corpus.readers.record import Record, Reject, reject
from corpus.readers.streams import DamagedError
from normalize.decoding import declared_encoding, decode_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

ROWS: Final = 2_000
# Damage is narrowed down to this many rows: a page of data, the least that can be unreadable, holds more.
_NARROW: Final = 64
_EXACT = Origin("utf-8", "utf-8", exact=True)


def read_parquet(path: str, name: str, *, start: int = 0, end: int | None = None) -> Iterator[Record | Reject]:
    """Yield the rows from `start` up to `end` of the local file at `path`."""
    import polars as pl  # noqa: PLC0415

    errors = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
    try:
        frame = pl.scan_parquet(path, glob=False, low_memory=True)
        columns = frame.collect_schema().names()
        total = frame.select(pl.len()).collect().item()
    except errors as error:
        raise DamagedError(f"the Parquet file cannot be opened: {_first_line(error)}") from error
    if not {"text", "html"} & set(columns):
        raise DamagedError(f"no column is called text or html; there are {', '.join(columns)[:200]}")
    stop = total if end is None else min(end, total)
    for first in range(start, stop, ROWS):
        yield from _read_slice(frame, name, first, min(first + ROWS, stop), errors)


def _read_slice(
    frame: pl.LazyFrame, name: str, first: int, end: int, errors: tuple[type[BaseException], ...]
) -> Iterator[Record | Reject]:
    """Yield the rows of a slice; where it cannot be read, those of its halves."""
    try:
        rows = frame.slice(first, end - first).collect()
    except errors as error:
        if end - first > _NARROW:
            middle = (first + end) // 2
            yield from _read_slice(frame, name, first, middle, errors)
            yield from _read_slice(frame, name, middle, end, errors)
            return
        reason = f"the Parquet data of this row are damaged: {_first_line(error)}"
        yield from (reject(name, f"row={row}", None, reason, b"") for row in range(first, end))
        return
    for row, values in enumerate(rows.iter_rows(named=True), first):
        yield make_row(values, name, row)


def make_row(values: dict[str, object], name: str, row: int) -> Record | Reject:
    """Return the record in a row, or why there is none."""
    place = f"row={row}"
    key = "text" if values.get("text") else "html" if values.get("html") else "text"
    body, origin = values.get(key), _EXACT
    raw = body if isinstance(body, bytes) else body.encode("utf-8") if isinstance(body, str) else b""
    if isinstance(body, bytes):  # pages are often kept as bytes
        decoded = decode_bytes(body, declared=declared_encoding(body) if key == "html" else None)
        values[key], origin = decoded.text, Origin(decoded.encoding, decoded.encoding_from, decoded.exact)
    plain = {k: _plain(v) for k, v in values.items()}
    found = make_record(plain, f"{name}#{place}", sha256(raw).hexdigest(), origin)
    return reject(name, place, None, found, raw) if isinstance(found, str) else found


def _plain(value: object) -> object:
    """Return the value as JSON has it: dates as ISO 8601, bytes as the text they seem to be."""
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0][:200]
