"""`copydesk report`: a corpus at a glance."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.commands.common import USAGE, fail, or_fail


@click.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o", "--output", "page", type=click.Path(path_type=Path, dir_okay=False), help="[default: OUT/report.html]"
)
@click.option("--time", "timed", is_flag=True, help="Also measure what each step costs, on the sampled documents.")
def report(corpus: Path, page: Path | None, timed: bool) -> None:
    """Write a page that shows a corpus at a glance.

    It needs no network. What went in and what became of it, what each rule removed with samples, languages, outlets, dates, datelines,
    quality signals, copies, and what was rejected and why. Each sample leads to a page of its document, in the
    folder beside it.
    """
    from corpus.pages.overview import write_report  # noqa: PLC0415
    from corpus.report import read_report  # noqa: PLC0415

    page = page or corpus / "report.html"
    if not page.parent.is_dir():
        fail(f"there is no folder {page.parent} to write {page.name} into", USAGE)
    documents = write_report(or_fail(lambda: read_report(corpus, timed=timed)), page)
    click.echo(f"{page}: and {documents} documents to look at in {page.parent / (page.stem + '-documents')}")
