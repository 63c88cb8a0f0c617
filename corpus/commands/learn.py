"""`copydesk learn`: the furniture of the sites in the inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.commands.common import FAILED, fail, planned, read_options, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.document import Document


@click.command(short_help="Find the lines that recur on a site's pages.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o", "--output", "out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The TOML to write."
)
@click.option(
    "--least-pages", type=click.IntRange(min=2), default=3, show_default=True, help="Lines on fewer pages are not told."
)
@click.option(
    "--least-share",
    type=click.FloatRange(0, 1),
    default=0.1,
    show_default=True,
    help="Nor lines on a smaller share of their site's pages.",
)
@click.option("--format", "format_", help="As for run.")
@click.option(
    "--encoding", type=click.Choice(["utf-8", "auto"]), default="utf-8", show_default=True, help="As for run."
)
@click.option("--max-record-bytes", default="64MiB", show_default=True, callback=size, help="As for run.")
def learn(
    inputs: tuple[str, ...],
    out: Path,
    least_pages: int,
    least_share: float,
    format_: str | None,
    encoding: str,
    max_record_bytes: int,
) -> None:
    """Count which lines recur on the pages of each site of INPUT..., for a person to review.

    INPUT is what run reads; a document's site is its field `site`, else the host of its `url`. Pages
    opened from HTML are left out: their story is found by their markup. Review what is found, refuse
    what belongs to stories, and use it:

    \b
      copydesk learn pages.jsonl -o furniture.toml
      copydesk review furniture.toml
      copydesk run pages.jsonl -o OUT --furniture furniture.toml
    """
    from corpus.learn import learn_sites, to_toml  # noqa: PLC0415
    from corpus.writer import write_text  # noqa: PLC0415

    rejected: list[str] = []
    documents = _documents(inputs, format_, encoding, max_record_bytes, rejected)
    learned = learn_sites(documents, least_pages=least_pages, least_share=least_share)
    if rejected:
        click.echo(f"{len(rejected):,} records could not be read, the first: {rejected[0]}", err=True)
    if not learned.sites:
        fail(f"no line stands on {least_pages} pages of one site: nothing was learnt or written", FAILED)
    write_text(out, to_toml(learned))
    lines = sum(len(found) for _, found in learned.sites.values())
    click.echo(f"{out}: {lines:,} lines of {len(learned.sites):,} sites; please review them before use")


def _documents(
    inputs: tuple[str, ...], format_: str | None, encoding: str, max_record_bytes: int, rejected: list[str]
) -> Iterator[Document]:
    from corpus.document import open_record  # noqa: PLC0415
    from corpus.readers import Record, Reject, read  # noqa: PLC0415

    reading = read_options(encoding, max_record_bytes, decode_all=False)
    plan = planned(inputs, format_, decode_all=False, one_task=False)
    for item in (item for task in plan.tasks for part in task.parts for item in read(part, reading)):
        if isinstance(item, Record):
            yield open_record(item)
        elif isinstance(item, Reject):
            rejected.append(str(item))
