"""Titles: a page's headline, without the name of its site."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from normalize.markup.schema import words_of
from normalize.markup.stated import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from normalize.markup.stated import Stated

_WORD = re.compile(r"\w+")
_BAR = re.compile(r"\s+[|•»]+\s+|\s*[｜ㅣ]\s*|\s\|\||::")
_JOINT = re.compile(r"\s+[-–—·|•:»]+\s+|\s*[|：｜ㅣ]\s*|-(?=\w+[ㅣ|｜])")
_SECTION = re.compile(r"-\w{1,10}$")
_CUT = ("…", "...")


def plain(text: str) -> str:
    """Return the words of `text` alone, to compare what two places of a page say.

    >>> plain("“Rain”, they said – again")
    'rain they said again'
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def find_title(stated: Stated, heads: Iterable[str], url: str | None) -> str | None:
    """Return the headline: JSON-LD's, else Open Graph's, the page's first heading, or its title, without the site's name."""
    told = tidy(words_of(stated.article.get("headline")))
    shown = [head for head in heads if head]
    named = [*stated.metas.get("og:title", ())[:1], *stated.metas.get("twitter:title", ())[:1]]
    also = [*filter(None, (told, stated.title)), *named, *shown]
    sites = list(site_names(stated, url))
    bare = [without_site(words, also, sites) for words in (*named, *filter(None, (stated.title,)))]
    items = stated.items.get("headline", [])[:1]
    for words in (told, *bare[: len(named)], *items, *_agreed(shown, bare), *bare, *shown[:1]):
        if words and plain(words):
            return _whole(words, [*bare, *shown])
    return None


def _agreed(shown: Iterable[str], bare: Iterable[str]) -> Iterator[str]:
    """Yield the headings that the title confirms."""
    titles = [plain(words) for words in bare]
    for head in shown:
        words = plain(head)
        # "Comments" may stand in a title too
        if any((words in title and 3 * len(words) > len(title)) or title in words for title in titles if title):
            yield head


def _whole(words: str, others: Iterable[str]) -> str:
    """Return `words`, or the longer form of them where they are cut short."""
    if words.endswith(_CUT):
        start = plain(words.rstrip(".…"))
        return next((other for other in others if plain(other).startswith(start) and not other.endswith(_CUT)), words)
    return words


def without_site(words: str, others: Iterable[str], sites: Iterable[str]) -> str:
    """Return a title without the site's name at its end (or start).

    >>> without_site("Rain in May - what we know - The Daily", ["Rain in May - what we know"], [])
    'Rain in May - what we know'
    >>> without_site("Rain in May | The Daily", [], []), without_site("Rain - again", [], ["The Daily"])
    ('Rain in May', 'Rain - again')
    >>> without_site("The Daily - Rain in May", [], ["thedaily"])
    'Rain in May'
    """
    known = {plain(other) for other in others}
    joints = list(_JOINT.finditer(words))[-20:]
    for joint in joints:
        if plain(words[: joint.start()]) in known:
            return words[: joint.start()]
    if not joints:
        return words
    names = [squeezed for name in sites if len(squeezed := _squeeze(name)) > 2]
    last, first = _squeeze(words[joints[-1].end() :]), _squeeze(words[: joints[0].start()])
    if len(last) > 2 and any(last in name or name in last for name in names):
        rest = words[: joints[-1].start()]
        # "headline-sectionㅣpaper", as Korean sites have it
        return without_site(_SECTION.sub("", rest) if joints[-1][0].strip() in ("ㅣ", "｜") else rest, (), sites)
    if len(first) > 2 and first in names:
        return words[joints[0].end() :]
    bars = list(_BAR.finditer(words))
    if bars and len(words) - bars[-1].end() < bars[-1].start():
        return words[: bars[-1].start()]
    return words


def site_names(stated: Stated, url: str | None) -> Iterator[str]:
    """Yield what the site calls itself, and the name of its host."""
    yield from stated.metas.get("og:site_name", ())[:1]
    yield from stated.metas.get("application-name", ())[:1]
    if name := words_of(stated.article.get("publisher")):
        yield name
    yield from stated.metas.get("article:section", ())[:1]
    try:
        host = urlsplit(url or stated.url or next(iter(stated.metas.get("og:url", ())), "")).hostname or ""
    except ValueError:
        return
    labels = host.removeprefix("www.").split(".")
    if len(labels) > 1:
        yield max(labels[:-1], key=len)


def _squeeze(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
