"""Quality signals of many texts at once, as arrays over one tokenisation; `corpus/plain_signals.py` defines each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpus.plain_signals import BULLETS, COUNTER, LONG_LINE, LONGEST_WORD, NOTICE, QUOTES, SHORT_LINE
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

_COUNTER = re.compile(f"(?i){COUNTER}")
_BULLETS = np.array([ord(c) for c in BULLETS], np.uint32)
_QUOTES = np.array([ord(c) for c in QUOTES], np.uint32)
_DOT, _ELLIPSIS = ord("."), ord("…")


def measure_signals(text: pl.Series, language: pl.Series) -> pl.DataFrame:
    """Return what is measured on the clean text alone, one row a text.

    >>> frame = measure_signals(pl.Series(["One word. Two words.", ""]), pl.Series(["en", None]))
    >>> frame.select("q_words", "q_sentences").rows()
    [(4, 2), (0, 0)]
    """
    counted = text.to_frame("text").select(
        q_hashes=pl.col("text").str.count_matches("#", literal=True),
        q_ellipses=pl.col("text").str.count_matches("...", literal=True)
        + pl.col("text").str.count_matches("…", literal=True),
        q_braces=pl.col("text").str.count_matches("{", literal=True),
        q_lorem_ipsum=pl.col("text").str.contains("(?i-u:lorem ipsum)"),
        notice=pl.col("text").str.contains(f"(?i-u:{NOTICE})"),
    )
    texts, notice, languages = text.to_list(), counted["notice"].to_list(), language.to_list()
    parts, begin = [], 0
    for part in chunks(texts) if texts else ((),):
        end = begin + len(part)
        parts.append(_measure(part, notice[begin:end], languages[begin:end]))
        begin = end
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    stops = pl.Series("q_stop_words", joined.pop("q_stop_words"), nan_to_null=True)
    return counted.drop("notice").with_columns(*(pl.Series(n, values) for n, values in joined.items()), stops)


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


def _read_lines(words: Words) -> _Lines:
    spans, lines = words.words, words.lines()
    # From word to word: the white space after a word adds no class that is asked for.
    inside = np.bitwise_or.reduceat(words.kinds, spans.starts) if len(spans.starts) else np.zeros(0, np.uint8)
    starts, ends = spans.starts[lines.starts], spans.ends[lines.ends - 1]
    first, last = words.points[starts], words.points[ends - 1]
    return _Lines(lines, starts, ends, first, last, inside, _sentence_ends(words, lines))


def _sentence_ends(words: Words, lines: Spans) -> Mask:
    """Return which words end a sentence: at a mark (and closing quotes) before no small letter, and at a line's end.

    A short word with a capital and a full stop ("Mr.", "Gov.", "J.") ends none within a line.
    """
    starts, ends, kinds = words.words.starts, words.words.ends, words.kinds
    last = ends - 1
    for _ in range(2):
        closed = ((kinds[last] & CLOSER) != 0) & (last > starts)
        last = last - closed
    marked = (kinds[last] & MARK) != 0
    opens = kinds[starts]
    small_next = np.concatenate([(opens[1:] & LOWER) != 0, [False]])[: len(marked)]
    short = (last - starts < 4) & ((opens & UPPER) != 0) & (words.points[last] == _DOT)
    result: Mask = marked & ~small_next & ~short
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
    spans = words.words
    counts = np.full(len(languages), np.nan)
    rows = spans.rows
    for language in {code for code in languages if code in _stop_hashes()}:
        texts = np.array([code == language for code in languages])
        wanted = _stop_hashes()[language]
        hits = np.flatnonzero(np.isin(hashes, wanted) & texts[rows])
        which = np.searchsorted(wanted, hashes[hits])
        pairs = np.unique(rows[hits] * len(wanted) + which)
        counts[texts] = np.bincount(pairs // len(wanted), minlength=len(languages))[texts]
    return counts


def _of_lines(lines: _Lines, words: Words, texts: Sequence[str], notice: Sequence[bool]) -> Columns:
    spans, points = lines.spans, words.points
    chars = lines.ends - lines.starts
    dots = np.all([points[np.maximum(lines.ends - n, lines.starts)] == _DOT for n in (1, 2, 3)], axis=0) & (chars > 2)
    trails = dots | (lines.last == _ELLIPSIS)
    ended = ((words.kinds[lines.ends - 1] & MARK) != 0) & ~trails
    noticed = _marked_lines(lines, words, texts, notice)
    longest = lines.sum(words.words.ends - words.words.starts > LONGEST_WORD) > 0
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
    return {
        "upper": lines.sum(lengths * capital) * 2 > lines.sum(lengths * lettered),
        "number": (lines.sum(lettered) == 0) & (lines.sum((lines.inside & DIGIT) != 0) > 0),
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
