"""Stamps: what one line of a page says of when its story was published, and by whom.

Shared knowledge: imports only calendar, phrases and tables.

A stamp is a line of parts: "By Jane Doe | 27 December 2017 | 3 min read". Each part is a day, a
clock, a label, a name or an aside; without a day the line is no stamp.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from normalize.calendar import Moment, parse_moment
from normalize.phrases import fold
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 130  # a line that is a stamp and nothing else
# What a line holds that states a day of a year: two numbers of which one may be a year, or one that is all of it.
DAY = re.compile(r"\d(?:[./-]\d{1,2}[./-]\d\d|\d{3}\D+\d|\D+\d{4}|\d{7})")
NAME = 34  # a line that is one person's name
_LABEL = NAME
_ASIDE = 5  # words of the longest part that is neither day nor name
_ASIDES = 48  # letters of all such parts of a line
_MOST = 9  # parts
_WORDS = 12  # and words of one: "Published by Jane van der Doe on Wednesday, 27 December 2017, at 10:15 GMT"
_TRIM = " \t\u3000:：／,.-–—|•·()[]【】/"
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"\s+[|•·/–—~-]+\s+|\s*[|•·]\s*|;\s+|[\s\u3000]{2,}|\u3000")
# "14 February 2020 Updated 16 February 2020", "von Jane Doe Veröffentlicht am 11. Juni 2019": a new part without a mark
_LED = re.compile(
    r"\s((?:[Bb]y|[Vv]on|VON|[Pp]ar|[Pp]or|[Dd]oor|[Oo]leh|[Aa]v) \S"
    r"|[Uu]pdated|UPDATED|[Pp]ublished|Posted|[Aa]ktualisiert|[Mm]is à jour|[Aa]ctualizado|Veröffentlicht|Publi[ée])"
)
# "19. Mai 201719. Mai 2017", "4.1.2018Lesezeit: 4 Min."
_GLUED = re.compile(r"(\d{4}|\d:\d\d|[ap]m)(\d\d?\. [A-ZÄÖÜ]|[A-ZÄÖÜÉ][^\W\d_]{2})")
_GLUED_LABEL = re.compile(r"(?:By|Por|Par|Von|Door|Di)[A-ZÀ-Þ]")  # "ByJane Doe", as pages lose the space of a link
_BEFORE_DAY = re.compile(r"(?:on|am|den|vom|le|el|il|op|em|dnia|от|den) ", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}[.:h]\d\d(?:[.:]\d\d)?(?:\s?[^\W\d_][\w.]{0,4}){0,2}|\d{1,2}\s?[ap]\.?m\.?(?: \w{2,4})?")
# A name: two to five capitalised words, with the small words of surnames between them.
_SMALL = "de|da|do|dos|das|del|della|di|du|des|van|von|der|den|ter|ten|la|le|el|al|bin|ibn|y|e|zu|af|av"
_PARTICLES = frozenset(_SMALL.split("|"))
_NAME = rf"[^\W\d_a-z][\w.'’\-]*(?: (?:(?:{_SMALL}) ){{0,2}}[^\W\d_a-z][\w.'’\-]*){{1,3}}"
_AND = r", and | and | und | et | y | e | en | og | och | & "
_NAMES = re.compile(
    rf"(?P<names>{_NAME}(?:(?:, |{_AND}){_NAME}){{0,7}})(?P<role>\s?[,|•·/\-–—(].{{0,80}}| (?:in|for|at|für|à|en) .{{2,40}})?"
)
_BETWEEN = re.compile(rf"{_AND}|, ")
_ORGANIZED = re.compile(
    r"\b(?:staff|news|press|agency|writer|reporter|editor|correspondent|contributor|desk|team|today|times|post|service|online|redaktion|redacción|rédaction|redazione|associated|reuters|bureau|read|more|comments?|share|view|all|the)\b",
    re.IGNORECASE,
)


class Stamp(NamedTuple):
    """What a line says: days with their kinds ("published", "updated"), names, and how sure the days are.

    `asides` counts the parts that are neither day, clock, label nor name.
    """

    days: tuple[tuple[str, Moment], ...]
    names: tuple[str, ...]
    labelled: bool
    asides: int


class Labels(NamedTuple):
    """The labels before days and names, folded."""

    dates: dict[str, tuple[str, str]]  # label -> kind, language
    bylines: dict[str, str]
    asides: frozenset[str]  # words of no name
    firsts: frozenset[str]  # first words of the labels of days
    authored: frozenset[str]  # and of bylines
    longest: int  # words of the longest label


class _Part(NamedTuple):
    kind: str | None = None
    moment: Moment | None = None
    names: tuple[str, ...] = ()


def read_stamp(words: str, language: str | None) -> Stamp | None:
    """Return what a line that is a stamp says, None where it is none.

    >>> stamp = read_stamp("By Jane Doe | 27 December 2017 | 3 min read", None)
    >>> stamp.names, str(stamp.days[0][1].days.day), stamp.labelled, stamp.asides
    (('Jane Doe',), '2017-12-27', False, 1)
    >>> read_stamp("It rained on 27 December 2017.", None)
    """
    parts = [
        bare for part in _PARTS.split(_LED.sub(r" | \1", _GLUED.sub(r"\1 | \2", words))) if (bare := part.strip(_TRIM))
    ]
    if len(parts) > _MOST or any(part.count(" ") > _WORDS for part in parts):
        return None
    read = list(_joined(parts, language))
    days = tuple((part.kind or "published", part.moment) for part in read if part.moment is not None)
    if not days or len({part.moment.days for part in read if part.moment is not None and part.kind is None}) > 1:
        return None  # "28.01.2022 – 29.01.2022" is a span of days, not two stamps
    asides = [words for part, words in zip(read, parts, strict=True) if part == _Part()]
    if sum(map(len, asides)) > _ASIDES or not all(map(_is_aside, asides)):
        return None
    names = tuple(dict.fromkeys(name for part in read for name in part.names))
    return Stamp(days, names, any(part.kind and part.moment for part in read), len(asides))


def _joined(parts: list[str], language: str | None) -> Iterator[_Part]:
    """Read each part, a label alone together with the part after it, a clock with the day before it."""
    label = ""
    for n, part in enumerate(parts):
        if _CLOCK.fullmatch(part) is not None:
            yield _Part("clock")
            continue
        after = _CLOCK.fullmatch(parts[n + 1]) if n + 1 < len(parts) else None
        read = _read(f"{label} {part}".strip(), language, "" if after is None else after.group())
        label = part if read == _Part("label") else ""
        yield read


def _read(part: str, language: str | None, clock: str) -> _Part:
    kind, own, rest = date_label(part)
    if kind is not None and not rest:
        return _Part("label")
    moment = _moment(rest, language or own, clock)
    if moment is not None:
        return _Part(kind, moment)
    credited = byline_label(part)
    if credited == "":
        return _Part("label")
    name, day = _split(part if credited is None else credited)
    moment = _moment(day, language, clock) if day else None
    if credited is None:
        return _Part(None, moment, names_of(name)) if plain_name(name) and (moment or not day) else _Part()
    if day and moment is None:
        return _Part()
    return _Part(None, moment, names_of(name) or _signed(name))


def _split(words: str) -> tuple[str, str]:
    """Return the name and the day of "Jane Doe 27.12.2017"; the day is "" where none follows."""
    if DAY.search(words) is None:
        return words, ""
    tokens = words.split(" ")
    for size in range(min(len(tokens) - 1, 5), 0, -1):
        name = " ".join(tokens[:size])
        if (size == 1 or _NAMES.fullmatch(name)) and _moment(" ".join(tokens[size:]), None, "") is not None:
            return name.strip(_TRIM), " ".join(tokens[size:])
    return words, words


def _signed(name: str) -> tuple[str, ...]:
    """Return the one word with which bloggers sign beside a day: "von gizmo"."""
    return (name,) if re.fullmatch(r"[^\W\d]\w{2,20}", name) and _ORGANIZED.search(name) is None else ()


def moment_of(words: str, language: str | None) -> Moment | None:
    """Return the day, and the instant where clock and zone stand beside it, that words state and nothing else."""
    return _moment(words, language, "")


_EPOCHS = (8, 10, 13)  # digits of a day, and of seconds and milliseconds since 1970; longer numbers are of articles
_EUROPEAN = re.compile(r"\b(?:GMT|BST|CES?T|MES?Z|EES?T|WES?T|IST)\b")


def _moment(words: str, language: str | None, clock: str) -> Moment | None:
    if _DIGIT.search(words) is None or (words.isdecimal() and len(words) not in _EPOCHS):
        return None
    if language in (None, "en") and _EUROPEAN.search(f"{words} {clock}"):
        language = "en-GB"  # "06/01/2026 - 13:55 GMT+1"
    bare = _BEFORE_DAY.sub("", words.replace("(", " ").replace(")", " "), count=1).strip(_TRIM)
    half = len(bare) // 2
    if bare[:half] == bare[half:]:
        bare = bare[:half]  # "2. Mai 20172. Mai 2017", as some pages set the same day for two readers
    moment = (clock and parse_moment(f"{bare} {clock}", language=language)) or parse_moment(bare, language=language)
    if not moment or moment.days.day is None or not 1800 < moment.days.begin.year < 2200:
        return None
    return moment


def _is_aside(part: str) -> bool:
    """Tell "3 min read", "Politics" from what a story says, and from another day."""
    return part.count(" ") < _ASIDE and DAY.search(part) is None


def names_of(words: str) -> tuple[str, ...]:
    """Return the people a byline names, without roles and organisations.

    >>> names_of("Jane Doe and John van Roe, Staff Writers"), names_of("Example Press"), names_of("the river")
    (('Jane Doe', 'John van Roe'), (), ())
    >>> names_of("Jane MillsHarbour Correspondent"), names_of("Jane Doe Deputy Editor")
    (('Jane Mills',), ('Jane Doe',))
    """
    named = _NAMES.fullmatch(_spaced(words))
    names = [] if named is None else [name.strip(_TRIM) for name in _BETWEEN.split(named["names"])]
    return tuple(name for name in map(_without_role, names) if name and _ORGANIZED.search(name) is None)


_GLUED_ROLE = re.compile(r"([^\W\d_A-Z]{4})([A-Z][a-z]{3})")  # "MillsHarbour", not "MacKenzie"
_ROLE = re.compile(
    r"(?:deputy|chief|senior|staff|editor|reporter|writer|correspondent|korrespondent|redakteur|journalist|director|"
    r"producer|columnist|contributor|analyst|reporterin|redaktör|rédact|periodista|giornalista|redactor|redacteur)",
    re.IGNORECASE,
)


def _spaced(words: str) -> str:
    """Return a byline with a comma between a name and the role glued to it or set apart: "Jane MillsReporter"."""
    name, _, role = re.sub(r"\s{2,}", "\n", _GLUED_ROLE.sub(r"\1\n\2", words)).partition("\n")
    if _ROLE.search(role.partition(",")[0]) or _ORGANIZED.search(role.partition(",")[0]):
        name = f"{name},"
    return " ".join(f"{name} {role}".split()).replace(" ,", ",")


def _without_role(name: str) -> str:
    """Return a name without the role that stands right after it: "Jane Doe Deputy Editor"."""
    found = _ROLE.search(name)
    if found is None or name[: found.start()].count(" ") < 2:
        return name
    return " ".join(name.split()[:2])


def plain_name(words: str) -> bool:
    """Return whether `words` are one person's name, set as names are, and nothing else.

    >>> plain_name("Jane van der Doe"), plain_name("Jane Doe, editor"), plain_name("Read More")
    (True, False, False)
    """
    named = _NAMES.fullmatch(words) if len(words) <= NAME else None
    if named is None or named["role"] or _BETWEEN.search(words) or _ORGANIZED.search(words):
        return False
    plain = [word for word in words.split() if word not in _PARTICLES]
    if any(word.endswith(("'s", "’s")) for word in plain):
        return False  # "Jane's Diary"
    return all(word[0].isupper() for word in plain) and read_labels().asides.isdisjoint(map(fold, plain))


def date_label(words: str) -> tuple[str | None, str | None, str]:
    """Return the kind and language of the date label that a line begins with, and what follows it."""
    labels = read_labels()
    for end in _ends(words, labels):
        known = labels.dates.get(fold(words[:end]))
        if known is not None:
            return *known, words[end:].strip(_TRIM)
    return None, None, words.strip(_TRIM)


def byline_label(words: str) -> str | None:
    """Return what follows the byline label that a line begins with, None where it begins with none.

    >>> byline_label("Written by Jane Doe"), byline_label("ByJane Doe"), byline_label("Byron Doe")
    ('Jane Doe', 'Jane Doe', None)
    """
    labels = read_labels()
    glued = _GLUED_LABEL.match(words)
    if glued is not None:
        return words[glued.end() - 1 :].strip(_TRIM)
    for end in _ends(words, labels):
        if fold(words[:end]) in labels.bylines:
            return words[end:].strip(_TRIM)
    return None


def _ends(words: str, labels: Labels) -> list[int]:
    """Return where a label of `words` may end, the longest first."""
    return [found.end() for found in re.finditer(r"\w+", words[:_LABEL])][labels.longest - 1 :: -1]


@cache
def read_labels() -> Labels:
    """Return the table of labels."""
    dates: dict[str, tuple[str, str]] = {}
    bylines: dict[str, str] = {}
    asides: set[str] = set()
    longest = 1
    for row in read_table("labels"):
        label = fold(row["phrase"])
        longest = max(longest, label.count(" ") + 1)
        if row["kind"] == "byline":
            bylines[label] = row["language"]
        elif row["kind"] == "aside":
            asides.add(label)
        else:
            dates.setdefault(label, (row["kind"], row["language"]))
    firsts, authored = (frozenset(label.partition(" ")[0] for label in labels) for labels in (dates, bylines))
    return Labels(dates, bylines, frozenset(asides), firsts, authored, longest)
