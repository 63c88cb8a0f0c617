"""Places: names, regions, countries and zones.

Shared knowledge: imports nothing above `edits`. The gazetteer is distilled from GeoNames
(scripts/build_places.py); the table place_names.tsv holds, by review, what news writes otherwise. Neither
is loaded before the first name is looked up.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a text names: `country` as ISO 3166-1 alpha-2, `timezone` as IANA name, None where unknown or unsure."""

    name: str
    region: str | None = None
    country: str | None = None
    timezone: str | None = None


class Candidate(NamedTuple):
    """A place of the gazetteer that a name may mean; `weight` is 4 times log2 of the inhabitants."""

    place: Place
    weight: int


class Region(NamedTuple):
    """A state, province or region, with the zone most of its people live in."""

    name: str
    country: str
    timezone: str | None
    people: int


_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u0655\u0670\u0640]+")
_JOINTS = re.compile(r"[\s\-‐‑–/·・＝=,()]+")
_DROPPED = re.compile(r"[.'’‘ʼʻ`´\"ʿʾ\u200b-\u200f\u2060]+")
# Letters that Unicode does not decompose, and Arabic ones that languages and keyboards write differently.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "œ": "oe", "æ": "ae", "þ": "th", "ð": "d"}
) | str.maketrans("ىةیک", "يهيك")


@lru_cache(maxsize=1024)
def fold_name(name: str) -> str:
    """Return a name as the gazetteer is searched: no case, no accents, no punctuation.

    >>> fold_name("SÃO PAULO"), fold_name("Xi'an"), fold_name("St.-Étienne")
    ('sao paulo', 'xian', 'st etienne')
    """
    if name.isascii() and name.isalpha():
        return name.lower()
    bare = (
        name.lower()
        if name.isascii()
        else _MARKS.sub("", unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS))
    )
    folded = " ".join(_JOINTS.sub(" ", _DROPPED.sub("", bare)).split())
    if folded.startswith("saint "):
        folded = "st " + folded[6:]
    return unicodedata.normalize("NFC", folded)


