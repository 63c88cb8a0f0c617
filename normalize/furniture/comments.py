"""Comments of readers: the lines that head them, and the stamps and names above each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from normalize.furniture import arrays
from normalize.tables import read_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from normalize.furniture.arrays import Page

STAMP = 120  # letters within which a line that names a year or a clock is a stamp
_FOLLOWS = 5  # lines in which the first comment's day and clock stand


def has(page: Page, words: frozenset[int]) -> NDArray[np.bool_]:
    """Return which lines have one of `words`, given by their hashes."""
    out = np.zeros(len(page.size), np.bool_)
    # Their places tell most other words apart, which is cheaper than to look for each word's hash.
    found = _places(words).take(page.place).nonzero()[0]
    if found.size:
        told = zip(page.line[found].tolist(), page.word[found].tolist(), strict=True)
        out[[line for line, word in told if word in words]] = True
    return out


@cache
def _places(words: frozenset[int]) -> NDArray[np.bool_]:
    marked = np.zeros(arrays.BUCKETS, np.bool_)
    marked[arrays.bucket(np.array(sorted(words), np.uint64))] = True
    return marked


def ends_in(page: Page, words: frozenset[int]) -> NDArray[np.bool_]:
    """Return of which lines the last word is one of `words`."""
    out = np.zeros(len(page.size), np.bool_)
    last = ((page.starts[1:] > page.starts[:-1]) & (page.last == arrays.COLON)).nonzero()[0]
    if not last.size:
        return out
    words_of = page.word[page.starts[1:][last] - 1].tolist()
    out[[line for line, word in zip(last.tolist(), words_of, strict=True) if word in words]] = True
    return out


def comment_heads(page: Page) -> NDArray[np.bool_]:
    """Return which lines head the comments of readers: they speak of comments, and a day with a clock soon follows."""
    heads = (page.size < STAMP) & has(page, _comment_words())
    if not heads.any():
        return heads
    stamps = (page.size < STAMP) & (page.clocks > 0) & has(page, years())
    follows = np.zeros(len(heads), np.bool_)
    for by in range(1, _FOLLOWS + 1):
        follows[:-by] |= stamps[by:]
    return heads & follows


@cache
def _comment_words() -> frozenset[int]:
    return _hashes(" ".join(row["word"] for row in read_table("comment_words") if row["kind"] == "head"))


@cache
def years() -> frozenset[int]:
    """Return the hashes of what tells a day of our times: years, and "ago"."""
    return _hashes(" ".join(map(str, range(1990, 2040))) + " ago")


@cache
def sayings() -> frozenset[int]:
    """Return the hashes of the words that close a name above a comment."""
    return _hashes(" ".join(row["word"] for row in read_table("comment_words") if row["kind"] == "says"))


def _hashes(words: str) -> frozenset[int]:
    return frozenset(arrays.hash_words(words).tolist())
