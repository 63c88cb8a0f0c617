"""Large files into ranges: what one pass over the file gives, its ranges give too, in the same order."""

from __future__ import annotations

from itertools import pairwise
from typing import IO, TYPE_CHECKING, NamedTuple

from corpus.readers import ReadOptions, Record
from corpus.readers.delimited import delimiters_of, read_delimited
from corpus.readers.streams import DamagedError, open_bytes, read_blocks, unpack_members

if TYPE_CHECKING:
    from corpus.readers.sniff import Format


class Range(NamedTuple):
    """From `start` up to `end` (None: the end of the file); `origin` is where to begin reading.

    Bytes of the text for JSONL and CSV, of the file for WARC, rows for Parquet. `origin`: the byte of the
    file at which a member or frame begins, and the byte of the text that it begins with. `weight` is about
    how many bytes of text the range holds.
    """

    start: int
    end: int | None
    weight: int
    origin: tuple[int, int] = (0, 0)


# Files compressed in one piece must be unpacked again from their beginning for each range: 4 ms a MB, where
# cleaning costs 200. Ten ranges lose a tenth by that.
_MOST_REREAD = 10
_RATIO = 4
_KEEP = 1 << 20


def split_file(path: str, kind: Format | None, compression: str | None, size: int, task_bytes: int) -> list[Range]:
    """Return the ranges of about `task_bytes` bytes of text; one where the file is small or cannot be cut."""
    weight = size * (_RATIO if compression else 1)
    ranges: list[Range] = []
    if weight > task_bytes:
        try:
            ranges = _split(path, kind, compression, size, task_bytes)
        except (DamagedError, OSError):  # reading will say so, with what could be read
            ranges = []
    return ranges or [Range(0, None, weight)]


def _split(path: str, kind: Format | None, compression: str | None, size: int, task_bytes: int) -> list[Range]:
    if kind == "jsonl" and compression is None:
        return _even(size, -(-size // task_bytes), size)
    if kind == "jsonl":
        with open_bytes(path) as stream:
            return _by_members(stream, str(compression), task_bytes)
    if kind in ("csv", "tsv") and compression is None:
        with open_bytes(path) as stream:
            return _by_rows(stream, path, kind, size, task_bytes)
    if kind == "warc" and compression in ("gz", "zst"):
        weight = size * _RATIO
        return _even(size, -(-weight // task_bytes), weight)
    if kind == "parquet" and compression is None:
        rows = _count_rows(path)
        return _even(rows, min(rows, -(-size // task_bytes)), size)
    return []


def _even(total: int, count: int, weight: int) -> list[Range]:
    """Return `count` ranges of the same length.

    >>> [(one.start, one.end) for one in _even(10, 3, 30)]
    [(0, 3), (3, 6), (6, None)]
    """
    edges = [total * i // count for i in range(count)]
    return [Range(a, b, weight // count) for a, b in pairwise([*edges, None]) if a is not None]


def _by_rows(stream: IO[bytes], path: str, kind: str, size: int, task_bytes: int) -> list[Range]:
    """Return ranges of CSV rows: a reader must have seen all quotes before it to know where a row begins."""
    step = size / -(-size // task_bytes)
    starts = [0]
    for one in read_delimited(read_blocks(stream, None), path, ReadOptions(), delimiters=delimiters_of(kind)):
        offset = int(one.source.rpartition("=")[2]) if isinstance(one, Record) else one.byte_offset or 0
        if offset >= step * len(starts):
            starts.append(offset)
    return [Range(a, b, (size if b is None else b) - a) for a, b in pairwise([*starts, None]) if a is not None]


def _by_members(stream: IO[bytes], compression: str, task_bytes: int) -> list[Range]:
    """Return ranges of a compressed file, each with the member to begin with: the last that begins before it."""
    members = [(0, 0)]
    size = 0
    try:
        for member, piece in unpack_members(stream, compression):
            if member != members[-1][0] and size >= members[-1][1] + _KEEP:
                members.append((member, size))
            size += len(piece)
    except DamagedError:
        pass
    count = -(-size // task_bytes)
    if max(b - a for (_, a), (_, b) in pairwise([*members, (0, size)])) > task_bytes:
        count = min(count, _MOST_REREAD)
    return (
        [one._replace(origin=max(m for m in members if m[1] < max(one.start, 1))) for one in _even(size, count, size)]
        if count
        else []
    )


def _count_rows(path: str) -> int:
    import polars as pl  # noqa: PLC0415

    try:
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise DamagedError(str(error)) from error
