"""Facts: what is known, and values that stand in a text."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from normalize import KINDS, UNKNOWN, Annotation, Dateline, Facts, Span
from normalize.calendar import DateInterval
from normalize.places import Place


def test_unknown_is_facts_without_any() -> None:
    assert Facts() == UNKNOWN
    assert all(not getattr(UNKNOWN, f.name) for f in dataclasses.fields(UNKNOWN) if f.name != "form")
    assert UNKNOWN.form == "text"


def test_not_looked_for_differs_from_not_found() -> None:
    assert UNKNOWN.found("title") is None
    assert Facts(annotations={"title": ()}).found("title") == ()


@pytest.mark.parametrize("value", [UNKNOWN, Annotation(0, 1, "title", "x"), Span("x", 0, 1), Dateline("x", 0, 1)])
def test_facts_cannot_be_changed_and_take_no_new_fields(value) -> None:
    name = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, None)
    assert not hasattr(value, "__dict__")


def test_a_moved_value_keeps_its_kind_and_everything_but_its_place() -> None:
    dateline = Dateline("MANILA (AP)", 5, 16, places=(Place("Manila", country="PH"),), agency="AP", score=0.5)
    moved = dateline.moved(0, 11, "MANILA (AP)")
    assert type(moved) is Dateline
    assert (moved.start, moved.end) == (0, 11)
    assert dataclasses.replace(moved, start=5, end=16) == dateline


def test_a_dateline_speaks_of_its_first_place() -> None:
    manila = Place("Manila", "Metro Manila", "PH", "Asia/Manila")
    dateline = Dateline(
        "x", 0, 1, places=(manila, Place("Paris", country="FR")), date=DateInterval.of(date(2017, 12, 27))
    )
    assert (dateline.place, dateline.region, dateline.country, dateline.timezone) == (
        "Manila",
        "Metro Manila",
        "PH",
        "Asia/Manila",
    )


def test_a_dateline_without_a_place_knows_none() -> None:
    dateline = Dateline("x", 0, 1)
    assert (dateline.place, dateline.region, dateline.country, dateline.timezone) == (None,) * 4


def test_every_kind_says_what_its_value_is() -> None:
    assert all(kind.islower() and kind.isidentifier() and meaning for kind, meaning in KINDS.items())
