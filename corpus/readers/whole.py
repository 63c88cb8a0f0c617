"""Files that are one document: plain text and HTML. They are always decoded, never rejected for their bytes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from corpus.readers.lines import Held
from corpus.readers.record import Record, Reject
from normalize.decoding import declared_encoding, decode_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.readers.record import ReadOptions


def read_whole(
    blocks: Iterable[bytes], name: str, options: ReadOptions, form: Literal["text", "html"]
) -> Iterator[Record | Reject]:
    """Yield the one document that `blocks` hold; an empty file holds none."""
    held = Held(options.max_record_bytes)
    for block in blocks:
        held.add(block)
    raw, cut = held.take()
    if cut is not None:
        reason = f"the file has {cut.size:,} bytes, more than the {options.max_record_bytes:,} allowed"
        yield Reject(name, "", 0, reason, raw, cut.sha256, cut.size)
    elif raw:
        yield open_whole(raw, name, form)


def open_whole(raw: bytes, source: str, form: Literal["text", "html"], declared: str | None = None) -> Record:
    """Return the document in `raw`; HTML may declare its encoding itself where nobody else did."""
    html = form == "html"
    found = decode_bytes(raw, declared=declared or (declared_encoding(raw) if html else None))
    return Record(
        source=source,
        body=found.text,
        form=form,
        fields={},
        extra={},
        media_type="text/html" if html else "text/plain",
        encoding=found.encoding,
        encoding_from=found.encoding_from,
        encoding_exact=found.exact,
        bom=found.bom,
        newline=found.newline,
        record_sha256=sha256(raw).hexdigest(),
        raw=raw if html else None,
    )
