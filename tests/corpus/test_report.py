"""The report counts what the corpus holds, and a sample of it is spread evenly."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.report import _spread as spread
from corpus.report import _survey, read_report

SAMPLES = Path(__file__).parents[2] / "scripts" / "samples"


def copydesk(*arguments: object):
    return CliRunner().invoke(main, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("reported") / "out"
    assert copydesk("run", SAMPLES, "-o", out).exit_code == 0
    return out


@pytest.fixture(scope="module")
def rows(made):
    return pl.read_parquet(made / "data" / "*.parquet")


def of(counts):
    return {count.name or None: count.rows for count in counts}


def test_what_it_counts_is_what_a_plain_count_gives(made, rows):
    found = read_report(made)
    for name, values in {
        "languages": rows["language"],
        "agencies": rows["agency"],
        "media types": rows["media_type"],
        "countries": rows["dateline"].struct.field("country"),
    }.items():
        told = of(found.counts[name])
        others = {name for name in told if name and name.endswith(" others")}
        expected = dict(values.value_counts().iter_rows())
        assert {name: n for name, n in told.items() if name not in others}.items() <= expected.items(), name
        assert sum(told.values()) == rows.height
    assert dict(found.days) == dict(rows["published"].drop_nulls().value_counts().iter_rows())


def test_the_distributions_hold_every_row(made, rows):
    signals = {signal.name: signal for signal in read_report(made).signals}
    assert {name for name in rows.columns if name.startswith("q_") and rows[name].count()} == signals.keys()
    for name, signal in signals.items():
        assert sum(signal.bins) + signal.empty == rows.height
        assert signal.quantiles[0] == pytest.approx(float(rows[name].min()))
        assert signal.quantiles[-1] == pytest.approx(float(rows[name].max()))


def test_every_rule_of_the_manifest_is_told_and_its_samples_are_its_changes(made, rows):
    found = read_report(made)
    manifest = json.loads((made / "manifest.json").read_text())
    assert {rule.name: (rule.changes, rule.removed) for rule in found.rules} == {
        name: (n["count"], n["removed"]) for name, n in manifest["changes"].items()
    }
    assert all(rule.samples for rule in found.rules)
    for rule in found.rules:
        for sample in rule.samples:
            change = found.documents[sample.row]["changes"][sample.number]
            assert (change["why"][0], change["removed"], change["text"]) == (rule.name, sample.removed, sample.text)


def test_the_page_and_the_pages_it_leads_to(made, tmp_path):
    done = copydesk("report", made, "-o", tmp_path / "page.html")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "page.html").read_text()
    links = {part.partition('"')[0].partition("#")[0] for part in page.split('href="')[1:]}
    pages = {link for link in links if link.startswith("page-documents/")}
    assert pages
    assert all((tmp_path / link).exists() for link in pages)
    assert "the record has neither text nor html" in page


def test_a_report_leaves_the_corpus_as_it_was(made):
    assert copydesk("report", made).exit_code == 0
    assert (made / "report.html").exists()
    assert copydesk("verify", made).exit_code == 0
    assert "already complete" in copydesk("run", SAMPLES, "-o", made).output


def test_what_is_no_corpus_has_no_report(tmp_path):
    assert copydesk("report", tmp_path).exit_code == 3


@pytest.mark.parametrize("sizes", [[10], [600, 1400, 3], [5000], [250] * 30, []])
def test_a_sample_is_spread_over_all_shards(tmp_path, sizes):
    shards, at = [], 0
    for n, size in enumerate(sizes):
        frame = pl.DataFrame({"id": [str(i) for i in range(at, at + size)]})
        frame.write_parquet(tmp_path / f"{n}.parquet")
        shards.append((tmp_path / f"{n}.parquet", size))
        at += size
    ids = [int(i) for i in spread(shards, 2000, ["id"])["id"]]
    assert ids == sorted(set(ids))
    assert len(ids) == at if at <= 2000 else 500 <= len(ids) <= 2500
    if ids:
        assert min(ids) < 500
        assert max(ids) >= at - 2500


def test_a_survey_of_all_rows_is_of_all_rows(made, rows):
    manifest = json.loads((made / "manifest.json").read_text())
    datelines, drawn = _survey([(made / shard["file"], shard["rows"]) for shard in manifest["shards"]])
    assert datelines.height == drawn.height == rows.height
    assert drawn["q_words"].to_list() == rows["q_words"].to_list()


def test_the_cost_of_steps_is_measured_when_asked_for(made, tmp_path):
    assert read_report(made).costs is None
    costs = read_report(made, timed=True).costs
    manifest = json.loads((made / "manifest.json").read_text())
    assert costs.keys() == manifest["share_of_rows_entered"].keys()
    assert costs["find_times"] > 0
    assert copydesk("report", made, "-o", tmp_path / "page.html", "--time").exit_code == 0
    assert "CPU, ms a MB" in (tmp_path / "page.html").read_text()
