"""Story: which blocks of a page are the story."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from normalize.markup.blocks import IMAGES
from normalize.markup.hints import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from normalize.markup.blocks import Block, Outline

_ENDS = tuple(".!?…:;\"'”’»)]。！？」』।؟။")
_ASKS = ("?", "？", "؟")
_STRAY = {"drop": 1, "byline": 1, "figure": 2, "credit": 2, "out": 2, "comments": 2}  # 2: not forgiven for being large
_LEADS_AWAY = 3  # gone, because it is links
_LIST = frozenset({"li", "td", "th", "dd", "dt"})
# The first bytes, in UTF-8, of the characters from U+3000 on: kana, ideographs, Hangul.
_WIDE = bytes(range(0xE3, 0xEE))
_WORD = re.compile(r"\w+")
# An address that the author wrote out, or the source of a quotation: "[The Courier]". No title of another page.
_SOURCE = re.compile(r"\s*(?:(?:https?://|www\.)\S+|\[[^\[\]]{2,60}\])\s*")
_DIGIT = re.compile(r"\d")  # a short line with a number and no full stop is a date

SHARE = 0.7  # of a box's weight that one child must hold to be the story's box
INSIDE = 0.8  # the same in a box that is named as the story's
IMAGE_BOX = 350  # characters that a box with an image holds, at most, to be caption or teaser
ENTRIES = 0.7  # share of the weight that articles within the story hold where they are a live blog's entries
MOST_STORIES = 50  # boxes named as the story's that are looked at
MOST_COMPARED = 100_000_000  # characters that the search for repeats may look through
WEAK = 200  # weight below which what stands outside of a box is no story
LINKED = 0.5  # share of characters in links that a box of the story has at most
MOST_INTRODUCE = 8  # blocks of a standfirst, which may be a list
TAIL = 0.25  # the same for a list after the last paragraph


class Story(NamedTuple):
    """Which blocks are the story, and which of them the standfirst."""

    chosen: list[int]
    standfirst: list[int]
    head: int  # the block that is the headline, -1: none


def size_of(block: Block) -> int:
    """Return how long a block reads: a wide character says as much as two letters or more."""
    text = block.text
    if text.isascii():
        return len(text)
    utf8 = text.encode("utf-8", "surrogatepass")
    return len(text) + len(utf8) - len(utf8.translate(None, _WIDE))


def fold(text: str) -> str:
    """Return the words of `text` alone, to compare what two places of a page say."""
    return " ".join(_WORD.findall(text.casefold()))


def choose(page: Outline, title: str = "", description: str = "") -> Story:
    """Return the blocks that are story."""
    blocks, ranges = page.blocks, page.ranges
    sizes = [size_of(block) for block in blocks]
    weights = [_weigh(block, size) for block, size in zip(blocks, sizes, strict=True)]
    head = _headline(blocks, fold(title))
    gone = _hinted(page, weights, head)
    mass = _sums(0.0 if out else weight for weight, out in zip(weights, gone, strict=True))
    root = _descend(page, mass)
    start, end = ranges[root]
    text = _sums(sizes)
    linked = _sums(block.linked for block in blocks)
    _drop_boxes(page, root, gone, mass, text, linked)
    told = fold(title)
    chosen = [
        n
        for n in range(start, end)
        if not gone[n] and n != head and not (blocks[n].tag in HEADINGS and _tells(fold(blocks[n].text), told))
    ]
    chosen = _trimmed(page, chosen, weights)
    chosen = _without_loose_heads(blocks, chosen, gone)
    chosen = _without_repeats(blocks, chosen)
    if chosen:
        standfirst = _standfirst(page, head, chosen[0], gone, description)
        return Story([*standfirst, *chosen], standfirst, head)
    return Story([n for n in range(len(blocks)) if not gone[n]] or list(range(len(blocks))), [], head)


def _sums(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(values)]


def _weigh(block: Block, size: int) -> float:
    """Return how much a block speaks for being story: its unlinked characters, less where it is no sentence."""
    weight = size - 1.5 * block.linked
    if size < 40 or weight <= 0:
        return 0.0
    if block.tag in _LIST or not block.text.rstrip().endswith(_ENDS):
        weight /= 2
    return weight


def _hinted(page: Outline, weights: Sequence[float], head: int) -> bytearray:
    """Return which blocks stand in boxes that are named as something else than story."""
    blocks, boxes, ranges, *_ = page
    gone = bytearray(len(blocks))
    mass = _sums(weights)
    named = [(box, ranges[n]) for n, box in enumerate(boxes) if box.hint or box.tag == "blockquote"]
    storied = [extent for box, extent in named if box.hint == "story"][:MOST_STORIES]
    strays: list[tuple[int, int, int]] = []
    for box, (start, end) in named:
        code = _STRAY.get(box.hint, 0)
        if not code or start == end or (strays and code <= strays[-1][2] and end <= strays[-1][1]):
            continue
        held = mass[end] - mass[start]
        least = min(WEAK, 0.2 * mass[-1]) if box.hint == "comments" else 0.2 * mass[-1]
        if code == 2 and ((start <= head < end and held > 0.1 * mass[-1]) or mass[-1] - held < least):
            continue
        if code == 1 and _holds_story(storied, start, end, 0.2 * held, mass):
            continue
        strays.append((start, end, code))
    for start, end, code in sorted(strays, key=lambda stray: stray[2]):
        gone[start:end] = bytes([code]) * (end - start)
    rest = sum(weight for weight, out in zip(weights, gone, strict=True) if not out)
    for start, end, code in strays:
        if code == 1 and mass[end] - mass[start] > 0.7 * (mass[end] - mass[start] + rest):
            for at in range(start, end):
                gone[at] -= gone[at] == 1
    for box, (start, end) in named:
        if box.tag == "blockquote" and start < end and box.hint not in ("out", "comments"):
            up = box.parent
            while up >= 0 and boxes[up].hint not in ("out", "comments"):
                up = boxes[up].parent
            if up < 0:
                gone[start:end] = bytes(end - start)
    return gone


def _holds_story(storied: Sequence[tuple[int, int]], start: int, end: int, least: float, mass: Sequence[float]) -> bool:
    """Return whether a box named as the story's, and heavy enough, stands in `start:end`."""
    return any(start <= first < last <= end and mass[last] - mass[first] > least for first, last in storied)


