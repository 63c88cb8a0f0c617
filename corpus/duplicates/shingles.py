"""Shingles: each run of three words of a document as a number, without case and punctuation; and its lines."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.words import Hashes, Ints, Mask, mix, powers, rolling, room, running

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 3  # words in a shingle
WIDE = 6  # the same where most words are single ideographs or kana: about as many words of their language
# The lowest bits of a shingle tell that it was quoted (independent reports of one event quote the same words) and
# that it holds a digit (reports made by one template differ in their numbers).
QUOTED, NUMBER = np.uint32(1), np.uint32(2)
_STEP = np.uint64(0x9FB21C651E98DF25)
# What code points are folded to that stand in no word.
_OUTSIDE, _LINE_FEED, _MARK, _ACCOUNT = range(4)
_FIRST_ALONE = 0x3041
_MARKS = '"“”„«»「」『』'

Shingles: TypeAlias = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some documents: which document, where in it, and a hash of their words."""

    documents: Ints
    starts: Ints
    ends: Ints
    hashes: Hashes


@dataclass(frozen=True, slots=True)
class Shingled:
    """The shingles of some documents, each once, sorted within their document."""

    values: Shingles
    edges: Ints  # where each document's begin; one more than there are documents
    exact: Hashes  # two numbers a document, equal for documents of the same words; 0 for those without any
    lines: Lines


@cache
def _folded() -> NDArray[np.uint32]:
    """Return each code point in lower case, and what separates words by its kind: all but letters, marks, digits."""
    table = np.arange(0x110000, dtype=np.uint32)
    for point in range(0x20000):
        char = chr(point)
        if unicodedata.category(char)[0] not in "LMN":
            table[point] = _OUTSIDE
        elif len(lower := char.lower()) == 1:
            table[point] = ord(lower)
    table[0xE0000:] = _OUTSIDE
    table[[ord(mark) for mark in _MARKS]] = _MARK
    table[ord("\n")] = _LINE_FEED
    table[ord("@")] = _ACCOUNT
    return table


@cache
def _alone() -> Mask:
    """Return which code points are words of their own: ideographs and kana."""
    table = np.zeros(0x110000, bool)
    for first, last in ((_FIRST_ALONE, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323FF)):
        table[first : last + 1] = True
    return table


def shingle(texts: Sequence[str]) -> Shingled:
    """Return the shingles of `texts`.

    >>> found = shingle(["The ferry is back.", "the FERRY — is back", "“Back.”"])
    >>> found.edges.tolist(), (found.exact[0] == found.exact[1]).tolist()
    ([0, 2, 4, 4], [True, True])
    """
    points = np.frombuffer("\n".join((*texts, "")).encode("utf-32-le"), np.uint32)
    folded = _folded().take(points)
    edges = np.concatenate([[0], np.cumsum(np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts)))])
    starts, ends = _word_spans(points, folded)
    inverse = powers(room(len(points)))[1]
    sums = rolling(folded)
    words = mix((sums[ends] - sums[starts]) * inverse[starts])
    first = np.searchsorted(starts, edges)
    widths = _widths(points, starts, first)
    keys = _hash(words, np.repeat(widths, np.diff(first))) >> np.uint64(32) & ~np.uint64(QUOTED | NUMBER)
    keys |= _quoted(points, folded, starts) * np.uint64(QUOTED)
    keys |= _numbered(points, starts) * np.uint64(NUMBER)
    values, bounds = _unique(keys, np.maximum(np.diff(first) - widths + 1, 0), first[:-1])
    return Shingled(values, bounds, _exact(words, first), _lines(folded, edges, starts, ends, sums, inverse))


def _word_spans(points: NDArray[np.uint32], folded: NDArray[np.uint32]) -> tuple[Ints, Ints]:
    inner = folded > _ACCOUNT
    begins = inner.copy()
    begins[1:] &= ~inner[:-1]
    stops = inner.copy()
    stops[:-1] &= ~inner[1:]
    if points.max(initial=0) >= _FIRST_ALONE:
        alone = _alone().take(points) & inner
        begins |= alone
        begins[1:] |= alone[:-1] & inner[1:]
        stops[:-1] |= begins[1:] & inner[:-1]
    return np.flatnonzero(begins), np.flatnonzero(stops) + 1


