"""Runs: a plan carried out task by task into OUT, resumable, with its accounts."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any

import polars as pl

from corpus.card import write_card
from corpus.folder import OutputError, Share, claimed, clear_attempts, held_alone, read_complete, read_mark
from corpus.interrupts import Interrupts, StoppedError
from corpus.manifest import Account, Identity, TaskReport, build_manifest, describe_tools, identify_plan
from corpus.plan import ChangedError, shard_name
from corpus.supervisor import RunError, Supervisor
from corpus.tasks import run_task
from corpus.writer import WriteError, write_shard, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from corpus.plan import Plan, Task
    from corpus.tasks import Job, Progress

__all__ = ["OutputError", "RunError", "Share", "StoppedError", "Summary", "merge", "run"]

# So little is cleaned before another process would have started.
_SMALL = 4 << 20
_IDS_HELD = 2_000_000
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


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended, or a part of one: that has no manifest yet, and stands in `part`."""

    manifest: dict[str, Any]
    already_complete: bool = False
    resumed: int = 0
    part: Account | None = None

    @property
    def account(self) -> Account:
        """The run's account, or that of the part."""
        return self.part if self.part is not None else Account.from_plain(self.manifest["account"])


@dataclass(slots=True)
class _Listener:
    """What is told while a run goes on."""

    tell: Callable[[int, Progress], None] = lambda *_: None
    tell_stopping: Callable[[], None] = lambda: None


def run(
    job: Job,
    plan: Plan,
    out: Path,
    *,
    workers: int = 1,
    overwrite: bool = False,
    share: Share | None = None,
    tell: Callable[[int, Progress], None] = lambda *_: None,
    tell_stopping: Callable[[], None] = lambda: None,
) -> Summary:
    """Carry out `plan` into `out`; the same plan again resumes or finds itself complete.

    With `share` only that part of its tasks, beside other parts in the same `out`; `merge` ends such a run.
    `tell` hears how far each task is, `tell_stopping` that a first SIGINT was taken: the tasks in hand are
    ended. Raises OutputError where `out` holds something else (unless `overwrite`), RunError where a task
    fails, StoppedError where the run was asked to stop.
    """
    identity = _identify(job, plan)
    done = read_complete(out, identity, overwrite=overwrite)
    if done is not None:
        return _finished_before(out, identity, done)
    listener = _Listener(tell, tell_stopping)
    with claimed(out, identity, overwrite=overwrite, share=share) as lock:
        done = read_complete(out, identity, overwrite=False)
        if done is not None:  # by a run that ended while this one waited
            return Summary(done, already_complete=True)
        mine = [task for task in plan.tasks if share is None or share.takes(task.index)]
        clear_attempts(out, [task.index for task in mine], identity.tasks)
        reports = _read_reports(out, mine)
        resumed = len(reports)
        if share is not None:
            _write_inputs(out / ".work" / "inputs.parquet", plan, [])
        for report in _carried_out(job, plan, mine, reports, out, workers, lock, listener):
            reports[report.task] = report
        if share is not None:
            return Summary({}, resumed=resumed, part=_add_up(reports))
        _write_inputs(out / "inputs.parquet", plan, list(reports.values()))
        manifest = _end(out, identity, reports)
    return Summary(manifest, resumed=resumed)


def merge(out: Path) -> Summary:
    """End a run made of parts: all its tasks must be done. Raises OutputError where there is none, or some are not."""
    if (out / "manifest.json").exists():
        return Summary(json.loads((out / "manifest.json").read_text(encoding="utf-8")), already_complete=True)
    mark = read_mark(out)
    files = out / ".work" / "inputs.parquet"
    if mark is None or not files.exists():
        raise OutputError(f"{out} holds no run made of parts (run --task)")
    with held_alone(out):
        identity = Identity.from_plain(mark)
        reports = _read_reports(out, range(identity.tasks))
        missing = [index for index in range(identity.tasks) if index not in reports]
        if missing:
            shown = ", ".join(str(index + 1) for index in missing[:10]) + (", ..." if len(missing) > 10 else "")
            raise RunError(
                f"{len(missing)} of {identity.tasks} tasks are not done ({shown}); run the parts that have them again"
            )
        clear_attempts(out, range(identity.tasks), identity.tasks)
        _count_inputs(files, out / "inputs.parquet", reports)
        return Summary(_end(out, identity, reports), resumed=len(reports))


def _identify(job: Job, plan: Plan) -> Identity:
    keep = [clause.where for clause in job.clauses]
    settings = {"keep": keep, "keep_html": job.keep_html, "limit": job.limit, "reading": asdict(job.reading)}
    return identify_plan(plan, repr(job.pipeline), settings, describe_tools())


def _finished_before(out: Path, identity: Identity, manifest: dict[str, Any]) -> Summary:
    if (out / ".work").exists():  # the run was killed with all done but the sweeping
        with claimed(out, identity):
            shutil.rmtree(out / ".work")
    return Summary(manifest, already_complete=True)


def _end(out: Path, identity: Identity, reports: dict[int, TaskReport]) -> dict[str, Any]:
    """Write what stands beside the shards of a run that is done, the manifest last, and sweep."""
    ordered = [reports[index] for index in sorted(reports)]
    manifest = build_manifest(identity, ordered, repeated_ids=_repeated_ids(out, sum(r.account.rows for r in ordered)))
    write_card(out, manifest)
    write_text(out / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    shutil.rmtree(out / ".work")
    return manifest


def _read_reports(out: Path, tasks: Iterable[Task] | Iterable[int]) -> dict[int, TaskReport]:
    """Return the reports of the tasks that are done and whose files stand whole."""
    reports = {}
    for task in tasks:
        path = out / ".work" / f"{task if isinstance(task, int) else task.index:05d}.json"
        report = _read_report(path) if path.exists() else None
        if report is not None and all(_has_size(out / name, size) for name, size in report.sizes.items()):
            reports[report.task] = report
    return reports


def _read_report(path: Path) -> TaskReport | None:
    try:
        return TaskReport.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError):  # not as it was written: its task is done again
        return None


