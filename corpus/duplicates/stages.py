"""The stages of looking for duplicates: each reads what the one before left, in pieces of bounded size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpus.document import SCHEMA
from corpus.duplicates.clusters import Compared, Sets, cluster
from corpus.duplicates.pairs import candidates, split
from corpus.duplicates.shingles import NUMBER, QUOTED, shingle
from corpus.duplicates.signatures import BANDS, Rarity, bands
from corpus.duplicates.store import packed, unpacked
from corpus.words import chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.duplicates.store import Store

_SLICE = 1_000  # rows read at a time
WHOLE_BANDS, WHOLE_ROWS = 25, 4  # for documents with few rare told shingles: they agree in most of all of theirs
_LEAST_LINE = 20  # characters of a line that is worth remembering
_LINES = pl.Schema({"site": pl.String, "hash": pl.UInt64, "document": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32})


def put_in_order(store: Store) -> pl.DataFrame:
    """Return shard, row and site of each document, in the order in which the first one is chosen.

    That is by (published, source), those without a date last; the number of a document is its place in it. Their
    ids and sources are written beside: see `read_names`.
    """
    columns = ("published", "source", "id", "site")
    kinds = {"row": pl.UInt32, **{name: SCHEMA[name] for name in columns}, "shard": pl.UInt32}
    frames = [pl.DataFrame(schema=kinds)]
    for number, name in enumerate(store.shards):
        frame = pl.read_parquet(store.out / name, columns=list(columns)).with_row_index("row")
        frames.append(frame.with_columns(pl.lit(number, pl.UInt32).alias("shard")))
    every = pl.concat(frames).sort("published", "source", "id", nulls_last=True, maintain_order=True)
    every = every.drop("published").with_row_index("document")
    store.write(store.names, every.select("document", "id", "source"))
    return every.select("document", "shard", "row", pl.col("site").cast(pl.Categorical))


def read_names(store: Store, documents: pl.Series) -> pl.DataFrame:
    """Return document, id and source of these documents."""
    wanted = documents.unique().sort().to_frame("document").lazy()
    return pl.scan_parquet(store.names).join(wanted, on="document", how="semi").collect(engine="streaming")


def write_shingles(store: Store, order: pl.DataFrame, number: int) -> None:
    """Write what is compared of each document of a shard: a hash of its words, its shingles, its lines."""
    path = store.part("shingles", number)
    if path.exists():
        return
    known = order.filter(pl.col("shard") == number).sort("row")
    rows, lines = [], [pl.DataFrame(schema=_LINES)]
    for begin, texts in _texts(store.out / store.shards[number]):
        found = shingle(texts)
        these = known.slice(begin, len(texts))
        rows.append(
            pl.DataFrame(
                {
                    "document": these["document"],
                    "exact": found.exact[:, 0],
                    "exact_too": found.exact[:, 1],
                    "shingles": packed(found.values, found.edges),
                }
            )
        )
        kept = found.lines.ends - found.lines.starts >= _LEAST_LINE
        of_line = these.select("document", pl.col("site").cast(pl.String))[found.lines.documents[kept]]
        lines.append(
            of_line.with_columns(
                pl.Series("hash", found.lines.hashes[kept]),
                pl.Series("start", found.lines.starts[kept].astype(np.uint32)),
                pl.Series("end", found.lines.ends[kept].astype(np.uint32)),
            )
            .filter(pl.col("site").is_not_null())
            .select(_LINES.names())
        )
    store.write(store.part("lines", number), pl.concat(lines))
    empty = pl.DataFrame(
        schema={"document": pl.UInt32, "exact": pl.UInt64, "exact_too": pl.UInt64, "shingles": pl.Binary}
    )
    store.write(path, pl.concat([empty, *rows]))


def _texts(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the texts of a shard in groups, each with the number of its first row."""
    scan = pl.scan_parquet(path).select("text")
    height = scan.select(pl.len()).collect().item()
    row = 0
    for begin in range(0, height, _SLICE):
        for group in chunks(scan.slice(begin, _SLICE).collect()["text"].to_list()):
            yield row, group
            row += len(group)


def find_exact(store: Store) -> pl.DataFrame:
    """Return document and first for each document whose words stood in an earlier one."""
    parts = [store.part("shingles", number) for number in range(len(store.shards))]
    every = pl.scan_parquet(parts).select("document", "exact", "exact_too").filter(pl.col("exact") > 0).collect()
    again = every.filter(pl.struct("exact", "exact_too").is_duplicated())
    first = pl.col("document").min().over("exact", "exact_too").alias("first")
    return again.select("document", first).filter(pl.col("document") != pl.col("first")).sort("document")


def _shingles(
    store: Store, number: int, left_out: NDArray[np.bool_]
) -> Iterator[tuple[pl.Series, NDArray[np.uint32], NDArray[np.int64]]]:
    """Yield the documents of a shard in groups, with their shingles; without those left out."""
    scan = pl.scan_parquet(store.part("shingles", number)).select("document", "shingles")
    height = scan.select(pl.len()).collect().item()
    for begin in range(0, height, _SLICE):
        frame = scan.slice(begin, _SLICE).collect()
        frame = frame.filter(~left_out[frame["document"].to_numpy()])
        yield frame["document"], *unpacked(frame["shingles"])


