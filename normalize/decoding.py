"""Decoding: bytes into text, with what was concluded and why, and the way back to the bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Literal

Newline = Literal["\n", "\r\n", "\r", "mixed"]
Origin = Literal["bom", "utf-8", "declared", "statistics", "lines"]

# Longest first: the mark of UTF-16-LE begins that of UTF-32-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta[^>]{1,500}?charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:.+-]{2,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text and how it was come by.

    `text` has no byte order mark, and LF line ends where all were alike (`newline` says what they were;
    "mixed" ones stand as they are, None: there was none). `encoding` is a name that Python knows.
    `exact`: `encode_source(text, encoding, bom, newline)` gives the very bytes.
    """

    text: str
    encoding: str
    encoding_from: Origin
    exact: bool
    bom: bool
    newline: Newline | None
    evidence: tuple[str, ...] = ()


def decode_bytes(raw: bytes, *, declared: str | None = None) -> Decoded:
    """Decode `raw` by its byte order mark, as UTF-8, by the `declared` label, or by statistics. Never fails.

    >>> decode_bytes("Café".encode())
    Decoded(text='Café', encoding='utf-8', encoding_from='utf-8', exact=True, bom=False, newline=None, evidence=())
    >>> decode_bytes(b"Caf\\xe9", declared="latin-1").encoding
    'windows-1252'
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decoded(raw, raw[len(mark) :].decode(encoding, "replace"), encoding, "bom", bom=True)
    try:
        return _decoded(raw, raw.decode("utf-8"), "utf-8", "utf-8")
    except UnicodeDecodeError:
        pass
    label = _codec(declared) if declared else None
    origin: Origin = "declared" if label else "statistics"
    encoding = label or "windows-1252"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
    return _decoded(raw, text, encoding, origin)


def _codec(label: str) -> str | None:
    """Return the codec that a label stands for, None for a label that says nothing."""
    name = label.strip().lower()
    if name in {"ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1", "iso8859-1", "cp1252", "windows-1252"}:
        return "windows-1252"
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def _decoded(raw: bytes, text: str, encoding: str, origin: Origin, *, bom: bool = False) -> Decoded:
    newline = _newline(text)
    if newline in ("\r\n", "\r"):
        text = text.replace(newline, "\n")
    exact = encode_source(text, encoding, bom=bom, newline=newline) == raw
    return Decoded(text, encoding, origin, exact, bom, newline)


def _newline(text: str) -> Newline | None:
    """Return how the lines of `text` end, None where there is one line only."""
    pairs = text.count("\r\n")
    counts: dict[Newline, int] = {"\r\n": pairs, "\n": text.count("\n") - pairs, "\r": text.count("\r") - pairs}
    found = [ends for ends, n in counts.items() if n]
    return None if not found else found[0] if len(found) == 1 else "mixed"


def encode_source(text: str, encoding: str, *, bom: bool = False, newline: str | None = None) -> bytes:
    """Return the bytes that `decode_bytes` made `text` of, as far as its encoding was exact.

    >>> encode_source("one\\ntwo", "utf-16-le", bom=True, newline="\\r\\n")[:6]
    b'\\xff\\xfeo\\x00n\\x00'
    """
    if newline in ("\r\n", "\r"):
        text = text.replace("\n", newline)
    mark = next((m for m, name in _MARKS if name == encoding), b"") if bom else b""
    return mark + text.encode(encoding, "replace")


def declared_encoding(raw: bytes) -> str | None:
    """Return the label that an HTML page's head declares, None where there is none.

    >>> declared_encoding(b'<meta charset="koi8-r">')
    'koi8-r'
    >>> declared_encoding(b"no label") is None
    True
    """
    found = _META.search(raw, 0, 4096)
    return found[1].decode("ascii") if found else None
