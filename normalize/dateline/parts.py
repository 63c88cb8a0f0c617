"""The parts of a dateline: places with their regions and countries, days, agencies."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from normalize.calendar import DateInterval, parse_day, weekday_number
from normalize.places import Place, find_country, find_place, find_regions, fold_name, recase
from normalize.tables import read_table
from normalize.zones import zone_of_country


class Setting(NamedTuple):
    """What is known of the story beside its head: what settles a year and which of several places is meant."""

    near: date | None = None
    language: str | None = None
    country: str | None = None
    words: str = ""


class Body(NamedTuple):
    """What the words before an agency or a delimiter say, and how sure it is that they are a dateline's."""

    places: tuple[Place, ...]
    date: DateInterval | None
    agency: str | None
    points: float
    known: bool
    capitals: bool


# ---------------------------------------------------------------- agencies
@cache
def _agencies() -> dict[str, str]:
    """Return the agencies' short names by every folded form they sign with."""
    names: dict[str, str] = {}
    for row in read_table("agencies"):
        for form in (row["name"], row["full_name"], *row["aliases"].split("|")):
            if form:
                names.setdefault(fold_name(form), row["name"])
    return names


@lru_cache(maxsize=1024)
def find_agency(words: str) -> str | None:
    """Return the short name of the agency that signs so, None where none does.

    >>> find_agency("Xinhua"), find_agency("РИА Новости"), find_agency("AP Photo")
    ('Xinhua', 'RIA Novosti', None)
    """
    return _agencies().get(fold_name(words)) if len(words) <= 60 else None


_SIGNATURE = re.compile(r"[A-Z][\w.&'’+-]*(?: [A-Z&][\w.&'’+-]*){0,4}")


def guess_agency(words: str) -> str | None:
    """Return words in brackets that may be an outlet's name though no table has them: "KGO", "Tribune News Service"."""
    return words if len(words) <= 32 and _SIGNATURE.fullmatch(words) and not words.isdecimal() else None


# ---------------------------------------------------------------- days
_WORD = re.compile(r"[^\s,]+")
_SOME_YEAR = date(2000, 12, 31)  # any: to tell whether words are a day at all where nothing settles their year


def cut_day(text: str, setting: Setting) -> tuple[str, bool, DateInterval | None]:
    """Return what stands before a day at the end of `text`, whether one stands there, and which where that is sure.

    >>> cut_day("NEEDHAM, Mass., Sept. 19, 2025", Setting())[0]
    'NEEDHAM, Mass.'
    >>> cut_day("MINSK, Feb 26", Setting(date(1987, 2, 27)))[2].day
    datetime.date(1987, 2, 26)
    >>> cut_day("MINSK, Feb 26", Setting()), cut_day("COVID-19 IN COLORADO", Setting())
    (('MINSK', True, None), ('COVID-19 IN COLORADO', False, None))
    """
    words = list(_WORD.finditer(text))
    if any(c.isdecimal() for c in text[-24:]):
        for count in range(1, min(7, len(words)) + 1):
            stated = text[words[-count].start() :]
            if _is_day(stated, setting):
                before = _cut_weekday(text[: words[-count].start()], setting)
                return before, True, parse_day(stated, language=setting.language, near=setting.near)
    elif len(words) > 1 and "," in text and weekday_number(words[-1].group(), setting.language) is not None:
        return _bare(text[: words[-1].start()]), True, _last_weekday(words[-1].group(), setting)
    return text, False, None


def _is_day(words: str, setting: Setting) -> bool:
    found = parse_day(words, language=setting.language, near=setting.near or _SOME_YEAR)
    return found is not None and found.day is not None and not words[0].isspace()


def _cut_weekday(text: str, setting: Setting) -> str:
    words = _bare(text)
    last = words.rpartition(" ")[2]
    # "Mo." and "PAZ" are weekdays too, in German and Turkish: only longer words go without a language's word for it
    if len(last) > 3 and weekday_number(last, setting.language) is not None:
        return _bare(words[: -len(last)])
    return words


def _bare(text: str) -> str:
    """Return the words without the comma that ends them; a full stop stays, it may be an abbreviation's."""
    return text.rstrip(" \t,")


def _last_weekday(word: str, setting: Setting) -> DateInterval | None:
    number = weekday_number(word, setting.language)
    if setting.near is None or number is None:
        return None
    return DateInterval.of(setting.near - timedelta(days=(setting.near.weekday() - number) % 7))


# ---------------------------------------------------------------- places
_NAME = re.compile(
    r"(?:(?P<near>(?:NEAR|OUTSIDE|ABOARD|ON BOARD|ABOVE|OFF|IN|Near|Outside|Aboard) )(?:THE )?)?"
    r"(?P<name>[^\W\d_][^\d_,;:!?\"“”/()\[\]{}]*)"
)
_AND = re.compile(r"\s*/\s*|\s+(?:AND|and|&|y|et|und|e|и|та|y)\s+|\s*&\s*")
_LOWER = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "di",
        "du",
        "des",
        "la",
        "le",
        "les",
        "el",
        "al",
        "der",
        "den",
        "den",
        "dem",
        "am",
        "an",
        "im",
        "ob",
        "a",
        "of",
        "the",
        "and",
        "on",
        "upon",
        "in",
        "y",
        "e",
        "i",
        "und",
        "et",
        "sur",
        "sous",
        "en",
        "lès",
        "aux",
        "d",
        "l",
        "na",
        "nad",
        "ash-sh",
        "bin",
    ]
)


