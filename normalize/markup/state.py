"""State: the story of a page whose markup is made by scripts, out of the data that they are given."""

# ruff: noqa: SIM905 (lists of names read better as words)
from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser

from normalize.markup.blocks import outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DECODER = json.JSONDecoder(strict=False)
# What the data is assigned to: "window.__NEXT_DATA__ = {", "Fusion.globalContent={", "__STATE__ = JSON.parse("…")".
_ASSIGNED = re.compile(r"[\w$\])\"']\s{0,9}=\s{0,9}(JSON\.parse\(\s{0,9})?(?=[{\[\"])")
_MARKUP = re.compile(r"</?[a-zA-Z]")
# Under these keys stand the words of a paragraph, or the pieces of one.
_WORDS = tuple("text content html value body articlebody bodyhtml contenthtml data children".split())
_MOST_ASSIGNED = 20  # assignments of a script that are looked at
_MOST_NODES = 50_000
_LARGEST = 3_000_000  # characters of a script, and of all runs of paragraphs that are looked at
_DEEPEST = 8  # how deep the pieces of a paragraph stand in it
_LONGEST = 5_000  # characters of a paragraph: a list of whole stories is no story
_SENTENCE = 40
_ENDS = tuple(".!?…:\"'”’»)]。！？」』।؟")


def story_in(scripts: Iterable[str]) -> str:
    r"""Return the longest run of paragraphs in the data of a page's scripts, "" where there is none.

    >>> body = [{"type": "text", "content": f"It rained on the <b>harbour</b> for {n} days on end."} for n in (1, 2, 3)]
    >>> print(story_in(["Fusion.globalContent=" + json.dumps({"content_elements": body}) + ";Fusion.x={}"]))
    It rained on the harbour for 1 days on end.
    <BLANKLINE>
    It rained on the harbour for 2 days on end.
    <BLANKLINE>
    It rained on the harbour for 3 days on end.
    >>> story_in(["var a = {broken", "{}", "[1, 2]"])
    ''
    """
    best: list[str] = []
    weight = spent = 0
    for words in (run for script in scripts for tree in _trees(script) for run in _runs(tree)):
        size = sum(map(len, words))
        if size <= weight:
            continue
        spent += size
        if spent > _LARGEST:
            break
        paragraphs = _paragraphs(words)
        mass = sum(len(line) for line in paragraphs if len(line) >= _SENTENCE and line.endswith(_ENDS))
        if mass > max(weight, 0.6 * sum(map(len, paragraphs))):
            best, weight = paragraphs, mass
    return "\n\n".join(best)


def _trees(script: str) -> Iterator[object]:
    """Yield the data in a script: all of it, or what it assigns."""
    text = script.strip()
    if len(text) > _LARGEST:
        return
    if text[:1] in ("{", "["):
        yield _decoded(text, 0)[0]
        return
    at = 0
    for _ in range(_MOST_ASSIGNED):
        found = _ASSIGNED.search(text, at)
        if found is None:
            return
        tree, at = _decoded(text, found.end())
        yield _decoded(tree, 0)[0] if found[1] and isinstance(tree, str) else tree


def _decoded(text: str, at: int) -> tuple[object, int]:
    """Return the value at `at` and where it ends, None where none can be read."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, at


def _runs(tree: object) -> Iterator[list[str]]:
    """Yield the words of every list, and of every text of several paragraphs, that may be a story."""
    todo = [tree]
    for _ in range(_MOST_NODES):
        if not todo:
            return
        item = todo.pop()
        if isinstance(item, dict):
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
            if len(item) > 1:
                words = [_joined(part) for part in item if isinstance(part, dict | str)]
                yield [part for part in words if 0 < len(part) <= _LONGEST]
        elif isinstance(item, str) and len(item) > 10 * _SENTENCE and ("</p>" in item or "\n\n" in item):
            yield [item]


def _joined(part: dict[str, Any] | str) -> str:
    """Return the words of a paragraph, whose pieces may stand deep in it."""
    pieces: list[str] = []
    todo: list[tuple[object, int]] = [(part, 0)]
    while todo and len(pieces) < 1_000:
        item, depth = todo.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif depth < _DEEPEST and isinstance(item, dict):
            todo.extend((value, depth + 1) for key, value in reversed(item.items()) if key.lower() in _WORDS)
        elif depth < _DEEPEST and isinstance(item, list):
            todo.extend((value, depth + 1) for value in reversed(item) if isinstance(value, dict))
    return "".join(pieces)


def _paragraphs(words: Iterable[str]) -> list[str]:
    """Return the paragraphs in `words`, of which some may be markup."""
    parts = (part if _MARKUP.search(part) else escape(part).replace("\n", "<p>") for part in words)
    root = LexborHTMLParser("<p>".join(parts).encode("utf-8", "replace")).root
    return [block.text for block in outline(root).blocks] if root is not None else []
