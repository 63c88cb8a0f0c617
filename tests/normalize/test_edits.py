"""The algebra of edits against slow, obvious models."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import Change, Edit, EditError, OffsetMap, apply, compose, restore
from normalize.edits import trim

TEXTS = st.text(alphabet="ab \n", max_size=14)
REPLACEMENTS = st.text(alphabet="ab-", max_size=3)


@st.composite
def edits_of(draw, text: str, rule: str = "r"):
    """Draw sorted, disjoint edits of `text`, insertions and touching ones too."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    return [Edit(a, b, draw(REPLACEMENTS), rule) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@st.composite
def runs(draw):
    """Draw a source and the edits of up to four steps, each in the text that the one before it made."""
    source = text = draw(TEXTS)
    rounds = []
    for n in range(draw(st.integers(1, 4))):
        edits = draw(edits_of(text, f"r{n}"))
        rounds.append(edits)
        text = apply(text, edits)
    return source, rounds


@st.composite
def changed(draw):
    """Draw a source and changes of it."""
    source, rounds = draw(runs())
    return source, composed(source, rounds)


def composed(source: str, rounds: list[list[Edit]]) -> list[Change]:
    changes: list[Change] = []
    for n, edits in enumerate(rounds):
        changes = compose(source, changes, edits, f"s{n}")
    return changes


def cells_after(source: str, rounds: list[list[Edit]]) -> list[tuple[str, int | None]]:
    """The model: a text is a list of characters, each with its place in the source, or None when it was put in."""
    cells: list[tuple[str, int | None]] = list(zip(source, range(len(source)), strict=True))
    for edits in rounds:
        for edit in reversed(edits):  # from the end, so that earlier offsets stay right
            cells[edit.start : edit.end] = [(c, None) for c in edit.text]
    return cells


@given(runs())
def test_apply_is_replacing_from_the_end(run) -> None:
    source, rounds = run
    assert apply(source, rounds[0]) == "".join(c for c, _ in cells_after(source, rounds[:1]))


@given(runs())
def test_composed_changes_lead_to_what_the_steps_made_one_after_another(run) -> None:
    source, rounds = run
    wanted = "".join(c for c, _ in cells_after(source, rounds))
    changes = composed(source, rounds)
    assert apply(source, changes) == wanted
    assert restore(wanted, changes) == source


@given(runs())
def test_composed_changes_are_sorted_disjoint_minimal_and_signed(run) -> None:
    source, rounds = run
    last = 0
    for change in composed(source, rounds):
        assert last <= change.start <= change.end <= len(source)
        assert change.removed == source[change.start : change.end]
        assert change.removed != change.text
        assert trim(change.removed, change.text) == (0, 0)
        assert change.why
        assert all(name in {f"s{n}:r{n}" for n in range(len(rounds))} for name in change.why)
        last = change.end


@given(runs())
def test_no_change_touches_a_character_that_every_step_kept(run) -> None:
    source, rounds = run
    kept = {at for _, at in cells_after(source, rounds) if at is not None}
    for change in composed(source, rounds):
        assert kept.isdisjoint(range(change.start, change.end))


@given(runs())
def test_a_single_step_keeps_its_edits_apart(run) -> None:
    source, rounds = run
    effective = [e for e in rounds[0] if source[e.start : e.end] != e.text]
    assert len(compose(source, [], rounds[0], "s")) == len(effective)


@given(changed())
def test_offsets_to_the_clean_text_agree_with_counting(drawn) -> None:
    source, changes = drawn
    offsets = OffsetMap(changes)
    for start in range(len(source)):
        for end in range(start + 1, len(source) + 1):
            assert offsets.to_clean(start, end) == counted_to_clean(source, changes, start, end)


def counted_to_clean(source: str, changes: list[Change], start: int, end: int) -> tuple[int, int] | None:
    if any(c.start < end and c.end > start for c in changes):
        return None
    at = len(apply(source[:start], [c for c in changes if c.end <= start]))
    return at, at + end - start


@given(changed())
def test_offsets_to_the_source_agree_with_counting(drawn) -> None:
    source, changes = drawn
    homes = homes_of(source, changes)
    offsets = OffsetMap(changes)
    for start in range(len(homes)):
        for end in range(start + 1, len(homes) + 1):
            assert offsets.to_source(start, end) == (homes[start][0], homes[end - 1][1])


