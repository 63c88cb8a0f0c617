"""Schema: what a page says of itself in JSON-LD, in all the shapes that occur, broken ones too."""

# ruff: noqa: SIM905 (lists of names read better as words)
from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_NODES = 20_000
_DECODER = json.JSONDecoder(strict=False)
_WRAPS = re.compile(r"^\s*(?:(?://\s*)?<!\[CDATA\[|<!--)|(?:(?://\s*)?\]\]>|-->)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_PAIR = re.compile(r'"(headline|datePublished|dateModified|dateCreated)"\s*:\s*"([^"\n]{1,500})"')
# Under these keys stand other things than the story itself.
_ELSEWHERE = frozenset(
    "author publisher creator editor contributor image logo thumbnail video audio mentions citation comment "
    "itemlistelement liveblogupdate haspart ispartof relatedlink recordedin about provider sourceorganization "
    "copyrightholder breadcrumb potentialaction review subjectof significantlink".split()
)


def read_linked(scripts: Iterable[str]) -> list[dict[str, Any]]:
    """Return the nodes of a page's JSON-LD that may describe the page itself, in document order.

    A node that only names another by its `@id` is replaced by it.

    >>> read_linked(['{"@graph": [{"@type": "NewsArticle", "author": {"@id": "#a"}}, {"@id": "#a", "name": "Ann Lee"}]}'])[1]
    {'@type': 'NewsArticle', 'author': {'@id': '#a', 'name': 'Ann Lee'}}

    Broken JSON is mended where a comma or a comment breaks it, and else read for its plainest pairs:

    >>> read_linked(['// <![CDATA[\\n{"headline": "Rain", }\\n//]]>']), read_linked(['{"headline": "Rain" "x'])
    ([{'headline': 'Rain'}], [{'headline': 'Rain'}])
    >>> read_linked(["", "null", "[1, 2]"])
    []
    """
    nodes: list[dict[str, Any]] = []
    named: dict[str, dict[str, Any]] = {}
    for script in scripts:
        for node, aside in _nodes(_parsed(script)):
            if not aside:
                nodes.append(node)
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(named.get(name, ())):
                named[name] = node
    return [_joined(node, named) for node in nodes]


def _parsed(script: str) -> object:
    text = script.strip()
    for mend in (str.strip, _unwrapped, lambda words: _TRAILING_COMMA.sub(r"\1", _unwrapped(words))):
        try:
            return _DECODER.raw_decode(mend(text))[0]
        except (ValueError, RecursionError):
            continue
    pairs: dict[str, str] = {}
    for found in _PAIR.finditer(text):
        pairs.setdefault(found[1], found[2])
    return pairs


def _unwrapped(text: str) -> str:
    """Return a script without the comment or CDATA section around it."""
    return _WRAPS.sub("", _WRAPS.sub("", text).strip().rstrip(";")).strip()


def _nodes(tree: object) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield every object of `tree` in document order, and whether it stands for something beside the story."""
    todo: list[tuple[object, bool]] = [(tree, False)]
    for _ in range(_MOST_NODES):
        if not todo:
            return
        item, aside = todo.pop()
        if isinstance(item, dict):
            if item:
                yield item, aside
            todo.extend(
                (value, aside or key.casefold() in _ELSEWHERE)
                for key, value in reversed(item.items())
                if isinstance(value, dict | list)
            )
        elif isinstance(item, list):
            todo.extend((value, aside) for value in reversed(item) if isinstance(value, dict | list))


def _joined(node: dict[str, Any], named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return `node` with the nodes that it names by `@id` alone put in their place, one level deep."""

    def meant(value: object) -> object:
        if isinstance(value, list):
            return [meant(item) for item in value]
        if isinstance(value, dict) and isinstance(value.get("@id"), str):
            other = named.get(value["@id"])
            return value if other is None or other is node or len(value) > 2 else {**value, **other}
        return value

    return {key: meant(value) if isinstance(value, dict | list) else value for key, value in node.items()}


def types(node: dict[str, Any]) -> set[str]:
    """Return the types of a node in small letters, without their vocabulary.

    >>> sorted(types({"@type": ["https://schema.org/NewsArticle", "Report"]}))
    ['newsarticle', 'report']
    """
    stated = node.get("@type")
    every = stated if isinstance(stated, list) else [stated]
    return {name.rpartition("/")[2].rpartition(":")[2].casefold() for name in every if isinstance(name, str)}


def main_article(nodes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the node that describes the story, {} where there is none.

    >>> main_article([{"@type": "WebPage", "name": "Home"}, {"@type": "NewsArticle", "headline": "Rain"}])["headline"]
    'Rain'
    """
    best: dict[str, Any] = {}
    most = 0
    for node in nodes:
        kinds = types(node)
        rank = 0
        if any(kind.endswith(("article", "posting", "report")) or kind in ("review", "recipe") for kind in kinds):
            rank = 4 + 2 * ("headline" in node) + ("datePublished" in node)
        elif "headline" in node and not kinds:
            rank = 3
        elif "datePublished" in node and kinds & {"webpage", "creativework", "itempage", "medicalwebpage"}:
            rank = 2
        elif "datePublished" in node and "videoobject" not in kinds:
            rank = 1
        if rank > most:
            best, most = node, rank
    return best


def words_of(value: object) -> str | None:
    """Return a text or the name of what is named: "Rain", {"name": "Rain"}, {"@value": "Rain"}, ["Rain"].

    >>> words_of([{"@type": "Thing", "name": " Rain "}]), words_of(3), words_of([])
    ('Rain', None, None)
    """
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("name", value.get("@value", value.get("headline")))
        else:
            break
    return (value.strip() or None) if isinstance(value, str) else None


def every_name(value: object) -> list[tuple[str, set[str]]]:
    """Return the names in `value`, each with its types.

    >>> every_name(["Ann Lee", {"@type": "Person", "name": ["Bo Ek", "Cy Fox"]}])
    [('Ann Lee', set()), ('Bo Ek', {'person'}), ('Cy Fox', {'person'})]
    """
    found: list[tuple[str, set[str]]] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            names = item.get("name", item.get("@value"))
            kinds = types(item)
        else:
            names, kinds = item, set()
        for name in names if isinstance(names, list) else [names]:
            if isinstance(name, str) and name.strip():
                found += [(name.strip(), kinds)]
    return found
