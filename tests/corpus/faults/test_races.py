"""Runs with other options, beside others and in parts: one corpus, or a refusal that touches nothing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import faultlab as lab_
import pytest
from click.testing import CliRunner
from faultlab import (
    content,
    descendants,
    ends_as_unbroken,
    finish,
    kill,
    stands,
    wait_for,
)

from corpus.cli import main

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")
thorough = pytest.mark.thorough


# -- options that change, and runs that race


def test_a_changed_option_after_a_kill_is_refused_and_nothing_is_touched(unbroken, out):
    lab, _ = unbroken
    process = lab.begun(out)
    kill(process.pid)
    finish(process)
    lab_.assert_whole_files(lab.folder / out)
    assert not (lab.folder / out / "manifest.json").exists()
    wait_for(lambda: not descendants(process.pid))
    time.sleep(0.6)
    kept = stands(lab.folder / out)
    done = lab.run(out, "--disable", "collapse_spaces")
    assert done.status == 2, done.err
    assert "another plan (other steps)" in done.last
    assert stands(lab.folder / out) == kept
    ends_as_unbroken(unbroken, out)


@thorough
@pytest.mark.parametrize(
    "option", [("--keep-html",), ("--encoding", "auto"), ("--max-record-bytes", "1MiB"), ("--limit", "3")]
)
def test_other_settings_are_another_plan(unbroken, out, option):
    lab, _ = unbroken
    process = lab.begun(out)
    kill(process.pid)
    finish(process)
    done = lab.run(out, *option)
    assert done.status == 2
    assert "another plan" in done.last
    ends_as_unbroken(unbroken, out)


def test_two_runs_on_one_folder_are_one(unbroken, out):
    lab, expected = unbroken
    process = lab.begun(out, "--workers", 1)
    os.kill(process.pid, signal.SIGSTOP)
    second = lab.run(out)
    os.kill(process.pid, signal.SIGCONT)
    assert second.status == 2
    assert "another run is writing" in second.last
    assert finish(process).status == 0
    assert content(lab.folder / out) == expected


@thorough
def test_runs_that_begin_together_end_in_one_corpus(unbroken, out):
    lab, expected = unbroken
    done = [finish(process) for process in [lab.start(out) for _ in range(3)]]
    assert min(one.status for one in done) == 0
    assert {one.status for one in done} <= {0, 2}
    assert content(lab.folder / out) == expected


@thorough
@pytest.mark.parametrize("spoil", ["shard", "rejected", "report"])
def test_what_was_damaged_between_attempts_is_made_again(unbroken, out, spoil):
    lab, _ = unbroken
    process = lab.begun(out, shards=6)
    kill(process.pid)
    finish(process)
    where = {"shard": "data/*", "rejected": "rejected/*", "report": ".work/*.json"}[spoil]
    for path in (lab.folder / out).glob(where):
        os.truncate(path, path.stat().st_size // 2)
    ends_as_unbroken(unbroken, out)


# -- parts


def test_parts_and_their_merging_are_one_run(unbroken, out):
    lab, expected = unbroken
    parts = [lab.start(out, "--task", f"{n}/2") for n in (1, 2)]
    assert [finish(part).status for part in parts] == [0, 0]
    merged = lab.run(out, of="merge")
    assert merged.status == 0, merged.err
    assert content(lab.folder / out) == expected


@thorough
def test_a_killed_part_goes_on_beside_the_others(unbroken, out):
    lab, expected = unbroken
    process = lab.begun(out, "--task", "1/3", "--workers", 1)
    others = [lab.start(out, "--task", f"{n}/3") for n in (2, 3)]
    kill(process.pid)
    finish(process)
    early = lab.run(out, of="merge")
    assert early.status in (2, 3)  # others are running, or tasks are missing
    assert [finish(part).status for part in others] == [0, 0]
    missing = lab.run(out, of="merge")
    assert missing.status == 3
    assert "tasks are not done" in missing.last
    assert lab.run(out, "--task", "1/3").status == 0
    assert lab.run(out, of="merge").status == 0
    assert content(lab.folder / out) == expected


@thorough
def test_a_part_and_a_whole_run_do_not_mix(unbroken, out):
    lab, _ = unbroken
    process = lab.begun(out, "--task", "1/2", "--workers", 1)
    os.kill(process.pid, signal.SIGSTOP)
    whole, twin = lab.run(out), lab.run(out, "--task", "1/2")
    os.kill(process.pid, signal.SIGCONT)
    assert (whole.status, twin.status) == (2, 2)
    assert finish(process).status == 0
    ends_as_unbroken(unbroken, out)  # a whole run ends what parts began


@thorough
def test_parts_of_another_plan_are_refused(unbroken, out):
    lab, _ = unbroken
    assert lab.run(out, "--task", "1/2").status == 0
    assert lab.run(out, "--task", "2/2", "--keep-html").status == 2


@pytest.mark.parametrize("value", ["0/2", "3/2", "2", "a/b"])
def test_a_part_that_cannot_be_is_a_wrong_usage(own, value):
    own.write("a.jsonl", ["One."])
    done = CliRunner().invoke(main, own.command("out", "--task", value)[3:])
    assert done.exit_code == 2
    assert "of 8 parts the first is 1/8" in done.output
    assert not (own.folder / "out").exists()
