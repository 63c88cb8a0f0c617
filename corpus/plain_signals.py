"""The quality signals of one text in plain Python, read off their definitions in `normalize/data/signals.tsv`.

Many texts are measured as arrays (`corpus/signal_arrays.py`), which the suite holds equal to these; for a few,
these are sooner done than numpy is imported.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import category

from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SPACES = "\t\n\v\f\r\x20\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
IDEOGRAPHS = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323ff"
# Marks that end a sentence; those of other scripts have the property Sentence_Terminal in Unicode.
TERMINAL = ".!?…‼‽⁇⁈⁉。．！？｡؟۔।॥။၊።፧፨។៕։܀܁܂᙮᠃᠉"
CLOSERS = "\"'”’»›)]」』】）］"
QUOTES = "\"'”’»"
BULLETS = "•-*‣◦▪●○■□➢➤►"
LOREM_IPSUM = "lorem ipsum"
NOTICE = "javascript|terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"
COUNTER = r"\d[\d.,]*[km]? (?:likes?|shares?|comments?|retweets?|views?|votes?|repl(?:y|ies)|followers?)"
LONGEST_WORD, SHORT_LINE, LONG_LINE = 1000, 30, 200

_FIRST_IDEOGRAPH = "\u3041"
_RUN = re.compile(f"[^{SPACES}]+")
_NOTICE = re.compile(NOTICE, re.ASCII | re.IGNORECASE)
_LOREM_IPSUM = re.compile(LOREM_IPSUM, re.ASCII | re.IGNORECASE)
_COUNTER = re.compile(COUNTER, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, without white space at its ends."""

    text: str
    words: Sequence[str]


def plain_signals(text: str, language: str | None) -> dict[str, float | bool | None]:
    """Return what is measured on a clean text alone.

    >>> found = plain_signals("One word. Two words.", "en")
    >>> found["q_words"], found["q_sentences"], found["q_stop_words"]
    (4, 2, 0)
    """
    lines = list(_lines(text))
    words = [word for line in lines for word in line.words]
    return {
        "q_chars": len(text),
        **_of_text(text),
        **_of_words(words, language),
        **_of_lines(lines, len(words)),
        **_of_repetition(text, lines, words),
    }


@cache
def _word() -> re.Pattern[str]:
    """Return an ideograph or kana with the punctuation after it (and what follows that), or a run without those."""
    return re.compile(f"[{IDEOGRAPHS}](?:(?=[\\W_])[^{SPACES}{IDEOGRAPHS}]+)?|[^{SPACES}{IDEOGRAPHS}]+")


def _words(line: str) -> list[str]:
    return (_word() if max(line, default="") >= _FIRST_IDEOGRAPH else _RUN).findall(line)


def _lines(text: str) -> Iterator[_Line]:
    for line in text.split("\n"):
        words = _words(line)
        if words:
            yield _Line(line.strip(SPACES), words)


def _paragraphs(text: str) -> list[str]:
    """Return the runs of lines without a blank line between, as they stand, without white space at their ends."""
    lines = "\n".join(line if line.strip(SPACES) else "" for line in text.split("\n"))
    return [part.strip(SPACES) for part in re.split(r"\n{2,}", lines) if part.strip(SPACES)]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _is_lettered(word: str) -> bool:
    return any(map(str.isalpha, word))


def _is_spoken(word: str) -> bool:
    return any(map(str.isalnum, word))


def _of_text(text: str) -> dict[str, float]:
    return {
        "q_hashes": text.count("#"),
        "q_ellipses": text.count("...") + text.count("…"),
        "q_braces": text.count("{"),
        "q_lorem_ipsum": _LOREM_IPSUM.search(text) is not None,
    }


@cache
def _stop_words() -> dict[str, frozenset[str]]:
    return {row["language"]: frozenset(row["words"].split()) for row in read_table("stop_words")}


def _of_words(words: Sequence[str], language: str | None) -> dict[str, float | None]:
    spoken = list(filter(_is_spoken, words))
    stops = _stop_words().get(language or "")
    return {
        "q_words": len(words),
        "q_mean_word_length": _share(sum(map(len, spoken)), len(spoken)),
        "q_longest_word": max(map(len, words), default=0),
        "q_alpha_words": _share(sum(map(_is_lettered, words)), len(words)),
        "q_stop_words": None if stops is None else len(stops & set(words)),
    }


def _sentences(line: _Line) -> int:
    """Return how many words end a sentence: at a mark (and closing quotes) before no small letter, and the last word.

    A short word with a capital and a full stop ("Mr.", "Gov.", "J.") ends none within a line.
    """
    return 1 + sum(_ends(word, then) for word, then in pairwise(line.words))


