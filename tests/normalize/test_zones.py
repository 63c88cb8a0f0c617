"""Zone words mean what their country and day make of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest

from normalize.tables import read_table
from normalize.zones import find_zone, to_utc, zone_of_country


@pytest.mark.parametrize(
    ("words", "country", "on", "label"),
    [
        ("IST", "IN", None, "Asia/Kolkata"),
        ("IST", "IE", None, "Europe/Dublin"),
        ("IST", "IL", None, "Asia/Jerusalem"),
        ("CST", "US", None, "America/Chicago"),
        ("CST", "CN", None, "Asia/Shanghai"),
        ("BST", None, None, "Europe/London"),
        ("BST", "BD", None, "Asia/Dhaka"),
        ("KST", "KP", date(2014, 1, 1), "Asia/Seoul"),
        ("KST", "KP", date(2017, 1, 1), "Asia/Pyongyang"),
        ("KST", "KR", date(2017, 1, 1), "Asia/Seoul"),
        ("PST", "PH", None, "Asia/Manila"),
        ("Eastern time", None, None, "America/New_York"),
        ("Eastern Daylight Time", None, None, "America/New_York"),
        ("eastern", "AU", None, "Australia/Sydney"),
        ("British Summer Time", None, None, "Europe/London"),
        ("Greenwich Mean Time", None, None, "UTC"),
        ("UTC+3", None, None, "+03:00"),
        ("GMT−5", None, None, "-05:00"),
        ("+0300", None, None, "+03:00"),
        ("+05:45", None, None, "+05:45"),
        ("Z", None, None, "UTC"),
        ("p.t.", None, None, "America/Los_Angeles"),
    ],
)
def test_words_mean_the_zone_of_their_country_and_day(words, country, on, label):
    assert find_zone(words, country=country, on=on).label == label


@pytest.mark.parametrize("words", ["IST", "CST", "PST", "AST", "MST"])
def test_words_with_several_meanings_stay_ambiguous(words):
    zone = find_zone(words)
    assert zone.ambiguous
    assert len(zone.choices) > 2
    assert zone.utc(datetime(2018, 1, 1, 12)) is None  # noqa: DTZ001 (a clock reading, no instant)


@pytest.mark.parametrize("words", ["", "time", "sometime", "+99:00", "MOST", "x" * 10_000, "\ud800"])
def test_other_words_name_no_zone(words):
    assert find_zone(words) is None


def test_every_zone_of_the_tables_is_an_iana_name():
    names = {row["zone"] for row in read_table("zones")} | {row["zone"] for row in read_table("country_zones")}
    assert names <= available_timezones()


def test_a_stated_offset_is_one_that_the_zone_keeps_in_some_season():
    for row in read_table("zones"):
        if not row["offset"]:
            continue
        zone = find_zone(row["abbreviation"], country=row["country"] or None, on=date(2016, 10, 1))
        assert zone is not None
        assert isinstance(zone.stated, timedelta)


def test_a_country_with_one_zone_has_it():
    assert zone_of_country("RU") is None
    assert zone_of_country("KP") == "Asia/Pyongyang"
    assert zone_of_country("XX") is None


def test_a_clock_at_the_edge_of_time_has_no_instant():
    assert to_utc(datetime(1, 1, 1), find_zone("+14:00").tzinfo()) is None  # noqa: DTZ001
    assert find_zone("GMT").utc(datetime(2018, 1, 1)) == datetime(2018, 1, 1, tzinfo=UTC)  # noqa: DTZ001
