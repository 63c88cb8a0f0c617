"""The benchmark: it runs, and what it compares does the same work."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench.py"


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, float]]:
    command = [sys.executable, str(SCRIPT), "--mb", "0.05", "--repeats", "1", "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def test_every_row_of_the_budget_is_measured(figures: dict[str, dict[str, float]]) -> None:
    assert len(figures["ms_per_mb"]) == 11
    assert min(figures["ms_per_mb"][row] for row in ("read and decode", "repair", "Parquet")) > 0


def test_every_step_of_the_preset_is_measured(figures: dict[str, dict[str, float]]) -> None:
    from normalize import presets

    assert list(figures["steps"]) == [step.name for step in presets.news.steps]


def test_the_loop_that_keeps_nothing_makes_the_same_texts(figures: dict[str, dict[str, float]]) -> None:
    assert figures["same_text_without_keeping"] == 1.0
