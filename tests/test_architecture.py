"""What the whole project keeps to: who imports whom, what loads when, tables, patterns, documentation, size."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from cases import steps
from reviewed import OWED, PATTERNS

from normalize.testing import laws
from normalize.testing.rust import rust_refuses

ROOT = Path(__file__).parents[1]
HEART = {"edits", "facts", "steps", "pipeline"}
ABOVE = {"presets", "testing", ""}  # "": normalize/__init__.py, which exports
HEAVY = ("polars", "ftfy", "bs4", "hypothesis", "numpy", "langdetect", "pycld2", "selectolax", "corpus")
MOST_LINES = 500


@cache
def modules(package: str) -> dict[str, Path]:
    """Return the modules of a package by dotted name."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


EVERYTHING = {**modules("normalize"), **modules("corpus")}


@cache
def imports(name: str, *, typing: bool = False) -> frozenset[str]:
    """Return the project's modules that a module imports, at its top or inside functions; for types alone only if asked."""
    tree = ast.parse(EVERYTHING[name].read_text("utf-8"))
    skipped = set()
    if not typing:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and getattr(node.test, "id", None) == "TYPE_CHECKING":
                skipped.update(id(inner) for inner in ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            found.update(
                full if (full := f"{node.module}.{alias.name}") in EVERYTHING else node.module for alias in node.names
            )
    return frozenset(other for other in found if other in EVERYTHING and other != name)


def unit(module: str) -> str:
    """Return the room of normalize that a module stands in: "times" for normalize.times.find."""
    return module.partition(".")[2].partition(".")[0]


@cache
def units() -> dict[str, set[str]]:
    """Return for each room of normalize the rooms it imports, whatever for."""
    graph: dict[str, set[str]] = {}
    for name in modules("normalize"):
        others = {unit(other) for other in imports(name, typing=True) if other.startswith("normalize")}
        graph.setdefault(unit(name), set()).update(others - {unit(name)})
    return graph


STEP_ROOMS = {unit(step.__module__) for step in steps().values()}


def test_edits_know_nothing_of_the_project() -> None:
    assert units()["edits"] == set()


def test_the_heart_is_built_upwards() -> None:
    knowledge = set(units()) - HEART - ABOVE - STEP_ROOMS
    assert units()["facts"] <= {"edits"} | knowledge
    assert units()["steps"] <= {"edits", "facts"}
    assert units()["pipeline"] <= {"edits", "facts", "steps"}


@pytest.mark.parametrize("room", sorted(STEP_ROOMS))
def test_rooms_of_steps_do_not_import_each_other(room) -> None:
    assert units()[room] & (STEP_ROOMS | {"pipeline"} | ABOVE) == set()


def reach(room: str) -> set[str]:
    """Return all rooms that a room imports, directly or through others."""
    seen: set[str] = set()
    todo = [room]
    while todo:
        for other in units()[todo.pop()] - seen:
            seen.add(other)
            todo.append(other)
    return seen


@pytest.mark.parametrize("room", sorted(reach("facts") - {"edits"}))
def test_knowledge_below_the_facts_imports_nothing_above_edits(room) -> None:
    assert units()[room] & (HEART - {"edits"} | STEP_ROOMS | ABOVE) == set()


def test_normalize_never_imports_corpus() -> None:
    assert [n for n in modules("normalize") if any(o.startswith("corpus") for o in imports(n, typing=True))] == []


def test_only_testing_imports_hypothesis() -> None:
    users = [name for name, path in EVERYTHING.items() if "import hypothesis" in path.read_text("utf-8")]
    users += [name for name, path in EVERYTHING.items() if "\nfrom hypothesis" in path.read_text("utf-8")]
    assert {name.partition(".testing")[0] for name in users} == {"normalize"}
    assert all(".testing" in name for name in users)


def test_there_are_no_import_cycles() -> None:
    graph = {name: set(imports(name)) - {"normalize", "corpus"} for name in EVERYTHING}
    for package in ("normalize", "corpus"):  # what a package's __init__ exports is no reason to need it
        graph[package] = set()
    while free := [name for name, needs in graph.items() if not needs & graph.keys()]:
        for name in free:
            del graph[name]
    assert sorted(graph) == []


def test_importing_normalize_loads_nothing_heavy() -> None:
    code = "import sys, json, normalize, normalize.presets; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(json.loads(out)) & set(HEAVY) == set()


# Every pattern that code of normalize compiles, at import or later, while every case is replayed.
RECORD = """
import json, pathlib, re, sys
compiled = {}
compiler = re._compile
def recording(pattern, flags):
    frame = sys._getframe(1)
    while frame.f_globals.get("__name__") in ("re", __name__):
        frame = frame.f_back
    name = frame.f_globals.get("__name__", "") if frame else ""
    result = compiler(pattern, flags)
    if name.startswith("normalize.") and ".testing" not in name and isinstance(result.pattern, str):
        compiled.setdefault((result.pattern, result.flags), name)
    return result
re._compile = recording
sys.path[:0] = ["tests/laws"]
import cases
from normalize import UNKNOWN
texts = [case.source for each in cases.all_cases().values() for case in each]
texts += ["MANILA, Philippines (AP) — One on Tuesday.\\n\\nBy Jane Roe\\n\\ndate 2017-12-27\\n\\nAFP", "caf\\u00c3\\u00a9 &amp; \\u200b x"]
for step in cases.steps().values():
    for text in texts:
        step(text, known=UNKNOWN)
print(json.dumps([[name, pattern, flags] for (pattern, flags), name in compiled.items()]))
"""


@cache
def compiled_patterns() -> list[tuple[str, str, int]]:
    """Return (module, pattern, flags) for each pattern compiled."""
    done = subprocess.run([sys.executable, "-c", RECORD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [tuple(row) for row in json.loads(done.stdout)]


def named(module: str, pattern: str) -> str:
    """Return the name that a pattern has in its module, its first letters where it has none."""
    known = {p.pattern: name for name, p in laws.patterns_of(module)}
    return f"{module}.{known.get(pattern, pattern[:40])}"


def test_every_pattern_is_linear_by_construction_or_reviewed() -> None:
    refused = {}
    for module, pattern, flags in compiled_patterns():
        if why := rust_refuses(re.compile(pattern, flags)):
            refused[named(module, pattern)] = why
    assert {name: why for name, why in refused.items() if name not in PATTERNS} == {}
    assert PATTERNS.keys() - refused.keys() == set(), "reviewed, but not refused any more"


@pytest.mark.parametrize("name", steps())
def test_every_step_shows_by_doctests_what_it_does(name) -> None:
    if name in OWED:
        pytest.xfail(OWED[name])
    words = steps()[name].__doc__ or ""
    assert words.count(">>>") >= 2, "a plain case, and one left alone"
    assert words.split("\n", 1)[0].rstrip().endswith((".", ":"))


@pytest.mark.parametrize("name", EVERYTHING)
def test_modules_stay_small(name) -> None:
    if name in OWED:
        pytest.xfail(OWED[name])
    assert EVERYTHING[name].read_text("utf-8").count("\n") <= MOST_LINES


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_module_says_what_it_is(name) -> None:
    assert ast.get_docstring(ast.parse(EVERYTHING[name].read_text("utf-8")))


def test_every_step_of_normalize_is_in_the_presets_table() -> None:
    table = importlib.import_module("normalize.presets").STEPS
    assert {name: step for name, step in steps().items() if name not in table} == {}
    assert all(name == step.name for name, step in table.items())
