"""Page furniture: menus, share bars, advertising labels, sign-up boxes, as whole lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.phrases import ANY, Match, fold
from normalize.shapes import cut_lines, survey
from normalize.steps import step

if TYPE_CHECKING:
    from collections.abc import Iterator


@step()
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

    Only lines of up to 200 characters are looked at. What the tables know, in which languages and
    from where, stands in `normalize/data/phrases.tsv`; each edit names the table's rule and a score.
    """
    own = frozenset(filter(None, map(fold, phrases)))
    found = survey(text)
    listed: list[tuple[int, Match]] = [(n, match) for n in found.matches if (match := found.furniture(n)) is not None]
    if own:
        listed = sorted({**dict(_own(text, own)), **dict(listed)}.items())
    spans = cut_lines(text, [found.lines[n] for n, _ in listed])
    for (start, end), (_, match) in zip(spans, listed, strict=True):
        yield Edit(start, end, "", match.rule, match.score)


def _own(text: str, own: frozenset[str]) -> Iterator[tuple[int, Match]]:
    for n, (start, end) in enumerate(survey(text).lines):
        if fold(text[start:end]) in own:
            yield n, Match("own", ANY, 1.0)
