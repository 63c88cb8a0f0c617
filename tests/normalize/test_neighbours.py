"""Columns of what stands around a line: blocks of arrays against a walk over the lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.furniture import neighbours

NUMBERS = st.lists(st.integers(-9, 9), min_size=1, max_size=40)
MARKS = st.lists(st.booleans(), min_size=1, max_size=90)


@given(NUMBERS)
def test_windows_are_means_of_the_lines_before_and_after(numbers: list[int]) -> None:
    n = len(numbers)
    cols = {"a": np.array(numbers), "b": np.array(numbers, np.float32) / 2}
    neighbours.windows(cols, ("a", "b"), (2, 5), n)
    assert [*cols] == ["a", "b", "a<2", "a>2", "a<5", "a>5", "b<2", "b>2", "b<5", "b>5"]
    for name in ("a", "b"):
        for size in (2, 5):
            before = [sum(cols[name][max(0, k - size) : k]) / size for k in range(n)]
            after = [sum(cols[name][k + 1 : k + 1 + size]) / size for k in range(n)]
            assert cols[f"{name}<{size}"].tolist() == pytest.approx(before)
            assert cols[f"{name}>{size}"].tolist() == pytest.approx(after)


@given(NUMBERS)
def test_beside_is_the_line_so_many_steps_on(numbers: list[int]) -> None:
    cols = {"a": np.array(numbers)}
    neighbours.beside(cols, ("a",), (-2, 1), len(numbers))
    padded = [-1, -1, *numbers, -1]
    assert cols["a-2"].tolist() == padded[: len(numbers)]
    assert cols["a+1"].tolist() == padded[3:]


@given(MARKS)
def test_distances_are_counted_to_the_next_mark(marks: list[bool]) -> None:
    n = len(marks)
    since, until = neighbours.distances(np.array(marks), n)
    for k in range(n):
        assert since[k] == min([60, *(k - m for m in range(k) if marks[m])])
        assert until[k] == min([60, *(m - k for m in range(k + 1, n) if marks[m])])


@given(MARKS)
def test_runs_are_as_long_as_neighbours_are_equal(marks: list[bool]) -> None:
    runs = neighbours.runs(np.array(marks), len(marks))
    for k, mark in enumerate(marks):
        low = max((m + 1 for m in range(k) if marks[m] != mark), default=0)
        high = min((m for m in range(k, len(marks)) if marks[m] != mark), default=len(marks))
        assert runs[k] == min(high - low, 60) * (1 if mark else -1)


@given(NUMBERS)
def test_within_and_distinct_are_what_numpy_says(numbers: list[int]) -> None:
    values = np.array(numbers)
    assert neighbours.within(values, -3, 4).tolist() == np.clip(values, -3, 4).tolist()
    assert neighbours.distinct(values).tolist() == np.unique(values).tolist()
