"""Runs: a plan carried out task by task into OUT, resumable, with its accounts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Literal

from corpus.ending import end_run, list_inputs, read_inputs, save_inputs
from corpus.folder import OutputError, Share, claimed, clear_attempts, held_alone, read_complete, read_mark
from corpus.interrupts import Interrupts, StoppedError
from corpus.listener import Listener
from corpus.manifest import Account, Identity, TaskReport, describe_tools, identify_plan
from corpus.outputs import open_output
from corpus.plan import ChangedError, shard_name
from corpus.supervisor import RunError, Supervisor
from corpus.tasks import Progress, run_task
from corpus.writer import WriteError, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from corpus.inputs import InputFile
    from corpus.outputs import Output
    from corpus.plan import Plan, Task
    from corpus.tasks import Job

__all__ = ["OutputError", "RunError", "Share", "StoppedError", "Summary", "merge", "run"]

# So little is cleaned before another process would have started.
_SMALL = 4 << 20
Engine = Literal["local", "ray"]


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


@dataclass(frozen=True, slots=True)
class _Way:
    """How a run is carried out, and who hears of it."""

    workers: int | None
    engine: Engine
    listener: Listener


def run(
    job: Job,
    plan: Plan,
    out: Path | str,
    *,
    workers: int | None = 1,
    engine: Engine = "local",
    overwrite: bool = False,
    share: Share | None = None,
    listener: Listener | None = None,
) -> Summary:
    """Carry out `plan` into `out`, a folder or an fsspec URL; the same plan again resumes or finds itself complete.

    With `engine` "ray" the tasks are handed to a Ray cluster (RAY_ADDRESS, or one of this machine). With
    `share` only that part of the tasks, beside other parts in the same `out`; `merge` ends such a run.
    `listener` hears how it goes. After a first SIGINT the tasks in hand are ended. Raises OutputError where `out` holds something else (unless `overwrite`), RunError where a task
    fails, StoppedError where the run was asked to stop.
    """
    output = open_output(out)
    way = _Way(workers, engine, listener or Listener())
    identity = _identify(job, plan)
    done = read_complete(output, identity, overwrite=overwrite)
    if done is not None:
        return _finished_before(output, identity, done)
    with claimed(output, identity, overwrite=overwrite, share=share) as lock:
        done = read_complete(output, identity, overwrite=False)
        if done is not None:  # by a run that ended while this one waited
            output.remove(".work")
            return Summary(done, already_complete=True)
        mine = [task for task in plan.tasks if share is None or share.takes(task.index)]
        clear_attempts(output, [task.index for task in mine], identity.tasks)
        reports = _read_reports(output, [task.index for task in mine])
        resumed = len(reports)
        for task, report in reports.items():
            way.listener.stands(task, Progress.of(report.account))
        if share is not None:
            save_inputs(output, list_inputs(plan))
        for report in _carried_out(job, plan, mine, reports, output, lock, way):
            reports[report.task] = report
        if share is not None:
            return Summary({}, resumed=resumed, part=_add_up(reports))
        try:
            manifest = end_run(output, identity, reports, list_inputs(plan))
        except FileNotFoundError:
            done = read_complete(output, identity, overwrite=False)
            if done is None:
                raise
            output.remove(".work")  # swept by a run in the same store, before this one put its last files there
            return Summary(done, already_complete=True)
    return Summary(manifest, resumed=resumed)


def merge(out: Path | str) -> Summary:
    """End a run made of parts: all its tasks must be done. Raises OutputError where there is none, or some are not."""
    output = open_output(out)
    done = output.read("manifest.json")
    if done is not None:
        return Summary(json.loads(done), already_complete=True)
    mark = read_mark(output)
    if mark is None or ".work/inputs.parquet" not in output.sizes():
        raise OutputError(f"{out} holds no run made of parts (run --task)")
    with held_alone(output):
        identity = Identity.from_plain(mark)
        reports = _read_reports(output, range(identity.tasks))
        missing = [index for index in range(identity.tasks) if index not in reports]
        if missing:
            shown = ", ".join(str(index + 1) for index in missing[:10]) + (", ..." if len(missing) > 10 else "")
            raise RunError(
                f"{len(missing)} of {identity.tasks} tasks are not done ({shown}); run the parts that have them again"
            )
        clear_attempts(output, range(identity.tasks), identity.tasks)
        return Summary(end_run(output, identity, reports, read_inputs(output)), resumed=len(reports))


def _identify(job: Job, plan: Plan) -> Identity:
    keep = [clause.where for clause in job.clauses]
    settings = {
        "keep": keep,
        "keep_html": job.keep_html,
        "limit": job.limit,
        "partition": job.partition,
        "reading": asdict(job.reading),
    }
    return identify_plan(plan, repr(job.pipeline), settings, describe_tools())


def _finished_before(out: Output, identity: Identity, manifest: dict[str, Any]) -> Summary:
    if out.is_begun():  # the run was killed with all done but the sweeping
        with claimed(out, identity):
            out.remove(".work")
    return Summary(manifest, already_complete=True)


def _read_reports(out: Output, tasks: Iterable[int]) -> dict[int, TaskReport]:
    """Return the reports of the tasks that are done and whose files stand whole."""
    reports = {}
    sizes = out.sizes()
    names = (f".work/{index:05d}.json" for index in tasks)
    for text in out.read_all([name for name in names if name in sizes]):
        report = _read_report(text)
        if report is not None and report.sizes.items() <= sizes.items():
            reports[report.task] = report
    return reports


def _read_report(text: str) -> TaskReport | None:
    try:
        return TaskReport.from_json(text)
    except (ValueError, KeyError, TypeError, AttributeError):  # not as it was written: its task is done again
        return None


def _add_up(reports: dict[int, TaskReport]) -> Account:
    total = Account()
    for report in reports.values():
        total.add(report.account)
    return total


def _carried_out(
    job: Job, plan: Plan, mine: list[Task], done: dict[int, TaskReport], out: Output, lock: IO[str], way: _Way
) -> Iterator[TaskReport]:
    """Yield the reports of the tasks not yet done; whatever stops a task stops the run with one sentence."""
    todo = [task for task in mine if task.index not in done]
    ended = len(done)
    try:
        with Interrupts(way.listener.stops) as interrupts:
            for report in _reports(job, plan, todo, out, lock, way, interrupts):
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


def _reports(
    job: Job, plan: Plan, todo: list[Task], out: Output, lock: IO[str], way: _Way, interrupts: Interrupts
) -> Iterator[TaskReport]:
    """Yield the reports of `todo`, by this process, by its workers, or by a cluster."""
    total = len(plan.tasks)
    if _is_for_one(plan, out):
        return _carry_out_here(job, todo, total, out, interrupts, way)
    if way.engine == "ray":
        from corpus.engines import ray  # noqa: PLC0415

        return ray.reports(job, todo, total, out, way.workers, interrupts, way.listener)
    return Supervisor(job, total, out, lock, way.listener).reports(todo, way.workers or 1, interrupts)


def _tell_rest(ended: int, of: int) -> str:
    return f"{ended} of {of} shards stand; the same command again goes on from there"


def _is_for_one(plan: Plan, out: Output) -> bool:
    """Tell whether this process does the work itself: where only it can, or there is little.

    Not where it died of that before: a mark says so.
    """
    parts = [part for task in plan.tasks for part in task.parts]
    if not out.for_all or any(_is_for_one_reader(part.file) for part in parts):
        return True
    size = sum(part.file.fingerprint.size for part in parts if part.file.fingerprint is not None)
    return size <= _SMALL and len(plan.tasks) <= 1 and out.read(".work/alone") is None


def _is_for_one_reader(file: InputFile) -> bool:
    """Tell whether only this process can read the file: standard input, a pipe, what it holds in memory."""
    return (file.fingerprint is None and file.problem is None) or file.path.startswith("memory:")


def _carry_out_here(
    job: Job, tasks: list[Task], total: int, out: Output, interrupts: Interrupts, way: _Way
) -> Iterator[TaskReport]:
    with out.desk() as desk:
        write_text(desk / ".work" / "alone", "")
    try:
        for task in tasks:
            if interrupts.asked:
                return
            hear = partial(way.listener.hears, task.index)
            with out.desk() as desk:
                report = run_task(job, task, shard_name(task.index, total), desk, hear)
            hear(Progress.of(report.account))
            yield report
    finally:
        out.remove(".work/alone")
