"""Labels: what a page says of its story beside headline and byline: standfirst, section, topics, the clocks of a live blog."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.furniture.above import (
    MARKS,
    VALUE,
    Homes,
    bare,
    find_head,
    find_section,
    find_standfirst,
    is_name,
    is_section,
    last_link,
    links,
)
from normalize.furniture.headline import read_headline
from normalize.furniture.verdicts import KINDS
from normalize.phrases import fold
from normalize.shapes import SHORT, Survey, ends_sentence, survey, width
from normalize.stamps import DAY, plain_name
from normalize.steps import step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LABEL = 60  # letters of a line's start in which a label stands
_LISTED = 400  # letters of a line of topics
_WORDS = 5  # of a topic
_TOPICS = 15  # of one story; more are the cloud of a site
_TRIED = 8  # labels of topics
_MENU = 3  # sections in lines of their own
_AFTER = 15  # lines after the story in which a word that heads menus as well heads its topics
_BEFORE = 10  # lines before headline and story in which its labels stand
_CLOCKED = 60  # letters of a line that is a post's clock, with its writer
_POSTS = 2  # of a live blog, at least
_SPOKEN = 60  # letters of a post's first sentence
_NEAR = 4  # lines in which it follows its clock
_COLONS = (":", "：", "|", "»", "›", ">")
_SPLIT = re.compile(r"\s*[,，、،;；|•·⋅]\s*|\s+/\s+|\s*[#＃]\s*")
_YEAR = 4  # digits: a shorter number is no topic
_COUNT = re.compile(r"\(?\d+\)?\s")  # "(42) Comments"
_WORD = re.compile(r"\w+")
_GLUED = re.compile(r"[^\W\d_A-Z]{3}[A-Z]")  # "HarbourFerry", whose space was lost
# "10:42", "14.05 Uhr", "10.42am BST", "14h05", "10時42分"; behind it a name or nothing
_CLOCK = re.compile(
    r"\d{1,2}(?:[:.hH時时][0-5]\d分?|시 ?[0-5]\d분)(?::[0-5]\d)?(?: ?[AaPp]\.?[Mm]\b\.?)?"
    r"(?: ?(?:Uhr|h|hs|hrs|[A-Z]{2,4})\b(?: ?[+-]\d{1,2}(?::?\d\d)?)?)?"
)
_AGO = re.compile(
    r"\d{1,2} ?(?:m|min|mins|minutes?|h|hrs?|hours?) ago|vor \d{1,2} (?:Min\.|Minuten?|Stunden?)|il y a \d{1,2} ?(?:min|minutes?|h|heures?)"
    r"|hace \d{1,2} (?:min|minutos?|horas?)|há \d{1,2} (?:min|minutos?|horas?)|\d{1,2} (?:minuti|ore) fa"
)


@dataclass(frozen=True, slots=True)
class Labels:
    """What `find_labels` read: None and () where the text says nothing."""

    standfirst: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()


class _Table(NamedTuple):
    labels: dict[str, list[tuple[str, str]]]  # by first word: the labels, the longest first, and their kinds
    homes: Homes


class _Told(NamedTuple):
    """A line that begins with a label: where the label ends, and whether it is all of the line."""

    line: int
    kind: str
    end: int
    alone: bool


def _labels(annotations: Iterable[Annotation]) -> Labels:
    read: dict[str, list[str]] = {"standfirst": [], "section": [], "tag": [], "stamp": []}
    for each in annotations:
        if isinstance(each.value, str):
            read[each.kind].append(each.value)
    standfirst, section = (next(iter(read[kind]), None) for kind in ("standfirst", "section"))
    return Labels(standfirst, section, tuple(read["tag"]), tuple(read["stamp"]))


@step(reads=("url", "title", *KINDS), provides=("standfirst", "section", "tag", "stamp"), answer=_labels)
def find_labels(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Find the standfirst, the section and the topics of a story, and the clocks above the posts of a live blog.

    >>> story = "The council met on Friday and would not say what it had decided on the harbour.\n\n"
    >>> page = "Home > News > Politics\n\nCouncil Silent After Meeting On Harbour\n\n" + story + "Tags: harbour, ferries"
    >>> find_labels(page)
    Labels(standfirst=None, section='Politics', tags=('harbour', 'ferries'), stamps=())

    A standfirst stands under the headline, and something between it and the story:

    >>> head = "Council Silent After Meeting On Harbour\n\nNo word of ferries, fees or who is to pay\n\nBy Jane Doe\n\n"
    >>> find_labels(head + story).standfirst
    'No word of ferries, fees or who is to pay'

    The clocks of a live blog stand above its posts, at least two of them:

    >>> find_labels("10:42 GMT\n\n" + story + "10:15 GMT\n\n" + story).stamps
    ('10:42 GMT', '10:15 GMT')

    What a story tells is none of these:

    >>> find_labels("Tags: they hang from every coat in the shop.") == find_labels(story) == Labels()
    True

    The labels stand in `normalize/data/page_labels.tsv`. Topics in lines under their label are read as far
    as the story speaks of them: menus are headed like that too.
    """
    found = survey(text)
    top = _headline(text, known, found)
    if top is None and found.first and known.form != "page":
        top = find_head(text, found, _table().homes)
    low = max(0, (found.first if top is None else min(top, found.first)) - _BEFORE)
    labels = _table().labels
    marked = [n for n, head in enumerate(found.heads[low:], low) if head in labels or head < ":"]  # a label or a number
    if top is None and not marked and not found.first:
        return
    told = list(_told(text, found, marked))
    if top is not None:
        yield from find_standfirst(found, top, frozenset(each.line for each in told))
    yield from _section(text, found, top, told, (known.url or "").casefold())
    yield from _topics(text, found, told)
    yield from _posts(text, found, marked, told)


