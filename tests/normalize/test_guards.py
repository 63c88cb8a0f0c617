"""Guards of several parts: weakened anywhere, each misses something that its step edits."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import replace
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest

from normalize import presets
from normalize.characters.composition import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from normalize import Step

_CLASS = re.compile(r"\[(?:\\.|[^\]\\])+\]", re.DOTALL)
_ITEM = re.compile(r"(?:\\U.{8}|\\u.{4}|\\x..|\\.|.)(?:-(?:\\U.{8}|\\u.{4}|\\x..|\\.|.))?", re.DOTALL)
SPACES = " \t\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
# What the steps edit, in all its small shapes.
POOLS = {
    "fix_entities": ["&lt;", "&AMP;", "&Eacute;", "&eacute;", "&#39;", "&#x27;", "&CounterClockwiseContourIntegral;"],
    "strip_line_spaces": [f"{a}{space}{b}" for space in SPACES for a, b in product(("", "x", "x\n"), ("", "x", "\nx"))],
    "collapse_blank_lines": [
        *("".join(shape) for size in range(1, 6) for shape in product("x\n ", repeat=size)),
        *(shape.replace("_", space) for space in SPACES for shape in ("x\n_\n\nx", "x\n\n_\nx", "_\nx", "x\n_")),
    ],
    "unwrap_hyphens": [f"inter{hyphen}\nnational" for hyphen in "-\u2010\xad"],
}


def weakened(pattern: str) -> Iterator[str]:
    """Yield the pattern without each of its alternatives, class items and options, and with tighter counts."""
    alternatives = pattern.split("|") if pattern.count("(?:") == 0 else []
    for n in range(len(alternatives) if len(alternatives) > 1 else 0):
        yield "|".join(alternatives[:n] + alternatives[n + 1 :])
    for group in _CLASS.finditer(pattern):
        items = _ITEM.findall(group[0][1:-1])
        for n in range(len(items)):
            rest = "".join(items[:n] + items[n + 1 :])
            yield pattern[: group.start()] + (f"[{rest}]" if rest else r"[^\x00-\U0010ffff]") + pattern[group.end() :]
    for option in re.finditer(r"(?<!\()[?*]", pattern):
        yield pattern[: option.start()] + pattern[option.end() :]
    for group in re.finditer(r"\(\?:([^|()]+)\|([^|()]+)\)", pattern):
        yield from (pattern[: group.start()] + kept + pattern[group.end() :] for kept in group.groups())
    for count in re.finditer(r"\{2,32\}", pattern):
        yield f"{pattern[: count.start()]}{{3,32}}{pattern[count.end() :]}"
        yield f"{pattern[: count.start()]}{{2,30}}{pattern[count.end() :]}"


def edits(step: Step, text: str) -> bool:
    return next(iter(step.find(text)), None) is not None


@pytest.mark.parametrize("name", POOLS)
def test_no_shape_is_edited_behind_a_quiet_guard(name: str) -> None:
    step = presets.STEPS[name]
    assert step.guard is not None
    touched = [text for text in POOLS[name] if edits(step, text)]
    assert touched
    assert [text for text in touched if step.guard.quiet(text)] == []


@pytest.mark.parametrize("name", POOLS)
def test_every_weakened_guard_misses_a_shape(name: str) -> None:
    step = presets.STEPS[name]
    assert step.guard is not None
    assert step.guard.pattern is not None
    touched = [text for text in POOLS[name] if edits(step, text)]
    tried = list(weakened(step.guard.pattern))
    assert len(tried) > 2
    for pattern in tried:
        weaker = replace(step.guard, pattern=pattern)
        assert any(weaker.quiet(text) for text in touched), f"with {pattern!r} nobody would notice"


@pytest.mark.parametrize("name", ["fix_line_ends", "collapse_spaces", "unwrap_lines"])
def test_a_guard_of_one_literal_fires_on_no_more_than_it_must(name: str) -> None:
    step = presets.STEPS[name]
    text = {
        "fix_line_ends": "a\rb",
        "collapse_spaces": "a  b",
        "unwrap_lines": "\n".join(["a line of words broken at a column"] * 9),
    }
    assert step.guard is not None
    assert len(step.guard.literals) == 1
    assert edits(step, text[name])
    assert not step.guard.quiet(text[name])
    assert replace(step.guard, literals=(step.guard.literals[0] + "\0",)).quiet(text[name])


def test_without_any_range_of_marks_a_composition_would_be_missed() -> None:
    """Ranges that only take part beside others (marks put in order) are caught by those others."""
    step = presets.STEPS["compose_characters"]
    assert step.guard is not None
    items = _ITEM.findall(CLASSES["NFC"][1:-1])
    alone = 0
    for n, item in enumerate(items):
        inside = [c for c in map(chr, _span(item)) if not 0xD800 <= ord(c) <= 0xDFFF]
        touched = [text for text in _composing(inside) if edits(step, text)]
        weaker = replace(step.guard, pattern=f"[{''.join(items[:n] + items[n + 1 :])}]")
        missed = [text for text in touched if weaker.quiet(text)]
        assert bool(missed) == bool(touched), item
        alone += bool(missed)
    assert alone > len(items) / 3


def _span(item: str) -> range:
    ends = [ord(part.encode().decode("unicode_escape")) for part in item.split("-")]
    return range(ends[0], ends[-1] + 1)


_FIRSTS: dict[str, str] = {}
for _c in map(chr, range(sys.maxunicode + 1)):
    _parts = unicodedata.decomposition(_c).split()
    if len(_parts) == 2 and _parts[0][0] != "<":
        _FIRSTS.setdefault(chr(int(_parts[1], 16)), chr(int(_parts[0], 16)))


def _composing(characters: list[str]) -> Iterator[str]:
    """Yield texts in which nothing but these characters asks for composition."""
    for c in characters[:40]:
        yield c
        yield _FIRSTS.get(c, "q") + c
    for a, b in pairwise(characters):
        yield f"q{a}{b}"
        yield f"q{b}{a}"
