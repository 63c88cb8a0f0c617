"""Looking a document up in a corpus: by its id, its place in the input, or words that its source has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.explain import find_words
from corpus.verify import CorpusError, read_manifest, restore_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def find_document(corpus: Path, record: str | None, words: str | None) -> dict[str, Any]:
    """Return the first row that answers to `record` (an id, or the place in the input) and whose source has `words`."""
    shards = [corpus / shard["file"] for shard in read_manifest(corpus)["shards"]]
    for row in _candidates(shards, record, words):
        if words is None or find_words(restore_row(row), words):
            return row
    asked = " and ".join(
        part for part in (f"id or place {record!r}" if record else "", f"the words {words!r}" if words else "") if part
    )
    raise CorpusError(f"{corpus} has no document with {asked}" if asked else f"{corpus} has no document")


def _candidates(shards: list[Path], record: str | None, words: str | None) -> Iterator[dict[str, Any]]:
    """Yield the rows that may be meant, a few at a time."""
    wanted = []
    if record is not None:
        wanted.append((pl.col("id") == record) | (pl.col("source") == record))
    if words is not None:
        longest = max(words.lower().split(), key=len)
        kept = pl.col("text").str.to_lowercase().str.contains(longest, literal=True)
        removed = pl.col("changes").list.eval(pl.element().struct.field("removed")).list.join(" ")
        wanted.append(kept | removed.str.to_lowercase().str.contains(longest, literal=True))
    for shard in shards:
        try:
            frame = (
                pl.scan_parquet(shard, hive_partitioning=False).filter(*wanted).head(100).collect(engine="streaming")
            )
        except (OSError, pl.exceptions.PolarsError) as error:
            first_line = str(error).strip().split("\n")[0]
            raise CorpusError(f"{shard} cannot be read: {first_line}") from error
        yield from frame.iter_rows(named=True)