def _ends(word: str, then: str) -> bool:
    bare = word
    for _ in range(2):
        bare = bare[:-1] if len(bare) > 1 and bare[-1] in CLOSERS else bare
    short = len(bare) <= 4 and category(word[0]) == "Lu" and bare[-1] == "."
    return bare[-1] in TERMINAL and category(then[0]) != "Ll" and not short


def _trails(line: _Line) -> bool:
    return line.text.endswith(("...", "…"))


def _is_ended(line: _Line) -> bool:
    return line.text[-1] in TERMINAL and not _trails(line)


def _is_notice(line: _Line) -> bool:
    return _NOTICE.search(line.text) is not None


def _c4_keeps(line: _Line) -> bool:
    """Return whether C4 keeps a line."""
    whole = len(line.words) >= 3 and max(map(len, line.words)) <= LONGEST_WORD
    return whole and (_is_ended(line) or line.text[-1] in QUOTES) and not _is_notice(line)


def _is_upper(line: _Line) -> bool:
    """Return whether more than half of what stands in lettered words stands in words of capitals."""
    capital = [word for word in line.words if {"Lu", "Ll"} & set(map(category, word)) == {"Lu"}]
    return sum(map(len, capital)) * 2 > sum(map(len, filter(_is_lettered, line.words)))


def _is_number(line: _Line) -> bool:
    return any(map(_is_spoken, line.words)) and not any(map(_is_lettered, line.words))


def _is_counter(line: _Line) -> bool:
    return len(line.words) == 2 and _COUNTER.fullmatch(line.text) is not None


def _is_one_word(line: _Line) -> bool:
    return len(line.words) == 1


def _of_lines(lines: Sequence[_Line], words: int) -> dict[str, float]:
    kept = list(filter(_c4_keeps, lines))
    kinds = {"upper": _is_upper, "number": _is_number, "counter": _is_counter, "one_word": _is_one_word}
    flagged = [line for line in lines if any(is_kind(line) for is_kind in kinds.values())]

    def share(these: Iterable[bool]) -> float:
        return _share(sum(these), len(lines))

    return {
        "q_lines": len(lines),
        "q_sentences": sum(map(_sentences, lines)),
        "q_bullet_lines": share(line.text[0] in BULLETS for line in lines),
        "q_ellipsis_lines": share(map(_trails, lines)),
        "q_ended_lines": share(map(_is_ended, lines)),
        "q_short_lines": share(len(line.text) <= SHORT_LINE for line in lines),
        "q_long_lines": sum(len(line.text) >= LONG_LINE for line in lines),
        "q_notice_lines": sum(map(_is_notice, lines)),
        "q_c4_lines": _share(len(kept), len(lines)),
        "q_c4_sentences": sum(map(_sentences, kept)),
        **{f"q_{name}_lines": share(map(is_kind, lines)) for name, is_kind in kinds.items()},
        "q_flagged_words": _share(sum(len(line.words) for line in flagged), words),
    }


def _repeated(items: Sequence[str]) -> Iterator[str]:
    """Yield those that came before."""
    seen: set[str] = set()
    for item in items:
        if item in seen:
            yield item
        seen.add(item)


def _top_gram(words: Sequence[str], n: int) -> int:
    """Return the characters of all copies of the most frequent run of n words, one space between words."""
    grams = Counter(zip(*(words[k:] for k in range(n)), strict=False))
    if not grams:
        return 0
    gram, count = grams.most_common(1)[0]
    return len(" ".join(gram)) * count


def _repeated_grams(words: Sequence[str], n: int) -> int:
    """Return the characters of the runs of n words that came before; after one the search goes on behind it."""
    seen = set()
    chars = place = 0
    while place <= len(words) - n:
        gram = tuple(words[place : place + n])
        if gram in seen:
            chars += len("".join(gram))
            place += n
        else:
            seen.add(gram)
            place += 1
    return chars


def _of_repetition(text: str, lines: Sequence[_Line], words: Sequence[str]) -> dict[str, float]:
    paragraphs = _paragraphs(text)
    columns: dict[str, float] = {"q_paragraphs": len(paragraphs)}
    for name, items in (("line", [line.text for line in lines]), ("paragraph", paragraphs)):
        again = list(_repeated(items))
        columns[f"q_dup_{name}s"] = _share(len(again), len(items))
        columns[f"q_dup_{name}_chars"] = _share(sum(map(len, again)), len(text))
    for n in (2, 3, 4):
        columns[f"q_top_{n}gram"] = _share(_top_gram(words, n), len(text))
    for n in range(5, 11):
        columns[f"q_dup_{n}gram"] = _share(_repeated_grams(words, n), len(text))
    return columns
