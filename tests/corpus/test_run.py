"""A run ends in a corpus whose accounts balance, or says in one sentence why it does not."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from corpus.cli import main
from corpus.commands.run import read_quota
from corpus.document import SCHEMA

PAGE = (
    "Accessibility links\n\nHarbour Bridge Opens After Eleven Years\n\n"
    "Mayor Ilse Varga at the bridge (file photo)\n\n"
    "VANTAA, Finland (AP) — The bridge  opened on Tuesday, and the mayor crossed it first.\n\n"
    "It had been closed since the flood of 2008, when the river rose over the old pier.\n"
)


def copydesk(*arguments: object):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("".join(r if isinstance(r, str) else json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def rows(out: Path) -> pl.DataFrame:
    return pl.read_parquet(out / "data" / "*.parquet")


@pytest.fixture
def pages(tmp_path):
    records = [{"id": f"p{n}", "text": PAGE, "date": "2019-03-06", "desk": {"n": n}} for n in range(5)]
    return write_lines(tmp_path / "pages.jsonl", *records)


def test_a_run_writes_each_record_as_a_row_of_the_one_schema(pages, tmp_path):
    out = tmp_path / "out"
    done = copydesk("run", pages, "-o", out)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].endswith("5 records in = 5 rows + 0 dropped + 0 rejected")
    frame = rows(out)
    assert dict(frame.schema) == SCHEMA
    assert frame["id"].to_list() == [f"p{n}" for n in range(5)]
    assert frame["source"][0] == "pages.jsonl#byte=0"
    assert json.loads(frame["extra"][3]) == {"desk": {"n": 3}}
    assert frame["dateline"].struct.field("country").unique().to_list() == ["FI"]
    assert frame["published"].dt.to_string().unique().to_list() == ["2019-03-06"]
    assert frame["published_from"].unique().to_list() == ["record"]
    assert frame["text"][0].startswith("The bridge opened on Tuesday")
    assert frame["captions"][0].to_list() == ["Mayor Ilse Varga at the bridge"]
    tuesday = next(t for t in frame["times"][0].to_list() if t["text"] == "Tuesday")
    assert tuesday["value"] == "2019-03-05"
    assert PAGE[tuesday["source_start"] : tuesday["source_end"]] == "Tuesday"
    assert frame["text"][0][tuesday["start"] : tuesday["end"]] == "Tuesday"
    assert sorted(p.name for p in out.iterdir()) == [
        "README.md",
        "croissant.json",
        "data",
        "inputs.parquet",
        "manifest.json",
        "rejected",
    ]


def test_verify_restores_every_source_and_restore_prints_it(pages, tmp_path):
    out = tmp_path / "out"
    copydesk("run", pages, "-o", out)
    verdict = copydesk("verify", out)
    assert verdict.exit_code == 0, verdict.output
    assert "5 sources restored" in verdict.output
    printed = copydesk("restore", out, "--id", "p2")
    assert printed.exit_code == 0
    assert printed.stdout_bytes.decode() == PAGE
    missing = copydesk("restore", out, "--id", "nobody")
    assert missing.exit_code == 3
    assert "no document with id 'nobody'" in missing.output


def test_verify_gives_back_the_bytes_of_text_files(tmp_path):
    raw = {
        "utf8.txt": b"Plain.\n",
        "mark.txt": b"\xef\xbb\xbfWith a mark.\r\nTwo lines.\r\n",
        "western.txt": "Café in the harbour, said Jörg.\n".encode("cp1252"),
        "wide.txt": "Sixteen bits.\n".encode("utf-16"),
        "mixed.txt": b"one\r\ntwo\nthree\r",
    }
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in raw.items():
        (folder / name).write_bytes(content)
    out = tmp_path / "out"
    assert copydesk("run", folder, "-o", out).exit_code == 0
    verdict = json.loads(copydesk("verify", out, "--json").stdout)
    assert verdict["faults"] == []
    assert verdict["bytes_exact"] == rows(out)["encoding_exact"].sum() >= 4


def test_verify_notices_what_was_tampered_with(pages, tmp_path):
    out = tmp_path / "out"
    copydesk("run", pages, "-o", out)
    shard = next((out / "data").iterdir())
    frame = pl.read_parquet(shard)
    frame.with_columns(pl.col("text").str.replace("bridge", "ferry")).write_parquet(shard)
    verdict = copydesk("verify", out)
    assert verdict.exit_code == 3
    assert "checksum differs" in verdict.output
    assert "cannot be restored" in verdict.output or "is not its source" in verdict.output


def test_bad_records_are_rejected_alone_with_their_reason_and_bytes(tmp_path):
    lines = write_lines(
        tmp_path / "mixed.jsonl",
        {"id": "good", "text": "It rained on the fair."},
        '{"id": "cut", "text": \n',
        {"id": "none", "title": "no text"},
        {"id": "number", "text": 7},
        '["a", "list"]\n',
        '{"id": "half", "text": "\\ud800 alone"}\n',
    )
    out = tmp_path / "out"
    done = copydesk("run", lines, "-o", out)
    assert done.exit_code == 0, done.output
    assert "6 records in = 1 rows + 0 dropped + 5 rejected" in done.output.splitlines()[-1]
    rejected = pl.read_parquet(out / "rejected" / "*.parquet")
    assert rejected.height == 5
    assert rejected["raw"].list.len().min() if rejected["raw"].dtype == pl.List else all(rejected["raw"].to_list())
    assert all(reason and len(reason) < 300 for reason in rejected["reason"])
    assert rejected["byte_offset"].to_list() == sorted(rejected["byte_offset"].to_list())
    assert copydesk("verify", out).exit_code == 0
    assert all(f"(mixed.jsonl#{place})\n" in done.output for place in rejected["record"])


def test_many_rejected_for_one_reason_are_told_with_the_first_place(tmp_path):
    lines = write_lines(tmp_path / "in.jsonl", {"text": "One."}, *({"title": "no text"} for _ in range(3)))
    done = copydesk("run", lines, "-o", tmp_path / "out")
    first = "rejected 3: the record has neither text nor html (the first is in.jsonl#byte=17)"
    assert done.output.splitlines()[0] == first
    assert copydesk("run", lines, "-o", tmp_path / "out").output.splitlines()[:2] == ["already complete", first]


@pytest.mark.parametrize("inputs", ["{folder}", "{folder}/*", "file://{folder}"])
def test_an_output_among_the_inputs_is_none_of_them(pages, inputs):
    folder = pages.parent
    first = copydesk("run", inputs.format(folder=folder), "-o", folder / "out")
    assert "5 records in = 5 rows" in first.output, first.output
    again = copydesk("run", inputs.format(folder=folder), "-o", folder / "out")
    assert again.output.splitlines()[0] == "already complete"


@pytest.mark.parametrize("inputs", ["{folder}", "{folder}/*", "{folder}/part.jsonl"])
def test_an_input_that_lies_in_the_output_is_refused(pages, inputs):
    out = pages.parent / "there"
    out.mkdir()
    pages.rename(out / "part.jsonl")
    done = copydesk("run", inputs.format(folder=out), "-o", out, "--overwrite")
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "lies in the output" in done.output
    assert [path.name for path in out.iterdir()] == ["part.jsonl"]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 0),
        (("--strict",), 1),
        (("--max-rejected", "1"), 0),
        (("--max-rejected", "0"), 1),
        (("--max-rejected", "20%"), 1),
        (("--max-rejected", "50%"), 0),
    ],
)
def test_the_exit_status_tells_of_rejects_when_asked(tmp_path, options, status):
    lines = write_lines(tmp_path / "in.jsonl", {"text": "One."}, {"text": None}, {"text": "Two."})
    assert copydesk("run", lines, "-o", tmp_path / "out", *options).exit_code == status


@pytest.mark.parametrize(
    ("limit", "cores"),
    [
        ("max 100000", None),
        ("200000 100000", 2),
        ("150000 100000", 2),
        ("5000 100000", 1),
        ("nothing", None),
        (None, None),
    ],
)
def test_a_container_has_as_many_workers_as_cores_it_is_given_time_for(tmp_path, limit, cores):
    if limit is not None:
        (tmp_path / "cpu.max").write_text(limit + "\n")
    assert read_quota(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("-1", None), ("200000", 2), ("150000", 2)])
def test_older_kernels_tell_it_in_two_files(tmp_path, quota, cores):
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota + "\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert read_quota(tmp_path) == cores


def test_no_row_at_all_is_a_failure_that_says_why(tmp_path):
    lines = write_lines(tmp_path / "in.jsonl", "not json\n")
    done = copydesk("run", lines, "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "no row was written: all were rejected" in done.output
    empty = write_lines(tmp_path / "empty.jsonl")
    done = copydesk("run", empty, "-o", tmp_path / "out2")
    assert done.exit_code == 3
    assert "no record" in done.output


def test_the_same_plan_again_is_already_complete(pages, tmp_path):
    out = tmp_path / "out"
    copydesk("run", pages, "-o", out)
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*")}
    again = copydesk("run", pages, "-o", out)
    assert again.exit_code == 0
    assert "already complete" in again.output
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*")} == before


def test_another_plan_touches_nothing_unless_told_to_overwrite(pages, tmp_path):
    out = tmp_path / "out"
    copydesk("run", pages, "-o", out)
    before = (out / "manifest.json").read_bytes()
    other = copydesk("run", pages, "-o", out, "--preset", "text")
    assert other.exit_code == 2
    assert "another plan" in other.output
    assert (out / "manifest.json").read_bytes() == before
    assert copydesk("run", pages, "-o", out, "--preset", "text", "--overwrite").exit_code == 0
    assert rows(out)["text"][0].startswith("Accessibility links")


def test_a_folder_that_holds_other_things_is_not_touched(pages, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.doc").write_text("years of work")
    done = copydesk("run", pages, "-o", out)
    assert done.exit_code == 2
    assert [p.name for p in out.iterdir()] == ["thesis.doc"]


def test_the_corpus_is_the_same_for_any_number_of_workers_however_long_they_live(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(3):
        write_lines(folder / f"{n}.jsonl", *({"id": f"{n}-{k}", "text": PAGE} for k in range(20)))
    hashes = []
    for workers, life in ((1, 1 << 30), (2, 1)):
        monkeypatch.setattr("corpus.supervisor._LIFE", life)
        out = tmp_path / f"out{workers}"
        assert copydesk("run", folder, "-o", out, "--workers", workers, "--shard-size", "8KiB").exit_code == 0
        hashes.append([p.read_bytes() for p in sorted((out / "data").iterdir())])
    assert len(hashes[0]) >= 3
    assert hashes[0] == hashes[1]


def test_limit_reads_only_the_first_records(pages, tmp_path):
    out = tmp_path / "out"
    assert copydesk("run", pages, "-o", out, "--limit", 2).exit_code == 0
    assert rows(out)["id"].to_list() == ["p0", "p1"]


def test_a_dry_run_writes_nothing(pages, tmp_path):
    out = tmp_path / "out"
    done = copydesk("run", pages, "-o", out, "--dry-run")
    assert done.exit_code == 0
    assert "nothing was written" in done.output
    assert not out.exists()


def test_disabled_rules_change_nothing(pages, tmp_path):
    out = tmp_path / "out"
    assert copydesk("run", pages, "-o", out, "--disable", "collapse_spaces").exit_code == 0
    assert "The bridge  opened" in rows(out)["text"][0]


def test_an_unknown_rule_names_the_valid_ones(pages, tmp_path):
    done = copydesk("run", pages, "-o", tmp_path / "out", "--disable", "strip_everything")
    assert done.exit_code == 2
    assert "strip_everything" in done.output
    assert "collapse_spaces" in done.output
    done = copydesk("run", pages, "-o", tmp_path / "out", "--disable", "strip_furniture:everything")
    assert done.exit_code == 2
    assert "'strip_furniture:everything'" in done.output
    assert "related, section, share" in done.output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('preset = "new"', ["preset", "'new'", "news, text, decode"]),
        ("presets = 1", ["presets", "no such key", "preset"]),
        ("[steps.strip_all]", ["steps.strip_all", "no such step"]),
        ("[steps.collapse_spaces]\nwidth = 3", ["collapse_spaces", "no option 'width'"]),
        ('[keep]\nwhere = "words > 3"', ["keep.where", "no column 'words'", "q_words"]),
        ('[keep]\nwhere = "q_words +"', ["keep.where"]),
        ('[keep]\nwhere = "q_words + 1"', ["keep.where", "no condition"]),
        ('[keep]\nwhere = "q_words >= max(q_words)"', ["keep.where", "on each row by itself"]),
        ('[keep]\nwhere = "count(*) > 1"', ["keep.where", "on each row by itself"]),
        ("[keep]\nwhere = \"published >= '2019-01-01'\"", ["keep.where", "cannot compare"]),
        ('[steps.strip_furniture]\nphrases = "a line"', ["strip_furniture", "phrases must be", "'a line'"]),
        ('[steps.identify_language]\nengine = "guess"', ["engine must be 'cld2' or 'langdetect'", "'guess'"]),
        ("preset = ", ["pipeline.toml", "Invalid value"]),
    ],
)
def test_a_wrong_configuration_names_the_key_and_the_choices(pages, tmp_path, content, words):
    config = tmp_path / "pipeline.toml"
    config.write_text(content)
    done = copydesk("run", pages, "-o", tmp_path / "out", "--config", config)
    assert done.exit_code == 2, done.output
    for word in words:
        assert word in done.output


def test_keep_where_drops_and_counts(tmp_path):
    lines = write_lines(
        tmp_path / "in.jsonl", {"id": "long", "text": "word " * 60}, {"id": "short", "text": "Two words."}
    )
    config = tmp_path / "pipeline.toml"
    config.write_text('[keep]\nwhere = "q_words >= 50"\n')
    out = tmp_path / "out"
    done = copydesk("run", lines, "-o", out, "--config", config)
    assert done.exit_code == 0, done.output
    assert rows(out)["id"].to_list() == ["long"]
    assert "dropped 1: where: q_words >= 50" in done.output
    assert copydesk("verify", out).exit_code == 0


def test_keep_html_keeps_the_bytes_and_verify_checks_them(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(
        b"<html><body><article><p>The ferry left at dawn, with nobody on board.</p></article></body></html>"
    )
    out = tmp_path / "out"
    assert copydesk("run", page, "-o", out, "--keep-html").exit_code == 0
    assert rows(out)["html"][0] == page.read_bytes()
    assert json.loads(copydesk("verify", out, "--json").stdout)["bytes_exact"] == 1


def test_standard_input_is_read(tmp_path):
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "corpus", "run", "-", "-o", str(out), "--format", "jsonl"],
        input=b'{"id": "a", "text": "From a pipe."}\n',
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert rows(out)["id"].to_list() == ["a"]


def test_explain_names_the_step_and_rule_of_each_change(pages):
    done = copydesk("explain", pages, "--record", "p1")
    assert done.exit_code == 0, done.output
    assert "collapse_spaces:run" in done.output
    assert "dateline" in done.output
    told = json.loads(copydesk("explain", pages, "--json").stdout)
    assert told["source"] == PAGE
    assert {"step:rule" for c in told["changes"] for why in c["why"] if ":" not in why} == set()
    assert copydesk("explain", pages, "--record", "nobody").exit_code == 3


def test_an_unwritable_output_says_so(pages, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = copydesk("run", pages, "-o", tmp_path / "file")
    assert done.exit_code == 2
    assert "is a file" in done.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_leaves_nothing_under_a_final_name(pages, tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    limited = f"ulimit -f 1; exec {sys.executable} -m corpus run {pages} -o {out}"
    big = write_lines(tmp_path / "pages.jsonl", *({"id": str(n), "text": os.urandom(3000).hex()} for n in range(50)))
    done = subprocess.run(
        ["bash", "-c", limited.replace(str(pages), str(big))], capture_output=True, text=True, check=False
    )
    assert done.returncode not in (0, 1)
    assert not list((out / "data").glob("*.parquet"))
    assert not (out / "manifest.json").exists()


def test_shards_without_a_plan_or_manifest_are_not_ours_to_judge(pages, tmp_path):
    out = tmp_path / "out"
    assert copydesk("run", pages, "-o", out).exit_code == 0
    (out / "manifest.json").unlink()
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert copydesk("run", pages, "-o", out).exit_code == 2
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_compressed_input_is_read(tmp_path):
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "z", "text": "Packed."}\n'))
    out = tmp_path / "out"
    assert copydesk("run", path, "-o", out).exit_code == 0
    assert rows(out)["id"].to_list() == ["z"]


def test_many_large_rejects_do_not_pile_up_in_memory(tmp_path):
    path = tmp_path / "in.jsonl"
    with path.open("w") as stream:
        stream.write('{"text": "One that is good."}\n')
        for n in range(30):
            stream.write(f'{{"broken {n}": ' + "x" * 900_000 + "\n")
    out = tmp_path / "out"
    done = copydesk("run", path, "-o", out)
    assert done.exit_code == 0, done.output
    rejected = pl.read_parquet(out / "rejected" / "*.parquet")
    assert rejected.height == 30
    assert [raw[:12] for raw in rejected["raw"]] == [f'{{"broken {n}":'.encode()[:12] for n in range(30)]
    assert not (out / ".work").exists()
    assert len(json.loads((out / "manifest.json").read_text())["account"]["rejected_because"]) == 1


def test_integers_of_any_size_are_kept_digit_for_digit(tmp_path):
    large = {"id": 2**70, "text": PAGE, "shares": {"n": [-(2**65), 1.5]}, "long": 5}
    endless = '{"id": "endless", "text": "It rained.", "n": ' + "7" * 5000 + "}\n"
    source = write_lines(tmp_path / "large.jsonl", large, endless)
    done = copydesk("run", source, "-o", tmp_path / "out")
    assert "rejected 1: broken JSON" in done.output  # beyond any float
    (row,) = rows(tmp_path / "out").select("id", "extra").to_dicts()
    assert row["id"] == str(2**70)
    assert json.loads(row["extra"]) == {"shares": large["shares"], "long": 5}
