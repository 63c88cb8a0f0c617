"""`copydesk duplicates` and `copydesk deduplicate`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from corpus.commands.common import CorpusType, fetched
from corpus.commands.run import tell_summary

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Find the copies in a corpus.")
@click.argument("corpus", metavar="OUT", type=CorpusType())
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def duplicates(corpus: Path | str, as_json: bool) -> None:
    """Find the copies in a corpus: write OUT/duplicates/ and leave OUT/data/ as it is.

    documents.parquet holds a row for each document of a cluster (id, duplicate_of, cluster, kind, score): its first
    one by publication and source, exact copies, and near copies. passages.parquet holds the lines and paragraphs
    that a site repeats in several stories. Stopped, the same command goes on where it was.
    """
    from dataclasses import asdict  # noqa: PLC0415

    from corpus.duplicates import find_duplicates  # noqa: PLC0415
    from corpus.progress import StageLine  # noqa: PLC0415

    line = StageLine()
    try:
        with fetched(corpus, returned=("duplicates",)) as folder:
            found = find_duplicates(folder, line)
    finally:
        line.close()
    if as_json:
        click.echo(json.dumps({"output": f"{corpus}/duplicates", **asdict(found)}))
        return
    if found.already_complete:
        click.echo("already complete")
    click.echo(
        f"{corpus}/duplicates: {found.documents:,} documents, of which {found.exact:,} are exact and"
        f" {found.near:,} near copies, in {found.clusters:,} clusters; {found.passages:,} repeated passages"
    )


@click.command(short_help="Write a corpus without its copies.")
@click.argument("corpus", metavar="OUT", type=CorpusType())
@click.option("-o", "--output", "new", required=True, help="The folder to write, or an fsspec URL of one.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["exact", "near"]),
    help="Which copies to leave out. [default: both]",
)
def deduplicate(corpus: Path | str, new: str, kinds: tuple[str, ...]) -> None:
    """Write a corpus again without the copies that `copydesk duplicates` found; those are counted as dropped."""
    from corpus.duplicates import KINDS, write_without  # noqa: PLC0415
    from corpus.outputs import open_output  # noqa: PLC0415

    with fetched(corpus) as folder, open_output(new).made() as made:
        account = write_without(folder, made, kinds or KINDS)
    tell_summary(account, new, already=False, resumed=0)
