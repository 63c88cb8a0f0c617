"""Recipes: the filters of the field as named conditions over the columns, and which of them drops a document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COMMENT = r"--[^\n]*|/\*(?:[^*]|\*[^/])*\*/"
_TOKEN = re.compile(_COMMENT + r"""|'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|.""", re.DOTALL)
_DEEPER = {"(": 1, "[": 1, "case": 1, ")": -1, "]": -1, "end": -1}


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition (SQL over the columns) that documents must meet to be kept, and what to count the others under."""

    reason: str
    where: str


@cache
def read_recipes() -> Mapping[str, tuple[Clause, ...]]:
    """Return the conditions of each recipe, in the order in which they are asked.

    >>> read_recipes()["c4"][1]
    Clause(reason='c4 curly_bracket: q_braces = 0', where='q_braces = 0')
    """
    import tomllib  # noqa: PLC0415 (a run without it starts faster)

    content = tomllib.loads(files("corpus").joinpath("data", "recipes.toml").read_text(encoding="utf-8"))
    return {
        recipe: tuple(
            Clause(f"{recipe} {name}: {where}", where) for name, where in conditions.items() if name != "about"
        )
        for recipe, conditions in content.items()
    }


def combine_clauses(recipes: Sequence[str], where: Sequence[str] = ()) -> tuple[Clause, ...]:
    """Return the conditions of `recipes`, then those in `where`, where what `and` joins counts singly.

    >>> [clause.reason for clause in combine_clauses(["mc4"], ["q_words > 9 and language = 'en'"])]
    ['mc4 long_lines: q_long_lines >= 3', 'where: q_words > 9', "where: language = 'en'"]
    >>> combine_clauses(["gofer"])
    Traceback (most recent call last):
    KeyError: "there is no recipe 'gofer'; there are c4, mc4, gopher, refinedweb, fineweb"
    """
    known = read_recipes() if recipes else {}
    for name in recipes:
        if name not in known:
            raise KeyError(f"there is no recipe {name!r}; there are {', '.join(known)}")
    own = tuple(Clause(f"where: {part}", part) for condition in where for part in split_condition(condition))
    return tuple(clause for name in recipes for clause in known[name]) + own


def split_condition(where: str) -> tuple[str, ...]:
    """Return the conditions that `where` joins with `and`; itself where they are joined otherwise.

    >>> split_condition("q_words between 50 and 900 AND (url is null or site = 'and')")
    ('q_words between 50 and 900', "(url is null or site = 'and')")
    >>> split_condition("q_words > 50 and q_lines > 1 or language = 'en'")
    ("q_words > 50 and q_lines > 1 or language = 'en'",)
    """
    parts, depth, between = [""], 0, False
    for token in _TOKEN.findall(where):
        if token.startswith(("--", "/*")):
            continue
        word = token.lower()
        depth += _DEEPER.get(word, 0)
        if depth == 0 and word == "or":
            return (where,)
        if depth == 0 and word == "and" and not between:
            parts.append("")
            continue
        if depth == 0 and word in ("between", "and"):
            between = word == "between"
        parts[-1] += token
    return tuple(part.strip() for part in parts)


def why_dropped(frame: pl.DataFrame, clauses: Sequence[Clause]) -> pl.Series:
    """Return for each row the reason of the first clause that it does not meet, null where it meets all.

    A condition that is null for a row is not met.

    >>> rows = pl.DataFrame({"q_words": [10, 60, None]})
    >>> why_dropped(rows, [Clause("short", "q_words >= 50")]).to_list()
    ['short', None, 'short']
    """
    reason = pl.lit(None, dtype=pl.String)
    for clause in reversed(clauses):
        met = pl.sql_expr(clause.where).fill_null(value=False)
        reason = pl.when(met).then(reason).otherwise(pl.lit(clause.reason))
    return frame.with_columns(reason.alias("reason"))["reason"]
