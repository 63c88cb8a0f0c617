"""The agency a story is credited to where it ends."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Annotation, Facts
from normalize.shapes import Survey, cut_spans, survey
from normalize.steps import first, step
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LONGEST = 60
_AFTER = 4  # lines after the story in which its credit stands; farther down a page agencies are topics and partners
_FRAME = " \t()[]（）【】-–—―|/©:：.*"
# "… he said. (AFP)", "… he said. — Reuters", "… dijo. EFE": what may close a paragraph after its last stop.
_CLOSING = re.compile(
    r"[.!?…。！？”\"’»」）)](?:\s*(?P<credit>(?:[-–—―]{1,2}\s*|[(\[（【])(?P<name>[^()\[\]（）【】\n.]{2,40})[)\]）】]?\.?)"
    r"|\s+(?P<bare>[A-Z]{3,8}))$"
)


@step(provides=("agency",), answer=first(str))
def read_agency(text: str, *, known: Facts = UNKNOWN) -> Iterator[Annotation]:
    r"""Read the news agency that is credited at the end of a story.

    >>> read_agency("The two sides met again.\n\nAFP"), read_agency("The two sides met again. (dpa)")
    ('AFP', 'dpa')
    >>> read_agency("会议结束。\n\n新华社")
    'Xinhua'

    An agency that is only mentioned is none, nor is a word that could be one:

    >>> read_agency("He spoke to Reuters."), read_agency("The two sides met again.\n\nBeta")
    (None, None)

    The names and how they are written stand in `normalize/data/agencies.tsv`.
    """
    found = survey(text)
    for n in _closing(found):
        start, end = found.lines[n]
        name = _agency(text[start:end]) if end - start <= _LONGEST else None
        if name is not None and n:
            yield Annotation(start, end, "agency", name)
            continue
        closing = _CLOSING.search(text, max(start, end - _LONGEST), end)
        if closing is not None and (name := _agency(closing["name"] or closing["bare"])) is not None:
            yield Annotation(closing.start("credit" if closing["credit"] else "bare"), end, "agency", name)
            return
        if n < found.last or found.first == found.last:
            return


def _closing(found: Survey) -> Iterator[int]:
    """Yield the lines in which a credit may stand, the last first: the story's last ones and the few after them."""
    size = len(found.lines)
    for n in range(min(size, found.last + _AFTER if found.last > found.first else size) - 1, -1, -1):
        if found.furniture(n) is None:
            yield n


@step(rules=("credit",), reads=("agency",), cuts=("agency",))
def strip_agency(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    r"""Cut the closing credit of a news agency.

    >>> strip_agency("The two sides met again.\n\nAFP"), strip_agency("The two sides met again. (dpa)")
    ('The two sides met again.', 'The two sides met again.')
    >>> strip_agency("He spoke to Reuters.")
    'He spoke to Reuters.'
    """
    read = known.found("agency")
    found = read_agency.find(text, known) if read is None else read
    spans = [(a.start, a.end) for a in found if isinstance(a, Annotation) and a.start is not None and a.end is not None]
    for start, end in cut_spans(text, spans):
        yield Edit(start, end, "", "credit")


def _agency(words: str) -> str | None:
    """Return the first agency of a line that names agencies and nothing else: "AFP/Reuters"."""
    bare = words.strip(_FRAME)
    table = _names()
    if bare in table:
        return table[bare]
    parts = [part.strip(_FRAME) for part in re.split(r"[/,|+&]| and | und | y | et ", bare)]
    names = [table.get(part) for part in parts if part]
    return names[0] if names and None not in names else None


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for row in read_table("agencies"):
        forms = {row["name"], row["full_name"], *row["aliases"].split("|")} - {"", row["name"] if row["word"] else ""}
        names.update(dict.fromkeys(forms, row["name"]))
    return names