def _headline(blocks: Sequence[Block], title: str) -> int:
    """Return the block that is the headline, -1 where there is none."""
    first = -1
    for n, block in enumerate(blocks):
        if block.tag in HEADINGS:
            words = fold(block.text)
            if words and title.startswith(words) and len(words) > 0.5 * len(title):
                return n
            if first < 0 and block.tag == "h1":
                first = n
    return first


def _tells(words: str, title: str) -> bool:
    """Return whether a heading is the title, or says little more: "In the harbour - Rain stops the ferries"."""
    return words == title or (len(title) > 20 and title in words and len(words) < 2 * len(title))


def _descend(page: Outline, mass: Sequence[float]) -> int:
    """Return the innermost box that holds most of the weight."""
    children: dict[int, list[int]] = {}
    for n, (start, end) in enumerate(page.ranges):
        if mass[end] > mass[start]:
            children.setdefault(page.boxes[n].parent, []).append(n)
    best, held, inside = 0, mass[-1], False
    while True:
        heaviest, most = 0, 0.0
        for n in children.get(best, ()):
            start, end = page.ranges[n]
            if mass[end] - mass[start] > most:
                heaviest, most = n, mass[end] - mass[start]
        named = page.boxes[heaviest].hint == "story"
        least = INSIDE if inside else 0.5 if named else SHARE
        if not most or most < least * held:
            return best
        best, held, inside = heaviest, most, inside or named


