"""`copydesk run` and `copydesk merge`."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.commands.common import (
    DONE,
    FAILED,
    REJECTED,
    USAGE,
    complete_presets,
    complete_rules,
    configured,
    fail,
    most,
    planned,
    read_options,
    size,
)

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from corpus.folder import Share
    from corpus.manifest import Account
    from corpus.plan import Plan
    from corpus.runner import Engine, Summary
    from corpus.tasks import Job, Partition


def share(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Share | None:
    """Return which part of how many."""
    from corpus.folder import Share  # noqa: PLC0415

    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", value.strip())
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise click.BadParameter(f"{value!r} is no part of a run; of 8 parts the first is 1/8, the last 8/8")
    return Share(int(found[1]), int(found[2]))


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", "out", required=True, help="The folder to write, or an fsspec URL of one.")
@click.option(
    "--preset",
    shell_complete=complete_presets,
    help="What to do: news (all of it), text (characters and whitespace), decode (letters as they are).",
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
    shell_complete=complete_rules,
    help='A step ("strip_captions") or a rule of one ("strip_furniture:related") that is to change nothing.',
)
@click.option(
    "--furniture",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Lines of sites to cut, as learn found and a person reviewed them.",
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
    "--max-record-bytes", default="64MiB", show_default=True, callback=size, help="Longer records are rejected."
)
@click.option("--max-rejected", callback=most, metavar="N|P%", help="Exit 1 if more records are rejected.")
@click.option("--strict", is_flag=True, help="Exit 1 if any record is rejected.")
@click.option("--limit", type=click.IntRange(min=1), help="Read only the first N records.")
@click.option("--dry-run", is_flag=True, help="Say what would be read and done; write nothing.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that clean; the corpus is the same for any number. [default: the cores]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Who carries out the tasks: processes of this machine, or a Ray cluster (RAY_ADDRESS, else one started here).",
)
@click.option(
    "--shard-size", default="64MiB", show_default=True, callback=size, help="How much text to put into one shard."
)
@click.option(
    "--task",
    "share",
    metavar="I/N",
    callback=share,
    help="Do only part I of N, 1/N to N/N, beside the others in one output folder; `merge` ends the run.",
)
@click.option(
    "--partition",
    type=click.Choice(["year", "language"]),
    help="Write hive partitions: data/year=2019/ by the year of publication, or data/lang=en/.",
)
@click.option("--overwrite", is_flag=True, help="Replace what stands in the output folder.")
@click.option("--keep-html", is_flag=True, help="Keep each page's bytes in the column `html`.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def run(
    inputs: tuple[str, ...],
    out: str,
    preset: str | None,
    config: Path | None,
    disable: tuple[str, ...],
    furniture: Path | None,
    format_: str | None,
    encoding: str,
    max_record_bytes: int,
    max_rejected: tuple[float, bool] | None,
    strict: bool,
    limit: int | None,
    dry_run: bool,
    workers: int | None,
    engine: Engine,
    shard_size: int,
    share: Share | None,
    partition: Partition | None,
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

    chosen = configured(config, preset, disable, furniture)
    reading = read_options(encoding, max_record_bytes, decode_all=chosen.preset == "decode")
    decode_all = chosen.preset == "decode"
    one_task = limit is not None
    plan = planned(inputs, format_, decode_all=decode_all, one_task=one_task, task_bytes=shard_size, out=out)
    job = Job(chosen.pipeline(), reading, chosen.where, keep_html, limit, chosen.recipes, partition)
    if share is not None:
        _check_share(plan, limit=limit, overwrite=overwrite)
    if dry_run:
        _tell_plan(plan, job, out, as_json=as_json)
        return
    progress = ProgressLine({t.index: t.weight for t in plan.tasks if share is None or share.takes(t.index)})
    number = workers or (_cores() if engine == "local" else None)
    way = partial(carry_out, workers=number, engine=engine, listener=progress, overwrite=overwrite, share=share)

    def carried_out() -> Summary:
        with closing(progress):  # before what went wrong is said, which is the last line
            return way(job, plan, out)

    summary = _or_stop(out, carried_out)
    _tell_end(summary, out, as_json=as_json)
    if summary.part is not None:
        click.echo(f"this part is done; when all are: copydesk merge {out}", err=True)
        sys.exit(DONE if summary.account.balanced else FAILED)
    sys.exit(_status(summary.account, strict=strict, max_rejected=max_rejected))


@click.command(short_help="End a run made of --task parts.")
@click.argument("corpus", metavar="OUT")
@click.option("--max-rejected", callback=most, metavar="N|P%", help="As for run.")
@click.option("--strict", is_flag=True, help="As for run.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def merge(corpus: str, max_rejected: tuple[float, bool] | None, strict: bool, as_json: bool) -> None:
    """End a run made of --task parts: OUT becomes the corpus that one run would have written."""
    from corpus.runner import merge as end_run  # noqa: PLC0415

    summary = _or_stop(corpus, lambda: end_run(corpus))
    _tell_end(summary, corpus, as_json=as_json)
    sys.exit(_status(summary.account, strict=strict, max_rejected=max_rejected))


def _or_stop(out: str, action: Callable[[], Summary]) -> Summary:
    """Return what `action` does; what stops it is said in one sentence, with the exit status for it."""
    from corpus.runner import OutputError, RunError, StoppedError  # noqa: PLC0415

    try:
        return action()
    except OutputError as error:
        fail(str(error), USAGE)
    except RunError as error:
        fail(str(error), FAILED)
    except StoppedError as error:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one more Ctrl-C must not change how we end
        fail(str(error), 128 + error.signal)
    except OSError as error:
        fail(
            f"{error.filename or out}: {error.strerror or error}; nothing half written stands under a final name",
            FAILED,
        )


def _check_share(plan: Plan, *, limit: int | None, overwrite: bool) -> None:
    if limit is not None or overwrite:
        fail(f"--task does not go with {'--limit' if limit is not None else '--overwrite'}", USAGE)
    if any(part.file.fingerprint is None and not part.file.problem for task in plan.tasks for part in task.parts):
        fail("--task needs inputs that every part can read; standard input can be read once only", USAGE)


def _tell_end(summary: Summary, out: str, *, as_json: bool) -> None:
    if as_json:
        content = summary.manifest or {"part": summary.account.to_plain()}
        click.echo(json.dumps({"output": out, **content}, ensure_ascii=False))
    else:
        tell_summary(summary.account, out, already=summary.already_complete, resumed=summary.resumed)


def _cores() -> int:
    """Return how many cores this process may use (macOS does not tell; then how many there are)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, read_quota(Path("/sys/fs/cgroup")) or cores)


