"""The dataset card: what someone reads who meets the corpus first in its folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.document import SCHEMA
from corpus.meanings import column_meanings, rule_meanings
from corpus.writer import write_text
from normalize.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_CARD = """---
pretty_name: {title}
task_categories:
- text-generation
size_categories:
- {size}
tags:
- news
- copydesk
configs:
- config_name: default
  data_files: {files}
---

# {name}

News, one story a row: {rows:,} documents, cleaned by [copydesk](#how-it-was-made) {version}. Page furniture, captions,
credits and datelines left the text and stand in columns; every change is kept, so that each source can be restored.

```python
from datasets import load_dataset

corpus = load_dataset({title}, split="train")  # the path of this folder; or, within it:
corpus = load_dataset("parquet", data_files="{files}", split="train")
```

It opens in anything that reads Parquet: `polars.read_parquet("{files}")`.

## A row

- `text` is the story. `title`, `standfirst`, `captions`, `authors`, `agency` are what stood around it.
- `published` is a day, `published_at` an instant in UTC; null where the document does not say.
- `dateline` says where it was filed: place, country, time zone. `times` has each time that the text names, with its zone
  and its beginning and end in UTC.
- `language`, `site`, `url` say whose it is; `q_...` are quality signals to filter by.
- `changes` and `annotations` say what was changed where, by which rule, and what was read.

What is unknown is null, never a guess. `id` is the input's own; {repeated}

## What went in, and what came of it

| | records |
|---|---:|
{account}

{rejected}

What was removed most:

| rule | changes | characters removed | |
|---|---:|---:|---|
{rules}

## How it was made

Pipeline and options, versions and tables, counts by step and rule, and checksums stand in `manifest.json`; the files that
went in stand in `inputs.parquet`. In this folder, with copydesk installed:

```sh
copydesk verify .                             # checks every figure, restores every source
copydesk report .                             # writes report.html, the corpus at a glance
copydesk explain . --find "some words"        # what was done to the document with these words, and why
copydesk restore . --id ID                    # prints a document's source
```

## Columns

| column | type | |
|---|---|---|
{columns}
"""
# Rows below which a corpus is of a size, in the Hub's words.
_SIZES = {
    1_000: "n<1K",
    10_000: "1K<n<10K",
    100_000: "10K<n<100K",
    1_000_000: "100K<n<1M",
    10_000_000: "1M<n<10M",
    100_000_000: "10M<n<100M",
}
_MOST = 10


def write_card(folder: Path, manifest: Mapping[str, Any], *, name: str | None = None) -> None:
    """Write `README.md` of a corpus into `folder`, whose name is the corpus's unless `name` is."""
    write_text(folder / "README.md", render_card(name or folder.resolve().name, manifest))


def render_card(name: str, manifest: Mapping[str, Any]) -> str:
    """Return the card of the corpus `name`: front matter for the Hugging Face Hub, then Markdown."""
    account = manifest["account"]
    partitioned = manifest["plan"]["settings"].get("partition")
    repeated = manifest["repeated_ids"]
    return _CARD.format(
        name=_escaped(name),
        title=json.dumps(name),
        size=next((size for most, size in _SIZES.items() if account["rows"] < most), "n>100M"),
        files="data/**/*.parquet" if partitioned else "data/*.parquet",
        version=manifest["tools"]["copydesk"],
        rows=account["rows"],
        repeated=f"{repeated:,} rows repeat one." if repeated else "no two rows share one.",
        account="\n".join(_tell_account(account)),
        rejected="`rejected/` holds the rejected records with their place, reason and bytes."
        if account["rejected"]
        else "No record was rejected.",
        rules="\n".join(_tell_rules(manifest["changes"])) or "| none | 0 | 0 | |",
        columns="\n".join(_tell_columns()),
    )


def _tell_account(account: Mapping[str, Any]) -> Iterator[str]:
    yield f"| read | {account['records']:,} |"
    yield f"| kept as rows | {account['rows']:,} |"
    for fate, reasons in (("dropped", account["dropped"]), ("rejected", account["rejected_because"])):
        for reason, number in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            yield f"| {fate}: {_escaped(reason)} | {number:,} |"


def _tell_rules(changes: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    meanings = rule_meanings()
    by_size = sorted(changes.items(), key=lambda item: (-item[1]["removed"], item[0]))
    for rule, made in by_size[:_MOST]:
        yield f"| `{rule}` | {made['count']:,} | {made['removed']:,} | {_escaped(meanings.get(rule, ''))} |"


def _tell_columns() -> Iterator[str]:
    meanings = {**column_meanings(), **{row["name"]: row["definition"] for row in read_table("signals")}}
    for name, dtype in SCHEMA.items():
        yield f"| `{name}` | {_told(dtype)} | {_escaped(meanings[name])} |"


def _told(dtype: object) -> str:
    """Return a type in a word.

    >>> _told(pl.List(pl.Struct({"zone": pl.String}))), _told(pl.UInt32)
    ('list of structs', 'uint32')
    """
    if isinstance(dtype, pl.List):
        return f"list of {_told(dtype.inner)}s"
    if isinstance(dtype, pl.Struct):
        return "struct"
    return "timestamp (UTC)" if isinstance(dtype, pl.Datetime) else str(dtype).lower()


def _escaped(text: str) -> str:
    """Return text for a cell of a Markdown table: one line, no mark taken for markup.

    >>> _escaped("a|b\\n<c>")
    'a\\\\|b &lt;c>'
    """
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
