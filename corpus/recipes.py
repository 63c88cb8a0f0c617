"""Recipes: the filters of the field as named conditions over the columns, and which of them drops a document."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
    content = tomllib.loads(files("corpus").joinpath("data", "recipes.toml").read_text(encoding="utf-8"))
    return {
        recipe: tuple(
            Clause(f"{recipe} {name}: {where}", where) for name, where in conditions.items() if name != "about"
        )
        for recipe, conditions in content.items()
    }


def combine_clauses(recipes: Sequence[str], where: Sequence[str] = ()) -> tuple[Clause, ...]:
    """Return the conditions of `recipes`, then those in `where`.

    >>> combine_clauses(["mc4"], ["language = 'en'"])[1]
    Clause(reason="where: language = 'en'", where="language = 'en'")
    >>> combine_clauses(["gofer"])
    Traceback (most recent call last):
    KeyError: "there is no recipe 'gofer'; there are c4, mc4, gopher, refinedweb, fineweb"
    """
    known = read_recipes()
    for name in recipes:
        if name not in known:
            raise KeyError(f"there is no recipe {name!r}; there are {', '.join(known)}")
    own = tuple(Clause(f"where: {condition}", condition) for condition in where)
    return tuple(clause for name in recipes for clause in known[name]) + own


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
