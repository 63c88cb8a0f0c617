"""The one tokenisation that signals and duplicates share: code points, words, lines and their hashes as arrays.

A word is a run of characters without white space; each ideograph and kana is a word of its own (with the
punctuation after it), as those scripts put no spaces between words. Thai, Lao, Khmer and Burmese runs stay whole.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Ints: TypeAlias = NDArray[np.int64]
Hashes: TypeAlias = NDArray[np.uint64]
Mask: TypeAlias = NDArray[np.bool_]

SPACE, LETTER, UPPER, LOWER, DIGIT, MARK, CLOSER, ALONE = (1 << n for n in range(8))
# Marks that end a sentence; those of other scripts have the property Sentence_Terminal in Unicode.
_TERMINAL = ".!?…‼‽⁇⁈⁉。．！？｡؟۔।॥။၊።፧፨។៕։܀܁܂᙮᠃᠉"
_CLOSERS = "\"'”’»›)]」』】）］"
_NEWLINE = 10
# An odd base whose powers look random; its inverse modulo 2**64 exists because it is odd.
_BASE = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xBF58476D1CE4E5B9)
CHUNK = 500_000  # code points: what the arrays need then stays in a processor's cache


@cache
def _classes() -> NDArray[np.uint8]:
    """Return the class bits of every code point (the planes beyond the second hold ideographs alone)."""
    table = np.zeros(0x110000, np.uint8)
    for point in range(0x20000):
        category = unicodedata.category(chr(point))
        if category[0] == "L":
            table[point] = LETTER | {"Lu": UPPER, "Ll": LOWER}.get(category, 0)
        elif category[0] == "N":
            table[point] = DIGIT
        elif category == "Zs" or chr(point) in "\t\n\v\f\r\x85\u2028\u2029":
            table[point] = SPACE
    for text, bit in ((_TERMINAL, MARK), (_CLOSERS, CLOSER)):
        table[[ord(c) for c in text]] |= bit
    for first, last in ((0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)):
        table[first : last + 1] |= ALONE
    table[0x20000:0x32400] = LETTER | ALONE
    return table


@cache
def powers(size: int) -> tuple[Hashes, Hashes]:
    """Return the first `size` powers of the base, and of its inverse."""
    return _grown(_BASE, size), _grown(pow(_BASE, -1, 1 << 64), size)


def _grown(base: int, size: int) -> Hashes:
    grown = np.full(size, base, np.uint64)
    grown[0] = 1
    return np.multiply.accumulate(grown)


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
    rolling: Hashes
    chars: Ints  # of each text

    def hash(self, starts: Ints, ends: Ints) -> Hashes:
        """Return a hash of the characters of each span, wherever it stands."""
        inverse = powers(room(len(self.points)))[1]
        return mix((self.rolling[ends] - self.rolling[starts]) * inverse[starts])

    def lines(self) -> Spans:
        """Return the lines that are not blank, without white space at their ends, as spans of words."""
        return self._between(np.flatnonzero(self.points == _NEWLINE))

    def paragraphs(self) -> Spans:
        """Return the runs of lines without a blank line between, as spans of words."""
        feeds = np.flatnonzero(self.points == _NEWLINE)
        # The second line feed in a row ends a paragraph, and so does the one after each text.
        word_at = np.searchsorted(self.words.starts, feeds)
        blank = np.zeros(len(feeds), bool)
        blank[1:] = word_at[1:] == word_at[:-1]
        blank[np.searchsorted(feeds, self.edges[1:] - 1)] = True
        return self._between(feeds[blank])

    def _between(self, stops: Ints) -> Spans:
        """Return the spans of words between points; those without a word are left out."""
        at = np.searchsorted(self.words.starts, stops)
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
    kinds = _classes().take(points)
    chars = np.fromiter(map(len, texts), np.int64, len(texts))
    edges = np.concatenate([[0], np.cumsum(chars + 1)])
    starts, ends = _word_spans(kinds)
    words = Spans(starts, ends, np.searchsorted(starts, edges))
    rising = powers(room(len(points)))[0]
    return Words(points, kinds, edges, words, running(points * rising[: len(points)]), chars)


def _word_spans(kinds: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    inner = (kinds & SPACE) == 0
    after = np.concatenate([[False], inner[:-1]])  # whether the point before is no space
    begins = inner & ~after
    alone = (kinds & ALONE) != 0
    if alone.any():
        behind = np.concatenate([[False], alone[:-1]])
        begins |= alone | (behind & ((kinds & (LETTER | DIGIT)) != 0))
    following = np.concatenate([begins[1:], [True]])
    stays = np.concatenate([inner[1:], [False]])
    return np.flatnonzero(begins), np.flatnonzero(inner & (following | ~stays)) + 1


def room(size: int) -> int:
    """Return how many powers to hold for `size` points: few different numbers, so that few tables are made."""
    return max(CHUNK * 2, 1 << size.bit_length())


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
