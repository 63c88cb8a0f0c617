"""Writing: one shard at a time, in bounded memory, and nothing half written under a final name."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

import polars as pl
from polars.io.plugins import register_io_source

from corpus.document import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

# A thousand rows cost a worker 28 MB while they are gathered and packed, and what polars keeps of each group until the
# file ends is 0.4 MB. With 700 a worker needs 5 MB less, and the file is 2.5% larger.
ROW_GROUP = 700
_BLOCK = 1 << 20


class WriteError(Exception):
    """A file that could not be written (a full disk, no permission); nothing stands under its name."""


@contextmanager
def replacing(final: Path) -> Iterator[Path]:
    """Yield a temporary path beside `final`; it takes the final name once written whole and synced, else it goes.

    The temporary name is unique to the attempt, so that two runs never write into one file.
    """
    attempt = _attempt(final)
    try:
        yield attempt
        _settle(attempt, final)
    finally:
        attempt.unlink(missing_ok=True)


def _attempt(final: Path) -> Path:
    return final.parent / f".{final.name}.{os.getpid()}.{uuid.uuid4().hex[:8]}.tmp"


def sync_folder(folder: Path) -> None:
    """Let the names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(final: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    with replacing(final) as attempt:
        attempt.write_text(text, encoding="utf-8")


def write_shard(
    final: Path,
    frames: Callable[[], Iterator[pl.DataFrame]],
    schema: pl.Schema | None = None,
    about: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write `frames` to one Parquet file: zstd level 3, fixed row groups, `about` in the footer.

    The frames are taken one at a time, so memory does not grow with their number. The bytes depend
    on the rows and `about` alone (for one version of polars). Raises WriteError.
    """
    with replacing(final) as attempt:
        _sink(frames, schema or pl.Schema(SCHEMA), attempt, about, final)


def write_partitions(
    final: Path, frames: Callable[[], Iterator[pl.DataFrame]], key: str, by: pl.Expr, about: Mapping[str, str]
) -> dict[str, Path]:
    """Write `frames` to a file for each value of `by`: data/part.parquet becomes data/key=value/part.parquet.

    Returns the files by the names of their folders. The columns of the files are those of a corpus in one piece.
    """
    attempt = _attempt(final)
    try:
        _sink(
            frames,
            pl.Schema(SCHEMA),
            pl.PartitionBy(attempt, key=by.alias(key), include_key=False, approximate_bytes_per_file=None),
            about,
            final,
        )
        written = {path.parent.name: path for path in sorted(attempt.glob("*/*"))}
        return {name: _settle(path, final.parent / name / final.name) for name, path in written.items()}
    finally:
        shutil.rmtree(attempt, ignore_errors=True)


def _settle(attempt: Path, final: Path) -> Path:
    """Give a file that is written whole its final name."""
    with attempt.open("rb+") as written:
        os.fsync(written.fileno())
    if not final.parent.exists():
        final.parent.mkdir(exist_ok=True)
        sync_folder(final.parent.parent)
    attempt.replace(final)
    sync_folder(final.parent)
    return final


def _sink(
    frames: Callable[[], Iterator[pl.DataFrame]],
    schema: pl.Schema,
    target: Path | pl.PartitionBy,
    about: Mapping[str, str],
    final: Path,
) -> None:
    """Let polars draw the frames and write them; what drawing raised is raised."""
    raised: list[BaseException] = []

    def drawn() -> Iterator[pl.DataFrame]:
        try:
            yield from frames()
        except BaseException as error:  # polars would wrap it in its own; the caller wants this very one
            raised.append(error)
            raise

    try:
        register_io_source(lambda *_: drawn(), schema=schema).sink_parquet(
            target,
            compression="zstd",
            compression_level=3,
            row_group_size=ROW_GROUP,
            maintain_order=True,
            metadata=dict(about),
            mkdir=isinstance(target, pl.PartitionBy),
            engine="streaming",
        )
    except pl.exceptions.PolarsError as error:
        if raised:
            raise raised[0] from None
        raise WriteError(f"{final} could not be written: {error}") from error


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
