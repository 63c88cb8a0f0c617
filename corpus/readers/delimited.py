"""CSV and TSV: quoted fields may hold line ends; a damaged row is lost alone."""

from __future__ import annotations

import csv
import io
from collections import deque
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from corpus.readers.fields import UTF8, Origin, make_record
from corpus.readers.jsonl import BOM, too_long
from corpus.readers.lines import split_lines
from corpus.readers.record import Record, Reject, reject
from corpus.readers.streams import DamagedError
from normalize.decoding import decode_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from corpus.readers.lines import Cut
    from corpus.readers.record import ReadOptions

    Line = tuple[int, bytes, Cut | None]

_BODIES = {"text", "html"}


class _Header(NamedTuple):
    columns: list[str]
    delimiter: str


class _Lines:
    """The lines that the csv module asks for, one row after the other.

    The csv module alone knows whether a quoted field goes on; so it is given lines for as long as it asks,
    and `row` tells what it took. Bytes that are not UTF-8 travel as surrogates and are looked at afterwards.
    """

    def __init__(self, source: Iterator[Line], limit: int) -> None:
        self._source = source
        self._limit = limit
        self._waiting: deque[Line] = deque()
        self._size = 0
        self.taken: list[Line] = []
        self.damage: DamagedError | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._take()
        if line is None:
            raise StopIteration
        raw = line[1].removeprefix(BOM) if line[0] == 0 else line[1]
        return raw.decode("utf-8", "surrogateescape") + "\n"

    def _take(self) -> Line | None:
        """Take one more line for the row in hand; None where there is none, or the row would be too long."""
        try:
            line = self._waiting.popleft() if self._waiting else next(self._source, None)
        except DamagedError as damage:
            self.damage = damage
            return None
        if line is None:
            return None
        size = self._size + len(line[1])
        if self.taken and (size > self._limit or line[2] is not None):
            self._waiting.appendleft(line)
            return None
        self.taken.append(line)
        self._size = size + 1
        return line

    def gather(self) -> str:
        """Take lines until their quotes are even, and return them in one."""
        quotes = 0
        while line := self._take():
            quotes += line[1].count(b'"')
            if quotes % 2 == 0:
                break
        raw = b"\n".join([line[1] for line in self.taken])
        if self.taken and self.taken[0][0] == 0:
            raw = raw.removeprefix(BOM)
        return raw.decode("utf-8", "surrogateescape")

    def row(self) -> tuple[int, bytes]:
        """Return the offset and the bytes of the row in hand, and make ready for the next one."""
        lines, self.taken, self._size = self.taken, [], 0
        return lines[0][0], b"\n".join([line[1] for line in lines]).removesuffix(b"\r")

    def give_back(self, keep: int = 1) -> None:
        """Keep only the first line of the row in hand, or none: the others are rows of their own again."""
        self._waiting.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]
        self._size = sum(len(line[1]) + 1 for line in self.taken)


def delimiters_of(kind: str) -> str:
    """Return the delimiters to try for "csv" or "tsv", the likeliest first."""
    return "\t,;|" if kind == "tsv" else ",;\t|"


def read_delimited(
    blocks: Iterable[bytes],
    name: str,
    options: ReadOptions,
    *,
    delimiters: str = ",;\t|",
    later: tuple[int, Callable[[], Iterable[bytes]]] | None = None,
    end: int | None = None,
) -> Iterator[Record | Reject]:
    """Yield the rows of a file whose first row names its columns; `text` or `html` must be among them.

    `later` is where a row begins and how to read on from there: the rows between the header and it are left
    out, as are those from `end` on.
    """
    csv.field_size_limit(max(csv.field_size_limit(), options.max_record_bytes))
    limit = options.max_record_bytes
    lines = _Lines(split_lines(blocks, limit=limit), limit)
    header = _read_header(lines, delimiters)
    if later is not None:
        lines = _Lines(split_lines(later[1](), limit=limit, offset=later[0]), limit)
    if isinstance(header, _Header):
        yield from _read_rows(lines, header, name, options, end)
    elif header and later is None:
        offset, raw = lines.row()
        yield reject(name, f"byte={offset}", offset, header, raw)
    if lines.damage is not None and (end is None or (lines.damage.offset or 0) < end):
        raise lines.damage


