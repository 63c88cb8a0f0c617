"""Reading a dateline: where to look, which reading holds, and the steps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from normalize.dateline.heads import Head, read_heads
from normalize.dateline.parts import Setting
from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Dateline, Facts
from normalize.steps import first, settle, step

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = 6000  # code points at a text's head in which a dateline may stand
_LINES = 40
_ENOUGH = 3.0  # points from which a reading is a dateline

# A line that may begin with a dateline: cheap, and wider than what is read.
_CANDIDATE = re.compile(
    r"^[^\S\n]*(?:date \d{4}-\d\d-\d\d\s+)?\**(?P<head>"
    r"[(\[【（［〔/]"
    r"|[^\W\d_][^\n]{0,110}?(?:[—–―─_:：(（|]|--|[ .,)/]-| ?-(?:[ \n]|\Z)|/)"
    r"|\d{1,2}\.? [^\W\d_])",
    re.MULTILINE,
)


@step(reads=("published", "title", "language", "site", "url"), provides=("dateline",), answer=first(Dateline))
def read_dateline(text: str, *, known: Facts = UNKNOWN, threshold: float = 0.5) -> Iterator[Annotation]:
    """Read the story's dateline: places, country, zone, agency and day.

    >>> found = read_dateline("KYIV, Ukraine (AP) — The talks were adjourned until Monday, officials said.")
    >>> found.place, found.country, found.timezone, found.agency, found.text
    ('Kyiv', 'UA', 'Europe/Kyiv', 'AP', 'KYIV, Ukraine (AP) —')
    """
    setting = _setting(text, known)
    for place, candidate in enumerate(_CANDIDATE.finditer(text, 0, min(len(text), _HEAD))):
        if place >= _LINES:
            return
        start = candidate.start("head")
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        best = _best(text, start, end, setting)
        if best is not None and (score := _score(best.points)) >= threshold:
            yield Annotation(start, best.end, "dateline", _value(text, start, best, score))
            return


def _best(text: str, start: int, end: int, setting: Setting) -> Head | None:
    readings = [h._replace(points=h.points + _rest(text, h, end)) for h in read_heads(text, start, end, setting)]
    good = [h for h in readings if h.points >= _ENOUGH]
    return max(good, key=lambda h: h.points) if good else None


def _rest(text: str, head: Head, end: int) -> float:
    """Return what the words after a head say for or against it: a sentence follows a dateline."""
    rest = text[head.end : end].strip()
    if not rest:
        return -1.0 if head.body.date or (head.agency and head.body.places) else -4.0
    letter = next((c for c in rest[:8] if c.isalpha()), "")
    if letter.islower():
        return -1.5
    return 0.75 if len(rest) >= 60 else -0.5


def _score(points: float) -> float:
    return round(min(0.99, points / (points + _ENOUGH)), 3)


def _value(text: str, start: int, head: Head, score: float) -> Dateline:
    body = head.body
    return Dateline(
        text[start : head.end], start, head.end, body.places, head.agency or body.agency, body.date, None, score
    )


def _setting(text: str, known: Facts) -> Setting:
    near = known.published.begin if known.published else None
    return Setting(near, known.language, _home(known), text[:3000])


def _home(known: Facts) -> str | None:
    """Return the country that the site's address names: "example.co.uk"."""
    host = known.site or (known.url and _host(known.url)) or ""
    last = host.rpartition(".")[2].upper()
    return {"UK": "GB"}.get(last, last) if len(last) == 2 else None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@step(reads=("published", "title", "language", "site", "url", "dateline"))
@settle(passes=3)
def strip_dateline(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Remove the dateline, so that the story begins with its first sentence.

    >>> strip_dateline("KYIV, Ukraine (AP) — The talks were adjourned until Monday, officials said.")
    'The talks were adjourned until Monday, officials said.'
    """
    found = known.found("dateline")
    if found is None:
        found = tuple(a for a in read_dateline.find(text, known) if isinstance(a, Annotation))
    for item in found[:1]:
        if item.start is not None and item.end is not None and 0 <= item.start < item.end <= len(text):
            end = item.end
            while end < len(text) and text[end].isspace() and text[end] != "\n":
                end += 1
            yield Edit(item.start, end, "", "dateline")
