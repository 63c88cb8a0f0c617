"""Make a corpus of N documents, a fifth of them copies, and measure how fast and in what memory they are found.

python scripts/measure_duplicates.py 1000000 made
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from corpus.duplicates import find_duplicates
from corpus.writer import hash_file

SHARD, WORDS, VOCABULARY = 50_000, 250, 60_000


def make(out: Path, height: int) -> None:
    """Write `height` documents: words by Zipf's law; each fifth document is an earlier one of its shard, edited."""
    (out / "data").mkdir(parents=True)
    rng = np.random.default_rng(1)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(rng.choice(letters, length)) for length in rng.integers(2, 11, VOCABULARY)])
    listed = []
    for number, begin in enumerate(range(0, height, SHARD)):
        rows = min(SHARD, height - begin)
        ids = np.minimum(rng.zipf(1.2, (rows, WORDS)), VOCABULARY) - 1
        copies = np.arange(4, rows, 5)
        ids[copies] = ids[copies - 4]
        changed = (rng.random((rows, WORDS)) < 0.04) & np.isin(np.arange(rows), copies)[:, None]
        ids[changed] = rng.integers(0, VOCABULARY, changed.sum())
        name = f"data/part-{number:05d}-of-{-(-height // SHARD):05d}.parquet"
        pl.DataFrame(
            {
                "id": [str(n) for n in range(begin, begin + rows)],
                "source": [f"made.jsonl#{n}" for n in range(begin, begin + rows)],
                "text": [" ".join(row) for row in words[ids].tolist()],
            }
        ).with_columns(site=pl.lit("made.example"), published=pl.lit(None, pl.Date)).write_parquet(out / name)
        listed.append({"file": name, "rows": rows, "sha256": hash_file(out / name)})
    (out / "manifest.json").write_text(json.dumps({"shards": listed, "account": {}}))


def main() -> None:
    """Make, find, tell."""
    height, out = int(sys.argv[1]), Path(sys.argv[2])
    if not (out / "manifest.json").exists():
        make(out, height)
    began, cpu = time.monotonic(), time.process_time()

    def tell(stage: str, done: int, of: int) -> None:
        if done in (0, of):
            print(f"{time.monotonic() - began:5.0f} s  {stage}: {done:,} of {of:,}", flush=True)

    found = find_duplicates(out, tell)
    cpu = time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(found)
    print(f"{found.documents / cpu:,.0f} documents a second of CPU, {memory:,.0f} MiB at most")


if __name__ == "__main__":
    main()
