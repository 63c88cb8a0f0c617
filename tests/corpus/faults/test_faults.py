"""Runs of the real command that are killed, filled, truncated and raced: nothing is lost, doubled or half written.

Each ends in the very bytes of an unbroken run, or says in one sentence what is wrong and changes nothing.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import faultlab as lab_
import polars as pl
import pytest
from click.testing import CliRunner
from faultlab import Lab, alive, content, descendants, finish, kill, reports, stands, temporary, wait_for, workers

from corpus.cli import main

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")
thorough = pytest.mark.thorough


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("faults"))
    lab.fill()
    done = lab.run("unbroken")
    assert done.status == 0, done.err
    lab_.assert_accounts(lab.folder / "unbroken")
    yield lab, content(lab.folder / "unbroken")
    lab.close()


@pytest.fixture
def own(tmp_path):
    lab = Lab(tmp_path)
    yield lab
    lab.close()


@pytest.fixture
def out(request) -> str:
    return request.node.name.replace("[", "-").replace("]", "")


def ends_as_unbroken(unbroken, out: str, *options: object) -> None:
    lab, expected = unbroken
    done = lab.run(out, *options)
    assert done.status == 0, done.err
    assert content(lab.folder / out) == expected


# -- kills


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
def test_an_input_that_changes_during_a_run_fails_it_by_name(own, change):
    own.fill()
    whole = own.run("whole")
    assert whole.status == 0
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
    assert content(own.folder / "out") == content(own.folder / "whole")


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


# -- options that change, and runs that race


def test_a_changed_option_is_refused_and_nothing_is_touched(unbroken, out):
    lab, _ = unbroken
    process = lab.begun(out)
    kill(process.pid)
    finish(process)
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


# -- chance


@thorough
@pytest.mark.parametrize("seed", range(20))
def test_random_kills_lose_and_double_nothing(unbroken, out, seed):
    """Ten kills each, of the run, a worker, the server or all, at any moment; then it is let through."""
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
        if chance.random() < 0.8:
            kill(process.pid)
        done = finish(process)
        assert done.status in (0, -signal.SIGKILL), done
        lab_.assert_whole_files(lab.folder / out)
    ends_as_unbroken(unbroken, out)
    assert temporary(lab.folder / out) == []
