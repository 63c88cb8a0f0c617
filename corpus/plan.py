"""The plan: inputs into one ordered list of tasks, the same for any number of workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["txt", "html", "jsonl", "json", "csv", "tsv", "parquet", "warc", "binary"]
Compression = Literal["gz", "zst", "bz2", "xz"]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells that a file is still the one that was planned.

    `stamp` is the modification time or the store's ETag; `edges` the SHA-256 of the first and last 64 KiB.
    """

    size: int
    stamp: str
    edges: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read: where it is (`path`), what it is called in the corpus (`name`), what it is.

    `problem` says in one sentence why it cannot be read; reading it gives one Reject.
    `fingerprint` is None for what cannot be read twice (standard input, a pipe) or at all.
    """

    path: str
    name: str
    format: Format | None
    compression: Compression | None = None
    fingerprint: Fingerprint | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or a range of one: bytes for text formats, rows for Parquet. `end` None: up to its end."""

    file: InputFile
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What one worker reads into one shard: parts in order."""

    index: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of a run in order, and notes on what was found (empty files, folders that loop)."""

    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()
