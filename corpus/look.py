"""Looking things up: a document of a corpus by id, place or words, and words of a page outside its story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.explain import find_words
from corpus.verify import find_rows, restore_row

_DEEPEST = 200

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def find_documents(corpus: Path | str, record: str | None, words: str | None) -> Iterator[dict[str, Any]]:
    """Yield the rows that answer to `record` (an id, or the place in the input) and whose source has `words`."""
    for row in find_rows(corpus, *_conditions(record, words)):
        if words is None or find_words(restore_row(row), words):
            yield row


def tell_missing(corpus: Path | str, record: str | None, words: str | None) -> str:
    """Say that no document was found, and what may help."""
    asked = " and ".join(
        part for part in (f"id or place {record!r}" if record else "", f"the words {words!r}" if words else "") if part
    )
    advice = (
        "of a page, words outside the story are found by explaining its input" if words else "--find WORDS finds one"
    )
    return f"{corpus} has no document" + (f" with {asked}; {advice}" if asked else "")


def _conditions(record: str | None, words: str | None) -> Iterator[pl.Expr]:
    """Yield what holds of the rows that may be meant."""
    if record is not None:
        yield (pl.col("id") == record) | (pl.col("source") == record)
    if words is not None:
        longest = max(words.lower().split(), key=len)
        kept = pl.col("text").str.to_lowercase().str.contains(longest, literal=True)
        removed = pl.col("changes").list.eval(pl.element().struct.field("removed")).list.join(" ")
        yield kept | removed.str.to_lowercase().str.contains(longest, literal=True)


def find_outside(html: str, words: str) -> str | None:
    """Return where in a page `words` stand, as a path of its elements; None where no reader of it sees them.

    >>> find_outside('<body><nav><p class="menu top">Sign  in</p></nav><p>It rained.', "sign in")
    'body > nav > p.menu.top'
    """
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    page = LexborHTMLParser(html)
    page.strip_tags(["script", "style", "template", "noscript"])
    node = page.body
    if node is None or not find_words(node.text(), words):
        return None
    path = ["body"]
    while len(path) < _DEEPEST:
        inner = next((child for child in node.iter() if find_words(child.text(), words)), None)
        if inner is None:
            break
        path.append(_named(inner.tag or "?", inner.attributes))
        node = inner
    return " > ".join(path)


def _named(tag: str, attributes: Mapping[str, str | None]) -> str:
    names = "".join(f".{name}" for name in (attributes.get("class") or "").split()[:3])
    own = attributes.get("id")
    return f"{tag}{f'#{own}' if own else ''}{names}"
