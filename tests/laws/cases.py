"""The loader of tests/cases: each file is the cases of one step or preset. See tests/cases/README.md."""

from __future__ import annotations

import importlib
import json
import pkgutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import normalize
from normalize import Annotation, Editor, Facts, Pipeline, Step
from normalize.calendar import DateInterval

FOLDER = Path(__file__).parents[1] / "cases"
KEYS = {"label", "comment", "source", "expected", "options", "known", "xfail"}


@cache
def steps() -> dict[str, Step[Any]]:
    """Return every public step by name: those of `presets.STEPS`, and any that a module of normalize defines."""
    found: dict[str, Step[Any]] = {}
    for info in pkgutil.walk_packages(normalize.__path__, "normalize."):
        if "testing" not in info.name:
            for name, value in vars(importlib.import_module(info.name)).items():
                if isinstance(value, Step) and not name.startswith("_"):
                    found[value.name] = value
    return dict(sorted(found.items()))


@cache
def presets() -> dict[str, Pipeline]:
    """Return every preset by name."""
    try:
        module = importlib.import_module("normalize.presets")
    except ModuleNotFoundError:
        return {}
    return {name: value for name, value in vars(module).items() if isinstance(value, Pipeline)}


@dataclass(frozen=True)
class Case:
    """One case of a file, ready to be replayed."""

    file: str
    label: str
    source: str
    expected: Any
    options: dict[str, Any]
    known: Facts
    xfail: bool

    @property
    def id(self) -> str:
        return f"{self.file}: {self.label}"

    @property
    def step(self) -> Step[Any]:
        return steps()[self.file].using(**self.options)

    @property
    def positive(self) -> bool:
        if isinstance(steps()[self.file], Editor):
            return self.expected != self.source
        return self.expected not in ("None", "[]", [])


def read_case(file: str, raw: dict[str, Any]) -> Case:
    """Return one case; whatever is missing, unknown or of the wrong kind is named."""
    if unknown := raw.keys() - KEYS:
        raise ValueError(f"{file}.json, {raw.get('label')!r}: no key {', '.join(sorted(unknown))}")
    for key in ("label", "comment", "source"):
        if not isinstance(raw.get(key), str):
            raise TypeError(f"{file}.json, {raw.get('label')!r}: {key} must be a str")
    options = {name: _frozen(value) for name, value in raw.get("options", {}).items()}
    known = read_facts(raw.get("known", {}), raw["source"])
    return Case(file, raw["label"], raw["source"], raw["expected"], options, known, raw.get("xfail", False))


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def read_facts(raw: dict[str, Any], source: str) -> Facts:
    """Return the facts that a case writes down."""
    fields = dict(raw)
    if isinstance(days := fields.get("published"), str):
        begin = date.fromisoformat(days)
        fields["published"] = DateInterval(begin, begin + timedelta(days=1))
    elif days is not None:
        fields["published"] = DateInterval(*map(date.fromisoformat, days))
    if "published_at" in fields:
        fields["published_at"] = datetime.fromisoformat(fields["published_at"])
    fields["annotations"] = {
        kind: tuple(Annotation(at := source.index(words), at + len(words), kind, words) for words in spans)
        for kind, spans in fields.get("annotations", {}).items()
    }
    return Facts(**fields)


@cache
def all_cases() -> dict[str, list[Case]]:
    """Return the cases of every file that is named after a step or a preset (`preset_news`)."""
    names = steps().keys() | {f"preset_{name}" for name in presets()}
    return {
        path.stem: [read_case(path.stem, raw) for raw in json.loads(path.read_text("utf-8"))]
        for path in sorted(FOLDER.glob("*.json"))
        if path.stem in names
    }


def rows_differ(case: Case, annotations: list[Annotation]) -> str | None:
    """Return how a reader's annotations differ from the rows expected, None where they agree."""
    if len(annotations) != len(case.expected):
        return f"{len(annotations)} annotations, not {len(case.expected)}: {annotations}"
    for row, item in zip(case.expected, annotations, strict=True):
        words = None if item.start is None else case.source[item.start : item.end]
        if [words, item.kind] != row[:2]:
            return f"{[words, item.kind]}, not {row[:2]}"
        for wanted in row[2:]:
            if isinstance(wanted, dict):
                for path, value in wanted.items():
                    if not _agrees(given := _attribute(item.value, path), value):
                        return f"{words!r} has {path} {given!r}, not {value!r}"
            elif not _agrees(item.value, wanted):
                return f"{words!r} has the value {item.value!r}, not {wanted!r}"
    return None


def _attribute(value: Any, path: str) -> Any:
    for name in path.split("."):
        if value is None:
            return None
        value = value[int(name)] if name.isdigit() else getattr(value, name)
    return value


def _agrees(given: Any, wanted: Any) -> bool:
    return given == wanted or (isinstance(wanted, str) and not isinstance(given, str) and str(given) == wanted)
