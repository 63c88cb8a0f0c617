"""The command's exit status tells the truth, whatever happens inside."""

from __future__ import annotations

import polars as pl
import pytest
from click.testing import CliRunner

import corpus.verify
from corpus.cli import main


def copydesk(*arguments: object, given: bytes | None = None):
    return CliRunner().invoke(main, [str(a) for a in arguments], input=given)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (RuntimeError("no such case"), 3, "this is a defect of copydesk: RuntimeError: no such case"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (PermissionError(13, "Permission denied", "OUT/manifest.json"), 3, "OUT/manifest.json: Permission denied"),
    ],
)
def test_what_nobody_foresaw_is_a_failure_and_no_rejects(tmp_path, monkeypatch, error, status, words):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(corpus.verify, "read_manifest", fail)
    done = copydesk("verify", tmp_path)
    assert done.exit_code == status
    assert words in done.output


def test_wrong_usage_is_2():
    assert copydesk("run").exit_code == 2
    assert copydesk("clean").exit_code == 2
    assert copydesk("--version").exit_code == 0


def test_standard_input_is_one_text_for_the_preset_decode(tmp_path):
    done = copydesk("run", "-", "-o", tmp_path / "out", "--preset", "decode", given=b'{"text": "Left as it is."}\n')
    assert done.exit_code == 0, done.output
    frame = pl.read_parquet(tmp_path / "out" / "data" / "*.parquet")
    assert frame["text"].to_list() == ['{"text": "Left as it is."}\n']


def test_explain_says_why_a_record_was_rejected(tmp_path):
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"text": "Good."}\n{"text": 5}\n')
    done = copydesk("explain", lines, "--record", "byte=18")
    assert done.exit_code == 3
    assert "in.jsonl#byte=18: text is a number (5), not a string" in done.output
    assert "no record 'byte=7'" in copydesk("explain", lines, "--record", "byte=7").output
