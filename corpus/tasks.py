"""One task: its records read, opened, cleaned and written as one shard. No row crosses a process."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Final, Literal

import polars as pl

from corpus.batch import Counts
from corpus.cleaning import batched, clean_records
from corpus.manifest import Account, Shard, TaskReport
from corpus.plan import check_fingerprint
from corpus.quarantine import Quarantine
from corpus.readers import Drop, ReadOptions, Record, Reject, read, reject
from corpus.recipes import Clause, combine_clauses, why_dropped
from corpus.writer import hash_file, replacing, write_partitions, write_shard, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from corpus.inputs import Part
    from corpus.plan import Task
    from normalize import Pipeline

EMPTY: Final[Mapping[int, str]] = MappingProxyType({})
Partition = Literal["year", "language"]
# How the folders of a partition are called, and what decides into which a row goes. No column has that name:
# readers that take it from the folder's would find it twice. Hive's folder for null would be more honest than
# year=0 and lang=und (BCP 47: undetermined), but pandas cannot read a table that has one.
PARTITIONS: Final[Mapping[Partition, tuple[str, pl.Expr]]] = MappingProxyType(
    {
        "year": ("year", pl.col("published").dt.year().fill_null(0).cast(pl.String)),
        "language": ("lang", pl.col("language").fill_null("und")),
    }
)
_RATIO = 4  # of a text's size to that of its compressed file, for telling how far a task is


@dataclass(frozen=True, slots=True)
class Job:
    """What all tasks of a run share: plain data, so that it travels to any worker."""

    pipeline: Pipeline
    reading: ReadOptions
    where: str | None = None
    keep_html: bool = False
    limit: int | None = None
    recipes: tuple[str, ...] = ()
    partition: Partition | None = None

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The conditions that rows must meet, in the order in which they are asked."""
        return combine_clauses(self.recipes, () if self.where is None else (self.where,))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is, sent before each batch: should the worker die, these are the records it had in hand.

    `first` and `end` number the records that could be read, from the beginning of the task; `place` is where
    the last of them stands; `share` is how much of the task was read.
    """

    records: int
    rows: int
    rejected: int
    first: int = 0
    end: int = 0
    place: str = ""
    share: float = 0.0

    @classmethod
    def of(cls, done: Account) -> Progress:
        """Return the progress of a task that is done."""
        return cls(done.records, done.rows, done.rejected, share=1.0)


def run_task(
    job: Job, task: Task, shard: str, out: Path, tell: Callable[[Progress], None], killers: Mapping[int, str] = EMPTY
) -> TaskReport:
    """Write the shard `shard` and the rejected records of `task` under `out`, then its report.

    `killers` are records, by number, that no worker survived, each with the reason to reject it for. Raises
    ChangedError where an input is not the one planned, WriteError where something cannot be written.
    """
    rejects = Quarantine(out / ".work", shard)
    work = _Work(job, task, rejects, tell, killers)
    ids = out / ".work" / f"{task.index:05d}.ids"
    with replacing(ids) as attempt, attempt.open("wb") as work.ids:
        written = _write_rows(job, work, out / "data" / shard)
    refused = out / "rejected" / shard
    refused.unlink(missing_ok=True)  # of an attempt that got this far and died: it may have found others
    rejects.write(refused)
    shards = [
        Shard(path.relative_to(out).as_posix(), work.heights[name], hash_file(path), work.content[name].hexdigest())
        for name, path in written.items()
    ]
    files = [path for path in (*written.values(), refused, ids) if path.exists()]
    sizes = {path.relative_to(out).as_posix(): path.stat().st_size for path in files}
    report = TaskReport(task.index, shards, sizes, work.account, work.counts, work.files)
    write_text(out / ".work" / f"{task.index:05d}.json", report.to_json())
    return report


def _write_rows(job: Job, work: _Work, final: Path) -> dict[str, Path]:
    """Write the rows of a task, and return the files by the names of their folders in data/."""
    about = {"copydesk": version("copydesk"), "pipeline": repr(job.pipeline)}
    if job.partition is not None:
        key, by = PARTITIONS[job.partition]
        return write_partitions(final, work.frames, key, by, about)
    write_shard(final, work.frames, about=about)
    return {"": final}


def probe_task(
    job: Job,
    task: Task,
    first: int,
    end: int,
    tell: Callable[[Progress], None],
    out: Path,
    killers: Mapping[int, str] = EMPTY,
) -> None:
    """Clean the records from `first` up to `end` of `task` one by one and write nothing: to see which of them kills.

    Each is told before it is cleaned.
    """
    work = _Work(job, task, Quarantine(out / ".work", f"probe-{task.index}"), lambda _: None, EMPTY)
    for number, record in enumerate(islice(work.records(), end)):
        if number >= first and number not in killers:  # those are known
            tell(Progress(0, 0, 0, number, number + 1, record.source))
            work.clean([record])


class _Work:
    """The state of one task while its frames are drawn."""

    def __init__(
        self,
        job: Job,
        task: Task,
        rejects: Quarantine,
        tell: Callable[[Progress], None],
        killers: Mapping[int, str],
    ) -> None:
        self.job = job
        self.task = task
        self.tell = tell
        self.killers = killers
        self.account = Account()
        self.counts = Counts()
        self.files: dict[str, Account] = {}
        self.rejects = rejects
        self.content: defaultdict[str, hashlib._Hash] = defaultdict(hashlib.sha256)  # by the name of the folder
        self.heights: Counter[str] = Counter()
        self.read = 0  # how many records could be read so far
        self.part = 0
        self.place = ""
        self.ids: IO[bytes] | None = None  # where the ids of the rows go, for those of all tasks to be compared

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the task's rows in order, batch by batch."""
        before = 0
        for records in batched(self.records()):
            self._tell(before)
            before = self.read
            yield self.clean(records)

    def _tell(self, first: int) -> None:
        done = self.account
        share = (self.part + _share_of(self.task.parts[self.part], self.place)) / len(self.task.parts)
        self.tell(Progress(done.records, done.rows, done.rejected, first, self.read, self.place, share))

    def records(self) -> Iterator[Record]:
        """Yield the records that could be read, and account for the others."""
        items = (item for part in self._parts() for item in self._of(part.file.name, read(part, self.job.reading)))
        yield from islice(items, self.job.limit) if self.job.limit is not None else items

    def _parts(self) -> Iterator[Part]:
        """Yield the parts; each one's file must be the one planned, before it is read and after."""
        for number, part in enumerate(self.task.parts):
            self.part = number
            check_fingerprint(part.file)
            yield part
            check_fingerprint(part.file)

    def _of(self, file: str, items: Iterable[Record | Reject | Drop]) -> Iterator[Record]:
        account = self.files.setdefault(file, Account())
        for item in items:
            for each in (account, self.account):
                each.records += 1
            if isinstance(item, Record):
                number, self.read, self.place = self.read, self.read + 1, item.source
                if number in self.killers:
                    self._reject_record(item, self.killers[number])
                else:
                    yield item
            elif isinstance(item, Reject):
                self._reject(item)
            else:
                for each in (account, self.account):
                    each.dropped[item.reason] += 1

    def _reject_record(self, record: Record, reason: str) -> None:
        file, _, locator = record.source.partition("#")
        self._reject(reject(file, locator, None, reason, record.raw or record.body.encode("utf-8", "surrogatepass")))

    def _reject(self, item: Reject) -> None:
        self.rejects.add(item)
        for each in (self.files[item.file], self.account):
            each.rejected += 1
            each.rejected_because[item.kind] += 1

    def clean(self, records: list[Record]) -> pl.DataFrame:
        """Return the rows of `records`; those that cannot be cleaned are rejected, each alone."""
        cleaned = clean_records(records, self.job.pipeline, keep_html=self.job.keep_html)
        self.counts.update(cleaned.counts)
        for index, reason in cleaned.failed.items():
            self._reject_record(records[index], reason)
        return self._keep(cleaned.rows)

    def _keep(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows to keep, counted by file; the others are counted by the condition that dropped them."""
        reasons = why_dropped(frame, self.job.clauses)
        kept = frame.filter(reasons.is_null())
        self.account.rows += kept.height
        file = pl.col("source").str.split("#").list.first().alias("file")
        for name, reason, rows in frame.select(file, reasons).group_by(pl.all(), maintain_order=True).len().iter_rows():
            if reason is None:
                self.files[name].rows += rows
                continue
            for each in (self.files[name], self.account):
                each.dropped[reason] += rows
        if self.ids is not None:
            kept.select("id").write_ndjson(self.ids)
        for name, rows in self._folders(kept):
            self.heights[name] += rows.height
            # The text follows from the source and the changes, so it need not be hashed a second time.
            self.content[name].update(rows.drop("html", "text").write_ndjson().encode())
        return kept

    def _folders(self, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
        """Yield the name of each folder that rows go into, and those rows."""
        if self.job.partition is None:
            yield "", frame
            return
        key, by = PARTITIONS[self.job.partition]
        folders = frame.select(by).to_series()
        for value in folders.unique(maintain_order=True):
            yield f"{key}={value}", frame.filter(folders == value)


def _share_of(part: Part, place: str) -> float:
    """Return about how much of `part` lies before `place`; half of it where that cannot be told.

    >>> from corpus.inputs import InputFile, Part
    >>> _share_of(Part(InputFile("a.jsonl", "a.jsonl", "jsonl"), 100, 300), "a.jsonl#byte=150")
    0.25
    """
    kind, _, number = place.rpartition("#")[2].partition("=")
    print_ = part.file.fingerprint
    end = part.end or (print_.size * (_RATIO if part.file.compression else 1) if print_ and kind == "byte" else None)
    if not number.isdecimal() or end is None or end <= part.start:
        return 0.5
    return min(max((int(number) - part.start) / (end - part.start), 0.0), 1.0)
