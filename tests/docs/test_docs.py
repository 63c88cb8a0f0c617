"""The documentation is true: its examples run, its links lead somewhere, its reference is fresh."""

from __future__ import annotations

import doctest
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import normalize
from corpus.cli import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with `scripts/samples` and `corpus-out/`, where the documentation is tried."""
    folder = tmp_path_factory.mktemp("desk")
    samples = shutil.copytree(ROOT / "scripts" / "samples", folder / "scripts" / "samples")
    assert CliRunner().invoke(main, ["run", str(samples), "-o", str(folder / "corpus-out")]).exit_code == 0
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_say_what_comes_of_them(page):
    globs = {name: getattr(normalize, name) for name in normalize.__all__} if page.stem == "reference" else {}
    text = "".join(body + "\n" for kind, body in blocks(page) if kind == "python" and ">>>" in body)
    parsed = doctest.DocTestParser().get_doctest(text, globs, page.name, str(page), 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL)
    runner.run(parsed, out=said.append)
    assert runner.failures == 0, "".join(said)
    assert runner.tries or page.stem not in ("cookbook", "reference")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_programs_run(page, desk, monkeypatch):
    monkeypatch.chdir(desk)
    monkeypatch.syspath_prepend(desk)
    step = next((body for kind, body in blocks(DOCS / "cookbook.md") if "def fold_shouting" in body))
    module = [line[4:] for line in step.splitlines() if line.startswith((">>> ", "... "))][:-1]
    (desk / "shouting.py").write_text("\n".join(module) + "\n")
    scope: dict[str, object] = {}
    for kind, body in blocks(page):
        if kind == "python" and ">>>" not in body:
            exec(compile(body, page.name, "exec"), scope)
    if page.stem == "cookbook":
        assert scope["source"]
        assert scope["times"].height > 0


def test_the_guide_can_be_typed_as_it_stands(desk, monkeypatch):
    monkeypatch.chdir(desk)
    shutil.rmtree(desk / "corpus-out")
    typed = 0
    for kind, body in blocks(DOCS / "guide.md"):
        if kind == "toml":
            (desk / "pipeline.toml").write_text(body)
        for line in body.splitlines() if kind == "sh" else ():
            program, *arguments = shlex.split(line)
            assert program == "copydesk"
            if "ID" in arguments:
                found = CliRunner().invoke(main, ["explain", "corpus-out", "--json"])
                arguments[arguments.index("ID")] = json.loads(found.output)["id"]
            done = CliRunner().invoke(main, arguments)
            if "We use cookies. Accept" in arguments:
                assert "body > div.cookie-banner, which was not taken for the story" in done.output
                continue
            assert done.exit_code == 0, f"{line}\n{done.output}"
            if "--find" in arguments:
                assert ("--disable strip_furniture:newsletter" in done.output) != ("nothing touched" in done.output)
            typed += 1
    assert typed > 10
    assert (desk / "corpus-out" / "report.html").exists()


def test_links_lead_somewhere():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
        for name in re.findall(r"`((?:normalize|corpus|scripts|tests)/[\w./]+)`", text):
            assert (ROOT / name).exists(), f"{page.name}: {name}"
        for name in re.findall(r"`(\w+\.tsv)`", text):
            assert (ROOT / "normalize" / "data" / name).exists() or (ROOT / "corpus" / "data" / name).exists(), name


def test_the_reference_is_fresh():
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts" / "make_reference.py", "--check"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_the_notebook_runs(desk, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.chdir(desk)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(DOCS / "first-look.ipynb", as_version=4)
    done = NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    shown = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert shown
    assert not any(output.output_type == "error" for output in shown)