def _drop_boxes(
    page: Outline, root: int, gone: bytearray, mass: Sequence[float], text: Sequence[float], linked: Sequence[float]
) -> None:
    """Mark what stands in the story's box and is none of it: teasers, link lists, images with their captions."""
    _, boxes, ranges, *_ = page
    first, last = ranges[root]
    whole = mass[last] - mass[first]
    homes = {boxes[page.blocks[n].box].parent for n in range(first, last) if mass[n + 1] > mass[n]}
    ending = max(
        (n for n in range(first, last) if mass[n + 1] > mass[n] and page.blocks[n].tag not in _LIST), default=last
    )

    articles = [ranges[n] for n in range(root + 1, len(boxes)) if boxes[n].tag == "article" and ranges[n][1] <= last]
    shares = _held(articles, mass)
    entries = sum(shares) > ENTRIES * whole and max(shares) < 0.5 * whole

    def drop(start: int, end: int, code: int = 1) -> None:
        gone[start:end] = bytes([code]) * (end - start)

    for n in range(root + 1, len(boxes)):
        start, end = ranges[n]
        if end > last or start < first:
            break
        if start == end:
            continue
        tag = boxes[n].tag
        if tag == "article" and not entries and mass[end] - mass[start] < 0.3 * whole:
            drop(start, end)
        elif linked[end] > linked[start] and not (tag in HEADINGS and boxes[n].parent in homes):
            alone = page.blocks[start] if end - start == 1 else None
            if alone and alone.tag == "p" and _SOURCE.fullmatch(alone.text):
                continue
            sure = (alone.tag if alone else tag) in ("p", "li")
            most = 0.8 if sure else TAIL if tag in ("ul", "ol") and start > ending else LINKED
            if linked[end] - linked[start] > most * (text[end] - text[start]):
                drop(start, end, _LEADS_AWAY)
    for mark in page.marks:
        if mark.tag not in IMAGES:
            continue
        small, box = -1, mark.box
        while box > root and text[ranges[box][1]] - text[ranges[box][0]] <= IMAGE_BOX:
            small, box = box, boxes[box].parent
        if small >= 0 and ranges[small][0] >= first and ranges[small][1] <= last and boxes[small].tag != "p":
            drop(*ranges[small])
        elif first <= mark.block < last and _is_caption(page, mark.block, mark.box):
            drop(mark.block, mark.block + 1)


def _held(extents: Iterable[tuple[int, int]], mass: Sequence[float]) -> list[float]:
    """Return the weight of each of `extents` that stands in no other."""
    held, done = [], 0
    for start, end in extents:
        if start >= done:
            held.append(mass[end] - mass[start])
            done = end
    return held


def _is_caption(page: Outline, n: int, box: int) -> bool:
    """Return whether block `n`, which follows an image in `box`, stands in a box of its own, as no paragraph does."""
    block, boxes = page.blocks[n], page.boxes
    return (
        boxes[block.box].parent == box
        and block.tag in ("div", "center", "span", "small", "cite")
        and len(block.text) <= IMAGE_BOX
        and not block.text.endswith(_ENDS)
        and page.ranges[block.box] == (n, n + 1)
    )


def _trimmed(page: Outline, chosen: list[int], weights: Sequence[float]) -> list[int]:
    """Return `chosen` without the short lines around the story that stand in boxes of their own."""
    blocks, boxes = page.blocks, page.boxes
    homes = {(boxes[blocks[n].box].parent, blocks[n].tag) for n in chosen if weights[n]} | {
        blocks[n].box for n in chosen if weights[n]
    }
    places = {boxes[blocks[n].box].parent for n in chosen if weights[n]}
    solid = [at for at, n in enumerate(chosen) if weights[n]]
    if not solid:
        return chosen
    out = []
    for at, n in enumerate(chosen):
        block = blocks[n]
        parent = boxes[block.box].parent
        home = (parent, block.tag) in homes or block.box in homes
        if block.tag in _LIST or block.tag in ("p", "blockquote", "pre"):
            home = home or parent in places or (parent >= 0 and boxes[parent].parent in places)
        if weights[n] or block.tag in HEADINGS:
            out.append(n)
        elif at < solid[0] or at > solid[-1]:
            if home and (block.text.rstrip().endswith(_ENDS) or block.tag == "li"):
                out.append(n)
        elif (
            home
            or block.tag in ("p", "blockquote", "td", "th", "dd", "dt", "pre")
            or block.text.rstrip().endswith(_ENDS)
        ):
            out.append(n)
    return out


def _without_loose_heads(blocks: Sequence[Block], chosen: list[int], gone: bytearray) -> list[int]:
    """Return `chosen` without headings that have nothing under them, or only links."""
    out: list[int] = []
    for n in reversed(chosen):
        over_links = n + 1 < len(blocks) and gone[n + 1] == _LEADS_AWAY and blocks[n + 1].tag == "li"
        if blocks[n].tag in HEADINGS and (not out or blocks[out[-1]].tag == blocks[n].tag or over_links):
            continue
        out.append(n)
    out.reverse()
    while out and _is_eyebrow(blocks[out[0]]):
        del out[0]
    return out


def _is_eyebrow(block: Block) -> bool:
    """Return whether a heading that opens the story is none of it: a headline, a section's or site's name."""
    short = len(block.text) < 25 and not block.text.endswith(_ENDS)
    return block.tag == "h1" or (block.tag in HEADINGS and short)


