"""The benchmark of pages: it reads what it says, and compares the same pages in one run."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench.py"
PAGE = "<html><body><article><h1>Rain</h1><p>It rained on the harbour all day long.</p></article></body></html>"


def figures(pages: Path) -> dict[str, dict[str, float]]:
    command = [sys.executable, str(SCRIPT), "--pages", str(pages), "--repeats", "1", "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def test_a_folder_of_pages_is_opened_beside_the_bare_parse(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    found = figures(tmp_path)
    assert found["pages"] == 2
    assert found["times_open_page"]["normalize.open_page"] == 1.0
    assert 0 < found["times_open_page"]["lexbor, parse alone"] < 1


def test_pages_are_read_from_jsonl_too(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_text(json.dumps({"html": PAGE}) + "\n")
    assert figures(tmp_path / "pages.jsonl")["pages"] == 1
