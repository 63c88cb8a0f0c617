"""Whatever is done to a corpus after it was written, verify names it in a sentence and ends with status 3."""

from __future__ import annotations

import json

import polars as pl
import pytest
from click.testing import CliRunner

from corpus.cli import main


def copydesk(*arguments: object):
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture
def out(tmp_path):
    lines = tmp_path / "in.jsonl"
    records = [{"id": f"p{n}", "text": f"The ferry  sailed {n} times."} for n in range(50)]
    lines.write_text("".join(json.dumps(r) + "\n" for r in records) + "not json\n")
    assert copydesk("run", lines, "-o", tmp_path / "out").exit_code == 0
    return tmp_path / "out"


def shard(out, folder="data"):
    (path,) = (out / folder).iterdir()
    return path


def flip(path, at):
    raw = bytearray(path.read_bytes())
    raw[int(len(raw) * at)] ^= 0xFF
    path.write_bytes(raw)


def rewrite(path, **columns):
    pl.read_parquet(path).with_columns(**columns).write_parquet(path)


TAMPERED = {
    "no shard": (lambda out: shard(out).unlink(), "is missing"),
    "one shard more": (lambda out: (out / "data" / "x.parquet").write_bytes(b""), "not in the manifest"),
    "a shard cut off": (lambda out: shard(out).write_bytes(shard(out).read_bytes()[:999]), "cannot be read"),
    "a byte early": (lambda out: flip(shard(out), 0.1), "checksum differs"),
    "a byte late": (lambda out: flip(shard(out), 0.9), "checksum differs"),
    "no text": (lambda out: rewrite(shard(out), text=pl.lit(None, pl.String)), "it has no text"),
    "another hash": (lambda out: rewrite(shard(out), source_sha256=pl.lit("0" * 64)), "is not its source"),
    "a column less": (lambda out: rewrite(shard(out), extra=pl.lit(1)), "another schema"),
    "no rejects": (lambda out: shard(out, "rejected").unlink(), "rejected/ holds 0"),
    "broken rejects": (lambda out: shard(out, "rejected").write_bytes(b"no"), "rejected/part-"),
    "other rejects": (lambda out: rewrite(shard(out, "rejected"), raw=pl.lit(b"not jsom")), "not those that were"),
    "no inputs": (lambda out: (out / "inputs.parquet").unlink(), "inputs.parquet cannot be read"),
    "other inputs": (lambda out: rewrite(out / "inputs.parquet", rows=pl.lit(1)), "inputs.parquet counts 1 rows"),
    "empty manifest": (lambda out: (out / "manifest.json").write_text("{}"), "is no manifest of copydesk"),
    "no manifest": (lambda out: (out / "manifest.json").unlink(), "no manifest.json"),
    "broken manifest": (lambda out: (out / "manifest.json").write_bytes(b"\xff"), "cannot be read"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_verify_names_what_was_done(out, kind):
    tamper, words = TAMPERED[kind]
    tamper(out)
    verdict = copydesk("verify", out)
    assert verdict.exit_code == 3
    assert words in verdict.output
    assert "defect" not in verdict.output


@pytest.mark.parametrize("kind", ["no shard", "a shard cut off", "no manifest", "empty manifest"])
def test_restore_says_why_it_cannot(out, kind):
    TAMPERED[kind][0](out)
    done = copydesk("restore", out, "--id", "p3")
    assert done.exit_code == 3
    assert done.output.startswith("error: ")
    assert "defect" not in done.output
