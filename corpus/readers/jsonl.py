"""JSON records: lines of JSON, or the values of one JSON file."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING

import orjson

from corpus.readers.fields import UTF8, Origin, describe, make_record
from corpus.readers.lines import split_lines
from corpus.readers.record import Record, Reject, reject
from corpus.readers.values import split_values
from normalize.decoding import decode_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.readers.lines import Cut
    from corpus.readers.record import ReadOptions

BOM = b"\xef\xbb\xbf"
_LARGE = float(1 << 63)


def read_jsonl(
    blocks: Iterable[bytes], name: str, options: ReadOptions, *, start: int = 0, end: int | None = None
) -> Iterator[Record | Reject]:
    """Yield the records of the lines that start from `start` up to `end`.

    Where `start` is not 0, `blocks` begin one byte before it: what goes on there is the range before's.
    """
    lines = split_lines(blocks, limit=options.max_record_bytes, offset=max(start - 1, 0))
    if start:
        next(lines, None)
    for offset, raw, cut in lines:
        if end is not None and offset >= end:
            return
        if cut is not None:
            yield too_long(name, offset, raw, cut, options)
            continue
        found = read_value(raw.removesuffix(b"\r"), offset, name, options)
        if found is not None:
            yield found


def read_json(blocks: Iterable[bytes], name: str, options: ReadOptions) -> Iterator[Record | Reject]:
    """Yield the records of a JSON file: lines of JSON under a wrong name, objects in a row, or an array of them."""
    blocks = iter(blocks)
    first = next(blocks, b"")
    if _has_lines(first):
        yield from read_jsonl(chain((first,), blocks), name, options)
        return
    if first.startswith(BOM):
        first = b"   " + first[3:]  # blanks between values mean nothing, and the offsets stay
    for offset, raw, cut in split_values(chain((first,), blocks), limit=options.max_record_bytes):
        found = too_long(name, offset, raw, cut, options) if cut else read_value(raw, offset, name, options)
        if found is not None:
            yield found


def _has_lines(first: bytes) -> bool:
    """Tell whether a line that begins with a brace is a whole object: then others are broken, not pretty-printed."""
    if first.removeprefix(BOM).lstrip().startswith(b"["):
        return False
    for line in first.removeprefix(BOM).split(b"\n", 20)[:20]:
        if line.startswith(b"{"):
            try:
                orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            return True
    return False


def read_value(raw: bytes, offset: int, name: str, options: ReadOptions) -> Record | Reject | None:
    """Return the record that the JSON in `raw` holds, None where it is blank."""
    origin = UTF8
    bare = raw.removeprefix(BOM) if offset == 0 else raw
    try:
        value = orjson.loads(bare)
    except orjson.JSONDecodeError as error:
        if not bare.strip():
            return None
        tried = _read_hard(bare, error, options)
        if isinstance(tried, str):
            return reject(name, f"byte={offset}", offset, tried, raw)
        value, origin = tried
    if _holds_large(value):
        value = _read_large(bare.decode("utf-8") if origin is UTF8 else decode_bytes(bare).text, value)
    if type(value) is not dict:
        return reject(name, f"byte={offset}", offset, f"the record is {describe(value)}, not an object", raw)
    found = make_record(value, f"{name}#byte={offset}", sha256(raw).hexdigest(), origin)
    return reject(name, f"byte={offset}", offset, found, raw) if isinstance(found, str) else found


def _holds_large(value: object) -> bool:
    """Return whether a number may have been an integer of more than 64 bits, which orjson reads as a float."""
    if type(value) is float:
        return abs(value) >= _LARGE
    if type(value) is dict:
        return any(map(_holds_large, value.values()))
    return type(value) is list and any(map(_holds_large, value))


def _read_large(text: str, value: object) -> object:
    """Return the value with its large integers exact, where it is not nested too deep for Python."""
    try:
        exact: object = json.loads(text)
    except RecursionError:
        return value
    return exact


def too_long(name: str, offset: int, raw: bytes, cut: Cut, options: ReadOptions) -> Reject:
    """Return the Reject of a record of which only the first MiB was kept."""
    reason = f"the record has {cut.size:,} bytes, more than the {options.max_record_bytes:,} allowed"
    return Reject(name, f"byte={offset}", offset, reason, raw, cut.sha256, cut.size)


def _read_hard(raw: bytes, error: orjson.JSONDecodeError, options: ReadOptions) -> tuple[object, Origin] | str:
    """Return the value of what orjson refuses and how it was decoded, or why it cannot be read.

    Two things are no fault of the record: another encoding (where the options allow it), and the NaN and
    Infinity that Python and pandas write; these are read as null.
    """
    origin = UTF8
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        if options.encoding != "auto":
            return f"invalid UTF-8: {undecodable.reason} at byte {undecodable.start} of the record"
        decoded = decode_bytes(raw)
        text, origin = decoded.text, Origin(decoded.encoding, decoded.encoding_from)
        try:
            return orjson.loads(text), origin
        except orjson.JSONDecodeError as again:
            error = again
    if "NaN" in text or "Infinity" in text:
        value = _read_nan(text)
        if value is not None:
            return value, origin
    if "surrogate" in error.msg:
        return f"a lone surrogate at character {error.pos} of the record is no text ({error.msg})"
    return f"broken JSON at character {error.pos} of the record: {error.msg}"


def _read_nan(text: str) -> object:
    """Return the value of JSON with NaN in it, None where it is broken in other ways too."""
    try:
        value = json.loads(text, parse_constant=lambda _: None)
        orjson.dumps(value)  # refuses what orjson would not have read: lone surrogates, depth
    except (ValueError, RecursionError, TypeError):
        return None
    return value
