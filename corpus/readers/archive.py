"""Web archives (WARC, WET): pages and texts out of HTTP responses; what holds none is dropped with the reason.

The members of a compressed archive, and the records within, are told apart here, so that damage costs one
record; FastWARC reads what they hold.
"""

from __future__ import annotations

import io
import re
from collections import deque
from typing import IO, TYPE_CHECKING, Final, Literal, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecordType

from corpus.readers.lines import Cut, Held
from corpus.readers.members import Members
from corpus.readers.record import Drop, Record, Reject, reject
from corpus.readers.sniff import by_content
from corpus.readers.streams import DamagedError, read_blocks
from corpus.readers.whole import open_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastwarc.warc import WarcRecord

    from corpus.readers.record import ReadOptions

# A record begins; what stands before it may have lost its last line end.
_START: Final = re.compile(rb"WARC/\d\.\d{1,2}\r?\n[A-Za-z-]{1,40}:")
_GAPS: Final = (b"\r\n\r\n", b"\n\n")
_OVERLAP: Final = 64  # more than a beginning needs
_LENGTH: Final = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,15})", re.IGNORECASE | re.MULTILINE)
_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_KEPT: Final = (
    ("warc_record_id", "WARC-Record-ID"),
    ("warc_date", "WARC-Date"),
    ("warc_language", "WARC-Identified-Content-Language"),
)
_HTML: Final = ("text/html", "application/xhtml+xml")
_PAGES: Final = (WarcRecordType.response, WarcRecordType.resource)


class _Slice(NamedTuple):
    """The bytes from the beginning of one record to that of the next."""

    place: str
    offset: int
    raw: bytes
    cut: Cut | None
    damage: str | None = None


def read_archive(
    stream: IO[bytes],
    compression: str | None,
    name: str,
    options: ReadOptions,
    *,
    start: int = 0,
    end: int | None = None,
) -> Iterator[Record | Reject | Drop]:
    """Yield the records of an archive, compressed record by record, as a whole, or not at all.

    Ranges are for gz and zst.
    """
    if compression in ("gz", "zst"):
        streams = iter(Members(stream, compression, start=start, end=end))
    else:
        streams = iter([(0, read_blocks(stream, compression))])
    limit = options.max_record_bytes
    slices = (
        one for member, blocks in streams for one in _slice(blocks, limit, member, packed=compression is not None)
    )
    for one in _join(slices, limit):
        yield _read_slice(one, name, options)


def _slice(blocks: Iterator[bytes], limit: int, member: int, *, packed: bool) -> Iterator[_Slice]:
    """Yield the records of one stream, cut where the next one begins.

    A record's place is its byte in the file, or in a member of several records "member+byte".
    """
    held = Held(limit)
    tail, at = b"", 0

    def take(damage: str | None = None) -> _Slice:
        place = f"{member}+{at}" if packed and at else str(member + at)
        return _Slice(f"record={place}", member if packed else at, *held.take(), damage)

    try:
        for block in blocks:
            data = tail + block
            mark = 0
            for found in _START.finditer(data):
                held.add(data[mark : found.start()])
                size = held.size
                if size:
                    yield take()
                mark, at = found.start(), at + size
            keep = max(mark, len(data) - _OVERLAP)
            held.add(data[mark:keep])
            tail = data[keep:]
    except DamagedError as damage:
        held.add(tail)
        yield take(damage.reason)
        return
    held.add(tail)
    if held.size:
        yield take()


def _join(slices: Iterator[_Slice], limit: int) -> Iterator[_Slice]:
    """Yield the slices, those joined of which Content-Length says that they are one record.

    A page may hold an archive, or be spread over members.
    """
    waiting: deque[_Slice] = deque()
    while one := waiting.popleft() if waiting else next(slices, None):
        if not one.raw.strip() and one.damage is None:
            continue  # line ends too many
        promised = _promised(one.raw)
        if len(one.raw) < promised <= limit and one.cut is None and one.damage is None:
            _fetch(slices, waiting, promised - len(one.raw))
            one = _joined(one, waiting, promised)
        elif promised and one.raw.startswith(_GAPS, promised) and one.raw[promised:].strip() and one.cut is None:
            at = len(one.raw) - len(one.raw[promised:].lstrip())
            yield one._replace(raw=one.raw[:promised], damage=None)
            one = one._replace(place=f"{one.place}+{at}", raw=one.raw[at:])  # junk before the next record
        yield one


def _fetch(slices: Iterator[_Slice], waiting: deque[_Slice], size: int) -> None:
    """Let at least `size` bytes wait, if there are so many."""
    size -= sum(len(more.raw) for more in waiting)
    while size > 0 and (more := next(slices, None)):
        waiting.append(more)
        size -= len(more.raw)


