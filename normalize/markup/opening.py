"""Open a page: HTML in, story and metadata out."""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from normalize.calendar import DateInterval, Moment
from normalize.markup.page import Claim, Page

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_DROPPED = "script,style,noscript,template,svg,iframe,form,button,nav,footer,aside,figure,header nav"
_BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote", "pre")
_SPACES = re.compile(r"\s+")
_LARGEST = 5_000_000
_PUBLISHED = ("article:published_time", "datePublished", "date", "pubdate", "dc.date", "dcterms.created")


def open_page(html: str | bytes | BeautifulSoup, *, url: str | None = None) -> Page:
    """Open an HTML page: return its story as text, and what it says of itself.

    >>> page = open_page("<html lang=en><title>Rain</title><article><p>It rained.</p><p>Then it stopped.</p></article>")
    >>> page.text, page.title, page.language
    ('It rained.\\n\\nThen it stopped.', 'Rain', 'en')
    >>> open_page("no markup at all").text
    'no markup at all'
    """
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, ParserRejectedMarkup  # noqa: PLC0415 (heavy: only where a page is opened)

    notes = []
    if isinstance(html, bytes):
        html = html.decode("utf-8", "replace")
    if isinstance(html, str):
        if len(html) > _LARGEST:
            html = html[:_LARGEST]
            notes.append(f"cut to {_LARGEST:,} characters")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            try:
                soup = BeautifulSoup(html, "html.parser")
            except (ParserRejectedMarkup, RecursionError):
                return Page(html, notes=("not parsed",))
    else:
        soup = html
    meta = _metas(soup)
    published = _published(meta)
    root = soup.find("html")
    return Page(
        text=_story(soup),
        title=meta.get("og:title") or _words(soup.find("h1")) or _words(soup.find("title")),
        standfirst=None,
        authors=tuple(filter(None, (meta.get("author"),))),
        site=meta.get("og:site_name"),
        section=meta.get("article:section"),
        language=_attribute(root, "lang"),
        url=meta.get("og:url") or url,
        published=published.moment if published else None,
        published_from=published.source if published else None,
        claims=(published,) if published else (),
        notes=tuple(notes),
    )


def _attribute(tag: Tag | None, name: str) -> str | None:
    value = tag.get(name) if tag is not None else None
    return value if isinstance(value, str) and value else None


def _words(tag: Tag | None) -> str | None:
    return (_SPACES.sub(" ", tag.get_text()).strip() or None) if tag is not None else None


def _metas(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = _attribute(tag, "property") or _attribute(tag, "name") or _attribute(tag, "itemprop")
        content = _attribute(tag, "content")
        if name and content and content.strip():
            found.setdefault(name, content.strip())
    return found


def _published(meta: dict[str, str]) -> Claim | None:
    for name in _PUBLISHED:
        words = meta.get(name, "")
        try:
            at = datetime.fromisoformat(words)
            days = DateInterval.of(at.date())
            instant = at.astimezone(UTC) if at.tzinfo else None
        except (ValueError, OverflowError):
            continue
        moment = Moment(days, instant)
        return Claim("published", f"meta {name}", words, moment)
    return None


def _story(soup: BeautifulSoup) -> str:
    root = soup.find("article") or soup.find("main") or soup.find("body") or soup
    dropped = {id(tag) for tag in root.select(_DROPPED)}
    blocks = []
    for tag in root.find_all(_BLOCKS):
        if any(id(above) in dropped or above.name in _BLOCKS for above in tag.parents) or id(tag) in dropped:
            continue
        blocks.append(_words(tag))
    kept = [block for block in blocks if block]
    return "\n\n".join(kept) or _words(root) or ""
