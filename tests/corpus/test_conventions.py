"""What catalogues and readers of Parquet expect of a corpus: statistics, Croissant, hive partitions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from corpus.cli import main

_CROISSANT = pytest.mark.filterwarnings("ignore")  # of mlcroissant, about rdflib and pandas
SAMPLES = Path(__file__).parents[2] / "scripts" / "samples"


@pytest.fixture(scope="module")
def expected(corpus):
    return pl.read_parquet(corpus / "data" / "*.parquet")


def test_shards_hold_what_readers_skip_by(corpus):
    """Row groups of a set size, statistics of row groups and of pages, and whence the file is."""
    (shard,) = (corpus / "data").iterdir()
    assert shard.name == "part-00000-of-00001.parquet"
    file = pq.ParquetFile(shard)
    about = file.metadata.metadata
    assert about[b"copydesk"].decode() == json.loads((corpus / "manifest.json").read_text())["tools"]["copydesk"]
    assert about[b"pipeline"].decode() == json.loads((corpus / "manifest.json").read_text())["pipeline"]
    column = file.metadata.row_group(0).column(file.schema_arrow.names.index("published"))
    assert (column.compression, column.has_column_index, column.has_offset_index) == ("ZSTD", True, True)
    assert column.statistics.has_min_max


@_CROISSANT
def test_croissant_validates_and_its_records_are_the_rows(corpus, expected):
    import mlcroissant

    described = mlcroissant.Dataset(corpus / "croissant.json")
    assert not described.metadata.ctx.issues.errors
    records = list(described.records("documents"))
    assert [record["documents/text"].decode() for record in records] == expected["text"].to_list()
    places = [(record["documents/dateline"] or {}).get("documents/dateline/place") for record in records]
    wanted = expected["dateline"].struct.field("place").to_list()
    assert [place and place.decode() for place in places] == wanted
    assert set(expected.columns) == {field.name for field in described.metadata.record_sets[0].fields}


# -- partitions


@pytest.fixture(scope="module", params=["year", "language"])
def parts(request, tmp_path_factory):
    out = tmp_path_factory.mktemp("parts") / "corpus"
    done = CliRunner().invoke(main, ["run", str(SAMPLES), "-o", str(out), "--partition", request.param])
    assert done.exit_code == 0, done.output
    return out, {"year": "year", "language": "lang"}[request.param]


@pytest.fixture(scope="module")
def counts(parts, expected):
    """Return how many rows each partition must hold."""
    known = (
        expected["published"].dt.year().fill_null(0) if parts[1] == "year" else expected["language"].fill_null("und")
    )
    return {str(value): n for value, n in known.value_counts().rows()}


def test_the_folders_of_partitions_tell_what_is_in_them(parts, counts, expected):
    out, key = parts
    found = {path.parent.name: pl.read_parquet(path, hive_partitioning=False) for path in out.glob("data/*/*.parquet")}
    assert {name: frame.height for name, frame in found.items()} == {f"{key}={value}": n for value, n in counts.items()}
    rows = pl.concat(found.values())
    assert rows.columns == expected.columns
    assert rows.sort("source").equals(expected.sort("source"))
    assert "data_files: data/**/*.parquet" in (out / "README.md").read_text()


def test_every_reader_opens_partitions(parts, counts):
    out, key = parts
    polars = pl.read_parquet(out / "data")[key].cast(pl.String).value_counts().rows()
    pandas = pd.read_parquet(out / "data")[key].astype(str).value_counts().to_dict()
    arrow = pq.read_table(out / "data").column(key).to_pylist()
    query = f"select {key}, count(*) from read_parquet('{out}/data/**/*.parquet', hive_partitioning = true) group by 1"
    duck = duckdb.sql(query).fetchall()
    assert dict(polars) == pandas == counts
    assert {value: sum(str(one) == value for one in arrow) for value in counts} == counts
    assert {str(value): n for value, n in duck} == counts


def test_datasets_opens_partitions(parts, expected, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    out, _ = parts
    loaded = load_dataset("parquet", data_files=f"{out}/data/**/*.parquet", split="train", cache_dir=str(tmp_path))
    assert sorted(loaded["id"]) == sorted(expected["id"])


@_CROISSANT
def test_croissant_finds_partitions(parts, expected):
    import mlcroissant

    records = mlcroissant.Dataset(parts[0] / "croissant.json").records("documents")
    assert sorted(record["documents/id"].decode() for record in records) == sorted(expected["id"])


def test_partitions_are_verified_and_compared(parts, corpus):
    out, _ = parts
    assert CliRunner().invoke(main, ["verify", str(out)]).exit_code == 0
    assert "no difference" in CliRunner().invoke(main, ["diff", str(corpus), str(out)]).output
    next(out.glob("data/*/*.parquet")).with_name("stray.parquet").touch()
    assert "stray.parquet stands in data/" in CliRunner().invoke(main, ["verify", str(out)]).output
    next(out.glob("data/*/stray.parquet")).unlink()


SPARK = """
import sys
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
for folder in sys.argv[1:]:
    rows = spark.read.parquet(folder)
    print("rows", rows.count(), rows.selectExpr("sum(size(changes))").collect()[0][0], len(rows.columns))
"""


@pytest.mark.thorough
def test_spark_opens_all_of_it(corpus, parts, expected):
    pytest.importorskip("pyspark")
    command = [sys.executable, "-c", SPARK, str(corpus / "data"), str(parts[0] / "data")]
    done = subprocess.run(
        command, env={**os.environ, "PYSPARK_PYTHON": sys.executable}, check=True, capture_output=True
    )
    found = [line.split()[1:] for line in done.stdout.decode().splitlines() if line.startswith("rows")]
    changes = str(expected["changes"].list.len().sum())
    rows, width = str(expected.height), len(expected.columns)
    assert found == [[rows, changes, str(width)], [rows, changes, str(width + 1)]]
