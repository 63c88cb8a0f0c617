"""README is true: its examples run, and it names every command and option there is, and no other."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from corpus.cli import main
from corpus.document import SCHEMA
from corpus.readers.sniff import FORMATS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### copydesk (\w+)\n(.*?)(?=^##|\Z)", README, re.DOTALL | re.MULTILINE))


def test_the_first_minute_runs() -> None:
    """Every python example in README is a doctest."""
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0


def test_every_command_has_its_section() -> None:
    assert sorted(SECTIONS) == sorted(main.commands)
    assert sorted(re.findall(r"^copydesk (\w+) ", README, re.MULTILINE)) == sorted(main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_is_documented_and_no_other(name: str) -> None:
    """The option cells of a command's table hold exactly its options, long and short."""
    cells = re.findall(r"^\| (`-.*?)(?<!\\) \| ", SECTIONS.get(name, ""), re.MULTILINE)
    documented = {option for cell in cells for option in re.findall(r"`(--?[\w-]+)`", cell)}
    options = {
        o for p in main.commands[name].params if p.param_type_name == "option" for o in (*p.opts, *p.secondary_opts)
    }
    assert documented == options


@pytest.mark.parametrize("marker", ["main job", "tests"])
def test_what_ci_runs_stands_under_its_marker(marker: str) -> None:
    """`.ci/run` takes these commands out of README; each is one line that makes its own environment."""
    found = re.findall(rf"^<!-- {marker} -->\n```sh\n(.*?)\n```$", README, re.MULTILINE)
    assert len(found) == 1
    assert found[0].startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_links_and_scripts_exist() -> None:
    named = re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(r"`(scripts/[\w.]+|\.ci/\w+)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_column_is_documented_and_no_other() -> None:
    table = README.partition("\n| column | |\n")[2].partition("\n\n")[0]
    documented = {name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split(" | ")[0])}
    assert documented == {name for name in SCHEMA if not name.startswith("q_")}
    assert "`q_…`" in table


def test_every_format_is_named() -> None:
    paragraph = README.partition("INPUT is a file")[2].partition("\n\n")[0]
    assert [name for name in FORMATS if f"`{name}`" not in paragraph] == []
