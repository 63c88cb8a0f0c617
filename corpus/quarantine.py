"""Rejected records: kept with their reason and bytes under OUT/rejected, so that nothing is lost silently."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import polars as pl

from corpus.readers.record import kind_of
from corpus.writer import WriteError, write_shard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from corpus.outputs import Output
    from corpus.readers import Reject

SCHEMA = pl.Schema(
    {
        "file": pl.String,
        "record": pl.String,
        "byte_offset": pl.UInt64,
        "reason": pl.String,
        "raw": pl.Binary,
        "raw_sha256": pl.String,
        "raw_size": pl.UInt64,
    }
)
_HELD = 8 << 20  # bytes kept in memory; a single record may keep a MiB
_SEARCHED, _SEARCHED_ROWS = 100, 10_000  # files of rejected records, and rows of each, looked through for examples


class Quarantine:
    """The rejected records of one task, in memory up to a bound, then in pieces beside the shard in work."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._held: list[Reject] = []
        self._size = 0
        self._pieces: list[Path] = []

    def add(self, item: Reject) -> None:
        """Take a rejected record."""
        self._held.append(item)
        self._size += len(item.raw) + len(item.reason)
        if self._size > _HELD:
            self._spill()

    def write(self, final: Path) -> None:
        """Write all that were taken to `final`, or nothing if there were none."""
        try:
            if self._held or self._pieces:
                write_shard(final, self._frames, SCHEMA)
        finally:
            for piece in self._pieces:
                piece.unlink(missing_ok=True)

    def _spill(self) -> None:
        piece = self._folder / f".{self._name}.{os.getpid()}.{uuid.uuid4().hex[:8]}.tmp"
        self._pieces.append(piece)
        try:
            _frame(self._held).write_parquet(piece, compression="lz4")
        except (pl.exceptions.PolarsError, OSError) as error:
            raise WriteError(f"{piece} could not be written: {error}") from error
        self._held, self._size = [], 0

    def _frames(self) -> Iterator[pl.DataFrame]:
        for piece in self._pieces:
            yield pl.read_parquet(piece)
        if self._held:
            yield _frame(self._held)


def find_first(out: Output, kinds: Collection[str]) -> dict[str, str]:
    """Return for each kind of reason the place of the first record that was rejected for it, if it is soon found."""
    found: dict[str, str] = {}
    names = sorted(name for name in out.sizes() if name.startswith("rejected/") and name.endswith(".parquet"))
    for name in names[:_SEARCHED]:
        with out.at_hand([name]) as (path,):
            try:
                frame = pl.read_parquet(path, columns=["file", "record", "reason"], n_rows=_SEARCHED_ROWS)
            except (OSError, pl.exceptions.PolarsError):  # verify says so
                continue
        for file, record, reason in frame.iter_rows():
            found.setdefault(kind_of(reason), f"{file}#{record}" if record else file)
        if found.keys() >= set(kinds):
            break
    return found


def _frame(items: list[Reject]) -> pl.DataFrame:
    return pl.DataFrame({name: [getattr(item, name) for item in items] for name in SCHEMA}, schema=SCHEMA)
