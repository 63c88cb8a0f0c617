"""Inputs: a file to read and a range of one, as plain data that planning makes and readers take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.readers.sniff import Format


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells that a file is still the one that was planned.

    `stamp` is the modification time or the store's ETag, empty where `edges`, the SHA-256 of the first and
    last 64 KiB, is that of all bytes: a copy of a small file is the same file.
    """

    size: int
    stamp: str
    edges: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read: where it is (`path`), what it is called in the corpus (`name`), what it is.

    `problem` says in one sentence why it cannot be read; reading it gives one Reject. `format` is None and
    `fingerprint` is None for what can be read once only (standard input, a pipe): it is told while reading.
    `divisible`: it may be read in ranges.
    """

    path: str
    name: str
    format: Format | None
    compression: str | None = None
    fingerprint: Fingerprint | None = None
    problem: str | None = None
    divisible: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or a range of one: bytes of text for JSONL and CSV, bytes for WARC, rows for Parquet.

    `end` None: up to its end. `origin`: the byte of a compressed file where a member or frame begins from
    which the range can be reached, and the byte of the text which it begins with.
    """

    file: InputFile
    start: int = 0
    end: int | None = None
    origin: tuple[int, int] = (0, 0)
