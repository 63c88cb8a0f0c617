"""Pages opened: the cases of tests/cases/open_page.json, hostile pages, mutated pages, and beautifulsoup4 as input."""

from __future__ import annotations

import json
import pickle
import re
import time
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from normalize.markup import Page, open_page
from normalize.markup.state import story_in

CASES = json.loads(Path(__file__).parents[1].joinpath("cases", "open_page.json").read_text("utf-8"))
SOURCES = [case["source"] for case in CASES]
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"\w+")


def stated(page: Page, name: str) -> object:
    """Return a field of a page in the plain form that the cases have it in."""
    if name in ("published", "updated"):
        moment = getattr(page, name)
        return moment and moment.days.day.isoformat()
    if name == "published_at":
        return page.published.at and page.published.at.isoformat()
    if name == "images":
        return [[image.src, image.caption, image.credit] for image in page.images]
    value = getattr(page, name)
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_a_page_says_what_a_careful_reader_reads(case) -> None:
    page = open_page(case["source"], url=case.get("url"))
    assert {name: stated(page, name) for name in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_bytes_and_soup_are_read_as_text_is(case) -> None:
    page = open_page(case["source"])
    assert open_page(case["source"].encode()) == page
    if "<" in case["source"] and "<div" in case["source"]:
        assert open_page(BeautifulSoup(case["source"], "html.parser")).text == page.text


def test_bytes_are_read_as_the_page_declares() -> None:
    page = open_page("<meta charset=windows-1251><p>Дождь шёл всю ночь и утром.</p>".encode("windows-1251"))
    assert page.text == "Дождь шёл всю ночь и утром."


def test_a_page_pickles_and_is_the_same_each_time() -> None:
    for source in SOURCES:
        page = open_page(source)
        assert pickle.loads(pickle.dumps(page)) == page == open_page(source)


HOSTILE = {
    "100,000 nested elements": "<div>" * 100_000 + "Deep down",
    "100,000 nested spans": "<span>" * 100_000 + "Deep down",
    "50,000 nested tables": "<table><tr><td>" * 50_000 + "Deep down",
    "20,000 nested lists": "<ul><li>" * 20_000 + "Deep down",
    "50,000 attributes": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">Deep down</p>",
    "50,000 quoted attributes": "<div " + " ".join(f'a{n}="1"' for n in range(50_000)) + ">Deep down</div>",
    "formatting that each paragraph takes up": "<p>"
    + "".join(f"<font size={n}>" for n in range(3_000))
    + "</p>"
    + "<p>Deep down</p>" * 3_000,
    "colspan bomb": "<table><tr><td colspan=99999999 rowspan=99999999>Deep down</table>",
    "deep JSON-LD": '<script type="application/ld+json">' + '{"a":[' * 50_000 + "</script><p>Deep down",
    "long title": "<title>" + "a - " * 100_000 + "</title><p>Deep down",
    "many quotes": "Deep down" + "<a \"<a '" * 100_000,
    "many open tags": "Deep down" + "<a" * 500_000,
    "many images": "<p>Deep down</p>" + "<div>" * 400 + "<img src=a>" * 3_000,
    "many comments": "<p>Deep down</p>" + "<!-- -->" * 100_000,
    "nested data": '<p>Deep down</p><script type="application/json">' + '{"a":[' * 50_000 + "</script>",
    "data that never ends": "<p>Deep down</p><script>" + 'a=["a=[",' * 300_000 + "</script>",
    "markup in every value of the data": '<p>Deep down</p><script type="application/json">'
    + json.dumps([[[["<b>x</b>"] * 8] * 8] * 8] * 40)
    + "</script>",
    "many assignments": "<p>Deep down</p><script>" + 'a={"b":["c","d"]};' * 100_000 + "</script>",
    "many lists": "<p>Deep down</p>" + "<ul><li><a href=a>b</a></ul>" * 20_000,
    "many identifiers": "<p>Deep down</p>" + "".join(f"<div id=a{n}B{n}></div>" for n in range(30_000)),
    "colspan bombs": "<p>Deep down</p>" + "<table><tr><td colspan=65534 rowspan=65534>a</table>" * 5_000,
    "NULs": "<p>Deep\0 down</p>\0",
    "lone surrogates": "<p>Deep down</p>\ud800<p>\udfff</p>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_takes_bounded_time_and_keeps_its_text(name) -> None:
    before = time.process_time()
    page = open_page(HOSTILE[name])
    assert time.process_time() - before < 10
    assert "Deep down" in page.text


@pytest.mark.parametrize(
    "source", ["", "Deep down", "  \n", "<", "<>", "</p>", "Deep <b>down</b>", "<li>Deep<li>down", "a < b"]
)
def test_little_is_opened_as_it_is(source) -> None:
    shown = (
        BeautifulSoup(source, "html.parser").get_text(" ").split() if re.search("<[a-z/]", source) else source.split()
    )
    assert open_page(source).text.split() == shown


def test_what_a_hostile_page_lost_is_noted() -> None:
    assert open_page(HOSTILE["100,000 nested elements"]).notes
    assert open_page(HOSTILE["50,000 attributes"]).notes
    page = open_page("<p>It rained and rained.</p>" * 250_000)
    assert page.notes[0] == "cut to 5,000,000 characters"


def test_an_ordinary_page_has_no_notes() -> None:
    assert open_page("<article>" + "<div><p>It rained on <b>the harbour</b> all day.</p></div>" * 3_000).notes == ()


@given(st.text() | st.text(alphabet="<>/=\"'!-&; \n\0pdivascrta") | st.binary())
def test_nothing_makes_it_raise(html) -> None:
    assert isinstance(open_page(html).text, str)


@st.composite
def mutated_pages(draw) -> str:
    """Return a page with tags cut out, doubled and shuffled, or cut off anywhere."""
    source = draw(st.sampled_from(SOURCES))
    pieces = re.split(r"(<[^>]*>)", source)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(pieces) - 1))
        what = draw(st.sampled_from(["cut", "double", "swap", "break", "off"]))
        if what == "cut":
            pieces[at] = ""
        elif what == "double":
            pieces[at] *= 2
        elif what == "swap":
            other = draw(st.integers(0, len(pieces) - 1))
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif what == "break":
            pieces[at] = pieces[at][: len(pieces[at]) // 2]
        else:
            pieces = pieces[: at + 1]
    return "".join(pieces)


@given(mutated_pages())
def test_no_word_is_made_up(html) -> None:
    """Each line of a mutated page's text stands in the page, as markup or in its scripts, once spaces are left out."""
    page = open_page(html)
    words = set(WORD.findall(BeautifulSoup(html, "html.parser").get_text(" ") + " " + unescape(html)))
    glued = "".join(sorted(words))
    assert all(
        word in words or word in glued or word in "".join(TAG.sub("", html).split()) for word in WORD.findall(page.text)
    )


@given(mutated_pages())
def test_a_mutated_soup_opens_as_its_markup_does(html) -> None:
    soup = BeautifulSoup(html, "html.parser")
    assert open_page(soup) == open_page(soup.decode())


DATA = st.recursive(
    st.none()
    | st.integers()
    | st.text()
    | st.sampled_from(["It rained on the harbour all of Monday, and the boats lay idle."]),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.sampled_from(["text", "content", "body", "children", "a"]), inside, max_size=3)
    ),
    max_leaves=20,
)


@given(DATA, st.text(max_size=20))
def test_whatever_the_data_of_scripts_is_nothing_raises(data, around) -> None:
    told = json.dumps(data)
    for script in (
        told,
        f"x = {told};",
        f"x = JSON.parse({json.dumps(told)})",
        around + told + around,
        told[: len(told) // 2],
    ):
        assert isinstance(story_in([script]), str)


@given(mutated_pages())
def test_a_mutated_page_opens(html) -> None:
    page = open_page(html)
    assert page == open_page(html)
    assert not re.search(r"\n{3,}|^\s|[ \n]$", page.text) or "<" not in html
    for claim in page.claims:
        assert claim.moment.days.day is not None
