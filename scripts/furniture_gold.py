"""Gold for `train_furniture.py`: pages, which of their lines are story, and how well a result fits.

A line is story where most of its words are aligned with the gold body; the choice is then improved
line by line until no change brings the kept words nearer to the body.
"""

from __future__ import annotations

import collections
import difflib
import gzip
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from normalize.presets import news
from normalize.shapes import Survey, survey

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go", "gob", "in"}

Shingles = collections.Counter[tuple[str, ...]]


@dataclass
class Document:
    """One page: the text as `strip_furniture` is given it, and what is known of its lines."""

    id: str
    url: str
    language: str
    source: str
    text: str
    found: Survey
    gold: dict[str, Any]
    story: NDArray[np.float64] | None  # per line, None where the page has no gold body
    told: NDArray[np.float64]  # per line 1 or 0 where sentences tell, nan elsewhere
    domain: str = ""
    size: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # words per line

    def fold(self, folds: int) -> int:
        """Return the fold of the page's registrable domain."""
        return int(hashlib.sha256(self.domain.encode()).hexdigest(), 16) % folds


def read_documents(path: Path) -> list[Document]:
    """Read the pages of a JSONL file, as `{id, url, lang, text, gold}`."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [doc for row in rows if (doc := _document(json.loads(row))).found.lines]


def _document(row: dict[str, Any]) -> Document:
    text = news.begin(row["text"])
    text.advance(stage for stage in news.steps[: _steps_before("identify_language")])
    found = survey(text.text)
    words = [tokens(text.text[start:end]) for start, end in found.lines]
    gold = row["gold"]
    body = gold.get("body") if gold.get("usable", True) else None
    story = None if body is None else align(words, tokens(body))
    url = row.get("url") or ""
    size = np.array([len(each) for each in words], np.int64)
    told = _told(words, gold)
    return Document(
        row["id"], url, row.get("lang") or "", row["text"], text.text, found, gold, story, told, domain_of(url), size
    )


def _steps_before(name: str) -> int:
    return [stage.name for stage in news.steps].index(name)


def domain_of(url: str) -> str:
    """Return the registrable domain of an address, near enough to keep one publisher in one fold."""
    parts = (urlsplit(url).hostname or "").split(".")
    size = 3 if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVEL else 2
    return ".".join(parts[-size:])


def align(lines: list[list[str]], body: list[str]) -> NDArray[np.float64]:
    """Return which lines, given as words, make up the body."""
    flat = [word for line in lines for word in line]
    owner = [n for n, line in enumerate(lines) for _ in line]
    hits: collections.Counter[int] = collections.Counter()
    for start, _, size in difflib.SequenceMatcher(None, flat, body, autojunk=False).get_matching_blocks():
        hits.update(owner[start : start + size])
    chosen = [bool(line) and hits[n] >= len(line) / 2 for n, line in enumerate(lines)]
    wanted = shingles(body)
    best = _fit(lines, chosen, wanted, body)
    for n in [n for n, line in enumerate(lines) if line and (chosen[n] or hits[n])] * 2:
        chosen[n] = not chosen[n]
        fit = _fit(lines, chosen, wanted, body)
        if fit > best + 1e-9:
            best = fit
        else:
            chosen[n] = not chosen[n]
    return np.array(chosen, np.float64)


def _fit(lines: list[list[str]], chosen: list[bool], wanted: Shingles, body: list[str]) -> float:
    words = [word for line, take in zip(lines, chosen, strict=True) if take for word in line]
    given = shingles(words)
    both = 2 * sum((given & wanted).values())
    return both / max(1, sum(given.values()) + sum(wanted.values())) + (0.001 if words == body else 0)


def _told(lines: list[list[str]], gold: dict[str, Any]) -> NDArray[np.float64]:
    told = np.full(len(lines), np.nan)
    for key, value in (("without", 0.0), ("with_", 1.0)):
        sentences = [sentence for each in gold.get(key) or [] if (sentence := fold(each))]
        for n, line in enumerate(lines):
            words = " ".join(line)
            if any(sentence in words for sentence in sentences):
                told[n] = value
    return told


def fold(text: str) -> str:
    """Return the words of a text without case."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def tokens(text: str) -> list[str]:
    """Return the words of a text; scripts without spaces count by letter."""
    return [part for word in fold(text).split() for part in (list(word) if _WIDE.match(word) else [word])]


def shingles(words: list[str], size: int = 4) -> Shingles:
    """Return the runs of four words of a text."""
    if not words:
        return collections.Counter()
    return collections.Counter(tuple(words[n : n + size]) for n in range(max(1, len(words) - size + 1)))


def score(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """Return the mean precision and recall of the runs of words, their f1, and the share that is exactly right."""
    rows = []
    for got, want in pairs:
        given, wanted = shingles(tokens(got)), shingles(tokens(want))
        both = sum((given & wanted).values())
        rows.append((both / max(1, given.total()), both / max(1, wanted.total()), tokens(got) == tokens(want)))
    precision, recall, exact = (float(np.mean([row[n] for row in rows])) for n in range(3))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"docs": len(rows), "precision": precision, "recall": recall, "f1": f1, "exact": exact}


def score_segments(results: list[tuple[Document, str]]) -> dict[str, float]:
    """Return f1 over the sentences that must stay and those that must go."""
    right = wrong = lost = 0
    for doc, got in results:
        page, have = fold(doc.source), fold(got)
        for sentence in map(fold, doc.gold.get("with_") or []):
            if sentence in page:
                right, lost = right + (sentence in have), lost + (sentence not in have)
        wrong += sum(fold(each) in page and fold(each) in have for each in doc.gold.get("without") or [])
    return {"docs": len(results), "f1": 2 * right / max(1, 2 * right + wrong + lost)}
