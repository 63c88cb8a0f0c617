"""Stamps: each shape of line in which pages say when a story was published, and by whom."""

from __future__ import annotations

import polars as pl
import pytest

from normalize import stamps
from normalize.stamps import byline_label, names_of, plain_name, read_labels, read_stamp
from normalize.testing.laws import patterns_of

SHAPES = {
    "By Jane Doe | 27 December 2017 | 3 min read": ("2017-12-27", ("Jane Doe",)),
    "VON JANE DOE am 21. April 2017": ("2017-04-21", ("JANE DOE",)),
    "Par Jane Doe le 07 Mai 2017": ("2017-05-07", ("Jane Doe",)),
    "Jane Doe |  mercredi 27 décembre 2017 à 09h08": ("2017-12-27", ("Jane Doe",)),
    "by Jane C. Doe November 8, 2017 | 6:03 pm": ("2017-11-08", ("Jane C. Doe",)),
    "22.04.2017 | 15:54": ("2017-04-22", ()),
    "2017年12月27日 10:25　来源：海港日报": ("2017-12-27", ()),
    "Veröffentlicht am 12. Juni 2017  von  gizmo": ("2017-06-12", ("gizmo",)),
    "Oct 30 2017     by  Jane Roe": ("2017-10-30", ("Jane Roe",)),
    "Jane Roe    15.06.2017, 12.11 Uhr": ("2017-06-15", ("Jane Roe",)),
    "Jane Doe · Gull News · Posted: Jan 10, 2017 5:00 PM ET": ("2017-01-10", ("Jane Doe",)),
    "2. Februar 20172. Februar 2017": ("2017-02-02", ()),
    "| 05. November 2017 | 08:02 Uhr": ("2017-11-05", ()),
    "December 27, 2017 9:00AM (UTC)": ("2017-12-27", ()),
}


@pytest.mark.parametrize("line", SHAPES)
def test_a_stamp_states_its_day_and_its_names(line: str) -> None:
    stamp = read_stamp(line, None)
    assert stamp is not None
    assert (str(stamp.days[0][1].days.day), stamp.names) == SHAPES[line]


@pytest.mark.parametrize(
    "line",
    [
        "It rained on 27 December 2017.",
        "28.01.2017 – 29.01.2017",
        "Published in 1851, it sold badly.",
        "Updated: 27 Dec 2017 - the harbour is closed again today for all ships",
        "Harbour quarrel enters third year in 2017",
        "",
        "| | |",
    ],
)
def test_what_a_story_says_is_no_stamp(line: str) -> None:
    assert read_stamp(line, None) is None


def test_a_clock_belongs_to_the_day_before_it() -> None:
    stamp = read_stamp("27.12.2017 | 15:54 GMT", None)
    assert stamp is not None
    assert str(stamp.days[0][1].at) == "2017-12-27 15:54:00+00:00"


@pytest.mark.parametrize("words", ["Jane Doe", "JANE DOE", "Jane van der Doe", "Jané O’Doe", "Jane C. Doe"])
def test_plain_names(words: str) -> None:
    assert plain_name(words)


@pytest.mark.parametrize(
    "words",
    [
        "Breaking News",
        "Read More",
        "Jane",
        "Jane's Diary",
        "The Harbour",
        "Survey Report",
        "jane doe",
        "Jane Doe, editor",
    ],
)
def test_what_stands_where_names_do(words: str) -> None:
    assert not plain_name(words)


def test_byline_labels_may_be_glued() -> None:
    assert byline_label("PorJane Doe") == "Jane Doe"
    assert byline_label("Portland Doe") is None
    assert names_of("Jane Doe, John Roe and Ann Poe") == ("Jane Doe", "John Roe", "Ann Poe")


def test_labels_are_folded_and_of_known_kinds() -> None:
    labels = read_labels()
    assert {kind for kind, _ in labels.dates.values()} == {"published", "updated"}
    assert labels.firsts >= {"published", "updated", "veröffentlicht"}


def test_patterns_are_linear() -> None:
    for _, pattern in patterns_of(stamps.__name__):
        pl.Series(["a line"]).str.contains(pattern.pattern)
