"""Whether Rust's regex engine, linear by construction, understands a pattern written for Python."""

from __future__ import annotations

import re

_FLAGS = (("i", re.IGNORECASE), ("m", re.MULTILINE), ("s", re.DOTALL), ("x", re.VERBOSE))
_LOOK = re.compile(r"\(\?<?[=!]")
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")
_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def rust_refuses(pattern: re.Pattern[str]) -> str | None:
    r"""Return why Rust's engine cannot have `pattern`, None where it compiles.

    >>> rust_refuses(re.compile(r"\bMay\b")) is None
    True
    >>> rust_refuses(re.compile(r"(a)\1"))
    'error: backreferences are not supported'

    What only looks at a bounded number of characters costs a bounded time at each place, so it is
    taken out first; a look at an unbounded number is refused:

    >>> rust_refuses(re.compile(r"(?<!\d)b(?!\d)")) is None
    True
    >>> rust_refuses(re.compile(r"b(?=\w+x)"))
    'error: look-around, including look-ahead and look-behind, is not supported'
    """
    import polars as pl  # noqa: PLC0415 (heavy)

    flags = "".join(letter for letter, flag in _FLAGS if pattern.flags & flag)
    words = _for_rust(pattern.pattern)
    try:
        pl.Series([""]).str.contains(f"(?{flags}){words}" if flags else words)
    except pl.exceptions.ComputeError as error:
        said = str(error)
        if "size limit" in said:  # understood, and larger than the engine's default: not slow
            return None
        return next((line.strip() for line in said.splitlines() if line.startswith("error:")), said)
    return None


def _for_rust(pattern: str) -> str:
    r"""Return the pattern in Rust's writing, without bounded looks.

    >>> _for_rust(r"a\Z"), _for_rust("[[(]"), _for_rust(r"(?<!\d)x(?=[)]|y)")
    ('a\\z', '[\\[(]', '(?:)x(?:)')
    """
    pattern = _SURROGATE.sub("", pattern)  # Rust has no lone surrogates, and needs none
    out: list[str] = []
    at = 0
    while at < len(pattern):
        end = _atom_end(pattern, at)
        atom = pattern[at:end]
        if atom == "\\Z":
            atom = "\\z"
        elif atom[0] == "[":
            atom = "[" + re.sub(r"(\\.)|([\[&~# ])", lambda m: m[1] or "\\" + m[2], atom[1:-1], flags=re.DOTALL) + "]"
        elif atom == "(" and _LOOK.match(pattern, at):
            close = _group_end(pattern, at)
            if not _ENDLESS.search(_bare(pattern[at:close])):
                atom, end = "(?:)", close
        out.append(atom)
        at = end
    return "".join(out)


def _atom_end(pattern: str, at: int) -> int:
    """Return where the escape, class or character at `at` ends."""
    if pattern[at] == "\\":
        return min(at + 2, len(pattern))
    if pattern[at] != "[":
        return at + 1
    end = at + 1
    if pattern.startswith("^", end):
        end += 1
    if pattern.startswith("]", end):  # a bracket that stands first is itself
        end += 1
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def _group_end(pattern: str, at: int) -> int:
    """Return where the group that opens at `at` ends."""
    depth = 0
    while at < len(pattern):
        depth += (pattern[at] == "(") - (pattern[at] == ")")
        at = _atom_end(pattern, at)
        if not depth:
            break
    return at


def _bare(pattern: str) -> str:
    """Return the pattern without its escapes and classes, so that what is left has its meaning."""
    out = []
    at = 0
    while at < len(pattern):
        end = _atom_end(pattern, at)
        if end == at + 1:
            out.append(pattern[at])
        at = end
    return "".join(out)
