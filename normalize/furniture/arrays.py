"""Arrays: the letters and words of all lines of a text, counted at once.

Imported only where a page is judged: numpy is not loaded for a text that is no page.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import chain
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
    place: Ints  # of each word in tables of words
    breaks: Ints  # per line: a stop, a space, a capital
    glues: Ints  # per line: a small letter or a stop, and at once a capital
    clocks: Ints  # per line: a digit, a colon, a digit
    open_end: NDArray[np.bool_]  # whether a line ends in an ellipsis


def read_page(text: str, lines: Sequence[Line]) -> Page:
    """Return the arrays of a text's lines, none of them empty."""
    n = len(lines)
    bounds = np.fromiter(chain.from_iterable(lines), np.int64, 2 * n)
    heads, ends = bounds[::2], bounds[1::2]
    codes, classes, sums, inverses = _hashed(text)
    # What stands between the lines is counted as line n, which is left out.
    back = np.arange(-n, 0) * _CLASSES
    row_of = np.zeros(codes.size + 1, np.int64)
    row_of[0] = n * _CLASSES
    row_of[heads] += back
    row_of[ends] -= back
    row_of = np.cumsum(row_of)[:-1]
    counts = np.bincount(row_of + classes, minlength=(n + 1) * _CLASSES).reshape(-1, _CLASSES)[:n]
    before = np.maximum(ends - 2, heads)
    return Page(
        ends - heads,
        counts,
        classes[heads].astype(np.int64),
        classes[ends - 1].astype(np.int64),
        classes[before].astype(np.int64),
        (sums[ends] - sums[heads]) * inverses[heads],
        *_words(classes, row_of, sums, inverses, n),
        *_signs(classes, row_of, n),
        _open_ends(codes, classes, before, ends),
    )


def _hashed(text: str) -> tuple[Ints, NDArray[np.uint8], Words, Words]:
    """Return the code points of a text, their classes, the hash of all before each, and what makes it a word's own."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    classes_of, lower_of = letters()
    powers, inverses = _powers(codes.size)
    sums = np.zeros(codes.size + 1, np.uint64)
    np.cumsum(lower_of.take(codes, mode="clip") * powers, out=sums[1:])
    return codes, classes_of.take(codes, mode="clip"), sums, inverses


def _words(
    classes: NDArray[np.uint8], row_of: Ints, sums: Words, inverses: Words, n: int
) -> tuple[Ints, Words, Ints, NDArray[np.bool_], Ints, Ints]:
    start, end = _edges(classes)
    line = row_of[start] // _CLASSES
    words = (sums[end] - sums[start]) * inverses[start]
    starts = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(line, minlength=n), out=starts[1:])
    return line, words, end - start, classes[start] == UPPER, starts, bucket(words)


def _edges(classes: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Return where words begin and end: runs of letters and digits, and every letter of a script without spaces."""
    opens = classes <= DIGIT
    closes = opens.copy()
    goes_on = opens[1:] & opens[:-1]
    wide = classes == WIDE
    if wide.any():
        goes_on &= ~(wide[1:] | wide[:-1])
    opens[1:] ^= goes_on
    closes[:-1] ^= goes_on
    return opens.nonzero()[0], closes.nonzero()[0] + 1


def _signs(classes: NDArray[np.uint8], row_of: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """Return how often each line has a break, a glue and a clock."""
    stop = (classes == STOP) | (classes == ASK)
    upper = classes[1:] == UPPER
    digit = classes == DIGIT
    signs = (
        stop[:-2] & (classes[1:-1] == SPACE) & upper[1:],
        (stop[:-1] | (classes[:-1] == LOWER)) & upper,
        digit[:-2] & (classes[1:-1] == COLON) & digit[2:],
    )
    breaks, glues, clocks = (np.bincount(row_of[sign.nonzero()[0]] // _CLASSES, minlength=n) for sign in signs)
    return breaks, glues, clocks


def _open_ends(codes: Ints, classes: NDArray[np.uint8], before: Ints, ends: Ints) -> NDArray[np.bool_]:
    dots = (classes[ends - 1] == STOP) & (classes[before] == STOP) & (before < ends - 1)
    open_end: NDArray[np.bool_] = dots | (codes[ends - 1] == _ELLIPSIS) | (codes[before] == _ELLIPSIS)
    return open_end


def hash_words(text: str) -> Words:
    """Return the hashes of the words of `text`, as `Page.word` has them."""
    _, classes, sums, inverses = _hashed(text)
    start, end = _edges(classes)
    return (sums[end] - sums[start]) * inverses[start]


def bucket(words: Words) -> Ints:
    """Return where each word stands in the word table."""
    return ((words * np.uint64(0xD6E8FEB86659FD93)) >> np.uint64(49)).astype(np.int64)


@cache
def letters() -> tuple[NDArray[np.uint8], Words]:
    """Return each code point's class and what its lower case adds to a hash; those beyond the first plane count as its last."""
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
    classes[ord("\n")] = OTHER  # it stands between lines: no space after a stop
    return classes, lower.astype(np.uint64) + np.uint64(1)


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