def _widths(points: NDArray[np.uint32], starts: Ints, first: Ints) -> Ints:
    """Return how many words a shingle of each document has."""
    widths = np.full(len(first) - 1, WIDTH)
    if points.max(initial=0) >= _FIRST_ALONE:
        alone = running(_alone().take(points[starts]))
        widths[2 * (alone[first[1:]] - alone[first[:-1]]) > np.diff(first)] = WIDE
    return widths


def _hash(words: Hashes, widths: Ints) -> Hashes:
    """Return the hash of the words at each place and those after it (nonsense at the last ones)."""
    hashes = words.copy()
    for n in range(1, widths.max(initial=WIDTH)):
        grown = mix(hashes * _STEP)
        grown[: max(len(words) - n, 0)] += words[n:]
        hashes = grown if n < WIDTH else np.where(widths > n, grown, hashes)
    return mix(hashes * _STEP)


def _quoted(points: NDArray[np.uint32], folded: NDArray[np.uint32], starts: Ints) -> Mask:
    """Return for each word whether the one after it (the middle of its shingle) is quoted.

    Every quotation mark of a line opens or closes, whatever its form: “a”, „a“, »a«. One without a partner quotes
    up to the line's end, as in speeches of several paragraphs. A line that names an account, "(@name)", is a post.
    """
    events = np.flatnonzero((folded > _OUTSIDE) & (folded <= _ACCOUNT))
    kinds = folded[events]
    posts = events[(kinds == _ACCOUNT) & (points[events - 1] == ord("("))]
    kept = kinds != _ACCOUNT
    events, feeds = events[kept], kinds[kept] == _LINE_FEED
    numbers = np.arange(len(events))
    begun = np.maximum.accumulate(np.where(feeds, numbers, -1))
    open_after = np.concatenate([[False], ((numbers - begun) & 1) == 1])
    inside = open_after[np.searchsorted(events, starts)]
    if len(posts):
        stops = events[feeds]
        inside |= np.isin(np.searchsorted(stops, starts), np.searchsorted(stops, posts))
    return np.concatenate([inside[1:], [False]])[: len(starts)]


def _numbered(points: NDArray[np.uint32], starts: Ints) -> Mask:
    """Return for each word whether it or one of those after it in its shingle holds a digit."""
    digits = np.flatnonzero((points >= ord("0")) & (points <= ord("9")))
    held = np.unique(np.searchsorted(starts, digits, side="right") - 1)
    result = np.zeros(len(starts), bool)
    for n in range(WIDTH):
        result[held[held >= n] - n] = True
    return result


def _unique(keys: Hashes, counts: Ints, first: Ints) -> tuple[Shingles, Ints]:
    """Return the different keys of each document, sorted, and where each document's begin.

    A shingle that stands both in a quotation and outside counts as told.
    """
    rows = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    skipped = first - np.concatenate([[0], np.cumsum(counts)])[:-1]
    places = np.arange(len(rows)) + np.repeat(skipped, counts)
    ordered = np.sort(rows << np.uint64(32) | keys[places])
    fresh = np.ones(len(ordered), bool)
    fresh[1:] = (ordered[1:] ^ ordered[:-1]) > 1
    ordered = ordered[fresh]
    edges = np.searchsorted(ordered, np.arange(len(counts) + 1, dtype=np.uint64) << np.uint64(32))
    return ordered.astype(np.uint32), edges


def _exact(words: Hashes, first: Ints) -> Hashes:
    """Return two hashes of the words of each document, 0 for those without any."""
    inverse = powers(room(len(words)))[1]
    begins, ends = first[:-1], first[1:]
    halves = []
    for salt in (0, 1):
        sums = rolling(mix(words + np.uint64(salt)))
        halves.append((sums[ends] - sums[begins]) * inverse[begins])
    return np.column_stack(halves)


def _lines(folded: NDArray[np.uint32], edges: Ints, starts: Ints, ends: Ints, sums: Hashes, inverse: Hashes) -> Lines:
    """Return the lines that hold a word: from the first letter to the last, as code points of their document."""
    stops = np.searchsorted(starts, np.flatnonzero(folded == _LINE_FEED))
    begins = np.concatenate([[0], stops[:-1]]).astype(np.int64)
    full = stops > begins
    first, last = starts[begins[full]], ends[stops[full] - 1]
    documents = np.searchsorted(edges, first, side="right") - 1
    offsets = edges[documents]
    return Lines(documents, first - offsets, last - offsets, mix((sums[last] - sums[first]) * inverse[first]))
