"""Blocks: one walk over a parsed page, to a flat list of blocks, the boxes that hold them, and marks between them.

Architecture invariant: this module knows HTML, not news; what a name means comes from `hints`.
"""

# ruff: noqa: SIM905 (lists of tags read better as words)
from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from normalize.markup.hints import hint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

IMAGES = frozenset("img picture amp-img video amp-video iframe amp-iframe object embed".split())
# Elements that carry facts of the page and no words of it.
_FACTS = frozenset("title meta link script time".split())
# Elements without words to read.
_SILENT = IMAGES | frozenset(
    "script style noscript template svg math canvas audio select option button input textarea title meta link base map "
    "progress meter dialog source amp-ad amp-analytics -comment -undef -doctype".split()
)
# Elements that run on in a line; all others begin and end a block.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big center cite code data del dfn em font i ins kbd label mark nobr output q rp rt ruby s "
    "samp small span strike strong sub sup time tt u var wbr slot text g-emoji".split()
)
# Elements whose tag says what a block is, also where a division stands between: <h2><div>…</div></h2>.
_TELLING = frozenset("h1 h2 h3 h4 h5 h6 p li td th dt dd blockquote pre figcaption".split())
_SPACES = re.compile(r"[ \t\n\f\r]+")
_MOST_NODES = 400_000


class Block(NamedTuple):
    """A run of words that nothing but inline markup divides: `box` holds it, `linked` counts characters in links."""

    tag: str
    text: str
    linked: int
    box: int


class Box(NamedTuple):
    """A block-level element, in the box `parent`."""

    tag: str
    hint: str
    parent: int


class Mark(NamedTuple):
    """An element that carries a fact: `block` is the number of blocks before it, `text` what it holds."""

    tag: str
    attributes: Mapping[str, str | None]
    block: int
    box: int
    text: str


class Outline(NamedTuple):
    """A page: blocks in page order, boxes in document order with the ranges of blocks they hold, and marks."""

    blocks: list[Block]
    boxes: list[Box]
    ranges: list[tuple[int, int]]
    marks: list[Mark]
    cut: bool


def outline(root: LexborNode) -> Outline:
    """Return the blocks, boxes and marks under `root`, in one iterative walk."""
    blocks: list[Block] = []
    boxes = [Box(root.tag or "", "", -1)]
    starts, ends = [0], [0]
    words: list[str] = []
    marks: list[Mark] = []
    linked = links = breaks = seen = 0
    inside = 0  # the innermost box
    path: list[tuple[LexborNode, str]] = []
    node = root.first_child

    def flush() -> None:
        nonlocal linked, breaks
        breaks = 0
        if words:
            text = _tidy("".join(words), boxes[inside].tag)
            if text:
                tag = boxes[inside].tag
                if tag not in _TELLING and inside and boxes[boxes[inside].parent].tag in _TELLING:
                    tag = boxes[boxes[inside].parent].tag
                blocks.append(Block(tag, text, min(linked, len(text)), inside))
            words.clear()
        linked = 0

    while seen < _MOST_NODES:
        if node is None:
            if not path:
                break
            node, tag = path.pop()
            if tag == "a":
                links -= 1
            elif tag not in _INLINE:
                flush()
                ends[inside] = len(blocks)
                inside = boxes[inside].parent
            node = node.next
            continue
        seen += 1
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            words.append(text)
            if text and not text.isspace():
                breaks = 0
                if links:
                    linked += len(text)
            node = node.next
        elif tag == "br":
            breaks += 1
            if breaks > 1:
                flush()
                breaks = 1
            else:
                words.append("\v")
            node = node.next
        elif tag in _SILENT:
            if tag in IMAGES or tag in _FACTS:
                marks.append(_mark(node, tag, len(blocks), inside))
            node = node.next
        elif tag in _INLINE:
            child = node.first_child
            if tag == "time":
                marks.append(_mark(node, tag, len(blocks), inside))
            if tag in ("a", "span"):
                attributes = node.attributes
                if "itemprop" in attributes or attributes.get("rel") == "author":
                    marks.append(_mark(node, tag, len(blocks), inside))
                # a link to a place in the page itself leads nowhere else: subheads often carry one
                if tag == "a" and (attributes.get("href") or "#").startswith("#"):
                    tag = "span"
            if child is None:
                node = node.next
            else:
                path.append((node, tag))
                links += tag == "a"
                node = child
        else:
            flush()
            attributes = node.attributes
            boxes.append(Box(tag, hint(tag, attributes), inside))
            starts.append(len(blocks))
            ends.append(len(blocks))
            inside = len(boxes) - 1
            if "itemprop" in attributes and boxes[-1].hint != "story":
                marks.append(_mark(node, tag, len(blocks), inside))
            path.append((node, tag))
            node = node.first_child
    flush()
    while inside >= 0:
        ends[inside] = len(blocks)
        inside = boxes[inside].parent
    return Outline(blocks, boxes, list(zip(starts, ends, strict=True)), marks, seen >= _MOST_NODES)


def _mark(node: LexborNode, tag: str, block: int, box: int) -> Mark:
    attributes = node.attributes
    text = ""
    if tag not in IMAGES and (tag != "script" or "json" in (attributes.get("type") or "")):
        text = node.text(deep=True)
    return Mark(tag, attributes, block, box, text)


def _tidy(text: str, tag: str) -> str:
    if tag == "pre":
        return text.replace("\v", "\n").strip()
    text = _SPACES.sub(" ", text)
    if "\v" in text:
        return "\n".join(filter(None, (line.strip(" ") for line in text.split("\v"))))
    return text.strip(" ")
