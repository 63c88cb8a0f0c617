"""Pipelines: order, what steps may know, disabling, and a trail that leads home."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from normalize import (
    UNKNOWN,
    Annotation,
    Change,
    Edit,
    Facts,
    Guard,
    Pipeline,
    PipelineError,
    Span,
    apply,
    collapse_spaces,
    first,
    presets,
    step,
)
from normalize.pipeline import FACTS
from normalize.testing import hostile_texts

SEEN: list[Facts] = []


@step(provides=("title",), answer=first(str))
def read_head(text, *, known=UNKNOWN):
    """Read what stands before a colon."""
    if ":" in text:
        yield Annotation(0, text.index(":"), "title", text[: text.index(":")])


@step(reads=("title",))
def strip_head(text, *, known=UNKNOWN):
    """Strip the title that was read, and the colon."""
    SEEN.append(known)
    for title in known.found("title") or ():
        yield Edit(title.start, title.end + 1, "", "head")


@step()
def fix_dashes(text, *, known=UNKNOWN):
    """Make two hyphens a dash."""
    for found in re.finditer("--", text):
        yield Edit(*found.span(), "—", "dash")


@step(provides=("time",), answer=first(Span))
def find_days(text, *, known=UNKNOWN):
    """Find Tuesdays."""
    for found in re.finditer("Tuesday", text):
        yield Annotation(*found.span(), "time", Span(found[0], *found.span()))


@step(guard=Guard(literals=("!",)), provides=("tag",), answer=first(str))
def read_marks(text, *, known=UNKNOWN):
    """Read marks."""
    for found in re.finditer("!", text):
        yield Annotation(*found.span(), "tag", "!")


@step(reads=("tag",))
def strip_marks(text, *, known=UNKNOWN):
    """Strip the marks that were read."""
    SEEN.append(known)
    for tag in known.found("tag") or ():
        yield Edit(tag.start, tag.end, "", "mark")


WHOLE = Pipeline((collapse_spaces, fix_dashes, read_head, find_days, strip_head))


def test_a_run_keeps_text_changes_annotations_facts_and_who_entered() -> None:
    cleaned = WHOLE.run("Head:  on--Tuesday")
    assert cleaned.text == " on—Tuesday"
    assert cleaned.changes == (
        Change(0, 5, "Head:", "", ("strip_head:head",)),
        Change(6, 7, " ", "", ("collapse_spaces:run",)),
        Change(9, 11, "--", "—", ("fix_dashes:dash",)),
    )
    assert cleaned.annotations == (
        Annotation(0, 4, "title", "Head"),
        Annotation(11, 18, "time", Span("Tuesday", 11, 18)),
    )
    assert cleaned.facts.title == "Head"
    assert cleaned.entered == ("collapse_spaces", "fix_dashes", "read_head", "find_days", "strip_head")
    assert cleaned.restore() == "Head:  on--Tuesday"
    assert cleaned.offsets().to_clean(11, 18) == (4, 11)
    assert cleaned.offsets().to_clean(0, 4) is None


@given(hostile_texts())
def test_a_run_equals_the_steps_one_after_another(text) -> None:
    wanted = text
    for stage in (collapse_spaces, fix_dashes):
        wanted = apply(wanted, stage.find(wanted))
    cleaned = Pipeline((collapse_spaces, fix_dashes)).run(text)
    assert cleaned.text == wanted
    assert cleaned.restore() == text


def test_a_step_sees_annotations_in_the_offsets_of_its_own_text() -> None:
    SEEN.clear()
    Pipeline((read_head, collapse_spaces, strip_head)).run("A title:  rest")
    assert SEEN[0].found("title") == (Annotation(0, 7, "title", "A title"),)
    SEEN.clear()
    Pipeline((read_marks, collapse_spaces, strip_marks)).run("a  b!")
    assert SEEN[0].found("tag") == (Annotation(3, 4, "tag", "!"),)


def test_a_step_sees_only_what_it_reads() -> None:
    SEEN.clear()
    Pipeline((read_head, read_marks, strip_marks)).run("a: b!")
    assert SEEN[0].found("title") is None
    assert SEEN[0].title == "a"


def test_looked_for_and_not_found_is_not_the_same_as_not_looked_for() -> None:
    SEEN.clear()
    Pipeline((read_marks, strip_marks)).run("none")
    Pipeline((strip_marks,)).run("none")
    assert [known.found("tag") for known in SEEN] == [(), None]


def test_the_record_knows_better_than_the_text() -> None:
    assert WHOLE.run("Head: x", Facts(title="Record")).facts.title == "Record"


def test_only_the_first_annotation_of_a_kind_becomes_a_fact() -> None:
    @step(provides=("title",), answer=first(str))
    def read_words(text, *, known=UNKNOWN):
        for found in re.finditer(r"\w+", text):
            yield Annotation(*found.span(), "title", found[0])

    assert Pipeline((read_words,)).run("one two").facts.title == "one"


def test_guards_speak_of_the_text_as_it_stands() -> None:
    cleaned = Pipeline((fix_dashes, read_marks)).run("a--b")
    assert cleaned.entered == ("fix_dashes",)
    assert Pipeline((read_marks,)).run("a!").entered == ("read_marks",)


def test_a_step_is_not_asked_to_cut_what_nobody_found() -> None:
    asked = []

    @step(reads=("title",), cuts=("title",))
    def strip_title(text, *, known=UNKNOWN):
        asked.append(text)
        for title in known.found("title") or ():
            yield Edit(title.start, title.end + 1, "", "head")

    both = Pipeline((read_head, strip_title))
    assert both.run("Head:tail").text == "tail"
    assert both.run("no head").entered == ("read_head",)
    assert Pipeline((strip_title,)).run("alone").entered == ("strip_title",)  # nobody looked
    assert asked == ["Head:tail", "alone"]


def test_a_run_led_step_by_step_equals_a_run() -> None:
    text = "a!  b--c"
    run = Pipeline((collapse_spaces, fix_dashes, read_marks)).begin(text)
    run.advance((collapse_spaces,), quiet=())
    run.advance((fix_dashes, read_marks), quiet=("read_marks",))  # told of the source; asked again after an edit
    assert run.finish() == Pipeline((collapse_spaces, fix_dashes, read_marks)).run(text)


def test_a_disabled_step_and_a_disabled_rule_do_nothing() -> None:
    text = "a--b  c"
    assert Pipeline((fix_dashes, collapse_spaces), frozenset({"fix_dashes"})).run(text).text == "a--b c"
    assert Pipeline((fix_dashes, collapse_spaces), frozenset({"fix_dashes:dash"})).run(text).text == "a--b c"
    assert "fix_dashes" not in Pipeline((fix_dashes,), frozenset({"fix_dashes"})).run(text).entered


def test_a_disabled_reader_counts_as_having_looked() -> None:
    SEEN.clear()
    Pipeline((read_marks, strip_marks), frozenset({"read_marks"})).run("a!")
    assert SEEN[0].found("tag") == ()


@step(reads=("nothing_of_the_kind",))
def strip_lost(text, *, known=UNKNOWN):
    """Read what nobody provides."""
    yield from ()


@pytest.mark.parametrize(
    ("steps", "disabled", "says"),
    [
        ((strip_head, read_head), (), "strip_head reads 'title', which read_head provides only after it"),
        ((strip_lost,), (), "strip_lost reads 'nothing_of_the_kind', which nothing provides; there are"),
        ((fix_dashes, fix_dashes), (), "step 'fix_dashes' stands in the pipeline twice"),
        ((fix_dashes,), ("fix_dash",), "cannot disable 'fix_dash': no such step; the steps are fix_dashes"),
        (
            (collapse_spaces,),
            ("collapse_spaces:line",),
            "cannot disable 'collapse_spaces:line': collapse_spaces has no such rule; its rules are run",
        ),
    ],
)
def test_a_pipeline_that_cannot_work_is_refused_when_built(steps, disabled, says) -> None:
    with pytest.raises(PipelineError, match=re.escape(says)):
        Pipeline(steps, frozenset(disabled))


def test_every_fact_that_annotations_fill_is_a_field_of_facts() -> None:
    assert FACTS["title"]("words") == {"title": "words"}
    assert set(FACTS) <= {"published", "dateline", "language", "title"}


def test_a_flood_of_edits_is_kept_as_fewer_changes_that_restore_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from normalize import pipeline as module

    monkeypatch.setattr(module, "MANY_EDITS", 10)
    text = "a  b" * 2000 + " " * 40 + "c" * 100 + "  d"
    cleaned = Pipeline((collapse_spaces,)).run(text)
    assert cleaned.text == collapse_spaces(text)
    assert cleaned.restore() == text
    assert len(cleaned.changes) < 50
    assert all(change.end - change.start <= 600 for change in cleaned.changes)


@pytest.mark.parametrize("soiled", ["The pier.\n\u200d\u2028", "\u200d\u202eThe pier.", "The pier.\u200c\ue000"])
def test_a_joiner_beside_something_that_goes_does_not_outlive_it(soiled):
    done = presets.text.run(soiled).text
    assert done == "The pier."
    assert presets.text.run(done).text == done


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("\xad\xc3\xa9 caf\xad\xc3\xa9s", "é cafés"),  # soft hyphens in front of mojibake
        ("x \xc3\t y", "x à y"),  # a tab that was a no-break space
        ("e\u0301\u200dx", "éx"),  # a joiner after a letter in two characters
    ],
)
@pytest.mark.parametrize("preset", [presets.text, presets.news])
def test_repairs_come_to_rest_in_one_run(preset: Pipeline, source: str, clean: str) -> None:
    cleaned = preset.run(source)
    assert (cleaned.text, preset.run(clean).text, cleaned.restore()) == (clean, clean, source)
    assert len(set(cleaned.entered)) == len(cleaned.entered)
