"""`copydesk report`: a corpus at a glance."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.commands.common import USAGE, CorpusType, fail, fetched

_PAGES = ("report.html", "report-documents")


@click.command()
@click.argument("corpus", metavar="OUT", type=CorpusType())
@click.option(
    "-o", "--output", "page", type=click.Path(path_type=Path, dir_okay=False), help="[default: OUT/report.html]"
)
@click.option("--time", "timed", is_flag=True, help="Also measure what each step costs, on the sampled documents.")
def report(corpus: Path | str, page: Path | None, timed: bool) -> None:
    """Write a page that shows a corpus at a glance.

    It needs no network. What went in and what became of it, what each rule removed with samples, languages, outlets, dates, datelines,
    quality signals, copies, and what was rejected and why. Each sample leads to a page of its document, in the
    folder beside it.
    """
    from corpus.pages.overview import write_report  # noqa: PLC0415
    from corpus.report import read_report  # noqa: PLC0415

    if page is not None and not page.parent.is_dir():
        fail(f"there is no folder {page.parent} to write {page.name} into", USAGE)
    with fetched(corpus, returned=_PAGES if page is None else ()) as folder:
        documents = write_report(read_report(folder, timed=timed), page or folder / _PAGES[0])
    told = page.with_suffix("") if page is not None else f"{corpus}/report"
    click.echo(f"{page or f'{corpus}/{_PAGES[0]}'}: and {documents} documents to look at in {told}-documents")
