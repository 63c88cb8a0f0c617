"""Above the story: the standfirst under a headline, the section over it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from normalize.facts import Annotation
from normalize.furniture.captions import read_credits
from normalize.furniture.notices import is_notice
from normalize.phrases import fold
from normalize.shapes import SHORT, Survey, ends_sentence, width
from normalize.stamps import DAY, LONGEST, byline_label, date_label, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VALUE = 40  # letters of a topic or a section
MARKS = " \t\u3000:：-–—|»›>/\\#•·⋅,，、،;；→"
_SHORTEST, _LONGEST = 30, 450  # a standfirst, in letters of an alphabet
_PROVED = 60  # of one that neither a byline nor a day parts from the story
_HEADLINE = 160  # letters of a headline over a standfirst
_DECK = 3  # lines of a standfirst
_BRACKETS = "([【（"
_BETWEEN = 4  # lines of furniture between headline and standfirst, or standfirst and byline
_SAME = 0.6  # the share of a line's words in the headline that makes it the headline again
_NEAR = 10  # lines above the headline in which a breadcrumb stands, and
_BELOW = 2  # below it
_CRUMBS = 5  # links of a breadcrumb in lines of their own
_LINK = re.compile(r"\s*[>›»→]+\s*|\s+[/|\\·•⋅–]\s+")
_BY = re.compile(r"(?:\w+ ){0,2}(?:by|von|par|por|di|door) [^\W\d_a-z]")  # "Analysis by Jane Doe, harbour desk"
_RIGHTS = re.compile(r"©|copyright|\(ap photo|rights reserved|droits réservés", re.IGNORECASE)
_PICTURED = re.compile(r"©|copyright|photo|foto|image|getty|reuters|\bap\b|reserv|droits|video|vidéo", re.IGNORECASE)


def find_standfirst(text: str, found: Survey, top: int) -> Iterator[Annotation]:
    """Yield the standfirst under the headline in line `top`, where something parts it from the story."""
    first = at = _below(text, found, top)
    while at < min(len(found.lines), first + _DECK + 1) and _is_deck(text, found, at):
        at += 1
    if first < at <= first + _DECK and _is_parted(text, found, first, at):
        lines = found.lines[first:at]
        yield Annotation(
            lines[0].start, lines[-1].end, "standfirst", "\n\n".join(text[start:end] for start, end in lines)
        )


def find_head(text: str, found: Survey, homes: frozenset[str]) -> int | None:
    """Return the line that its place makes a headline: before a standfirst and a byline, first or under a breadcrumb."""
    n = 1 if _in_line(text, found, (0,), "", homes) else 0
    if found.first <= n or len(found.lines) < n + 3 or not (_is_deck(text, found, n) and _is_deck(text, found, n + 1)):
        return None
    start, end = found.lines[n]
    fitting = end - start <= _HEADLINE and not ends_sentence(text[start:end])
    return n if fitting and _is_signed(text[slice(*found.lines[n + 2])]) else None


def _below(text: str, found: Survey, top: int) -> int:
    """Return the first line under the headline that is neither furniture nor the headline again."""
    headline = set(fold(text[slice(*found.lines[top])]).split())
    for n in range(top + 1, min(top + 1 + _BETWEEN, len(found.lines))):
        start, end = found.lines[n]
        words = set(fold(text[start : min(end, start + SHORT)]).split())
        if n not in found.matches and len(words & headline) < _SAME * min(len(words), len(headline)):
            return n
    return len(found.lines)


def _is_deck(text: str, found: Survey, n: int) -> bool:
    """Return whether a line may be a standfirst."""
    start, end = found.lines[n]
    if n in found.matches or not _SHORTEST <= end - start <= _LONGEST:
        return False
    words = text[start:end]
    return (
        words[0] not in _BRACKETS
        and read_credits(words) is None
        and not is_notice(words, found.heads[n])
        and not _is_signed(words)
    )


def _is_parted(text: str, found: Survey, first: int, end: int) -> bool:
    """Return whether the lines `first:end` are parted from the story: by a byline or a day, or by having no stop."""
    after = next((n for n in islice(range(end, found.last), _BETWEEN) if n not in found.matches), None)
    if after is None:
        return False
    if _is_signed(text[slice(*found.lines[after])]):
        return True
    words = text[slice(*found.lines[first])]
    if end > first + 1 or width(words) < _PROVED or ends_sentence(words) or _PICTURED.search(words) is not None:
        return False
    credited = read_credits(text[slice(*found.lines[after])])
    return not (credited and credited.credit[0] == 0) and (
        not words.isascii() or any(w[0].islower() for w in words.split())
    )


def _is_signed(words: str) -> bool:
    """Return whether a line is a byline, a name or the day of publication."""
    if len(words) > LONGEST or ends_sentence(words):
        return len(words) <= LONGEST and names_of(byline_label(words) or "") != ()
    if byline_label(words) is not None or _BY.match(words) or names_of(words):
        return True
    return DAY.search(words) is not None or date_label(words)[0] is not None


def find_section(text: str, found: Survey, top: int | None, homes: frozenset[str]) -> Iterator[Annotation]:
    """Yield the section that a breadcrumb near the headline in line `top` names, or a line over it."""
    if top is None:
        span = _in_line(text, found, range(min(found.first, _NEAR)), "", homes)
    else:
        near = range(max(0, top - _NEAR), min(len(found.lines), top + _BELOW + 1))
        headline = fold(text[slice(*found.lines[top])])
        span = _in_line(text, found, near, headline, homes) or _in_lines(text, found, top, homes) or _kicker(found, top)
    if span is not None:
        yield Annotation(*span, "section", text[slice(*span)])


def links(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the links of a breadcrumb that stands in `text[start:end]`."""
    ends = [*(found.span() for found in _LINK.finditer(text, start, end)), (end, end)]
    starts = [start, *(last for _, last in ends)]
    return [span for at, (last, _) in zip(starts, ends, strict=False) if (span := bare(text, at, last)) is not None]


