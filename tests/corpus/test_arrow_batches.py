"""`corpus.normalize_batch`: what an engine's batches become is what a run writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from click.testing import CliRunner

import corpus
from corpus.cli import main
from normalize import presets

thorough = pytest.mark.thorough
ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    {"id": "a", "text": "VANTAA, Finland (AP) — The  bridge opened on Tuesday.", "date": "2019-03-06", "shelf": 4},
    {"id": "b", "text": None, "html": None, "date": None, "shelf": None},
    {"id": None, "text": "", "html": "<html><body><p>The harbour was opened.</p></body></html>", "shelf": None},
    {
        "id": "d",
        "text": "The  second ferry sailed on time.\r\n\r\nIts captain was pleased.\r\n",
        "url": "https://news.example.org/d",
    },
]


@pytest.fixture
def batch():
    names = ["id", "text", "html", "date", "url", "shelf"]
    return pa.RecordBatch.from_pylist([{name: row.get(name) for name in names} for row in DOCUMENTS])


def test_each_document_has_its_row_in_its_place(batch):
    rows = corpus.normalize_batch(batch).to_pylist()
    assert [row["id"] for row in rows] == ["a", "b", rows[2]["source_sha256"][:16], "d"]
    assert [row["text"] for row in rows] == [
        "The bridge opened on Tuesday.",
        None,
        "The harbour was opened.",
        "The second ferry sailed on time.\n\nIts captain was pleased.",
    ]
    assert [row["rejected"] for row in rows] == [None, "text is null", None, None]
    assert json.loads(rows[0]["extra"]) == {"shelf": 4}
    assert (rows[0]["dateline"]["country"], rows[0]["times"][0]["value"]) == ("FI", "2019-03-05")


def test_the_rows_are_those_of_a_run(batch, tmp_path):
    pl.from_arrow(batch).write_parquet(tmp_path / "in.parquet")
    done = CliRunner().invoke(main, ["run", str(tmp_path / "in.parquet"), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    written = pl.read_parquet(tmp_path / "out" / "data" / "*.parquet").drop("source").rows()
    given = pl.from_arrow(corpus.normalize_batch(batch)).filter(pl.col("rejected").is_null())
    assert given.drop("source", "rejected").rows() == written


def test_the_schema_does_not_depend_on_the_batch(batch):
    schema = corpus.batch_schema()
    assert corpus.normalize_batch(batch).schema == schema
    assert corpus.normalize_batch(batch.slice(1, 1)).schema == schema
    assert corpus.normalize_batch(batch.slice(0, 0)).schema == schema
    assert corpus.normalize_batch(batch.slice(0, 0)).num_rows == 0
    assert isinstance(corpus.normalize_batch(batch), pa.RecordBatch)


def test_a_table_gives_a_table(batch):
    table = pa.Table.from_batches([batch, batch])
    given = corpus.normalize_batch(table)
    assert isinstance(given, pa.Table)
    assert given.column("text").to_pylist() == corpus.normalize_batch(batch).column("text").to_pylist() * 2


def test_a_document_that_cannot_be_cleaned_takes_no_other_with_it(batch, monkeypatch):
    begin = type(presets.news).begin

    def spoiled(self, text, *rest):
        if "captain" in text:
            raise RuntimeError("as asked")
        return begin(self, text, *rest)

    monkeypatch.setattr(type(presets.news), "begin", spoiled)
    rows = corpus.normalize_batch(batch).to_pylist()
    assert rows[0]["text"] == "The bridge opened on Tuesday."
    assert (rows[3]["id"], rows[3]["text"]) == ("d", None)
    assert rows[3]["rejected"] == "cleaning failed: RuntimeError: as asked"


def test_sources_and_pipelines_are_the_callers(batch):
    named = batch.append_column("source", pa.array([f"crawl#{n}" for n in range(4)]))
    rows = corpus.normalize_batch(named, pipeline=presets.decode).to_pylist()
    assert [row["source"] for row in rows] == ["crawl#0", "crawl#1", "crawl#2", "crawl#3"]
    assert rows[0]["text"] == DOCUMENTS[0]["text"]


SPARK = """
import sys, pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from corpus import batch_schema, normalize_batch

spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
frame = spark.read.parquet(sys.argv[1])
rows = frame.mapInArrow(lambda batches: map(normalize_batch, batches), from_arrow_schema(batch_schema()))
rows.write.parquet(sys.argv[2])
"""

RAY_DATA = """
import sys, ray
from corpus import normalize_batch

ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
ray.data.read_parquet(sys.argv[1]).map_batches(normalize_batch, batch_format="pyarrow").write_parquet(sys.argv[2])
"""


@thorough
@pytest.mark.parametrize(("engine", "script"), [("ray", RAY_DATA), ("pyspark", SPARK)])
def test_engines_give_the_rows_of_a_plain_call(batch, tmp_path, engine, script):
    pytest.importorskip(engine)
    pl.from_arrow(batch).write_parquet(tmp_path / "in.parquet")
    command = [sys.executable, "-c", script, str(tmp_path / "in.parquet"), str(tmp_path / "out")]
    paths = {"PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    subprocess.run(command, env={**os.environ, **paths}, check=True, capture_output=True, timeout=300)
    made = pl.read_parquet(tmp_path / "out" / "*.parquet").select("text", "rejected", "published").rows()
    rows = pl.from_arrow(corpus.normalize_batch(batch)).select("text", "rejected", "published").rows()
    assert sorted(made, key=str) == sorted(rows, key=str)
