"""Pumps: for a regex, the texts on which a backtracking engine would be slow, if it can be."""

from __future__ import annotations

import importlib
import re
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# The parser is private to `re`, but it is the only true reader of its patterns; tests alone use it.
_parser: Any = importlib.import_module("re._parser")
_CANDIDATES = "a0 .\n-A:,x\u00e9\u4e00\x00"
_CATEGORIES: dict[str, str] = {
    "CATEGORY_DIGIT": "0",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
}


def pumps(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (head, body, tail) for each loop of the pattern: `head + body * n + tail` makes the loop run and fail.

    >>> sorted(set(pumps(re.compile("ab*c"))))
    [('', 'ab', ''), ('', 'ab', '\\x00'), ('a', 'b', ''), ('a', 'b', '\\x00')]
    """
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE & ~re.LOCALE)
    for head, body in _loops(list(tree), ""):
        for tail in ("", "\x00"):
            yield head, body, tail
            yield "", head + body, tail


def _loops(nodes: list[Any], head: str) -> Iterator[tuple[str, str]]:
    for op, args in nodes:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inner = args
            if most > 8:
                for body in _samples(list(inner)):
                    yield head, body
            yield from _loops(list(inner), head)
        elif name == "SUBPATTERN":
            yield from _loops(list(args[3]), head)
        elif name == "BRANCH":
            for branch in args[1]:
                yield from _loops(list(branch), head)
        head += _sample([(op, args)])


def _samples(nodes: list[Any]) -> Iterator[str]:
    """Yield a text that the nodes match, one for each branch when they are a choice."""
    if len(nodes) == 1 and str(nodes[0][0]) == "SUBPATTERN":
        yield from _samples(list(nodes[0][1][3]))
    elif len(nodes) == 1 and str(nodes[0][0]) == "BRANCH":
        for branch in nodes[0][1][1]:
            yield _sample(list(branch))
    else:
        yield _sample(nodes)


def _sample(nodes: list[Any]) -> str:
    """Return a short text that the nodes match, as well as that can be told without trying."""
    return "".join(_piece(str(op), args) for op, args in nodes)


def _piece(name: str, args: Any) -> str:  # noqa: ANN401 (what the parser gives)
    match name:
        case "LITERAL":
            return chr(int(args))
        case "NOT_LITERAL":
            return "b" if args == ord("a") else "a"
        case "ANY":
            return "a"
        case "IN":
            return _member(list(args))
        case "BRANCH":
            return _sample(list(args[1][0]))
        case "SUBPATTERN":
            return _sample(list(args[3]))
        case "ATOMIC_GROUP":
            return _sample(list(args))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _sample(list(args[2])) * max(1, int(args[0]))
        case _:
            return ""


def _member(items: list[Any]) -> str:
    if str(items[0][0]) == "NEGATE":
        return next((c for c in _CANDIDATES if not any(_holds(c, *item) for item in items[1:])), "z")
    op, args = items[0]
    if str(op) == "LITERAL":
        return chr(args)
    if str(op) == "RANGE":
        return chr(args[0])
    return _CATEGORIES.get(str(args), "-")


def _holds(character: str, op: object, args: Any) -> bool:  # noqa: ANN401 (what the parser gives)
    match str(op):
        case "LITERAL":
            return ord(character) == int(args)
        case "RANGE":
            return bool(args[0] <= ord(character) <= args[1])
        case _:
            kind = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}.get(str(args), r"\W")
            return re.match(kind, character) is not None


def slowest(pattern: re.Pattern[str], limit: float = 0.01) -> str | None:
    """Return a text on which the search takes much more than linear time, None where none was found.

    >>> slowest(re.compile("a+b")) is None, slowest(re.compile("(a+)+$")) is None
    (False, False)
    """
    for head, body, tail in dict.fromkeys(pumps(pattern)):
        if body and (size := _explodes(pattern, head, body, tail, limit)):
            return head + body * size + tail
    return None


def _explodes(pattern: re.Pattern[str], head: str, body: str, tail: str, limit: float) -> int:
    """Return the number of bodies at which the search is too slow for its length, 0 where it never is."""
    for size in (8, 16, 20, 24, 28):  # exponential patterns are caught while they are cheap
        if _seconds(pattern, head + body * size + tail) > limit:
            return size
    for length in (1000, 4000, 16_000):
        size = length // len(body)
        fourfold = _seconds(pattern, head + body * size + tail)
        if fourfold > limit:
            once = min(_seconds(pattern, head + body * (size // 4) + tail) for _ in range(3))
            fourfold = min(fourfold, _seconds(pattern, head + body * size + tail))
            if fourfold > 8 * once:  # linear gives 4, quadratic 16
                return size
    return 0


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    start = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - start