def _headline(text: str, known: Facts, found: Survey) -> int | None:
    """Return the number of the headline's line, None where there is none."""
    read = known.found("title")
    for each in read_headline.find(text, known) if read is None else read:
        if isinstance(each, Annotation) and each.start is not None and 0 <= each.start < len(text) and found.lines:
            return max(0, bisect_right(found.lines, (each.start, len(text) + 1)) - 1)
    return None


def _told(text: str, found: Survey, marked: Iterable[int]) -> Iterator[_Told]:
    """Yield the lines that begin with a label."""
    table = _table().labels
    for n in marked:
        if found.heads[n] not in table:
            continue
        start, end = found.lines[n]
        words = text[start : min(end, start + _LABEL)]
        folded = fold(words)
        for label, kind in table[found.heads[n]]:
            if folded == label or folded.startswith(f"{label} "):
                last = next(islice(_WORD.finditer(words), label.count(" "), None)).end()
                yield _Told(n, kind, start + last, end - start < _LABEL and folded == label)
                break


def _section(text: str, found: Survey, top: int | None, told: list[_Told], address: str) -> Iterator[Annotation]:
    """Yield the section: that of a label, of a breadcrumb, or of a line above the headline."""
    for each in told:
        if not each.alone and each.kind in ("section", "here"):
            span = _labelled(text, found, top, each)
            if span is not None:
                yield Annotation(*span, "section", text[slice(*span)])
                return
    yield from find_section(text, found, top, _table().homes, address)


def _labelled(text: str, found: Survey, top: int | None, told: _Told) -> tuple[int, int] | None:
    """Return the section that follows its label in its line, or the last link of a breadcrumb: "You are here: …"."""
    end = found.lines[told.line].end
    words = text[told.end : end]
    if len(words) > _LISTED or ends_sentence(words):
        return None
    if told.kind == "section":
        listed = _listed(text, told.end, end) if words.lstrip().startswith(_COLONS) else []
        return listed[0] if listed and is_name(text, *listed[0]) else None
    first, *others = links(text, told.end, end) or [(end, end)]
    headline = "" if top is None else fold(found.said[top])
    return last_link(text, others, headline) if fold(text[slice(*first)]) in _table().homes.names else None


def _topics(text: str, found: Survey, told: list[_Told]) -> Iterator[Annotation]:
    """Yield the topics under the first label that heads any."""
    for each in _heading(told):
        spans = _in_lines(text, found, each) if each.alone else _in_line(text, found, each)
        for span in spans:
            yield Annotation(*span, "tag", text[slice(*span)])
        if spans:
            return


def _heading(told: Iterable[_Told]) -> Iterator[_Told]:
    """Yield the labels of topics, as many as a page may have: for each the whole story is looked through."""
    return islice((each for each in told if each.kind in ("tag", "topic")), _TRIED)


def topic_lines(text: str, found: Survey) -> Iterator[int]:
    """Yield the numbers of the lines of topics whose label is furniture: they must not stay where it goes."""
    labels = _table().labels
    marked = [n for n in found.matches if found.heads[n] in labels and found.furniture(n) is not None]
    for told in _heading(_told(text, found, marked)):
        for start, _ in _in_lines(text, found, told) if told.alone else ():
            yield bisect_right(found.lines, (start, len(text) + 1)) - 1


def _in_line(text: str, found: Survey, told: _Told) -> list[tuple[int, int]]:
    """Return the topics that follow their label in its line: "Tags: harbour, ferries"."""
    start, end = found.lines[told.line]
    if ends_sentence(text[max(start, end - _LISTED) : end]):
        return []
    spans = _listed(text, told.end, end)
    if not text[told.end : end].lstrip().startswith(_COLONS):
        return spans if told.kind == "tag" and len(spans) > 1 else []
    return spans if len(spans) > 1 or _GLUED.search(text, told.end, end) is None else []


