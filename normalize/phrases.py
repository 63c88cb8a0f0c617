"""Phrases: what the reviewed table of page furniture says of one line.

Shared knowledge: imports only tables. A line is looked up folded: caseless, words only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalize.tables import read_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EDGE = "edge"  # furniture only before or after the story: "Sports" is a subhead inside one
ANY = "any"
# How sure a line is furniture, by how the table matched it.
_SCORES = {"line": 0.99, "words": 0.97, "pattern": 0.95, "prefix": 0.95, "label": 0.95, "teaser": 0.93}
_SERIES = 14  # a line of more words is no row of buttons
_LONG = 50  # longer lines are folded only where how they begin, or what they contain, hints at a row
_WORD = re.compile(r"\w+")
_FIRST = re.compile(r"\W{0,39}(\w+)")  # a line that opens with more marks has no first word
_ENDS = (".", "。", "؟", "।")
_BEFORE = "[(»›>*•–—- "  # "[Related: …]", "» Watch | …"
_COLONS = (":", "：", "|")
_CALLS = ("!", "?", "！", "？")


class Match(NamedTuple):
    """Why a line is furniture: the rule's id, where it holds (ANY or EDGE), and how sure it is."""

    rule: str
    where: str
    score: float


_CUT = ("[…]", "[...]")  # how a weblog's excerpt of another story ends
_EXCERPT = Match("related", EDGE, 0.95)
_SOME = 25  # letters of an excerpt: "[…]" alone is a cut in what a story quotes


class _Opening(NamedTuple):
    phrase: str
    kind: str  # prefix, teaser or label
    match: Match


class _Pattern(NamedTuple):
    words: str
    match: Match


class _Table(NamedTuple):
    lines: dict[str, Match]
    openings: dict[str, list[_Opening]]  # by first word
    buttons: dict[str, Match]  # words of which whole lines consist
    patterns: dict[str, list[_Pattern]]  # by first word, "#" a number
    inside: list[tuple[str, _Pattern]]  # by what the line contains, in ASCII
    foreign: list[tuple[str, _Pattern]]  # and not: such a line's first word is not in ASCII either
    firsts: dict[str, set[str]]  # how a long line may begin that the table knows: first word, second words ("" any)
    heads: set[str]  # how any line may begin that the table knows


def fold(words: str) -> str:
    """Return a line's words without case, marks and runs of spaces.

    >>> fold("  » Read   MORE: … ")
    'read more'
    """
    return " ".join(_WORD.findall(_caseless(words)))


def _caseless(words: str) -> str:
    """Return `words` without case; the dot that casefold leaves over the i of Turkish "İlgili" goes."""
    return words.lower() if words.isascii() else words.casefold().replace("i\u0307", "i")


def first_word(words: str, start: int = 0, end: int = 1 << 60) -> str:
    """Return the first word of `words[start:end]` without case, "" where it has none.

    >>> first_word("» Read MORE"), first_word("…")
    ('read', '')
    """
    found = _WORD.search(words, start, end)
    return "" if found is None else _caseless(found[0])


