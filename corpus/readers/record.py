"""What reading gives: a `Record`, a `Reject` (it could not be read) or a `Drop` (it was left out on purpose).

Every input record becomes exactly one of the three: that is what the accounts of a run are made of.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final = frozenset(
    {
        "id",
        "url",
        "title",
        "standfirst",
        "section",
        "date",
        "updated",
        "authors",
        "language",
        "site",
        "tags",
        "agency",
        "captions",
    }
)
"""The fields of a record that we know by name; every other one travels in `extra`."""

_FIGURES: Final = re.compile(r"(?<![\w-])\d[\d,.]*\b")
KEPT_BYTES: Final = 1 << 20
"""How much of a rejected record is kept; the hash and the size are those of all of it."""


class Record(NamedTuple):
    """One input record, ready to clean. A NamedTuple: there is one for every document.

    `source` is the path relative to its INPUT with the locator (`#byte=`, `#row=`, `#record=`; none
    where the file is the document). `body` is decoded, without BOM, with LF line ends where all were
    alike (`newline` says what they were). `record_sha256` is the hash of the raw bytes at the locator;
    `encoding_exact` is None where those bytes are more than the text (a line of JSON).
    `raw` is the HTML source in bytes, None for text.
    """

    source: str
    body: str
    form: Literal["text", "html"]
    fields: Mapping[str, object]
    extra: Mapping[str, object]
    media_type: str
    encoding: str | None
    encoding_from: str | None
    encoding_exact: bool | None
    bom: bool | None
    newline: str | None
    record_sha256: str
    raw: bytes | None


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that could not be read, with its bytes (the first MiB) and the hash and size of all of them."""

    file: str
    record: str
    byte_offset: int | None
    reason: str
    raw: bytes
    raw_sha256: str
    raw_size: int

    @property
    def kind(self) -> str:
        """The reason without its figures, to count by: "broken JSON at character N of the record: …"."""
        return kind_of(self.reason)

    def __str__(self) -> str:
        return f"{_place(self.file, self.record)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Drop:
    """A record left out on purpose; `reason` is a short phrase, alike for all records of its kind."""

    file: str
    record: str
    reason: str

    def __str__(self) -> str:
        return f"{_place(self.file, self.record)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read.

    `encoding` "auto" lets JSONL and CSV records be other than UTF-8; `decode_all` takes every file that is
    no container for one text document (the preset `decode`).
    """

    encoding: Literal["utf-8", "auto"] = "utf-8"
    max_record_bytes: int = 64 << 20
    decode_all: bool = False


def reject(file: str, record: str, byte_offset: int | None, reason: str, raw: bytes) -> Reject:
    """Return the Reject of a record whose bytes are all at hand."""
    return Reject(file, record, byte_offset, reason, raw[:KEPT_BYTES], hashlib.sha256(raw).hexdigest(), len(raw))


def kind_of(reason: str) -> str:
    """Return a reason without its figures.

    >>> kind_of("broken JSON at character 1,204 of the record")
    'broken JSON at character N of the record'
    """
    return _FIGURES.sub("N", reason)


def _place(file: str, record: str) -> str:
    return f"{file}#{record}" if record else file
