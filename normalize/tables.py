"""Reviewed tables: tab-separated files in `normalize/data`, one row a fact, with a `source` column."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from operator import itemgetter


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the table `name` as dictionaries; lines that start with `#` are comments.

    >>> read_table("no_such_table")
    Traceback (most recent call last):
    FileNotFoundError: no table 'no_such_table' in normalize/data
    """
    header, *rows = [
        line.split("\t") for line in _content(name).decode("utf-8").split("\n") if line and not line.startswith("#")
    ]
    return tuple(dict(zip(header, row, strict=True)) for row in rows)


def read_columns(name: str, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns of a table, without keeping them: what a large table is loaded with.

    >>> read_columns("calendar", "name", "kind")[0] == tuple(read_table("calendar")[0][c] for c in ("name", "kind"))
    True
    """
    lines = [line for line in _content(name).decode("utf-8").split("\n") if line and not line.startswith("#")]
    header = lines[0].split("\t")
    pick = itemgetter(*map(header.index, columns))
    return [pick(line.split("\t")) for line in lines[1:]]


def hash_tables() -> dict[str, str]:
    """Return the SHA-256 of every file in `normalize/data`, by name: what a corpus was made with."""
    found = files("normalize").joinpath("data").iterdir()
    return {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(found, key=lambda f: f.name) if f.is_file()
    }


def _content(name: str) -> bytes:
    table = files("normalize").joinpath("data", f"{name}.tsv")
    if not table.is_file():
        raise FileNotFoundError(f"no table {name!r} in normalize/data")
    return table.read_bytes()
