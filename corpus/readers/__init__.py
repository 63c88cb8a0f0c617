"""Readers: files of many formats into records, each with its locator."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from corpus.readers.delimited import delimiters_of, read_delimited
from corpus.readers.jsonl import read_json, read_jsonl
from corpus.readers.parquet import read_parquet
from corpus.readers.record import FIELDS, KEPT_BYTES, Drop, ReadOptions, Record, Reject, reject
from corpus.readers.sniff import compression_by_name, container, detect_format
from corpus.readers.streams import (
    DamagedError,
    as_utf8,
    is_local,
    open_bytes,
    peek,
    read_blocks,
    skip,
    spooled,
    tell_compression,
    unpack_head,
)
from corpus.readers.whole import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.inputs import Part
    from corpus.readers.sniff import Format

__all__ = ["FIELDS", "KEPT_BYTES", "Drop", "ReadOptions", "Record", "Reject", "read", "reject"]


def read(part: Part, options: ReadOptions | None = None) -> Iterator[Record | Reject | Drop]:
    """Yield every record of `part` in order, as a Record, a Reject or a Drop. Raises on no input."""
    options = options or ReadOptions()
    file = part.file
    if file.problem is not None:
        yield reject(file.name, "", None, file.problem, b"")
        return
    try:
        yield from _read(part, options)
    except DamagedError as damage:
        record = "" if damage.offset is None else f"byte={damage.offset}"
        yield reject(file.name, record, damage.offset, damage.reason, damage.raw)
    except OSError as error:
        yield reject(file.name, "", None, f"the file cannot be opened: {error.strerror or error}", b"")


def _read(part: Part, options: ReadOptions) -> Iterator[Record | Reject | Drop]:
    file = part.file
    if file.format == "parquet" and is_local(file.path) and file.compression is None:
        yield from read_parquet(file.path, file.name, start=part.start, end=part.end)
        return
    with open_bytes(file.path) as stream:
        if part.start:
            yield from _read_range(stream, part, options)
            return
        peeked, head = peek(stream)
        compression = tell_compression(head)
        kind = file.format or detect_format(file.name, unpack_head(head, compression), every_text=options.decode_all)
        if kind == "warc":
            from corpus.readers.archive import read_archive  # noqa: PLC0415  (needs FastWARC, others do not)

            if compression is None and container(head) != "warc":  # its first bytes are damaged
                compression = compression_by_name(file.name)
            yield from read_archive(peeked, compression, file.name, options, end=part.end)
            return
        yield from _read_blocks(read_blocks(peeked, compression), kind, part, options)


def _read_range(stream: IO[bytes], part: Part, options: ReadOptions) -> Iterator[Record | Reject | Drop]:
    """Yield the records of a range that begins within the file."""
    file, start, end = part.file, part.start, part.end
    if file.format == "warc":
        from corpus.readers.archive import read_archive  # noqa: PLC0415

        yield from read_archive(stream, file.compression, file.name, options, start=start, end=end)
    elif file.format in ("csv", "tsv"):

        def later() -> Iterator[bytes]:
            stream.seek(start)
            return read_blocks(stream, None)

        head, delimiters = read_blocks(stream, None), delimiters_of(file.format)
        yield from read_delimited(head, file.name, options, delimiters=delimiters, later=(start, later), end=end)
    else:  # one byte early, to see whether a line begins there
        member, at = part.origin if file.compression else (start - 1, start - 1)
        stream.seek(member)
        blocks = skip(read_blocks(stream, file.compression), start - 1 - at)
        yield from read_jsonl(blocks, file.name, options, start=start, end=end)


def _read_blocks(
    blocks: Iterator[bytes], kind: Format, part: Part, options: ReadOptions
) -> Iterator[Record | Reject | Drop]:
    name = part.file.name
    if kind in ("jsonl", "json", "csv", "tsv"):
        blocks = as_utf8(blocks, recode=options.encoding == "auto")
    if kind in ("txt", "html"):
        yield from read_whole(blocks, name, options, "html" if kind == "html" else "text")
    elif kind in ("csv", "tsv"):
        yield from read_delimited(blocks, name, options, delimiters=delimiters_of(kind), end=part.end)
    elif kind == "parquet":
        with spooled(blocks) as path:
            yield from read_parquet(path, name, start=part.start, end=part.end)
    elif kind == "binary":
        yield Drop(name, "", "a binary file without text")
    elif kind == "json":
        yield from read_json(blocks, name, options)
    else:
        yield from read_jsonl(blocks, name, options, end=part.end)
