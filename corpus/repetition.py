"""Repetition within a text: lines, paragraphs and runs of words that stand in it more than once."""

from __future__ import annotations

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
    places = np.argsort(keys, kind="stable")
    ordered = keys[places]
    again: Ints = places[1:][ordered[1:] == ordered[:-1]]
    return again


def repeated_grams(words: Words, hashes: Hashes) -> Iterator[tuple[int, Ints]]:
    """Yield n and for each text: for n in TOP the characters of all copies of its most frequent run of n words;
    for n in REPEATED the characters in runs of n words that stood in it before, no word counted twice.
    """
    spans = words.words
    lengths = running(spans.ends - spans.starts)
    height = len(spans.counts)
    rows = spans.rows
    last = spans.first[1:][rows]  # one past the last word of each word's text
    at = np.flatnonzero(np.arange(2, len(rows) + 2) <= last)
    keys = mix(hashes[at] * _STEP + _marked(rows[at]))
    for n in range(2, max(REPEATED) + 1):
        if n > 2:
            # A run of n words is repeated only where its first n - 1 words are.
            inside = at + n <= last[at]
            at = at[inside]
            keys = keys[inside]
        keys = mix(keys * _STEP + hashes[at + n - 1])
        at, keys, group = _of_repeated(at, keys)
        if n in TOP:
            yield n, _top(n, at, group, rows, lengths, spans, height)
        elif n in REPEATED:
            yield n, _covered(n, at, group, rows, lengths, height)


def _of_repeated(at: Ints, keys: Hashes) -> tuple[Ints, Hashes, Ints]:
    """Return the places whose key occurs more than once, in order, with the key and a number for each key."""
    places = _maybe_repeated(keys)
    at, keys = at[places], keys[places]
    order = np.argsort(keys)
    ordered = keys[order]
    fresh = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]
    group = np.empty(len(keys), np.int64)
    group[order] = np.cumsum(fresh) - 1
    many = np.bincount(group)[group] > 1 if len(group) else np.zeros(0, bool)
    return at[many], keys[many], group[many]


def _maybe_repeated(keys: Hashes) -> Ints:
    """Return the places of the keys that may occur more than once: those that share a slot of a table.

    Most runs of words occur once: they need not be sorted.
    """
    bits = max(10, (len(keys) * 8).bit_length())
    slots = (keys >> np.uint64(64 - bits)).astype(np.int64)
    holder = np.empty(1 << bits, np.int32)
    numbers = np.arange(len(keys), dtype=np.int32)
    holder[slots] = numbers
    beaten = slots[holder[slots] != numbers]
    shared = np.zeros(1 << bits, bool)
    shared[beaten] = True
    return np.flatnonzero(shared[slots])


def _top(n: int, at: Ints, group: Ints, rows: Ints, lengths: Ints, spans: Spans, height: int) -> Ints:
    """Return for each text the characters (with one space between words) of all copies of its most frequent run."""
    result = np.zeros(height, np.int64)
    full = np.flatnonzero(spans.counts >= n)
    first = spans.first[full]
    result[full] = lengths[first + n] - lengths[first] + n - 1  # nothing repeated: the first run, once
    if len(at):
        _, firsts, counts = np.unique(group, return_index=True, return_counts=True)
        begins = at[firsts]
        best = np.lexsort((begins, -counts, rows[begins]))
        which = rows[begins[best]]
        best = best[np.concatenate([[True], which[1:] != which[:-1]])]
        begins = begins[best]
        result[rows[begins]] = (lengths[begins + n] - lengths[begins] + n - 1) * counts[best]
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
