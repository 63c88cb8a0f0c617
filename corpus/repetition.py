"""Repetition within a text: lines, paragraphs and runs of words that stand in it more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.words import Hashes, Ints, Spans, Words, mix, running

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP = np.uint64(0xD6E8FEB86659FD93)
_END = np.uint64(1 << 40)  # more than any character: a word of one is hashed from its number
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
    texts = np.arange(len(spans.counts))
    rows = np.repeat(texts, spans.counts + 1)
    # After each text stands an end that is like no word: so a run that reaches over it is never repeated.
    ends = spans.first[1:] + texts
    wordy = np.ones(len(rows), bool)
    wordy[ends] = False
    tokens, lengths = np.zeros(len(rows), np.uint64), np.zeros(len(rows), np.int64)
    tokens[wordy], lengths[wordy] = hashes, spans.ends - spans.starts
    tokens[ends] = mix(texts.astype(np.uint64) + _END)
    lengths = running(lengths)
    keys = tokens[:-1] + _marked(rows[:-1])
    keys *= _STEP
    keys += tokens[1:]
    at = _maybe_repeated(keys)
    keys = keys[at]
    for n in range(2, max(REPEATED) + 1):
        if n > 2:  # a run of n words is repeated only where its first n - 1 words are
            keys = mix(keys * _STEP + tokens[at + n - 1])
        if n == 3:  # the last length at which most are not
            maybe = _maybe_repeated(keys)
            at, keys = at[maybe], keys[maybe]
        found = group_keys(keys)
        begins, firsts = at[found.begins], at[found.firsts]
        at, keys = at[found.places], keys[found.places]
        if n in TOP:
            yield n, _top(n, begins, found.counts, rows, lengths, spans)
        elif n in REPEATED:
            yield n, _covered(n, at, firsts, rows, lengths, len(texts))


@dataclass(frozen=True, slots=True)
class Groups:
    """The keys that occur more than once: their places in order, and for each the place of the first like it; for
    each group of equal ones where it begins and how many they are.
    """

    places: Ints
    firsts: Ints
    begins: Ints
    counts: Ints


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
    edges = np.flatnonzero(fresh)
    sizes = np.diff(edges)
    many = sizes > 1
    counts = sizes[many]
    begins = order[edges[:-1][many]]
    first = np.full(len(keys), -1)
    first[order[~(fresh[1:] & fresh[:-1])]] = begins.repeat(counts)
    places = np.flatnonzero(first >= 0)
    return Groups(places, first[places], begins, counts)


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
    begin = np.where(best >> 32 > 0, (1 << 32) - 1 - (best & (1 << 32) - 1), spans.first[:-1] + np.arange(height))
    full = spans.counts >= n
    begin = begin[full]
    result = np.zeros(height, np.int64)
    result[full] = (lengths[begin + n] - lengths[begin] + n - 1) * np.maximum(best[full] >> 32, 1)
    return result


def _covered(n: int, at: Ints, firsts: Ints, rows: Ints, lengths: Ints, height: int) -> Ints:
    """Return for each text the characters of runs that stood before; after one, the search goes on behind it.

    `firsts` tells for each run where the first one like it begins.
    """
    starts = _spaced(at[at != firsts], n)
    # Two may overlap, and a run that is passed over for one that stood before is not known later: then step by step.
    passed = np.searchsorted(starts, firsts, side="right") - 1
    hidden = at[(passed >= 0) & (firsts - starts[passed] < n)] if len(starts) else at
    overlapping = starts[1:][np.diff(starts) < n]
    if len(hidden) or len(overlapping):
        doubtful = np.zeros(height, bool)
        doubtful[rows[hidden]] = True
        doubtful[rows[overlapping]] = True
        again = doubtful[rows[at]]
        starts = np.concatenate([starts[~doubtful[rows[starts]]], _searched(at[again], firsts[again], n)])
    result = np.zeros(height, np.int64)
    np.add.at(result, rows[starts], lengths[starts + n] - lengths[starts])
    return result


def _spaced(places: Ints, n: int) -> Ints:
    """Return of each row of consecutive places the first, and from there on every n-th."""
    breaks = np.flatnonzero(np.diff(places) != 1) + 1
    begins = np.concatenate([places[:1], places[breaks]])
    ends = np.concatenate([places[breaks - 1], places[-1:]])
    counts = (ends - begins) // n + 1
    before = running(counts)[:-1]
    spaced: Ints = begins.repeat(counts) + (np.arange(counts.sum()) - before.repeat(counts)) * n
    return spaced


def _searched(at: Ints, firsts: Ints, n: int) -> Ints:
    """Return the runs that stood before, found from the first on."""
    seen: set[int] = set()
    free = 0
    found = []
    for place, first in zip(at.tolist(), firsts.tolist(), strict=True):
        if place >= free:
            if first in seen:
                found.append(place)
                free = place + n
            else:
                seen.add(first)
    return np.array(found, np.int64)
