"""Limits: what keeps a hostile page from taking more than its time, before it is parsed."""

# ruff: noqa: SIM905 (lists of tags read better as words)
from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 5_000_000  # characters
_MANY_TAGS = 10_000  # tags from which on depth is counted: what fewer can nest takes a tenth of a second
_SOME_TAGS = 4_000  # tags from which on formatting elements are counted
_FORMATS = 100  # open formatting elements: each is made anew in every paragraph that follows
_DEEPEST = 500  # open elements
_LONG_TAG = 8_000  # characters without ">" from which on attributes are counted
_MANY_ATTRIBUTES = 1_000
# A tag to its end, or to the end of the page. Linear: it always matches, and gives nothing back.
_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*)((?:=\s*(?:\"[^\"]*(?:\"|$)|'[^']*(?:'|$))|[^>])*+)(?:>|$)",
)
_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_ATTRIBUTE = re.compile(r"[^\s=>/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_FORMAT = re.compile(r"<[bBcCeEfFiInNsStTuU](?:ig|ode|m|ont|obr|mall|tr(?:ike|ong)|t)?[\s>]", re.IGNORECASE)
_FORMAT_END = re.compile(r"</[bBcCeEfFiInNsStTuU](?:ig|ode|m|ont|obr|mall|tr(?:ike|ong)|t)?[\s>]", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Elements that the next of their kind, or the end of what they stand in, closes.
_LOOSE = frozenset("p li dt dd option optgroup tr td th thead tbody tfoot rp rt html head body colgroup".split())
_KEPT = frozenset(
    "p h1 h2 h3 h4 h5 h6 li br hr title meta link script style time img article main nav footer aside".split()
)


def tame(html: str) -> tuple[str, tuple[str, ...]]:
    """Return `html` such that it parses in bounded time, and notes on what was left out.

    >>> tame("<p>Left alone.</p>")
    ('<p>Left alone.</p>', ())
    >>> html, notes = tame("<div>" * 100_000 + "Deep down")
    >>> html.strip(), notes
    ('Deep down', ('nested deeper than 500 elements: divisions left out',))
    >>> html, notes = tame("<p " + "a " * 50_000 + ">Text")
    >>> len(html), notes
    (2007, ('more than 1000 attributes on an element: the rest left out',))
    """
    notes: list[str] = []
    if len(html) > LARGEST:
        html = html[:LARGEST]
        notes.append(f"cut to {LARGEST:,} characters")
    if any(_crowded(run) for run in _long_runs(html)):
        shorter = _TAG.sub(_few_attributes, html)
        if shorter != html:
            html = shorter
            notes.append(f"more than {_MANY_ATTRIBUTES} attributes on an element: the rest left out")
    tags = html.count("<")
    if tags > _SOME_TAGS and (_formats(html) > _FORMATS or (tags > _MANY_TAGS and _depth(html) > _DEEPEST)):
        html = _TAG.sub(_flat, html)
        notes.append(f"nested deeper than {_DEEPEST} elements: divisions left out")
    return html, tuple(notes)


def _long_runs(html: str) -> Iterator[str]:
    """Yield the runs without ">" that are too long for a tag, looking only where one must end."""
    at = 0
    while at < len(html):
        end = html.rfind(">", at, at + _LONG_TAG)
        if end < 0 and len(html) - at > _LONG_TAG:
            end = html.find(">", at + _LONG_TAG)
            yield html[at : end if end >= 0 else len(html)]
        if end < 0:
            return
        at = end + 1


def _crowded(piece: str) -> bool:
    """Return whether a run without ">" may be one tag with very many attributes."""
    tag = None if "</" in piece else _NAME.search(piece)  # "</" is the end of a script
    if tag is None:
        return False
    return any(n == _MANY_ATTRIBUTES for n, _ in enumerate(_ATTRIBUTE.finditer(piece, tag.end())))


def _few_attributes(tag: re.Match[str]) -> str:
    # "if (a<b) … </script>" is no tag, and its end must stay
    if len(tag[3]) < _LONG_TAG or "</" in tag[3]:
        return tag[0]
    kept: list[str] = []
    for attribute in _ATTRIBUTE.finditer(tag[3]):
        if len(kept) == _MANY_ATTRIBUTES:
            return f"<{tag[1]}{tag[2]} {' '.join(kept)}>"
        kept.append(attribute[0])
    return tag[0]


def _depth(html: str) -> int:
    """Return how many elements are open at once, at most; more than there are where tags are not closed."""
    now = deepest = 0
    for closing, name in _NAME.findall(html):
        if name in _LOOSE or name in _VOID:
            continue
        if closing:
            now -= now > 0
        else:
            now += 1
            deepest = max(deepest, now)
    return deepest


def _formats(html: str) -> int:
    """Return how many formatting elements are opened and not closed."""
    opened = len(_FORMAT.findall(html))
    return opened if opened <= _FORMATS else opened - len(_FORMAT_END.findall(html))


def _flat(tag: re.Match[str]) -> str:
    return tag[0] if tag[2].casefold() in _KEPT else " "
