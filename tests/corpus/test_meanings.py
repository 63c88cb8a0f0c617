"""Every column, field and rule there is has a meaning told, and none that there is not."""

from __future__ import annotations

import polars as pl

from corpus.document import SCHEMA
from corpus.meanings import column_meanings, rule_meanings
from normalize import presets


def fields(name, dtype):
    yield name
    inner = dtype.inner if isinstance(dtype, pl.List) else dtype
    for field in inner.fields if isinstance(inner, pl.Struct) else ():
        yield from fields(f"{name}.{field.name}", field.dtype)


def test_every_column_and_field_has_a_meaning():
    there = [path for name, dtype in SCHEMA.items() if not name.startswith("q_") for path in fields(name, dtype)]
    assert list(column_meanings()) == there


def test_every_rule_has_a_meaning():
    there = {f"{name}:{rule}" for name, step in presets.STEPS.items() for rule in step.rules}
    assert set(rule_meanings()) == there
