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
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from normalize.times.value import Reading

    Match = Callable[..., re.Match[str] | None]
    Builders = Mapping[str, Callable[[Any], Reading | None]]

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "ru", "zh", "ja", "ar", "ko", "id")

# The engine hands over plain words: white space is spaces, dashes are hyphens, letters are lower case.
_SPACE = " {1,6}"
_NO_SPACE = " ?"
_WIDE = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９：　", "0123456789" * 3 + ": ")
_MARKS = (
    ("\u2019", "'"),
    ("\u2018", "'"),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    ("\u2013", "-"),
    ("\u2011", "-"),
    ("\u2010", "-"),
)

_WIDE_LANGUAGES = frozenset(("ar", "fa", "ja", "ko", "ps", "ur", "zh"))
_TENSE = ("ahead", "past_verb", "weak", "passive", "ahead_to", "doubtful", "clause")


@dataclass(slots=True, eq=False)
class Rule:
    """A template, compiled when it is first used: what stands left of the head is matched on the reversed text; a side without tokens is None."""

    left: Match | None
    right: Match | None
    name: str
    left_outer: bool  # whether a context word may stand left of the template
    build: Callable[[Any], Reading | None]


@dataclass(slots=True, eq=False)
class Lexicon:
    """What a language's table says: slot -> folded words -> value, and the rules by head slot."""

    language: str
    spaced: bool
    words: dict[str, dict[str, str]]
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    past_suffix: tuple[str, ...] = ()
    wide: bool = False  # whether digits of other scripts occur

    def value(self, slot: str, words: str) -> str | None:
        """Return what `words`, as they stand in the text, mean in `slot`."""
        if slot == "n":
            return read_number(words, self.words)
        found = self.words[slot].get(words)
        return found if found is not None else self.words[slot].get(fold(words))


def read_number(words: str, tables: dict[str, dict[str, str]]) -> str | None:
    """Return how many words say: digits, "0.5", "X" for a few; "one hundred and twenty four" is 124."""
    few = tables.get("few", {}).get(words)
    if few is not None:
        return few
    for half in tables.get("number_half", {}):
        if words.endswith(half):
            whole = read_number(words.removesuffix(half).rstrip(), tables)
            return f"{whole}.5" if whole and whole.isdecimal() else whole
    plain_digits = _plain_digits(words, tables)
    if plain_digits.isdecimal():
        return str(int(plain_digits))
    if plain_digits.replace(".", "", 1).isdecimal():
        return plain_digits
    return _spelt(words, tables.get("number", {}))


def _plain_digits(words: str, tables: dict[str, dict[str, str]]) -> str:
    """Return digits as Python reads them: "1,000", "1.000" or "1 000" as their language groups them, "2,5" as 2.5."""
    if "thousands" not in tables or not words[:1].isdecimal():
        return words.replace(",", "")
    grouped = _GROUPED.fullmatch(words)
    return re.sub("[. ]", "", words) if grouped else words.replace(",", ".")


_GROUPED = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+")


def _spelt(words: str, table: dict[str, str]) -> str:
    total = part = 0
    for word in words.replace("-", " ").split():
        size = int(table.get(word, 0))
        if size >= 1000:
            total, part = (total + max(part, 1)) * size, 0
        elif size == 100:
            part = max(part, 1) * 100
        else:
            part += size
    return str(total + part)


def plain(words: str, *, wide: bool = False) -> str:
    """Return words letter for letter as the templates want them: lower case, plain spaces, hyphens and apostrophes.

    `wide` reads the digits of other scripts too.
    """
    lower = words.lower()
    if len(lower) != len(words):  # "İ" has two letters in lower case
        lower = words
    if "\n" in lower:
        lower = lower.replace("\n", " ")
    if "\t" in lower:
        lower = lower.replace("\t", " ")
    if lower.isascii():
        return lower
    if wide:
        lower = lower.translate(_WIDE)
    for mark, meant in _MARKS:  # six replacements cost a tenth of one translation
        lower = lower.replace(mark, meant)
    return lower


@lru_cache(maxsize=4096)
def fold(words: str) -> str:
    """Return words as the tables write them: lower case, single spaces, plain hyphens and apostrophes."""
    return " ".join(words.lower().replace("’", "'").replace("‑", "-").split()).rstrip(".")


