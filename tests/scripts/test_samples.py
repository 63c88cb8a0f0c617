"""The samples: what they are, and what the main job makes of them."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "scripts" / "samples"
COPYDESK = [sys.executable, "-c", "from corpus.cli import main; main()"]
# What the samples hold, by file or suffix; of the JSON lines one breaks off and one has no text.
RECORDS = {".txt": 26, ".html": 4, "records.jsonl": 8, "records.csv": 3, "wire.jsonl.gz": 4, "wire.parquet": 4}
REJECTED = 2


def test_the_samples_are_what_the_accounts_say() -> None:
    files = [p for p in SAMPLES.rglob("*") if p.is_file()]
    counted = {
        ".txt": sum(p.suffix == ".txt" for p in files),
        ".html": sum(p.suffix == ".html" for p in files),
        "records.jsonl": len((SAMPLES / "records.jsonl").read_bytes().splitlines()),
        "records.csv": len(list(csv.DictReader(StringIO((SAMPLES / "records.csv").read_bytes().decode())))),
        "wire.jsonl.gz": len(gzip.decompress((SAMPLES / "wire.jsonl.gz").read_bytes()).splitlines()),
        "wire.parquet": pl.read_parquet(SAMPLES / "wire.parquet").height,
    }
    assert counted == RECORDS
    assert len(files) == RECORDS[".txt"] + RECORDS[".html"] + 4


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("en/cp1252.txt", b"\x93I sold out of ch\xe8vre by nine,\x94"),
        ("en/crlf-soft-hyphen.txt", b"emp\xc2\xadty since Jan\xc2\xa014.\r\n"),
        ("en/mojibake.txt", "Itâ€™s the mirrors".encode()),
        ("pages/seewolf.html", b"F\xe4hre"),
        ("world/fa-zwnj.txt", "کتاب\u200cفروش".encode()),
        ("en/inline-date.txt", b" date 2019-03-06 LISBON: "),
    ],
)
def test_no_tool_has_tidied_the_dirt(name: str, mark: bytes) -> None:
    assert mark in (SAMPLES / name).read_bytes()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """README's main job, with its output in a folder of the test's own."""
    out = tmp_path_factory.mktemp("samples") / "corpus"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"\.venv/bin/copydesk (run scripts/samples -o) corpus-out$", readme, re.MULTILINE)
    assert command
    done = subprocess.run(
        [*COPYDESK, *shlex.split(command[1]), str(out), "--json"], cwd=ROOT, capture_output=True, check=True
    )
    return out, json.loads(done.stdout)


def test_every_record_is_accounted_for(corpus: tuple[Path, dict[str, Any]]) -> None:
    account = corpus[1]["account"]
    rows = pl.read_parquet(corpus[0] / "data" / "*.parquet")
    assert (account["records"], account["rows"], account["rejected"]) == (sum(RECORDS.values()), rows.height, REJECTED)
    assert rows.height == sum(RECORDS.values()) - REJECTED


def test_rejects_say_where_and_why(corpus: tuple[Path, dict[str, Any]]) -> None:
    rejects = pl.read_parquet(corpus[0] / "rejected" / "*.parquet").sort("byte_offset")
    lines = (SAMPLES / "records.jsonl").read_bytes().splitlines(keepends=True)
    starts = [sum(map(len, lines[:n])) for n in (2, 3)]
    assert rejects["byte_offset"].to_list() == starts
    assert [r.split(" ", 2)[:2] for r in rejects["reason"].to_list()] == [["broken", "JSON"], ["the", "record"]]


def test_bytes_became_the_right_letters(corpus: tuple[Path, dict[str, Any]]) -> None:
    rows = pl.read_parquet(corpus[0] / "data" / "*.parquet")
    texts = {r["source"]: r["text"] for r in rows.iter_rows(named=True)}
    assert "“I sold out of chèvre by nine,”" in texts["en/cp1252.txt"]
    assert "“It’s the mirrors I am sorry for,”" in texts["en/mojibake.txt"]
    assert "empty since Jan 14." in texts["en/crlf-soft-hyphen.txt"]
    assert "Fähre" in texts["pages/seewolf.html"]
    assert "می\u200cایستند" in texts["world/fa-zwnj.txt"]


def test_the_corpus_verifies(corpus: tuple[Path, dict[str, Any]]) -> None:
    done = subprocess.run([*COPYDESK, "verify", str(corpus[0])], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
