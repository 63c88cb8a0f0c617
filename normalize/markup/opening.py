"""Open a page: HTML in, story and metadata out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from normalize.decoding import decode_bytes
from normalize.markup.blocks import Mark, outline
from normalize.markup.dates import claims_of
from normalize.markup.images import images_of
from normalize.markup.limits import tame
from normalize.markup.names import authors_of
from normalize.markup.page import Page
from normalize.markup.schema import words_of
from normalize.markup.state import story_in
from normalize.markup.stated import Stated, gather, tidy
from normalize.markup.story import choose, fold
from normalize.markup.titles import find_title, site_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup
    from selectolax.lexbor import LexborNode

    from normalize.markup.blocks import Outline
    from normalize.markup.page import Claim
    from normalize.markup.story import Story

_CHARSET = re.compile(rb"<meta[^>]{0,500}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z!/?]")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")
_LEAST = 250  # characters outside navigation and footer, below which they are read too
_STUB = 500  # characters of a text below which the story may stand elsewhere
_SENTENCE = 40  # characters of a line that says something
_SURROGATE = re.compile("[\ud800-\udfff]")


def open_page(html: str | bytes | BeautifulSoup, *, url: str | None = None) -> Page:
    """Open an HTML page: return its story as text, and what it says of itself. Never raises on a page.

    >>> page = open_page("<html lang=en><title>Rain</title><article><p>It rained.<p>Then it stopped.</article>")
    >>> page.text, page.title, page.language
    ('It rained.\\n\\nThen it stopped.', 'Rain', 'en')
    >>> open_page("no markup at all").text
    'no markup at all'

    A page that was changed with beautifulsoup4 can be handed over as it is:

    >>> from bs4 import BeautifulSoup
    >>> soup = BeautifulSoup("<p>It rained.</p><p class=our-own-box>Buy now.</p>", "html.parser")
    >>> soup.find(class_="our-own-box").decompose()
    >>> open_page(soup).text
    'It rained.'

    `url` is where the page was found: it may tell the day, and the site.
    """
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 (native: only where a page is opened)

    source = _text_of(html)
    if not _MARKUP.search(source):
        return Page(source.strip())
    source, notes = tame(source)
    try:
        utf8 = source.encode()
    except UnicodeEncodeError:  # lone surrogates, which UTF-8 does not have
        utf8 = _SURROGATE.sub("\ufffd", source).encode()
    tree = LexborHTMLParser(utf8)
    root = tree.root
    if root is None:
        return Page("", notes=(*notes, "not parsed"))
    page = outline(root)
    if sum(len(block.text) for block in page.blocks) < _LEAST:
        page = outline(root, asides=True)
    if not any(mark.tag == "script" for mark in page.marks):
        scripts = root.css('script[type="application/ld+json"]')
        page.marks.extend(Mark("script", script.attributes, 0, 0, script.text(deep=True)) for script in scripts)
    stated = gather(page)._replace(language=_language(root.attributes.get("lang") or root.attributes.get("xml:lang")))
    if page.cut:
        notes = (*notes, "cut: too many elements")
    opened = _page(page, stated, url, notes)
    return _from_scripts(opened, root) if len(opened.text) < _STUB else opened


def _from_scripts(opened: Page, root: LexborNode) -> Page:
    """Return the page with the story that its scripts hold, where its markup has no more than its beginning."""
    told = story_in(script.text(deep=True) for script in root.css("script") if _holds_data(script))
    begun = [fold(line)[:60] for line in opened.text.split("\n\n") if len(line) >= 2 * _SENTENCE]
    whole = fold(told)
    if len(told) < max(_STUB, 2 * len(opened.text)) or not all(words in whole for words in begun):
        return opened
    return replace(opened, text=told, notes=(*opened.notes, "text from the data of its scripts"))


def _holds_data(script: LexborNode) -> bool:
    return "ld+json" not in (script.attributes.get("type") or "") and not script.attributes.get("src")


def _page(page: Outline, stated: Stated, url: str | None, notes: tuple[str, ...]) -> Page:
    blocks = page.blocks
    heads = [block.text for block in blocks if block.tag == "h1"][:20]
    title = find_title(stated, heads, url)
    description = next(_descriptions(stated), "")
    story = choose(page, title or "", description)
    text = "".join(_spaced(page, story.chosen))
    body = _plain(words_of(stated.article.get("articleBody")) or "")
    if len(body) > _STUB and len(text) < 0.25 * len(body):
        text = body
        notes = (*notes, "text from JSON-LD articleBody")
    first = story.chosen[0] if story.chosen else len(blocks)
    near = range(max(0, min(first, story.head if story.head >= 0 else first) - 12), min(len(blocks), first + 3))
    language = stated.language or _language(next(_meta(stated, "og:locale", "content-language", "language"), None))
    claims = claims_of(stated._replace(language=language), blocks, near, story.head, url)
    published, updated = _first(claims, "published"), _first(claims, "updated")
    chosen = set(story.chosen)
    bylines = [
        (blocks[n].text, page.boxes[blocks[n].box].hint == "byline" and n not in chosen)
        for n in near
        if n != story.head and len(blocks[n].text) < 100
    ]
    nearby = [blocks[n].text for n in _around(story, len(blocks)) if blocks[n].tag in ("p", "div", "span")]
    sites = list(site_names(stated, url))
    if stated.article.get("isAccessibleForFree") in (False, "False", "false", "http://schema.org/False"):
        notes = (*notes, "paywalled")
    return Page(
        text=text,
        title=title,
        standfirst="\n\n".join(blocks[n].text for n in story.standfirst) or None,
        authors=authors_of(stated, bylines, nearby, sites),
        site=next(iter(sites), None),
        section=tidy(words_of(stated.article.get("articleSection")))
        or next(_meta(stated, "article:section", "section"), None),
        tags=_tags(stated),
        language=language,
        url=stated.url or next(_meta(stated, "og:url"), None) or url,
        images=images_of(page, story),
        published=published.moment if published else None,
        updated=updated.moment if updated else None,
        published_from=published.source if published else None,
        claims=tuple(claims),
        notes=notes,
    )


def _spaced(page: Outline, chosen: list[int]) -> Iterator[str]:
    """Yield the chosen blocks with a blank line between them; a table's rows are lines, its cells parted by bars."""
    row_before = -2
    for n in chosen:
        block = page.blocks[n]
        row = (
            page.boxes[block.box].parent if block.tag in ("td", "th") and page.boxes[block.box].tag == block.tag else -1
        )
        if row_before != -2:
            tables = row > 0 and row_before > 0 and page.boxes[row].parent == page.boxes[row_before].parent
            yield " | " if row == row_before > 0 else "\n" if tables else "\n\n"
        yield block.text
        row_before = row


