"""Above the story: the standfirst under a headline, the section over it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from normalize.facts import Annotation
from normalize.furniture.captions import read_credits
from normalize.furniture.notices import is_notice
from normalize.phrases import fold
from normalize.shapes import SHORT, Survey, ends_sentence, width
from normalize.stamps import DAY, LONGEST, byline_label, date_label, names_of, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VALUE = 40  # letters of a topic or a section
MARKS = " \t\u3000:：-–—|»›>/\\#•·⋅,，、،;；→"
_SHORTEST, _LONGEST = 30, 450  # a standfirst: letters of an alphabet, and letters
_PROVED = 60  # of one that neither a byline nor a day parts from the story
_HEADLINE = 160  # letters of a headline over a standfirst
_DECK = 2  # lines of a standfirst
_BRACKETS = "([【（"  # with which no standfirst begins
_BETWEEN = 4  # lines of furniture between headline and standfirst, or standfirst and byline
_SAME = 0.6  # the share of a line's words in the headline that makes it the headline again
_OPENING = 4  # lines that may open a text which is no page's
_NEAR = 10  # lines above the headline in which a breadcrumb stands, and
_BELOW = 2  # below it
_CRUMBS = 3  # links of a breadcrumb in lines of their own, the first aside: more are a menu
_CODE = 2  # letters of a language's name in a row of them: "DE", "IT"
# "{0}", "Home1": what a page's template left; "PoliticsHarbour": two links whose space was lost
_NO_NAME = re.compile(r"[{}\[\]@]|[^\W\d_]\d$|[^\W\d_A-Z]{3}[A-Z]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LINK = re.compile(r"\s*[>›»→]+\s*|\s+[/|\\·•⋅–]\s+")
_BY = re.compile(r"(?:\w+ ){0,2}(?:by|von|par|por|di|door) [^\W\d_a-z]")  # "Analysis by Jane Doe, harbour desk"
_RIGHTS = re.compile(r"©|copyright|\(ap photo|rights reserved|droits réservés", re.IGNORECASE)
_PICTURED = re.compile(r"photo|foto|image|getty|reuters|\bap\b|reserv|droits|video|vidéo", re.IGNORECASE)


class Homes(NamedTuple):
    """How the first link of a breadcrumb is called, and the first words of that."""

    names: frozenset[str]
    firsts: frozenset[str]


def find_standfirst(found: Survey, top: int, labelled: frozenset[int]) -> Iterator[Annotation]:
    """Yield the standfirst under the headline in line `top`, where something parts it from the story."""
    first = at = _below(found, top)
    while at < min(len(found.lines), first + _DECK + 1) and at not in labelled and _is_deck(found, at):
        if at > first and ends_sentence(found.said[at]) != ends_sentence(found.said[first]):
            break  # a caption under it, or a paragraph
        at += 1
    if first < at <= first + _DECK and _is_parted(found, first, at):
        lines = found.lines[first:at]
        yield Annotation(lines[0].start, lines[-1].end, "standfirst", "\n\n".join(found.said[first:at]))


def find_head(text: str, found: Survey, homes: Homes) -> int | None:
    """Return the line that its place makes a headline: before a standfirst and a byline, first or under a breadcrumb."""
    n = 1 if found.heads[0] in homes.firsts and _in_line(text, found, (0,), "", homes) else 0
    if found.first <= n or len(found.lines) < n + 3:
        return None
    top, below = found.said[n], found.said[n + 2]
    if len(top) > _HEADLINE or len(below) > LONGEST or ends_sentence(top) or not _is_signed(below):
        return None
    return n if _is_deck(found, n) and _is_deck(found, n + 1) else None


def _below(found: Survey, top: int) -> int:
    """Return the first line under the headline that is neither furniture nor the headline again."""
    headline = set(fold(found.said[top]).split())
    for n in range(top + 1, min(top + 1 + _BETWEEN, len(found.lines))):
        words = set(fold(found.said[n][:SHORT]).split())
        if n not in found.matches and len(words & headline) < _SAME * min(len(words), len(headline)):
            return n
    return len(found.lines)


def _is_deck(found: Survey, n: int) -> bool:
    """Return whether a line may be a standfirst."""
    words = found.said[n][: _LONGEST + 1]
    if n in found.matches or words[0] in _BRACKETS or len(words) > _LONGEST or width(words) < _SHORTEST:
        return False
    if _RIGHTS.search(words) is not None or _is_signed(words):
        return False
    return read_credits(words) is None and not is_notice(words, found.heads[n])


def _is_parted(found: Survey, first: int, end: int) -> bool:
    """Return whether the lines `first:end` are parted from the story: by a byline or a day, or by having no stop."""
    after = next((n for n in islice(range(end, found.last), _BETWEEN) if n not in found.matches), None)
    if after is None:
        return False
    following = found.said[after]
    if _is_signed(following):
        return True
    words = found.said[first]
    if end > first + 1 or width(words) < _PROVED or ends_sentence(words) or _PICTURED.search(words) is not None:
        return False
    credited = read_credits(following)
    pictured = credited is not None and credited.credit[0] == 0
    return (found.page or end <= _OPENING) and not pictured and not _is_row(words)


def _is_row(words: str) -> bool:
    """Return whether a line is a row of names, as menus are: each word has a capital."""
    return words.isascii() and not any(word[0].islower() for word in words.split())


def _is_signed(words: str) -> bool:
    """Return whether a line is a byline, a name or the day of publication."""
    if len(words) > LONGEST or ends_sentence(words):
        return False
    name = byline_label(words)
    if name is not None and (not name or name[0].isupper()):
        return True
    names = names_of(words)
    if (names and plain_name(names[0])) or _BY.match(words) is not None:
        return True
    return DAY.search(words) is not None or date_label(words)[0] is not None


def find_section(text: str, found: Survey, top: int | None, homes: Homes, address: str) -> Iterator[Annotation]:
    """Yield the section that a breadcrumb near the headline in line `top` names, or a line over it."""
    if top is None:
        span = _in_line(text, found, range(min(found.first, _NEAR)), "", homes)
    else:
        near = range(max(0, top - _NEAR), min(len(found.lines), top + _BELOW + 1))
        headline = fold(found.said[top])
        span = _in_line(text, found, near, headline, homes) or _in_lines(text, found, top, homes)
        span = span or _kicker(text, found, top, address)
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


def _in_line(text: str, found: Survey, near: Iterable[int], headline: str, homes: Homes) -> tuple[int, int] | None:
    """Return the last link of "Home > News > Politics" that is not the headline."""
    for n in near:
        start, end = found.lines[n]
        if found.heads[n] not in homes.firsts or end - start > SHORT:
            continue
        listed = links(text, start, end)
        if len(listed) > 1 and fold(text[slice(*listed[0])]) in homes.names:
            return last_link(text, listed[1:], headline)
    return None


def last_link(text: str, spans: list[tuple[int, int]], headline: str) -> tuple[int, int] | None:
    """Return the last of the links that may be a section and are no part of the headline."""
    others = [(a, b) for a, b in spans if is_name(text, a, b) and not _tells(headline, fold(text[a:b]))]
    return others[-1] if others else None


def _tells(headline: str, words: str) -> bool:
    """Return whether words open or close the headline, as where a breadcrumb ends in it and is cut at a mark."""
    return headline.startswith(words) or (words.count(" ") > 1 and headline.endswith(words))


def is_name(text: str, start: int, end: int) -> bool:
    """Return whether words may be the name of a section."""
    return end - start <= VALUE and _NO_NAME.search(text, start, end) is None


def _in_lines(text: str, found: Survey, top: int, homes: Homes) -> tuple[int, int] | None:
    """Return the last section of a breadcrumb whose links stand in lines of their own above the headline."""
    section = None
    count = 0
    for n in range(top - 1, max(-1, top - 1 - 2 * _CRUMBS), -1):
        span = bare(text, *found.lines[n])
        if span is None:
            continue
        count += 1
        if fold(text[slice(*span)]) in homes.names:
            return section
        if count > _CRUMBS or span[1] - span[0] > VALUE:
            return None
        section = section or (span if is_section(found, n) else None)
    return None


def _kicker(text: str, found: Survey, top: int, address: str) -> tuple[int, int] | None:
    """Return the section that stands over the headline; where short lines stand above, the page's address must name it.

    "Health" may end a menu as well, but not in "gull.example/health/council-silent.html".
    """
    span = bare(text, *found.lines[top - 1]) if top and is_section(found, top - 1) else None
    if span is None or span[1] - span[0] <= _CODE:
        return None
    plain = fold(text[slice(*span)]).replace("ß", "ss").replace(" ", "-")
    named = plain in address or plain.translate(_UMLAUTS) in address
    return span if named or top == 1 or not _is_item(found, top - 2) else None


def _is_item(found: Survey, n: int) -> bool:
    """Return whether a line may be one of a menu."""
    start, end = found.lines[n]
    return end - start <= VALUE and (n not in found.matches or is_section(found, n))


def is_section(found: Survey, n: int) -> bool:
    """Return whether a line is a section's name."""
    match = found.matches.get(n)
    return match is not None and match.rule == "section"
