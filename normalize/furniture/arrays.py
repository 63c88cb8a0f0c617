"""Arrays: the letters and words of all lines of a text, counted at once.

Imported only where a page is judged: numpy is not loaded for a text that is no page.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from normalize.lines import Line

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]

# Classes of letters and signs; each character has exactly one.
LOWER, UPPER, CASELESS, WIDE, DIGIT, SPACE, STOP, ASK, COMMA, COLON, DASH, QUOTE, BRACKET, BAR, OTHER, SIGN = range(16)
_CLASSES = 16
_SIGNS = {
    STOP: ".。।။።۔．…",
    ASK: "?!？！؟",
    COMMA: ",，、،;；",
    COLON: ":：",
    DASH: "-–—―",
    QUOTE: "\"'“”„‘’‚«»‹›「」『』",
    BRACKET: "()[]（）【】{}",
    BAR: "|•·/›▸►→>*",
    SIGN: "@#©®™$€£%&+=_~^",
}
_ELLIPSIS = 0x2026
_LATIN = 0x250  # letters before this count without their accents, as addresses write them
_BASE = 0x9E3779B97F4A7C15  # an odd number: it has an inverse, so a word's hash does not depend on where it stands
_MASK = (1 << 64) - 1
_INVERSE = pow(_BASE, -1, 1 << 64)
BUCKETS = 1 << 15  # of the word table


class Page(NamedTuple):
    """The lines of a text as arrays; words stand in text order, `line` tells whose they are."""

    size: Ints  # letters of each line
    counts: Ints  # lines x classes
    first: Ints  # class of each line's first and last two letters
    last: Ints
    before: Ints
    hashes: Words  # of each line
    line: Ints
    word: Words  # hash of each word, without case
    length: Ints
    capital: NDArray[np.bool_]  # whether a word begins with a capital
    starts: Ints  # each line's first word (half-open ranges, n + 1 of them)
    breaks: Ints  # per line: a stop, a space, a capital
    glues: Ints  # per line: a small letter or a stop, and at once a capital
    clocks: Ints  # per line: a digit, a colon, a digit
    place: Ints  # of each word in tables of words
    open_end: NDArray[np.bool_]  # whether a line ends in an ellipsis


def read_page(text: str, lines: Sequence[Line]) -> Page:
    """Return the arrays of a text's lines, none of them empty."""
    n = len(lines)
    bounds = np.array(lines, dtype=np.int64).reshape(n, 2)
    size = bounds[:, 1] - bounds[:, 0]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    ends = np.cumsum(size)
    heads = ends - size
    at = np.arange(int(ends[-1])) + np.repeat(bounds[:, 0] - heads, size)
    codes = np.minimum(codes.take(at), 0xFFFF).astype(np.int64)
    line_of = np.repeat(np.arange(n), size)
    classes_of, lower_of = letters()
    classes = classes_of.take(codes)
    counts = np.bincount(line_of * _CLASSES + classes, minlength=n * _CLASSES).reshape(n, _CLASSES)
    powers, inverses = _powers(codes.size)
    sums = np.zeros(codes.size + 1, np.uint64)
    np.cumsum((lower_of.take(codes).astype(np.uint64) + np.uint64(1)) * powers, out=sums[1:])
    return Page(
        size,
        counts,
        classes[heads].astype(np.int64),
        classes[ends - 1].astype(np.int64),
        classes[np.maximum(ends - 2, heads)].astype(np.int64),
        (sums[ends] - sums[heads]) * inverses[heads],
        *_words(codes, classes, line_of, sums, inverses, heads, n),
        _open_ends(codes, classes, heads, ends),
    )