def homes_of(source: str, changes: list[Change]) -> list[tuple[int, int]]:
    """Return for each clean character the source span it came of: its own, or that of the change that put it in."""
    homes: list[tuple[int, int]] = []
    done = 0
    for c in changes:
        homes += [(at, at + 1) for at in range(done, c.start)]
        homes += [(c.start, c.end)] * len(c.text)
        done = c.end
    return homes + [(at, at + 1) for at in range(done, len(source))]


@given(changed())
def test_a_place_is_where_the_text_before_it_ends(drawn) -> None:
    source, changes = drawn
    offsets = OffsetMap(changes)
    for at in range(len(source) + 1):
        inside = next((c for c in changes if c.start < at < c.end), None)
        end = inside.start if inside else at
        passed = [c for c in changes if c.end <= end and c is not inside]
        assert offsets.place(at) == len(apply(source[:end], passed))


@given(changed())
def test_a_kept_span_comes_home(drawn) -> None:
    source, changes = drawn
    offsets = OffsetMap(changes)
    clean = apply(source, changes)
    for start in range(len(source)):
        for end in range(start + 1, len(source) + 1):
            if span := offsets.to_clean(start, end):
                assert clean[slice(*span)] == source[start:end]
                assert offsets.to_source(*span) == (start, end)


@given(st.text(alphabet="ab", max_size=8), st.text(alphabet="ab", max_size=8))
def test_trim_takes_all_that_is_shared_and_no_more(removed, text) -> None:
    head, tail = trim(removed, text)
    assert removed[:head] == text[:head]
    assert head + tail <= min(len(removed), len(text))
    assert removed[len(removed) - tail :] == text[len(text) - tail :]
    a, b = removed[head : len(removed) - tail], text[head : len(text) - tail]
    assert not (a and b and (a[0] == b[0] or a[-1] == b[-1]))


def test_the_first_author_is_who_removed_most() -> None:
    little = compose("abcdef", [], [Edit(1, 2, "x", "one")], "little")
    both = compose("abcdef", little, [Edit(0, 5, "", "all")], "much")
    assert both == [Change(0, 5, "abcde", "", ("much:all", "little:one"))]
    much = compose("abcdef", [], [Edit(0, 5, "xy", "all")], "much")
    assert compose("abcdef", much, [Edit(1, 2, "z", "one")], "little")[0].why == ("much:all", "little:one")


def test_the_score_is_that_of_the_first_author() -> None:
    first = compose("abcdef", [], [Edit(0, 3, "x", "cut", 0.5)], "a")
    assert compose("abcdef", first, [Edit(0, 1, "", "rest", 0.9)], "b")[0].score == 0.5


def test_touching_edits_of_two_steps_stay_two_changes() -> None:
    first = compose("abcd", [], [Edit(0, 2, "", "head")], "a")
    assert compose("abcd", first, [Edit(0, 2, "", "tail")], "b") == [
        Change(0, 2, "ab", "", ("a:head",)),
        Change(2, 4, "cd", "", ("b:tail",)),
    ]


def test_an_edit_over_a_place_where_something_was_cut_takes_the_cut_in() -> None:
    cut = compose("a--b", [], [Edit(1, 3, "", "dash")], "a")
    assert compose("a--b", cut, [Edit(0, 2, "", "both")], "b") == [Change(0, 4, "a--b", "", ("b:both", "a:dash"))]


def test_an_edit_that_changes_nothing_leaves_no_change() -> None:
    assert compose("abc", [], [Edit(1, 2, "b", "same")], "a") == []


@pytest.mark.parametrize(
    "edits",
    [[Edit(2, 1, "", "r")], [Edit(0, 2, "", "r"), Edit(1, 3, "", "r")], [Edit(3, 5, "", "r")], [Edit(-1, 1, "", "r")]],
)
def test_edits_that_do_not_fit_are_refused(edits) -> None:
    with pytest.raises(EditError):
        apply("abcd", edits)
    with pytest.raises(EditError):
        compose("abcd", [], edits, "step")


def test_changes_of_another_text_are_refused() -> None:
    with pytest.raises(EditError):
        restore("abc", [Change(0, 1, "x", "q", ("s:r",))])
    with pytest.raises(EditError):
        restore("ab", [Change(5, 6, "x", "", ("s:r",)), Change(1, 2, "x", "", ("s:r",))])
