"""Finding the duplicates of a corpus, stage by stage; the same call goes on where another stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus.duplicates import stages
from corpus.duplicates.passages import shared_passages
from corpus.duplicates.store import claimed, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from corpus.duplicates.store import Store

DOCUMENTS = pl.Schema(
    {
        "id": pl.String,
        "source": pl.String,
        "duplicate_of": pl.String,
        "cluster": pl.UInt32,
        "kind": pl.String,
        "score": pl.Float32,
    }
)
PASSAGES = pl.Schema(
    {
        "id": pl.String,
        "source": pl.String,
        "duplicate_of": pl.String,
        "cluster": pl.UInt64,
        "kind": pl.String,
        "score": pl.Float32,
        "site": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
    }
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What was found."""

    documents: int
    exact: int
    near: int
    clusters: int
    passages: int
    already_complete: bool = False


def find_duplicates(out: Path, tell: Callable[[str, int, int], None] = lambda *_: None) -> Summary:
    """Write OUT/duplicates/documents.parquet and passages.parquet for the corpus at `out`.

    `tell` is called with the stage, and how many of its parts are done of how many. Raises CorpusError where
    there is no whole corpus.
    """
    store = open_store(out)
    done = store.result()
    if done is not None:
        return _summary(done, already=True)
    with claimed(store):
        content = _find(store, tell)
        store.finish(content)
    return _summary(content)


def _find(store: Store, tell: Callable[[str, int, int], None]) -> Mapping[str, int]:
    """Write the results and return their counts."""
    height = len(store.shards)
    tell("putting documents in order", 0, height)
    order = stages.put_in_order(store)
    for number in range(height):
        stages.write_shingles(store, order, number)
        tell("reading shards", number + 1, height)
    documents = order.height
    del order
    exact = stages.find_exact(store)
    copied = np.zeros(documents, bool)
    copied[exact["document"].to_numpy()] = True
    rarity = stages.count_shingles(store, copied)
    for number in range(height):
        stages.write_bands(store, rarity, copied, number)
        tell("signing shards", number + 1, height)
    pairs = stages.find_candidates(store, documents, lambda done, of: tell("looking for pairs in bands", done, of))
    tell("comparing pairs", 0, len(pairs))
    near = stages.find_near(store, rarity, copied, pairs, documents)
    del rarity
    copies = _copies(exact, near)
    tell("writing clusters and passages", 0, 2)
    clusters = _documents(store, copies)
    store.write(store.folder / "documents.parquet", clusters)
    tell("writing clusters and passages", 1, 2)
    passages = _passages(store, copies["document"])
    store.write(store.folder / "passages.parquet", passages)
    counts = dict(clusters["kind"].value_counts().iter_rows())
    return {
        "documents": documents,
        "exact": counts.get("exact", 0),
        "near": counts.get("near", 0),
        "clusters": counts.get("first", 0),
        "passages": passages.height,
    }


def _summary(content: Mapping[str, Any], *, already: bool = False) -> Summary:
    names = ("documents", "exact", "near", "clusters", "passages")
    return Summary(**{name: content[name] for name in names}, already_complete=already)


def _copies(exact: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Return document, first, kind and score of each copy: a copy of a near copy is one of the first document too."""
    found = near.with_columns(kind=pl.lit("near"))
    through = exact.join(found, left_on="first", right_on="document", how="left", suffix="_of_all")
    same = through.select(
        "document",
        pl.coalesce("first_of_all", "first").alias("first"),
        pl.col("score").fill_null(1.0),
        pl.col("kind").fill_null("exact"),
    )
    return pl.concat([found, same]).sort("document")


def _documents(store: Store, copies: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each document of a cluster, its first one before the others."""
    firsts = copies["first"].unique().sort()
    numbers = pl.DataFrame({"first": firsts}).with_row_index("cluster")
    heads = pl.DataFrame({"document": firsts, "first": firsts}).with_columns(
        score=pl.lit(None, pl.Float32), kind=pl.lit("first")
    )
    rows = pl.concat([heads, copies.select(heads.columns)]).join(numbers, on="first")
    names = stages.read_names(store, rows["document"])
    return (
        rows.join(names, on="document")
        .join(names.select(first="document", duplicate_of="id"), on="first")
        .with_columns(pl.when(pl.col("kind") != "first").then("duplicate_of").alias("duplicate_of"))
        .sort("cluster", "document")
        .select(pl.col(name).cast(kind) for name, kind in DOCUMENTS.items())
    )


def _passages(store: Store, copies: pl.Series) -> pl.DataFrame:
    parts = [part for part in shared_passages(store, copies) if part.height]
    return pl.concat([pl.DataFrame(schema=PASSAGES), *parts])