def count_shingles(store: Store, left_out: NDArray[np.bool_]) -> Rarity:
    """Return in how many documents each shingle stands; exact copies are counted once."""
    size = pl.col("shingles").bin.size().cast(pl.UInt64).sum()
    parts = [store.part("shingles", number) for number in range(len(store.shards))]
    rarity = Rarity(pl.scan_parquet(parts).select(size).collect().item() // 4)
    for number in range(len(store.shards)):
        for _, values, edges in _shingles(store, number, left_out):
            rarity.add(values & ~QUOTED, edges)
    return rarity


def write_bands(store: Store, rarity: Rarity, left_out: NDArray[np.bool_], number: int) -> None:
    """Write the keys of the bands of each document of a shard."""
    path = store.part("bands", number)
    if path.exists():
        return
    names = [f"b{n:03d}" for n in range(BANDS + WHOLE_BANDS)]
    frames = [pl.DataFrame(schema=dict.fromkeys(("document", *names), pl.UInt32))]
    for documents, values, edges in _shingles(store, number, left_out):
        kept = _rare_told(values, rarity)
        rare_edges = np.concatenate([[0], np.cumsum(kept)])[edges]
        keys = bands(values[kept], rare_edges)
        few = np.diff(rare_edges) * 2 < np.diff(edges)
        whole = np.zeros((WHOLE_BANDS, len(few)), np.uint32)
        picked = np.repeat(few, np.diff(edges))
        whole[:, few] = bands(
            (values & ~QUOTED)[picked], np.concatenate([[0], np.cumsum(np.diff(edges)[few])]), WHOLE_BANDS, WHOLE_ROWS
        )
        keyed = zip(names, (*keys, *whole), strict=True)
        frames.append(pl.DataFrame([documents, *(pl.Series(name, row) for name, row in keyed)]))
    store.write(path, pl.concat(frames))


def find_candidates(
    store: Store, height: int, tell: Callable[[int, int], None] = lambda *_: None
) -> NDArray[np.uint64]:
    """Return the pairs of documents that agree in a band; `tell` is called with how many bands of how many are done."""
    parts = [store.part("bands", number) for number in range(len(store.shards))]

    def keys() -> Iterator[NDArray[np.uint32]]:
        for n in range(BANDS + WHOLE_BANDS):
            name = f"b{n:03d}"
            frame = pl.scan_parquet(parts).select("document", name).filter(pl.col(name) > 0).collect()
            band = np.zeros(height, np.uint32)
            band[frame["document"].to_numpy()] = frame[name].to_numpy()
            yield band
            tell(n + 1, BANDS + WHOLE_BANDS)

    return candidates(keys())


def find_near(
    store: Store, rarity: Rarity, left_out: NDArray[np.bool_], pairs: NDArray[np.uint64], height: int
) -> pl.DataFrame:
    """Return for each near copy the first document of its cluster and its score, every pair compared.

    The shingles of the documents in question are laid into files beside, so that they need no memory.
    """
    wanted = np.zeros(height, bool)
    for side in split(pairs):
        wanted[side] = True
    files = [_File(store.work / name, height) for name in ("rare", "whole", "numbers")]
    for number in range(len(store.shards)):
        for documents, values, edges in _shingles(store, number, left_out):
            which = documents.to_numpy().astype(np.int64)
            kept = wanted[which]
            some = values[np.repeat(kept, np.diff(edges))]
            bounds = np.concatenate([[0], np.cumsum(np.diff(edges)[kept])])
            for file, found in zip(files, _parts(some, rarity), strict=True):
                file.add(which[kept], some[found] & ~QUOTED, np.concatenate([[0], np.cumsum(found)])[bounds])
    return cluster(pairs, Compared(*(file.sets() for file in files)), height)


def _parts(values: NDArray[np.uint32], rarity: Rarity) -> tuple[NDArray[np.bool_], ...]:
    """Return which shingles are told and rare, which are any, and which hold a digit."""
    return _rare_told(values, rarity), np.ones(len(values), bool), (values & NUMBER) != 0


def _rare_told(values: NDArray[np.uint32], rarity: Rarity) -> NDArray[np.bool_]:
    told: NDArray[np.bool_] = ((values & QUOTED) == 0) & rarity.rare(values)
    return told


class _File:
    """Sets of shingles in a file."""

    def __init__(self, path: Path, height: int) -> None:
        self.path = path
        self.begins = np.zeros(height, np.int64)
        self.ends = np.zeros(height, np.int64)
        self.size = 0
        path.write_bytes(b"")

    def add(self, documents: NDArray[np.int64], values: NDArray[np.uint32], edges: NDArray[np.int64]) -> None:
        self.begins[documents] = self.size + edges[:-1]
        self.ends[documents] = self.size + edges[1:]
        with self.path.open("ab") as stream:
            stream.write(values.tobytes())
        self.size += len(values)

    def sets(self) -> Sets:
        values = np.memmap(self.path, np.uint32, "r", shape=(self.size,)) if self.size else np.zeros(0, np.uint32)
        return Sets(values, self.begins, self.ends)
