"""Two runs are compared document by document and rule by rule."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.compare import compare


def copydesk(*arguments: object):
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    source = folder / "in.jsonl"
    texts = {"a": "One  two.", "b": "OSLO (AP) — It  rained.", "c": "Nothing to do."}
    source.write_text("".join(json.dumps({"id": k, "text": v}) + "\n" for k, v in texts.items()))
    less = folder / "less.jsonl"
    less.write_text("".join(json.dumps({"id": k, "text": v}) + "\n" for k, v in texts.items() if k != "c"))
    made = {}
    for name, options in {"left": (), "right": ("--disable", "collapse_spaces"), "again": ()}.items():
        made[name] = folder / name
        assert copydesk("run", source, "-o", made[name], *options).exit_code == 0
    made["less"] = folder / "lesser"
    assert copydesk("run", less, "-o", made["less"]).exit_code == 0
    return made


def test_a_disabled_rule_shows_with_the_documents_it_changed(corpora):
    found = compare(corpora["left"], corpora["right"])
    assert found.rules.rows() == [("collapse_spaces:run", 2, 0)]
    assert (found.documents, found.texts, found.only_left, found.only_right) == (3, 2, 0, 0)
    assert found.samples["id"].to_list() == ["a", "b"]


def test_the_same_run_twice_does_not_differ(corpora):
    assert compare(corpora["left"], corpora["again"]).same


def test_documents_that_one_corpus_lacks_are_counted(corpora):
    found = compare(corpora["left"], corpora["less"])
    assert (found.only_left, found.only_right, found.documents) == (1, 0, 2)


def test_the_command_tells_it(corpora):
    told = copydesk("diff", corpora["left"], corpora["right"])
    assert told.exit_code == 0, told.output
    assert "collapse_spaces:run" in told.output
    plain = json.loads(copydesk("diff", corpora["left"], corpora["right"], "--json").output)
    assert plain["rules"] == [{"rule": "collapse_spaces:run", "left": 2, "right": 0}]
    assert "no difference" in copydesk("diff", corpora["left"], corpora["again"]).output
    assert copydesk("diff", corpora["left"], corpora["left"].parent).exit_code == 3
