"""Pairs: which documents may be near duplicates, and which are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from corpus.words import Ints

_FEW = 20  # documents of a bucket that are all compared with each other
_PAIRS = 20_000  # pairs compared at a time


def candidates(keys: Iterable[NDArray[np.uint32]]) -> NDArray[np.uint64]:
    """Return the pairs (earlier << 32 | later) of documents that agree in a band, each once, in order.

    `keys` holds for each band a key for each document, 0 for none. In a crowded bucket each document is
    compared with the first and with the one before it: rare shingles make no crowds, but copies of copies do.
    """
    found = np.zeros(0, np.uint64)
    fresh: list[NDArray[np.uint64]] = []
    held = 0
    for band in keys:
        pairs = _bucket_pairs(band)
        fresh.append(pairs)
        held += len(pairs)
        if held > max(1_000_000, len(found)):
            found, fresh, held = np.unique(np.concatenate([found, *fresh])), [], 0
    return np.unique(np.concatenate([found, *fresh]))


def _bucket_pairs(band: NDArray[np.uint32]) -> NDArray[np.uint64]:
    rows = pl.DataFrame({"key": band, "document": np.arange(len(band), dtype=np.uint32)}).filter(pl.col("key") > 0)
    buckets = rows.filter(pl.col("key").is_duplicated()).group_by("key").agg(pl.col("document").sort())
    few = buckets.filter(pl.col("document").list.len() <= _FEW)
    parts = [_all_pairs(few)]
    for members in buckets.filter(pl.col("document").list.len() > _FEW)["document"]:
        crowd = members.to_numpy().astype(np.uint64)
        parts.extend((_joined(crowd[0], crowd[1:]), _joined(crowd[:-1], crowd[1:])))
    return np.concatenate(parts)


def _all_pairs(buckets: pl.DataFrame) -> NDArray[np.uint64]:
    left = buckets.explode("document", empty_as_null=False)
    both = left.join(left, on="key", suffix="_later").filter(pl.col("document") < pl.col("document_later"))
    return _joined(both["document"].to_numpy().astype(np.uint64), both["document_later"].to_numpy().astype(np.uint64))


def _joined(earlier: NDArray[np.uint64] | np.uint64, later: NDArray[np.uint64]) -> NDArray[np.uint64]:
    joined: NDArray[np.uint64] = (earlier << np.uint64(32)) | later
    return joined


def split(pairs: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """Return the earlier and the later document of each pair."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def shared(pairs: NDArray[np.uint64], values: NDArray[np.uint32], begins: Ints, ends: Ints) -> Ints:
    """Return how many shingles each pair shares; document n's are values[begins[n]:ends[n]], each once."""
    counts = [_shared(pairs[n : n + _PAIRS], values, begins, ends) for n in range(0, len(pairs), _PAIRS)]
    return np.concatenate(counts) if counts else np.zeros(0, np.int64)


def _shared(pairs: NDArray[np.uint64], values: NDArray[np.uint32], begins: Ints, ends: Ints) -> Ints:
    keys = np.sort(np.concatenate([_keyed(side, values, begins, ends) for side in split(pairs)]))
    twice = keys[1:][keys[1:] == keys[:-1]] >> np.uint64(32)
    return np.bincount(twice.astype(np.int64), minlength=len(pairs))


def _keyed(side: Ints, values: NDArray[np.uint32], begins: Ints, ends: Ints) -> NDArray[np.uint64]:
    """Return the shingles of one document of each pair, with the number of the pair before them."""
    sizes = ends[side] - begins[side]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    places = np.arange(offsets[-1]) + np.repeat(begins[side] - offsets[:-1], sizes)
    numbers = np.repeat(np.arange(len(side), dtype=np.uint64), sizes)
    keyed: NDArray[np.uint64] = (numbers << np.uint64(32)) | values[places]
    return keyed


def neighbours(pairs: NDArray[np.uint64], scores: NDArray[np.float64]) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    """Yield each later document with its earlier ones and their scores, in order of the later."""
    earlier, later = split(pairs)
    order = np.lexsort((earlier, later))
    stops = np.flatnonzero(np.diff(later[order], append=-1)) + 1
    begin = 0
    for stop in stops.tolist():
        group = order[begin:stop]
        yield int(later[group[0]]), list(zip(earlier[group].tolist(), scores[group].tolist(), strict=True))
        begin = stop
