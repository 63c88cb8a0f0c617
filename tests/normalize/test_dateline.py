"""Datelines: years, ambiguity, what a reader and its strip share, and the tables."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import Annotation, Edit, Facts
from normalize.calendar import DateInterval
from normalize.dateline import read_dateline, strip_dateline
from normalize.dateline.frames import _FAMILIES, _frames
from normalize.places import find_place, fold_name
from normalize.tables import read_table

STORY = "The council met on Friday to weigh the plan for the new harbour, its chairman told reporters."
CITIES = ("MOSCOW", "KYIV", "SEOUL", "BUENOS AIRES", "ST. LOUIS", "DAR ES SALAAM", "XI'AN", "PORT HALLOW")
QUALIFIERS = ("", ", Maine", ", Ukraine", ", N.Y.")
DAYS = ("", ", Nov. 24", ", 24 Nov", ", March 3, 2017")
AGENCIES = ("", " (AP)", " (Reuters)", " (Xinhua)")
MARKS = (" —", " --", " –", "—", " -", " _")


@pytest.mark.parametrize("published", [date(2018, 1, 3), date(2017, 12, 27), date(2017, 12, 24)])
def test_the_year_is_settled_by_the_document(published: date) -> None:
    found = read_dateline(f"SEOUL, Dec. 27 (Yonhap) -- {STORY}", known=Facts(published=DateInterval.of(published)))
    assert found
    assert found.date == DateInterval.of(date(2017, 12, 27))


def test_without_a_document_date_the_year_stays_unknown() -> None:
    found = read_dateline(f"SEOUL, Dec. 27 (Yonhap) -- {STORY}")
    assert found
    assert found.date is None


def test_an_ambiguous_place_is_settled_by_the_story_then_by_the_site() -> None:
    text = f"SPRINGFIELD — {STORY}"
    open_, told, sited = (
        read_dateline(text),
        read_dateline(f"{text} The governor of Illinois agreed."),
        read_dateline(f"HAMILTON — {STORY}", known=Facts(url="https://news.example.nz/1")),
    )
    assert open_
    assert told
    assert sited
    assert (open_.timezone, told.timezone, sited.timezone) == (None, "America/Chicago", "Pacific/Auckland")


@given(*map(st.sampled_from, (CITIES, QUALIFIERS, DAYS, AGENCIES, MARKS)))
def test_every_combination_of_parts_is_read_to_its_last_character(
    city: str, qualifier: str, day: str, agency: str, mark: str
) -> None:
    head = city + qualifier + day + agency + mark
    known = Facts(published=DateInterval.of(date(2017, 12, 1)))
    text = f"{head} {STORY}"
    found = read_dateline(text, known=known)
    if not found:  # nothing but a name that no table knows, before a lone hyphen
        assert city == "PORT HALLOW"
        assert qualifier + day + agency == ""
        return
    assert (found.text, found.start, found.end) == (head, 0, len(head))
    assert fold_name(found.place or "") == fold_name(city)
    assert found.agency == (agency.strip(" ()") or None)
    assert (found.date is None) == (not day)
    assert strip_dateline(text, known=known) == STORY


@given(st.sampled_from(CITIES), st.sampled_from(MARKS))
def test_a_dateline_may_follow_captions_and_bylines(city: str, mark: str) -> None:
    before = "Boats in the harbour of the city on Friday. (AP Photo/Anna Winter)\n\nBy JANE DOE\n\nUpdated at 3:05 p.m. ET\n\n"
    found = read_dateline(f"{before}{city} (AP){mark} {STORY}")
    assert found
    assert found.start == len(before)


def test_strip_uses_what_was_read_and_reads_for_itself_when_nobody_looked() -> None:
    text = f"KYIV (AP) — {STORY}"
    nothing = Facts(annotations={"dateline": ()})
    read = Facts(annotations={"dateline": (Annotation(0, 9, "dateline", None),)})
    assert list(strip_dateline.find(text, nothing)) == []
    assert list(strip_dateline.find(text, read)) == [Edit(0, 10, "", "dateline")]
    assert strip_dateline(text) == STORY


@given(st.text(max_size=200), st.sampled_from(["", "(AP) —", "/TASS/", "【", "新华社", "MOSCOW, "]))
def test_a_reading_is_a_span_of_the_text(text: str, seed: str) -> None:
    found = read_dateline(seed + text)
    assert found is None or (seed + text)[found.start : found.end] == found.text
    assert found is None or found.agency or found.places


def test_threshold_refuses_what_is_less_sure() -> None:
    assert read_dateline(f"MOSCOW: {STORY}")
    assert read_dateline(f"MOSCOW: {STORY}", threshold=0.7) is None
    assert read_dateline(f"MOSCOW, Feb. 1 (AP) — {STORY}", threshold=0.7)


def test_frames_and_false_friends_are_tables_that_hold_together() -> None:
    languages = {language for _, several in _FAMILIES for language in several}
    assert languages == {row["language"] for row in read_table("dateline_frames")}
    assert all(isinstance(frame, re.Pattern) for language in languages for frame in _frames(language))
    for row in read_table("not_places"):
        assert row["words"] == fold_name(row["words"])
        assert row["part"] in ("", "yes", "lone", "alone")
        assert not (found := find_place(row["words"])) or found.country
