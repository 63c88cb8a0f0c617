"""Runs on a Ray cluster: what they write is what a local run writes, whatever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import faultlab as lab_
import pytest
from faultlab import Lab, alive, content, descendants, finish, kill, wait_for

pytest.importorskip("ray")
thorough = pytest.mark.thorough


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("cluster"))
    lab.fill()
    lab.write("killer.jsonl", ["One.", "please crash", "Three."])
    done = lab.run("local")
    assert done.status == 0, done.err
    assert lab_.assert_accounts(lab.folder / "local") == {"rows": 362, "rejected": 10}
    yield lab
    lab.close()


def ray_workers(process: int) -> list[int]:
    return [one for one in descendants(process) if "ray::_carry_out" in lab_.words(one)]


def test_a_killed_worker_and_a_record_that_kills_change_no_byte(lab):
    process = lab.start("ray", "--engine", "ray")
    wait_for(lambda: len(lab_.reports(lab.folder / "ray")) >= 2 and ray_workers(process.pid), timeout=120)
    kill(ray_workers(process.pid)[0])
    done = finish(process)
    assert done.status == 0, done.err
    assert content(lab.folder / "ray") == content(lab.folder / "local")


@thorough
def test_a_killed_run_leaves_no_worker_and_goes_on(lab):
    process = lab.start("killed", "--engine", "ray")
    wait_for(lambda: len(lab_.reports(lab.folder / "killed")) >= 2, timeout=120)
    family = ray_workers(process.pid)
    kill(process.pid)
    finish(process)
    assert wait_for(lambda: not alive(family)) < 10
    done = lab.run("killed")  # what one engine began another may end
    assert done.status == 0, done.err
    assert content(lab.folder / "killed") == content(lab.folder / "local")


@thorough
def test_ctrl_c_ends_the_shards_in_hand(lab):
    process = lab.start("stopped", "--engine", "ray")
    wait_for(lambda: len(lab_.reports(lab.folder / "stopped")) >= 2, timeout=120)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    done = finish(process)
    assert done.status == 130, done.err
    assert "the same command again goes on" in done.last
    lab_.assert_whole_files(lab.folder / "stopped")
    assert lab.run("stopped", "--engine", "ray").status == 0
    assert content(lab.folder / "stopped") == content(lab.folder / "local")


@thorough
def test_a_cluster_that_stands_is_used_by_its_address(lab, monkeypatch):
    ray = [sys.executable, "-m", "ray.scripts.scripts"]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(lab.folder), str(lab_.ROOT)]))
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    start = [
        *ray,
        "start",
        "--head",
        "--port=6399",
        "--num-cpus=2",
        "--include-dashboard=false",
        "--disable-usage-stats",
    ]
    subprocess.run(start, check=True, capture_output=True)
    try:
        monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:6399")
        done = lab.run("cluster", "--engine", "ray")
        assert done.status == 0, done.err
        assert content(lab.folder / "cluster") == content(lab.folder / "local")
    finally:
        subprocess.run([*ray, "stop", "--force"], check=True, capture_output=True)


@thorough
def test_a_cluster_that_is_not_there_is_said(lab, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    done = lab.run("nowhere", "--engine", "ray")
    assert done.status == 3, done.err
    assert "the Ray cluster cannot be reached" in done.last
