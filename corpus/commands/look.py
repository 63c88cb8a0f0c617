"""`copydesk explain`, `verify`, `restore` and `diff`: what was done, and whether all of it can be undone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from corpus.commands.common import DONE, FAILED, configured, fail, or_fail, planned, read_options


@click.command()
@click.argument("file")
@click.option("--record", metavar="ID", help="The record to explain, by id or locator. [default: the first]")
@click.option("--preset", help="As for run.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="As for run.")
@click.option("--disable", multiple=True, metavar="RULE", help="As for run.")
@click.option("--format", "format_", help="As for run.")
@click.option("--json", "as_json", is_flag=True, help="Print changes, facts and text as JSON.")
def explain(
    file: str,
    record: str | None,
    preset: str | None,
    config: Path | None,
    disable: tuple[str, ...],
    format_: str | None,
    as_json: bool,
) -> None:
    """Show what each step did to one document of FILE (- for standard input), and why."""
    from corpus.document import Document, open_record  # noqa: PLC0415
    from corpus.explain import explain as lines_of  # noqa: PLC0415
    from corpus.explain import to_plain  # noqa: PLC0415
    from corpus.readers import Record, read  # noqa: PLC0415

    chosen = configured(config, preset, disable)
    reading = read_options("auto", 64 << 20, decode_all=chosen.preset == "decode")
    plan = planned((file,), format_, decode_all=chosen.preset == "decode", one_task=False)
    found: Document | None = None
    problem: str | None = None
    for item in (item for task in plan.tasks for part in task.parts for item in read(part, reading)):
        if not isinstance(item, Record):
            if record is None or record in {item.record, f"{item.file}#{item.record}"}:
                problem = problem or str(item)
            continue
        document = open_record(item)
        if record is None or record in {document.id, item.source, item.source.partition("#")[2]}:
            found = document
            break
    if found is None:
        fail(problem or (f"{file}: no record {record!r}" if record else f"{file}: no record in it"), FAILED)
    cleaned = chosen.pipeline().run(found.text, found.facts)
    if as_json:
        click.echo(json.dumps(to_plain(cleaned), ensure_ascii=False))
        return
    for line in lines_of(cleaned):
        click.echo(line)


@click.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(corpus: Path, as_json: bool) -> None:
    """Check a corpus: checksums, counts, schema, and every source restored."""
    from dataclasses import asdict  # noqa: PLC0415

    from corpus.verify import verify as check  # noqa: PLC0415

    verdict = or_fail(lambda: check(corpus))
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


@click.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--id", "wanted", required=True, metavar="ID", help="The document's id.")
def restore(corpus: Path, wanted: str) -> None:
    """Print the source of a document, restored from its clean text and its changes."""
    from corpus.verify import find_row, restore_row  # noqa: PLC0415

    source = or_fail(lambda: restore_row(find_row(corpus, wanted)))
    sys.stdout.buffer.write(source.encode("utf-8"))


@click.command()
@click.argument("left", metavar="OUT1", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("right", metavar="OUT2", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--samples", type=click.IntRange(min=0), default=3, show_default=True, help="Changes to show for each rule."
)
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
def diff(left: Path, right: Path, samples: int, as_json: bool) -> None:
    """Show what changed between two runs over the same documents, by rule."""
    from corpus.compare import compare  # noqa: PLC0415
    from corpus.explain import explain_difference  # noqa: PLC0415

    found = or_fail(lambda: compare(left, right, samples=samples))
    if as_json:
        plain = {name: getattr(found, name) for name in ("documents", "only_left", "only_right", "texts", "facts")}
        tables = {"rules": found.rules.to_dicts(), "samples": found.samples.to_dicts()}
        click.echo(json.dumps({**plain, **tables}, ensure_ascii=False))
        return
    for line in explain_difference(found):
        click.echo(line)
