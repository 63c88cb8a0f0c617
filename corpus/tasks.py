"""One task: its records read, opened, cleaned and written as one shard. No row crosses a process."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import orjson
import polars as pl

from corpus.batch import Counts, clean_batch
from corpus.document import SCHEMA, Document, open_record
from corpus.manifest import Account, TaskReport
from corpus.quarantine import Quarantine
from corpus.readers import Drop, ReadOptions, Record, Reject, read, reject
from corpus.writer import hash_file, write_shard, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from corpus.plan import Task
    from normalize import Pipeline

BATCH_CHARS = 4_000_000
BATCH_RECORDS = 1_000


@dataclass(frozen=True, slots=True)
class Job:
    """What all tasks of a run share: plain data, so that it travels to any worker."""

    pipeline: Pipeline
    reading: ReadOptions
    where: str | None = None
    keep_html: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is: sent after each batch."""

    records: int
    rows: int
    rejected: int


def run_task(job: Job, task: Task, shard: str, out: Path, tell: Callable[[Progress], None]) -> TaskReport:
    """Write the shard `shard` and the rejected records of `task` under `out`, then its report."""
    rejects = Quarantine(out / ".work", shard)
    work = _Work(job, task, rejects, tell)
    final = out / "data" / shard
    write_shard(final, work.frames)
    rejects.write(out / "rejected" / shard)
    report = TaskReport(
        task.index,
        f"data/{shard}",
        hash_file(final),
        work.content.hexdigest(),
        work.account,
        work.counts,
        work.files,
    )
    write_text(out / ".work" / f"{task.index:05d}.json", report.to_json())
    return report


class _Work:
    """The state of one task while its frames are drawn."""

    def __init__(self, job: Job, task: Task, rejects: Quarantine, tell: Callable[[Progress], None]) -> None:
        self.job = job
        self.task = task
        self.tell = tell
        self.account = Account()
        self.counts = Counts()
        self.files: dict[str, Account] = {}
        self.rejects = rejects
        self.content = hashlib.sha256()
        self.keep = None if job.where is None else pl.sql_expr(job.where)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the task's rows in order, batch by batch."""
        for records in batched(self._records()):
            yield self._clean(records)
            self.tell(Progress(self.account.records, self.account.rows, self.account.rejected))

    def _records(self) -> Iterator[Record]:
        """Yield the records that could be read, and account for the others."""
        items = (item for part in self.task.parts for item in self._of(part.file.name, read(part, self.job.reading)))
        yield from islice(items, self.job.limit) if self.job.limit is not None else items

    def _of(self, file: str, items: Iterable[Record | Reject | Drop]) -> Iterator[Record]:
        account = self.files.setdefault(file, Account())
        for item in items:
            if isinstance(item, Record):
                account.records += 1
                self.account.records += 1
                yield item
            elif isinstance(item, Reject):
                for each in (account, self.account):
                    each.records += 1
                self._reject(item)
            else:
                for each in (account, self.account):
                    each.records += 1
                    each.dropped[item.reason] += 1

    def _reject(self, item: Reject) -> None:
        self.rejects.add(item)
        for each in (self.files[item.file], self.account):
            each.rejected += 1
            each.rejected_because[item.kind] += 1

    def _clean(self, records: list[Record]) -> pl.DataFrame:
        documents = [open_record(record) for record in records]
        batch = clean_batch(
            [d.text for d in documents],
            [d.facts for d in documents],
            pipeline=self.job.pipeline,
            given=[d.given for d in documents],
            claims=[d.claims for d in documents],
        )
        self.counts.update(batch.counts)
        failed = {failure.index: failure.reason for failure in batch.failures}
        for index, reason in failed.items():
            record = records[index]
            file, _, locator = record.source.partition("#")
            self._reject(
                reject(file, locator, None, reason, record.raw or record.body.encode("utf-8", "surrogatepass"))
            )
        kept = [d for n, d in enumerate(documents) if n not in failed]
        frame = pl.concat([self._of_records(kept), batch.columns], how="horizontal").select(list(SCHEMA))
        return self._keep(frame)

    def _of_records(self, documents: list[Document]) -> pl.DataFrame:
        """Return the columns that describe the records."""
        records = [d.record for d in documents]
        columns: dict[str, list[object]] = {
            "id": [d.id for d in documents],
            "url": [d.facts.url for d in documents],
            "site": [d.facts.site for d in documents],
            "source_sha256": [d.source_sha256 for d in documents],
            "html": [r.raw if self.job.keep_html else None for r in records],
            "extra": [orjson.dumps(r.extra, default=str).decode() if r.extra else None for r in records],
        }
        for name in ("source", "media_type", "encoding", "encoding_from", "encoding_exact", "bom", "newline"):
            columns[name] = [getattr(r, name) for r in records]
        columns["record_sha256"] = [r.record_sha256 for r in records]
        return pl.DataFrame(columns, schema={name: SCHEMA[name] for name in columns})

    def _keep(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows to keep, counted by file; the others are counted as dropped."""
        kept = frame if self.keep is None else frame.filter(self.keep)
        reason = f"where: {self.job.where}"
        self.account.rows += kept.height
        if kept.height < frame.height:
            self.account.dropped[reason] += frame.height - kept.height
        for name, before, after in _by_file(frame, kept):
            account = self.files[name]
            account.rows += after
            if after < before:
                account.dropped[reason] += before - after
        # The text follows from the source and the changes, so it need not be hashed a second time.
        self.content.update(kept.drop("html", "text").write_ndjson().encode())
        return kept


def _by_file(frame: pl.DataFrame, kept: pl.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Yield each file's name, its rows and its kept rows."""
    file = pl.col("source").str.split("#").list.first().alias("file")
    before = frame.group_by(file, maintain_order=True).len()
    after = dict(kept.group_by(file, maintain_order=True).len().iter_rows())
    for name, rows in before.iter_rows():
        yield name, rows, after.get(name, 0)


def batched(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield records in groups of bounded size."""
    group: list[Record] = []
    size = 0
    for record in records:
        group.append(record)
        size += len(record.body)
        if size >= BATCH_CHARS or len(group) >= BATCH_RECORDS:
            yield group
            group, size = [], 0
    if group:
        yield group