def compile_lexicon(language: str, builders: Builders) -> Lexicon:
    """Return the compiled table of `language`, of English where there is none; `builders` by their names."""
    rows = read_table(f"times_{language if language in LANGUAGES else 'und'}")
    words: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["slot"] != "rule":
            meanings = words.setdefault(row["slot"], {})
            folded = str if row["slot"] == "day_suffix" else fold
            meanings.update((folded(word), row["value"]) for word in row["words"].split("|"))
    _add_names(words, language)
    lexicon = Lexicon(language, "no" not in words.get("spaces", {}), words)
    for slot in _TENSE:
        words.setdefault(slot, {})
    lexicon.wide = language in _WIDE_LANGUAGES
    lexicon.past_suffix = tuple(words.get("past_suffix", ()))
    rules: dict[str, list[Rule]] = {}
    for row in rows:
        if row["slot"] == "rule":
            head, rule = _compile(lexicon, row["words"], row["value"], builders)
            rules.setdefault(head, []).append(rule)
    lexicon.rules = {head: tuple(found) for head, found in rules.items()}
    return lexicon


class _Token(NamedTuple):
    mark: str
    body: str
    optional: bool


def _compile(lexicon: Lexicon, template: str, build: str, builders: Builders) -> tuple[str, Rule]:
    tokens = [_token(word) for word in template.split()]
    at = next(n for n, token in enumerate(tokens) if token.body.startswith("<"))
    head = tokens[at].body[1:-1]
    # The mark of a token parts it from the one before it; to the left of the head from the one after it.
    left = [(tokens[n + 1].mark if tokens[n + 1].mark in "~+=," else "", tokens[n]) for n in range(at)]
    right = [(token.mark, token) for token in tokens[at + 1 :]]
    rule = Rule(None, None, build, any(token.mark == "^" for token in tokens[:at]), builders[build])
    if left:
        rule.left = _lazy(rule, "left", partial(_side, lexicon, left[::-1], back=True))
    if right:
        rule.right = _lazy(rule, "right", partial(_side, lexicon, right, back=False))
    return head, rule


def _lazy(rule: Rule, side: str, pattern: Callable[[], str]) -> Match:
    """Return a matcher that compiles itself when first asked: a short text needs few of a table's templates."""

    def match(words: str) -> re.Match[str] | None:
        compiled: Match = re.compile(pattern()).match
        setattr(rule, side, compiled)
        return compiled(words)

    return match


def _add_names(words: dict[str, dict[str, str]], language: str) -> None:
    """Add the names of months and weekdays; abbreviations only where the table lists them as `short`."""
    short, spaced = words.get("short", {}), "spaces" not in words
    for row in read_table("calendar"):
        if language not in row["language"] or language not in row["language"].split():
            continue
        name = fold(row["name"])
        if name in words.get("not_weekday", {}):
            continue
        if name in short or len(name) > (3 if spaced else 1):
            words.setdefault(row["kind"], {}).setdefault(name, row["number"])
    for kind in ("month", "weekday"):
        words.setdefault(kind, {}).setdefault("\ue000", "0")  # no name at all: a language that CLDR does not know


def _token(word: str) -> _Token:
    mark = word[0] if word[0] in ",~+=^" and len(word) > 1 else ""
    body = word[len(mark) :]
    return _Token(mark, body.removesuffix("?"), body.endswith("?"))


def _side(lexicon: Lexicon, tokens: list[tuple[str, _Token]], *, back: bool) -> str:
    inner = outer = ""
    for mark, token in tokens:
        part = f"(?:{_gap(mark, spaced=lexicon.spaced)}{_body(lexicon, token.body, back=back)})"
        if token.optional:
            part = f"{part[:-1]}|)"  # a branch is cheaper than a repeat
        if token.mark == "^":
            outer += part
        else:
            inner += part
    return f"{inner}(?P<outer>{outer})" if outer else inner


def _gap(mark: str, *, spaced: bool) -> str:
    space = _SPACE if spaced else _NO_SPACE
    return {"+": "", "=": _NO_SPACE, "~": "[ -]", ",": f"(?:,?{space})"}.get(mark, space)


@cache
def _body(lexicon: Lexicon, body: str, *, back: bool) -> str:
    edge = r"\b" if lexicon.spaced else ""
    if not body.startswith("{"):
        return f"(?:{_alternatives(body.split('|'), back=back)}){edge}"
    slot = body[1:-1]
    if slot in BUILT_IN:
        return f"(?P<{slot}>{BUILT_IN[slot](lexicon, back)}){edge}"
    return f"(?P<{slot}>{_alternatives(lexicon.words[slot], back=back)}){edge}"


