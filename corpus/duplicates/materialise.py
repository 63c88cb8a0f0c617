"""A corpus without its duplicates: a folder of its own, with a manifest that accounts for what was left out."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.card import write_card
from corpus.document import SCHEMA
from corpus.duplicates.store import open_store
from corpus.manifest import Account
from corpus.verify import CorpusError, read_frames, read_manifest
from corpus.writer import hash_file, replacing, write_shard, write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from corpus.duplicates.store import Store

KINDS = ("exact", "near")
_MARK = ".deduplicate"


def write_without(out: Path, new: Path, kinds: Collection[str] = KINDS) -> Account:
    """Write the corpus at `out` without its duplicates of these kinds to `new`; the same call goes on where it stopped.

    Raises CorpusError where the duplicates were not looked for, or `new` holds something else.
    """
    store = open_store(out)
    if store.result() is None:
        raise CorpusError(f"the duplicates of {out} are not known: run `copydesk duplicates {out}` first")
    manifest = read_manifest(out)
    key = hashlib.sha256(json.dumps([store.key, sorted(kinds)]).encode()).hexdigest()
    if (new / "manifest.json").exists() and read_manifest(new).get("deduplicated", {}).get("key") == key:
        return Account.from_plain(read_manifest(new)["account"])
    _claim(new, key)
    copies = pl.read_parquet(store.folder / "documents.parquet").filter(pl.col("kind").is_in(list(kinds)))
    gone = frozenset(copies["source"])
    shards = [_write_shard(store, new, shard, gone) for shard in manifest["shards"]]
    account = _account(Account.from_plain(manifest["account"]), copies)
    _write_inputs(out, new, copies)
    for path in sorted((out / "rejected").glob("*.parquet")):
        with replacing(new / "rejected" / path.name) as attempt:
            shutil.copyfile(path, attempt)
    content = {
        **manifest,
        "account": account.to_plain(),
        "shards": shards,
        "repeated_ids": _repeated_ids(new),
        "deduplicated": {"key": key, "kinds": sorted(kinds), "of": manifest["plan"]["id"]},
        "plan": {**manifest["plan"], "id": key},
    }
    write_card(new, content)
    write_text(new / "manifest.json", json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    (new / _MARK).unlink()
    return account


def _claim(new: Path, key: str) -> None:
    """Make `new` ready, or refuse it."""
    mark = new / _MARK
    if new.exists() and any(new.iterdir()) and not (mark.exists() and mark.read_text(encoding="utf-8") == key):
        raise CorpusError(f"{new} is not empty; choose another folder")
    for name in ("data", "rejected"):
        (new / name).mkdir(parents=True, exist_ok=True)
        for left in (new / name).glob(".*.tmp"):
            left.unlink()
    write_text(mark, key)


def _write_shard(store: Store, new: Path, shard: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """Write what remains of a shard and return what the manifest says of it."""
    final = new / shard["file"]
    content = hashlib.sha256()
    rows = 0

    def frames() -> Iterator[pl.DataFrame]:
        nonlocal rows
        for frame in read_frames(store.out / shard["file"], tuple(SCHEMA)):
            kept = frame.filter([source not in gone for source in frame["source"]])
            rows += kept.height
            content.update(kept.drop("html", "text").write_ndjson().encode())
            yield kept

    final.parent.mkdir(exist_ok=True)  # of a partition
    write_shard(final, frames)
    return {"file": shard["file"], "rows": rows, "sha256": hash_file(final), "content_sha256": content.hexdigest()}


def _account(account: Account, copies: pl.DataFrame) -> Account:
    account.rows -= copies.height
    for kind, count in copies["kind"].value_counts().iter_rows():
        account.dropped[f"duplicate: {kind}"] += count
    return account


def _write_inputs(out: Path, new: Path, copies: pl.DataFrame) -> None:
    inputs = pl.read_parquet(out / "inputs.parquet")
    gone = copies.group_by(pl.col("source").str.split("#").list.first().alias("file")).agg(gone=pl.len())
    joined = inputs.join(gone, on="file", how="left", maintain_order="left").with_columns(pl.col("gone").fill_null(0))
    counted = joined.with_columns(rows=pl.col("rows") - pl.col("gone"), dropped=pl.col("dropped") + pl.col("gone"))
    with replacing(new / "inputs.parquet") as attempt:
        counted.select(pl.col(name).cast(kind) for name, kind in inputs.schema.items()).write_parquet(attempt)


def _repeated_ids(new: Path) -> int:
    ids = pl.scan_parquet(new / "data" / "**" / "*.parquet", hive_partitioning=False).select(
        pl.len() - pl.col("id").n_unique()
    )
    return int(ids.collect(engine="streaming").item())
