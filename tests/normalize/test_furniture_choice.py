"""The choice of a page's story: how likely its lines are, and what a headline and comments bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.furniture.arrays import read_page
from normalize.furniture.choice import choose_story
from normalize.furniture.comments import comment_heads
from normalize.furniture.model import Verdicts
from normalize.lines import split_lines


def choose(story: list[float], title: list[float] | None = None, comments: list[int] | None = None, size: int = 200):
    return choose_story(Verdicts(story, title or [0.0] * len(story), comments or []), [size] * len(story))


def test_likely_lines_stay():
    assert choose([0.1, 0.9, 0.9, 0.02, 0.9, 0.1]) == ([1, 2, 4], 6)


def test_teasers_above_a_likely_headline_go():
    assert choose([0.9, 0.9, 0.1, 0.9, 0.9], [0, 0, 0.8, 0, 0])[0] == [3, 4]


def test_they_stay_above_an_unlikely_headline_and_above_one_without_a_story():
    assert choose([0.9, 0.9, 0.1, 0.9, 0.9], [0, 0, 0.4, 0, 0])[0] == [0, 1, 3, 4]
    assert choose([0.9, 0.9, 0.1, 0.9], [0, 0, 0.8, 0], size=40)[0] == [0, 1, 3]


def test_comments_go_to_the_end_of_the_page():
    assert choose([0.9, 0.1, 0.9, 0.9], comments=[1]) == ([0], 1)


def test_what_heads_comments_above_the_story_is_a_link_to_them():
    assert choose([0.1, 0.9, 0.9, 0.1, 0.9], comments=[0, 3]) == ([1, 2], 3)


def test_lines_in_doubt_stay():
    assert choose([0.95, 0.35, 0.25, 0.95])[0] == [0, 1, 3]


def test_less_is_asked_on_a_page_of_which_the_model_is_less_sure():
    assert choose([0.5, 0.2, 0.02, 0.6])[0] == [0, 1, 3]
    assert choose([0.9, 0.2, 0.02, 0.9])[0] == [0, 3]


def test_something_stays_of_a_page_unlike_any():
    assert choose([0.01, 0.2, 0.15])[0] == [1, 2]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(1, 500), st.booleans()), min_size=1))
def test_the_choice_is_sorted_never_empty_and_above_the_comments(rows):
    story, title, sizes, heads = (list(column) for column in zip(*rows, strict=True))
    comments = [n for n, head in enumerate(heads) if head]
    chosen, end = choose_story(Verdicts(story, title, comments), sizes)
    assert chosen == sorted(set(chosen))
    assert chosen
    assert all(0 <= n < end <= len(story) for n in chosen)


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("34 responses to this\nGull says:\nNovember 19, 2019 at 6:58 am\nNonsense.", [0]),
        ("10 commentaires\nMouette\nle 22/11/2024 à 09:47\nN'importe quoi.", [0]),
        ("Comments\nA gull\n2 days ago at 08:51 am\nWell.", [0]),
        ("Comments (12)\nShare\nHome\nNews\nSport\nMore\nNovember 19, 2019 at 6:58 am", []),
        ("She had no comments on the matter.\nThe mayor left.\nThe harbour is closed.", []),
        ("Published November 19, 2019 at 6:58 am\nThe council met.", []),
    ],
)
def test_what_heads_comments_is_followed_by_a_day_with_a_clock(text, heads):
    lines = list(split_lines(text)[0])
    assert np.flatnonzero(comment_heads(read_page(text, lines))).tolist() == heads
