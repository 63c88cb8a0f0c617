"""Places: names in many scripts, ambiguity settled or left open, a table that loads only when asked."""

from __future__ import annotations

import gzip
import subprocess
import sys
from importlib.resources import files
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.places import _gazetteer, find_country, find_place, find_region, find_regions, fold_name, recase
from normalize.tables import read_table


@pytest.mark.parametrize(
    ("name", "country", "zone"),
    [
        ("MOSCOW", "RU", "Europe/Moscow"),
        ("МОСКВА", "RU", "Europe/Moscow"),
        ("北京", "CN", "Asia/Shanghai"),
        ("서울", "KR", "Asia/Seoul"),
        ("テヘラン", "IR", "Asia/Tehran"),
        ("القاهرة", "EG", "Africa/Cairo"),
        ("ירושלים", "IL", "Asia/Jerusalem"),
        ("Θεσσαλονίκη", "GR", "Europe/Athens"),
        ("दिल्ली", "IN", "Asia/Kolkata"),
        ("SAO PAULO", "BR", "America/Sao_Paulo"),
        ("Xi’an", "CN", "Asia/Shanghai"),
        ("Saint Louis", "US", "America/Chicago"),
        ("ST. PETERSBURG", "RU", "Europe/Moscow"),
        ("UNITED NATIONS", "US", "America/New_York"),
        ("PANMUNJOM", "KR", "Asia/Seoul"),
        ("LENINGRAD", "RU", "Europe/Moscow"),
        ("BALI", "ID", "Asia/Makassar"),
        ("GAZA", "PS", "Asia/Gaza"),
        ("Hà Nội", "VN", "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_name_is_found_in_any_case_and_script(name: str, country: str, zone: str) -> None:
    place = find_place(name)
    assert place
    assert (place.country, place.timezone) == (country, zone)


@pytest.mark.parametrize(
    ("name", "region", "zone"),
    [
        ("ST. PETERSBURG", "Fla.", "America/New_York"),
        ("PORTLAND", "Maine", "America/New_York"),
        ("PORTLAND", "OR", "America/Los_Angeles"),
        ("EL PASO", "Texas", "America/Denver"),
        ("SRINAGAR", "Indian-administered Kashmir", "Asia/Kolkata"),
        ("LONDON", "Ont.", "America/Toronto"),
    ],
)
def test_the_stated_region_decides(name: str, region: str, zone: str) -> None:
    place = find_place(name, region=region)
    assert place
    assert place.timezone == zone


def test_what_remains_unsure_is_left_open() -> None:
    place = find_place("Springfield")
    assert place
    assert (place.region, place.country, place.timezone) == (None, "US", None)
    heard = find_place("Springfield", words="The governor of Illinois spoke in Springfield.")
    assert heard
    assert heard.region == "Illinois"


def test_countries_and_regions_are_told_by_their_names() -> None:
    assert [find_country(n) for n in ("Ukraine", "U.S.", "Россия", "日本", "Deutschland", "West Germany")] == [
        "UA",
        "US",
        "RU",
        "JP",
        "DE",
        "DE",
    ]
    assert [find_region(n) for n in ("N.Y.", "Calif.", "B.C.")] == [
        ("US", "New York"),
        ("US", "California"),
        ("CA", "British Columbia"),
    ]
    assert find_regions("Punjab")[0].timezone == "Asia/Karachi"


def test_the_table_is_small_and_loaded_only_when_a_name_is_looked_up() -> None:
    assert len(files("normalize").joinpath("data", "places.gz").read_bytes()) < 3_000_000
    code = "import normalize, normalize.places as p; raise SystemExit(p._gazetteer.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_reviewed_rows_name_real_zones() -> None:
    zones = available_timezones()
    for row in read_table("place_names"):
        assert row["kind"] in ("place", "region", "country")
        assert row["timezone"] in zones or not row["timezone"], row


@given(st.text(max_size=40))
def test_any_name_is_folded_once_and_looked_up_without_error(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)
    assert find_place(name, words=name) is None or find_place(name)
    assert len(recase(name)) == len(recase(recase(name)))


def test_a_name_is_found_in_its_block_as_by_reading_the_whole_table() -> None:
    packed = files("normalize").joinpath("data", "places.gz").read_bytes()
    lines = [line.split("\t") for line in gzip.decompress(packed).decode().split("\n")]
    index = [line for line in lines if len(line) == 5]  # a name, and four slots
    assert [line[0] for line in index] == sorted((line[0] for line in index), key=str.encode)
    table = _gazetteer()
    for name, *slots in (*index[::997], *index[:3], *index[-3:]):
        assert table.look_up(name) == [slot.split() for slot in slots]
    assert table.look_up("\x00") == table.look_up("\U0010ffff") == table.look_up("no such place") == [[], [], [], []]
