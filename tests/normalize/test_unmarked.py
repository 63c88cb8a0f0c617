"""Unmarked stamps: days found where they stand in a line, with labels, clocks and names beside them, and no sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.metadata import read_inline_date
from normalize.stamps import read_stamp
from normalize.unmarked import read_unmarked

DAY = "2017-12-27"
STORY = "The council met on Friday and would not say what it had decided on the harbour, its chairman told reporters."


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("Wed 27 Dec 2017 10.14 CET", f"published {DAY}"),
        ("Wed 27 Dec 2017 06.05 GMT   Last modified on Thu 28 Dec 2017 06.07 GMT", f"published {DAY}, updated 2017-12-28"),
        ("December 27, 2017 1:55 am(Updated 4:30 am)", f"published {DAY}"),
        ("Publié le 27 décembre 2017 à 14h52, modifié le 28 décembre 2017 à 15h54", f"published {DAY}, updated 2017-12-28"),
        ("27. 12. 2017, 14:59 Uhr Lesedauer: 4 Minuten", f"published {DAY}"),
        ("27.12.2017, Lesezeit 5 Min.", f"published {DAY}"),
        ("Zuerst veröffentlicht am 27/12/2017 - 14:02 MEZ", f"published {DAY}"),
        ("Thứ tư, 27/12/2017, 19:25 (GMT+7)", f"published {DAY}"),
        ("Publicerad 27 dec 2017 kl 10.23Uppdaterad kl 12.17", f"published {DAY}"),
        ("Updated Dec 27, 2017 @ 10:42 am", f"updated {DAY}"),
        ("Updated21:22, 27 DEC 2017", f"updated {DAY}"),
        ("By Jane Doe/Dec. 27, 2017 9:49 am EST/Updated: Dec. 28, 2017 4:17 pm EST", f"published {DAY}, updated 2017-12-28"),
        ("Updated 2010 GMT (0410 HKT) December 27, 2017", f"updated {DAY}"),
        ("Last updated 28 Dec 2017, originally created 27 Dec 2017", f"updated 2017-12-28, published {DAY}"),
        ("Posted by: Jane Doe on December 27, 2017 in Harbour Leave a comment", f"published {DAY}"),
        ("Jane Doe27. Dezember 2017", f"published {DAY}"),
        ("27. Dezember 201727. Dezember 2017 jdoe", f"published {DAY}, published {DAY}"),
        ("Neustadt, 27. Dezember 2017", f"published {DAY}"),
        ("Pressemitteilung vom 27.12.2017", f"published {DAY}"),
        ("来源：港口网 2017-12-27 10:14:05", f"published {DAY}"),
        ("2017年12月27日 10時14分", f"published {DAY}"),
        ("Gepubliceerd op 27 december 2017 om 10:14", f"published {DAY}"),
        ("Posted at 10:14 AM, Dec 27, 2017 and last updated 11:00 AM, Dec 28, 2017", f"published {DAY}, updated 2017-12-28"),
        ("Story Created: Dec 27, 2017 at 10:14 AM CST", f"published {DAY}"),
    ],
)  # fmt: skip
def test_a_line_of_parts_without_marks_is_a_stamp(line: str, days: str) -> None:
    stamp = read_stamp(line, None) or read_unmarked(line, None)
    assert stamp
    assert ", ".join(f"{kind} {moment.days.day}" for kind, moment in stamp.days) == days
    found = read_inline_date(f"The harbour's long quarrel\n\n{line}\n\n{STORY}\n\n{STORY}")
    assert found
    assert str(found.days.day) in days


@pytest.mark.parametrize(
    "line",
    [
        "It rained on December 27, 2017 in the harbour",
        "Born on 3 March 1950 in Neustadt",
        "The council met on 27 December 2017 and left by the back door.",
        "Wochenbericht 14. – 20. Januar 2017",
        "28.01.2017 – 29.01.2017",
        "Founded 28 September 1912",
        "He came on 3 March 2017, she on 4 March 2017",
        "191118193932500",
        "",
    ],
)
def test_a_sentence_a_span_and_a_number_are_none(line: str) -> None:
    assert read_unmarked(line, None) is None


@given(
    st.lists(
        st.sampled_from(["27 Dec 2017", "10:14", "GMT", "Updated", "By", "Jane Doe", "–", "|", "\n", "٣", "12/13/2017"])
    )
)
def test_any_words_are_read_or_refused(parts: list[str]) -> None:
    stamp = read_unmarked(" ".join(parts), None)
    assert stamp is None or all(moment.days.day for _, moment in stamp.days)
