"""Phrases: what the reviewed table of page furniture says of one line.

Shared knowledge: imports only tables. A line is looked up folded: caseless, words only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from normalize.tables import read_table

EDGE = "edge"  # furniture only before or after the story: "Sports" is a subhead inside one
ANY = "any"
# How sure a line is furniture, by how the table matched it.
_SCORES = {"line": 0.99, "words": 0.97, "pattern": 0.95, "prefix": 0.95, "contains": 0.9}
_SERIES = 14  # a line of more words is no row of buttons
_CONTAINS = 120
_WORD = re.compile(r"\w+")


class Match(NamedTuple):
    """Why a line is furniture: the rule's id, where it holds (ANY or EDGE), and how sure it is."""

    rule: str
    where: str
    score: float


class _Table(NamedTuple):
    lines: dict[str, Match]
    prefixes: dict[str, list[tuple[str, Match]]]  # by first word
    buttons: dict[str, Match]  # words of which whole lines consist
    contains: re.Pattern[str]
    patterns: re.Pattern[str]
    groups: dict[str, Match]


def fold(words: str) -> str:
    """Return a line's words without case, marks and runs of spaces.

    >>> fold("  » Read   MORE: … ")
    'read more'
    """
    return " ".join(_WORD.findall(words.casefold()))


def match_line(words: str) -> Match | None:
    """Return what the table says of a line that is given without white space around it.

    >>> match_line("Skip to content")
    Match(rule='navigation', where='any', score=0.99)
    >>> match_line("Share | Tweet | Email").rule
    'share'
    >>> match_line("The ministers share a border.") is None
    True
    """
    table = _table()
    folded = fold(words)
    found = table.lines.get(folded)
    if found is not None:
        return found
    listed = folded.split(" ")
    for phrase, match in table.prefixes.get(listed[0], ()):
        if folded.startswith(phrase) and folded[len(phrase) : len(phrase) + 1] in {"", " "}:
            return match
    if len(listed) <= _SERIES and (listed[0] in table.buttons or listed[-1] in table.buttons):
        found = _series(listed, table)
        if found is not None:
            return found
    hit = table.patterns.fullmatch(folded)
    if hit is not None:
        return table.groups[str(hit.lastgroup)]
    if len(words) <= _CONTAINS:
        hit = table.contains.search(folded)
        if hit is not None:
            return table.groups[str(hit.lastgroup)]
    return None


def _series(listed: list[str], table: _Table) -> Match | None:
    """Return the verdict on a row of buttons: "Share Tweet Email", never a single word."""
    found = None
    for word in listed:
        if word not in table.buttons and not word.isdigit():
            return None
        found = found or table.buttons.get(word)
    return found if len(set(listed)) > 1 else None


@cache
def _table() -> _Table:
    lines: dict[str, Match] = {}
    prefixes: dict[str, list[tuple[str, Match]]] = {}
    buttons: dict[str, Match] = {}
    groups: dict[str, Match] = {}
    sources: dict[str, list[str]] = {"contains": [], "pattern": []}
    for n, row in enumerate(read_table("phrases")):
        kind, phrase = row["match"], row["phrase"]
        match = Match(row["rule"], row["where"], _SCORES[kind])
        if kind == "line":
            lines[fold(phrase)] = match
        elif kind == "prefix":
            folded = fold(phrase)
            prefixes.setdefault(folded.split(" ")[0], []).append((folded, match))
        elif kind == "words":
            buttons[fold(phrase)] = match
        else:
            body = phrase if kind == "pattern" else rf"\b{fold(phrase)}\b"
            sources[kind].append(f"(?P<r{n}>{body})")
            groups[f"r{n}"] = match
    return _Table(
        lines,
        prefixes,
        buttons,
        re.compile("|".join(sources["contains"])),
        re.compile("|".join(sources["pattern"])),
        groups,
    )
