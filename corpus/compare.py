"""Comparison of two corpora: what another version, preset or rule changed, by rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from corpus.verify import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

_EDIT = ("id", "source", "start", "removed", "text", "rule")
# Columns in which a difference is told by name; the others follow from the text or describe the record.
FACTS = ("title", "language", "published", "agency", "captions", "dateline", "times")


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two corpora.

    `only_left` and `only_right` count documents that one corpus alone has; `rules` has a row for each
    rule with the changes that one run alone made; `samples` shows some of them; `facts` counts the
    documents in which a column differs.
    """

    documents: int
    only_left: int
    only_right: int
    texts: int
    rules: pl.DataFrame
    samples: pl.DataFrame
    facts: dict[str, int]

    @property
    def same(self) -> bool:
        """Whether the two hold the same documents, changed alike."""
        return not (self.only_left or self.only_right or self.texts or self.rules.height or any(self.facts.values()))


def compare(left: Path, right: Path, *, samples: int = 3) -> Difference:
    """Compare the corpora at `left` and `right`, document by document, joined on id and source text."""
    for corpus in (left, right):
        read_manifest(corpus)
    one, other = _documents(left), _documents(right)
    both = one.join(other, on=["id", "source_sha256"], suffix="_right")
    counts = both.select(
        pl.len().alias("documents"),
        (pl.col("text") != pl.col("text_right")).sum().alias("texts"),
        *(pl.col(name).ne_missing(pl.col(f"{name}_right")).sum().alias(name) for name in FACTS),
    ).collect(engine="streaming")
    shared = both.select("id", "source_sha256")
    made, made_right = (
        _edits(one.join(shared, on=["id", "source_sha256"], how="semi")),
        _edits(other.join(shared, on=["id", "source_sha256"], how="semi")),
    )
    only = pl.concat(
        [
            made.join(made_right, on=_EDIT, how="anti").with_columns(pl.lit("left").alias("side")),
            made_right.join(made, on=_EDIT, how="anti").with_columns(pl.lit("right").alias("side")),
        ]
    ).collect(engine="streaming")
    rules = (
        only.group_by("rule")
        .agg((pl.col("side") == "left").sum().alias("left"), (pl.col("side") == "right").sum().alias("right"))
        .sort(pl.col("left") + pl.col("right"), "rule", descending=[True, False])
    )
    shown = only.sort("rule", "side", "id", "start").group_by("rule", "side", maintain_order=True).head(samples)
    row = counts.row(0, named=True)
    return Difference(
        documents=row["documents"],
        only_left=_count(one) - row["documents"],
        only_right=_count(other) - row["documents"],
        texts=row["texts"],
        rules=rules,
        samples=shown,
        facts={name: row[name] for name in FACTS},
    )


def _documents(corpus: Path) -> pl.LazyFrame:
    columns = ("id", "source", "source_sha256", "text", "changes", *FACTS)
    # An id may be repeated: its first document stands for it.
    return (
        pl.scan_parquet(corpus / "data" / "**" / "*.parquet", hive_partitioning=False)
        .select(columns)
        .unique(["id", "source_sha256"], keep="first", maintain_order=True)
    )


def _edits(documents: pl.LazyFrame) -> pl.LazyFrame:
    return (
        documents.select("id", "source", pl.col("changes"))
        .explode("changes", empty_as_null=False)
        .select("id", "source", pl.col("changes").struct.unnest())
        .select("id", "source", "start", "removed", "text", pl.col("why").list.first().alias("rule"))
    )


def _count(documents: pl.LazyFrame) -> int:
    return int(documents.select(pl.len()).collect(engine="streaming").item())
