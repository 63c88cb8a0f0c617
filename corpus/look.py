"""Looking things up: a document of a corpus by id, place or words, and words of a page outside its story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.explain import find_words
from corpus.verify import CorpusError, read_manifest, restore_row

_DEEPEST = 200

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def find_documents(corpus: Path, record: str | None, words: str | None) -> Iterator[dict[str, Any]]:
    """Yield the rows that answer to `record` (an id, or the place in the input) and whose source has `words`."""
    shards = [corpus / shard["file"] for shard in read_manifest(corpus)["shards"]]
    for row in _candidates(shards, record, words):
        if words is None or find_words(restore_row(row), words):
            yield row


def tell_missing(corpus: Path, record: str | None, words: str | None) -> str:
    """Say that no document was found, and what may help."""
    asked = " and ".join(
        part for part in (f"id or place {record!r}" if record else "", f"the words {words!r}" if words else "") if part
    )
    advice = (
        "of a page, words outside the story are found by explaining its input" if words else "--find WORDS finds one"
    )
    return f"{corpus} has no document" + (f" with {asked}; {advice}" if asked else "")


def _candidates(shards: list[Path], record: str | None, words: str | None) -> Iterator[dict[str, Any]]:
    """Yield the rows that may be meant, a few at a time."""
    wanted = []
    if record is not None:
        wanted.append((pl.col("id") == record) | (pl.col("source") == record))
    if words is not None:
        longest = max(words.lower().split(), key=len)
        kept = pl.col("text").str.to_lowercase().str.contains(longest, literal=True)
        removed = pl.col("changes").list.eval(pl.element().struct.field("removed")).list.join(" ")
        wanted.append(kept | removed.str.to_lowercase().str.contains(longest, literal=True))
    for shard in shards:
        try:
            frame = (
                pl.scan_parquet(shard, hive_partitioning=False).filter(*wanted).head(100).collect(engine="streaming")
            )
        except (OSError, pl.exceptions.PolarsError) as error:
            first_line = str(error).strip().split("\n")[0]
            raise CorpusError(f"{shard} cannot be read: {first_line}") from error
        yield from frame.iter_rows(named=True)


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
