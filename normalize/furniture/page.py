"""Page furniture: menus, share bars, advertising labels, teasers, comments, as whole lines."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.furniture.captions import find_captions
from normalize.furniture.choice import choose_story
from normalize.furniture.labels import topic_lines
from normalize.furniture.teasers import find_teasers
from normalize.furniture.templates import Templates  # noqa: TC001 (the option's type is looked up)
from normalize.furniture.verdicts import KINDS, is_page, read_verdicts
from normalize.phrases import fold
from normalize.shapes import cut_lines, ends_sentence, survey
from normalize.steps import settle, step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalize.furniture.model import Model

    Why = tuple[str, float]  # the rule by which a line goes, and how sure it is

_QUOTE = 25  # letters of a line that can be known again
_PULLED = 75  # letters of a pull quote: a shorter line that says what a sentence says is a subhead
_ASKED = ("?", "？", "؟")  # how a question ends that an interview asks again and again
_HEADLINE = 0.5  # how likely a line is the headline whose copies go
_TITLE = 0.9  # how sure a title under "Read more:" is one of another story
_WHOLE = 100_000  # letters of a story in which that is looked for: each line is sought in all


@cache
def _rules() -> tuple[str, ...]:
    phrases = sorted({row["rule"] for row in read_table("phrases")})
    return (*phrases, "own", "site", "above_story", "below_story", "not_story", "repeated")


@step(rules=_rules, reads=("url", *KINDS))
def strip_furniture(
    text: str, *, known: Facts = UNKNOWN, phrases: tuple[str, ...] = (), templates: Templates | None = None
) -> Iterator[Edit | Annotation]:
    r"""Cut the lines that belong to the page, not to the story.

    >>> strip_furniture("Skip to content\n\nThe council met on Friday.\n\nShare | Tweet | Email")
    'The council met on Friday.'

    `phrases` are lines of your own site, told apart neither by case nor by marks:

    >>> strip_furniture("The council met.\n\nYour Daily Gull!", phrases=("your daily gull",))
    'The council met.'

    `templates` are the lines that recur on the pages of each site; only those of the record's own site are cut:

    >>> own = Templates.of({"gull.example": {"Tides and ferries": 0.8}})
    >>> text = "Tides and ferries\n\nThe council met."
    >>> strip_furniture(text, known=Facts(site="gull.example"), templates=own)
    'The council met.'
    >>> strip_furniture(text, known=Facts(site="other.example"), templates=own) == text
    True

    The name of a section is a subhead inside the story; words of a sentence are never cut:

    >>> story = "The council met on Friday and would not say what it had decided on the harbour."
    >>> text = story + "\n\nPolitics\n\n" + story
    >>> strip_furniture(text) == text, strip_furniture("Politics\n\n" + text) == text
    (True, True)
    >>> strip_furniture("Advertisement is half of what the paper lives on.")
    'Advertisement is half of what the paper lives on.'

    The tables, which look at lines of up to 200 characters, stand in `normalize/data/phrases.tsv`.
    Where enough stands around the story the text is a whole page's, and a model judges each line by
    its shape, its words and its place (`normalize/data/furniture.npz`): the rules are then
    `above_story`, `below_story` and, between its lines, `not_story`, or `repeated` for a pull quote.
    What stands above a likely headline are teasers of other stories; what heads readers' comments is
    cut with all below it (`comments`), where days with clocks follow it. Scores are 0 to 1.
    A page opened from HTML (`form="page"`) has its story already, so the tables alone speak.
    """
    found = survey(text)
    if all(found.furniture(n) is not None for n in found.matches):
        # All that the table knows goes, so in what is left another pass would find nothing.
        yield from find_lines(text, known, phrases, None, templates)
    else:
        yield from _find_all(text, known=known, phrases=phrases, templates=templates)


@settle()
def _find_all(text: str, *, known: Facts, phrases: tuple[str, ...], templates: Templates | None) -> Iterator[Edit]:
    yield from find_lines(text, known, phrases, None, templates)


def find_lines(
    text: str, known: Facts, phrases: tuple[str, ...], model: Model | None, templates: Templates | None = None
) -> Iterator[Edit]:
    """Yield the cuts of `strip_furniture`, by the package's model or by another one."""
    found = survey(text)
    listed = {n: (match.rule, match.score) for n in found.matches if (match := found.furniture(n)) is not None}
    if is_page(text, known):
        listed = {**_judged(text, known, model), **listed}
    elif known.form == "text":
        listed.update(dict.fromkeys((*find_teasers(text, found), *topic_lines(text, found)), ("related", _TITLE)))
    if phrases or templates is not None:
        listed = {**dict(_own(text, known, phrases, templates)), **listed}
    numbers = sorted(listed)
    spans = cut_lines(text, [found.lines[n] for n in numbers])
    yield from [_new(Edit, (*span, "", *listed[n])) for n, span in zip(numbers, spans, strict=True)]


