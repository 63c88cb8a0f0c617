"""What a record says beside its text reaches a column, an annotation or `extra`: nothing of it is lost."""

from __future__ import annotations

import pytest

from corpus.document import open_record
from corpus.readers.fields import make_record


def opened(**values: object):
    record = make_record({"text": "The ferry sailed.", **values}, "a.jsonl#byte=0", "")
    assert not isinstance(record, str)
    return open_record(record)


def given(document, kind):
    return [a.value for a in document.given if a.kind == kind]


def test_fields_known_by_name_are_facts_beside_the_text():
    document = opened(agency="AFP", captions=["The pier", "The mayor"], tags="harbour", updated="2019-03-06T10:00Z")
    assert given(document, "agency") == ["AFP"]
    assert given(document, "caption") == ["The pier", "The mayor"]
    assert given(document, "tag") == ["harbour"]
    assert given(document, "updated")[0].at.isoformat() == "2019-03-06T10:00:00+00:00"
    assert document.record.extra == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", 5),
        ("url", ["https://a.example/1"]),
        ("site", {"host": "a.example"}),
        ("authors", [{"name": "Ann Example"}]),
        ("tags", ["one", 2]),
        ("section", 3.5),
        ("id", {"$oid": "507f"}),
        ("date", {"$date": "2019-03-06"}),
        ("updated", True),
        ("language", "English"),
        ("language", "en-GB"),
    ],
)
def test_a_field_that_no_column_can_hold_travels_in_extra(name, value):
    assert opened(**{name: value}).record.extra == {name: value}


def test_a_field_that_is_null_says_nothing():
    assert opened(title=None, authors=None).record.extra == {}


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "en"), ("en-GB", "en"), ("pt_BR", "pt"), ("English", None), (7, None)]
)
def test_a_language_is_its_primary_code(tag, code):
    assert opened(language=tag).facts.language == code


def test_the_day_is_read_as_the_language_of_the_record_writes_it():
    assert str(opened(date="03/08/2017", language="fr").facts.published.day) == "2017-08-03"
    assert str(opened(date="03/08/2017").facts.published.day) == "2017-03-08"


@pytest.mark.parametrize("name", ["date", "updated"])
def test_a_date_that_is_not_understood_is_noted(name):
    assert given(opened(**{name: "soon"}), "note") == [f"{name} not understood: 'soon'"]
    assert given(opened(**{name: True}), "note") == [f"{name} not understood: True"]
