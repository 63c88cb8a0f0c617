"""Hints: what the names that a page gives its parts say about them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = ("class", "id", "data-testid", "data-component", "data-type", "data-module")
_HUMP = re.compile(r"([a-z0-9])([A-Z])")
_JOINT = re.compile(r"[^a-z0-9\s]+")
_PATTERNS = {
    "word": r"(?:^|[\s-])(?:{})s?(?:[\s-]|$)",
    "end": r"(?:^|[\s-])(?:{})(?:\s|$)",
    "class": r"(?:^|\s)(?:{})(?:\s|$)",
    "itemprop": r"(?:^|\s)itemprop-(?:{})(?:\s|$)",
}


def hint(tag: str, attributes: Mapping[str, str | None]) -> str:
    """Return what an element's tag and names say it is: a kind of the table `markup_hints`, or "".

    >>> hint("div", {"class": "c-articleBody"}), hint("div", {"class": "c-articleBody__related"}), hint("nav", {})
    ('story', 'drop', 'out')
    >>> hint("div", {"class": "col-8"})
    ''
    """
    if not attributes:
        return _of_tag(tag)
    names = [value for name in _NAMES if (value := attributes.get(name))]
    if value := attributes.get("itemprop"):
        names.extend(f"itemprop-{word}" for word in value.split())
    if value := attributes.get("role"):
        names.append(f"role-{value}")
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return "out"
    return _of_tag(tag) or (_of_names(" ".join(names)) if names else "")


@cache
def _tags() -> dict[str, str]:
    return {row["name"]: row["kind"] for row in read_table("markup_hints") if row["where"] == "tag"}


def _of_tag(tag: str) -> str:
    return _tags().get(tag, "")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the kinds in the order of the table, each with one pattern for all its names."""
    parts: dict[str, dict[str, list[str]]] = {}
    for row in read_table("markup_hints"):
        if row["where"] in _PATTERNS:
            parts.setdefault(row["kind"], {}).setdefault(row["where"], []).append(re.escape(row["name"]))
    return tuple(
        (kind, re.compile("|".join(_PATTERNS[where].format("|".join(names)) for where, names in places.items())))
        for kind, places in parts.items()
    )


@lru_cache(maxsize=20_000)
def _of_names(names: str) -> str:
    plain = _JOINT.sub("-", _HUMP.sub(r"\1-\2", names[:1000]).lower())
    for kind, pattern in _patterns():
        if pattern.search(plain):
            return kind
    return ""
