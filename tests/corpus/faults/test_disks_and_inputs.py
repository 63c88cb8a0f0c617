"""Runs whose disk fills, whose output goes away, whose inputs change: each says so and changes nothing."""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
from pathlib import Path

import faultlab as lab_
import pytest
from faultlab import (
    content,
    finish,
    kill,
    stands,
    temporary,
)

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")
thorough = pytest.mark.thorough


# -- disks


def test_a_full_disk_is_said_and_the_run_goes_on_with_room(own):
    noise = random.Random(1)
    own.write("a.jsonl", [noise.randbytes(3000).hex() for _ in range(60)])
    own.write("b.jsonl", ["A small text."])
    limited = own.run("out", "--shard-size", "128KiB", shell="ulimit -f 50")
    assert limited.status == 3, limited.err
    assert len(limited.err.strip().splitlines()) == 1
    assert "could not be written" in limited.err
    lab_.assert_whole_files(own.folder / "out")
    assert temporary(own.folder / "out") == []
    assert own.run("out", "--shard-size", "128KiB").status == 0
    assert lab_.assert_accounts(own.folder / "out") == {"rows": 61, "rejected": 0}


@thorough
def test_a_full_file_system_is_said_and_leaves_whole_files(own):
    room = own.folder / "room"
    room.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", room], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("may not mount")
    try:
        noise = random.Random(2)
        own.write("a.jsonl", [noise.randbytes(3000).hex() for _ in range(100)])
        done = own.run("room/out", "--shard-size", "64KiB")
        assert done.status == 3, done.err
        assert len(done.err.strip().splitlines()) == 1
        lab_.assert_whole_files(room / "out")
        subprocess.run(["mount", "-o", "remount,size=20m", room], check=True)
        assert own.run("room/out", "--shard-size", "64KiB").status == 0
        assert own.run("whole", "--shard-size", "64KiB").status == 0
        assert content(room / "out") == content(own.folder / "whole")
    finally:
        subprocess.run(["umount", room], check=True)


@thorough
def test_an_output_that_cannot_be_made_is_said(own):
    own.write("a.jsonl", ["One."])
    (own.folder / "file").write_text("in the way")
    done = own.run("file/out")
    assert (done.status, len(done.err.splitlines())) in {(2, 1), (3, 1)}
    assert (own.folder / "file").read_text() == "in the way"


@thorough
def test_an_output_folder_removed_under_a_run_is_said(own):
    own.fill(2, 200)
    process = own.begun("out")
    (own.folder / "out").rename(own.folder / "moved")
    done = finish(process)
    assert done.status == 3, done.err
    assert len(done.err.strip().splitlines()) == 1


# -- inputs that change


def spoil_grown(path: Path) -> None:
    with path.open("a") as stream:
        stream.write('{"text": "More."}\n')


def spoil_replaced(path: Path) -> None:
    path.write_text(path.read_text().replace("harbour", "airport"))


def spoil_truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 100)


CHANGES = {"grown": spoil_grown, "replaced": spoil_replaced, "truncated": spoil_truncated, "removed": Path.unlink}


@pytest.mark.parametrize(
    "change", [name if name == "grown" else pytest.param(name, marks=thorough) for name in CHANGES]
)
def test_an_input_that_changes_during_a_run_fails_it_by_name(unbroken, own, change):
    own.fill()
    last = own.inputs / "2.jsonl"
    before, times = last.read_bytes(), last.stat()
    process = own.begun("out")
    CHANGES[change](last)
    done = finish(process)
    assert done.status == 3, done.err
    assert "2.jsonl" in done.last
    assert not (own.folder / "out" / "manifest.json").exists()
    lab_.assert_whole_files(own.folder / "out")
    if change != "removed":  # another input now: refused, and nothing touched
        kept = stands(own.folder / "out" / "data")
        again = own.run("out")
        assert again.status == 2
        assert "other inputs" in again.last
        assert stands(own.folder / "out" / "data") == kept
    last.write_bytes(before)
    os.utime(last, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert own.run("out").status == 0
    assert content(own.folder / "out") == unbroken[1]


@thorough
def test_a_new_input_file_is_not_passed_over(unbroken, own):
    own.fill(2)
    assert own.run("out").status == 0
    kept = stands(own.folder / "out")
    own.write("new.jsonl", ["A new one."])
    done = own.run("out")
    assert done.status == 2
    assert "other inputs" in done.last
    assert stands(own.folder / "out") == kept


@thorough
def test_a_cut_off_archive_loses_its_tail_by_name_whether_broken_or_not(own):
    raw = gzip.compress("".join(json.dumps({"text": f"{n} please wait"}) + "\n" for n in range(900)).encode())
    own.inputs.mkdir()
    (own.inputs / "a.jsonl.gz").write_bytes(raw[: len(raw) - 300])
    own.write("b.jsonl", ["please wait"] * 300)
    assert own.run("whole").status == 0
    assert lab_.assert_accounts(own.folder / "whole")["rejected"] == 1
    process = own.begun("out")
    kill(process.pid)
    finish(process)
    assert own.run("out").status == 0
    assert content(own.folder / "out") == content(own.folder / "whole")