_new = tuple.__new__  # what Edit() calls, without the call: a page has hundreds of lines


def _own(text: str, known: Facts, phrases: tuple[str, ...], templates: Templates | None) -> Iterator[tuple[int, Why]]:
    own = frozenset(filter(None, map(fold, phrases)))
    of_site = {} if templates is None else templates.lines(known.site)
    for n, (start, end) in enumerate(survey(text).lines if own or of_site else ()):
        words = fold(text[start:end])
        if words in own:
            yield n, ("own", 1.0)
        elif words in of_site:
            yield n, ("site", of_site[words])


def _judged(text: str, known: Facts, model: Model | None) -> dict[int, Why]:
    """Return the lines of a page that the model takes for furniture, and those that say again what the story says."""
    verdicts = read_verdicts(text, known, model)
    lines = survey(text).lines
    sizes = [end - start for start, end in lines]
    story, end = choose_story(verdicts, sizes)
    captions = frozenset(_captions(text, known, verdicts.story))
    story = [n for n in story if n not in captions]
    first, last = (story[0], story[-1]) if story else (0, -1)
    kept = frozenset(story)
    cuts: dict[int, Why] = {}
    for n, score in enumerate(verdicts.furniture):
        if n not in kept:
            rule = (
                "comments" if n >= end else "below_story" if n > last else "above_story" if n < first else "not_story"
            )
            # a rule, "___", parts the sections of a story, or ends it
            if not first < n <= last + 1 or text[slice(*lines[n])].strip("_"):
                cuts[n] = rule, score
    again = [n for n in story if verdicts.again[n] and sizes[n] >= _QUOTE]
    if again and sum([sizes[n] for n in story]) <= _WHOLE:
        cuts.update(dict.fromkeys(_repeated(text, story, verdicts.story), ("repeated", 0.9)))
        cuts.update(dict.fromkeys(_headlines(text, again, verdicts.title), ("repeated", _TITLE)))
        below = [n for n in range(last + 1, len(lines)) if verdicts.again[n]]
        cuts.update(dict.fromkeys(_linked(text, again, below), ("related", _TITLE)))
    return cuts


def _captions(text: str, known: Facts, chances: list[float]) -> Iterator[int]:
    """Yield the lines above credits that stand alone, where they are as short as captions and the model is in doubt."""
    lines = survey(text).lines
    starts = {line.start: n for n, line in enumerate(lines)}
    read = known.found("credit")
    for item in find_captions.find(text, known) if read is None else read:
        if not isinstance(item, Annotation) or item.kind != "credit" or item.start not in starts:
            continue
        n = starts[item.start]
        if n and chances[n - 1] < _SURE and _SHORTEST <= lines[n - 1].end - lines[n - 1].start <= _CAPTION:
            yield n - 1


_SURE = 0.8  # how likely a line is story that no credit below it makes a caption
_SHORTEST, _CAPTION = 40, 200  # letters of such a caption


def _headlines(text: str, again: list[int], chances: list[float]) -> Iterator[int]:
    """Yield the lines of the story that say the page's headline again."""
    best = max(range(len(chances)), key=chances.__getitem__)
    said = survey(text).said
    headline = fold(said[best])
    yield from (n for n in again if chances[best] >= _HEADLINE and fold(said[n]) == headline)


def _linked(text: str, again: list[int], below: list[int]) -> Iterator[int]:
    """Yield the lines of the story that are titles told again below it, as a page tells those of other stories; one line
    may hold several, set apart by spaces.
    """
    said = survey(text).said
    titles = {fold(said[n]) for n in below}
    for n in again:
        if not ends_sentence(said[n]) and titles.issuperset(map(fold, _GAPS.split(said[n]))):
            yield n


_GAPS = re.compile(r"\s{3,}")


def _repeated(text: str, story: list[int], chances: list[float]) -> Iterator[int]:
    """Yield the lines of the story whose words stand in another of its lines: pull quotes, a standfirst told twice."""
    lines = survey(text).lines
    best: dict[str, int] = {}
    for n in story:
        words = fold(text[slice(*lines[n])])
        if len(words) < _QUOTE:
            continue
        other = best.setdefault(words, n)
        if other != n and text[lines[n].end - 1] not in _ASKED:
            yield n if chances[n] <= chances[other] else other
            best[words] = max(other, n, key=lambda each: (chances[each], -each))
    whole = "\n".join(best)
    for words, n in best.items():
        if len(words) >= _PULLED and whole.count(words) > 1:
            yield n
