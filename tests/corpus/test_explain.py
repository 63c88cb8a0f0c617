"""Explanations tell the same of a document whether it was just cleaned or stands in a corpus, and say what to do."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.explain import Explanation, find_words
from corpus.terminal import tell_explanation
from normalize import Change, presets

STORY = (
    "Share on Facebook\n\nNAIROBI, Kenya (AP) — The  ferry sailed on Tuesday (Wednesday in Manila).\n\n"
    "It rained all day in the harbour.\n\nSign up for our newsletter"
)


def copydesk(*arguments: object, given: str | None = None):
    return CliRunner().invoke(main, [str(a) for a in arguments], input=given)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("explained")
    lines = folder / "in.jsonl"
    records = [{"id": "dry", "text": "Nothing to do."}, {"id": "ferry", "text": STORY, "date": "2019-03-06"}]
    lines.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert copydesk("run", lines, "-o", folder / "out").exit_code == 0
    return lines, folder / "out"


def explained(*arguments: object) -> dict:
    done = copydesk("explain", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_a_corpus_tells_what_its_input_tells(made):
    of_input, of_corpus = (explained(where, "--record", "ferry") for where in made)
    assert of_input["source"] == of_corpus["source"] == STORY
    assert of_input["text"] == of_corpus["text"]
    assert [c["why"] for c in of_input["changes"]] == [c["why"] for c in of_corpus["changes"]]
    spans = [
        {(f["kind"], f["start"], f["text"]) for f in each["annotations"] if f["text"]} for each in (of_input, of_corpus)
    ]
    assert {span for span in spans[0] if span[0] in ("time", "dateline")} <= spans[1]
    zones = {f["value"]["zone"] for f in of_corpus["annotations"] if f["kind"] == "time"}
    assert zones == {"Africa/Nairobi", "Asia/Manila"}


@pytest.mark.parametrize("where", [0, 1])
def test_find_says_which_rule_took_the_words_and_how_to_keep_them(made, where):
    done = copydesk("explain", made[where], "--find", "sign UP for\nour newsletter")
    assert done.exit_code == 0, done.output
    assert "ferry" in done.output.splitlines()[0]
    assert "--disable strip_furniture:newsletter" in done.output
    assert "share" not in done.output.partition("facts")[0]
    done = copydesk("explain", made[where], "--find", "rained all day")
    assert "nothing touched 'rained all day'" in done.output


def test_disabling_the_rule_it_names_keeps_the_words(made):
    done = copydesk("explain", made[0], "--find", "Sign up for", "--disable", "strip_furniture:newsletter")
    assert "nothing touched 'Sign up for'" in done.output


def test_words_that_are_nowhere_are_a_failure_that_says_so(made):
    for where in made:
        done = copydesk("explain", where, "--find", "The volcano")
        assert done.exit_code == 3
        assert "the words 'The volcano'" in done.output
    assert copydesk("explain", made[0], "--find", " ").exit_code == 2


def test_options_of_cleaning_are_refused_for_a_corpus(made):
    done = copydesk("explain", made[1], "--disable", "strip_captions")
    assert done.exit_code == 2
    assert "explain its input" in done.output


def test_a_place_names_a_document_too(made):
    place = explained(made[1], "--record", "ferry")["place"]
    assert place.startswith("in.jsonl#byte=")
    assert explained(made[1], "--record", place)["id"] == "ferry"
    assert copydesk("explain", made[1], "--record", "nobody").exit_code == 3


def test_find_words_counts_in_the_text_as_it_is():
    text = "İt\u00a0rained. IT\nRAINED"
    assert [text[a:b] for a, b in find_words(text, "it rained")] == ["IT\nRAINED"]
    assert find_words("", "it") == []


def plain(found: Explanation, width: int | None) -> list[str]:
    from click import unstyle

    return [unstyle(line) for line in tell_explanation(found, width=width)]


def of_text(text: str) -> Explanation:
    cleaned = presets.news.run(text)
    return Explanation("id", "in.txt", cleaned.source, cleaned.text, cleaned.changes, (), {})


@pytest.mark.parametrize("width", [20, 60, 100])
@pytest.mark.parametrize(
    "text", [STORY, "無人駅に週一度の図書室、  住民が開設" * 9 + "\n\nShare\n", "a\x00b \ud800 c\u202e  d"]
)
def test_no_line_is_wider_than_the_terminal(text, width):
    from wcwidth import wcswidth

    found = of_text(text)
    assert found.changes
    passages = plain(found, width)
    changes = passages[passages.index(next(line for line in passages if "─" in line)) : passages.index("0 facts")]
    if width >= 60:  # a rule's name may be longer than a very narrow terminal
        assert max(wcswidth(line) for line in changes) <= width + 1
    for change in found.changes:
        assert any(change.why[0] in line for line in changes)


def test_a_pipe_gets_two_lines_for_each_change():
    found = of_text(STORY)
    lines = plain(found, None)
    assert "[-Share on Facebook" in "".join(lines)
    assert sum(line.startswith("    ") and "[-" in line for line in lines) == len(found.changes)


def test_what_a_terminal_would_act_on_is_written_out():
    source = "\x1b[31mred\x1b[0m \ud800"
    lines = plain(Explanation("id", "p", source, "", (Change(0, len(source), source, "", ("a:b",)),), (), {}), 80)
    assert "\x1b" not in "".join(lines)
    assert "\ud800" not in "".join(lines)


def test_words_outside_a_page_s_story_are_told_with_their_place(tmp_path):
    page = tmp_path / "page.html"
    story = "<p>The ferry sailed on Tuesday, three hours late, with forty goats and a bishop.</p>" * 4
    page.write_text(
        f"<title>T</title><div id=foot class='low grey'><b>Call us</b> today</div><article>{story}</article>"
    )
    done = copydesk("explain", tmp_path, "--find", "call us TODAY")
    assert done.exit_code == 3
    assert "page.html: 'call us TODAY' stands in body > div#foot.low.grey, which was not taken" in done.output
    done = copydesk("explain", tmp_path, "--find", "nowhere at all")
    assert "no document has the words" in done.output


def test_a_document_that_lost_the_words_is_found_before_one_that_kept_them(tmp_path):
    lines = tmp_path / "in.jsonl"
    kept = "He said: sign up for our newsletter, it is free, and the harbour will be yours for as long as you live."
    lines.write_text(
        "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in (("kept", kept), ("lost", STORY)))
    )
    assert copydesk("run", lines, "-o", tmp_path / "out").exit_code == 0
    for where in (lines, tmp_path / "out"):
        assert copydesk("explain", where, "--find", "sign up for our newsletter").output.startswith("lost ")
        assert copydesk("explain", where, "--find", "the harbour will be yours").output.startswith("kept ")
