"""Quality signals of many texts at once, as arrays over one tokenisation; `corpus/plain_signals.py` defines each."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpus.plain_signals import BULLETS, COUNTER, LONG_LINE, LONGEST_WORD, LOREM_IPSUM, NOTICE, QUOTES, SHORT_LINE
from corpus.repetition import TOP, repeated, repeated_grams
from corpus.words import (
    CLOSER,
    DIGIT,
    LETTER,
    LOWER,
    MARK,
    UPPER,
    Hashes,
    Ints,
    Mask,
    Spans,
    Words,
    chunks,
    read_words,
    sum_spans,
)
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

Columns: TypeAlias = dict[str, NDArray[Any]]
Shares: TypeAlias = NDArray[np.float64]

# What a text with a notice or lorem ipsum has: the fewer words, the sooner they are found.
_PHRASE = "|".join(dict.fromkeys(re.sub(".*cookie.*", "cookie", words) for words in (*NOTICE.split("|"), LOREM_IPSUM)))
_COUNTER = re.compile(f"(?i){COUNTER}")
_BULLETS = np.array([ord(c) for c in BULLETS], np.uint32)
_QUOTES = np.array([ord(c) for c in QUOTES], np.uint32)
_DOT, _ELLIPSIS = ord("."), ord("…")


def measure_signals(texts: Sequence[str], languages: Sequence[str | None]) -> dict[str, list[Any]]:
    """Return what is measured on the clean text alone: for each signal, one value a text.

    >>> signals = measure_signals(["One word. Two words.", ""], ["en", None])
    >>> signals["q_words"], signals["q_sentences"], signals["q_stop_words"]
    ([4, 0], [2, 0], [0, None])
    """
    text = pl.col("text").str
    counted = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}).select(
        q_hashes=text.count_matches("#"),  # as a regex: polars counts literals at a third of the speed
        q_ellipses=text.count_matches(r"\.\.\.|…"),
        q_braces=text.count_matches(r"\{"),
        phrase=text.contains(f"(?i-u:{_PHRASE})"),
    )
    measured: dict[str, list[Any]] = counted.to_dict(as_series=False)
    phrase = measured.pop("phrase")
    lorem = LOREM_IPSUM.encode()
    measured["q_lorem_ipsum"] = [
        some and lorem in text.encode().lower() for some, text in zip(phrase, texts, strict=True)
    ]
    begin = 0
    for part in chunks(texts) if texts else ((),):
        end = begin + len(part)
        for name, values in _measure(part, phrase[begin:end], languages[begin:end]).items():
            measured.setdefault(name, []).extend(values.tolist())
        begin = end
    measured["q_stop_words"] = [None if math.isnan(count) else int(count) for count in measured["q_stop_words"]]
    return measured


def _measure(texts: Sequence[str], notice: Sequence[bool], languages: Sequence[str | None]) -> Columns:
    """Return the signals of some texts that need their words or lines."""
    words = read_words(texts)
    lines = _read_lines(words)
    hashes = words.hash(words.words.starts, words.words.ends)
    return {
        "q_chars": words.chars,
        **_of_words(words, lines, hashes, languages),
        **_of_lines(lines, words, texts, notice),
        **_of_repetition(words, lines.spans, hashes),
    }


def _share(part: NDArray[Any], whole: NDArray[Any]) -> Shares:
    """Return part / whole, and 0 where the whole is 0."""
    shares: Shares = np.divide(part, whole, out=np.zeros(len(whole)), where=whole != 0)
    return shares


@dataclass(frozen=True, slots=True)
class _Lines:
    """What words and lines are, looked up once for all signals."""

    spans: Spans  # of words
    starts: Ints  # of characters
    ends: Ints
    first: NDArray[np.uint32]
    last: NDArray[np.uint32]
    inside: NDArray[np.uint8]  # which classes of characters each word holds
    sentences: Mask  # the words that end a sentence

    @property
    def counts(self) -> Ints:
        """How many words each line has."""
        return self.spans.ends - self.spans.starts

    def sum(self, values: NDArray[Any]) -> Ints:
        """Return the sum of `values`, one a word, for each line."""
        return sum_spans(values, self.spans.starts, self.spans.ends)

    def holds(self, some: Mask) -> Mask:
        """Return which lines hold a word of `some`, which are few."""
        at = np.flatnonzero(some)
        return np.searchsorted(at, self.spans.ends) > np.searchsorted(at, self.spans.starts)


def _read_lines(words: Words) -> _Lines:
    spans, lines = words.words, words.lines()
    starts, ends = spans.starts[lines.starts], spans.ends[lines.ends - 1]
    first, last = words.points[starts], words.points[ends - 1]
    return _Lines(lines, starts, ends, first, last, _inside(words), _sentence_ends(words, lines))


def _inside(words: Words) -> NDArray[np.uint8]:
    """Return which classes of characters each word holds; of one with a small letter among its first two, those of
    the two.

    Nothing more is asked of such a word, and nine words in ten are.
    """
    starts, ends = words.words.starts, words.words.ends
    inside = words.kinds[starts]
    inside |= words.kinds[np.minimum(starts + 1, ends - 1)]
    other = np.flatnonzero((inside & LOWER) == 0)
    bounds = np.stack([starts[other], ends[other]], axis=1).ravel()
    if len(bounds):
        inside[other] = np.bitwise_or.reduceat(words.kinds, bounds)[::2]
    return inside


def _sentence_ends(words: Words, lines: Spans) -> Mask:
    """Return which words end a sentence: at a mark (and closing quotes) before no small letter, and at a line's end.

    A short word with a capital and a full stop ("Mr.", "Gov.", "J.") ends none within a line.
    """
    kinds = words.kinds
    result = np.zeros(len(words.words.ends), bool)
    at = np.flatnonzero(kinds[words.words.ends - 1] & (MARK | CLOSER))
    starts, last = words.words.starts[at], words.words.ends[at] - 1
    for _ in range(2):
        last = last - (((kinds[last] & CLOSER) != 0) & (last > starts))
    short = (last - starts < 4) & ((kinds[starts] & UPPER) != 0) & (words.points[last] == _DOT)
    following = words.words.starts[np.minimum(at + 1, len(result) - 1)]
    result[at] = ((kinds[last] & MARK) != 0) & ((kinds[following] & LOWER) == 0) & ~short
    result[lines.ends - 1] = True
    return result


def _of_words(words: Words, lines: _Lines, hashes: Hashes, languages: Sequence[str | None]) -> Columns:
    spans = words.words
    lengths = spans.ends - spans.starts
    lettered = (lines.inside & LETTER) != 0
    spoken = (lines.inside & (LETTER | DIGIT)) != 0
    longest = np.zeros(len(spans.counts), np.int64)
    full = spans.counts > 0
    if len(lengths):
        longest[full] = np.maximum.reduceat(lengths, spans.first[:-1][full])
    return {
        "q_words": spans.counts,
        "q_sentences": spans.sum(lines.sentences),
        "q_mean_word_length": _share(spans.sum(lengths * spoken), spans.sum(spoken)),
        "q_longest_word": longest,
        "q_alpha_words": _share(spans.sum(lettered), spans.counts),
        "q_stop_words": _stop_words(words, hashes, languages),
    }


@cache
def _stop_hashes() -> dict[str, NDArray[np.uint64]]:
    """Return the hashes of each language's stop words, sorted."""
    listed = {row["language"]: row["words"].split() for row in read_table("stop_words")}
    found = {}
    for language, entries in listed.items():
        each = read_words([" ".join(entries)])
        found[language] = np.sort(each.hash(each.words.starts, each.words.ends))
    return found


