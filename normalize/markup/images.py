"""Images: what a story shows, with the words under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalize.markup.page import Image

if TYPE_CHECKING:
    from normalize.markup.blocks import Mark, Outline
    from normalize.markup.story import Story

_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-srcset", "srcset")
_PICTURES = frozenset({"img", "amp-img", "picture"})
_MOST = 100
_FEW = 10  # blocks that stand with an image, at most
_LONGEST = 600  # characters of a caption


def images_of(page: Outline, story: Story) -> tuple[Image, ...]:
    """Return the images from the headline to the story's end that have words under them."""
    if not story.chosen:
        return ()
    first = story.head if 0 <= story.head < story.chosen[0] else story.chosen[0]
    found: dict[str, Image] = {}
    kept = set(story.chosen)
    for mark in page.marks:
        if mark.tag in _PICTURES and first <= mark.block <= story.chosen[-1] + 1 and len(found) < _MOST:
            source = _source(mark)
            caption, credit = _words(page, mark, kept)
            if source and (caption or credit) and source not in found:
                found[source] = Image(source, caption, credit)
    return tuple(found.values())


def _source(mark: Mark) -> str | None:
    for name in _SOURCES:
        value = (mark.attributes.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return value.split()[0].rstrip(",") if "srcset" in name else value
    return None


def _words(page: Outline, mark: Mark, kept: set[int]) -> tuple[str | None, str | None]:
    """Return caption and credit: the words of the smallest box around the image that has any."""
    box = mark.box
    for _ in range(5):
        if box < 0:
            break
        start, end = page.ranges[box]
        if start < end:
            if (
                any(n in kept for n in range(start, end))
                or sum(len(page.blocks[n].text) for n in range(start, end)) > _LONGEST
            ):
                break
            words = [(page.blocks[n].text, page.boxes[page.blocks[n].box].hint == "credit") for n in range(start, end)]
            caption = " ".join(text for text, credits_it in words if not credits_it)
            credit = " ".join(text for text, credits_it in words if credits_it)
            return caption or None, credit or None
        box = page.boxes[box].parent
    return None, None
