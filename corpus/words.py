"""The one tokenisation that signals and duplicates share: code points, words, lines and their hashes as arrays.

A word is a run of characters without white space; each ideograph and kana is a word of its own (with the
punctuation after it), as those scripts put no spaces between words. Thai, Lao, Khmer and Burmese runs stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.plain_signals import CLOSERS, IDEOGRAPHS, SPACES, TERMINAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Ints: TypeAlias = NDArray[np.int64]
Hashes: TypeAlias = NDArray[np.uint64]
Mask: TypeAlias = NDArray[np.bool_]

SPACE, LETTER, UPPER, LOWER, DIGIT, MARK, CLOSER, ALONE = (1 << n for n in range(8))
_NEWLINE = 10
_ALONE = re.compile(f"[{IDEOGRAPHS}]")
# An odd base whose powers look random; its inverse modulo 2**64 exists because it is odd.
_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xBF58476D1CE4E5B9)
CHUNK = 1_000_000  # code points: more save few calls, and cost memory
# Unless told otherwise, as workers are, glibc gives freed memory back by the size of what was freed so far: after a block of 16 MB (which is
# never touched) it keeps the arrays of one chunk for the next, which to fetch page by page takes a quarter of the time.
np.empty(16 << 20, np.uint8)
_UNSEEN = 255  # no code point has all classes
_BLOCK = 8  # bits of a code point that number it within a block of such


@cache
def _known() -> NDArray[np.uint8]:
    """Return the class bits of every code point, filled block by block as texts need them."""
    return np.full(0x110000, _UNSEEN, np.uint8)


def _classify(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the class bits of each code point."""
    kinds = _known().take(points)
    if kinds.max(initial=0) == _UNSEEN:
        for block in np.unique(points[kinds == _UNSEEN] >> _BLOCK).tolist():
            block_points = range(block << _BLOCK, (block + 1) << _BLOCK)
            _known()[block_points.start : block_points.stop] = [_class(chr(point)) for point in block_points]
        kinds = _known().take(points)
    return kinds


def _class(char: str) -> int:
    """Return the class bits of a character.

    >>> _class("É") == LETTER | UPPER, _class("東") == LETTER | ALONE, _class("!") == MARK
    (True, True, True)
    """
    category = unicodedata.category(char)
    bits = {"L": LETTER, "N": DIGIT}.get(category[0], 0) | {"Lu": UPPER, "Ll": LOWER}.get(category, 0)
    tests = ((SPACES, SPACE), (TERMINAL, MARK), (CLOSERS, CLOSER))
    return bits | sum(bit for chars, bit in tests if char in chars) | (ALONE if _ALONE.match(char) else 0)


@cache
def powers(size: int) -> tuple[Hashes, Hashes]:
    """Return the first `size` powers of the base, and of its inverse."""
    return _grown(_BASE, size), _grown(pow(_BASE, -1, 1 << 64), size)


def _grown(base: int, size: int) -> Hashes:
    grown = np.full(size, base, np.uint64)
    grown[0] = 1
    return np.multiply.accumulate(grown)


def rolling(values: NDArray[Any]) -> Hashes:
    """Return the running sums, beginning with zero, of `values` times the powers of the base.

    The difference of two, times a power of the inverse, is a hash of the values between.
    """
    sums = np.empty(len(values) + 1, np.uint64)
    sums[0], sums[1:] = 0, values
    sums[1:] *= powers(room(len(values)))[0][: len(values)]
    return np.cumsum(sums, out=sums)


def mix(hashes: Hashes) -> Hashes:
    """Return hashes whose every bit depends on every bit of the given ones."""
    mixed = (hashes ^ (hashes >> np.uint64(31))) * _MIX
    return mixed ^ (mixed >> np.uint64(29))


