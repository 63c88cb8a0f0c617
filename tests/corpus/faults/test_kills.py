"""Runs of the real command that are killed and interrupted: nothing is lost, doubled or half written.

Each ends in the very bytes of an unbroken run.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import faultlab as lab_
import polars as pl
import pytest
from faultlab import (
    alive,
    content,
    descendants,
    ends_as_unbroken,
    finish,
    kill,
    reports,
    temporary,
    wait_for,
    workers,
)

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")
thorough = pytest.mark.thorough
NOTE = re.compile(
    r"a worker (was killed by SIGKILL|died) (before the first record of|that read|at the [0-9]+ records up to|at)"
    r" [0-9]\.jsonl(#byte=[0-9]+)?; (its task is tried again|they are tried one by one)"
)


# -- kills


@thorough  # in short: test_races and test_progress go on with killed runs too
def test_a_killed_run_goes_on_to_the_same_bytes(unbroken, out):
    lab, _ = unbroken
    process = lab.begun(out, shards=2)
    kill(process.pid)
    finish(process)
    lab_.assert_whole_files(lab.folder / out)
    assert not (lab.folder / out / "manifest.json").exists()
    ends_as_unbroken(unbroken, out)


def test_no_worker_outlives_a_killed_run(own):
    texts = ["please hang"] if sys.platform == "linux" else ["please wait"]
    own.write("a.jsonl", texts)
    own.write("b.jsonl", ["please hang"])
    process = own.start("out", "--shard-size", 60)
    wait_for(lambda: len(workers(process.pid)) == 2)
    time.sleep(0.5)
    family = descendants(process.pid)
    kill(process.pid)
    finish(process)
    assert wait_for(lambda: not alive(family)) < 2


def test_killed_workers_are_replaced(unbroken, out):
    lab, expected = unbroken
    process = lab.begun(out)
    for _ in range(3):
        wait_for(lambda: workers(process.pid) or process.poll() is not None)
        for worker in workers(process.pid)[:1]:
            kill(worker)
        time.sleep(0.1)
    done = finish(process)
    assert done.status == 0, done.err
    assert content(lab.folder / out) == expected
    assert done.err, "a worker that dies is told"
    assert all(NOTE.fullmatch(note) for note in done.err.splitlines()), done.err


@thorough
def test_a_killed_process_group_goes_on(unbroken, out):
    lab, _ = unbroken
    process = lab.begun(out)
    os.killpg(process.pid, signal.SIGKILL)
    finish(process)
    ends_as_unbroken(unbroken, out)


@thorough
def test_the_server_that_starts_workers_may_be_killed(unbroken, out):
    lab, expected = unbroken
    process = lab.begun(out)
    for server in lab_.servers(process.pid):
        kill(server)
    for worker in workers(process.pid):
        kill(worker)
    done = finish(process)
    assert done.status == 0, done.err
    assert content(lab.folder / out) == expected


@thorough
def test_what_killed_attempts_left_is_swept(unbroken, out):
    lab, _ = unbroken
    process = lab.begun(out)
    os.killpg(process.pid, signal.SIGKILL)
    finish(process)
    for folder in ("data", "rejected", ".work"):
        (lab.folder / out / folder / f".part-00000-of-00009.parquet.{folder[:3]}.tmp").write_bytes(b"half")
    ends_as_unbroken(unbroken, out)
    assert temporary(lab.folder / out) == []


@thorough
def test_killed_between_manifest_and_sweeping_is_already_complete(unbroken, out):
    lab, expected = unbroken
    ends_as_unbroken(unbroken, out)
    work = lab.folder / out / ".work"
    work.mkdir()
    (work / "00000.json").write_text("{}")
    done = lab.run(out)
    assert (done.status, done.out.splitlines()[0]) == (0, "already complete")
    assert content(lab.folder / out) == expected


@thorough
def test_killed_while_overwriting_goes_on_with_the_new_plan(unbroken, out):
    lab, _ = unbroken
    assert lab.run(out, "--preset", "decode").status == 0
    process = lab.begun(out, "--overwrite")
    kill(process.pid)
    finish(process)
    ends_as_unbroken(unbroken, out)


# -- signals


def test_ctrl_c_ends_the_shards_in_hand_and_says_how_to_go_on(unbroken, out):
    lab, _ = unbroken
    process = lab.begun(out)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to workers too
    done = finish(process)
    assert done.status == 130, done.err
    assert "the same command again goes on" in done.last
    assert temporary(lab.folder / out) == []
    lab_.assert_whole_files(lab.folder / out)
    assert 1 <= len(reports(lab.folder / out)) == len(list((lab.folder / out / "data").iterdir()))
    ends_as_unbroken(unbroken, out)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=thorough)])
def test_a_second_ctrl_c_or_a_sigterm_stops_at_once(own, number):
    own.write("a.jsonl", ["A good text."])
    own.write("b.jsonl", ["please hang"])
    process = own.begun("out", "--shard-size", 60)
    family = descendants(process.pid)
    if number == signal.SIGINT:
        process.send_signal(number)
        time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(number)
    done = finish(process)
    assert time.monotonic() - began < 3
    assert done.status == 128 + number, done.err
    assert "1 of 2 shards stand" in done.last
    assert temporary(own.folder / "out") == []
    assert wait_for(lambda: not alive(family)) < 2


# -- records that kill


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ("crash", "cleaning it ends its worker every time: it was killed by SIGSEGV"),
        pytest.param("exit", "cleaning it ends its worker every time: it ended with status 3", marks=thorough),
        pytest.param("raise", "cleaning failed: RuntimeError: as asked", marks=thorough),
        pytest.param("exhaust", "cleaning failed: MemoryError: ", marks=thorough),
    ],
)
def test_a_record_that_kills_its_worker_is_found_and_the_rest_goes_on(own, wish, reason):
    good = [f"A good text, number {n}." for n in range(200)]
    own.write("a.jsonl", [*good[:77], f"please {wish}", *good[77:]])
    own.write("b.jsonl", good)
    done = own.run("out", "--shard-size", "4KiB")
    assert done.status == 0, done.err
    assert lab_.assert_accounts(own.folder / "out") == {"rows": 400, "rejected": 1}
    rejected = pl.read_parquet(own.folder / "out" / "rejected" / "*.parquet").row(0, named=True)
    assert (rejected["file"], rejected["raw"].decode(), rejected["reason"]) == ("a.jsonl", f"please {wish}", reason)


@thorough
def test_several_killers_in_one_batch_are_all_found(own):
    texts = [f"A good text, number {n}." for n in range(50)]
    texts[10] = texts[11] = texts[40] = "please crash"
    own.write("a.jsonl", texts)
    own.write("b.jsonl", texts[:5])
    assert own.run("out", "--shard-size", "2KiB").status == 0
    assert lab_.assert_accounts(own.folder / "out") == {"rows": 52, "rejected": 3}


@thorough
def test_a_killer_in_a_small_input_is_found_by_the_next_run(own):
    """A small input is cleaned without another process, so its killer takes the run with it, once."""
    own.write("a.jsonl", ["One.", "please crash", "Three."])
    assert own.run("out", "--shard-size", "1MiB").status == -signal.SIGSEGV
    assert own.run("out", "--shard-size", "1MiB").status == 0
    assert lab_.assert_accounts(own.folder / "out") == {"rows": 2, "rejected": 1}


@thorough
def test_killers_that_were_found_are_remembered(own):
    own.write("a.jsonl", ["please crash", "One."])
    own.write("b.jsonl", ["please wait"] * 900)
    whole = own.run("whole", "--shard-size", "4KiB")
    assert whole.status == 0
    process = own.start("out", "--shard-size", "4KiB")
    wait_for(lambda: list((own.folder / "out" / ".work").glob("*.killers")) or process.poll() is not None)
    kill(process.pid)
    finish(process)
    assert own.run("out", "--shard-size", "4KiB").status == 0
    assert content(own.folder / "out") == content(own.folder / "whole")


@thorough
def test_workers_that_cannot_start_end_the_run_with_a_sentence(own):
    own.write("a.jsonl", ["One."] * 9)
    script = own.folder / "unguarded.py"
    script.write_text(
        "import pathlib, sys\n"
        "from corpus.plan import plan\nfrom corpus.readers import ReadOptions\nfrom corpus.runner import run\n"
        "from corpus.tasks import Job\nfrom normalize import presets\n"
        "run(Job(presets.text, ReadOptions()), plan(sys.argv[1:2], task_bytes=50), pathlib.Path(sys.argv[2]))\n"
    )
    command = [sys.executable, str(script), str(own.inputs), str(own.folder / "out")]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(lab_.ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "no worker can be started" in done.stderr.strip().splitlines()[-1]


# -- chance


@thorough
@pytest.mark.parametrize("seed", range(20))
def test_random_kills_lose_and_double_nothing(unbroken, out, seed, record_property):
    """Ten kills each, of the run, a worker or the server, at any moment; then it is let through."""
    lab, _ = unbroken
    chance = random.Random(seed)
    kills = 0
    while kills < 10:
        process = lab.start(out)
        for _ in range(chance.randint(1, 3)):
            time.sleep(chance.uniform(0.1, 2.0))
            victims = [process.pid, *workers(process.pid) * 2, *lab_.servers(process.pid)]
            if process.poll() is None:
                kill(chance.choice(victims))
                kills += 1
        if chance.random() < 0.8 and process.poll() is None:
            kill(process.pid)
            kills += 1
        done = finish(process)
        assert done.status in (0, -signal.SIGKILL), done
        lab_.assert_whole_files(lab.folder / out)
    ends_as_unbroken(unbroken, out)
    assert temporary(lab.folder / out) == []
    record_property("kills", kills)