def _stop_words(words: Words, hashes: Hashes, languages: Sequence[str | None]) -> Shares:
    """Return how many different stop words of its language each text holds; nan where there is no list of them."""
    rows = words.words.rows
    counts = np.full(len(languages), np.nan)
    for language in {code for code in languages if code in _stop_hashes()}:
        texts = np.array([code == language for code in languages])
        wanted = _stop_hashes()[language]
        hits = np.flatnonzero(np.isin(hashes, wanted))
        seen = np.zeros((len(languages), len(wanted)), bool)
        seen[rows[hits], np.searchsorted(wanted, hashes[hits])] = True
        counts[texts] = seen.sum(axis=1)[texts]
    return counts


def _of_lines(lines: _Lines, words: Words, texts: Sequence[str], notice: Sequence[bool]) -> Columns:
    spans, points = lines.spans, words.points
    chars = lines.ends - lines.starts
    dots = np.all([points[np.maximum(lines.ends - n, lines.starts)] == _DOT for n in (1, 2, 3)], axis=0) & (chars > 2)
    trails = dots | (lines.last == _ELLIPSIS)
    ended = ((words.kinds[lines.ends - 1] & MARK) != 0) & ~trails
    noticed = _marked_lines(lines, words, texts, notice)
    longest = lines.holds(words.words.ends - words.words.starts > LONGEST_WORD)
    kept = (ended | np.isin(lines.last, _QUOTES)) & (lines.counts >= 3) & ~noticed & ~longest
    flagged = _refined(lines, words, texts)
    total = spans.counts

    def share(mask: Mask) -> Shares:
        return _share(spans.sum(mask), total)

    return {
        "q_lines": total,
        "q_bullet_lines": share(np.isin(lines.first, _BULLETS)),
        "q_ellipsis_lines": share(trails),
        "q_ended_lines": share(ended),
        "q_short_lines": share(chars <= SHORT_LINE),
        "q_long_lines": spans.sum(chars >= LONG_LINE),
        "q_notice_lines": spans.sum(noticed),
        "q_c4_lines": share(kept),
        "q_c4_sentences": spans.sum(kept * lines.sum(lines.sentences)),
        **{f"q_{name}_lines": share(mask) for name, mask in flagged.items()},
        "q_flagged_words": _share(
            spans.sum(lines.counts * np.logical_or.reduce(list(flagged.values()))), words.words.counts
        ),
    }


