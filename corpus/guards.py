"""Guards over a batch: which steps are sure to find nothing in which texts, found at native speed."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import polars as pl

from normalize import Guard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from normalize import Step


def guard_expression(guard: Guard, text: pl.Expr) -> pl.Expr:
    """Return the expression that is true where `guard` fires.

    >>> texts = pl.DataFrame({"text": ["one  two", "one two", ""]})
    >>> texts.select(guard_expression(Guard(literals=("  ",)), pl.col("text")))["text"].to_list()
    [True, False, False]
    """
    tests = []
    if guard.longer_than is not None:
        tests.append(text.str.len_chars() > guard.longer_than)
    if len(guard.literals) == 1:
        tests.append(text.str.contains(guard.literals[0], literal=True))
    elif guard.literals:
        tests.append(text.str.contains_any(list(guard.literals)))
    if guard.pattern is not None:
        tests.append(text.str.contains(guard.pattern))
    return reduce(or_, tests)


def find_quiet(texts: Sequence[str], steps: Sequence[Step[Any]]) -> list[frozenset[str] | None]:
    """Return, for each text, the names of the steps whose guards are quiet on it; None where that is not known.

    All guards are asked at once as one alternation; only where it fires is each asked alone. A text
    with a lone surrogate cannot be a native string: its guards are asked later, one by one.
    """
    if not texts:
        return []
    guards = tuple((step.name, step.guard) for step in steps if step.guard is not None)
    try:
        column = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    except UnicodeEncodeError:
        return [None] * len(texts)
    names = [name for name, _ in guards]
    quiet: list[frozenset[str] | None] = [frozenset(names)] * len(texts)
    if not guards:
        return quiet
    any_fired, each_fired = _questions(guards)
    fired = column.with_row_index("row").filter(any_fired).select("row", *each_fired)
    # Few combinations occur: one set for each, shared by all its rows.
    sets: dict[tuple[bool, ...], frozenset[str]] = {}
    for row, *rang in fired.iter_rows():
        which = tuple(rang)
        if which not in sets:
            sets[which] = frozenset(name for name, loud in zip(names, which, strict=True) if not loud)
        quiet[row] = sets[which]
    return quiet


@cache
def _questions(guards: tuple[tuple[str, Guard], ...]) -> tuple[pl.Expr, list[pl.Expr]]:
    """Return the expression that is true where any of `guards` fires, and that of each."""
    text = pl.col("text")
    each_fired = [guard_expression(guard, text).alias(name) for name, guard in guards]
    return guard_expression(_union(tuple(guard for _, guard in guards)), text).alias("any"), each_fired


def _union(guards: tuple[Guard, ...]) -> Guard:
    """Return the guard that fires where any of `guards` does."""
    patterns = [f"(?:{guard.pattern})" for guard in guards if guard.pattern is not None]
    lengths = [guard.longer_than for guard in guards if guard.longer_than is not None]
    literals = tuple(literal for guard in guards for literal in guard.literals)
    return Guard("|".join(patterns) or None, literals, min(lengths, default=None))
