"""Steps: calls, options, guards, pickling, answers, settling."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize import (
    UNKNOWN,
    Annotation,
    Edit,
    Editor,
    Facts,
    Guard,
    OffsetMap,
    Reader,
    Span,
    StepError,
    apply,
    collapse_spaces,
    compose,
    every,
    first,
    presets,
    settle,
    step,
)
from normalize.steps import known_in, placed


@step(guard=Guard(literals=("!",)))
def drop_marks(text, *, known=UNKNOWN, most=0, mark="!"):
    """Drop all marks but the first `most`."""
    for found in list(re.finditer(re.escape(mark), text))[most:]:
        yield Edit(*found.span(), "", "mark")


@step(provides=("time",), answer=every(Span))
def find_digits(text, *, known=UNKNOWN):
    """Find digits."""
    for found in re.finditer("[0-9]", text):
        yield Annotation(*found.span(), "time", Span(found[0], *found.span()))


@step(provides=("title",), answer=first(str))
def read_first_line(text, *, known=UNKNOWN):
    """Read the first line."""
    if "\n" in text:
        yield Annotation(0, text.index("\n"), "title", text[: text.index("\n")])


@step()
@settle(passes=2)
def strip_marks(text, *, known=UNKNOWN, mark=">"):
    """Strip marks from the head, one a pass."""
    if text.startswith(mark):
        yield Edit(0, 1, "", "mark")


def test_an_editor_called_returns_the_edited_text() -> None:
    assert isinstance(drop_marks, Editor)
    assert drop_marks("No! No!") == "No No"
    assert drop_marks(text="No!") == "No"


def test_a_reader_called_returns_what_it_read() -> None:
    assert isinstance(find_digits, Reader)
    assert find_digits("a1b2") == [Span("1", 1, 2), Span("2", 3, 4)]
    assert read_first_line("Title\nrest") == "Title"
    assert read_first_line("no line end") is None


def test_an_option_of_a_call_is_an_option_of_a_copy() -> None:
    assert drop_marks("!!!", most=2) == drop_marks.using(most=2)("!!!") == "!!"
    assert drop_marks.using(most=2).using(mark="?").options == {"most": 2, "mark": "?"}
    assert drop_marks.options == {}


def test_an_option_set_back_to_its_default_is_no_option() -> None:
    assert drop_marks.using(most=2).using(most=0) == drop_marks
    assert drop_marks.defaults == {"most": 0, "mark": "!"}


@pytest.mark.parametrize("use", [lambda: drop_marks("x", moast=1), lambda: drop_marks.using(moast=1)])
def test_an_unknown_option_is_refused_with_the_choices(use) -> None:
    with pytest.raises(StepError, match=r"drop_marks has no option 'moast'; it has 'most', 'mark'"):
        use()


def test_steps_compare_and_hash_by_name_and_options() -> None:
    assert drop_marks.using(most=1) == drop_marks.using(most=1) != drop_marks
    assert len({drop_marks, drop_marks.using(most=0), collapse_spaces}) == 2
    assert drop_marks != "drop_marks"


def test_a_repr_shows_options_in_order_and_evaluates_back() -> None:
    configured = drop_marks.using(most=1, mark="?")
    assert repr(configured) == "drop_marks.using(mark='?', most=1)"
    assert eval(repr(configured)) == configured
    assert repr(drop_marks) == "drop_marks"


@pytest.mark.parametrize("each", [drop_marks, drop_marks.using(most=1), find_digits, read_first_line])
def test_a_pickle_is_a_name_and_options(each) -> None:
    back = pickle.loads(pickle.dumps(each))
    assert back == each
    assert type(back) is type(each)
    assert back("1! 2!\n3") == each("1! 2!\n3")
    assert len(pickle.dumps(each)) < 250


def test_a_pickle_of_what_is_no_step_is_refused() -> None:
    broken = pickle.dumps(drop_marks).replace(b"drop_marks", b"SOME_VALUE")
    with pytest.raises(StepError, match="is no step"):
        pickle.loads(broken)


SOME_VALUE = 1


def test_a_reader_without_an_answer_is_refused() -> None:
    with pytest.raises(StepError, match="needs an answer"):
        Reader(find_digits.function, (), (), None, {}, None)


def test_a_quiet_guard_spares_a_call_the_work() -> None:
    seen = []

    @step(guard=Guard(literals=("!",)))
    def drop_seen(text, *, known=UNKNOWN):
        seen.append(text)
        yield from ()

    drop_seen("quiet")
    drop_seen("loud!")
    assert seen == ["loud!"]


GUARDS = [
    (Guard(literals=("ab", "\t")), lambda text: "ab" in text or "\t" in text),
    (Guard(pattern="[0-9]b"), lambda text: re.search("[0-9]b", text) is not None),
    (Guard(longer_than=5), lambda text: len(text) > 5),
    (Guard(literals=("a",), pattern="b", longer_than=9), lambda text: "a" in text or "b" in text or len(text) > 9),
]


@pytest.mark.parametrize("n", range(len(GUARDS)))
@given(text=st.text(alphabet="ab1\t ", max_size=12))
def test_a_guard_fires_on_any_of_its_signs(n, text) -> None:
    guard, fires = GUARDS[n]
    assert guard.quiet(text) is not fires(text)


def test_settling_finds_again_until_nothing_is_found() -> None:
    assert strip_marks(">>rest") == "rest"
    assert [e[:3] for e in strip_marks.find(">>rest")] == [(0, 1, ""), (1, 2, "")]
    assert strip_marks("??rest", mark="?") == "rest"


def test_what_does_not_settle_is_left_alone_with_a_note() -> None:
    assert strip_marks(">>>rest") == ">>>rest"
    assert list(strip_marks.find(">>>rest")) == [Annotation(None, None, "note", "unsettled")]


@given(st.text(alphabet="> a", max_size=6))
def test_both_ends_of_settling_are_fixed_points(text) -> None:
    assert strip_marks(strip_marks(text)) == strip_marks(text)


def test_settling_gives_annotations_of_later_passes_in_the_offsets_of_the_source() -> None:
    @step(provides=("time",))
    @settle()
    def strip_and_say(text, *, known=UNKNOWN):
        if text.startswith(">"):
            yield Edit(0, 1, "", "mark")
        else:
            yield Annotation(0, 1, "time", Span(text[:1], 0, 1))

    found = list(strip_and_say.find(">>a"))
    assert found[-1] == Annotation(2, 3, "time", Span("a", 2, 3))


def test_settling_carries_what_is_known_along() -> None:
    seen = []

    @step(reads=("title",))
    @settle()
    def strip_titled(text, *, known=UNKNOWN):
        seen.append(known.found("title"))
        if text.startswith(">"):
            yield Edit(0, 1, "", "mark")

    title = Annotation(2, 3, "title", "a")
    list(strip_titled.find(">>a", Facts(annotations={"title": (title,)})))
    assert [items[0].start for items in seen] == [2, 1, 0]


def test_a_known_span_that_was_cut_is_dropped_and_a_placeless_one_kept() -> None:
    changes = compose("abcdef", [], [Edit(0, 2, "", "cut")], "s")
    facts = Facts(
        annotations={
            "title": (
                Annotation(0, 3, "title", "abc"),
                Annotation(3, 5, "title", "de"),
                Annotation(None, None, "title", "x"),
            )
        }
    )
    carried = known_in(facts, OffsetMap(changes), apply("abcdef", changes))
    assert carried.found("title") == (Annotation(1, 3, "title", "de"), Annotation(None, None, "title", "x"))


def test_a_found_span_is_placed_in_the_source_with_the_words_that_stand_there() -> None:
    changes = compose("a--b c", [], [Edit(1, 3, "—", "dash")], "s")
    item = Annotation(0, 3, "time", Span("a—b", 0, 3))
    assert placed(item, OffsetMap(changes), "a--b c") == Annotation(0, 4, "time", Span("a--b", 0, 4))


def test_a_known_span_that_was_repaired_inside_is_carried() -> None:
    """A no-break space made a space leaves "MANILA (AP) —" a dateline; a cut at its edge does not."""
    source = "x MANILA\N{NO-BREAK SPACE}— The"
    changes = compose(source, [], [Edit(0, 2, "", "cut"), Edit(8, 9, " ", "space")], "s")
    facts = Facts(annotations={"dateline": (Annotation(2, 10, "dateline", Span(source[2:10], 2, 10)),)})
    carried = known_in(facts, OffsetMap(changes), apply(source, changes))
    assert carried.found("dateline") == (Annotation(0, 8, "dateline", Span("MANILA —", 0, 8)),)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("strip_furniture", {"phrases": "one line"}, r"phrases must be tuple\[str, ...\], not 'one line'"),
        ("strip_furniture", {"phrases": (1,)}, r"phrases must be tuple\[str, ...\], not \(1,\)"),
        ("identify_language", {"engine": "guess"}, "engine must be 'cld2' or 'langdetect', not 'guess'"),
        ("read_dateline", {"threshold": "high"}, "threshold must be float, not 'high'"),
        ("read_dateline", {"threshold": True}, "threshold must be float, not True"),
    ],
)
def test_an_option_of_the_wrong_kind_is_refused_when_it_is_set(name, options, words):
    with pytest.raises(StepError, match=words):
        presets.STEPS[name].using(**options)


def test_options_of_the_right_kind_are_taken():
    assert presets.STEPS["read_dateline"].using(threshold=1).options == {"threshold": 1}
    assert presets.STEPS["strip_furniture"].using(phrases=("a",)).options == {"phrases": ("a",)}
