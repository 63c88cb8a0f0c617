"""The parts of a dateline: places with their regions and countries, days, agencies."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from normalize.calendar import DateInterval, is_month, parse_day, weekday_number
from normalize.dateline.names import cut_opening, cut_side, is_name, is_refused
from normalize.places import Place, find_country, find_place, find_regions, fold_name, recase, weigh_name
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
    weight: int  # how well known its least known place is; 0: not at all
    capitals: bool
    qualified: bool = False  # a region or country is named that exists


# ---------------------------------------------------------------- agencies
@cache
def _agencies() -> dict[str, str]:
    """Return the agencies' short names by every folded form they sign with."""
    names: dict[str, str] = {}
    for row in read_table("agencies"):
        for form in (row["name"], row["full_name"], *row["aliases"].split("|")):
            if key := fold_name(form):
                names.setdefault(key, row["name"])
    return names


def agency_forms() -> tuple[str, ...]:
    """Return every form that the table's agencies sign with."""
    rows = read_table("agencies")
    return tuple(form for row in rows for form in (row["name"], *row["aliases"].split("|")) if form)


@lru_cache(maxsize=1024)
def find_agency(words: str) -> str | None:
    """Return the short name of the agency that signs so, None where none does.

    >>> find_agency("Xinhua"), find_agency("РИА Новости"), find_agency("AP Photo")
    ('Xinhua', 'RIA Novosti', None)
    """
    if len(words) > 60:
        return None
    if found := _agencies().get(fold_name(words)):
        return found
    if (desk := _DESK.fullmatch(words)) and desk[2].lower() not in _PICTURES:
        return _agencies().get(fold_name(desk[1]))
    if "/" not in words or " " in words:  # "CBSDC/AP", but not "Jane Doe / AP"
        return None
    return next(filter(None, (_agencies().get(fold_name(p)) for p in words.split("/"))), None)


_DESK = re.compile(r"([A-Z][A-Za-z-]{2,}|dpa(?:-AFX)?|AP) ([A-Z][a-z]{3,})")  # "Reuters Health", "CNN Business"
_PICTURES = frozenset(
    {"photo", "photos", "images", "image", "file", "pool", "video", "graphic", "graphics", "foto", "archive"}
)


_SIGNATURE = re.compile(
    r"[A-Z][\w.&'’+-]*(?: (?:and |of |the |de )?[A-Z&][\w.&'’+-]*){0,4}|[\u0590-\u0dff][^,;:!?]{1,18}"
)
_PARTY = re.compile(r"(?:[DRI]|Dem|Rep|Ind)[.-]")  # "(D-Ohio)" stands after a politician


def guess_agency(words: str) -> str | None:
    """Return words in brackets that may be an outlet's name though no table has them: "KGO", "Tribune News Service"."""
    if len(words) > _SIGNED or words[-1] == "-" or words.isdecimal() or _PARTY.match(words):
        return None
    return words if _SIGNATURE.fullmatch(words) and not is_refused(words) else None


_SIGNED = 32


# ---------------------------------------------------------------- days
_WORD = re.compile(r"[^\s,]+")
_DAYLIKE = re.compile(r"[\d,]")
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
    if _DAYLIKE.search(text) is None:
        return text, False, None
    words = list(_WORD.finditer(text))
    if any(_names_a_day(word.group()) for word in words[-5:]) and any(c.isdecimal() for c in text[-24:]):
        for count in range(1, min(7, len(words)) + 1):
            stated = text[words[-count].start() :]
            if _is_day(stated, setting):
                before = _cut_weekday(text[: words[-count].start()], setting)
                return before, True, parse_day(stated, language=setting.language, near=setting.near)
    elif len(words) > 1 and "," in text and weekday_number(words[-1].group(), setting.language) is not None:
        return _bare(text[: words[-1].start()]), True, _last_weekday(words[-1].group(), setting)
    return text, False, None


@lru_cache(maxsize=4096)
def _names_a_day(word: str) -> bool:
    """Return whether a word names a month in some language, or is a date in numbers."""
    return _NUMERIC.search(word) is not None or is_month(word)


_NUMERIC = re.compile(r"\d[./-]\d|\d[年月日년월일]")


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
    """Return the words without the comma that ends them; a full stop stays, it may be an abbreviation's (nor the Arabic "on")."""
    return _ARTICLE.sub("", text.rstrip(" \t,"))


