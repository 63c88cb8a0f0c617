"""The dataset card: what someone reads who meets the corpus first in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.document import SCHEMA
from corpus.writer import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CARD = """---
configs:
- config_name: default
  data_files: data/*.parquet
tags:
- news
- copydesk
---

# {name}

{rows:,} documents, cleaned by copydesk {version} from {records:,} records
({dropped:,} dropped, {rejected:,} rejected; `rejected/` holds those with their reasons and bytes).

```python
from datasets import load_dataset

corpus = load_dataset("parquet", data_files="data/*.parquet", split="train")
```

`copydesk verify` checks every figure and restores every source; `copydesk restore . --id ID` prints one.
`manifest.json` says what was made of what, by which step and rule; `inputs.parquet` names the files.

## Columns

{columns}
"""


def write_card(folder: Path, manifest: Mapping[str, Any], *, name: str | None = None) -> None:
    """Write `README.md` of a corpus into `folder`, whose name is the corpus's unless `name` is."""
    account = manifest["account"]
    columns = "\n".join(f"- `{name}`: {dtype}" for name, dtype in SCHEMA.items())
    card = _CARD.format(
        name=name or folder.resolve().name,
        rows=account["rows"],
        records=account["records"],
        rejected=account["rejected"],
        dropped=sum(account["dropped"].values()),
        version=manifest["tools"]["copydesk"],
        columns=columns,
    )
    write_text(folder / "README.md", card)
