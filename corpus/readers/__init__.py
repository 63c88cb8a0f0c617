"""Readers: files of many formats into records, each with its locator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.readers.delimited import read_delimited
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
    spooled,
    tell_compression,
    unpack_head,
)
from corpus.readers.whole import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.plan import Part
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
        if part.start:  # only plain JSONL is cut into byte ranges; one byte early, to see whether a line starts there
            stream.seek(part.start - 1)
            blocks = read_blocks(stream, None)
            yield from read_jsonl(blocks, file.name, options, start=part.start, end=part.end)
            return
        peeked, head = peek(stream)
        compression = tell_compression(head)
        kind = file.format or detect_format(file.name, unpack_head(head, compression), every_text=options.decode_all)
        if kind == "warc":
            from corpus.readers.archive import read_archive  # noqa: PLC0415  (needs FastWARC, others do not)

            if compression is None and container(head) != "warc":  # its first bytes are damaged
                compression = compression_by_name(file.name)
            yield from read_archive(peeked, compression, file.name, options)
            return
        yield from _read_blocks(read_blocks(peeked, compression), kind, part, options)


def _read_blocks(
    blocks: Iterator[bytes], kind: Format, part: Part, options: ReadOptions
) -> Iterator[Record | Reject | Drop]:
    name = part.file.name
    if kind in ("jsonl", "json", "csv", "tsv"):
        blocks = as_utf8(blocks, recode=options.encoding == "auto")
    if kind in ("txt", "html"):
        yield from read_whole(blocks, name, options, "html" if kind == "html" else "text")
    elif kind in ("csv", "tsv"):
        yield from read_delimited(blocks, name, options, delimiters="\t,;|" if kind == "tsv" else ",;\t|")
    elif kind == "parquet":
        with spooled(blocks) as path:
            yield from read_parquet(path, name, start=part.start, end=part.end)
    elif kind == "binary":
        yield Drop(name, "", "a binary file without text")
    elif kind == "json":
        yield from read_json(blocks, name, options)
    else:
        yield from read_jsonl(blocks, name, options, end=part.end)