# Where the kernel's two ways of telling it put the time given and the time it is of.
_QUOTAS = (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"))


def read_quota(groups: Path) -> int | None:
    """Return for how many cores a container is given time, by its control groups; None where none is set.

    A pod with a limit of 2 CPUs sees all cores of its machine, and 64 workers would have memory for none.
    """
    for names in _QUOTAS:
        try:
            quota, period = " ".join((groups / name).read_text() for name in names).split()
            return max(-(-int(quota) // int(period)), 1) if quota not in ("max", "-1") else None
        except (OSError, ValueError, ZeroDivisionError):
            continue
    return None


def _tell_plan(plan: Plan, job: Job, out: str, *, as_json: bool) -> None:
    files = {part.file.name: part.file for task in plan.tasks for part in task.parts}
    size = sum(f.fingerprint.size for f in files.values() if f.fingerprint)
    if as_json:
        steps = [step.name for step in job.pipeline.steps]
        content = {"output": out, "files": sorted(files), "tasks": len(plan.tasks), "bytes": size, "steps": steps}
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


def tell_summary(account: Account, out: str | Path, *, already: bool, resumed: int) -> None:
    """Tell what came in, what was left out and why."""
    from corpus.outputs import open_output  # noqa: PLC0415
    from corpus.quarantine import find_first  # noqa: PLC0415

    if already:
        click.echo("already complete")
    elif resumed:
        click.echo(f"resumed: {resumed:,} {'shard' if resumed == 1 else 'shards'} stood already")
    for reason, count in _most_frequent(account.dropped):
        click.echo(f"dropped {count:,}: {reason}")
    rejected = _most_frequent(account.rejected_because)
    first: dict[str, str] = {}
    if rejected:
        with suppress(OSError):  # the run is done, whatever becomes of a look at what it wrote
            first = find_first(open_output(out), [reason for reason, _ in rejected])
    for reason, count in rejected:
        place = f" ({'the first is ' if count > 1 else ''}{first[reason]})" if reason in first else ""
        click.echo(f"rejected {count:,}: {reason}{place}")
    dropped = sum(account.dropped.values())
    click.echo(
        f"{out}: {account.records:,} records in = {account.rows:,} rows"
        f" + {dropped:,} dropped + {account.rejected:,} rejected"
        + (f" (see {out}/rejected)" if account.rejected else "")
    )


def _most_frequent(reasons: Counter[str]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:10]


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
