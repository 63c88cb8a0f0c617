"""Clusters: documents taken in order; each joins the cluster of an earlier one only after it was compared."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpus.duplicates.pairs import neighbours, shared, split

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus.words import Ints

ENOUGH = 12  # shingles that a document must have to be compared
NEAR = 0.35  # containment over rare told shingles from which two documents of like length are one story
NEAR_LONGER = 0.6  # the same where one is ten times as long or more: round-ups hold many a story
WHOLE = 0.8  # containment over all shingles, where the rare told ones are few
LEAST = 0.2  # what the first documents of two clusters must share for the clusters to be brought together
# Market reports made by one template share most words and no numbers.
ENOUGH_NUMBERS = 9  # shingles with digits that tell something: three numbers
NUMBERS_NEAR, NUMBERS_WHOLE = 0.1, 0.5  # containment over those
_PAIRS = 1_000_000  # scored at a time


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of shingles, one a document: document n's are values[begins[n]:ends[n]]."""

    values: NDArray[np.uint32]
    begins: Ints
    ends: Ints

    def compare(
        self, pairs: NDArray[np.uint64], enough: int = ENOUGH, otherwise: float = 0.0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the share of the smaller set that each pair shares, and smaller / larger.

        Where the smaller set has not `enough` shingles, the share is `otherwise`.
        """
        first, second = (self.ends[side] - self.begins[side] for side in split(pairs))
        smaller, larger = np.minimum(first, second), np.maximum(first, second)
        counts = shared(pairs, self.values, self.begins, self.ends)
        shares = np.where(smaller >= enough, counts / np.maximum(smaller, 1), otherwise)
        return shares, smaller / np.maximum(larger, 1)


@dataclass(frozen=True, slots=True)
class Compared:
    """What documents are compared by."""

    rare: Sets  # shingles that are told, not quoted, and stand in few documents
    whole: Sets  # all shingles
    numbers: Sets  # the shingles that hold a digit

    def score(self, pairs: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return how much of the smaller document each pair shares, 0 where that is too little to be one story."""
        part, ratio = self.rare.compare(pairs)
        numbers, _ = self.numbers.compare(pairs, ENOUGH_NUMBERS, 1.0)
        near = (part >= np.interp(ratio, (0.1, 0.4), (NEAR_LONGER, NEAR))) & (numbers >= NUMBERS_NEAR)
        whole, ratio = self.whole.compare(pairs)
        copied = (whole >= WHOLE) & (ratio >= 0.5) & (numbers >= NUMBERS_WHOLE)
        scores = np.maximum(np.where(near, part, 0), np.where(copied, whole, 0))
        return np.round(scores, 4).astype(np.float64)

    def shared(self, first: int, second: int) -> float:
        """Return how much of the smaller of two documents they share, little as it may be."""
        pair = np.array([min(first, second) << 32 | max(first, second)], np.uint64)
        return round(float(max(self.rare.compare(pair)[0][0], self.whole.compare(pair)[0][0])), 4)


def cluster(pairs: NDArray[np.uint64], compared: Compared, height: int) -> pl.DataFrame:
    """Return document, first (the first document of its cluster) and score of each of `height` that is no first one.

    Documents are numbered in their order and taken in it. Each joins the clusters of the earlier documents that it
    is alike to, the most alike first; but only where it, and the first documents of clusters so brought together,
    were compared and share enough. One bad pair never merges two clusters. The score is the highest that the
    document has with an earlier one, or what it shares with the first where it came before all that it is alike to.
    """
    slices = [compared.score(pairs[n : n + _PAIRS]) for n in range(0, len(pairs), _PAIRS)]
    scores = np.concatenate([np.zeros(0), *slices])
    alike = scores > 0
    firsts = array("I", range(height))
    best = array("f", bytes(4 * height))
    for document, earlier in neighbours(pairs[alike], scores[alike]):
        mine = document
        for other, found in sorted(earlier, key=lambda item: (-item[1], item[0])):
            theirs = _first_of(other, firsts)
            known = other == theirs and mine == document  # this very pair was compared
            if theirs == mine or not (known or compared.shared(theirs, mine) >= LEAST):
                continue
            best[document] = best[document] or found
            mine, away = min(theirs, mine), max(theirs, mine)
            firsts[away] = mine
    joined = [document for document in range(height) if firsts[document] != document]
    heads = [_first_of(document, firsts) for document in joined]
    shared = [best[n] or compared.shared(head, n) for head, n in zip(heads, joined, strict=True)]
    kinds = {"document": pl.UInt32, "first": pl.UInt32, "score": pl.Float32}
    return pl.DataFrame({"document": joined, "first": heads, "score": shared}, schema=kinds)


def _first_of(document: int, firsts: array[int]) -> int:
    """Return the first document of a cluster; those on the way to it are led to it sooner the next time."""
    while firsts[document] != document:
        firsts[document] = firsts[firsts[document]]
        document = firsts[document]
    return document