def _words(
    codes: Ints,
    classes: NDArray[np.uint8],
    line_of: Ints,
    sums: Words,
    inverses: Words,
    heads: Ints,
    n: int,
) -> tuple[Ints, Words, Ints, NDArray[np.bool_], Ints, Ints, Ints, Ints, Ints]:
    inside = classes <= DIGIT
    edge = np.zeros(codes.size, np.bool_)
    edge[heads] = True
    wide = classes == WIDE
    opens = inside.copy()
    opens[1:] &= ~inside[:-1] | edge[1:] | wide[1:] | wide[:-1]
    closes = inside.copy()
    closes[:-1] &= ~inside[1:] | edge[1:] | wide[:-1] | wide[1:]
    start, end = np.flatnonzero(opens), np.flatnonzero(closes) + 1
    line = line_of[start]
    length = end - start
    first = classes[start]
    words = (sums[end] - sums[start]) * inverses[start]
    stop = (classes == STOP) | (classes == ASK)
    broken = stop[:-2] & (classes[1:-1] == SPACE) & (classes[2:] == UPPER) & ~edge[1:-1]
    glued = (stop[:-1] | (classes[:-1] == LOWER)) & (classes[1:] == UPPER) & ~edge[1:]
    clock = (classes[:-2] == DIGIT) & (classes[1:-1] == COLON) & (classes[2:] == DIGIT)
    return (
        line,
        words,
        length,
        first == UPPER,
        np.searchsorted(line, np.arange(n + 1)),
        np.bincount(line_of[:-2][broken], minlength=n),
        np.bincount(line_of[1:][glued], minlength=n),
        np.bincount(line_of[:-2][clock], minlength=n),
        bucket(words),
    )


def _open_ends(codes: Ints, classes: NDArray[np.uint8], heads: Ints, ends: Ints) -> NDArray[np.bool_]:
    before = np.maximum(ends - 2, heads)
    dots = (classes[ends - 1] == STOP) & (classes[before] == STOP) & (before < ends - 1)
    open_end: NDArray[np.bool_] = dots | (codes[ends - 1] == _ELLIPSIS) | (codes[before] == _ELLIPSIS)
    return open_end


def hash_words(text: str) -> Words:
    """Return the hashes of the words of `text`, as `Page.word` has them."""
    from normalize.lines import Line  # noqa: PLC0415

    flat = text.replace("\n", " ").strip()
    return read_page(flat, [Line(0, len(flat))]).word if flat else np.zeros(0, np.uint64)


def bucket(words: Words) -> Ints:
    """Return where each word stands in the word table."""
    return ((words * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(49)).astype(np.int64)


@cache
def letters() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Return each code point's class and its lower case; those beyond the first plane count as its last."""
    classes = np.full(0x10000, OTHER, np.uint8)
    lower = np.arange(0x10000, dtype=np.uint16)
    for code in range(0x10000):
        sign = chr(code)
        kind = unicodedata.category(sign)
        if kind[0] in "LM":
            classes[code] = {"Ll": LOWER, "Lu": UPPER, "Lt": UPPER}.get(kind, CASELESS)
            small = sign.lower()
            plain = unicodedata.normalize("NFKD", small)[:1] if code < _LATIN else small
            lower[code] = ord(plain) if len(plain) == 1 else code
        elif kind[0] == "N":
            classes[code] = DIGIT
        elif sign.isspace():
            classes[code] = SPACE
    for first, last in ((0x0E00, 0x0E7F), (0x1100, 0x11FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF)):
        classes[first : last + 1] = WIDE
    for name, signs in _SIGNS.items():
        classes[[ord(sign) for sign in signs]] = name
    return classes, lower


def _powers(size: int) -> tuple[Words, Words]:
    kept = _all_powers(1 << max(16, (size - 1).bit_length()))
    return kept[0][:size], kept[1][:size]


@cache
def _all_powers(size: int) -> tuple[Words, Words]:
    """Return the powers of the hash's base, and of its inverse: whole numbers that wrap around."""
    pair = []
    for base in (_BASE, _INVERSE):
        powers = np.full(size, base, np.uint64)
        powers[0] = 1
        pair.append(np.multiply.accumulate(powers))
    return pair[0], pair[1]
