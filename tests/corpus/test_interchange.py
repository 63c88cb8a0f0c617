"""The output opens, row for row, in the tools that people have."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

SAMPLES = Path(__file__).parents[2] / "scripts" / "samples"


@pytest.fixture(scope="module")
def expected(corpus):
    frame = pl.read_parquet(corpus / "data" / "*.parquet")
    assert frame.height > 20
    return frame


def test_polars_reads_the_folder(corpus, expected):
    assert pl.read_parquet(corpus / "data").equals(expected)


def test_pandas(corpus, expected):
    frame = pd.read_parquet(corpus / "data")
    assert frame["id"].tolist() == expected["id"].to_list()
    assert frame["text"].tolist() == expected["text"].to_list()
    assert [len(x) for x in frame["changes"]] == expected["changes"].list.len().to_list()


def test_pyarrow(corpus, expected):
    table = pq.read_table(corpus / "data")
    assert table.column("text").to_pylist() == expected["text"].to_list()
    assert table.column("dateline").to_pylist() == expected["dateline"].to_list()
    assert table.column("times").to_pylist() == expected["times"].to_list()


def test_duckdb(corpus, expected):
    query = f"select id, text, len(changes), dateline.country from read_parquet('{corpus}/data/*.parquet')"
    rows = duckdb.sql(query).fetchall()
    countries = expected["dateline"].struct.field("country")
    want = zip(expected["id"], expected["text"], expected["changes"].list.len(), countries, strict=True)
    assert sorted(rows, key=str) == sorted(want, key=str)


def test_datasets_as_the_card_shows(corpus, expected, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    loaded = load_dataset("parquet", data_files=f"{corpus}/data/*.parquet", split="train", cache_dir=str(tmp_path))
    assert loaded["id"] == expected["id"].to_list() or list(loaded["id"]) == expected["id"].to_list()
    assert loaded[0]["text"] == expected["text"][0]
    assert 'load_dataset("parquet", data_files="data/*.parquet", split="train")' in (corpus / "README.md").read_text()


def test_the_accounts_of_the_samples_balance(corpus, expected):
    account = json.loads((corpus / "manifest.json").read_text())["account"]
    assert account["records"] == account["rows"] + account["rejected"] + sum(account["dropped"].values())
    assert account["rows"] == expected.height
    inputs = pl.read_parquet(corpus / "inputs.parquet")
    assert inputs["records"].sum() == account["records"]
    assert inputs["rows"].sum() == account["rows"]