def begin_lines(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return lines without case, and the first word of each, "" where none begins within its first letters.

    >>> begin_lines(["Read on", "» MORE"])
    (['read on', '» more'], ['read', 'more'])
    """
    plain = [*map(_caseless, lines)]
    firsts = [line.partition(" ")[0] for line in plain]
    return plain, [first if first.isalnum() else _first(line) for first, line in zip(firsts, plain, strict=True)]


def _first(line: str) -> str:
    found = _FIRST.match(line)
    return "" if found is None else found[1]


def match_line(words: str) -> Match | None:
    """Return what the table says of a line that is given without white space around it.

    >>> match_line("Skip to content")
    Match(rule='navigation', where='any', score=0.99)
    >>> match_line("Share | Tweet | Email").rule, match_line("Read more: the harbour's long quarrel").rule
    ('share', 'related')
    >>> match_line("The ministers share a border."), match_line("Read more than one paper, he advised.")
    (None, None)
    """
    plain, heads = begin_lines([words.replace("\n", " ")])
    return match_lines([words], plain, heads, [0]).get(0)


def match_lines(
    lines: Sequence[str], plain: Sequence[str], heads: Sequence[str], asked: Sequence[int]
) -> dict[int, Match]:
    """Return what the table says of the lines numbered `asked`; `plain` and `heads` are from `begin_lines`.

    >>> lines = ["Skip to content", "It rained."]
    >>> {n: match.rule for n, match in match_lines(lines, *begin_lines(lines), [0, 1]).items()}
    {0: 'navigation'}
    """
    table = _table()
    may = [n for n in asked if (head := heads[n]) in table.heads or head.isdigit()]
    hinted = _hinted(plain, heads, asked, table)
    matches: dict[int, Match] = {}
    for n in may if not hinted else sorted({*may, *hinted}):
        words, head = lines[n], heads[n]
        inside = hinted.get(n, [])
        if len(words) > _LONG and not (inside or head.isdigit() or _may_begin(words, head, plain[n], table)):
            continue
        match = table.lines.get(plain[n]) or _match(words, head, _WORD.findall(plain[n]), inside, table)
        if match is not None:
            matches[n] = match
    cut = [n for n in asked if lines[n][-1:] == "]"]
    if cut:
        matches |= {n: _EXCERPT for n in cut if len(lines[n]) >= _SOME and lines[n].endswith(_CUT)}
        matches = dict(sorted(matches.items()))
    return matches


def _hinted(
    plain: Sequence[str], heads: Sequence[str], asked: Sequence[int], table: _Table
) -> dict[int, list[_Pattern]]:
    """Return the patterns of the lines that contain what such lines do."""
    whole = "\n".join(plain)
    found: dict[int, list[_Pattern]] = {}
    for hint, pattern in table.inside if "".join(heads).isascii() else table.inside + table.foreign:
        if hint in whole:
            for n in asked:
                if hint in plain[n] and heads[n]:
                    found.setdefault(n, []).append(pattern)
    return found


def _match(words: str, head: str, listed: list[str], inside: list[_Pattern], table: _Table) -> Match | None:
    """Return what the table says of a line, given with its first word, all its words without case and its hints."""
    folded = " ".join(listed)
    found = table.lines.get(folded)
    if found is not None:
        return found
    for opening in table.openings.get(head, ()):
        if _opens(words, folded, opening):
            return opening.match
    if len(listed) <= _SERIES and (head in table.buttons or listed[-1] in table.buttons):
        found = _series(listed, table)
        if found is not None:
            return found
    first = "#" if head.isdigit() else head
    fitting = inside
    if first in table.patterns and _any_of(first).fullmatch(folded):
        fitting = table.patterns[first] + inside
    if words.endswith(_ENDS):  # a link to another story is no sentence
        fitting = [each for each in fitting if each.match.rule != "related"]
    return next((each.match for each in fitting if _compiled(each.words).fullmatch(folded)), None)


@cache
def _any_of(first: str) -> re.Pattern[str]:
    """Return all patterns of lines that begin with a word as one, which most lines do not fit."""
    return re.compile("|".join(f"(?:{each.words})" for each in _table().patterns[first]))


_SECOND = re.compile(r"\w+\W+(\w+)")


def _may_begin(words: str, head: str, plain: str, table: _Table) -> bool:
    """Return whether the table knows a long line that begins with the first two words."""
    seconds = table.firsts.get(head)
    if not seconds or "" in seconds:
        return seconds is not None
    if plain.startswith(head + " "):  # as nearly all do; then the second word is told sooner
        second = plain[len(head) + 1 :].partition(" ")[0]
        if second.isalnum():
            return second in seconds
    found = _SECOND.search(words)
    return found is not None and _caseless(found[1]) in seconds


def _opens(words: str, folded: str, opening: _Opening) -> bool:
    """Return whether a line begins with a phrase of the table, as the phrase's kind asks."""
    size = len(opening.phrase)
    if not folded.startswith(opening.phrase) or folded[size : size + 1] not in {"", " "}:
        return False
    if opening.kind == "prefix":
        return True
    if words.endswith(_ENDS):
        return False
    parted = words.lstrip(_BEFORE)[size : size + 2].lstrip().startswith(_COLONS)
    # "Read more: what now?", but not "See also that the lamp works!"
    return parted or (opening.kind == "teaser" and not words.endswith(_CALLS))


def _series(listed: list[str], table: _Table) -> Match | None:
    """Return the verdict on a row of buttons: "Share Tweet Email", never a single word."""
    found = None
    for word in listed:
        if word not in table.buttons and not word.isdigit():
            return None
        found = found or table.buttons.get(word)
    return found if len(set(listed)) > 1 else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _table() -> _Table:
    table = _Table({}, {}, {}, {}, [], [], {}, set())
    for phrase, kind, where, rule, anchor in read_columns("phrases", "phrase", "match", "where", "rule", "anchor"):
        match = Match(rule, where, _SCORES[kind])
        folded = fold(phrase)
        head, _, rest = folded.partition(" ")
        if kind != "pattern":
            table.heads.add(head)
        if kind == "line":
            table.lines[folded] = match
            if len(folded) <= _LONG // 2:
                continue
        elif kind == "words":
            table.buttons[folded] = match
            rest = ""  # of a row of such words
        elif kind == "pattern":
            for first, second in _anchor(table, anchor, _Pattern(phrase, match)):
                table.firsts.setdefault(first, set()).add(second)
                table.heads.add(first)
            continue
        else:
            table.openings.setdefault(head, []).append(_Opening(folded, kind, match))
        table.firsts.setdefault(head, set()).add(rest.partition(" ")[0])
    return table


def _anchor(table: _Table, anchors: str, pattern: _Pattern) -> Iterator[tuple[str, str]]:
    """File a pattern under what its lines begin with or contain, and yield the first words, with the second ones ("" any)."""
    for anchor in anchors.split("|"):
        if anchor.startswith("^") or anchor == "#":
            first, _, second = anchor.lstrip("^").partition(" ")
            known = table.patterns.setdefault(first, [])
            if pattern not in known:
                known.append(pattern)
            yield first, second
        else:
            (table.inside if anchor.isascii() else table.foreign).append((anchor, pattern))
