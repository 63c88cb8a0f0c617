"""Days and moments: every common form, many languages, and nothing guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.calendar import DateInterval, Moment, month_number, parse_day, parse_moment, weekday_number

DAY = date(2017, 12, 27)
FORMS = (
    "27 Dec 2017",
    "27th December 2017",
    "December 27, 2017",
    "Dec. 27 2017",
    "DEC 27, 2017",
    "Wednesday, December 27, 2017",
    "Wed 27 Dec 2017",
    "27.12.2017",
    "27. 12. 2017",
    "27/12/2017",
    "12/27/2017",
    "2017-12-27",
    "2017/12/27",
    "20171227",
    "27-DEC-2017",
    "27-Dec-17",
    "27. Dezember 2017",
    "Mittwoch, 27. Dezember 2017",
    "27 décembre 2017",
    "le 27 décembre 2017",
    "27 de diciembre de 2017",
    "27 dic. 2017",
    "27 de dezembro de 2017",
    "27 dicembre 2017",
    "27 december 2017",
    "27 декабря 2017 г.",
    "27 грудня 2017",
    "27 grudnia 2017",
    "27 Aralık 2017",
    "27 Desember 2017",
    "27 tháng 12, 2017",
    "27 Δεκεμβρίου 2017",
    "27 ديسمبر 2017",
    "٢٧ ديسمبر ٢٠١٧",
    "27 בדצמבר 2017",
    "27 दिसंबर 2017",
    "2017年12月27日",
    "２０１７年１２月２７日",
    "2017年12月27日（水）",
    "平成29年12月27日",
    "2017년 12월 27일",
    "27 ธันวาคม 2560",
)
MOMENTS = (
    ("2017-12-27T08:14:00Z", datetime(2017, 12, 27, 8, 14, tzinfo=UTC)),
    ("20171227T081400Z", datetime(2017, 12, 27, 8, 14, tzinfo=UTC)),
    ("2017-12-27 08:14:00+05:30", datetime(2017, 12, 27, 2, 44, tzinfo=UTC)),
    ("2017-12-27T08:14", None),
    ("27-DEC-2017 08:14:20.00", None),
    ("Wed, 27 Dec 2017 08:14:00 GMT", datetime(2017, 12, 27, 8, 14, tzinfo=UTC)),
    ("Wed Dec 27 08:14:00 +0000 2017", datetime(2017, 12, 27, 8, 14, tzinfo=UTC)),
    ("Dec 27, 2017 8:14 AM EST", datetime(2017, 12, 27, 13, 14, tzinfo=UTC)),
    ("Wed 27 Dec 2017 10.14 EST", datetime(2017, 12, 27, 15, 14, tzinfo=UTC)),
    ("27.12.2017, 08:14 Uhr", None),
    ("December 27, 2017 at 8:14 pm", None),
    ("12/27/17", None),
    ("2017-12-27T24:00:00Z", None),
    (1514362440, datetime(2017, 12, 27, 8, 14, tzinfo=UTC)),
    (1514362440000, datetime(2017, 12, 27, 8, 14, tzinfo=UTC)),
    ("1514362440.5", datetime(2017, 12, 27, 8, 14, 0, 500000, tzinfo=UTC)),
)


@pytest.mark.parametrize("words", FORMS)
def test_a_day_is_read_in_every_common_form(words: str) -> None:
    assert parse_day(words) == DateInterval.of(DAY)


@pytest.mark.parametrize(("words", "at"), MOMENTS)
def test_an_instant_is_known_only_with_a_clock_and_a_zone(words: str | float, at: datetime | None) -> None:
    assert parse_moment(words) == Moment(DateInterval.of(DAY), at)


@pytest.mark.parametrize(
    "words", ["", "soon", "27", "3/8/2017", "31 June 2017", "30 February", "May", "we 100M", "27 Dec 2017 in Oslo"]
)
def test_what_is_no_sure_day_is_none(words: str) -> None:
    assert parse_day(words) is None


def test_numbers_are_read_in_the_order_of_the_language() -> None:
    assert parse_day("3/8/2017", language="fr") == DateInterval.of(date(2017, 8, 3))
    assert parse_day("3/8/2017", language="en-US") == DateInterval.of(date(2017, 3, 8))
    assert parse_day("3/8/2017", language="en") is None


@pytest.mark.parametrize(
    ("near", "year"), [(date(2018, 1, 2), 2017), (date(2017, 12, 22), 2017), (date(2017, 12, 1), 2016)]
)
def test_a_day_without_a_year_is_the_nearest_past_or_in_the_week_ahead(near: date, year: int) -> None:
    assert parse_day("Dec. 27", near=near) == DateInterval.of(date(year, 12, 27))


def test_29_february_is_that_of_the_last_leap_year() -> None:
    assert parse_day("Feb. 29", near=date(2018, 1, 2)) == DateInterval.of(date(2016, 2, 29))


def test_names_that_languages_disagree_on_need_the_language() -> None:
    assert (month_number("listopad", "pl"), month_number("listopad", "hr"), month_number("listopad")) == (11, 10, None)
    assert (weekday_number("mar", "fr"), month_number("mar", "en")) == (1, 3)


@given(st.text(max_size=60) | st.from_regex(r"[0-9./ -]{1,20}"), st.dates())
def test_parsing_never_raises(words: str, near: date) -> None:
    for found in (parse_day(words, near=near), parse_moment(words), parse_moment(words, language="de")):
        assert found is None or isinstance(found, DateInterval | Moment)


@given(st.dates(min_value=date(1969, 1, 1), max_value=date(2068, 12, 31)))
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%y", "%d.%m.%Y", "%Y年%m月%d日"):
        assert parse_day(day.strftime(form)) == DateInterval.of(day)


@given(st.floats() | st.integers())
def test_any_number_is_an_epoch_stamp_or_nothing(number: float) -> None:
    found = parse_moment(number)
    assert found is None or (found.at is not None and 1970 < found.at.year < 2202)