_ARTICLE = re.compile(r",? (?:في|le|den|el)$")  # "Paris, le 27 décembre", "Berlin, den 27. Dezember"


def day_of_month(number: int, setting: Setting) -> DateInterval | None:
    """Return the day of this number in the document's month or in the one before, None where neither has it or it
    lies ahead.
    """
    if setting.near is None:
        return None
    month = setting.near.year * 12 + setting.near.month - 1
    for year, before in (divmod(month, 12), divmod(month - 1, 12)):
        try:
            day = date(year, before + 1, number)
        except ValueError:  # no 31st, or no month before
            continue
        if 0 <= (setting.near - day).days < 31:
            return DateInterval.of(day)
    return None


def _last_weekday(word: str, setting: Setting) -> DateInterval | None:
    number = weekday_number(word, setting.language)
    if setting.near is None or number is None:
        return None
    back = timedelta(days=(setting.near.weekday() - number) % 7)
    return DateInterval.of(setting.near - back) if setting.near - date.min >= back else None


# ---------------------------------------------------------------- places
_AND = re.compile(r"\s*/\s*|\s+(?:AND|and|&|y|et|und|e|и|та|y)\s+|\s*&\s*")
_SITE = re.compile(
    r"[\w-]{2,20}(?:\.\w{2,12})?\.(?:com|net|org|co|id|ru|ua|kz|info|press|news|tv|in|vn)", re.IGNORECASE
)


def read_body(text: str, setting: Setting) -> Body | None:
    """Return what the words before an agency or a delimiter say, None where they cannot be a dateline's.

    >>> body = read_body("FORT COLLINS AND GREELEY, COLO.", Setting())
    >>> [place.name for place in body.places], body.places[0].timezone
    (['Fort Collins', 'Greeley'], 'America/Denver')
    >>> read_body("COVID-19 IN COLORADO", Setting()) is None
    True
    """
    if len(text) > _LONGEST_BODY:
        return None
    words, dated, day = cut_day(text.strip().lstrip('*•"“ '), setting)
    parts = _parts(words)
    agency, parts = _cut_agency(parts)
    if agency and not dated:
        words, dated, day = cut_day(", ".join(parts), setting)
        parts = _parts(words)
    if words[-1:] in _DASHES:  # "PALO ALTO, CA.- APRIL 23:" is a caption
        return None
    points = (2.0 if dated else 0.0) + (3.0 if agency else 0.0)
    if not parts:
        return Body((), day, agency, points, 0, capitals=False) if dated else None
    return _grouped(parts, day, agency, points, setting) if len(parts) <= 6 else None


_LONGEST_BODY = 100
_DASHES = ("-", "–", "—", "_")
_ABBREVIATED = re.compile(r"(?:\b|\.)[^\W\d_]{1,5}\.$")


def _parts(words: str) -> list[str]:
    """Return what stands between the commas, without the full stops that end a sentence ("МОСКВА. 24 фев.")."""
    parts = (p.strip() for p in words.split(","))
    return [p if _ABBREVIATED.search(p) else p.rstrip(".") for p in parts if p.strip(".")]


def _cut_agency(parts: list[str]) -> tuple[str | None, list[str]]:
    """Take the agency out of "Tehran, Dec 27, IRNA", "JAKARTA, KOMPAS.com", "Liputan6.com, Jakarta"."""
    for at in (-1, 0) if len(parts) > 1 else ():
        part = parts[at]
        if len(part) > 2 and not find_regions(part) and not find_country(part):
            agency = find_agency(part) or (part if _SITE.fullmatch(part) else None)
            if agency:
                return agency, parts[:-1] if at else parts[1:]
    before, _, last = parts[-1].rpartition(" ") if parts else ("", "", "")  # "New York CNN —"
    if before and last.isupper() and len(last) > 2 and (agency := find_agency(last)) and not find_place(parts[-1]):
        return agency, [*parts[:-1], before.strip()]
    return None, parts


_THEN = re.compile(r"(?:^|\s)(?:and|AND|&|y|et|und|e|и)\s+|\s*/\s*")