def _read_header(lines: _Lines, delimiters: str) -> _Header | str | None:
    """Return the header in the first line that is not blank, why there is none, or None at the end of the file."""
    first = next(lines, None)
    while first is not None and not first.strip():
        lines.row()
        first = next(lines, None)
    if first is None:
        return None
    for delimiter in delimiters:
        columns = [column.strip() for column in _parse(first, delimiter) or ()]
        if not _BODIES.isdisjoint(columns):
            lines.row()
            return _Header(_distinct(columns), delimiter)
    return f"no column is called text or html; the first row reads {first.strip()[:200]!a}"


def _distinct(columns: list[str]) -> list[str]:
    """Return the column names with a number after those that come again: no value may hide another."""
    return [c if c not in columns[:i] else f"{c}.{i + 1}" for i, c in enumerate(columns)]


def _read_rows(
    lines: _Lines, header: _Header, name: str, options: ReadOptions, end: int | None
) -> Iterator[Record | Reject]:
    while True:
        error = None
        try:
            values = _next_row(lines, header.delimiter)
        except csv.Error as wrong:
            error, values = str(wrong), []
        if values is None or (end is not None and lines.taken[0][0] >= end):
            return
        if error is not None and lines.damage is not None:
            offset, raw = lines.row()
            lines.damage = DamagedError(lines.damage.reason, offset=offset, raw=raw + b"\n" + lines.damage.raw)
            return
        if error is not None:
            yield _mend(lines, header, error, name, options)
            continue
        cut = lines.taken[0][2]
        offset, raw = lines.row()
        if cut is not None:
            yield too_long(name, offset, raw, cut, options)
        elif values:
            yield _make_row(values, raw, offset, header, name, options)


def _next_row(lines: _Lines, delimiter: str) -> list[str] | None:
    """Return the fields of the next row, None at the end.

    Where its quotes are even, its lines can be read in one: four times as fast as handed over one by one. If
    that fails, as for `1,5" pipes`, where the row ends is left to the csv module.
    """
    text = lines.gather()
    if not lines.taken:
        return None
    try:
        return next(csv.reader((text,), delimiter=delimiter, strict=True), [])
    except csv.Error:
        lines.give_back(keep=0)
    return next(csv.reader(lines, delimiter=delimiter, strict=True), None)


def _mend(lines: _Lines, header: _Header, error: str, name: str, options: ReadOptions) -> Record | Reject:
    """Return what can be made of the first line of a row whose quotes are wrong; its other lines are read anew.

    `1,"He said "no" to it"` is a row for a reader that is not strict. A quote that never closes is none: it
    would swallow the rows after it. TSV files often mean no quoting at all.
    """
    closed = len(lines.taken) == 1 and "unexpected end" not in error
    lines.give_back()
    cut = lines.taken[0][2]
    offset, raw = lines.row()
    if cut is not None:
        return too_long(name, offset, raw, cut, options)
    text = raw.decode("utf-8", "surrogateescape")
    readings = (_parse_unquoted(text, header.delimiter), _parse(text, header.delimiter) if closed else None)
    for values in readings:
        if values and len(values) == len(header.columns):
            return _make_row(values, raw, offset, header, name, options)
    reason = f"the quotes of the row are wrong: {error}" if closed else "a quoted field does not end where it should"
    return reject(name, f"byte={offset}", offset, reason, raw)


def _make_row(
    values: list[str], raw: bytes, offset: int, header: _Header, name: str, options: ReadOptions
) -> Record | Reject:
    place, origin = f"byte={offset}", UTF8
    wrong = None if raw.isascii() else _invalid(raw)
    if wrong is not None:
        if options.encoding != "auto":
            return reject(name, place, offset, wrong, raw)
        decoded = decode_bytes(raw)
        origin = Origin(decoded.encoding, decoded.encoding_from)
        values = _parse(decoded.text, header.delimiter) or []
    if len(values) != len(header.columns):
        reason = f"the row has {len(values)} fields, the header {len(header.columns)}"
        return reject(name, place, offset, reason, raw)
    row = dict(zip(header.columns, values, strict=True))
    found = make_record(row, f"{name}#{place}", sha256(raw).hexdigest(), origin)
    return reject(name, place, offset, found, raw) if isinstance(found, str) else found


def _invalid(raw: bytes) -> str | None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"invalid UTF-8: {error.reason} at byte {error.start} of the record"
    return None


def _parse(text: str, delimiter: str) -> list[str] | None:
    """Return the fields of one row, read without strictness; None where even that fails."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), None)
    except csv.Error:
        return None


def _parse_unquoted(text: str, delimiter: str) -> list[str] | None:
    return text.rstrip("\r\n").split(delimiter) if delimiter == "\t" else None