def _around(story: Story, size: int) -> list[int]:
    """Return the blocks just before and just after the story."""
    if not story.chosen:
        return []
    first, last = story.chosen[0], story.chosen[-1]
    return [n for n in (first - 1, first - 2, last + 1) if 0 <= n < size and n != story.head]


def _text_of(html: str | bytes | BeautifulSoup) -> str:
    if isinstance(html, bytes):
        declared = _CHARSET.search(html[:4096])
        html = decode_bytes(html, declared=declared[1].decode("ascii") if declared else None).text
    elif not isinstance(html, str):
        html = html.decode()
    return html


def _language(stated: str | None) -> str | None:
    """Return a language tag if it is one: "en-GB", not "{{ lang }}"."""
    found = _LANGUAGE.fullmatch((stated or "").strip())
    return found[0].replace("_", "-") if found else None


def _plain(body: str) -> str:
    return "\n\n".join(filter(None, (tidy(line) for line in body.split("\n"))))


def _meta(stated: Stated, *names: str) -> Iterator[str]:
    for name in names:
        yield from stated.metas.get(name, ())


def _descriptions(stated: Stated) -> Iterator[str]:
    yield from _meta(stated, "og:description", "description", "twitter:description")
    if words := tidy(words_of(stated.article.get("description"))):
        yield words


def _first(claims: list[Claim], kind: str) -> Claim | None:
    """Return the surest claim; where it tells only the day, the next that tells the clock of that day too."""
    every = [claim for claim in claims if claim.kind == kind]
    if not every:
        return None
    return next((c for c in every if c.moment.at and c.moment.days == every[0].moment.days), every[0])


def _tags(stated: Stated) -> tuple[str, ...]:
    value = stated.article.get("keywords")
    told = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]
    if len(told) == 1:
        told = re.split(r"[,;]", told[0])
    for words in (
        list(_meta(stated, "article:tag")),
        told,
        [w for m in _meta(stated, "news_keywords", "keywords") for w in m.split(",")],
    ):
        tags = tuple(dict.fromkeys(filter(None, (tidy(word) for word in words))))
        if tags:
            return tags[:50]
    return ()
