"""Stated: what a page's own elements state of it, gathered from the marks of its outline."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, NamedTuple

from normalize.markup.schema import main_article, read_linked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from normalize.markup.blocks import Mark, Outline

_LONGEST = 10_000  # characters that a statement may have


class Time(NamedTuple):
    """A time element or a date in microdata: its words, what it is said to be, and the number of blocks before it."""

    source: str
    text: str
    name: str
    block: int


class Stated(NamedTuple):
    """What a page states: `metas` by name in small letters, `article` from JSON-LD, `items` from microdata."""

    metas: dict[str, list[str]]
    article: dict[str, Any]
    items: dict[str, list[str]]
    times: list[Time]
    title: str | None
    url: str | None
    language: str | None


def gather(page: Outline) -> Stated:
    """Return what the marks of `page` state."""
    metas: dict[str, list[str]] = {}
    items: dict[str, list[str]] = {}
    times: list[Time] = []
    title = url = None
    for mark in page.marks:
        get = mark.attributes.get
        if mark.tag == "meta":
            name = get("property") or get("name") or get("itemprop") or get("http-equiv")
            content = get("content")
            if name and content and (words := tidy(content)):
                metas.setdefault(name.strip().casefold(), []).append(words)
        elif mark.tag == "title":
            title = title or tidy(mark.text[:1000])
        elif mark.tag == "link":
            if (get("rel") or "").casefold() == "canonical" and get("href"):
                url = url or (get("href") or "").strip()
        elif mark.tag == "time":
            _add_times(times, mark)
        if (prop := get("itemprop")) and mark.tag != "script":
            words = tidy(get("content") or get("datetime") or mark.text)
            if words:
                for name in prop.casefold().split():
                    items.setdefault(name, []).append(words)
        if get("rel") == "author" and mark.tag == "a" and (words := tidy(mark.text)):
            items.setdefault("rel-author", []).append(words)
    article = main_article(read_linked(_scripts(page.marks)))
    return Stated(metas, article, items, times, title, url, None)


def tidy(text: str | None) -> str | None:
    """Return `text` without markup's white space and entities, None where nothing is left, or far too much.

    >>> tidy("  Rain &amp;amp; snow\\n "), tidy(" ")
    ('Rain & snow', None)
    """
    if not text or len(text) > _LONGEST:
        return None
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    return " ".join(text.split()) or None


def _scripts(marks: Iterable[Mark]) -> list[str]:
    return [
        mark.text
        for mark in marks
        if mark.tag == "script" and mark.text and "ld+json" in (mark.attributes.get("type") or "").casefold()
    ]


def _add_times(times: list[Time], mark: Mark) -> None:
    get = mark.attributes.get
    name = " ".join(filter(None, (get("itemprop"), get("class"), "pubdate" if "pubdate" in mark.attributes else None)))
    for source, text in (("time datetime", get("datetime")), ("time", mark.text)):
        if words := tidy(text):
            times.append(Time(source, words, name, mark.block))
