"""What several test modules look at: the corpus that the samples make."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.cli import main

SAMPLES = Path(__file__).parents[2] / "scripts" / "samples"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "corpus"
    done = CliRunner().invoke(main, ["run", str(SAMPLES), "-o", str(out)])
    assert done.exit_code == 0, done.output
    return out