def _without_whole_copies(blocks: Sequence[Block], chosen: list[int]) -> list[int]:
    """Return `chosen` without a block that says most of the others again, as a copy for machines does."""
    large = [n for n in chosen if len(blocks[n].text) > 1000]
    if not large or len(large) > 10 or len(chosen) * max(len(blocks[n].text) for n in large) > MOST_COMPARED:
        return chosen
    gone = set()
    for n in large:
        text = blocks[n].text
        said = sum(len(blocks[m].text) for m in chosen if m != n and m not in gone and blocks[m].text in text)
        if said > 0.5 * len(text):
            gone.add(n)
    return [n for n in chosen if n not in gone]


def _without_repeats(blocks: Sequence[Block], chosen: list[int]) -> list[int]:
    """Return `chosen` without what another block says too: pull quotes, and copies of whole passages."""
    chosen = _without_whole_copies(blocks, chosen)
    texts = [blocks[n].text for n in chosen]
    seen: dict[str, int] = {}
    first = [seen.setdefault(text, at) for at, text in enumerate(texts)]  # where the same was said first
    said_within = _repeats(blocks, chosen, texts)
    out = []
    for at, (n, text) in enumerate(zip(chosen, texts, strict=True)):
        if text in said_within:
            continue
        if first[at] == at:
            out.append(n)
            continue
        # an interview's question may come twice; a long paragraph, or two in a row, are a copy
        after = at + 1 < len(first) and first[at + 1] == first[at] + 1 < at + 1
        before = first[at - 1] == first[at] - 1 < at - 1
        if not (after or before or (len(text) >= 100 and not text.endswith(_ASKS))):
            out.append(n)
    return out


def _repeats(blocks: Sequence[Block], chosen: Sequence[int], texts: Sequence[str]) -> set[str]:
    """Return the texts that stand inside another: word for word, or for quotations with other marks."""
    whole = "\n".join(texts)
    if len(texts) * len(whole) > MOST_COMPARED:
        return set()
    times = Counter(texts)
    quoted = fold(whole) if any(blocks[n].tag == "blockquote" for n in chosen) else ""
    return {
        text
        for n, text in zip(chosen, texts, strict=True)
        if len(text) >= 40
        and blocks[n].tag != "li"
        and blocks[n].tag not in HEADINGS
        and (
            whole.count(_whole(text)) > times[text]
            or (blocks[n].tag == "blockquote" and quoted.count(fold(text)) > times[text])
        )
    }


def _whole(text: str) -> str:
    """Return `text` without the mark that it was cut off there."""
    bare = text.rstrip(". …")
    return bare if text.endswith(("…", "...")) and len(bare) >= 40 else text


def _standfirst(page: Outline, head: int, first: int, gone: bytearray, description: str) -> list[int]:
    """Return the blocks between headline and story that introduce it."""
    blocks = page.blocks
    about = fold(description)
    found: dict[str, int] = {}
    for n in range(head + 1 if head < first else max(0, first - 10), first):
        block = blocks[n]
        size = len(block.text)
        if block.tag == "h1" or size < 25 or block.linked > 0.5 * size:
            continue
        words = fold(block.text)
        sentence = block.text.rstrip().endswith(_ENDS)
        said = len(about) > 20 and (words.startswith(about[:60]) or about.startswith(words[:60]))
        named = (sentence or size >= 60 or not _DIGIT.search(words)) and _named(page, block.box)
        plain = sentence and size > 60 and not gone[n] and block.tag not in HEADINGS
        if named and gone[n] == 1:  # as all teasers have one
            named = not _within(page, block.box, "drop")
        if (said and not _within(page, block.box, "figure", "credit")) or (gone[n] != 2 and (named or plain)):
            found.setdefault(words, n)
    return list(found.values())[:MOST_INTRODUCE]


def _within(page: Outline, box: int, *kinds: str) -> bool:
    """Return whether `box`, or one around it, is named as one of `kinds`."""
    while box >= 0 and page.boxes[box].hint not in kinds:
        box = page.boxes[box].parent
    return box >= 0


def _named(page: Outline, box: int) -> bool:
    for _ in range(3):
        if box < 0:
            return False
        if page.boxes[box].hint:
            return page.boxes[box].hint == "standfirst"
        box = page.boxes[box].parent
    return False