@dataclass(frozen=True, slots=True)
class Spans:
    """Words, lines or paragraphs of some texts: where each begins and ends, and the first one of each text."""

    starts: Ints
    ends: Ints
    first: Ints  # one more than there are texts

    @property
    def rows(self) -> Ints:
        """The text that each span belongs to."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    @property
    def counts(self) -> Ints:
        """How many spans each text has."""
        return np.diff(self.first)

    def sum(self, values: NDArray[Any]) -> Ints:
        """Return the sum of `values` (one a span) for each text."""
        return sum_spans(values, self.first[:-1], self.first[1:])


@dataclass(frozen=True, slots=True)
class Words:
    """Some texts as arrays; a line feed stands after each text."""

    points: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    edges: Ints  # where each text begins; one more than there are texts
    words: Spans
    feeds: Ints  # where the line feeds stand
    words_before: Ints  # how many words begin before each line feed
    rolling: Hashes
    chars: Ints  # of each text

    def hash(self, starts: Ints, ends: Ints) -> Hashes:
        """Return a hash of the characters of each span, wherever it stands."""
        inverse = powers(room(len(self.points)))[1]
        content = (self.rolling[ends] - self.rolling[starts]) * inverse[starts]
        return mix(content + (ends - starts).astype(np.uint64))  # the length tells "a" from "a\0"

    def lines(self) -> Spans:
        """Return the lines that are not blank, without white space at their ends, as spans of words."""
        return self._between(self.words_before)

    def paragraphs(self) -> Spans:
        """Return the runs of lines without a blank line between, as spans of words."""
        # The second line feed in a row ends a paragraph, and so does the one after each text.
        blank = np.zeros(len(self.feeds), bool)
        blank[1:] = self.words_before[1:] == self.words_before[:-1]
        blank[np.searchsorted(self.feeds, self.edges[1:] - 1)] = True
        return self._between(self.words_before[blank])

    def _between(self, at: Ints) -> Spans:
        """Return the spans of words up to each of some counts of words; those without a word are left out."""
        begins = np.concatenate([[0], at[:-1]]).astype(np.int64)
        full = at > begins
        begins, ends = begins[full], at[full]
        return Spans(begins, ends, np.searchsorted(begins, self.words.first))


def read_words(texts: Sequence[str]) -> Words:
    """Return `texts` as arrays.

    >>> found = read_words(["One two.\\n\\nThree", "", "東京 2025"])
    >>> found.words.counts.tolist(), found.lines().counts.tolist()
    ([3, 0, 3], [2, 0, 1])
    """
    points = np.frombuffer("\n".join((*texts, "")).encode("utf-32-le"), np.uint32)
    kinds = _classify(points)
    chars = np.fromiter(map(len, texts), np.int64, len(texts))
    edges = np.concatenate([[0], np.cumsum(chars + 1)])
    starts, ends = _word_spans(kinds)
    words = Spans(starts, ends, np.searchsorted(starts, edges))
    feeds = np.flatnonzero(points == _NEWLINE)
    return Words(points, kinds, edges, words, feeds, np.searchsorted(starts, feeds), rolling(points), chars)


def _word_spans(kinds: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    inner = np.zeros(len(kinds) + 2, bool)
    np.equal(kinds & SPACE, 0, out=inner[1:-1])
    turns = np.flatnonzero(inner[1:] != inner[:-1])
    starts, ends = turns[::2].copy(), turns[1::2].copy()
    if kinds.max(initial=0) < ALONE:  # the highest bit
        return starts, ends
    alone = kinds >= ALONE
    begins = alone.copy()
    begins[1:] |= alone[:-1] & ((kinds[1:] & (LETTER | DIGIT)) != 0)
    begins[starts] = True
    starts = np.flatnonzero(begins)
    stops = np.zeros(len(kinds) + 1, bool)
    np.logical_and(begins, inner[:-2], out=stops[:-1])
    stops[ends] = True
    return starts, np.flatnonzero(stops)


def room(size: int) -> int:
    """Return how many powers to hold for `size` points: few different numbers, so that few tables are made."""
    return 1 << max(size.bit_length(), 14)


def chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield `texts` in groups of at most CHUNK characters; a longer text stands alone."""
    begin, held = 0, 0
    for n, text in enumerate(texts):
        if held and held + len(text) > CHUNK:
            yield texts[begin:n]
            begin, held = n, 0
        held += len(text) + 1
    if begin < len(texts):
        yield texts[begin:]


def running(values: NDArray[Any]) -> NDArray[Any]:
    """Return the running sums of `values`, beginning with zero."""
    kind = np.uint64 if values.dtype == np.uint64 else np.int64
    sums = np.zeros(len(values) + 1, kind)
    np.cumsum(values, dtype=kind, out=sums[1:])
    return sums


def sum_spans(values: NDArray[Any], starts: Ints, ends: Ints) -> NDArray[Any]:
    """Return the sum of `values` from each start to its end."""
    sums = running(values)
    sums_of_spans: NDArray[Any] = np.subtract(sums[ends], sums[starts])
    return sums_of_spans