def _listed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the values of a list in `text[start:end]`, none where one of them is too long for a list."""
    if end - start > _LISTED:
        return []
    ends = [*(found.span() for found in _SPLIT.finditer(text, start, end)), (end, end)]
    starts = [start, *(last for _, last in ends)]
    spans = [span for at, (last, _) in zip(starts, ends, strict=False) if (span := bare(text, at, last)) is not None]
    fitting = len(spans) <= _TOPICS and all(b - a <= VALUE and text.count(" ", a, b) < _WORDS for a, b in spans)
    return spans if fitting else []


def _in_lines(text: str, found: Survey, told: _Told) -> list[tuple[int, int]]:
    """Return the topics in the lines under their label, as far as the story speaks of them.

    Menus are headed like that too, and nothing tells where a list ends, unless no more than furniture follows: its
    last topic is the last of which the story speaks, as it must of half of them.
    """
    n = told.line + 1
    if n < len(found.lines) and told.kind == "tag" and len(spans := _listed(text, *found.lines[n])) > 1:
        return spans
    listed = list(_short_lines(text, found, told))
    if len(listed) > _TOPICS or (told.kind == "topic" and not found.first < n < found.last + _AFTER):
        return []
    lines = found.lines[found.first : told.line if found.first < told.line else found.last]
    story = " ".join(text[start:end] for start, end in lines if end - start > _SPOKEN).casefold()
    spoken = [text[slice(*span)].casefold() in story for span in listed]
    last = next((n for n in range(len(found.lines) - 1, told.line, -1) if n not in found.matches), 0)
    ended = listed and listed[-1][1] >= found.lines[last].end
    while spoken and not (spoken[-1] or ended):
        spoken.pop()
    least = _POSTS if told.kind == "topic" else 1
    return listed[: len(spoken)] if sum(spoken) >= least and 2 * sum(spoken) >= len(spoken) else []


def _short_lines(text: str, found: Survey, told: _Told) -> Iterator[tuple[int, int]]:
    """Yield what stands in the short lines under a label that are no furniture, up to the next gap."""
    gap = 0
    last = told.end
    seen = set()
    for n in range(told.line + 1, min(told.line + 2 + 2 * _TOPICS, len(found.lines))):
        start, end = found.lines[n]
        lines = text.count("\n", last, start)
        gap, last = gap or lines, end
        words = text[start:end]
        if lines > gap or words in seen or _is_no_topic(words) or _is_furniture(found, n):
            return
        span = bare(text, start, end)
        if span is not None:
            seen.add(words)
            yield span


def _is_furniture(found: Survey, n: int) -> bool:
    """Return whether a line is furniture; the name of a section may be a topic, but three together are a menu."""
    match = found.matches.get(n)
    return match is not None and (match.rule != "section" or all(map(partial(is_section, found), range(n, n + _MENU))))


def _is_no_topic(words: str) -> bool:
    if len(words) > VALUE or ends_sentence(words) or (words.isdigit() and len(words) < _YEAR):
        return True
    return DAY.search(words) is not None or _COUNT.match(words) is not None


def _posts(text: str, found: Survey, marked: list[int], told: list[_Told]) -> Iterator[Annotation]:
    """Yield the clocks above the posts of a live blog."""
    after = {each.line: each.end for each in told if each.kind == "post"}
    posts = [
        n
        for n in marked
        if (n in after or found.heads[n] < ":")
        and found.first - _NEAR < n < found.last
        and _is_stamp(text, *found.lines[n], after.get(n), found)
        and _is_post(text, found, n)
    ]
    stamps = [Annotation(start, end, "stamp", text[start:end]) for start, end in (found.lines[n] for n in posts)]
    if len({stamp.value for stamp in stamps}) >= _POSTS:  # "00:00" and "00:00" are a player's
        yield from stamps


def _is_stamp(text: str, start: int, end: int, labelled: int | None, found: Survey) -> bool:
    """Return whether a line is a clock, with a label before it or a name behind it."""
    if end - start > _CLOCKED or DAY.search(text, start, end) is not None:
        return False
    words = text[start if labelled is None else labelled : end].strip(MARKS)
    clock = _CLOCK.match(words)
    if clock is None:
        return not found.page and _AGO.fullmatch(words) is not None
    rest = words[clock.end() :].strip(MARKS)
    return not rest or plain_name(rest) or (fold(rest), "post") in _table().labels.get(fold(rest).partition(" ")[0], ())


def _is_post(text: str, found: Survey, n: int) -> bool:
    """Return whether a sentence follows a line."""
    near = found.lines[n + 1 : n + 1 + _NEAR]
    return any(end - start > SHORT or _says(text[start:end]) for start, end in near)


def _says(words: str) -> bool:
    return ends_sentence(words) and width(words) >= _SPOKEN


@cache
def _table() -> _Table:
    labels: dict[str, list[tuple[str, str]]] = {}
    homes = set()
    for row in read_table("page_labels"):
        label = fold(row["phrase"])
        if row["kind"] == "home":
            homes.add(label)
        else:
            labels.setdefault(label.partition(" ")[0], []).append((label, row["kind"]))
    for listed in labels.values():
        listed.sort(key=lambda each: -len(each[0]))
    return _Table(labels, Homes(frozenset(homes), frozenset(home.partition(" ")[0] for home in homes)))