def _grouped(
    parts: list[str], day: DateInterval | None, agency: str | None, points: float, setting: Setting
) -> Body | None:
    """Read places that have their states or countries each: "ISTANBUL, Turkey, and KYIV, Ukraine"."""
    for at in range(1, len(parts)):
        before, then, after = _partition(parts[at])
        if then and not find_place(parts[at]) and not find_country(parts[at]):
            one = _placed([*parts[:at], *before], day, agency, points, setting)
            other = _grouped([after, *parts[at + 1 :]], day, agency, points, setting)
            if one is None or other is None:
                return None
            worse = min(one, other, key=lambda b: b.points)
            return worse._replace(places=one.places + other.places)
    return _placed(parts, day, agency, points, setting) if len(parts) <= 4 else None


def _partition(part: str) -> tuple[list[str], bool, str]:
    found = _THEN.search(part)
    if found is None:
        return [], False, ""
    before = part[: found.start()].strip()
    return [before] if before else [], True, part[found.end() :].strip()


def _placed(
    parts: list[str], day: DateInterval | None, agency: str | None, points: float, setting: Setting
) -> Body | None:
    names = [parts[0]] if find_place(parts[0]) else [n for n in _AND.split(parts[0]) if n]
    if not names or len(names) > 5 or not all(map(is_name, names)):
        return None
    if not all(is_name(q) or find_regions(q) for q in parts[1:]):
        return None
    # a full stop ends "CDMX.", but not "WASHINGTON D.C."
    found = [_locate(n.rstrip(".") if n.count(".") == 1 else n, parts[1:], setting) for n in names]
    worst = min(found, key=lambda f: f.points)
    capitals = all(n.upper() == n and n.lower() != n for n in names)
    points += worst.points + (1.0 if capitals else 0.0)
    places = tuple(f.place for f in found)
    return Body(places, day, agency, points, min(f.weight for f in found), capitals, worst.qualified)


class Located(NamedTuple):
    """A place, how well known it is, and what that is worth."""

    place: Place
    weight: int
    points: float
    qualified: bool = False


def _locate(name: str, qualifiers: list[str], setting: Setting) -> Located:
    """Return the place that a name and its qualifiers mean, and how many points that is worth."""
    words = name if find_place(name) else cut_opening(name).name
    if not qualifiers:
        return _alone(words, setting)
    states = [(q, r) for q in qualifiers for r in find_regions(q)]
    lands = [c for q in qualifiers if (c := find_country(q))]
    for qualifier, state in states:
        place = find_place(words, region=qualifier, country=state.country)
        if place and place.country == state.country:
            return Located(place, 100, 3.5, qualified=True)
    for land in lands:
        if place := find_place(words, country=land, words=setting.words):
            return Located(place, 100, 3.5, qualified=True)
    if states:
        state = next((s for _, s in states if s.country in lands), states[0][1])
        return Located(Place(recase(words), state.name, state.country, state.timezone), 50, 2.0, qualified=True)
    if lands:
        return Located(Place(recase(words), None, lands[0], zone_of_country(lands[0])), 50, 2.0, qualified=True)
    alone = _alone(words, setting)
    return alone._replace(points=alone.points - len(qualifiers))


def locate(name: str, setting: Setting) -> Located:
    """Return the place of a name that stands without region or country."""
    return _alone(name, setting)


def _alone(words: str, setting: Setting) -> Located:
    """Return the place that a name without a known region or country means."""
    place = find_place(words, words=setting.words, home=setting.country)
    weight = weigh_name(words)
    wider = _wider(words) if weight < _CITY and "." not in words else None
    if wider:
        return Located(wider, 60, 1.5)
    if place:
        return Located(place, weight, 2.25 if weight > 72 else 2.0 if weight > 56 else 1.75)
    side = cut_side(words)
    if side and (whole := _alone(side, setting)).weight:
        return whole._replace(place=replace(whole.place, name=recase(words)), weight=min(whole.weight, 60))
    return Located(Place(recase(words)), 0, 0.0)


_CITY = 72  # 260,000 inhabitants: a smaller place does not make a country's or state's name mean a town ("Venezuela")


def _wider(words: str) -> Place | None:
    """Return the country or large region of this name."""
    states = [r for r in find_regions(words) if not r.people or r.people > 1_000_000] if len(words) > 3 else []
    if land := find_country(words):
        if states and states[0].country != land:  # "GEORGIA —" is either
            return Place(recase(words))
        return Place(recase(words), None, land, zone_of_country(land))
    if not states:
        return None
    return Place(recase(words), None, states[0].country, states[0].timezone)
