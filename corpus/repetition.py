"""Repetition within a text: lines, paragraphs and runs of words that stand in it more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.words import Hashes, Ints, Spans, Words, mix, running

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP = np.uint64(0xD6E8FEB86659FD93)
TOP = (2, 3, 4)
REPEATED = (5, 6, 7, 8, 9, 10)


def repeated(words: Words, spans: Spans) -> tuple[Ints, Ints]:
    """Return for each text how many of its lines or paragraphs stood in it before, and their characters."""
    starts, ends = words.words.starts[spans.starts], words.words.ends[spans.ends - 1]
    rows = spans.rows
    again = np.zeros(len(rows), np.int64)
    again[_later(words.hash(starts, ends) + _marked(rows))] = 1
    return spans.sum(again), spans.sum(again * (ends - starts))


def _marked(rows: Ints) -> Hashes:
    return (rows.astype(np.uint64) + np.uint64(1)) * _STEP


def _later(keys: Hashes) -> Ints:
    """Return the places of the keys that stood before."""
    places = _sorted_places(keys)
    ordered = keys[places]
    again: Ints = places[1:][ordered[1:] == ordered[:-1]]
    return again


def repeated_grams(words: Words, hashes: Hashes) -> Iterator[tuple[int, Ints]]:
    """Yield n and for each text: for n in TOP the characters of all copies of its most frequent run of n words;
    for n in REPEATED the characters in runs of n words that stood in it before, no word counted twice.
    """
    spans = words.words
    lengths = running(spans.ends - spans.starts)
    rows = spans.rows
    last = np.repeat(spans.first[1:], spans.counts)  # one past the last word of each word's text
    keys = hashes[:-1] + _marked(rows[:-1])
    keys *= _STEP
    keys += hashes[1:]
    at = _maybe_repeated(keys)
    keys = keys[at]
    for n in range(2, max(REPEATED) + 1):
        inside = at + n <= last[at]
        at, keys = at[inside], keys[inside]
        if n > 2:  # a run of n words is repeated only where its first n - 1 words are
            keys = mix(keys * _STEP + hashes[at + n - 1])
        found = group_keys(keys)
        at, keys = at[found.places], keys[found.places]
        if n in TOP:
            yield n, _top(n, at[found.firsts], found.counts, rows, lengths, spans)
        elif n in REPEATED:
            yield n, _covered(n, at, found.groups, rows, lengths, len(spans.counts))


@dataclass(frozen=True, slots=True)
class Groups:
    """The keys that occur more than once: their places in order, the group of equal keys that each is in, and for
    each group how many they are and which of `places` is the first.
    """

    places: Ints
    groups: Ints
    counts: Ints
    firsts: Ints


def _maybe_repeated(keys: Hashes) -> Ints:
    """Return the places of the keys that may occur more than once: those that share a slot of a table.

    Most runs of words occur once: they need not be sorted.
    """
    bits = max(10, (len(keys) * 4).bit_length())
    slots = (keys >> np.uint64(64 - bits)).astype(np.int64)
    holder = np.empty(1 << bits, np.int32)
    numbers = np.arange(len(keys), dtype=np.int32)
    holder[slots] = numbers
    holders = holder[slots]
    beaten = np.flatnonzero(holders != numbers)
    shared = np.zeros(len(keys), bool)
    shared[beaten] = True
    shared[holders[beaten]] = True
    return np.flatnonzero(shared)


def group_keys(keys: Hashes) -> Groups:
    """Return which keys occur more than once."""
    order = _sorted_places(keys)
    ordered = keys[order]
    fresh = np.ones(len(keys) + 1, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:-1])
    begins = np.flatnonzero(fresh)
    sizes = np.diff(begins)
    many = sizes > 1
    counts = sizes[many]
    which = np.full(len(keys), -1)
    which[order[np.repeat(many, sizes)]] = np.repeat(np.arange(len(counts)), counts)
    again = which >= 0
    places = np.flatnonzero(again)
    return Groups(places, which[places], counts, running(again)[order[begins[:-1][many]]])


def _sorted_places(keys: Hashes) -> Ints:
    """Return the places of the keys in the order of the keys, and where they are equal in their own.

    numpy sorts numbers several times faster than their places: so the place is laid into the lower bits of its key,
    and the result used unless two keys differed in those bits alone.
    """
    low = np.uint64((1 << len(keys).bit_length()) - 1)
    packed = np.sort(keys & ~low | np.arange(len(keys), dtype=np.uint64))
    places = (packed & low).astype(np.int64)
    alike = (packed[1:] ^ packed[:-1]) <= low
    if (alike & (keys[places[1:]] != keys[places[:-1]])).any():
        return np.argsort(keys, kind="stable")
    return places


def _top(n: int, begins: Ints, counts: Ints, rows: Ints, lengths: Ints, spans: Spans) -> Ints:
    """Return for each text the characters (with one space between words) of all copies of its most frequent run.

    `begins` and `counts` tell of the repeated runs where the first copy begins, and how many they are; of runs
    as frequent the first counts.
    """
    height = len(spans.counts)
    best = np.full(height, (1 << 32) - 1)  # the count, then how far before 2 ** 32 the run begins
    np.maximum.at(best, rows[begins], counts << 32 | (1 << 32) - 1 - begins)
    begin = np.where(best >> 32 > 0, (1 << 32) - 1 - (best & (1 << 32) - 1), spans.first[:-1])
    full = spans.counts >= n
    begin = begin[full]
    result = np.zeros(height, np.int64)
    result[full] = (lengths[begin + n] - lengths[begin] + n - 1) * np.maximum(best[full] >> 32, 1)
    return result


def _covered(n: int, at: Ints, group: Ints, rows: Ints, lengths: Ints, height: int) -> Ints:
    """Return for each text the characters of runs that stood before; after one, the search goes on behind it."""
    result = np.zeros(height, np.int64)
    seen = bytearray(group.max(initial=0) + 1)
    free = 0
    found = []
    for place, which in zip(at.tolist(), group.tolist(), strict=True):
        if place >= free:
            if seen[which]:
                found.append(place)
                free = place + n
            else:
                seen[which] = 1
    starts = np.array(found, np.int64)
    np.add.at(result, rows[starts], lengths[starts + n] - lengths[starts])
    return result
