"""Write docs/reference.md: every column, signal, step, rule and kind of fact, from the tables and docstrings.

python scripts/make_reference.py            writes it
python scripts/make_reference.py --check    exits 1 where it is not what would be written
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from corpus.document import SCHEMA
from corpus.meanings import column_meanings, rule_meanings
from corpus.recipes import read_recipes
from normalize import KINDS, presets
from normalize.steps import Editor
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"
HEAD = """# Reference

Made by `scripts/make_reference.py` from the tables and docstrings; do not edit it.

[Columns](#columns) · [Kinds of facts](#kinds-of-facts) · [Signals](#signals) · [Recipes](#recipes) · [Presets](#presets) ·
[Steps and rules](#steps-and-rules)
"""


def main() -> None:
    """Write the page, or check that it is fresh."""
    page = "\n".join(lines()) + "\n"
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page:
        sys.exit(f"{PAGE.name} is not fresh: python scripts/make_reference.py writes it")


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield HEAD
    yield from columns()
    yield from table("Kinds of facts", "The `kind` of a row of `annotations`, and what its `value` is.", "kind", KINDS)
    yield from signals()
    yield from recipes()
    yield from chains()
    yield from steps()


def columns() -> Iterator[str]:
    """Yield what every column and field holds."""
    yield "## Columns\n\nOffsets count code points and are half-open: `start` is the first, `end` the one after the last.\n"
    yield "| column | type | |\n|---|---|---|"
    meanings = column_meanings()
    types = {path: kind for name, dtype in SCHEMA.items() for path, kind in fields(name, dtype)}
    for name, meaning in meanings.items():
        yield f"| `{name}` | {told(types[name])} | {cell(meaning)} |"
    yield ""


def fields(name: str, dtype: object) -> Iterator[tuple[str, object]]:
    """Yield a column and the fields within it, by their paths."""
    yield name, dtype
    inner = dtype.inner if isinstance(dtype, pl.List) else dtype
    for field in inner.fields if isinstance(inner, pl.Struct) else ():
        yield from fields(f"{name}.{field.name}", field.dtype)


def told(dtype: object) -> str:
    """Return a type in a word."""
    if isinstance(dtype, pl.List):
        return f"list of {told(dtype.inner)}"
    if isinstance(dtype, pl.Struct):
        return "struct"
    return "timestamp, UTC" if isinstance(dtype, pl.Datetime) else str(dtype).lower()


def table(title: str, head: str, name: str, rows: Mapping[str, str]) -> Iterator[str]:
    """Yield a table of names and what they mean."""
    yield f"## {title}\n\n{head}\n\n| {name} | |\n|---|---|"
    for key, meaning in rows.items():
        yield f"| `{key}` | {cell(meaning)} |"
    yield ""


def signals() -> Iterator[str]:
    """Yield what every quality signal measures."""
    yield "## Signals\n\n| column | type | unit | | as defined by |\n|---|---|---|---|---|"
    for row in read_table("signals"):
        differs = f" *Differs:* {row['differs']}." if row["differs"] else ""
        cells = (row["type"], row["unit"], row["definition"] + "." + differs, row["source"])
        yield f"| `{row['name']}` | {' | '.join(cell(text) for text in cells)} |"
    yield ""


def recipes() -> Iterator[str]:
    """Yield the conditions of every recipe."""
    yield "## Recipes\n\nWhat `[keep] recipe` keeps: rows that meet every condition.\n"
    for name, clauses in read_recipes().items():
        yield f"### {name}\n"
        for clause in clauses:
            yield f"- {clause.reason.partition(':')[0]}: `{clause.where}`"
        yield ""


def chains() -> Iterator[str]:
    """Yield the steps of every preset, in order."""
    yield "## Presets\n\nSteps in their order; those in italics are done again until they change nothing.\n"
    for name, pipeline in presets.PRESETS.items():
        named = (f"*{s.name}*" if s.name in pipeline.repeated else s.name for s in pipeline.steps)
        yield f"**{name}**: {', '.join(named)}\n"


def steps() -> Iterator[str]:
    """Yield what every step does, its options and its rules."""
    yield "## Steps and rules\n\nA rule is named `step:rule` in `changes` and in `--disable`.\n"
    meanings = rule_meanings()
    for name, step in sorted(presets.STEPS.items()):
        kind = "editor" if isinstance(step, Editor) else "reader"
        first, *rest = (step.__doc__ or "").strip().split("\n\n")
        yield f"### {name}\n\n*{kind}*"
        if step.reads:
            yield f"· reads {', '.join(step.reads)}"
        if step.provides:
            yield f"· provides {', '.join(step.provides)}"
        yield f"\n{' '.join(first.split())}\n"
        if step.defaults:
            yield "Options: " + ", ".join(f"`{option}={value!r}`" for option, value in step.defaults.items()) + "\n"
        yield from examples(rest)
        if step.rules:
            yield "| rule | |\n|---|---|"
            for rule in step.rules:
                yield f"| `{name}:{rule}` | {cell(meanings[f'{name}:{rule}'])} |"
            yield ""


def examples(paragraphs: list[str]) -> Iterator[str]:
    """Yield the first example of a docstring."""
    for paragraph in paragraphs:
        if paragraph.strip().startswith(">>>"):
            yield "```python"
            yield textwrap.dedent(paragraph).strip("\n")
            yield "```\n"
            return


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    main()