def bare(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return `text[start:end]` without the marks at its edges, None where nothing is left."""
    words = text[start:end]
    first = end - len(words.lstrip(MARKS))
    last = start + len(words.rstrip(MARKS))
    return (first, last) if first < last else None


def _in_line(
    text: str, found: Survey, near: Iterable[int], headline: str, homes: frozenset[str]
) -> tuple[int, int] | None:
    """Return the last link of "Home > News > Politics" that is not the headline."""
    for n in near:
        start, end = found.lines[n]
        listed = links(text, start, end) if end - start <= SHORT else []
        if len(listed) > 1 and fold(text[slice(*listed[0])]) in homes:
            return last_link(text, listed[1:], headline)
    return None


def last_link(text: str, spans: list[tuple[int, int]], headline: str) -> tuple[int, int] | None:
    """Return the last of the links that may be a section, which the headline is not."""
    fitting = [(a, b) for a, b in spans if b - a <= VALUE and not headline.startswith(fold(text[a:b]))]
    return fitting[-1] if fitting else None


def _in_lines(text: str, found: Survey, top: int, homes: frozenset[str]) -> tuple[int, int] | None:
    """Return the last section of a breadcrumb whose links stand in lines of their own above the headline."""
    section = None
    for n in range(top - 1, max(-1, top - 1 - 2 * _CRUMBS), -1):
        start, end = found.lines[n]
        if end - start > VALUE:
            return None
        if fold(text[start:end]) in homes:
            return section
        if section is None and _is_section(found, n):
            section = start, end
    return None


def _kicker(found: Survey, top: int) -> tuple[int, int] | None:
    """Return the section that stands over the headline, with no menu above it."""
    menu = top > 2 and _is_section(found, top - 2) and _is_section(found, top - 3)
    return found.lines[top - 1] if top and _is_section(found, top - 1) and not menu else None


def _is_section(found: Survey, n: int) -> bool:
    match = found.matches.get(n)
    return match is not None and match.rule == "section"
