"""What is kept on disk while duplicates are looked for: one folder of parts, each whole or absent, for one corpus."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus.duplicates import clusters, shingles, signatures
from corpus.verify import CorpusError, read_manifest
from corpus.writer import replacing, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

VERSION = 7  # of the method: what another version left half done is done again


@dataclass(frozen=True, slots=True)
class Store:
    """The folder `duplicates` of a corpus, and its shards in order."""

    out: Path
    shards: tuple[str, ...]
    key: str

    @property
    def folder(self) -> Path:
        """Where results stand."""
        return self.out / "duplicates"

    @property
    def work(self) -> Path:
        """Where parts stand until the results do."""
        return self.folder / ".work"

    @property
    def names(self) -> Path:
        """Where the ids and sources of the documents stand."""
        return self.work / "names.parquet"

    def part(self, kind: str, number: int) -> Path:
        """Return the path of a part."""
        return self.work / f"{kind}-{number:05d}.parquet"

    def write(self, path: Path, frame: pl.DataFrame) -> None:
        """Write a part or a result, whole or not at all."""
        with replacing(path) as attempt:
            frame.write_parquet(attempt, compression="lz4" if path.parent == self.work else "zstd")

    def result(self) -> Mapping[str, Any] | None:
        """Return the summary of results that stand for this very corpus and method, None where they do not."""
        path = self.folder / "summary.json"
        if not path.exists():
            return None
        try:
            content = dict(json.loads(path.read_text(encoding="utf-8")))
        except ValueError:
            return None
        return content if content.get("key") == self.key else None

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Write the summary, last of all, and remove the parts."""
        content = {"key": self.key, **summary}
        write_text(
            self.folder / "summary.json", json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        )
        shutil.rmtree(self.work)


def open_store(out: Path) -> Store:
    """Return the store of the corpus at `out`; parts of another corpus or method are removed.

    Raises CorpusError where there is no whole corpus.
    """
    manifest = read_manifest(out)
    shards = tuple(shard["file"] for shard in manifest["shards"])
    if not shards:
        raise CorpusError(f"{out} holds no document")
    for name in shards:
        if not (out / name).exists():
            raise CorpusError(f"{out} is not whole: {name} is missing")
    method = [
        VERSION,
        *(shingles.WIDTH, shingles.WIDE, signatures.BANDS, signatures.ROWS, signatures.COMMON),
        *(clusters.ENOUGH, clusters.NEAR, clusters.NEAR_LONGER, clusters.WHOLE, clusters.LEAST),
        *(clusters.ENOUGH_NUMBERS, clusters.NUMBERS_NEAR, clusters.NUMBERS_WHOLE),
    ]
    identity = json.dumps([method, [[shard["file"], shard["sha256"]] for shard in manifest["shards"]]])
    return Store(out, shards, hashlib.sha256(identity.encode()).hexdigest())


@contextmanager
def claimed(store: Store) -> Iterator[None]:
    """Hold the folder alone, with the parts of this corpus and method that another attempt left; others are removed.

    Raises CorpusError where a search is going on.
    """
    store.folder.mkdir(exist_ok=True)
    lock = store.folder / ".lock"
    with lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CorpusError(f"another search for duplicates of {store.out} is going on") from error
        _prepare(store, lock)
        yield
        lock.unlink()


def _prepare(store: Store, lock: Path) -> None:
    mark = store.work / "key"
    same = mark.exists() and mark.read_text(encoding="utf-8") == store.key
    for path in store.folder.iterdir():
        if path.is_dir() and not same:
            shutil.rmtree(path)
        elif path.is_file() and path != lock:
            path.unlink()
    store.work.mkdir(exist_ok=True)
    for left in store.work.glob(".*.tmp"):
        left.unlink()
    write_text(mark, store.key)


def packed(values: NDArray[np.uint32], edges: NDArray[np.int64]) -> pl.Series:
    """Return one row of bytes for each document."""
    return pl.Series([values[begin:end].tobytes() for begin, end in pairwise(edges.tolist())], dtype=pl.Binary)


def unpacked(column: pl.Series) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the values of all documents and where each document's begin."""
    rows = column.to_list()
    edges = np.concatenate([[0], np.cumsum([len(row) // 4 for row in rows], dtype=np.int64)])
    return np.frombuffer(b"".join(rows), np.uint32), edges
