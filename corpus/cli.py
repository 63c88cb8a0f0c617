"""The command `copydesk`."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.config import Config
    from corpus.folder import Share
    from corpus.manifest import Account
    from corpus.plan import Format, Plan
    from corpus.readers import ReadOptions
    from corpus.runner import Summary
    from corpus.tasks import Job

# Exit statuses: the contract of the command.
DONE, REJECTED, USAGE, FAILED = 0, 1, 2, 3
T = TypeVar("T")
_UNITS = {"": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 10**3, "mb": 10**6, "gb": 10**9}


class _Commands(click.Group):
    """The commands; what goes wrong unforeseen ends in status 3, never in Python's 1, which means rejects."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click knows what to do
        except KeyboardInterrupt:
            _fail("interrupted", 128 + signal.SIGINT)
        except OSError as error:
            _fail(f"{error.filename or 'the system says'}: {error.strerror or error}", FAILED)
        except Exception as error:  # noqa: BLE001 (the outermost boundary)
            traceback.print_exc()
            _fail(f"this is a defect of copydesk: {type(error).__name__}: {error}", FAILED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="copydesk")
def main() -> None:
    """Turn scraped news text into a clean, dated, placed, traceable Parquet corpus in which nothing is lost."""


def _size(_context: click.Context, _parameter: click.Parameter, value: str) -> int:
    """Return a size in bytes: 67108864, 64MiB, 10 MB."""
    found = re.fullmatch(r"(\d+)\s*([kmg]i?b)?", value.strip().lower())
    if not found:
        raise click.BadParameter(f"{value!r} is no size; write 67108864, 64MiB or 64MB")
    return int(found[1]) * _UNITS[found[2] or ""]


