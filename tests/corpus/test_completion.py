"""Shells are told what they may complete, and the help names a way on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from corpus.cli import main


def offered(words: str) -> set[str]:
    """What bash would offer at the end of `words`."""
    environment = {**os.environ, "_COPYDESK_COMPLETE": "bash_complete", "COMP_WORDS": words}
    environment["COMP_CWORD"] = str(len(words.split(" ")) - 1)
    code = "import sys; from corpus.cli import main; sys.argv = ['copydesk']; main(prog_name='copydesk')"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    return {line.partition(",")[2] for line in done.stdout.splitlines()}


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ("copydesk ", {"run", "explain", "report"}),
        ("copydesk explain --", {"--find", "--html"}),
        ("copydesk explain --preset ", {"news", "text", "decode"}),
        ("copydesk run --disable strip_furniture:n", {"strip_furniture:newsletter", "strip_furniture:navigation"}),
        ("copydesk explain --disable strip_cap", {"strip_captions", "strip_captions:caption"}),
    ],
)
def test_what_is_offered(words, some):
    assert some <= offered(words)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(shell):
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert "_COPYDESK_COMPLETE" in done.output


def test_the_first_help_shows_a_way():
    told = CliRunner().invoke(main, ["--help"]).output
    assert told.index("copydesk run pages/") < told.index("copydesk explain corpus-out --find")
    listed = told.partition("Commands:")[2]
    assert listed.index("  run ") < listed.index("  verify ") < listed.index("  completion ")
    assert not [line for line in listed.splitlines() if line.endswith("...")], "each command's line is whole"


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["report", "."], "copydesk run INPUT... -o . makes one"),
        (["explain", "in.txt", "--html", "no/such/page.html"], "there is no folder no/such"),
        (["rnu"], "Did you mean 'run'?"),
        (["run", "in.txt", "-o", "out", "--disable", "strip_captions:line"], "its rules are caption"),
    ],
)
def test_errors_say_what_to_do(tmp_path, monkeypatch, arguments, advice):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.txt").write_text("It rained.")
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in (2, 3)
    assert advice in done.output
