"""What ends a run: the files that stand beside the shards, the manifest last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from corpus.card import write_card
from corpus.croissant import write_croissant
from corpus.manifest import Account, build_manifest
from corpus.writer import write_shard, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corpus.manifest import Identity, TaskReport
    from corpus.outputs import Output
    from corpus.plan import Plan

_IDS_HELD = 2_000_000
INPUTS = pl.Schema(
    {
        "file": pl.String,
        "format": pl.String,
        "compression": pl.String,
        "size": pl.UInt64,
        "stamp": pl.String,
        "edges_sha256": pl.String,
        "records": pl.UInt64,
        "rows": pl.UInt64,
        "dropped": pl.UInt64,
        "rejected": pl.UInt64,
    }
)


def end_run(out: Output, identity: Identity, reports: Mapping[int, TaskReport], files: pl.DataFrame) -> dict[str, Any]:
    """Write what stands beside the shards of a run that is done; `files` are those that it read. Return the manifest."""
    ordered = [reports[index] for index in sorted(reports)]
    with out.at_hand(f".work/{report.task:05d}.ids" for report in ordered) as ids:
        repeated = _repeated_ids(ids, sum(report.account.rows for report in ordered))
    manifest = build_manifest(identity, ordered, repeated_ids=repeated)
    with out.desk() as desk:
        _write(desk / "inputs.parquet", _counted(files, ordered))
        write_card(desk, manifest, name=out.name)
        write_croissant(desk, manifest)
        content = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
        write_text(desk / "manifest.json", content.decode())
    out.remove(".work")
    return manifest


def list_inputs(plan: Plan) -> pl.DataFrame:
    """Return the files that a plan reads, without their accounts."""
    files = {part.file.name: part.file for task in plan.tasks for part in task.parts}
    rows = []
    for name, file in files.items():
        mark = file.fingerprint
        known = (mark.size, mark.stamp, mark.edges) if mark else (None, None, None)
        rows.append((name, file.format, file.compression, *known, *(0, 0, 0, 0)))
    return pl.DataFrame(rows, schema=INPUTS, orient="row")


def save_inputs(out: Output, files: pl.DataFrame) -> None:
    """Keep the list of files for the one that will merge the parts of a run."""
    with out.desk() as desk:
        _write(desk / ".work" / "inputs.parquet", files)


def read_inputs(out: Output) -> pl.DataFrame:
    """Return the list of files that was kept."""
    with out.at_hand([".work/inputs.parquet"]) as (path,):
        return pl.read_parquet(path)


def _write(final: Path, frame: pl.DataFrame) -> None:
    write_shard(final, lambda: iter((frame,)), frame.schema)


def _counted(files: pl.DataFrame, reports: Iterable[TaskReport]) -> pl.DataFrame:
    """Return the list of input files with their accounts."""
    accounts: dict[str, Account] = {}
    for report in reports:
        for name, account in report.files.items():
            accounts.setdefault(name, Account()).add(account)
    found = [accounts.get(name, Account()) for name in files["file"]]
    counts = {
        "records": [account.records for account in found],
        "rows": [account.rows for account in found],
        "dropped": [account.dropped.total() for account in found],
        "rejected": [account.rejected for account in found],
    }
    return files.with_columns(pl.Series(name, values, dtype=INPUTS[name]) for name, values in counts.items())


def _repeated_ids(files: list[Path], rows: int) -> int:
    """Return how many rows have the id of another, in memory that does not grow with their number."""
    if not rows:
        return 0
    ids = pl.scan_ndjson(files, schema={"id": pl.String})
    passes = 1 + rows // _IDS_HELD
    bucket = pl.col("id").hash(0) % passes
    distinct = (
        ids.filter(bucket == number).select(pl.col("id").n_unique()).collect(engine="streaming").item()
        for number in range(passes)
    )
    return rows - sum(int(count) for count in distinct)