class _Gazetteer:
    """The packed table: blocks, each unpacked when first a name in it is looked up, and searched as it lies.

    The file is of gzip members. The first holds the zones and the directory, the second the regions, then come the
    blocks of the sorted index of names and those of the places, so many lines each.
    """

    __slots__ = ("_bounds", "_first", "_firsts", "_indexes", "_packed", "zones")

    def __init__(self, packed: bytes) -> None:
        opened = zlib.decompressobj(_GZIP)
        _, zones, directory = opened.decompress(packed).rstrip(b"\n").split(b"\n\n")
        self._packed = packed
        self.zones = zones.decode().split("\n")
        rows = [line.split(b"\t") for line in directory.split(b"\n")]
        self._firsts = [first for size, first in rows[1:] if first]
        self._first = 1 + len(self._firsts)  # the number of the first block of places
        self._bounds = [*accumulate((int(size) for size, _ in rows), initial=len(packed) - len(opened.unused_data))]
        self._indexes: dict[int, tuple[bytes, list[bytes], list[int]]] = {}

    def _unpack(self, number: int) -> bytes:
        return zlib.decompress(self._packed[self._bounds[number] : self._bounds[number + 1]], _GZIP)

    @lru_cache(maxsize=8192)  # noqa: B019 (there is one gazetteer, and it lives as long as the process)
    def look_up(self, key: str) -> list[list[str]]:
        """Return the numbers of the places named `key`, also named so, of regions, and the country's code."""
        wanted = key.encode("utf-8", "replace")
        index, names, starts = self._index(max(1, bisect_right(self._firsts, wanted)))
        step = max(0, bisect_right(names, wanted) - 1)
        start = index.find(b"\n" + wanted + b"\t", starts[step], starts[step + 1])
        if start < 0:
            return [[], [], [], []]
        line = index[start + len(wanted) + 2 : index.find(b"\n", start + 1)].decode()
        return [slot.split() for slot in line.split("\t")]

    def _index(self, number: int) -> tuple[bytes, list[bytes], list[int]]:
        """Return a block of the index behind a line feed, the names at each kilobyte of it, and the line feeds before
        them, then its end: a name stands after the last of these names that is not behind it.
        """
        found = self._indexes.get(number)
        if found is None:
            index = b"\n" + self._unpack(number)
            starts = sorted({index.find(b"\n", at) for at in range(0, len(index) - 1, _STEP)} - {-1, len(index) - 1})
            names = [index[start + 1 : index.find(b"\t", start)] for start in starts]
            found = self._indexes[number] = index, names, [*starts, len(index)]
        return found

    @lru_cache(maxsize=512)  # noqa: B019
    def _lines(self, number: int) -> list[str]:
        return self._unpack(number).decode().split("\n")

    def region(self, number: int) -> Region:
        """Return a region."""
        country, name, zone, people = self._lines(0)[number].split("\t")
        return Region(name, country, self.zones[int(zone)], int(people))

    def place(self, number: int) -> Candidate:
        """Return a place with its weight."""
        name, region, zone, weight = self._lines(self._first + number // PER_BLOCK)[number % PER_BLOCK].split("\t")
        home = self.region(int(region))
        return Candidate(Place(name, home.name or None, home.country, self.zones[int(zone)]), int(weight))


_GZIP = 31  # zlib's word for gzip's format
PER_BLOCK = 2048  # places
_STEP = 1024  # bytes of the index in which a name is searched


@cache
def _gazetteer() -> _Gazetteer:
    return _Gazetteer(files("normalize").joinpath("data", "places.gz").read_bytes())


@cache
def _reviewed(kind: str) -> dict[str, tuple[dict[str, str], ...]]:
    """Return the reviewed rows of a kind ("place", "region", "country") by folded name."""
    rows: dict[str, tuple[dict[str, str], ...]] = {}
    for row in read_table("place_names"):
        if row["kind"] == kind:
            key = fold_name(row["name"])
            rows[key] = (*rows.get(key, ()), row)
    return rows


# ---------------------------------------------------------------- countries and regions
@lru_cache(maxsize=4096)
def find_country(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country that `name` names, in any of many languages.

    >>> find_country("Ukraine"), find_country("U.K."), find_country("Россия"), find_country("日本")
    ('UA', 'GB', 'RU', 'JP')
    >>> find_country("Atlantis") is None
    True
    """
    key = fold_name(name)
    for row in _reviewed("country").get(key, ()):
        return row["country"]
    found = _gazetteer().look_up(key)[3]
    return found[0] if found else None


@lru_cache(maxsize=4096)
def find_regions(name: str) -> tuple[Region, ...]:
    """Return the states, provinces and regions of this name or abbreviation, reviewed ones first, then the largest.

    >>> [(found.country, found.name) for found in find_regions("Punjab")]
    [('PK', 'Punjab'), ('IN', 'Punjab')]
    """
    key = fold_name(name)
    found = [
        Region(row["label"], row["country"], row["timezone"] or _zone_of_region(row["label"], row["country"]), 0)
        for row in _reviewed("region").get(key, ())
    ]
    known = {(r.country, r.name) for r in found}
    table = _gazetteer()
    others = [r for r in map(table.region, map(int, table.look_up(key)[2])) if (r.country, r.name) not in known]
    return (*found, *sorted(others, key=lambda r: -r.people))


def _zone_of_region(name: str, country: str) -> str | None:
    """Return the zone that most people of a region live in."""
    table = _gazetteer()
    numbers = table.look_up(fold_name(name))[2]
    return next((r.timezone for r in map(table.region, map(int, numbers)) if r.country == country), None)


def find_region(name: str) -> tuple[str, str] | None:
    """Return the country code and full name of the state or province that `name` names.

    >>> find_region("Calif."), find_region("N.Y."), find_region("Indian-administered Kashmir")
    (('US', 'California'), ('US', 'New York'), ('IN', 'Kashmir'))
    >>> find_region("Nowhere") is None
    True
    """
    return next(((r.country, r.name) for r in find_regions(name)), None)


# ---------------------------------------------------------------- places
_OTHERWISE = 12  # a place that is only also called so counts as one of an eighth of its inhabitants
_CLEAR = 6  # by so much, a factor of 2.8, must one place outweigh the next to be meant without doubt
_HOME = 14  # a place of the country where it is read outweighs others of eleven times its size
_LAND_NEAR = 20  # one whose country it names, of a thirtieth
_NAMED_NEAR = 40  # a place whose region or country the story names outweighs others of a thousand times its size


def find_place(
    name: str, *, region: str | None = None, country: str | None = None, words: str = "", home: str | None = None
) -> Place | None:
    """Return the place that `name` names, None where the gazetteer has none such.

    Names are found whatever their case, accents and punctuation, in many languages and scripts:

    >>> find_place("KYIV").timezone, find_place("Москва").name, find_place("SAO PAULO").name
    ('Europe/Kyiv', 'Moscow', 'Sao Paulo')

    Of several places the stated region (or country) decides, then `words`, the text around, then `home`, the
    country where it is read, then size:

    >>> find_place("Springfield", region="Mass.").timezone, find_place("ATHENS", country="US").region
    ('America/New_York', 'Georgia')
    >>> find_place("SPRINGFIELD", words="the governor of Illinois said").region
    'Illinois'

    >>> find_place("HAMILTON").country, find_place("HAMILTON", home="NZ").country
    ('CA', 'NZ')

    What remains unsure is left open:

    >>> find_place("SPRINGFIELD")
    Place(name='Springfield', region=None, country='US', timezone=None)
    >>> find_place("Nowhere at all") is None
    True
    """
    found = _matching(name, region, country)
    if len(found) > 1 and home and any(c.place.country == home for c in found):
        found = _sorted(c._replace(weight=c.weight + _HOME * (c.place.country == home)) for c in found)
        if len(_rivals(found)) == 1:
            return _settled(name, found)
    if len(found) > 1 and words and len(_rivals(found)) > 1:
        lands = _countries_in(words)
        return _settled(name, _sorted(_heard(c, words, lands) for c in found))
    return _likeliest(name, region, country) if found else None


def _sorted(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(candidates, key=lambda c: -c.weight))


@lru_cache(maxsize=8192)
def _likeliest(name: str, region: str | None, country: str | None) -> Place:
    return _settled(name, _matching(name, region, country))


@lru_cache(maxsize=8192)
def _matching(name: str, region: str | None, country: str | None) -> tuple[Candidate, ...]:
    """Return the places of this name that lie in the region and country stated."""
    if len(name) > _LONGEST:
        return ()
    states = find_regions(region) if region else ()
    if region and not states:
        return ()
    return tuple(c for c in _candidates(fold_name(name)) if _lies_in(c.place, states, country))


@lru_cache(maxsize=8192)
def weigh_name(name: str) -> int:
    """Return how well known the place of this name is: 4 times log2 of its inhabitants, 200 for a reviewed name, 0 for none.

    >>> weigh_name("Moscow"), weigh_name("Nowhere at all")
    (105, 0)
    """
    return max((c.weight for c in _candidates(fold_name(name))), default=0) if len(name) <= _LONGEST else 0


_LONGEST = 60


@lru_cache(maxsize=4096)
def _candidates(key: str) -> tuple[Candidate, ...]:
    """Return all places of a folded name, the likeliest first."""
    reviewed = [
        Candidate(Place(row["label"], row["region"] or None, row["country"] or None, row["timezone"] or None), 200)
        for row in _reviewed("place").get(key, ())
    ]
    table = _gazetteer()
    own, other, *_ = table.look_up(key)
    if not (reviewed or own or other):
        return ()
    found = [table.place(int(n)) for n in own]
    less = _OTHERWISE if _is_latin(key) else 0  # in another script a place is always "also" called so
    found += [c._replace(weight=c.weight - less) for c in (table.place(int(n)) for n in other)]
    return (*reviewed, *sorted(found, key=lambda c: -c.weight))


def _lies_in(place: Place, states: tuple[Region, ...], country: str | None) -> bool:
    if states:
        return any(place.country == s.country and fold_name(place.region or "") == fold_name(s.name) for s in states)
    return country is None or place.country == country


def _heard(candidate: Candidate, words: str, lands: frozenset[str]) -> Candidate:
    """Return the candidate, heavier where the words name its region or country."""
    region = candidate.place.region
    extra = _NAMED_NEAR if region and region in words else 0
    return candidate._replace(weight=candidate.weight + extra + (_LAND_NEAR if candidate.place.country in lands else 0))


_PROPER = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?")


@lru_cache(maxsize=8)
def _countries_in(words: str) -> frozenset[str]:
    """Return the countries that words name in English."""
    names = dict.fromkeys(_PROPER.findall(words[:2000]))
    return frozenset(filter(None, map(find_country, list(names)[:60])))


def _rivals(found: tuple[Candidate, ...]) -> list[Candidate]:
    """Return the candidates that the likeliest does not clearly outweigh, itself among them."""
    return [c for c in found if found[0].weight - c.weight < _CLEAR]


def _settled(name: str, found: tuple[Candidate, ...]) -> Place:
    """Return the likeliest place; what it and others nearly as likely disagree on is left open."""
    best = found[0]
    rivals = [c.place for c in _rivals(found)]
    place = best.place

    def agreed(values: set[str | None], value: str | None) -> str | None:
        return value if len(values) == 1 else None

    return Place(
        _as_written(name, place.name),
        agreed({(p.region or "") + (p.country or "") for p in rivals}, place.region),
        agreed({p.country for p in rivals}, place.country),
        agreed({p.timezone for p in rivals}, place.timezone),
    )


def _as_written(name: str, known: str) -> str:
    """Return the name as the text has it, in the case the gazetteer has; names in other scripts as the gazetteer's."""
    if not _is_latin(name):
        return recase(known)
    if len(name) == len(known) and name.isupper():
        return "".join(c.lower() if k.islower() else c for c, k in zip(name, recase(known), strict=True))
    return recase(name)


def _is_latin(name: str) -> bool:
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x2070 or unicodedata.combining(c) for c in name)


# Small words inside names, in many languages: they stay small when a name in capitals is set right.
PARTICLES = frozenset(
    [
        "a",
        "al",
        "am",
        "an",
        "and",
        "ash-sh",
        "aux",
        "bin",
        "d",
        "da",
        "das",
        "de",
        "del",
        "dem",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "en",
        "es",
        "et",
        "i",
        "im",
        "in",
        "l",
        "la",
        "le",
        "les",
        "lès",
        "na",
        "nad",
        "ob",
        "of",
        "on",
        "sous",
        "sur",
        "the",
        "und",
        "upon",
        "y",
    ]
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def recase(name: str) -> str:
    """Return a name that stands in capitals as names are written; others as they are.

    >>> recase("RIO DE JANEIRO"), recase("XI'AN"), recase("O'FALLON"), recase("St. Paul"), recase("D.C.")
    ('Rio de Janeiro', "Xi'an", "O'Fallon", 'St. Paul', 'D.C.')
    """
    if not name.isupper():
        return name
    return _WORD.sub(_cased, name)


def _cased(word: re.Match[str]) -> str:
    bare = word.group().lower()
    if word.start() and len(bare) > 1 and bare in PARTICLES:
        return bare
    if len(bare) == 1:
        return bare.upper()
    head = bare[:3].upper() if bare[1] in "'’" and bare[0] == "o" else bare[0].upper()
    return head + bare[len(head) :]
