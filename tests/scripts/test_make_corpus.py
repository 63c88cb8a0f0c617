"""The sample maker: the same documents every time, and the truth about each."""

from __future__ import annotations

import csv
import doctest
import gzip
import json
import sys
from itertools import islice
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.append(str(SCRIPTS))

import make_corpus  # noqa: E402
from make_corpus import DIRT, TONGUES, make_pages  # noqa: E402


def made(out: Path, *options: str) -> Path:
    result = CliRunner().invoke(make_corpus.main, [str(out), *options])
    assert result.exit_code == 0, result.output
    return out


def test_examples() -> None:
    assert doctest.testmod(make_corpus).failed == 0


def test_the_same_options_make_the_same_bytes(tmp_path: Path) -> None:
    a, b = (made(tmp_path / name, "--documents", "50").read_bytes() for name in ("a.jsonl", "b.jsonl"))
    assert a == b
    assert a != made(tmp_path / "c.jsonl", "--documents", "50", "--seed", "2").read_bytes()


def test_the_committed_samples_are_what_the_maker_makes(tmp_path: Path) -> None:
    lines = made(tmp_path / "wire.jsonl.gz", "--documents", "4", "--seed", "3", "--languages", "en,de,fr,ru")
    rows = made(tmp_path / "wire.parquet", "--documents", "4", "--seed", "5", "--languages", "en,zh")
    samples = SCRIPTS / "samples"
    assert gzip.decompress(lines.read_bytes()) == gzip.decompress((samples / "wire.jsonl.gz").read_bytes())
    assert pl.read_parquet(rows).equals(pl.read_parquet(samples / "wire.parquet"))


def test_every_format_holds_the_same_records(tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.csv", "a.parquet", "txt", "html"):
        made(tmp_path / name, "--documents", "30", "--format", name.removeprefix("a."))
    records = [json.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as f:
        assert [r["text"] for r in csv.DictReader(f)] == [r["text"] for r in records]
    assert pl.read_parquet(tmp_path / "a.parquet").to_dicts() == [{"title": None, "date": None} | r for r in records]
    assert [p.read_bytes().decode() for p in sorted((tmp_path / "txt").rglob("*.txt"))] == [r["text"] for r in records]
    assert [p.stem for p in sorted((tmp_path / "html").rglob("*.html"))] == [r["id"] for r in records]


def test_a_clean_page_is_its_dateline_and_body() -> None:
    for page in make_pages(200, dirt=()):
        assert page.text.endswith(page.body)
        assert page.text.startswith(page.dateline)
        assert page.dirt == []


@pytest.mark.parametrize("name", DIRT)
def test_each_dirt_is_put_on_its_share_and_told(name: str) -> None:
    for clean, page in zip(make_pages(50, dirt=()), make_pages(50, dirt=(name,), share=1.0), strict=True):
        assert page.dirt == [name]
        assert page.body
        assert clean.id == page.id
    told = [name in page.dirt for page in make_pages(3000, dirt=(name,))]
    assert sum(told) == pytest.approx(3000 * DIRT[name].share, rel=0.35, abs=10)


def test_mojibake_is_the_kind_that_can_be_read_back() -> None:
    for page in make_pages(100, dirt=("mojibake",), share=1.0):
        raw = b"".join(bytes([ord(c)]) if c < "\xa0" else c.encode("cp1252") for c in page.text)
        assert raw.decode().endswith(page.body)


def test_all_languages_are_drawn() -> None:
    assert {page.language for page in islice(make_pages(), 100)} == set(TONGUES)


def test_size_is_what_was_asked_for(tmp_path: Path) -> None:
    assert made(tmp_path / "a.jsonl", "--size", "500KB").stat().st_size == pytest.approx(500_000, rel=0.05)


def test_the_truth_has_a_line_for_each_document(tmp_path: Path) -> None:
    out = made(tmp_path / "a.jsonl", "--documents", "20", "--truth", str(tmp_path / "truth.jsonl"))
    records = [json.loads(line) for line in out.read_bytes().splitlines()]
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_bytes().splitlines()]
    assert [t["id"] for t in truth] == [r["id"] for r in records]
    assert {"published", "title", "body", "place", "country", "timezone", "agency", "dirt"} <= truth[0].keys()


def test_unknown_dirt_is_refused_with_the_choices(tmp_path: Path) -> None:
    result = CliRunner().invoke(make_corpus.main, [str(tmp_path / "a.jsonl"), "--dirt", "mud"])
    assert result.exit_code == 2
    assert "no dirt 'mud'; there are inline-date, agency" in result.output
