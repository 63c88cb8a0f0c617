"""A batch does what the pipeline does to each text alone, whatever its size and order."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.batch import clean_batch
from corpus.document import SCHEMA
from corpus.guards import find_quiet, guard_expression
from corpus.verify import restore_row
from normalize import Edit, Facts, Guard, Pipeline, presets, step
from normalize.testing import hostile_texts, known_facts, pages

TEXTS = st.one_of(pages().map(lambda page: page.text), hostile_texts())
PRESETS = sorted(presets.PRESETS)


def without_guards(pipeline: Pipeline) -> Pipeline:
    """The same steps, always run: the slow and obvious way."""
    bare = tuple(s._copy(s.options) for s in pipeline.steps)
    for one in bare:
        one.guard = None
    return Pipeline(bare)


def told(cleaned):
    return cleaned.text, cleaned.changes, cleaned.annotations


@pytest.mark.parametrize("name", PRESETS)
@given(text=TEXTS, data=st.data())
def test_skipping_quiet_steps_equals_running_them_on_every_prefix(name, text, data):
    steps = presets.PRESETS[name].steps
    prefix = Pipeline(steps[: data.draw(st.integers(1, len(steps)))])
    assert told(prefix.run(text)) == told(without_guards(prefix).run(text))


@given(texts=st.lists(TEXTS, max_size=6))
def test_native_guards_say_what_the_guards_say(texts):
    steps = presets.news.steps
    for text, quiet in zip(texts, find_quiet(texts, steps), strict=True):
        if quiet is not None:
            assert quiet == {s.name for s in steps if s.guard is not None and s.guard.quiet(text)}


@pytest.mark.parametrize("name", PRESETS)
@given(documents=st.lists(st.tuples(TEXTS, known_facts()), max_size=5), data=st.data())
def test_a_batch_is_each_text_alone_in_any_order_and_size(name, documents, data):
    pipeline = presets.PRESETS[name]
    batch = clean_batch([t for t, _ in documents], [k for _, k in documents], pipeline=pipeline)
    failed = {failure.index: failure.reason for failure in batch.failures}
    assert all("lone surrogate" in reason for reason in failed.values())
    documents = [document for n, document in enumerate(documents) if n not in failed]
    for row, (text, known) in zip(batch.columns.iter_rows(named=True), documents, strict=True):
        alone = pipeline.run(text, known)
        assert row["text"] == alone.text
        assert len(row["changes"]) == len(alone.changes)
        assert restore_row(row) == text
        assert clean_batch([text], [known], pipeline=pipeline).columns.row(0, named=True) == row
    order = data.draw(st.permutations(range(len(documents))))
    shuffled = clean_batch([documents[n][0] for n in order], [documents[n][1] for n in order], pipeline=pipeline)
    assert shuffled.columns.equals(batch.columns[order] if order else batch.columns)


def is_native(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_a_failing_document_is_named_and_holds_up_no_other():
    @step(guard=Guard(literals=("bomb",)))
    def drop_bombs(text, *, known=None):
        raise RuntimeError("boom")
        yield Edit(0, 0, "", "none")

    batch = clean_batch(["fine", "a bomb", "fine too", "half \ud800"], pipeline=Pipeline((drop_bombs,)))
    assert batch.columns["text"].to_list() == ["fine", "fine too"]
    assert [(f.index, f.reason.split(":")[0]) for f in batch.failures] == [
        (1, "cleaning failed"),
        (3, "cleaning failed"),
    ]
    assert "RuntimeError: boom" in batch.failures[0].reason


def test_an_empty_batch_has_all_the_columns():
    columns = clean_batch([]).columns
    assert columns.height == 0
    assert {name: columns.schema[name] for name in columns.columns} == {name: SCHEMA[name] for name in columns.columns}


@given(
    text=st.text(),
    guard=st.sampled_from(
        [Guard(literals=("a", "bb")), Guard(literals=("é",)), Guard(pattern="[0-9]{2}|x"), Guard(longer_than=3)]
    ),
)
@settings(max_examples=200)
def test_a_guard_means_the_same_in_both_engines(text, guard):
    if is_native(text):
        fires = pl.DataFrame({"t": [text]}).select(guard_expression(guard, pl.col("t"))).item()
        assert fires == (not guard.quiet(text))


def test_what_the_record_says_outranks_what_the_text_says():
    from datetime import date

    from normalize.calendar import DateInterval, Moment
    from normalize.evidence import Claim

    text = "date 2019-03-06 The fair opened in the rain, and nobody minded."
    said = Claim("record", Moment(DateInterval.of(date(2019, 3, 5))), "2019-03-05")
    known = Facts(published=said.moment.days)
    row = clean_batch([text], [known], claims=[[said]]).columns.row(0, named=True)
    assert (row["published"], row["published_from"]) == (date(2019, 3, 5), "record")
    assert [e["from"] for e in row["evidence"]] == ["inline"]
    alone = clean_batch([text]).columns.row(0, named=True)
    assert (alone["published"], alone["published_from"]) == (date(2019, 3, 6), "inline")


def test_what_a_page_says_of_its_story_fills_columns():
    """The section, the standfirst, the topics and what was corrected, of a text that is no HTML."""
    story = "The council met on Friday and would not say what it had decided on the harbour and the ferries.\n\n"
    head = "Home > News > Politics\n\nCouncil Silent After Meeting On Harbour\n\nNo word of ferries, fees or who pays\n\nBy Jane Doe\n\n"
    tail = "Tags: harbour, ferries\n\n(This Nov 12 story corrects paragraph 3)"
    row = clean_batch([head + story * 2 + tail], [Facts(title="Council Silent After Meeting On Harbour")]).columns
    assert row["section"].to_list() == ["Politics"]
    assert row["standfirst"].to_list() == ["No word of ferries, fees or who pays"]
    assert row["tags"].to_list() == [["harbour", "ferries"]]
    assert '"sort": "correction"' in next(a["value"] for a in row["annotations"][0] if a["kind"] == "notice")


@given(text=st.text(st.characters(max_codepoint=127)))
@settings(max_examples=300)
def test_a_guard_that_needs_more_than_ascii_is_quiet_on_ascii(text):
    for one in presets.STEPS.values():
        if one.guard is not None and one.guard.beyond_ascii:
            searched = Guard(one.guard.pattern, one.guard.literals, one.guard.longer_than)
            assert searched.quiet(text) == one.guard.quiet(text)
