"""Shapes: the story's block, and cuts that stay disjoint."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from normalize.edits import Edit, apply
from normalize.lines import Line, split_lines
from normalize.shapes import cut_lines, cut_spans, survey

STORY = "The council met on Friday and would not say what it had decided on the harbour."
TEXTS = st.text(alphabet="ab. \n\t", max_size=60)
SPANS = st.lists(st.tuples(st.integers(-2, 20), st.integers(0, 9)).map(lambda s: (s[0], sum(s))), max_size=6)


@given(TEXTS, st.data())
def test_cut_lines_cuts_exactly_the_chosen_lines(text: str, data: st.DataObject) -> None:
    lines = list(split_lines(text)[0])
    chosen = data.draw(st.lists(st.sampled_from(lines), unique=True).map(sorted)) if lines else []
    left = apply(text, [Edit(a, b, "", "cut") for a, b in cut_lines(text, chosen)])
    assert left.split() == " ".join(text[a:b] for a, b in lines if Line(a, b) not in chosen).split()


@given(st.text(alphabet="ab \n", max_size=20), SPANS)
@example("x A B", [(2, 3), (4, 5)])  # the space between goes once
@example("one\ntwo", [(0, 3), (3, 7)])  # as known facts may have it: a span that a repair widened by a line end
def test_cut_spans_are_sorted_disjoint_and_inside(text: str, spans: list[tuple[int, int]]) -> None:
    done = 0
    for start, end in cut_spans(text, spans):
        assert done <= start < end <= len(text)
        done = end


def test_the_story_is_the_densest_block() -> None:
    page = f"Home\n\nNews\n\n{STORY}\n\nMenu\n\nSearch\n\nLogin\n\nGull Gold\n\nSports desk\n\nOur club\n\n{STORY}\n\n{STORY}\n\nA subhead\n\n{STORY}"
    found = survey(page)
    words = [page[a:b] for a, b in found.lines[found.first : found.last]]
    assert words[-4:] == [STORY, STORY, "A subhead", STORY]


def test_a_text_of_short_sentences_is_a_story() -> None:
    found = survey("By Jane Doe\n\nIt rained.\n\nIt poured.\n\nAFP")
    assert (found.first, found.last, found.head) == (1, 3, 1)


def test_a_standfirst_belongs_to_the_head_of_its_story() -> None:
    found = survey(f"{STORY}\n\nBy Jane Doe\n\n3 hours ago\n\n{STORY}\n\n{STORY}")
    assert (found.first, found.last, found.head) == (0, 5, 3)


def test_nothing_is_found_in_an_empty_text() -> None:
    assert survey("") == ((), [], [], {}, 0, 0, 0)


def test_lines_broken_by_hand_are_one_story_whatever_they_end_with() -> None:
    story = (
        "    OSLO, March 2 - The council met on Friday to weigh\nthe plan for the new harbour, its chairman told\n" * 20
    )
    found = survey("COUNCIL WEIGHS PLAN FOR HARBOUR\n\n" + story)
    assert (found.first, found.last, found.page) == (1, 41, False)
