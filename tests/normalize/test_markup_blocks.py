"""Blocks of a page: the fast walk finds what a slow, obviously right reading with beautifulsoup4 finds."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Comment, NavigableString, Tag
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from normalize.markup.blocks import outline
from normalize.markup.hints import hint
from normalize.tables import read_table

INLINE = ("b", "i", "a", "span", "em", "code")
BLOCK = ("div", "section", "article", "blockquote", "h2", "ul", "figure", "main")
SILENT = ("script", "style", "noscript", "iframe", "button")


def slow_blocks(soup: BeautifulSoup) -> list[str]:
    """Return the runs of words between the ends of blocks, by recursion."""
    runs: list[str] = [""]

    def read(tag: Tag) -> None:
        for child in tag.children:
            if isinstance(child, Comment):
                continue
            if isinstance(child, NavigableString):
                runs[-1] += str(child)
            elif child.name == "br":
                runs[-1] += "\v"
            elif child.name in SILENT or child.name in ("img", "nav", "footer"):
                continue
            elif child.name in INLINE:
                read(child)
            else:
                runs.append("")
                read(child)
                runs.append("")

    read(soup)
    blocks = []
    for run in runs:
        for part in re.split(r"\v(?:[ \n\t]*\v)+", run):
            lines = [re.sub(r"[ \n\t]+", " ", line).strip(" ") for line in part.split("\v")]
            if (text := "\n".join(filter(None, lines))) and not text.isspace():
                blocks.append(text)
    return blocks


WORDS = st.text(alphabet="ab ü東\n\t.&lt;\u00a0", max_size=8).map(lambda s: s.replace("<", "").replace("&", "&amp;"))


def element(children):
    def tag(name, inside):
        return f"<{name}>{''.join(inside)}</{name}>"

    some = st.lists(children, max_size=4)
    return st.one_of(
        st.builds(tag, st.sampled_from(BLOCK), some),
        st.builds(
            lambda name, inside: f"<{name}>{''.join(inside)}</{name}>", st.sampled_from(("p", "h3")), st.lists(RUN)
        ),
        st.sampled_from(["<br>", "<!-- note -->", "<img src=a>", "<script>var a = 1;</script>", "<button>Go</button>"]),
    )


RUN = st.recursive(
    WORDS,
    lambda inside: st.builds(
        lambda n, x: f"<{n}>{''.join(x)}</{n}>", st.sampled_from(("b", "i", "em")), st.lists(inside, max_size=3)
    ),
    max_leaves=5,
)
PAGES = st.lists(st.recursive(RUN, element, max_leaves=12), max_size=6).map("".join)


@given(PAGES)
def test_the_walk_finds_the_blocks_that_a_slow_reading_finds(html) -> None:
    page = outline(LexborHTMLParser(f"<html><body>{html}</body></html>").root)
    soup = BeautifulSoup(f"<html><body>{html}</body></html>", "html.parser")
    assert [block.text for block in page.blocks] == slow_blocks(soup)


@given(PAGES)
def test_ranges_nest_and_hold_their_blocks(html) -> None:
    page = outline(LexborHTMLParser(html).root)
    for n, (box, (start, end)) in enumerate(zip(page.boxes, page.ranges, strict=True)):
        assert 0 <= start <= end <= len(page.blocks)
        if n:
            assert page.ranges[box.parent][0] <= start <= end <= page.ranges[box.parent][1]
            assert box.parent < n
    for n, block in enumerate(page.blocks):
        assert page.ranges[block.box][0] <= n < page.ranges[block.box][1]
        assert 0 <= block.linked <= len(block.text)


def test_navigation_is_read_only_when_asked_for() -> None:
    root = LexborHTMLParser("<nav><p>Menu</p></nav><p>Story</p>").root
    assert [block.text for block in outline(root).blocks] == ["Story"]
    assert [block.text for block in outline(root, asides=True).blocks] == ["Menu", "Story"]


def test_a_link_into_the_page_is_no_link() -> None:
    page = outline(LexborHTMLParser("<h2><a href=#two>Two</a></h2><h2><a href=/three>Three</a></h2>").root)
    assert [block.linked for block in page.blocks] == [0, 5]


def test_every_name_in_the_table_is_understood() -> None:
    for row in read_table("markup_hints"):
        name, where = row["name"], row["where"]
        attributes = {} if where == "tag" else {where if where in ("role", "itemprop") else "class": name}
        assert hint(name if where == "tag" else "div", attributes), row


def test_a_kind_that_stands_first_decides() -> None:
    assert hint("div", {"class": "article-body comments"}) == "comments"
    assert hint("div", {"class": "articleBody"}) == hint("div", {"class": "article_body"}) == "story"
    assert hint("div", {"class": "no-article-body-here"}) == ""
    assert hint("div", {"class": None, "id": ""}) == ""
