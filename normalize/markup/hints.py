"""Hints: what the names that a page gives its parts say about them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

_HUMP = re.compile(r"([a-z0-9])([A-Z])")
_PART = re.compile(r"[a-zA-Z0-9]+")
_LONGEST = 100  # characters of a name
_MOST = 30  # names of an element
_NONE = 99
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def hint(tag: str, attributes: Mapping[str, str | None]) -> str:
    """Return what an element's tag and names say it is: a kind of the table `markup_hints`, or "".

    >>> hint("div", {"class": "c-articleBody"}), hint("div", {"class": "c-articleBody__related"}), hint("nav", {})
    ('story', 'drop', 'out')
    >>> hint("div", {"class": "col-8"})
    ''
    """
    if not attributes:
        return _of_names(tag, None, None, None, None)
    if not attributes:
        return _tags().get(tag, "")
    get = attributes.get
    if "hidden" in attributes or get("aria-hidden") == "true":
        return "out"
    # a heading's id is made of its words, for links into the page: "nav-systems-fail"; and below the headline,
    # headlines are those of a live blog's entries
    if tag in HEADINGS:
        prop = get("itemprop")
        return _of_names(tag, get("class"), None, None if tag != "h1" and prop == "headline" else prop, get("role"))
    return _of_names(tag, get("class"), get("id"), get("itemprop"), get("role"))


@lru_cache(maxsize=20_000)
def _of_names(tag: str, names: str | None, label: str | None, prop: str | None, role: str | None) -> str:
    if told := _tags().get(tag):
        return told
    every = [*(names or "").split(), *(label or "").split()][:_MOST]
    every += [f"itemprop:{name}" for name in (prop or "").split()] + [f"role:{name}" for name in (role or "").split()]
    best = min((_rank(name) for name in every if len(name) <= _LONGEST), default=_NONE)
    return "" if best == _NONE else _kinds()[best]


@lru_cache(maxsize=50_000)
def _rank(name: str) -> int:
    """Return the place of the kind that one name stands for in the order of the table."""
    prefix, colon, rest = name.partition(":")
    where = prefix if colon and prefix in ("itemprop", "role") else "class"
    words = _words_of(rest if where != "class" else name)
    table = _names()
    best = table.get((where, "-".join(words)), _NONE)
    if where == "role":
        return best
    for start in range(len(words)):
        for end in range(start + 1, min(start + 4, len(words) + 1)):
            part = "-".join(words[start:end])
            best = min(best, table.get(("word", part), _NONE), table.get(("word", part.removesuffix("s")), _NONE))
            if end == len(words):
                best = min(best, table.get(("end", part), _NONE))
    return best


def _words_of(name: str) -> list[str]:
    """Return the words in a name: "articleBody-2" has three, "block-n1AuAdJlVL" (a hash) one."""
    words: list[str] = []
    for part in _PART.findall(name):
        humps = _HUMP.sub(r"\1-\2", part).split("-")
        if len(humps) < 3 or len(part) >= 4 * len(humps):
            words += [hump.lower() for hump in humps]
    return words


@cache
def _tags() -> dict[str, str]:
    return {row["name"]: row["kind"] for row in read_table("markup_hints") if row["where"] == "tag"}


@cache
def _kinds() -> tuple[str, ...]:
    """Return the kinds in the order of the table."""
    return tuple(dict.fromkeys(row["kind"] for row in read_table("markup_hints")))


@cache
def _names() -> dict[tuple[str, str], int]:
    order = {kind: n for n, kind in enumerate(_kinds())}
    return {
        (row["where"], row["name"]): order[row["kind"]] for row in read_table("markup_hints") if row["where"] != "tag"
    }
