"""Names: who wrote a story, as its page says."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from normalize.markup.schema import every_name
from normalize.markup.stated import tidy
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from normalize.markup.stated import Stated

_METAS = (
    "author",
    "byl",
    "article:author",
    "article:author_name",
    "article:author:name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor.author",
    "citation_author",
    "cxenseparse:author",
    "og:author",
    "authors",
    "rnews:author",
    "creator",
)
_ADDRESS = re.compile(r"https?:|www\.|^[@/]|\S@\S|\.(?:com|org|net|html?)\b")
_ROLE = re.compile(r"\s*(?:\||/|•|·|–|—|\(|\[|,\s(?=[a-z])).*$")
_BODIES = {"organization", "newsmediaorganization", "corporation"}
_PART = re.compile(r"\s*[|•·]\s*")
# Two to four capitalised words and nothing else
_NAMELIKE = re.compile(r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_a-z][\w.'’-]*){1,3}")
_NUMBER = re.compile(r"\s[-–—]\s|,?\s*\d")
_WORD = re.compile(r"\w+")


@cache
def _lead() -> re.Pattern[str]:
    words = "|".join(re.escape(row["words"]) for row in read_table("byline_words") if row["kind"] == "by")
    return re.compile(rf"^(?:{words})(?:\s*:\s*|\s+)", re.IGNORECASE)


@cache
def _and() -> re.Pattern[str]:
    words = "|".join(re.escape(row["words"]) for row in read_table("byline_words") if row["kind"] == "and")
    return re.compile(rf"\s+(?:{words})\s+|\s*[;&、]\s*|\s+[/+]\s+", re.IGNORECASE)


def authors_of(
    stated: Stated, bylines: Sequence[tuple[str, bool]], nearby: Iterable[str], sites: Iterable[str]
) -> tuple[str, ...]:
    """Return the authors' names, from the surest place that names a person: JSON-LD, meta, microdata, a byline.

    Where none does, the site or agency that signs is returned. `bylines` are short lines around the
    story, each with whether the page calls it a byline; `nearby` are the lines that touch the story.
    """
    told = every_name(stated.article.get("author")) or every_name(stated.article.get("creator"))
    people = [name for name, kinds in told if not kinds & _BODIES]
    metas = [words for name in _METAS for words in stated.metas.get(name, ())]
    items = [*stated.items.get("author", ()), *stated.items.get("rel-author", ())]
    lines = [name for line, named in bylines for name in _byline(line, named=named)]
    signed = [name for name, kinds in told if kinds & _BODIES]
    houses = {squeezed for site in sites if (squeezed := _squeeze(site))}
    others: tuple[str, ...] = ()
    beside = [] if signed else [line for line in nearby if _NAMELIKE.fullmatch(line)]
    for words in (people, metas, items, lines, signed, beside):
        names = _distinct(name for said in words for name in _people_in(said, houses))
        if persons := tuple(name for name in names if _squeeze(name) not in houses):
            return persons
        others = others or names
    return others


def _people_in(words: str, houses: set[str]) -> Iterator[str]:
    """Yield the names in `words`; "The Daily and AFP" stays whole, for half of it would be wrong."""
    whole = tidy(words) or ""
    parts = _and().split(whole)
    if len(parts) > 1 and any(_squeeze(part) in houses for part in parts):
        yield whole
    else:
        yield from split_names(whole)


def _byline(line: str, *, named: bool) -> Iterator[str]:
    """Yield what a line of its own says, if it reads like names: "Tue 3 May | By Ann Lee", "Ann Lee | 3.5.2022"."""
    parts = _PART.split(line)
    dated = len(parts) > 1 and any(letter.isdigit() for letter in line)
    for part in parts:
        lead = _lead().match(part)
        bare = part[lead.end() :] if lead else part
        if any(letter.isdigit() for letter in bare):
            bare = _NUMBER.split(bare)[0]
        words = _WORD.findall(bare)
        if not lead and ":" in bare:  # "Updated: April 24, 2020"
            continue
        if (lead and words and len(words) <= 16) or (
            (named or dated) and 2 <= len(words) <= 4 and len(bare) <= 40 and all(w[0].isupper() for w in words)
        ):
            yield bare


def split_names(words: str) -> Iterator[str]:
    """Yield the names in a byline, without its words, roles and addresses.

    >>> list(split_names("By Ann Lee and Bo Ek, staff writer")), list(split_names("Von: Cy Fox | Berlin"))
    (['Ann Lee', 'Bo Ek'], ['Cy Fox'])
    >>> list(split_names("https://example.org/ann")), list(split_names("Lee, Ann"))
    ([], ['Lee, Ann'])
    """
    bare = tidy(words)
    if not bare or len(bare) > 200 or _ADDRESS.search(bare):
        return
    bare = _lead().sub("", bare)
    for part in _and().split(bare):
        pieces = part.split(",")
        several = len(pieces) > 1 and all(
            len(_WORD.findall(piece)) >= 2 and not piece.strip()[:1].islower() for piece in pieces
        )
        for piece in pieces if several else [part]:
            name = _ROLE.sub("", _lead().sub("", piece.strip(" ,.;:"))).strip(" ,;:")
            if name and len(name) <= 60 and len(_WORD.findall(name)) <= 7 and not name.isdigit():
                yield name


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+|(?:de|com|org|net|at|is)$", "", text.casefold())


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(" ".join(_WORD.findall(name.casefold())), name)
    found.pop("", None)
    return tuple(found.values())[:30]
