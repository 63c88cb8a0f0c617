"""The tables of captions, notices, labels and agencies: complete, and their negative examples stay."""

from __future__ import annotations

import re

import polars as pl
import pytest

from normalize.furniture import Labels, captions, find_captions, find_labels, find_notices, read_agency
from normalize.metadata import find_bylines, read_inline_date
from normalize.phrases import fold
from normalize.tables import read_table

NEGATIVE = {
    name: sorted({row["negative"] for row in read_table(name)} - {""})
    for name in ("captions", "labels", "notices", "page_labels")
}
STORY = "The council met on Friday and would not say what it had decided on the harbour."


@pytest.mark.parametrize("name", ["agencies", "captions", "labels", "notices", "page_labels"])
def test_every_row_has_a_source(name: str) -> None:
    assert all(row["source"] for row in read_table(name))


@pytest.mark.parametrize("line", NEGATIVE["notices"])
def test_negative_examples_are_no_notices(line: str) -> None:
    assert find_notices(line) == []


@pytest.mark.parametrize("line", NEGATIVE["captions"])
def test_negative_examples_are_no_captions(line: str) -> None:
    assert find_captions(line) == []


@pytest.mark.parametrize("line", NEGATIVE["labels"])
def test_negative_examples_are_no_metadata(line: str) -> None:
    assert read_inline_date(line) is None
    assert find_bylines(line) == []


@pytest.mark.parametrize("line", NEGATIVE["page_labels"])
def test_negative_examples_are_no_labels(line: str) -> None:
    assert find_labels(f"{STORY}\n\n{line}") == Labels()


def test_every_label_of_topics_is_read_before_a_list() -> None:
    labels = [row["phrase"] for row in read_table("page_labels") if row["kind"] in {"tag", "topic"}]
    assert [each for each in labels if find_labels(f"{STORY}\n\n{each}: 1a, 2b").tags != ("1a", "2b")] == []


def test_every_label_of_a_section_is_read_before_its_name() -> None:
    labels = [row["phrase"] for row in read_table("page_labels") if row["kind"] == "section"]
    assert [each for each in labels if find_labels(f"{STORY}\n\n{each}: Gull").section != "Gull"] == []


def test_every_home_begins_a_breadcrumb() -> None:
    rows = read_table("page_labels")
    homes = [row["phrase"] for row in rows if row["kind"] == "home"]
    assert [each for each in homes if find_labels(f"{each} > News > Gull\n\n{STORY}").section != "Gull"] == []
    here = [row["phrase"] for row in rows if row["kind"] == "here"]
    assert [each for each in here if find_labels(f"{each}: Home > News > Gull\n\n{STORY}").section != "Gull"] == []


def test_every_notice_is_of_a_known_sort() -> None:
    sorts = {row["sort"] for row in read_table("notices")}
    assert sorts == {"correction", "history", "credits", "source", "rights", "note"}


def test_heads_of_notices_are_right() -> None:
    for row in read_table("notices"):
        heads = row["heads"].split("|")
        if row["match"] == "opening":
            assert any(f"{fold(row['phrase'])} ".startswith(f"{head} ") for head in heads)
        for head in filter(None, heads):
            assert head == "#" or head == head.casefold()


def test_every_date_label_is_read_before_a_day() -> None:
    missed = [
        row["phrase"]
        for row in read_table("labels")
        if row["kind"] in {"published", "updated"}
        and read_inline_date(f"{row['phrase']}: 2017-12-27\n\n{STORY}") is None
    ]
    assert missed == []


def test_every_byline_label_is_read_before_a_name() -> None:
    missed = [
        row["phrase"]
        for row in read_table("labels")
        if row["kind"] == "byline" and find_bylines(f"{row['phrase']}: Jane Doe\n\n{STORY}") != ["Jane Doe"]
    ]
    assert missed == []


def test_every_archive_mark_makes_a_caption() -> None:
    marks = [row["phrase"] for row in read_table("captions") if row["match"] == "archive"]
    assert all(
        find_captions(f"The mayor at the harbour ({mark})")[:1] == ["The mayor at the harbour"] for mark in marks
    )


def test_every_agency_signs_a_story_unless_its_name_is_a_word() -> None:
    for row in read_table("agencies"):
        signed = read_agency(f"{STORY}\n\n{row['name']}")
        assert signed == (None if row["word"] else row["name"]), row


def test_agencies_are_named_once_and_their_countries_are_codes() -> None:
    rows = read_table("agencies")
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)) >= 120
    assert all(re.fullmatch("[A-Z]{2}", row["country"]) for row in rows)


@pytest.mark.parametrize("name", ["phrases", "notices"])
def test_patterns_are_linear(name: str) -> None:
    """Rust's engine takes every pattern: it knows no lookaround and no backreference, and is linear."""
    for row in read_table(name):
        if row["match"] == "pattern":
            pl.Series(["a line"]).str.contains(row["phrase"])


def test_patterns_of_captions_are_linear() -> None:
    patterns = captions._patterns()
    for pattern in (patterns.ends, patterns.marks):
        pl.Series(["a line"]).str.contains(pattern.pattern)
