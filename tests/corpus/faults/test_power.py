"""Lost power: only what was synced is there afterwards, so what says that a thing is done is synced after the thing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.cli import main

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads the names of open files in /proc")


class Disk:
    """Follows what would survive: a file whose bytes were synced, renamed, and whose folder was synced after that."""

    def __init__(self) -> None:
        self.durable: set[Path] = set()
        self.synced: set[Path] = set()
        self.renamed: set[Path] = set()

    def sync(self, path: Path) -> None:
        if path.is_dir():
            self.durable |= {folder for folder in path.iterdir() if folder.is_dir()}
            self.durable |= {final for final in self.renamed if final.parent == path}
        else:
            self.synced.add(path)

    def rename(self, attempt: Path, final: Path) -> None:
        assert attempt in self.synced, f"{final.name} takes its name before its bytes are synced"
        self.renamed.add(final)


@pytest.fixture
def disk(monkeypatch):
    disk = Disk()
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(handle: int) -> None:
        fsync(handle)
        disk.sync(Path(f"/proc/self/fd/{handle}").readlink())

    def watched_replace(attempt: Path, final: Path) -> Path:
        out = final.parents[1]
        if final.parent.name == ".work" and final.suffix == ".json":  # a task is done
            assert {out / name for name in json.loads(attempt.read_text())["sizes"]} <= disk.durable
        if final.name == "manifest.json":  # the run is
            assert disk.renamed <= disk.durable
        disk.rename(attempt, final)
        return replace(attempt, final)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    return disk


@pytest.mark.parametrize("options", [(), ("--partition", "year")])
def test_what_says_that_a_thing_is_done_is_synced_after_the_thing(tmp_path, disk, options):
    records = [{"text": f"The ferry  sailed {n} times.", "date": f"20{n:02}-01-01"} for n in range(3)]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / "in.jsonl").write_text(lines + "not json\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["run", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out"), *options])
    assert done.exit_code == 0, done.output
    standing = {tmp_path / "out", *(tmp_path / "out").rglob("*")}
    assert len(standing) >= 9
    assert standing <= disk.durable