def _alternatives(words: Iterable[str], *, back: bool) -> str:
    """Return a pattern of words as a tree of their letters, so that a mismatch costs one look at each branch."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word[::-1] if back else word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(tree)


def _branches(node: dict[str, Any]) -> str:
    """Return the pattern of a tree of letters, the longest words first."""
    parts = [re.escape(letter) for letter in sorted(node) if letter]
    tails = [_branches(node[letter]) for letter in sorted(node) if letter]
    body = "|".join(part + tail for part, tail in zip(parts, tails, strict=True))
    if not body:
        return ""
    if "" in node:
        return f"(?:{body})?"
    return body if len(parts) == 1 else f"(?:{body})"


def _number(lexicon: Lexicon, back: bool) -> str:
    digits = r"[0-9]{1,4}(?:[.,][0-9]{1,3}){0,2}"
    digits = r"(?:[0-9]{1,3}[.,]){0,2}[0-9]{1,4}" if back else digits
    if " " in lexicon.words.get("thousands", {}) or "" in lexicon.words.get("thousands", {}):  # "3 000 ans"
        digits = (
            rf"(?:[0-9]{{3}} ){{1,2}}[0-9]{{1,3}}|{digits}" if back else rf"[0-9]{{1,3}}(?: [0-9]{{3}}){{1,2}}|{digits}"
        )
    few, words = lexicon.words.get("few", {}), lexicon.words.get("number", {})
    if not words:
        return f"{_alternatives(few, back=back)}|{digits}" if few else digits
    one = _alternatives(words, back=back)
    joint = _joint(lexicon, back=back)
    number = f"{digits}|{one}(?:{joint}{one}){{0,5}}"
    half = lexicon.words.get("number_half")
    if half:  # "two and a half hours"
        tail = _alternatives(half, back=back)
        number = f"(?:(?:{tail}) |)(?:{number})" if back else f"(?:{number})(?: (?:{tail})|)"
    return f"{_alternatives(few, back=back)}|{number}"


def _joint(lexicon: Lexicon, *, back: bool) -> str:
    joints = lexicon.words.get("number_and", {})
    return f"(?:[ -](?:{_alternatives(joints, back=back)})?[ ]?)" if joints else "[ -]"


def _day(lexicon: Lexicon, back: bool) -> str:
    suffixes = lexicon.words.get("day_suffix", {})
    suffix = f"(?:{_alternatives(suffixes, back=back)})?" if suffixes else ""
    digits = "[0-9]?[0-9]"
    return suffix + digits if back else digits + suffix


def _date(lexicon: Lexicon, back: bool) -> str:
    ordinals = lexicon.words.get("ordinal", {})
    return f"{_day(lexicon, back)}|{_alternatives(ordinals, back=back)}" if ordinals else _day(lexicon, back)


def _year(lexicon: Lexicon, back: bool) -> str:
    digits = "[0-9]{2}(?:91|02|81|71)" if back else "(?:19|20|18|17)[0-9]{2}"
    short = "[0-9]{2}'" if back else "'[0-9]{2}"
    links = lexicon.words.get("year_link")
    if links and not back:  # "October of 1999", "diciembre de 2017"
        return f"(?:(?:{_alternatives(links, back=back)}) )?(?:{digits})|{short}"
    return f"{digits}|{short}"


def _decade(lexicon: Lexicon, back: bool) -> str:
    """Return the pattern of "1970", "'70" after a word for years, of "1970er", "1970-х" before it."""
    return "(?:re|х-)0[0-9](?:91|02)?" if back else "'?(?:(?:19|20)[0-9]|[2-9])0"


def _clock(lexicon: Lexicon, back: bool) -> str:
    if back:
        return "(?:[0-9]{2}[:.h])?[0-9]{2}[:.h][0-9]{1,2}"
    return "[0-9]{1,2}[:.h][0-9]{2}(?:[:.h][0-9]{2})?"


def _hour(lexicon: Lexicon, back: bool) -> str:
    return "[0-9]{1,2}"


def _y4(lexicon: Lexicon, back: bool) -> str:
    return "[0-9]{3}[12]" if back else "[12][0-9]{3}"


def _minute(lexicon: Lexicon, back: bool) -> str:
    return "[0-9]{1,2}"


BUILT_IN: dict[str, Callable[[Lexicon, bool], str]] = {
    "n": _number,
    "day": _day,
    "date": _date,
    "year": _year,
    "decade": _decade,
    "clock": _clock,
    "hour": _hour,
    "minute": _minute,
    "mon": _hour,
    "y4": _y4,
}
