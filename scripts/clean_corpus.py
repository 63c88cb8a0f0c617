"""Clean scraped news into a corpus: the main job, as a script to copy and change.

    python scripts/clean_corpus.py                            the samples, into corpus-out/
    python scripts/clean_corpus.py pages/ crawl.jsonl.gz -o OUT

It does what `copydesk run INPUT... -o OUT` does; each argument below is one of that command's options.
"""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from corpus.plan import plan
from corpus.readers import ReadOptions
from corpus.runner import run
from corpus.tasks import Job
from normalize import presets

SAMPLES = Path(__file__).resolve().parent / "samples"


@click.command(help=__doc__)
@click.argument("inputs", nargs=-1)
@click.option("-o", "--output", "out", default="corpus-out", show_default=True, type=click.Path(path_type=Path))
@click.option("--workers", default=2, show_default=True)
@click.option("--overwrite", is_flag=True, help="Replace what another run left in the output folder.")
def main(inputs: tuple[str, ...], out: Path, workers: int, overwrite: bool) -> None:
    """Run the job and print its account."""
    job = Job(
        pipeline=presets.news,  # or your own: Pipeline((steps…,)), presets.news with steps disabled
        reading=ReadOptions(encoding="auto"),  # JSONL and CSV records need not be UTF-8
        where="q_words >= 20",  # rows to keep, in SQL over the columns
    )
    summary = run(job, plan(inputs or [str(SAMPLES)]), out, workers=workers, overwrite=overwrite)
    account = summary.account
    dropped = account.records - account.rows - account.rejected
    print(
        f"{account.records:,} records in = {account.rows:,} rows + {dropped:,} dropped + {account.rejected:,} rejected"
    )
    rows = pl.scan_parquet(out / "data" / "*.parquet")
    print(
        rows.group_by("language")
        .agg(pl.len().alias("rows"), pl.col("q_words").sum())
        .sort("rows", descending=True)
        .collect()
    )
    changes = rows.select(pl.col("changes").explode().struct.field("why").list.first()).drop_nulls()
    print(changes.group_by("why").len("changes").sort("changes", descending=True).head(20).collect())


if __name__ == "__main__":
    main()
