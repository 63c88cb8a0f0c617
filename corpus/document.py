"""The one explicit schema of a corpus, and how an input record becomes a document to clean."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import polars as pl

from corpus.signals import signal_types
from normalize import Annotation, Facts
from normalize.calendar import parse_moment
from normalize.evidence import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.readers import Record
    from normalize.calendar import Moment
    from normalize.markup import Page

_INSTANT = pl.Datetime("us", "UTC")
_PLACE = {"name": pl.String, "region": pl.String, "country": pl.String, "timezone": pl.String}
DATELINE = pl.Struct(
    {
        "place": pl.String,
        "region": pl.String,
        "country": pl.String,
        "timezone": pl.String,
        "agency": pl.String,
        "date": pl.Date,
        "places": pl.List(pl.Struct(_PLACE)),
        "text": pl.String,
        "start": pl.UInt32,
        "source_start": pl.UInt32,
        "source_end": pl.UInt32,
    }
)
TIME = pl.Struct(
    {
        "text": pl.String,
        "type": pl.String,
        "value": pl.String,
        "mod": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "source_start": pl.UInt32,
        "source_end": pl.UInt32,
        "zone": pl.String,
        "zone_from": pl.String,
        "begin": _INSTANT,
        "end_at": _INSTANT,
        "same_as": pl.UInt32,
        "until": pl.UInt32,
        "flag": pl.String,
        "rule": pl.String,
    }
)
ANNOTATION = pl.Struct({"kind": pl.String, "value": pl.String, "source_start": pl.UInt32, "source_end": pl.UInt32})
CHANGE = pl.Struct(
    {"start": pl.UInt32, "removed": pl.String, "text": pl.String, "why": pl.List(pl.String), "score": pl.Float32}
)
EVIDENCE = pl.Struct({"from": pl.String, "value": pl.String})

# Column -> type, in the order in which they are written. Nothing in it depends on the data.
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "id": pl.String,
    "source": pl.String,
    "url": pl.String,
    "site": pl.String,
    "title": pl.String,
    "standfirst": pl.String,
    "section": pl.String,
    "text": pl.String,
    "language": pl.String,
    "language_score": pl.Float32,
    "published": pl.Date,
    "published_at": _INSTANT,
    "updated_at": _INSTANT,
    "published_from": pl.String,
    "evidence": pl.List(EVIDENCE),
    "authors": pl.List(pl.String),
    "tags": pl.List(pl.String),
    "captions": pl.List(pl.String),
    "agency": pl.String,
    "dateline": DATELINE,
    "times": pl.List(TIME),
    "annotations": pl.List(ANNOTATION),
    "changes": pl.List(CHANGE),
    **signal_types(),
    "media_type": pl.String,
    "encoding": pl.String,
    "encoding_from": pl.String,
    "encoding_exact": pl.Boolean,
    "bom": pl.Boolean,
    "newline": pl.String,
    "record_sha256": pl.String,
    "source_sha256": pl.String,
    "html": pl.Binary,
    "extra": pl.String,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A record opened: its source text, what is known of it, and what was given beside the text.

    `given` are annotations without a place in the text (a page's authors, an image's caption);
    `claims` say when it was published.
    """

    record: Record
    text: str
    facts: Facts
    given: tuple[Annotation, ...]
    claims: tuple[Claim, ...]
    source_sha256: str

    @property
    def id(self) -> str:
        """The input's id, else the start of the source's hash."""
        given = self.record.fields.get("id")
        return self.source_sha256[:16] if given is None or given == "" else str(given)


def open_record(record: Record) -> Document:
    """Return the document in `record`: its text, or the page's text where it is HTML."""
    page = _opened(record) if record.form == "html" else None
    text = record.body if page is None else page.text
    url = _text(record.fields.get("url")) or (page.url if page else None)
    claims = tuple(_claims(record, page))
    winner = next(iter(claims), None)
    facts = Facts(
        published=winner.moment.days if winner else None,
        published_at=winner.moment.at if winner else None,
        language=_code(record.fields.get("language")),
        title=_text(record.fields.get("title")) or (page.title if page else None),
        url=url,
        site=_text(record.fields.get("site")) or (page.site if page else None) or _host(url),
        form="text" if page is None else "page",
    )
    given = tuple(_given(record, page))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Document(record, text, facts, given, claims, digest)


def _claims(record: Record, page: Page | None) -> Iterator[Claim]:
    """Yield what the record and the page say of the publication date, the weightiest first."""
    moment = _moment(record.fields, "date")
    if moment is not None:
        yield Claim("record", moment, str(record.fields["date"]))
    for claim in page.claims if page is not None else ():
        if claim.kind == "published":
            yield Claim(f"page {claim.source}", claim.moment, claim.text)


def _given(record: Record, page: Page | None) -> Iterator[Annotation]:
    """Yield what is known beside the text, as annotations without a place in it."""
    fields = record.fields
    for name in ("date", "updated"):
        moment = _moment(fields, name)
        if moment is None and fields.get(name) not in (None, ""):
            yield Annotation(None, None, "note", f"{name} not understood: {fields[name]!r}"[:200])
        elif moment is not None and name == "updated":
            yield Annotation(None, None, "updated", moment)
    for kind, names in (("author", "authors"), ("tag", "tags"), ("caption", "captions"), ("agency", "agency")):
        values = _texts(fields.get(names)) or (getattr(page, names, ()) if page else ())
        for value in values:
            yield Annotation(None, None, kind, value)
    for kind in ("section", "standfirst"):
        value = _text(fields.get(kind)) or (getattr(page, kind) if page else None)
        if value:
            yield Annotation(None, None, kind, value)
    if page is not None:
        yield from _of_page(page)


def _of_page(page: Page) -> Iterator[Annotation]:
    for image in page.images:
        if image.caption:
            yield Annotation(None, None, "caption", image.caption)
        if image.credit:
            yield Annotation(None, None, "credit", image.credit)
    if page.updated is not None:
        yield Annotation(None, None, "updated", page.updated)
    for note in page.notes:
        yield Annotation(None, None, "note", note)


def _moment(fields: Mapping[str, object], name: str) -> Moment | None:
    stated = fields.get(name)
    if isinstance(stated, bool) or not isinstance(stated, str | int | float):
        return None
    return parse_moment(stated, language=_code(fields.get("language")))


def _code(value: object) -> str | None:
    """Return the primary code of a language tag ("en-GB", "pt_BR"), None where it is none ("English")."""
    code = re.split("[-_]", _text(value) or "")[0].lower()
    return code if re.fullmatch("[a-z]{2,3}", code) else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    if isinstance(value, list | tuple):
        return tuple(item.strip() for item in value if isinstance(item, str) and item.strip())
    return ()


def _host(url: str | None) -> str | None:
    """Return the host that `url` names, without "www."."""
    if not url:
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:  # "http://[broken"
        return None
    return host.removeprefix("www.") if host else None


def _opened(record: Record) -> Page:
    from normalize.markup import open_page  # noqa: PLC0415 (a corpus of texts opens no page)

    return open_page(record.body, url=_text(record.fields.get("url")))