def _joined(one: _Slice, waiting: deque[_Slice], promised: int) -> _Slice:
    """Return `one` with as many slices as make up its length, itself where none do so exactly."""
    parts: list[_Slice] = []
    size = len(one.raw)
    for more in waiting:
        if size >= promised or more.cut or more.damage:
            break
        parts.append(more)
        size += len(more.raw)
    joined = b"".join([one.raw, *(part.raw for part in parts)])
    if size < promised or joined[promised:].strip():
        return one
    for _ in parts:
        waiting.popleft()
    return one._replace(raw=joined)


def _promised(raw: bytes) -> int:
    """Return how many bytes the record has by its own account; 0 where it gives none."""
    head = _HEAD.search(raw)
    length = _LENGTH.search(raw, 0, head.start()) if head else None
    return head.end() + int(length[1]) if head and length else 0


def _read_slice(one: _Slice, name: str, options: ReadOptions) -> Record | Reject | Drop:
    def lost(reason: str) -> Reject:
        if one.cut is not None:
            return Reject(name, one.place, one.offset, reason, one.raw, one.cut.sha256, one.cut.size)
        return reject(name, one.place, one.offset, reason, one.raw)

    record = _parse(one.raw)
    if record is None:
        return lost(one.damage or "no WARC header stands where a record should begin")
    unwanted = _unwanted(record)
    if one.cut is not None:
        if unwanted is not None:
            return Drop(name, one.place, unwanted)
        return lost(f"the record has {one.cut.size:,} bytes, more than the {options.max_record_bytes:,} allowed")
    promised = _promised(one.raw)
    if one.damage is not None or len(one.raw) < promised:
        reason = one.damage or "the record breaks off"
        return lost(f"{reason}: there are {len(one.raw):,} of the record's {promised:,} bytes")
    if one.raw[promised:].strip():
        return lost(f"the record goes on for {len(one.raw) - promised:,} bytes after the end that it gives")
    if unwanted is not None:
        return Drop(name, one.place, unwanted)
    return _open(record, one, name) or lost("the payload cannot be unpacked and is no HTML as it stands")


def _parse(raw: bytes) -> WarcRecord | None:
    """Return the record in `raw` with its HTTP headers read, its payload not yet."""
    try:
        record = next(
            iter(ArchiveIterator(io.BytesIO(raw), parse_http=False, stream_detect=False, quirks_mode=True)), None
        )
        if record is None or not raw.startswith(b"WARC/"):
            return None
        record.parse_http(auto_decode="none", quirks_mode=True)
    except OSError:
        return None
    return record


def _unwanted(record: WarcRecord) -> str | None:
    """Return why a record holds nothing for a corpus, None where it does."""
    kind = record.record_type
    if kind == WarcRecordType.conversion:
        return None
    if kind not in _PAGES:
        return f"WARC record of type {kind}, not a page"
    status = record.http_headers.status_code if record.is_http_parsed else None
    if status is not None and not 200 <= status < 300:
        return f"HTTP status {status}"
    media = _media_type(record)
    return None if media is None or media in _HTML else f"{media}, not HTML"


def _media_type(record: WarcRecord) -> str | None:
    given = record.http_content_type if record.is_http_parsed else record.headers.get("Content-Type")
    return given.partition(";")[0].strip().lower() or None if given else None


_WAYS: Final[tuple[Literal["content", "transfer", "none"], ...]] = ("content", "transfer", "none")


def _open(record: WarcRecord, one: _Slice, name: str) -> Record | Drop | None:
    """Return the page or text of a record, None where its payload cannot be had."""
    payload = _payload(one.raw, "all")
    if payload is None:  # what is said to come in chunks, or packed, often does not
        tried = (_payload(one.raw, way) for way in _WAYS)
        payload = next((found for found in tried if found and by_content(found) == "html"), None)
    if payload is None:
        return None
    if not payload:
        return Drop(name, one.place, "no payload")
    text = record.record_type == WarcRecordType.conversion
    if not text and _media_type(record) is None and by_content(payload) != "html":
        return Drop(name, one.place, "no content type, and no HTML by its content")
    declared = record.http_charset if record.is_http_parsed else None
    opened = open_whole(payload, f"{name}#{one.place}", "text" if text else "html", declared)
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    return opened._replace(
        fields={"url": url} if url else {},
        extra={key: value for key, header in _KEPT if (value := record.headers.get(header))},
    )


def _payload(raw: bytes, way: Literal["none", "content", "transfer", "all"]) -> bytes | None:
    """Return the payload with what `way` names undone (chunks, compression), None where it cannot be."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(raw), parse_http=False, stream_detect=False, quirks_mode=True)))
        record.parse_http(auto_decode=way, quirks_mode=True)
        return record.reader.read()
    except (OSError, ValueError):
        return None
