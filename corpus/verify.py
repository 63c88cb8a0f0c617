"""Verification: a corpus held against its manifest, and every source restored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.document import SCHEMA
from corpus.outputs import open_output
from corpus.writer import hash_file
from normalize import Change, EditError, restore
from normalize.decoding import encode_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from corpus.outputs import Output

_NEEDED = (
    *("id", "source", "text", "changes", "media_type", "encoding", "encoding_exact", "bom", "newline"),
    *("record_sha256", "source_sha256", "html"),
)
_UNREADABLE = (OSError, pl.exceptions.PolarsError)
_STEP = 1_000
_SHOWN = 100


class CorpusError(Exception):
    """A folder that is no corpus, or a document that is not in it."""


@dataclass(slots=True)
class Verdict:
    """What `verify` found: counts of what was checked, and each fault in one sentence."""

    shards: int = 0
    rows: int = 0
    sources: int = 0
    bytes_exact: int = 0
    faults: list[str] = field(default_factory=list)
    more_faults: int = 0

    def fault(self, sentence: str) -> None:
        """Keep a fault; beyond the first hundred they are only counted."""
        if len(self.faults) < _SHOWN:
            self.faults.append(sentence)
        else:
            self.more_faults += 1


def read_manifest(out: Path | str | Output) -> dict[str, Any]:
    """Return the manifest of the corpus at `out`."""
    output = open_output(out)
    try:
        text = output.read("manifest.json")
        if text is None:
            if output.is_begun():
                raise CorpusError(f"{out} holds an unfinished run: the same copydesk run goes on with it")
            raise CorpusError(
                f"{out} holds no corpus: there is no manifest.json; copydesk run INPUT... -o {out} makes one"
            )
        content = json.loads(text)
    except (OSError, ValueError) as error:
        raise CorpusError(f"{out}/manifest.json cannot be read: {error}") from error
    if not isinstance(content, dict) or not {"shards", "account"} <= content.keys():
        raise CorpusError(f"{out}/manifest.json is no manifest of copydesk: it names no shards or no account")
    return content


def verify(out: Path | str, tell: Callable[[int], None] = lambda *_: None) -> Verdict:
    """Check the corpus at `out`, a folder or an fsspec URL: checksums, schema, counts, accounts, and that each source comes back.

    `tell` hears how many rows were checked.
    """
    output = open_output(out)
    manifest = read_manifest(output)
    verdict = Verdict()
    listed = {shard["file"]: shard for shard in manifest["shards"]}
    standing = output.sizes().keys()
    for name in sorted(name for name in standing - listed.keys() if name.startswith("data/")):
        verdict.fault(f"{name} stands in data/ but not in the manifest")
    for name, shard in listed.items():
        verdict.shards += 1
        if name not in standing:
            verdict.fault(f"{name} is missing")
            continue
        with output.at_hand([name]) as (path,):
            _verify_shard(path, shard, verdict, tell)
    account = manifest["account"]
    if verdict.rows != account["rows"]:
        verdict.fault(f"the manifest counts {account['rows']} rows, the shards hold {verdict.rows}")
    accounted = account["rows"] + account["rejected"] + sum(account["dropped"].values())
    if account["records"] != accounted:
        verdict.fault(f"{account['records']} records went in, {accounted} are accounted for")
    _verify_rejects(output, sorted(standing), account["rejected"], verdict)
    if "inputs.parquet" not in standing:
        verdict.fault("inputs.parquet cannot be read: it is missing")
        return verdict
    with output.at_hand(["inputs.parquet"]) as (path,):
        _verify_inputs(path, account, verdict)
    return verdict


def _verify_shard(path: Path, shard: dict[str, Any], verdict: Verdict, tell: Callable[[int], None]) -> None:
    name = shard["file"]
    if hash_file(path) != shard["sha256"]:
        verdict.fault(f"{name} is not the file that was written: its checksum differs")
    rows = 0
    try:
        if dict(pl.read_parquet_schema(path)) != SCHEMA:
            verdict.fault(f"{name} has another schema than this version writes")
            return
        for frame in read_frames(path, _NEEDED):
            rows += frame.height
            for row in frame.iter_rows(named=True):
                _verify_row(row, verdict)
            tell(verdict.rows + rows)
    except _UNREADABLE as error:
        verdict.fault(f"{name} cannot be read: {_first_line(error)}")
    verdict.rows += rows
    if rows != shard["rows"]:
        verdict.fault(f"{name} holds {rows} rows, the manifest counts {shard['rows']}")


def _verify_row(row: dict[str, Any], verdict: Verdict) -> None:
    where = f"{row['source']} (id {row['id']})"
    if row["text"] is None or row["changes"] is None:
        verdict.fault(f"{where}: it has no text or no changes")
        return
    try:
        source = restore_row(row)
    except EditError as error:
        verdict.fault(f"{where}: its source cannot be restored: {error}")
        return
    if hashlib.sha256(source.encode("utf-8")).hexdigest() != row["source_sha256"]:
        verdict.fault(f"{where}: what is restored is not its source: the hash differs")
        return
    verdict.sources += 1
    raw = row["html"]
    if raw is None and row["encoding_exact"] and row["media_type"] != "text/html":
        raw = encode_source(source, row["encoding"], bom=row["bom"], newline=row["newline"])
    if raw is not None:
        if hashlib.sha256(raw).hexdigest() == row["record_sha256"]:
            verdict.bytes_exact += 1
        else:
            verdict.fault(f"{where}: its bytes cannot be given back: the hash differs")


def _verify_rejects(out: Output, names: Iterable[str], expected: int, verdict: Verdict) -> None:
    found = 0
    for name in (name for name in names if name.startswith("rejected/") and name.endswith(".parquet")):
        broken = 0
        try:
            with out.at_hand([name]) as (path,):
                for frame in read_frames(path, ("raw", "raw_sha256", "raw_size"), step=100):  # up to a MiB each
                    found += frame.height
                    whole = frame.filter(pl.col("raw").bin.size() == pl.col("raw_size"))
                    broken += sum(hashlib.sha256(raw).hexdigest() != digest for raw, digest, _ in whole.iter_rows())
        except _UNREADABLE as error:
            verdict.fault(f"{name} cannot be read: {_first_line(error)}")
        if broken:
            verdict.fault(f"{name}: the bytes of {broken} records are not those that were rejected")
    if found != expected:
        verdict.fault(f"the manifest counts {expected} rejected records, rejected/ holds {found}")


def _verify_inputs(path: Path, account: dict[str, Any], verdict: Verdict) -> None:
    try:
        sums = pl.scan_parquet(path).select("records", "rows", "rejected").sum().collect().row(0, named=True)
    except _UNREADABLE as error:
        verdict.fault(f"inputs.parquet cannot be read: {_first_line(error)}")
        return
    for name, count in sums.items():
        if count != account[name]:
            verdict.fault(f"inputs.parquet counts {count} {name}, the manifest {account[name]}")


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def restore_row(row: dict[str, Any]) -> str:
    """Return the source of a row, from its `text` and `changes` alone."""
    changes = [
        Change(c["start"], c["start"] + len(c["removed"]), c["removed"], c["text"], tuple(c["why"]), c["score"])
        for c in row["changes"]
    ]
    return restore(row["text"], changes)


def read_frames(path: Path, columns: tuple[str, ...], step: int = _STEP) -> Iterator[pl.DataFrame]:
    """Yield the rows of a shard in pieces of bounded size."""
    scan = pl.scan_parquet(path, hive_partitioning=False).select(columns)
    height = scan.select(pl.len()).collect().item()
    for start in range(0, height, step):
        yield scan.slice(start, step).collect()


def find_rows(out: Path | str, *wanted: pl.Expr) -> Iterator[dict[str, Any]]:
    """Yield the rows of which all of `wanted` hold, in their order, from shards read one by one."""
    output = open_output(out)
    for shard in read_manifest(output)["shards"]:
        with output.at_hand([shard["file"]]) as (path,):
            try:
                scan = pl.scan_parquet(path, hive_partitioning=False)
                found = scan.with_row_index().filter(*wanted).select(pl.col("index") // _STEP).collect()
                for piece in found["index"].unique(maintain_order=True):
                    frame = scan.slice(piece * _STEP, _STEP).collect()
                    yield from frame.filter(*wanted).iter_rows(named=True)
            except _UNREADABLE as error:
                raise CorpusError(f"{out}/{shard['file']} cannot be read: {_first_line(error)}") from error


def find_row(out: Path | str, wanted: str) -> dict[str, Any]:
    """Return the first row whose id is `wanted`."""
    row = next(find_rows(out, pl.col("id") == wanted), None)
    if row is not None:
        return row
    raise CorpusError(f"{out} has no document with id {wanted!r}; copydesk explain {out} --find WORDS tells one's id")
