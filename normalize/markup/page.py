"""Page: what an HTML page says of its story, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from normalize.calendar import Moment


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the story: its address, and the words under it."""

    src: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that the page says of a date: `kind` is "published" or "updated".

    `source` names where it stood ("json-ld datePublished", "meta article:published_time", "time", "url",
    "text"), `text` holds the words as they were.
    """

    kind: str
    source: str
    text: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class Page:
    """A page opened: its story as text, and what it says of itself.

    `text` holds standfirst, paragraphs, subheads, lists and quotations in page order, one blank line
    between blocks. None and the empty tuple mean that the page does not say. `claims` are all dates
    stated, the ones that won first; `notes` tell what the reader of the row should know
    ("paywalled", "cut to 5,000,000 characters").
    """

    text: str
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    site: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    images: tuple[Image, ...] = ()
    published: Moment | None = None
    updated: Moment | None = None
    published_from: str | None = None
    claims: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
