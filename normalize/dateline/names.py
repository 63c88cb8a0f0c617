"""Names of places: what looks like one, which words before it are no part of it, and what tells one that no table has."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from normalize.phrases import match_line
from normalize.places import PARTICLES, fold_name, weigh_name
from normalize.tables import read_table


class Opened(NamedTuple):
    """A name without the words before it: "NEAR", "ABOARD THE", "ON THE ROAD TO"."""

    name: str
    telling: bool  # whether they say that a place follows


_NAME = re.compile(r"[^\W\d_][^\d_,;:!?\"“”/()\[\]{}]*")
_LONGEST = 45
_WORDS = 6
_ABOARD = 10  # "ABOARD THE USS CORRIGAN IN THE ARABIAN SEA"


@lru_cache(maxsize=1)
def _refused() -> dict[str, frozenset[str]]:
    """Return the phrases that are no place, by how they refuse a name."""
    rows = read_table("not_places")
    return {part: frozenset(r["words"] for r in rows if r["part"] == part) for part in ("", "yes", "lone", "alone")}


@lru_cache(maxsize=1)
def _telling() -> dict[str, frozenset[str]]:
    """Return the words that tell a place, by where beside or in its name they stand."""
    rows = read_table("place_words")
    return {kind: frozenset(r["word"] for r in rows if r["kind"] == kind) for kind in {r["kind"] for r in rows}}


@lru_cache(maxsize=1)
def _openings() -> dict[str, tuple[tuple[list[str], bool], ...]]:
    """Return the openings in words, with whether they tell a place, by their first word, the longest first."""
    by_first: dict[str, list[tuple[list[str], bool]]] = {}
    for kind in ("opening", "weak"):
        for words in _telling()[kind]:
            listed = words.split()
            by_first.setdefault(listed[0], []).append((listed, kind == "opening"))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in by_first.items()}


def cut_opening(words: str) -> Opened:
    """Return a name without what stands before it.

    >>> cut_opening("NEAR THE BORDER"), cut_opening("ABOARD THE USS CORRIGAN").name, cut_opening("OSLO")
    (Opened(name='BORDER', telling=True), 'USS CORRIGAN', Opened(name='OSLO', telling=False))
    """
    first, _, rest = words.partition(" ")
    if rest and (rows := _openings().get(first.lower())):
        listed = words.split()
        low = [word.lower() for word in listed]
        for opening, telling in rows:
            if low[: len(opening)] == opening and len(listed) > len(opening) and (telling or words.isupper()):
                return Opened(" ".join(listed[len(opening) :]), telling)
    return Opened(words, telling=False)


def cut_side(words: str) -> str | None:
    """Return the name that a name's first word tells a side of, None where it tells none.

    >>> cut_side("EASTERN UKRAINE"), cut_side("UKRAINE")
    ('UKRAINE', None)
    """
    first, _, rest = words.partition(" ")
    return rest if rest and first.lower() in _telling()["side"] else None


@lru_cache(maxsize=1024)
def is_name(words: str) -> bool:
    """Return whether words look like a place's name: at most six, none in lower case but the small ones in between.

    >>> is_name("RIO DE JANEIRO"), is_name("Saint-Denis"), is_name("said the mayor"), is_name("SEE ALSO")
    (True, True, False, False)
    """
    name, telling = cut_opening(words)
    if not 2 <= len(name) <= _LONGEST or words[0].islower() or not _NAME.fullmatch(name):
        return False
    listed = name.split()
    if len(listed) > (_ABOARD if telling else _WORDS) or not all(map(_may_follow, listed[1:])):
        return False
    return not is_refused(words)


def is_refused(words: str) -> bool:
    """Return whether words are known to be no place and no outlet, or begin or end with such.

    >>> is_refused("SEE ALSO"), is_refused("HOST"), is_refused("OSLO")
    (True, True, False)
    """
    folded = fold_name(words)
    refused = _refused()
    edges = folded, folded.partition(" ")[0], folded.rpartition(" ")[2]
    return folded in refused[""] or not refused["yes"].isdisjoint(edges)


def _may_follow(word: str) -> bool:
    """Return whether a word may follow in a name: "de", "d'Ivoire", "al-Ain", not "said"."""
    return not word[0].islower() or word.rstrip(".") in PARTICLES or word[1:2] in tuple("'’-")


# ---------------------------------------------------------------- names that no table has
_SENTENCED = re.compile(r"\W*[^\W\d_]\S* +\w")
_AT = r"(?:in|at|near|outside|around|from|to|of|across|throughout|en|à|in|bei|nach|aus|de|à|di|da|em) (?:the )?"
STORY = 6000
_FEW = 4  # letters of an abbreviation: "NATO", "DIY"
_SMALL = 2  # of words like "DE"
_MOST = 3  # words of a name without a sign of its own


def may_stand_alone(name: str, story: str) -> bool:
    """Return whether a name in capitals that no table has may be a place's, though nothing beside it says so.

    It may where a word of it is one of places', or where the story tells that something is "in" it; else where it
    is a word that the story never uses otherwise:

    >>> story = "The council met on Friday to weigh the plan for the new clinic."
    >>> may_stand_alone("PORT HALLOW", story), may_stand_alone("HALLOW", story + " In Hallow it rained.")
    (True, True)
    >>> may_stand_alone("CLINIC", story), may_stand_alone("DALLAS DRUMMERS", story), may_stand_alone("HEALTH", story)
    (False, False, False)
    """
    words = fold_name(name).split()
    if not 1 <= len(words) <= _MOST + 1 or is_label(name) or match_line(name) is not None:
        return False
    story = story[:STORY]
    proper = re.escape(name.title().replace("'S", "'s").replace("’S", "’s"))
    if re.search(rf"\b{_AT}{proper}\b", story):
        return True
    if any(re.search(rf"\b{re.escape(word)}\b", story) for word in words if len(word) > _SMALL):
        return False  # words of the language
    if _has_sign(words):
        return True
    if len(words) == 1:
        return len(name) > _FEW and not name.endswith(".")
    edges = name.split(maxsplit=1)[0], name.rsplit(maxsplit=1)[-1]  # "DALLAS DRUMMERS"
    return len(words) <= _MOST and not any(map(weigh_name, edges))


def is_label(name: str) -> bool:
    """Return whether a name is, or has at its edges, what stands above columns or before lists.

    >>> is_label("HEALTH"), is_label("MOVIE REVIEW"), is_label("WAR IN RURITANIA"), is_label("PORT HALLOW")
    (True, True, True, False)
    """
    words = fold_name(name).split() or [""]
    refused, joined = _refused(), " ".join(words)
    bare = words[1:] if words[0] == "the" and len(words) > 1 else words
    if (words[0] == "the" and not _has_sign(words)) or not _INSIDE.isdisjoint(words[1:-1]):
        return True
    return joined in refused["lone"] or not refused["alone"].isdisjoint((joined, " ".join(bare), words[0], words[-1]))


_INSIDE = frozenset({"in", "at", "for", "with", "from", "to", "is", "vs", "after", "before"})


def _has_sign(words: list[str]) -> bool:
    """Return whether a word is one of places' names: "PORT HALLOW", "MILLER FALLS", "NOVOTRAVINSK"."""
    told = _telling()
    if len(words) > 1:
        return words[0] in told["first"] or words[-1] in told["last"]
    return any(words[0].endswith(ending) and len(words[0]) > len(ending) + 2 for ending in told["ending"])
