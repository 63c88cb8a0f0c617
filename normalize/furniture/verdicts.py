"""Verdicts: when a text is judged as a page, and what the model then says of its lines.

numpy and the model are loaded for pages only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from normalize.facts import Annotation
from normalize.furniture.captions import find_captions
from normalize.furniture.notices import find_notices
from normalize.shapes import survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalize.facts import Facts
    from normalize.furniture.model import Model, Verdicts
    from normalize.shapes import Survey
    from normalize.steps import Reader

KINDS = ("caption", "credit", "notice")  # of annotations that the verdicts read
_FRAME = 8  # a text with fewer lines around its story is no page
_PAGE = 35  # lines around it that make one, each that the tables know counted as so many more:
_KNOWN = 10  # lists stand in articles too, but no "Share" and "Log in" beside them: without any there is no page
_NO_WORDS = ("html", "htm", "php", "story", "article", "news")
_UMLAUT = re.compile("([aou])e")  # addresses write "ae" for "ä", which counts as "a"
_LINES = 20_000  # a longer text is a collection of pages, and its arrays would be large
_LETTERS = 2_000_000


def is_page(text: str, known: Facts) -> bool:
    """Return whether so much stands around a text's story that its lines are judged one by one.

    A page opened from HTML is not: its story was found by its markup.
    """
    found = survey(text)
    around = len(found.lines) - (found.last - found.first)
    if known.form == "page" or not _FRAME <= around <= _LINES or len(text) > _LETTERS:
        return False
    known_lines = sum(map(found.outside, found.matches))
    return known_lines > 0 and around + _KNOWN * known_lines >= _PAGE


def read_verdicts(text: str, known: Facts, model: Model | None = None) -> Verdicts:
    """Return what the package's model, or another one, says of each line of a page."""
    found = survey(text)
    captions, notices = (frozenset(line_numbers(text, known, found, each)) for each in (find_captions, find_notices))
    if model is None:
        return _judged(text, captions, notices, address_of(known.url))
    from normalize.furniture.features import Told  # noqa: PLC0415  # numpy is loaded for pages only
    from normalize.furniture.model import judge  # noqa: PLC0415

    return judge(text, found, Told(captions, notices, address_of(known.url)), model)


@lru_cache(maxsize=2)
def _judged(text: str, captions: frozenset[int], notices: frozenset[int], address: str) -> Verdicts:
    from normalize.furniture.features import Told  # noqa: PLC0415  # numpy is loaded for pages only
    from normalize.furniture.model import judge, load  # noqa: PLC0415

    return judge(text, survey(text), Told(captions, notices, address), load())


def line_numbers(text: str, known: Facts, found: Survey, reader: Reader[..., Any]) -> Iterator[int]:
    """Yield the numbers of the lines in which a reader found something, or finds it now."""
    read = [known.found(kind) for kind in reader.provides]
    items = reader.find(text, known) if None in read else (item for each in read for item in each or ())
    for item in items:
        if isinstance(item, Annotation) and item.start is not None:
            yield max(0, bisect_left(found.lines, (item.start + 1,)) - 1)


def slug_words(url: str | None) -> list[str]:
    """Return the words of the part of a page's address that has most of them, in their order.

    >>> slug_words("https://gull.example/news/4-boats-and-4-gulls_107992075.html?page=2")
    ['4', 'boats', 'and', '4', 'gulls', '107992075', 'html']
    """
    parts = [part for part in re.split(r"[/?#]", url or "")[3:] if part]
    best = max(parts, key=lambda part: part.count("-") + part.count("_"), default="")
    return [word for word in re.split(r"[-_.,+]+", best) if word]


def address_of(url: str | None) -> str:
    """Return the words of a page's address that tell of its story.

    >>> address_of("https://gull.example/news/council-silent-on-harbour?page=2")
    'council silent on harbour'

    Words with "ae" for "ä" are told both ways, as the words of lines count without their accents:

    >>> address_of("https://moewe.example/ratsherr-schweigt-nach-moewe.html")
    'ratsherr schweigt nach moewe mowe'
    """
    words = [word for word in slug_words(url) if not word.isdigit() and word not in _NO_WORDS]
    return " ".join(dict.fromkeys([*words, *(_UMLAUT.sub(r"\1", word) for word in words)]))
