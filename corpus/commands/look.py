"""`copydesk verify`, `restore` and `diff`: whether all of it can be undone, and what another run did otherwise."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

import click

from corpus.commands.common import DONE, FAILED, CorpusType, fetched, or_fail, write_page


@click.command(short_help="Check every figure; restore every source.")
@click.argument("corpus", metavar="OUT", type=CorpusType())
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(corpus: Path | str, as_json: bool) -> None:
    """Check a corpus: checksums, counts, schema, and every source restored."""
    from dataclasses import asdict  # noqa: PLC0415

    from corpus.progress import StageLine  # noqa: PLC0415
    from corpus.verify import read_manifest  # noqa: PLC0415
    from corpus.verify import verify as check  # noqa: PLC0415

    rows = or_fail(lambda: read_manifest(corpus))["account"]["rows"]
    with closing(StageLine()) as line:
        verdict = or_fail(lambda: check(corpus, lambda done: line("verifying rows", done, rows)))
    if as_json:
        click.echo(json.dumps(asdict(verdict), ensure_ascii=False))
    else:
        for fault in verdict.faults:
            click.echo(f"fault: {fault}", err=True)
        if verdict.more_faults:
            click.echo(f"fault: and {verdict.more_faults:,} more", err=True)
        click.echo(
            f"{corpus}: {verdict.shards:,} shards, {verdict.rows:,} rows, {verdict.sources:,} sources restored,"
            f" {verdict.bytes_exact:,} of them to the byte, {len(verdict.faults) + verdict.more_faults:,} faults"
        )
    sys.exit(FAILED if verdict.faults else DONE)


@click.command(short_help="Print a document's source.")
@click.argument("corpus", metavar="OUT", type=CorpusType())
@click.option("--id", "wanted", required=True, metavar="ID", help="The document's id.")
def restore(corpus: Path | str, wanted: str) -> None:
    """Print the source of a document, restored from its clean text and its changes."""
    from corpus.verify import find_row, restore_row  # noqa: PLC0415

    source = or_fail(lambda: restore_row(find_row(corpus, wanted)))
    sys.stdout.buffer.write(source.encode("utf-8"))


@click.command(short_help="Show what changed between two runs, by rule.")
@click.argument("left", metavar="OUT1", type=CorpusType())
@click.argument("right", metavar="OUT2", type=CorpusType())
@click.option(
    "--samples", type=click.IntRange(min=0), default=3, show_default=True, help="Changes to show for each rule."
)
@click.option(
    "--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write a page to look at in a browser."
)
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
def diff(left: Path | str, right: Path | str, samples: int, page: Path | None, as_json: bool) -> None:
    """Show what changed between two runs over the same documents, by rule."""
    from corpus.compare import compare  # noqa: PLC0415
    from corpus.terminal import tell_difference  # noqa: PLC0415

    with fetched(left) as one, fetched(right) as other:
        found = compare(one, other, samples=samples)
    if page is not None:
        from corpus.pages.difference import render_difference  # noqa: PLC0415

        write_page(page, render_difference(found, left, right))
        click.echo(f"{page}: {found.texts:,} texts differ, {found.rules.height:,} rules")
        return
    if as_json:
        plain = {name: getattr(found, name) for name in ("documents", "only_left", "only_right", "texts", "facts")}
        tables = {"rules": found.rules.to_dicts(), "samples": found.samples.to_dicts()}
        click.echo(json.dumps({**plain, **tables}, ensure_ascii=False))
        return
    for line in tell_difference(found):
        click.echo(line)
