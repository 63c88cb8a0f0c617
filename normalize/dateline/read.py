"""Reading a dateline: where to look, which reading holds, and the steps."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from normalize.dateline.frames import read_frame
from normalize.dateline.heads import Head, read_heads
from normalize.dateline.judge import may_be, weigh_rest
from normalize.dateline.parts import Setting
from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Dateline, Facts
from normalize.steps import first, step

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = 6000  # code points at a text's head in which a dateline may stand
_BEGUN = 800  # so much of paragraphs, and the story has begun without one; captions, which end in brackets, apart
_LONG = 200  # a paragraph, however it ends; more of one does not count
_SAID = 80  # and one that ends a sentence
_ENOUGH = 3.0  # points from which a reading is a dateline


def _ranges(chosen: str) -> str:
    """Return the characters as the ranges of a class of a regex."""
    out, start = [], 0
    for n, c in enumerate(chosen):
        if n + 1 == len(chosen) or ord(chosen[n + 1]) != ord(c) + 1:
            out.append(chosen[start] if start == n else f"{chosen[start]}-{c}")
            start = n + 1
    return "".join(out)


_UPPER = _ranges("".join(c for c in map(chr, [*range(0x41, 0x530), *range(0x1E00, 0x1F00)]) if c.isupper()))
_LOWER = rf"[^\W\d_{_UPPER}]"
_SIGN = r"(（\[:：—–―─−_|/-"  # what ends a name
# What may stand before a dateline in its line: a label of a day, or of a picture.
_DATED = r"(?:date|[Pp]ublished|[Uu]pdated|[Pp]osted|PUBLISHED|UPDATED)\b"
_SHOWN = r"(?:CLOSE|Close|Video|Photo|Image|Advertisement)[ ]+"
_WORD = rf"[{_UPPER}][^\s,{_SIGN}]*(?:-[^\s,{_SIGN}]+)?"
# A sentence: a word in lower case of more than three letters stands where no sign has closed a name yet; and an
# agency's caption: "FILE - In this May 6, 2019, file photo, …".
_PROSE = rf"""
    (?!{_DATED}|{_SHOWN})
    (?: [“"]?{_WORD} (?:[ ](?:{_WORD}|[a-z]{{1,3}})){{0,12}} [ ][a-z]{{4,}} (?:[.,;’'][ ]?|[ ]) [^\d\s] | FILE[ ][-–—_][ ] )"""
# A line that may begin with a dateline: wider than what is read, and it gives a sentence up at its first word in
# lower case of more than three letters.
_CANDIDATE = re.compile(
    rf"""
    (?!{_PROSE})
    [^\S\n]*
    (?: {_DATED} [^\n]{{0,60}}? (?:\d{{4}}(?:-\d\d-\d\d)?|GMT|UTC|E[SD]?T) [ ,.|]+
      | {_SHOWN} )?
    (?P<head>
        [*•"“]{{0,4}} [{_UPPER}][^\s,{_SIGN}]*
        # no word can be read in two ways, and no character belongs to a word or to what parts them: linear
        (?: (?:[^\S\n]{{1,2}} | ,\.?[^\S\n]{{0,2}})
            (?: [{_UPPER}][^\s,{_SIGN}]* | \d{{1,4}}[^\s,{_SIGN}]*(?:[ ](?:d[eo]'?[ ]|ng[ ])?{_LOWER}{{4,12}}\.?)? | {_LOWER}{{1,3}}\.? | {_LOWER}{{4,10}}[ ]\d{{1,2}} | & )
        ){{0,12}}
        (?:,\.?)? [^\S\n]{{0,3}} [{_SIGN}]
      | [(\[【［（〔/] [^\s]
      | [\u0590-\u1dff\u2e80-\ua4cf\uac00-\ud7af] [^\n]{{0,70}}? [—–―:：(（\[/电電訊讯।-]
      | [{_UPPER}][^\s.]{{2,20}}\.[ ]\d{{1,2}}[ ][^\W\d_]{{3}}
      | [{_UPPER}][^\s.,]{{2,20}}[.,][ ][{_UPPER}][a-z]{{2,8}}\.?[ ]\d{{1,2}}[.,][ ][{_UPPER}]
      | \d{{1,2}}\.?[ ][^\W\d_]{{3,10}}\.?[ ](?:\d{{4}}[ ])?[{_SIGN}]
    )
    """,
    re.VERBOSE,
)
_STOPS = '.!?”"’'
_SHORT = 40  # a line so short is a dateline and a sentence only if it has a day or an agency
_TELLING = re.compile(r"[0-9０-９(（/【［\[—–]|--")


@step(reads=("published", "title", "language", "site", "url"), provides=("dateline",), answer=first(Dateline))
def read_dateline(text: str, *, known: Facts = UNKNOWN, threshold: float = 0.5) -> Iterator[Annotation]:
    """Read the story's dateline: places, country, zone, agency, day and reporter.

    >>> found = read_dateline("KYIV, Ukraine (AP) — The talks were adjourned until Monday, officials said.")
    >>> found.place, found.country, found.timezone, found.agency, found.text
    ('Kyiv', 'UA', 'Europe/Kyiv', 'AP', 'KYIV, Ukraine (AP) —')
    >>> found = read_dateline("新华社北京1月31日电（记者王小明）委员会星期五批准了计划。")
    >>> found.place, found.agency, found.reporter
    ('Beijing', 'Xinhua', '王小明')

    What is less sure than `threshold` is not read, nor is a speaker's label:

    >>> read_dateline("MOSCOW: The talks were adjourned until Monday, officials said there.", threshold=0.7) is None
    True
    >>> read_dateline("ANNA WINTER: The talks were adjourned until Monday, is that right?") is None
    True

    The year of a day is the one that brings it nearest before the document's date, if that is known. The span ends
    with the delimiter. Captions, bylines and notes may stand before it; the story may not have begun.
    """
    setting = None
    heads = _candidates(text)
    for start, end in heads if known.language != "de" else chain(heads, _in_german(text)):
        setting = setting or _setting(text[:_HEAD], known)
        best = _best(text, start, end, setting)
        if best is not None and (score := _score(best.points)) >= threshold:
            yield Annotation(start, best.end, "dateline", _value(text, start, best, score))
            return


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines that may begin with a dateline do so, and where they end."""
    start, begun, last = 0, 0, min(len(text), _HEAD)
    while start < last and begun < _BEGUN:
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        size = end - start
        if size >= _SHORT or (size and _TELLING.search(text, start, end)):
            if found := _CANDIDATE.match(text, start, end):
                yield found.start("head"), end
            if size >= _SAID and (text[end - 1] in _STOPS or (size >= _LONG and text[end - 1] not in ")]")):
                begun += min(size, _LONG)
        start = end + 1


_STANDFIRST = re.compile(
    rf"[.!?\"“] (?P<head>[{_UPPER}][^\s,.;:!?]*(?: [{_UPPER}][^\s,.;:!?]*)?(?: \([^()]{{2,25}}\))? [–-] )[{_UPPER}„\"]"
)


_PLACE = re.compile(rf"[{_UPPER}]\w+(?:[ -]\w+)?\. [{_UPPER}„“»]")


def _in_german(text: str) -> Iterator[tuple[int, int]]:
    """Yield where German papers put it too, in the first line: "Hamburg. Der Hafenrat …", and Austrian ones after a
    standfirst: "Die Ausschüsse tagen. Wien – Der Hafenrat …".
    """
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    if _PLACE.match(text, start, end):
        yield start, end
    for found in _STANDFIRST.finditer(text, start, min(end, start + _BEFORE)):
        yield found.start("head"), end


_BEFORE = 300  # the longest standfirst


def _best(text: str, start: int, end: int, setting: Setting) -> Head | None:
    """Return the reading of a line that speaks most for a dateline, None where none speaks for it enough."""
    if (framed := read_frame(text, start, end, setting)) is not None:
        return framed
    readings = read_heads(text, start, end, setting)
    points = [h._replace(points=h.points + weigh_rest(text, h, end)) for h in readings if may_be(text, h, end)]
    good = [h for h in points if h.points >= _ENOUGH]
    return max(good, key=lambda h: h.points) if good else None


def _score(points: float) -> float:
    return round(min(0.99, points / (points + _ENOUGH)), 3)


def _value(text: str, start: int, head: Head, score: float) -> Dateline:
    body = head.body
    agency = head.agency or body.agency
    return Dateline(text[start : head.end], start, head.end, body.places, agency, body.date, head.reporter, score)


def _setting(head: str, known: Facts) -> Setting:
    near = known.published.begin if known.published else None
    return Setting(near, known.language, _home(known), head)


def _home(known: Facts) -> str | None:
    """Return the country that the site's address names: "example.co.uk"."""
    host = known.site or (known.url and _host(known.url)) or ""
    last = host.rpartition(".")[2].upper()
    return {"UK": "GB"}.get(last, last) if len(last) == 2 else None


_HOST = re.compile(r"[^:/?#]*://(?:[^/?#@]*@)?([^/?#:@]+)")


def _host(url: str) -> str:
    found = _HOST.match(url)
    return found[1] if found else ""


@step(rules=("dateline",), reads=("published", "title", "language", "site", "url", "dateline"), cuts=("dateline",))
def strip_dateline(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Remove the dateline with its delimiter, so that the story begins with its first sentence.

    >>> strip_dateline("KYIV, Ukraine (AP) — The talks were adjourned until Monday, officials said.")
    'The talks were adjourned until Monday, officials said.'

    A sentence that begins with a place is left alone, and so is a round-up, in which the next dateline would follow:

    >>> strip_dateline("Kyiv said that the talks were adjourned until Monday.")
    'Kyiv said that the talks were adjourned until Monday.'
    >>> roundup = "KYIV (AP) — The talks went on.\n\nOSLO (AP) — The harbour froze."
    >>> strip_dateline(roundup) == roundup
    True

    What `read_dateline` found in a pipeline is removed as found there; else it reads for itself.
    """
    found = known.found("dateline")
    if found is None:
        found = tuple(a for a in read_dateline.find(text, known) if isinstance(a, Annotation))
    for item in found if len(found) == 1 else ():  # several: a round-up
        if item.start is not None and item.end is not None and 0 <= item.start < item.end <= len(text):
            end = item.end
            while end < len(text) and text[end].isspace() and text[end] != "\n":
                end += 1
            # To cut the first of several would leave a text whose next one the next run would cut.
            if next(read_dateline.find(text[: item.start] + text[end:], known), None) is None:
                yield Edit(item.start, end, "", "dateline")
