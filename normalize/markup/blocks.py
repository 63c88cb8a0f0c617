"""Blocks: one walk over a parsed page, to a flat list of blocks, the boxes that hold them, and marks between them.

Architecture invariant: this module knows HTML, not news; what a name means comes from `hints`.
"""

# ruff: noqa: SIM905 (lists of tags read better as words)
from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from normalize.markup.hints import HEADINGS, hint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

IMAGES = frozenset("img picture amp-img video amp-video iframe amp-iframe object embed".split())
# Elements that carry facts of the page and no words of it.
_FACTS = frozenset("title meta link script".split())
# Elements without words to read.
_SILENT = frozenset(
    "style noscript template svg math canvas audio select option button input textarea base map progress meter dialog "
    "source amp-ad amp-analytics -comment -undef -doctype".split()
)
# Elements that hold no story; left out unless nothing else does.
_ASIDE = ("nav", "footer")
# Elements that run on in a line; all others begin and end a block.
_INLINE = frozenset(
    "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rp rt ruby s "
    "samp small strike strong sub sup tt u var wbr slot text g-emoji".split()
)
_BLOCK, _TEXT, _NOTHING, _CARRIER, _RUNNING, _NAMED, _LINK, _BREAK, _TIME = range(9)
_ROLES = {
    "-text": _TEXT,
    "a": _LINK,
    "br": _BREAK,
    "time": _TIME,
    "span": _NAMED,
    **dict.fromkeys(_SILENT, _NOTHING),
    **dict.fromkeys(IMAGES | _FACTS, _CARRIER),
    **dict.fromkeys(_INLINE, _RUNNING),
}
_ROLES_OUTSIDE_ASIDES = {**_ROLES, **dict.fromkeys(_ASIDE, _NOTHING)}
# Elements whose tag says what a block is, also where a division stands between: <h2><div>…</div></h2>.
_TELLING = frozenset("h1 h2 h3 h4 h5 h6 p li td th dt dd blockquote pre figcaption".split())
# What a span of such a name holds is no part of the line: <p><img><span class=caption>…</span></p>.
_APART = frozenset({"figure", "credit"})
_ITEMS = re.compile(r"(?i)\b(?:headline|author|date(?:published|modified|created))\b")
_WHITE = " \t\n\f\r"
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


def outline(root: LexborNode, *, asides: bool = False) -> Outline:
    """Return the blocks, boxes and marks under `root`, in one iterative walk.

    `asides`: also what stands in navigation and footers, which make up a third of a page's nodes.
    """
    blocks: list[Block] = []
    boxes = [Box(root.tag or "", "", -1)]
    starts, ends = [0], [0]
    marks: list[Mark] = []
    words: list[str] = []  # of the block that is being read
    linked = links = breaks = seen = 0
    inside = 0  # the innermost box
    path: list[tuple[LexborNode, int]] = []
    node = root.first_child
    role_of = (_ROLES if asides else _ROLES_OUTSIDE_ASIDES).get
    while True:
        if node is None:
            if not path:
                break
            node, role = path.pop()
            if role == _BLOCK:
                breaks = 0
                if words:
                    _end_block(blocks, boxes, words, linked, inside)
                    linked = 0
                ends[inside] = len(blocks)
                inside = boxes[inside].parent
            elif role == _LINK:
                links -= 1
            node = node.next
            continue
        seen += 1
        if seen > _MOST_NODES:
            break
        role = role_of(node.tag or "", _BLOCK)
        if role == _NAMED and hint("span", node.attributes) in _APART:
            role = _BLOCK
        if role == _TEXT:
            text = node.text_content or ""
            if not text.isspace():
                words.append(text)
                breaks = 0
                if links:
                    linked += len(text)
            elif words or not text.isascii():
                words.append(text)
            node = node.next
        elif role == _BLOCK:
            breaks = 0
            if words:
                _end_block(blocks, boxes, words, linked, inside)
                linked = 0
            attributes = node.attributes
            tag = node.tag or ""
            boxes.append(Box(tag, hint(tag, attributes), inside))
            starts.append(len(blocks))
            ends.append(len(blocks))
            inside = len(starts) - 1
            if "itemprop" in attributes and _ITEMS.search(attributes["itemprop"] or ""):
                marks.append(Mark(tag, attributes, len(blocks), inside, node.text(deep=True)))
            path.append((node, _BLOCK))
            node = node.first_child
        elif role == _NOTHING:
            node = node.next
        elif role == _CARRIER:
            if mark := _mark(node, len(blocks), inside):
                marks.append(mark)
            node = node.next
        elif role == _BREAK:
            breaks += 1
            if words and breaks == 1:
                words.append("\v")
            elif words:
                _end_block(blocks, boxes, words, linked, inside)
                linked = 0
            node = node.next
        else:
            if role != _RUNNING:
                attributes = node.attributes
                if role == _TIME or "itemprop" in attributes or attributes.get("rel") == "author":
                    marks.append(Mark(node.tag or "", attributes, len(blocks), inside, node.text(deep=True)))
                if role == _LINK:
                    # subheads often carry a link to themselves; elsewhere such links make a table of contents
                    href = attributes.get("href") or "#"
                    if href == "#" or (href[0] == "#" and boxes[inside].tag in HEADINGS):
                        role = _RUNNING
                    else:
                        links += 1
            path.append((node, role))
            node = node.first_child
    if words:
        _end_block(blocks, boxes, words, linked, inside)
    while inside >= 0:
        ends[inside] = len(blocks)
        inside = boxes[inside].parent
    return Outline(blocks, boxes, list(zip(starts, ends, strict=True)), marks, seen > _MOST_NODES)


def _end_block(blocks: list[Block], boxes: list[Box], words: list[str], linked: int, inside: int) -> None:
    """Make the words read so far a block, if there are any."""
    tag = boxes[inside].tag
    text = _tidy("".join(words), tag)
    if text and not text.isspace():
        if tag not in _TELLING and inside and boxes[boxes[inside].parent].tag in _TELLING:
            tag = boxes[boxes[inside].parent].tag
        blocks.append(Block(tag, text, min(linked, len(text)), inside))
    words.clear()


def _mark(node: LexborNode, block: int, box: int) -> Mark | None:
    """Return the element as a mark, None for the links and scripts that say nothing of the page."""
    tag = node.tag or ""
    attributes = node.attributes
    if tag == "script":
        if "ld+json" not in (attributes.get("type") or "").lower():
            return None
    elif tag == "link":
        if (attributes.get("rel") or "").lower() != "canonical":
            return None
    elif tag != "title":
        return Mark(tag, attributes, block, box, "")
    return Mark(tag, attributes, block, box, node.text(deep=True))


def _tidy(text: str, tag: str) -> str:
    if tag == "pre":
        return text.replace("\v", "\n").strip()
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        text = _SPACES.sub(" ", text)
    if "\v" in text:
        return "\n".join(filter(None, (line.strip(" ") for line in text.split("\v"))))
    return text.strip(" ")
