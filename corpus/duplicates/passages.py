"""Shared passages: lines and paragraphs that stand in several stories of one site, which are not copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.duplicates.store import Store

STORIES = 3  # in which a passage must stand
_PARAGRAPH = 100  # characters from which a line is called a paragraph
_PARTS = 16  # into which the passages are divided, by hash, so that each fits into memory


def shared_passages(store: Store, order: pl.DataFrame, copies: pl.Series) -> Iterator[pl.DataFrame]:
    """Yield where each shared passage stands: the story, the first story that has it, and from where to where.

    Copies of a story do not count as stories. `cluster` is the hash of the passage, `score` in how many stories of
    the site it stands.
    """
    scan = pl.scan_parquet([store.part("lines", number) for number in range(len(store.shards))])
    names = order.select("document", "id", "source")
    group = ("site", "hash")
    long = pl.col("end") - pl.col("start") >= _PARAGRAPH
    for part in range(_PARTS):
        lines = scan.filter(pl.col("hash") % _PARTS == part).collect()
        lines = lines.filter(~pl.col("document").is_in(copies.implode())).sort("site", "hash", "document", "start")
        rows = lines.unique(["site", "hash", "document"], keep="first", maintain_order=True)
        rows = rows.with_columns(
            score=pl.len().over(group).cast(pl.Float32), first=pl.col("document").first().over(group)
        )
        yield (
            rows.filter(pl.col("score") >= STORIES)
            .with_columns(kind=pl.when(long).then(pl.lit("paragraph")).otherwise(pl.lit("line")))
            .join(names, on="document", how="left", maintain_order="left")
            .join(names.select(first="document", duplicate_of="id"), on="first", how="left", maintain_order="left")
            .with_columns(pl.when(pl.col("document") != pl.col("first")).then("duplicate_of").alias("duplicate_of"))
            .select("id", "source", "duplicate_of", "hash", "kind", "score", "site", "start", "end")
            .rename({"hash": "cluster"})
        )