def _marked_lines(lines: _Lines, words: Words, texts: Sequence[str], notice: Sequence[bool]) -> Mask:
    """Return the lines that name Javascript, cookies or terms of use, looked for in the texts that do."""
    rows = lines.spans.rows
    found = np.array(notice, bool)[rows]
    wanted = np.flatnonzero(found)
    if len(wanted):
        held = pl.Series([_slice(lines, words, texts, n, int(rows[n])) for n in wanted.tolist()], dtype=pl.String)
        found[wanted] = held.str.contains(f"(?i-u:{NOTICE})").to_numpy()
    return found


def _slice(lines: _Lines, words: Words, texts: Sequence[str], line: int, row: int) -> str:
    edge = words.edges[row]
    return texts[row][lines.starts[line] - edge : lines.ends[line] - edge]


def _refined(lines: _Lines, words: Words, texts: Sequence[str]) -> dict[str, Mask]:
    """Return the lines that RefinedWeb takes for no prose, by what they are."""
    lettered = (lines.inside & LETTER) != 0
    capital = (lines.inside & (UPPER | LOWER)) == UPPER
    lengths = words.words.ends - words.words.starts
    rows = lines.spans.rows
    counter = (lines.counts == 2) & ((words.kinds[lines.starts] & DIGIT) != 0)
    for n in np.flatnonzero(counter).tolist():
        counter[n] = bool(_COUNTER.fullmatch(_slice(lines, words, texts, n, int(rows[n]))))
    letters = lines.sum(lengths * lettered)
    return {
        "upper": lines.sum(lengths * capital) * 2 > letters,
        "number": (letters == 0) & lines.holds((lines.inside & DIGIT) != 0),
        "counter": counter,
        "one_word": lines.counts == 1,
    }


def _of_repetition(words: Words, lines: Spans, hashes: Hashes) -> Columns:
    paragraphs = words.paragraphs()
    columns: Columns = {"q_paragraphs": paragraphs.counts}
    for name, spans in (("line", lines), ("paragraph", paragraphs)):
        again, chars = repeated(words, spans)
        columns[f"q_dup_{name}s"] = _share(again, spans.counts)
        columns[f"q_dup_{name}_chars"] = _share(chars, words.chars)
    for n, chars in repeated_grams(words, hashes):
        columns[f"q_{'top' if n in TOP else 'dup'}_{n}gram"] = _share(chars, words.chars)
    return columns
