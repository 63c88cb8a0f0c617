"""Lexicon: a language's words and templates for times, compiled from its table.

A table `times_LANGUAGE.tsv` has two sorts of rows. A word row says what words of a slot mean
("unit  week|weeks  W"). A rule row is a template around a head, the word that the scanner finds:

    rule	{edge}? {rel} <month> ,{year}?	month

Tokens are parted by spaces: `{slot}` a word of that slot, `literal` as it stands, `<slot>` the head,
`?` optional. A mark before a token says what parts it from its neighbour: nothing, white space;
`,` white space after an optional comma; `~` white space or a hyphen; `+` nothing at all;
`=` at most one space; `^` (outermost only) a word that must stand there but is no part of the time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "ru", "zh", "ja", "ar", "ko", "id")

_SPACE = r"(?:[ \t\u00a0\u202f\u3000]{1,4}|[ ]?\n[ ]{0,4})"
_NO_SPACE = r"[ \u00a0\u3000]?"
_DASH = "[-‐‑–]"


class Rule(NamedTuple):
    """A template, compiled: what stands left of the head is matched on the reversed text."""

    left: re.Pattern[str]
    right: re.Pattern[str]
    build: str
    left_needed: bool
    right_needed: bool


@dataclass(slots=True)
class Lexicon:
    """What a language's table says: slot -> folded words -> value, and the rules by head slot."""

    language: str
    spaced: bool
    words: dict[str, dict[str, str]]
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)

    def value(self, slot: str, words: str) -> str | None:
        """Return what `words`, as they stand in the text, mean in `slot`."""
        found = self.words[slot].get(words)
        return found if found is not None else self.words[slot].get(fold(words))


@lru_cache(maxsize=4096)
def fold(words: str) -> str:
    """Return words as the tables write them: lower case, single spaces, plain hyphens and apostrophes."""
    return " ".join(words.lower().replace("’", "'").replace("‑", "-").split()).rstrip(".")


@cache
def load_lexicon(language: str) -> Lexicon:
    """Return the compiled table of `language`, of English where there is none."""
    name = language if language in LANGUAGES else "en"
    rows = read_table(f"times_{name}")
    words: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["slot"] != "rule":
            slot = words.setdefault(row["slot"], {})
            slot.update((fold(word), row["value"]) for word in row["words"].split("|"))
    for row in read_table("calendar"):
        if name in row["language"].split():
            words.setdefault(row["kind"], {}).setdefault(fold(row["name"]), row["number"])
    lexicon = Lexicon(name, "no" not in words.get("spaces", {}), words)
    rules: dict[str, list[Rule]] = {}
    for row in rows:
        if row["slot"] == "rule":
            head, rule = _compile(lexicon, row["words"], row["value"])
            rules.setdefault(head, []).append(rule)
    lexicon.rules = {head: tuple(found) for head, found in rules.items()}
    return lexicon


class _Token(NamedTuple):
    mark: str
    body: str
    optional: bool


def _compile(lexicon: Lexicon, template: str, build: str) -> tuple[str, Rule]:
    tokens = [_token(word) for word in template.split()]
    at = next(n for n, token in enumerate(tokens) if token.body.startswith("<"))
    head = tokens[at].body[1:-1]
    # The mark of a token parts it from the one before it; to the left of the head from the one after it.
    left = [(tokens[n + 1].mark if tokens[n + 1].mark in "~+=," else "", tokens[n]) for n in range(at)]
    before = _side(lexicon, list(reversed(left)), back=True)
    after = _side(lexicon, [(token.mark, token) for token in tokens[at + 1 :]], back=False)
    needed = [any(not t.optional for t in side) for side in (tokens[:at], tokens[at + 1 :])]
    return head, Rule(re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE), build, *needed)


def _token(word: str) -> _Token:
    mark = word[0] if word[0] in ",~+=^" and len(word) > 1 else ""
    body = word[len(mark) :]
    return _Token(mark, body.removesuffix("?"), body.endswith("?"))


def _side(lexicon: Lexicon, tokens: list[tuple[str, _Token]], *, back: bool) -> str:
    inner = outer = ""
    for mark, token in tokens:
        part = f"(?:{_gap(mark, spaced=lexicon.spaced)}{_body(lexicon, token.body, back=back)})"
        part += "?" if token.optional else ""
        if token.mark == "^":
            outer += part
        else:
            inner += part
    return f"{inner}(?P<outer>{outer})" if outer else inner


def _gap(mark: str, *, spaced: bool) -> str:
    space = _SPACE if spaced else _NO_SPACE
    return {"+": "", "=": _NO_SPACE, "~": f"(?:{space}|{_DASH})", ",": f"(?:,?{space})"}.get(mark, space)


def _body(lexicon: Lexicon, body: str, *, back: bool) -> str:
    edge = r"\b" if lexicon.spaced else ""
    if not body.startswith("{"):
        return _alternatives(body.split("|"), back=back) + edge
    slot = body[1:-1]
    if slot in BUILT_IN:
        return f"(?P<{slot}>{BUILT_IN[slot](lexicon, back)}){edge}"
    return f"(?P<{slot}>{_alternatives(lexicon.words[slot], back=back)}){edge}"


def _alternatives(words: Iterable[str], *, back: bool) -> str:
    """Return a pattern of words, longest first, a space standing for any white space."""
    longest = sorted((word[::-1] if back else word for word in words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_literal(word) for word in longest) + ")"


def _literal(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"\s{1,3}").replace("'", "['’]")


def _number(lexicon: Lexicon, back: bool) -> str:
    digits = r"[0-9]{1,4}(?:[.,][0-9]{1,3}){0,2}"
    digits = r"(?:[0-9]{1,3}[.,]){0,2}[0-9]{1,4}" if back else digits
    few, words = lexicon.words.get("few", {}), lexicon.words.get("number", {})
    if not words:
        return f"{_alternatives(few, back=back)}|{digits}" if few else digits
    one = _alternatives(words, back=back)
    joint = _joint(lexicon, back=back)
    return f"{_alternatives(few, back=back)}|{digits}|{one}(?:{joint}{one}){{0,5}}"


def _joint(lexicon: Lexicon, *, back: bool) -> str:
    joints = lexicon.words.get("number_and", {})
    return f"(?:[ -]{_alternatives(joints, back=back)}?[ ]?)" if joints else "[ -]"


def _day(lexicon: Lexicon, back: bool) -> str:
    suffixes = lexicon.words.get("day_suffix", {})
    suffix = _alternatives(suffixes, back=back) + "?" if suffixes else ""
    digits = "[0-9]?[0-9]"
    return suffix + digits if back else digits + suffix


def _year(lexicon: Lexicon, back: bool) -> str:
    digits = "[0-9]{2}(?:91|02|81|71)" if back else "(?:19|20|18|17)[0-9]{2}"
    short = "[0-9]{2}['’‘]" if back else "['’‘][0-9]{2}"
    return f"{digits}|{short}"


def _clock(lexicon: Lexicon, back: bool) -> str:
    if back:
        return "(?:[0-9]{2}[:.h])?[0-9]{2}[:.h][0-9]{1,2}"
    return "[0-9]{1,2}[:.h][0-9]{2}(?:[:.h][0-9]{2})?"


def _hour(lexicon: Lexicon, back: bool) -> str:
    return "[0-9]{1,2}"


BUILT_IN: dict[str, Callable[[Lexicon, bool], str]] = {
    "n": _number,
    "day": _day,
    "year": _year,
    "clock": _clock,
    "hour": _hour,
}
