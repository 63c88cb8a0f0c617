"""Page furniture: menus, share bars, advertising labels, teasers, comments, as whole lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.furniture.captions import find_captions
from normalize.furniture.notices import find_notices
from normalize.phrases import ANY, Match, fold
from normalize.shapes import Survey, cut_lines, survey
from normalize.steps import settle, step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalize.furniture.model import Model
    from normalize.steps import Reader

_FRAME = 12  # lines around the story from which a text is judged as a page
_LINES = 20_000  # a longer text is a collection of pages, and its arrays would be large
_LETTERS = 2_000_000
_STORY = 0.5


@step(reads=("url", "title", "caption", "credit", "notice"))
@settle()
def strip_furniture(text: str, *, known: Facts = UNKNOWN, phrases: tuple[str, ...] = ()) -> Iterator[Edit]:
    r"""Cut the lines that belong to the page, not to the story.

    >>> strip_furniture("Skip to content\n\nThe council met on Friday.\n\nShare | Tweet | Email")
    'The council met on Friday.'

    `phrases` are lines of your own site, told apart neither by case nor by marks:

    >>> strip_furniture("The council met.\n\nYour Daily Gull!", phrases=("your daily gull",))
    'The council met.'

    The name of a section is a subhead inside the story; words of a sentence are never cut:

    >>> story = "The council met on Friday and would not say what it had decided on the harbour."
    >>> text = story + "\n\nPolitics\n\n" + story
    >>> strip_furniture(text) == text, strip_furniture("Politics\n\n" + text) == text
    (True, True)
    >>> strip_furniture("Advertisement is half of what the paper lives on.")
    'Advertisement is half of what the paper lives on.'

    The tables, which look at lines of up to 200 characters, stand in `normalize/data/phrases.tsv`.
    Where twelve lines or more stand around the story the text is a whole page's, and a model judges
    each line by its shape, its words and its place (`normalize/data/furniture.npz`): the rules are
    then `above_story`, `below_story` and, between its lines, `not_story`. A page opened from HTML
    (`form="page"`) has its story already, so the tables alone speak. Scores are 0 to 1.
    """
    yield from find_lines(text, known, phrases, None)


def find_lines(text: str, known: Facts, phrases: tuple[str, ...], model: Model | None) -> Iterator[Edit]:
    """Yield the cuts of `strip_furniture`, by the package's model or by another one."""
    found = survey(text)
    listed = {n: match for n in found.matches if (match := found.furniture(n)) is not None}
    around = len(found.lines) - (found.last - found.first)
    if known.form != "page" and around >= _FRAME and _fits(text, found):
        listed = {**dict(_judged(text, known, found, model)), **listed}
    own = frozenset(filter(None, map(fold, phrases)))
    if own:
        listed = {**dict(_own(text, own)), **listed}
    cuts = sorted(listed.items())
    spans = cut_lines(text, [found.lines[n] for n, _ in cuts])
    for (start, end), (_, match) in zip(spans, cuts, strict=True):
        yield Edit(start, end, "", match.rule, match.score)


def _own(text: str, own: frozenset[str]) -> Iterator[tuple[int, Match]]:
    for n, (start, end) in enumerate(survey(text).lines):
        if fold(text[start:end]) in own:
            yield n, Match("own", ANY, 1.0)


def _fits(text: str, found: Survey) -> bool:
    return len(found.lines) <= _LINES and len(text) <= _LETTERS


def _judged(text: str, known: Facts, found: Survey, model: Model | None) -> Iterator[tuple[int, Match]]:
    """Yield the lines of a page that the model takes for furniture."""
    from normalize.furniture.model import Told, judge, load  # noqa: PLC0415  # numpy is loaded for pages only

    captions, notices = (frozenset(_numbers(text, known, found, each)) for each in (find_captions, find_notices))
    told = Told(captions, notices, known.title or "", address_of(known.url))
    chances = judge(text, found, told, load() if model is None else model).tolist()
    story = [n for n, chance in enumerate(chances) if chance >= _STORY]
    first, last = (story[0], story[-1]) if story else (0, -1)
    for n, chance in enumerate(chances):
        if chance < _STORY:
            rule = "below_story" if n > last else "above_story" if n < first else "not_story"
            yield n, Match(rule, ANY, round(1 - chance, 3))


def _numbers(text: str, known: Facts, found: Survey, reader: Reader[..., list[str]]) -> Iterator[int]:
    """Yield the numbers of the lines in which a reader found something, or finds it now."""
    read = [known.found(kind) for kind in reader.provides]
    items = reader.find(text, known) if None in read else (item for each in read for item in each or ())
    starts = [line.start for line in found.lines]
    for item in items:
        if isinstance(item, Annotation) and item.start is not None:
            yield max(0, bisect_right(starts, item.start) - 1)


def address_of(url: str | None) -> str:
    """Return the words of a page's address that tell of its story.

    >>> address_of("https://gull.example/news/council-silent-on-harbour?page=2")
    'council silent on harbour'
    """
    parts = [part for part in re.split(r"[/?#]", url or "")[3:] if part]
    best = max(parts, key=lambda part: part.count("-") + part.count("_"), default="")
    return re.sub(r"[-_.]+", " ", best)
