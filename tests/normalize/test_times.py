"""Times: traps without times, instants, anchors, and the laws of spans and links."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from normalize.calendar import DateInterval
from normalize.facts import Dateline, Facts
from normalize.places import Place
from normalize.tables import read_table
from normalize.times import find_times, resolve_times
from normalize.times.engine import load_lexicon, load_scanner
from normalize.times.lexicon import LANGUAGES
from normalize.times.spans import easter, holiday_day

TRAPS = json.loads((Path(__file__).parents[1] / "cases" / "find_times_traps.json").read_text(encoding="utf-8"))
PUBLISHED = DateInterval.of(date(2017, 12, 27))
MOSCOW = Dateline("MOSCOW:", 0, 7, (Place("Moscow", None, "RU", "Europe/Moscow"),))


def test_there_are_at_least_a_hundred_traps():
    assert len({trap["source"] for trap in TRAPS}) >= 100


@pytest.mark.parametrize("trap", TRAPS, ids=[trap["label"] for trap in TRAPS])
def test_a_sentence_without_times_has_none(trap):
    assert find_times(trap["source"], known=Facts(published=PUBLISHED)) == trap["expected"]


@pytest.mark.parametrize("language", [*LANGUAGES, "und"])
def test_every_table_compiles_and_has_sources(language):
    automaton, heads = load_scanner(language)
    assert heads
    assert automaton.find_matches_as_indexes("") == []
    assert all(row["source"] for row in read_table(f"times_{language}"))
    sides = [
        side for rules in load_lexicon(language).rules.values() for rule in rules for side in (rule.left, rule.right)
    ]
    assert [side("") for side in sides if side is not None]  # each template compiles


def test_days_begin_and_end_at_midnight_of_the_dateline():
    (time,) = find_times("It met on Tuesday.", known=Facts(published=PUBLISHED, dateline=MOSCOW))
    assert (time.begin, time.end_at) == (
        datetime(2017, 12, 25, 21, tzinfo=UTC),
        datetime(2017, 12, 26, 21, tzinfo=UTC),
    )
    assert (time.zone, time.zone_from) == ("Europe/Moscow", "dateline")


def test_without_a_zone_there_is_no_instant():
    (time,) = find_times("It met on Tuesday.", known=Facts(published=PUBLISHED))
    assert (time.value, time.begin, time.zone) == ("2017-12-26", None, None)


def test_a_published_instant_lends_its_offset():
    at = datetime(2017, 12, 27, 2, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    (time,) = find_times("It met today.", known=Facts(published_at=at))
    assert (time.value, time.zone, time.zone_from) == ("2017-12-27", "+05:30", "published")


def test_the_day_of_the_document_is_that_of_its_place():
    at = datetime(2017, 12, 26, 22, tzinfo=UTC)  # already Wednesday in Moscow
    (time,) = find_times("It met today.", known=Facts(published_at=at, dateline=MOSCOW))
    assert time.value == "2017-12-27"


def test_local_time_is_that_of_the_dateline():
    (time,) = find_times("It fell at 5:30 p.m. local time.", known=Facts(published=PUBLISHED, dateline=MOSCOW))
    assert time.begin == datetime(2017, 12, 27, 14, 30, tzinfo=UTC)


def test_an_abbreviation_is_read_by_the_country_of_the_dateline():
    delhi = Dateline("NEW DELHI:", 0, 10, (Place("New Delhi", None, "IN", "Asia/Kolkata"),))
    (time,) = find_times("It fell at 2 am IST.", known=Facts(published=PUBLISHED, dateline=delhi))
    assert (time.zone, time.begin) == ("Asia/Kolkata", datetime(2017, 12, 26, 20, 30, tzinfo=UTC))


def test_a_double_decides_what_an_abbreviation_means():
    times = find_times("It ended at 2 am IST (2030 GMT Monday) Tuesday.", known=Facts(published=PUBLISHED))
    assert [t.begin for t in times[:2]] == [datetime(2017, 12, 25, 20, 30, tzinfo=UTC)] * 2
    assert times[0].zone == "Asia/Kolkata"


def test_a_lone_surrogate_does_no_harm():
    (time,) = find_times("\ud800 Monday")
    assert (time.start, time.text) == (2, "Monday")


@pytest.mark.parametrize("published", [date.min, date(1, 1, 2), date(9999, 12, 30)])
def test_the_edges_of_the_calendar_do_no_harm(published):
    known = Facts(published=DateInterval.of(published), dateline=MOSCOW)
    text = "Yesterday, tomorrow, last year, next century, 500 years ago, 600 years from now, Easter, at 10 a.m. ET."
    assert len(find_times(text, known=known)) == 8


def test_easter_and_counted_weekdays():
    assert [easter(year) for year in (1961, 2000, 2018, 2038)] == [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2018, 4, 1),
        date(2038, 4, 25),
    ]
    assert holiday_day("11-4-3", 2017) == date(2017, 11, 23)
    assert holiday_day("05-L-0", 2018) == date(2018, 5, 28)


@pytest.mark.parametrize("place", ["beside", "instead"])
def test_resolving_twice_is_resolving_once(place):
    known = Facts(published=PUBLISHED)
    text = "It met on Tuesday at 10 a.m., a week after last May; by 2019 the third quarter, 12/26/2017, ended."
    once = resolve_times(text, known=known, place=place)
    assert once != text
    assert resolve_times(once, known=known, place=place) == once


def test_a_range_is_one_half_open_interval():
    known = Facts(published=PUBLISHED, dateline=MOSCOW)
    monday, friday, seven, nine = find_times("It ran Monday to Friday, from 7 to 9 a.m. ET.", known=known)
    assert (monday.until, friday.until, seven.until, nine.until) == (1, None, 3, None)
    assert (monday.begin, monday.end_at) == (
        datetime(2017, 12, 17, 21, tzinfo=UTC),
        datetime(2017, 12, 22, 21, tzinfo=UTC),
    )
    assert seven.end_at == nine.begin
    assert (seven.end_at - seven.begin, seven.zone) == (timedelta(hours=2), "America/New_York")


@pytest.mark.parametrize("dateline", [None, MOSCOW])
def test_an_age_is_an_instant_where_the_document_has_one(dateline):
    known = Facts(published_at=datetime(2017, 12, 27, 22, 0, tzinfo=UTC), dateline=dateline)
    (time,) = find_times("The bridge fell 3 hours ago.", known=known)
    assert time.begin == datetime(2017, 12, 27, 19, 0, tzinfo=UTC)
    assert time.value == ("2017-12-27T22:00" if dateline else "2017-12-27T19:00Z")


def test_an_age_is_a_duration_where_it_has_none():
    (time,) = find_times("The bridge fell 3 hours ago.", known=Facts(published=PUBLISHED))
    assert (time.type, time.value, time.begin) == ("DURATION", "PT3H", None)


def test_one_clock_in_two_zones_is_two_instants():
    east, west = find_times("It airs at 8 p.m. ET/PT tonight.", known=Facts(published=PUBLISHED))
    assert (east.text, west.text, east.same_as) == ("8 p.m. ET/PT tonight", "8 p.m. ET/PT tonight", None)
    assert (east.begin, west.begin) == (datetime(2017, 12, 28, 1, tzinfo=UTC), datetime(2017, 12, 28, 4, tzinfo=UTC))


@pytest.mark.parametrize("words", ["9/8c", "9 p.m. ET/8 CT", "9 p.m. EST/8 p.m. CST", "9 p.m. Eastern/8 Central"])
def test_two_clocks_of_two_zones_are_one_instant(words):
    one, two = find_times(f"It airs Monday. Then at {words}.", known=Facts(published=PUBLISHED))[1:]
    assert one.begin == two.begin is not None
    assert (one.same_as, two.same_as) == (2, 1)
    assert [time.zone.partition("|")[0] for time in (one, two)] == ["America/New_York", "America/Chicago"]
