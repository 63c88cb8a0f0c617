"""The dataset card is true: it loads as it shows, its figures are the run's, its commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from corpus.card import render_card
from corpus.cli import main

SAMPLES = Path(__file__).parents[2] / "scripts" / "samples"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("carded") / "corpus"
    for command in (["run", str(SAMPLES), "-o", str(out)], ["duplicates", str(out)], ["report", str(out)]):
        assert CliRunner().invoke(main, command).exit_code == 0
    return out


def test_the_folder_loads_as_the_card_shows(made, tmp_path, monkeypatch):
    """Its front matter names the shards, so that no other Parquet file of the corpus is taken for one."""
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.chdir(made.parent)
    from datasets import load_dataset

    assert 'load_dataset("corpus", split="train")' in (made / "README.md").read_text(encoding="utf-8")
    expected = pl.read_parquet(made / "data" / "*.parquet")["id"].to_list()
    for folder in ("corpus", str(made)):
        assert list(load_dataset(folder, split="train", cache_dir=str(tmp_path))["id"]) == expected


def test_its_figures_and_columns_are_the_corpus(made):
    card = (made / "README.md").read_text(encoding="utf-8")
    account = json.loads((made / "manifest.json").read_text())["account"]
    assert f"| read | {account['records']:,} |" in card
    assert f"| kept as rows | {account['rows']:,} |" in card
    for reason, number in account["rejected_because"].items():
        assert f"| rejected: {reason} | {number} |" in card
    columns = re.findall(r"^\| `(\w+)` \| [\w ()]+ \| \S", card, re.MULTILINE)
    assert columns == pl.read_parquet_schema(next((made / "data").iterdir())).names()


def test_the_commands_it_shows_exist(made):
    shown = re.findall(
        r"^copydesk (\w+) ?\.(?: (--\w+))?", (made / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(shown) == 4
    for command, option in shown:
        assert not option or any(option in p.opts for p in main.commands[command].params)


def test_a_hostile_name_breaks_no_front_matter(made):
    import yaml

    manifest = json.loads((made / "manifest.json").read_text())
    manifest["account"]["rejected_because"] = {"a|b\n---\n<script>": 1}
    card = render_card('x: "y"\n---\n', manifest)
    front = yaml.safe_load(card.split("---\n")[1])
    assert front["pretty_name"] == 'x: "y"\n---\n'
    assert front["configs"] == [{"config_name": "default", "data_files": "data/*.parquet"}]
    assert "<script>" not in card
