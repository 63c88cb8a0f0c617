"""Runs: a plan carried out task by task into OUT, resumable, with its accounts."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.card import write_card
from corpus.manifest import Account, TaskReport, build_manifest, describe_tools, identify_plan
from corpus.plan import ChangedError
from corpus.tasks import Job, Progress, run_task
from corpus.writer import WriteError, write_shard, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from corpus.plan import Plan, Task

INPUTS = pl.Schema(
    {
        "file": pl.String,
        "format": pl.String,
        "compression": pl.String,
        "size": pl.UInt64,
        "stamp": pl.String,
        "edges_sha256": pl.String,
        "records": pl.UInt64,
        "rows": pl.UInt64,
        "dropped": pl.UInt64,
        "rejected": pl.UInt64,
    }
)


class OutputError(Exception):
    """OUT cannot be used for this run; nothing in it was touched."""


class RunError(Exception):
    """A run that failed; what stands under final names is whole, and the same command goes on from there."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended."""

    manifest: dict[str, Any]
    already_complete: bool = False
    resumed: int = 0

    @property
    def account(self) -> Account:
        """The run's account."""
        return Account.from_plain(self.manifest["account"])


def run(
    job: Job,
    plan: Plan,
    out: Path,
    *,
    workers: int = 1,
    overwrite: bool = False,
    tell: Callable[[int, Progress], None] = lambda *_: None,
) -> Summary:
    """Carry out `plan` into `out`; the same plan again resumes or finds itself complete.

    Raises OutputError where `out` holds something else (unless `overwrite`), RunError where a task fails.
    """
    tools = describe_tools()
    settings = {"where": job.where, "keep_html": job.keep_html, "limit": job.limit, "reading": asdict(job.reading)}
    pipeline = repr(job.pipeline)
    plan_id = identify_plan(plan, pipeline, settings, tools)
    done = _complete(out, plan_id, overwrite=overwrite)
    if done is not None:
        return Summary(done, already_complete=True)
    with _claimed(out, plan_id, overwrite=overwrite):
        reports = _finished(out, plan)
        resumed = len(reports)
        todo = [task for task in plan.tasks if task.index not in reports]
        for report in _carried_out(job, todo, len(plan.tasks), out, workers, tell):
            reports[report.task] = report
        ordered = [reports[task.index] for task in plan.tasks]
        _write_inputs(out, plan, ordered)
        manifest = build_manifest(
            plan_id=plan_id,
            plan=plan,
            pipeline=pipeline,
            settings=settings,
            tools=tools,
            reports=ordered,
            repeated_ids=_repeated_ids(out),
        )
        write_card(out, manifest)
        write_text(out / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    shutil.rmtree(out / ".work")
    return Summary(manifest, resumed=resumed)


def shard_name(index: int, total: int) -> str:
    """Return the name of a shard.

    >>> shard_name(0, 10)
    'part-00000-of-00010.parquet'
    """
    return f"part-{index:05d}-of-{total:05d}.parquet"


def _complete(out: Path, plan_id: str, *, overwrite: bool) -> dict[str, Any] | None:
    """Return the manifest that stands in `out`, if it is this plan's; raise OutputError if it is another's."""
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file, not a folder")
    manifest = out / "manifest.json"
    if overwrite or not manifest.exists():
        return None
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        found = content["plan"]["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{manifest} is no manifest of copydesk; choose another folder or --overwrite") from error
    if found == plan_id:
        return dict(content)
    raise OutputError(
        f"{out} holds a corpus made by another plan (other inputs, options or versions);"
        " choose another folder or --overwrite"
    )


@contextmanager
def _claimed(out: Path, plan_id: str, *, overwrite: bool) -> Iterator[None]:
    """Hold `out` for this run alone; leave it as it was if it belongs to another plan."""
    work = out / ".work"
    if not overwrite and out.exists() and not work.exists() and any(out.iterdir()):
        raise OutputError(f"{out} is not empty and holds no corpus; choose another folder or --overwrite")
    out.mkdir(parents=True, exist_ok=True)
    work.mkdir(exist_ok=True)
    with (work / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(f"another run is writing to {out}") from error
        _begin(out, work / "plan", plan_id, overwrite=overwrite)
        yield


def _begin(out: Path, mark: Path, plan_id: str, *, overwrite: bool) -> None:
    begun = mark.read_text(encoding="utf-8") if mark.exists() else None
    if begun == plan_id:
        _clear_attempts(out)
        return
    if begun is not None and not overwrite:
        raise OutputError(
            f"{out} holds an unfinished corpus of another plan (other inputs, options or versions);"
            " choose another folder or --overwrite"
        )
    for name in ("data", "rejected", "duplicates"):
        shutil.rmtree(out / name, ignore_errors=True)
    for name in ("manifest.json", "inputs.parquet", "README.md", "report.html"):
        (out / name).unlink(missing_ok=True)
    for old in mark.parent.glob("*.json"):
        old.unlink()
    for name in ("data", "rejected"):
        (out / name).mkdir()
    write_text(mark, plan_id)


def _clear_attempts(out: Path) -> None:
    """Remove what killed attempts left under temporary names."""
    for folder in (out, out / "data", out / "rejected", out / ".work"):
        for left in folder.glob(".*.tmp"):
            left.unlink()


def _finished(out: Path, plan: Plan) -> dict[int, TaskReport]:
    """Return the reports of the tasks that are done and whose shards stand."""
    reports = {}
    for task in plan.tasks:
        path = out / ".work" / f"{task.index:05d}.json"
        if path.exists():
            report = TaskReport.from_json(path.read_text(encoding="utf-8"))
            if (out / report.shard).exists():
                reports[task.index] = report
    return reports


def _carried_out(
    job: Job,
    tasks: list[Task],
    total: int,
    out: Path,
    workers: int,
    tell: Callable[[int, Progress], None],
) -> Iterator[TaskReport]:
    """Yield the tasks' reports as they end; whatever stops a task stops the run with one sentence."""
    try:
        yield from _carry_out(job, tasks, total, out, workers, tell)
    except (WriteError, ChangedError) as error:
        raise RunError(str(error)) from error
    except BrokenProcessPool as error:
        raise RunError("a worker died; run the same command again to go on where it stopped") from error


def _carry_out(
    job: Job,
    tasks: list[Task],
    total: int,
    out: Path,
    workers: int,
    tell: Callable[[int, Progress], None],
) -> Iterator[TaskReport]:
    # Standard input and pipes can be read by this process alone.
    if workers <= 1 or len(tasks) <= 1 or any(part.file.fingerprint is None for task in tasks for part in task.parts):
        for task in tasks:
            yield run_task(job, task, shard_name(task.index, total), out, lambda p, n=task.index: tell(n, p))  # type: ignore[misc]
        return
    # fork is unsafe with polars; each worker gets its share of the cores
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(
        min(workers, len(tasks)), mp_context=context, initializer=_die_with, initargs=(os.getpid(),)
    ) as pool:
        futures = {pool.submit(_in_worker, job, task, total, out): task for task in tasks}
        try:
            for future in as_completed(futures):
                report = future.result()
                tell(report.task, Progress(report.account.records, report.account.rows, report.account.rejected))
                yield report
        finally:
            pool.shutdown(cancel_futures=True)


def _in_worker(job: Job, task: Task, total: int, out: Path) -> TaskReport:
    return run_task(job, task, shard_name(task.index, total), out, lambda *_: None)


def _die_with(parent: int) -> None:
    """Let a worker end when the run does: forkserver's children are not the run's own and would outlive it."""
    import threading  # noqa: PLC0415 (only workers need it)
    import time  # noqa: PLC0415

    def watch() -> None:
        while True:
            time.sleep(0.5)
            try:
                os.kill(parent, 0)
            except ProcessLookupError:
                os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _write_inputs(out: Path, plan: Plan, reports: list[TaskReport]) -> None:
    accounts: dict[str, Account] = {}
    for report in reports:
        for name, account in report.files.items():
            accounts.setdefault(name, Account()).add(account)
    files = {part.file.name: part.file for task in plan.tasks for part in task.parts}
    columns: dict[str, list[object]] = {name: [] for name in INPUTS}
    for name, file in files.items():
        account = accounts.get(name, Account())
        mark = file.fingerprint
        values = (
            *(name, file.format, file.compression),
            *((mark.size, mark.stamp, mark.edges) if mark else (None, None, None)),
            *(account.records, account.rows, account.dropped.total(), account.rejected),
        )
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    write_shard(out / "inputs.parquet", lambda: iter((pl.DataFrame(columns, schema=INPUTS),)), INPUTS)


def _repeated_ids(out: Path) -> int:
    ids = pl.scan_parquet(out / "data" / "*.parquet").select(pl.len() - pl.col("id").n_unique())
    return int(ids.collect(engine="streaming").item())