@lru_cache(maxsize=1)
def _not_places() -> tuple[frozenset[str], frozenset[str]]:
    """Return the phrases that are no place, and those that are none at the edge of a name either."""
    rows = read_table("not_places")
    return frozenset(r["words"] for r in rows), frozenset(r["words"] for r in rows if r["part"])


def is_name(words: str) -> bool:
    """Return whether words look like a place's name: at most six, none in lower case but the small ones in between.

    >>> is_name("RIO DE JANEIRO"), is_name("Saint-Denis"), is_name("said the mayor"), is_name("SEE ALSO")
    (True, True, False, False)
    """
    if not 2 <= len(words) <= 45 or not _NAME.fullmatch(words):
        return False
    names = words.split()
    if len(names) > 6 or (not names[0][0].isupper() and not _caseless(names[0])):
        return False
    if any(n[0].islower() and n.rstrip(".") not in _LOWER and n[1:2] not in "'’-" for n in names[1:]):
        return False
    whole, edges = _not_places()
    folded = fold_name(words)
    first, _, last = folded.partition(" ")[0], "", folded.rpartition(" ")[2]
    return folded not in whole and first not in edges and last not in edges


def _caseless(word: str) -> bool:
    return not word[0].isupper() and not word[0].islower()


def read_body(text: str, setting: Setting) -> Body | None:
    """Return what the words before an agency or a delimiter say, None where they cannot be a dateline's.

    >>> body = read_body("FORT COLLINS AND GREELEY, COLO.", Setting())
    >>> [place.name for place in body.places], body.places[0].timezone
    (['Fort Collins', 'Greeley'], 'America/Denver')
    >>> read_body("COVID-19 IN COLORADO", Setting()) is None
    True
    """
    words, dated, day = cut_day(text.strip(), setting)
    parts = [p.strip() for p in words.split(",")]
    parts = [p for p in parts if p.strip(".")]
    agency = None
    if len(parts) > 1 and (agency := find_agency(parts[-1])):
        parts = parts[:-1]
        if not dated:
            words, dated, day = cut_day(", ".join(parts), setting)
            parts = [p.strip() for p in words.split(",") if p.strip(" .")]
    points = (2.0 if dated else 0.0) + (3.0 if agency else 0.0)
    if not parts:
        return Body((), day, agency, points, known=False, capitals=False) if dated else None
    if len(parts) > 4:
        return None
    return _placed(parts, day, agency, points, setting)


def _placed(
    parts: list[str], day: DateInterval | None, agency: str | None, points: float, setting: Setting
) -> Body | None:
    names = [n for n in _AND.split(parts[0]) if n] if not find_place(parts[0]) else [parts[0]]
    if not names or len(names) > 5 or not all(is_name(n) for n in names):
        return None
    if not all(is_name(q) or find_regions(q) for q in parts[1:]):
        return None
    found = [_locate(name, parts[1:], setting) for name in names]
    places = tuple(place for place, _ in found)
    capitals = all(n.upper() == n and n.lower() != n for n in names)
    points += min(p for _, p in found) + (1.0 if capitals else 0.0)
    return Body(places, day, agency, points, known=min(p for _, p in found) >= 1, capitals=capitals)


def _locate(name: str, qualifiers: list[str], setting: Setting) -> tuple[Place, float]:
    """Return the place a name and its qualifiers mean, and how many points that is worth."""
    bare = _NAME.fullmatch(name)
    words = bare["name"] if bare and find_place(name) is None else name
    states = [(q, r) for q in qualifiers for r in find_regions(q)]
    lands = [c for q in qualifiers if (c := find_country(q))]
    for qualifier, state in states:
        place = find_place(words, region=qualifier, country=None)
        if place and place.country == state.country:
            return place, 3.5
    for land in lands:
        if place := find_place(words, country=land, words=setting.words):
            return place, 3.5
    if states:
        state = next((s for _, s in states if s.country in lands), states[0][1])
        return Place(recase(words), state.name, state.country, state.timezone), 2.0
    if lands:
        return Place(recase(words), None, lands[0], zone_of_country(lands[0])), 2.0
    return _alone(words, setting, -1.0 * len(qualifiers))


def _alone(words: str, setting: Setting, points: float) -> tuple[Place, float]:
    """Return the place that a name without a known region or country means."""
    home = find_place(words, country=setting.country) if setting.country else None
    place = find_place(words, words=setting.words)
    if place and place.timezone is None and home:
        place = home
    if place:
        return place, points + 2.0
    if state := next(iter(find_regions(words)), None):
        return Place(recase(words), None, state.country, state.timezone), points + 1.0
    if land := find_country(words):
        return Place(recase(words), None, land, zone_of_country(land)), points + 1.0
    return Place(recase(words)), points
