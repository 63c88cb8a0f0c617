"""Shared passages: lines and paragraphs that stand in several stories of one site, which are not copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.duplicates.stages import read_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.duplicates.store import Store

STORIES = 3  # in which a passage must stand
_PARAGRAPH = 100  # characters from which a line is called a paragraph
_LINES = 2_000_000  # looked at at a time, divided by their hash, so that they fit into memory


def shared_passages(store: Store, copies: pl.Series) -> Iterator[pl.DataFrame]:
    """Yield where each shared passage stands: the story, the first story that has it, and from where to where.

    Copies of a story do not count as stories. `cluster` is the hash of the passage, `score` in how many stories of
    the site it stands.
    """
    scan = pl.scan_parquet([store.part("lines", number) for number in range(len(store.shards))])
    lines = scan.join(copies.to_frame("document").lazy(), on="document", how="anti")
    parts = max(1, scan.select(pl.len()).collect().item() // _LINES)
    group = ("site", "hash")
    long = pl.col("end") - pl.col("start") >= _PARAGRAPH
    for number in range(parts):
        part = lines.filter(pl.col("hash") % parts == number).collect(engine="streaming")
        part = part.sort("site", "hash", "document", "start")
        rows = part.unique(["site", "hash", "document"], keep="first", maintain_order=True)
        rows = rows.with_columns(
            score=pl.len().over(group).cast(pl.Float32), first=pl.col("document").first().over(group)
        )
        rows = rows.filter(pl.col("score") >= STORIES)
        names = read_names(store, rows["document"])
        yield (
            rows.with_columns(kind=pl.when(long).then(pl.lit("paragraph")).otherwise(pl.lit("line")))
            .join(names, on="document", how="left", maintain_order="left")
            .join(names.select(first="document", duplicate_of="id"), on="first", how="left", maintain_order="left")
            .with_columns(pl.when(pl.col("document") != pl.col("first")).then("duplicate_of").alias("duplicate_of"))
            .select("id", "source", "duplicate_of", "hash", "kind", "score", "site", "start", "end")
            .rename({"hash": "cluster"})
        )
