"""The check of seeds: the project's own two documents pass, and a false claim is found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def check(*arguments: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, SCRIPTS / "verify_seeds.py", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_what_a_careful_reader_wrote_down_holds() -> None:
    done = check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["en/file-photo.txt", "en/inline-date.txt"]


def test_a_claim_that_does_not_hold_is_named(tmp_path: Path) -> None:
    expected = json.loads((SCRIPTS / "expected.json").read_text(encoding="utf-8"))
    expected[1]["published"] = "1851-11-14"
    (tmp_path / "wrong.json").write_text(json.dumps(expected), encoding="utf-8")
    done = check(SCRIPTS / "samples", tmp_path / "wrong.json")
    assert done.returncode == 1
    assert "expected '1851-11-14'" in done.stdout
