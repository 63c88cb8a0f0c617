"""Ranges of a large file give what one pass over it gives, in the same order, whatever their size."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import lzma
import tempfile
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import ranges
from corpus.plan import Part, plan
from corpus.readers import Record, read

PACKERS = {
    "gz": gzip.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


def stories(numbers):
    return b"".join(
        json.dumps({"text": f"Story {i} " + hashlib.sha256(str(i).encode()).hexdigest()}).encode() + b"\n"
        for i in numbers
    )


def page(i):
    block = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Page {i} {hashlib.sha256(str(i).encode()).hexdigest()}"
    )
    head = f"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {len(block)}\r\n\r\n"
    return f"{head}{block}\r\n\r\n".encode()


def check(path, task_bytes, least=2):
    """The parts of the plan are at least so many, and together they read as the file does."""
    parts = [part for task in plan([str(path)], task_bytes=task_bytes).tasks for part in task.parts]
    assert len(parts) >= least
    whole = list(read(Part(parts[0].file)))
    assert [one for part in parts for one in read(part)] == whole
    return parts, whole


@pytest.fixture(autouse=True)
def close_members(monkeypatch):
    """Members may be close together in these small files."""
    monkeypatch.setattr(ranges, "_KEEP", 1)


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("task_bytes", [300, 1_000, 3_000])
def test_members_of_compressed_lines_are_gone_to_directly(kind, task_bytes, tmp_path):
    path = tmp_path / f"n.jsonl.{kind}"
    path.write_bytes(b"".join(PACKERS[kind](stories(range(i, i + 7))) for i in range(0, 70, 7)))
    parts, whole = check(path, task_bytes)
    assert len(whole) == 70
    assert parts[-1].origin[0] > path.stat().st_size // 2


@pytest.mark.parametrize("kind", PACKERS)
def test_lines_compressed_in_one_piece_are_read_again_at_most_ten_times(kind, tmp_path):
    path = tmp_path / "n.jsonl"
    path.write_bytes(PACKERS[kind](stories(range(300))))
    parts, whole = check(path, 1_000)
    assert (len(parts), len(whole)) == (10, 300)


def test_a_truncated_compressed_file_is_cut_into_what_can_be_read(tmp_path):
    raw = b"".join(gzip.compress(stories(range(i, i + 5))) for i in range(0, 50, 5))
    (tmp_path / "n.jsonl.gz").write_bytes(raw[:-40])
    _, whole = check(tmp_path / "n.jsonl.gz", 1_000)
    assert [isinstance(one, Record) for one in whole][-2:] == [True, False]


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("task_bytes", [1_000, 3_000, 5_000])
@pytest.mark.parametrize("damage", [None, 0, 5, 11])
def test_archives_are_cut_where_members_begin(kind, task_bytes, damage, tmp_path):
    members = [PACKERS[kind](page(i)) for i in range(12)]
    if damage is not None:
        members[damage] = members[damage][:20] + b"rubble" + members[damage][40:]
    path = tmp_path / f"n.warc.{kind}"
    path.write_bytes(b"".join(members))
    _, whole = check(path, task_bytes)
    assert sum(isinstance(one, Record) for one in whole) == 12 - (damage is not None)


def test_parquet_is_cut_by_rows(tmp_path):
    pl.DataFrame({"text": [hashlib.sha256(str(i).encode()).hexdigest() for i in range(1_000)]}).write_parquet(
        tmp_path / "n.parquet"
    )
    parts, whole = check(tmp_path / "n.parquet", 10_000)
    assert len(whole) == 1_000
    assert {part.end - part.start for part in parts[:-1]} <= {len(whole) // len(parts), len(whole) // len(parts) + 1}


@pytest.mark.parametrize("task_bytes", [20, 100, 700])
def test_csv_is_cut_where_a_row_begins_though_lines_begin_within_quotes(task_bytes, tmp_path):
    rows = "".join(f'{i},"Line one,\n{i},line ""two""\n\nline three"\n' for i in range(40))
    (tmp_path / "n.csv").write_text("id,text\n" + rows)
    _, whole = check(tmp_path / "n.csv", task_bytes)
    assert [one.fields["id"] for one in whole] == [str(i) for i in range(40)]


@settings(deadline=None)
@given(st.text('",\nab', max_size=120), st.integers(8, 60))
def test_any_csv_may_be_cut(tail, task_bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "n.csv"
        path.write_text("note,text\n" + tail)
        check(path, task_bytes, least=1)


@settings(deadline=None)
@given(st.lists(st.lists(st.binary(max_size=9), max_size=4), max_size=6), st.integers(3, 60))
def test_any_compressed_lines_may_be_cut(members, task_bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "n.jsonl.gz"
        path.write_bytes(b"".join(gzip.compress(b"\n".join(lines)) for lines in members))
        check(path, task_bytes, least=1)
