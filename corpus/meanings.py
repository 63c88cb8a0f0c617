"""What columns and rules mean, for people: the tables `columns.tsv` and `rules.tsv` of this package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def rule_meanings() -> Mapping[str, str]:
    """Return what each rule did, by its name "step:rule".

    >>> rule_meanings()["collapse_spaces:run"]
    'several spaces became one'
    """
    return MappingProxyType({f"{step}:{rule}": meaning for step, rule, meaning, _ in _rows("rules.tsv")})


@cache
def column_meanings() -> Mapping[str, str]:
    """Return what each column holds, and each field of a nested one ("times.zone"); signals are defined elsewhere.

    >>> column_meanings()["dateline.timezone"]
    'its IANA zone'
    """
    return MappingProxyType({column: meaning for column, meaning, _ in _rows("columns.tsv")})


def _rows(name: str) -> list[list[str]]:
    content = files("corpus").joinpath("data", name).read_text("utf-8")
    lines = [line.split("\t") for line in content.splitlines() if line and not line.startswith("#")]
    return lines[1:]
