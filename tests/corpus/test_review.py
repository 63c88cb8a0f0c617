"""What a person says of learnt lines is kept, asked once, and what `run` cuts."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.learn import read_templates
from corpus.review import read_review

TOML = """
[sites."gull.example"]
pages = 10
lines = [
  { pages = 9, text = "Your \\"Daily\\" Gull" },
  { pages = 5, text = "It was a quiet night" },
  { pages = 4, text = "Call \\u200b us" },
]

[sites."tern.example"]
pages = 4
lines = [
  { pages = 4, text = "Tern times" },
]
"""


def copydesk(*arguments: object, keys: str = ""):
    return CliRunner().invoke(main, [str(a) for a in arguments], input=keys)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "furniture.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def verdicts(path):
    return {line.text: line.verdict for line in read_review(path).lines}


def test_verdicts_are_kept_and_run_reads_them(file):
    done = copydesk("review", file, keys="ynq")
    assert done.exit_code == 0, done.output
    assert "1 lines to cut, 1 to leave, 2 not judged" in done.output
    assert verdicts(file)['Your "Daily" Gull'] == "accepted"
    assert verdicts(file)["It was a quiet night"] == "refused"
    assert set(read_templates(file).lines("gull.example")) == {"your daily gull", "call us"}


def test_what_was_judged_is_not_asked_again(file):
    copydesk("review", file, keys="ynq")
    done = copydesk("review", file, keys="yy")
    assert "quiet night" not in done.output
    assert "3 lines to cut, 1 to leave, 0 not judged" in done.output
    before = file.read_bytes()
    assert "0 not judged" in copydesk("review", file).output
    assert file.read_bytes() == before


def test_back_takes_a_verdict_back_and_all_is_of_one_site(file):
    copydesk("review", file, keys="nbaq")
    assert verdicts(file) == dict.fromkeys(
        ['Your "Daily" Gull', "It was a quiet night", "Call \u200b us"], "accepted"
    ) | {"Tern times": None}


def test_another_key_explains_the_keys(file):
    done = copydesk("review", file, keys="xq")
    assert done.output.count("save and stop") == 2
    assert set(verdicts(file).values()) == {None}


def test_the_list_asks_nothing_and_writes_nothing(file):
    done = copydesk("review", file, "--list")
    assert done.exit_code == 0
    assert "open" in done.output
    assert "\\u200b" in done.output, "what nobody could see is written out"
    assert file.read_text(encoding="utf-8") == TOML


def test_what_is_no_furniture_is_refused(tmp_path):
    path = tmp_path / "other.toml"
    path.write_text("preset = 'news'")
    assert copydesk("review", path).exit_code == 2


def test_from_learning_to_a_corpus_without_the_line(tmp_path):
    lines = tmp_path / "in.jsonl"
    stories = [f"The harbour of place {n} opened on a calm morning with {n} boats and a band." for n in range(6)]
    lines.write_text(
        "".join(json.dumps({"site": "gull.example", "text": f"{s}\n\nOur gull speaks\n"}) + "\n" for s in stories)
    )
    found = tmp_path / "furniture.toml"
    assert copydesk("learn", lines, "-o", found).exit_code == 0
    assert copydesk("review", found, keys="y" * 9).exit_code == 0
    assert verdicts(found)["Our gull speaks"] == "accepted"
    out = tmp_path / "out"
    assert copydesk("run", lines, "-o", out, "--furniture", found).exit_code == 0
    told = copydesk("explain", out, "--find", "Our gull speaks").output
    assert "strip_furniture:site touched it" in told
    told = copydesk("explain", lines, "--find", "Our gull speaks", "--furniture", found).output
    assert "strip_furniture:site touched it" in told
    assert copydesk("run", lines, "-o", tmp_path / "no", "--furniture", lines).exit_code == 2
