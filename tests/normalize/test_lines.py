"""Lines: the index against a slow count, and cutting a line against leaving it out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from normalize.lines import split_lines, whole_line
from normalize.testing import hostile_texts


def counted_lines(text: str) -> list[tuple[int, int]]:
    """Walk over the characters one by one."""
    spans, start = [], 0
    for at, character in enumerate(text + "\n"):
        if character == "\n":
            bare = [n for n in range(start, at) if not text[n].isspace()]
            spans.extend([(bare[0], bare[-1] + 1)] if bare else [])
            start = at + 1
    return spans


@given(st.text(alphabet="a \t\n\r\x0b\u2028", max_size=20) | hostile_texts())
def test_lines_are_where_counting_finds_them(text) -> None:
    assert [tuple(line) for line in split_lines(text)[0]] == counted_lines(text)


@given(hostile_texts())
def test_a_line_is_bare_and_inside_its_own_line(text) -> None:
    lines, said = split_lines(text)
    assert said == [text[line.start : line.end] for line in lines]
    assert said == [line.strip() for line in text.split("\n") if line.strip()]


BLOCKS = st.lists(st.text(alphabet="ab.", min_size=1, max_size=5), min_size=1, max_size=5)


@given(BLOCKS, st.data(), st.sampled_from(["\n", "\n\n", "\n\n\n"]))
def test_cutting_a_whole_line_is_leaving_it_out(blocks, data, between) -> None:
    n = data.draw(st.integers(0, len(blocks) - 1))
    text = between.join(blocks)
    start = len(between.join([*blocks[:n], ""]))
    a, b = whole_line(text, start, start + len(blocks[n]))
    assert text[:a] + text[b:] == between.join(blocks[:n] + blocks[n + 1 :])


@given(hostile_texts(), st.data())
def test_a_cut_holds_its_span_and_lies_inside_the_text(text, data) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    a, b = whole_line(text, start, end)
    assert 0 <= a <= start
    assert end <= b <= len(text)
    assert a == 0 or text[a - 1] == "\n" or text[a:].isspace() or b == len(text)