def _has_size(path: Path, size: int) -> bool:
    return path.exists() and path.stat().st_size == size


def _add_up(reports: dict[int, TaskReport]) -> Account:
    total = Account()
    for report in reports.values():
        total.add(report.account)
    return total


def _carried_out(
    job: Job,
    plan: Plan,
    mine: list[Task],
    done: dict[int, TaskReport],
    out: Path,
    workers: int,
    lock: IO[str],
    listener: _Listener,
) -> Iterator[TaskReport]:
    """Yield the reports of the tasks not yet done; whatever stops a task stops the run with one sentence."""
    todo = [task for task in mine if task.index not in done]
    ended = len(done)
    try:
        with Interrupts(listener.tell_stopping) as interrupts:
            if _is_for_one(plan, out):
                reports = _carry_out_here(job, todo, len(plan.tasks), out, interrupts, listener)
            else:
                pool = Supervisor(
                    *(job, len(plan.tasks), out, lock),
                    tell=listener.tell,
                    remember=lambda index, killers: _write_killers(out, index, killers),
                )
                killers = {task.index: _read_killers(out, task.index) for task in todo}
                reports = pool.reports(todo, killers, workers, interrupts)
            for report in reports:
                ended += 1
                yield report
    except StoppedError as error:
        raise StoppedError(f"stopped: {_tell_rest(ended, len(mine))}", error.signal) from None
    except (WriteError, ChangedError) as error:
        raise RunError(str(error)) from error
    finally:
        clear_attempts(out, [task.index for task in mine], len(plan.tasks))
    if ended < len(mine):
        raise StoppedError(f"stopped: {_tell_rest(ended, len(mine))}", 2)


def _tell_rest(ended: int, of: int) -> str:
    return f"{ended} of {of} shards stand; the same command again goes on from there"


def _is_for_one(plan: Plan, out: Path) -> bool:
    """Tell whether this process does the work itself: where only it can read the input, or there is little.

    Not where it died of that before: a mark says so.
    """
    parts = [part for task in plan.tasks for part in task.parts]
    if any(part.file.fingerprint is None and part.file.problem is None for part in parts):
        return True  # standard input and pipes
    size = sum(part.file.fingerprint.size for part in parts if part.file.fingerprint is not None)
    return size <= _SMALL and len(plan.tasks) <= 1 and not (out / ".work" / "alone").exists()


def _carry_out_here(
    job: Job, tasks: list[Task], total: int, out: Path, interrupts: Interrupts, listener: _Listener
) -> Iterator[TaskReport]:
    mark = out / ".work" / "alone"
    mark.touch()
    try:
        for task in tasks:
            if interrupts.asked:
                return
            yield run_task(
                *(job, task, shard_name(task.index, total), out),
                lambda progress, index=task.index: listener.tell(index, progress),  # type: ignore[misc]
            )
    finally:
        mark.unlink(missing_ok=True)


def _read_killers(out: Path, index: int) -> dict[int, str]:
    """Return the records of a task that no worker survived, as an earlier attempt found them."""
    path = out / ".work" / f"{index:05d}.killers"
    if not path.exists():
        return {}
    return {int(number): reason for number, reason in json.loads(path.read_text(encoding="utf-8")).items()}


def _write_killers(out: Path, index: int, killers: dict[int, str]) -> None:
    write_text(out / ".work" / f"{index:05d}.killers", json.dumps(killers))


def _write_inputs(path: Path, plan: Plan, reports: list[TaskReport]) -> None:
    accounts = _by_file(reports)
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
    write_shard(path, lambda: iter((pl.DataFrame(columns, schema=INPUTS),)), INPUTS)


def _by_file(reports: Iterable[TaskReport]) -> dict[str, Account]:
    accounts: dict[str, Account] = {}
    for report in reports:
        for name, account in report.files.items():
            accounts.setdefault(name, Account()).add(account)
    return accounts


def _count_inputs(listed: Path, final: Path, reports: dict[int, TaskReport]) -> None:
    """Write the list of input files with their accounts."""
    frame = pl.read_parquet(listed)
    accounts = _by_file(reports[index] for index in sorted(reports))
    found = [accounts.get(name, Account()) for name in frame["file"]]
    counts = {
        "records": [account.records for account in found],
        "rows": [account.rows for account in found],
        "dropped": [account.dropped.total() for account in found],
        "rejected": [account.rejected for account in found],
    }
    frame = frame.with_columns(pl.Series(name, values, dtype=INPUTS[name]) for name, values in counts.items())
    write_shard(final, lambda: iter((frame,)), INPUTS)


def _repeated_ids(out: Path, rows: int) -> int:
    """Return how many rows have the id of another, in memory that does not grow with their number."""
    ids = pl.scan_parquet(out / "data" / "*.parquet").select("id")
    passes = 1 + rows // _IDS_HELD
    bucket = pl.col("id").hash(0) % passes
    distinct = (
        ids.filter(bucket == number).select(pl.col("id").n_unique()).collect(engine="streaming").item()
        for number in range(passes)
    )
    return rows - sum(int(count) for count in distinct)
