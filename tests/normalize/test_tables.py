"""Tables: read whole, refused when ragged, hashed by content."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import normalize
from normalize import tables

FOLDER = Path(normalize.__file__).parent / "data"
NAMES = sorted(path.stem for path in FOLDER.glob("*.tsv"))


@pytest.fixture
def content(monkeypatch):
    """Let a table's content be given; what was read is forgotten afterwards."""
    given = {}
    monkeypatch.setattr(tables, "_content", lambda name: given[name])
    tables.read_table.cache_clear()
    yield given
    tables.read_table.cache_clear()


def test_a_table_is_rows_by_column_without_comments_and_blank_lines(content) -> None:
    content["t"] = b"# why\nword\tsource\n\nMay\tCLDR\n# more\nMai\tCLDR 45\n"
    assert tables.read_table("t") == ({"word": "May", "source": "CLDR"}, {"word": "Mai", "source": "CLDR 45"})


@pytest.mark.parametrize("row", ["only one", "one\ttwo\tthree"])
def test_a_ragged_row_is_refused(content, row) -> None:
    content["t"] = f"word\tsource\n{row}\n".encode()
    with pytest.raises(ValueError, match="zip"):
        tables.read_table("t")


def test_a_missing_table_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="'no_such_table'"):
        tables.read_table("no_such_table")


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_rows_and_a_source_for_each(name) -> None:
    rows = tables.read_table(name)
    assert rows
    assert list(rows[0])[-1] == "source"
    assert all(row["source"].strip() for row in rows)


def test_the_hash_of_every_file_is_that_of_its_content() -> None:
    hashes = tables.hash_tables()
    assert list(hashes) == sorted(path.name for path in FOLDER.iterdir() if path.is_file())
    assert all(
        hashes[f"{name}.tsv"] == hashlib.sha256((FOLDER / f"{name}.tsv").read_bytes()).hexdigest() for name in NAMES
    )
