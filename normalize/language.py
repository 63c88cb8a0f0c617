"""Language: which language a document is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.steps import first, step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The first 1,000 characters of running text decide as well as the whole, at a fraction of the time. Menus do
# not count: they are full of names, and of the names of other languages ("Deutsch", "English", "Français").
_ENOUGH = 1000
_HEAD = 20_000
_PARAGRAPH = 80
_SENTENCE = 25
_SENTENCE_END = tuple('.!?…。！？؟।"”»')
# Fewer letters than a short sentence has say nothing ("Washington", "Share on Facebook").
_FEWEST_LETTERS = 20
# A document is written in the language that holds at least this share of it, unless another holds two fifths:
# then it is written in two.
_MOST_OF_IT = 0.55
_TWO_FIFTHS = 0.4
# From here on a text is long.
_LONG = 300
# What CLD2 refuses to look at: controls, surrogates, noncharacters.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
# Codes that CLD2 and langdetect still use -> BCP-47's; "xx-…" and "zz…" name scripts, not languages.
_CODES = {"iw": "he", "jw": "jv", "in": "id", "mo": "ro", "sh": "sr", "bh": "bho"}

Guess = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Language:
    """A language as its BCP-47 primary code, its share of the text (0 to 1), and the languages beside it."""

    code: str
    score: float
    others: tuple[Guess, ...] = ()


@step(provides=("language",), answer=first(Language))
def identify_language(
    text: str, *, known: Facts = UNKNOWN, engine: Literal["cld2", "langdetect"] = "cld2"
) -> Iterator[Annotation]:
    """Name the language of a text by its first 1,000 characters of running text; None where it is too short or mixed to say.

    >>> identify_language("The ministers met on Monday and agreed to meet again.").code
    'en'
    >>> identify_language("Die Minister trafen sich am Montag in der Stadt.", engine="langdetect").code
    'de'
    >>> identify_language("Jakarta") is None
    True

    Scores are shares of the text with "cld2" and probabilities with "langdetect"; both are deterministic.
    """
    sample = _running_text(text)
    if len(sample) < _LONG and _letters(sample) < _FEWEST_LETTERS:
        return
    guesses = _engine(engine)(sample)
    if guesses and guesses[0][1] >= _MOST_OF_IT and all(share < _TWO_FIFTHS for _, share in guesses[1:]):
        (code, score), *others = guesses
        yield Annotation(None, None, "language", Language(code, score, tuple(others)))


def _running_text(text: str) -> str:
    """Return the first long lines and whole sentences, the head of the text where they are too few."""
    chosen: list[str] = []
    size = start = 0
    stop = min(len(text), _HEAD)
    while start < stop and size < _ENOUGH:
        end = text.find("\n", start, stop)
        end = stop if end < 0 else end
        if end - start >= _PARAGRAPH or (end - start >= _SENTENCE and text[end - 1] in _SENTENCE_END):
            chosen.append(text[start : min(end, start + _ENOUGH - size)])
            size += len(chosen[-1])
        start = end + 1
    return "\n".join(chosen) if size >= _LONG else text[:_ENOUGH]


def _letters(sample: str) -> int:
    """Return the number of letters; one of a script that writes syllables or words with each counts thrice."""
    return sum(3 if c >= "\u2e80" else 1 for c in sample if c.isalpha())


@cache
def _engine(name: str) -> Callable[[str], list[Guess]]:
    if name == "cld2":
        return _cld2()
    if name == "langdetect":
        return _langdetect()
    raise ValueError(f"no language engine {name!r}; there are 'cld2' and 'langdetect'")


def _cld2() -> Callable[[str], list[Guess]]:
    from pycld2 import detect, error  # type: ignore[import-untyped]  # noqa: PLC0415 (11 MB of tables, only for who asks)

    def guess(sample: str) -> list[Guess]:
        # Left to itself it would skip what looks like HTML. What it is not sure of in a short text is a guess;
        # in a long one it merely says that some pieces (quotations, lists of names) are none of its languages.
        try:
            reliable, _, found = detect(sample, isPlainText=True)
        except (error, UnicodeEncodeError):
            reliable, _, found = detect(_UNFIT.sub(" ", sample), isPlainText=True)
        if not reliable and len(sample) < _LONG:
            return []
        return _merged((code, percent / 100) for _, code, percent, _ in found)

    return guess


def _langdetect() -> Callable[[str], list[Guess]]:
    from langdetect import detector_factory  # noqa: PLC0415 (a second to load its profiles)
    from langdetect.lang_detect_exception import LangDetectException  # noqa: PLC0415

    detector_factory.init_factory()
    factory = detector_factory._factory  # noqa: SLF001 (the only door that leaves its global seed alone)

    def guess(sample: str) -> list[Guess]:
        detector = factory.create()
        detector.seed = 0  # else its answer changes from run to run
        detector.append(sample)
        try:
            return _merged((found.lang, found.prob) for found in detector.get_probabilities())
        except LangDetectException:  # no letters it knows
            return []

    return guess


def _merged(found: Iterator[Guess]) -> list[Guess]:
    """Return guesses by primary code ("zh-Hant" and "zh" are one), without those that name no language."""
    shares: dict[str, float] = {}
    for label, share in found:
        code = label.partition("-")[0].lower()
        if share and code not in {"un", "xx", "tlh"} and not code.startswith("zz"):
            code = _CODES.get(code, code)
            shares[code] = round(shares.get(code, 0.0) + share, 4)
    return sorted(shares.items(), key=lambda guess: -guess[1])