def _most(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[float, bool] | None:
    """Return a number of records and False, or a percentage and True."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", value.strip())
    if not found or (not found[2] and "." in found[1]):
        raise click.BadParameter(f"{value!r} is neither a number of records nor a percentage; write 100 or 0.5%")
    return float(found[1]), bool(found[2])


def _share(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Share | None:
    """Return which part of how many."""
    from corpus.folder import Share  # noqa: PLC0415

    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", value.strip())
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise click.BadParameter(f"{value!r} is no part of a run; of 8 parts the first is 1/8, the last 8/8")
    return Share(int(found[1]), int(found[2]))


@main.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", "out", required=True, type=click.Path(path_type=Path), help="The folder to write.")
@click.option(
    "--preset", help="What to do: news (all of it), text (characters and whitespace), decode (letters as they are)."
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A TOML file: preset, [steps.NAME], [keep].",
)
@click.option(
    "--disable",
    multiple=True,
    metavar="RULE",
    help='A step ("strip_captions") or a rule of one ("strip_captions:line") that is to change nothing.',
)
@click.option("--format", "format_", help="The format of all inputs, whatever their names say.")
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "auto"]),
    default="utf-8",
    show_default=True,
    help="For JSONL and CSV: strict UTF-8, or found out. Text and HTML files are always decoded.",
)
@click.option(
    "--max-record-bytes", default="64MiB", show_default=True, callback=_size, help="Longer records are rejected."
)
@click.option("--max-rejected", callback=_most, metavar="N|P%", help="Exit 1 if more records are rejected.")
@click.option("--strict", is_flag=True, help="Exit 1 if any record is rejected.")
@click.option("--limit", type=click.IntRange(min=1), help="Read only the first N records.")
@click.option("--dry-run", is_flag=True, help="Say what would be read and done; write nothing.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that clean; the corpus is the same for any number. [default: the cores]",
)
@click.option(
    "--shard-size", default="256MiB", show_default=True, callback=_size, help="How much text to put into one shard."
)
@click.option(
    "--task",
    "share",
    metavar="I/N",
    callback=_share,
    help="Do only part I of N, 1/N to N/N, beside the others in one output folder; `merge` ends the run.",
)
@click.option("--overwrite", is_flag=True, help="Replace what stands in the output folder.")
@click.option("--keep-html", is_flag=True, help="Keep each page's bytes in the column `html`.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def run(
    inputs: tuple[str, ...],
    out: Path,
    preset: str | None,
    config: Path | None,
    disable: tuple[str, ...],
    format_: str | None,
    encoding: str,
    max_record_bytes: int,
    max_rejected: tuple[float, bool] | None,
    strict: bool,
    limit: int | None,
    dry_run: bool,
    workers: int | None,
    shard_size: int,
    share: Share | None,
    overwrite: bool,
    keep_html: bool,
    as_json: bool,
) -> None:
    """Clean INPUT... into a Parquet corpus.

    INPUT is a file, a folder, a glob, - for standard input or an fsspec URL. Text and HTML files are
    one document each; JSONL, CSV and Parquet records have `text` or `html`, and may have id, url,
    title, date, authors, language, site and others.

    Exit status: 0 done, 1 too many rejects, 2 usage, 3 failed or no row at all, 130 stopped by Ctrl-C.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # the workers are what keeps the cores busy
    from corpus.progress import ProgressLine  # noqa: PLC0415
    from corpus.runner import run as carry_out  # noqa: PLC0415 (--help need not wait for polars)
    from corpus.tasks import Job  # noqa: PLC0415

    chosen = _configured(config, preset, disable)
    reading = _reading(encoding, max_record_bytes, decode_all=chosen.preset == "decode")
    decode_all = chosen.preset == "decode"
    plan = _planned(inputs, format_, decode_all=decode_all, one_task=limit is not None, task_bytes=shard_size)
    job = Job(chosen.pipeline(), reading, chosen.where, keep_html, limit, chosen.recipes)
    if share is not None:
        _check_share(plan, limit=limit, overwrite=overwrite)
    if dry_run:
        _tell_plan(plan, job, out, as_json=as_json)
        return
    progress = ProgressLine(sum(share is None or share.takes(task.index) for task in plan.tasks))
    number = workers or _cores()
    hear = partial(carry_out, tell=progress, tell_stopping=progress.tell_stopping)
    try:
        summary = _or_stop(out, lambda: hear(job, plan, out, workers=number, overwrite=overwrite, share=share))
    finally:
        progress.close()
    _tell_end(summary, out, as_json=as_json)
    if summary.part is not None:
        click.echo(f"this part is done; when all are: copydesk merge {out}", err=True)
        sys.exit(DONE if summary.account.balanced else FAILED)
    sys.exit(_status(summary.account, strict=strict, max_rejected=max_rejected))


@main.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--max-rejected", callback=_most, metavar="N|P%", help="As for run.")
@click.option("--strict", is_flag=True, help="As for run.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def merge(corpus: Path, max_rejected: tuple[float, bool] | None, strict: bool, as_json: bool) -> None:
    """End a run made of --task parts: OUT becomes the corpus that one run would have written."""
    from corpus.runner import merge as end_run  # noqa: PLC0415

    summary = _or_stop(corpus, lambda: end_run(corpus))
    _tell_end(summary, corpus, as_json=as_json)
    sys.exit(_status(summary.account, strict=strict, max_rejected=max_rejected))


def _or_stop(out: Path, action: Callable[[], Summary]) -> Summary:
    """Return what `action` does; what stops it is said in one sentence, with the exit status for it."""
    from corpus.runner import OutputError, RunError, StoppedError  # noqa: PLC0415

    try:
        return action()
    except OutputError as error:
        _fail(str(error), USAGE)
    except RunError as error:
        _fail(str(error), FAILED)
    except StoppedError as error:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one more Ctrl-C must not change how we end
        _fail(str(error), 128 + error.signal)
    except OSError as error:
        _fail(
            f"{error.filename or out}: {error.strerror or error}; nothing half written stands under a final name",
            FAILED,
        )


def _check_share(plan: Plan, *, limit: int | None, overwrite: bool) -> None:
    if limit is not None or overwrite:
        _fail(f"--task does not go with {'--limit' if limit is not None else '--overwrite'}", USAGE)
    if any(part.file.fingerprint is None and not part.file.problem for task in plan.tasks for part in task.parts):
        _fail("--task needs inputs that every part can read; standard input can be read once only", USAGE)


def _tell_end(summary: Summary, out: Path, *, as_json: bool) -> None:
    if as_json:
        content = summary.manifest or {"part": summary.account.to_plain()}
        click.echo(json.dumps({"output": str(out), **content}, ensure_ascii=False))
    else:
        _tell_summary(summary.account, out, already=summary.already_complete, resumed=summary.resumed)


def _cores() -> int:
    """Return how many cores this process may use (macOS does not tell; then how many there are)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _configured(path: Path | None, preset: str | None, disable: tuple[str, ...]) -> Config:
    from corpus.config import Config, ConfigError, combine, read_config  # noqa: PLC0415

    try:
        chosen = combine(read_config(path) if path else Config(), preset=preset, disable=disable)
        chosen.pipeline()
    except ConfigError as error:
        _fail(str(error), USAGE)
    return chosen


def _reading(encoding: str, max_record_bytes: int, *, decode_all: bool) -> ReadOptions:
    from corpus.readers import ReadOptions  # noqa: PLC0415

    return ReadOptions("auto" if encoding == "auto" else "utf-8", max_record_bytes, decode_all)


def _planned(
    inputs: tuple[str, ...], format_: str | None, *, decode_all: bool, one_task: bool, task_bytes: int | None = None
) -> Plan:
    from corpus.plan import TASK_BYTES, InputError, Plan, Task  # noqa: PLC0415
    from corpus.plan import plan as make_plan  # noqa: PLC0415

    try:
        plan = make_plan(
            inputs,
            format=cast("Format | None", format_),
            decode_all=decode_all,
            task_bytes=max(task_bytes or TASK_BYTES, 1),
        )
    except InputError as error:
        _fail(str(error), USAGE)
    if one_task and len(plan.tasks) > 1:
        return Plan((Task(0, tuple(part for task in plan.tasks for part in task.parts)),), plan.notes)
    return plan


def _tell_plan(plan: Plan, job: Job, out: Path, *, as_json: bool) -> None:
    files = {part.file.name: part.file for task in plan.tasks for part in task.parts}
    size = sum(f.fingerprint.size for f in files.values() if f.fingerprint)
    if as_json:
        steps = [step.name for step in job.pipeline.steps]
        content = {"output": str(out), "files": sorted(files), "tasks": len(plan.tasks), "bytes": size, "steps": steps}
        click.echo(json.dumps(content, ensure_ascii=False))
        return
    for name, file in files.items():
        click.echo(f"{name}  {file.problem or file.format}")
    for note in plan.notes:
        click.echo(f"note: {note}")
    click.echo(f"steps: {', '.join(step.name for step in job.pipeline.steps)}")
    click.echo(
        f"{len(files)} files, {size:,} bytes, {len(plan.tasks)} tasks would be written to {out}; nothing was written"
    )


def _tell_summary(account: Account, out: Path, *, already: bool, resumed: int) -> None:
    if already:
        click.echo("already complete")
    elif resumed:
        click.echo(f"resumed: {resumed} shards stood already")
    for kind, reasons in (("dropped", account.dropped), ("rejected", account.rejected_because)):
        for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:10]:
            click.echo(f"{kind} {count:,}: {reason}")
    dropped = sum(account.dropped.values())
    click.echo(
        f"{out}: {account.records:,} records in = {account.rows:,} rows"
        f" + {dropped:,} dropped + {account.rejected:,} rejected"
        + (f" (see {out / 'rejected'})" if account.rejected else "")
    )


def _status(account: Account, *, strict: bool, max_rejected: tuple[float, bool] | None) -> int:
    if not account.balanced:
        click.echo("error: the accounts do not balance; this is a defect of copydesk", err=True)
        return FAILED
    if not account.rows:
        why = "all were rejected or dropped" if account.records else "there was no record in the inputs"
        click.echo(f"error: no row was written: {why}", err=True)
        return FAILED
    if account.rejected and (strict or _too_many(account, max_rejected)):
        click.echo(f"error: {account.rejected:,} records were rejected", err=True)
        return REJECTED
    return DONE


def _too_many(account: Account, most: tuple[float, bool] | None) -> bool:
    if most is None:
        return False
    number, percent = most
    return account.rejected > (account.records * number / 100 if percent else number)


@main.command()
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

    chosen = _configured(config, preset, disable)
    reading = _reading("auto", 64 << 20, decode_all=chosen.preset == "decode")
    plan = _planned((file,), format_, decode_all=chosen.preset == "decode", one_task=False)
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
        _fail(problem or (f"{file}: no record {record!r}" if record else f"{file}: no record in it"), FAILED)
    cleaned = chosen.pipeline().run(found.text, found.facts)
    if as_json:
        click.echo(json.dumps(to_plain(cleaned), ensure_ascii=False))
        return
    for line in lines_of(cleaned):
        click.echo(line)


@main.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(corpus: Path, as_json: bool) -> None:
    """Check a corpus: checksums, counts, schema, and every source restored."""
    from dataclasses import asdict  # noqa: PLC0415

    from corpus.verify import verify as check  # noqa: PLC0415

    verdict = _or_fail(lambda: check(corpus))
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


@main.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--id", "wanted", required=True, metavar="ID", help="The document's id.")
def restore(corpus: Path, wanted: str) -> None:
    """Print the source of a document, restored from its clean text and its changes."""
    from corpus.verify import find_row, restore_row  # noqa: PLC0415

    source = _or_fail(lambda: restore_row(find_row(corpus, wanted)))
    sys.stdout.buffer.write(source.encode("utf-8"))


@main.command()
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

    found = _or_fail(lambda: compare(left, right, samples=samples))
    if as_json:
        plain = {name: getattr(found, name) for name in ("documents", "only_left", "only_right", "texts", "facts")}
        tables = {"rules": found.rules.to_dicts(), "samples": found.samples.to_dicts()}
        click.echo(json.dumps({**plain, **tables}, ensure_ascii=False))
        return
    for line in explain_difference(found):
        click.echo(line)


@main.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def duplicates(corpus: Path, as_json: bool) -> None:
    """Find the copies in a corpus: write OUT/duplicates/ and leave OUT/data/ as it is.

    documents.parquet holds a row for each document of a cluster (id, duplicate_of, cluster, kind, score): its first
    one by publication and source, exact copies, and near copies. passages.parquet holds the lines and paragraphs
    that a site repeats in several stories. Stopped, the same command goes on where it was.
    """
    from dataclasses import asdict  # noqa: PLC0415

    from corpus.duplicates import find_duplicates  # noqa: PLC0415

    found = _or_fail(lambda: find_duplicates(corpus))
    if as_json:
        click.echo(json.dumps({"output": str(corpus / "duplicates"), **asdict(found)}))
        return
    if found.already_complete:
        click.echo("already complete")
    click.echo(
        f"{corpus / 'duplicates'}: {found.documents:,} documents, of which {found.exact:,} are exact and"
        f" {found.near:,} near copies, in {found.clusters:,} clusters; {found.passages:,} repeated passages"
    )


@main.command()
@click.argument("corpus", metavar="OUT", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-o", "--output", "new", required=True, type=click.Path(path_type=Path), help="The folder to write.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["exact", "near"]),
    help="Which copies to leave out. [default: both]",
)
def deduplicate(corpus: Path, new: Path, kinds: tuple[str, ...]) -> None:
    """Write a corpus again without the copies that `copydesk duplicates` found; those are counted as dropped."""
    from corpus.duplicates import KINDS, write_without  # noqa: PLC0415

    account = _or_fail(lambda: write_without(corpus, new, kinds or KINDS))
    _tell_summary(account, new, already=False, resumed=0)


def _or_fail(action: Callable[[], T]) -> T:
    from corpus.verify import CorpusError  # noqa: PLC0415

    try:
        return action()
    except CorpusError as error:
        _fail(str(error), FAILED)


def _fail(message: str, status: int) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(status)
