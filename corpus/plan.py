"""The plan: inputs into one ordered list of tasks, the same for any number of workers."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import asdict, dataclass, replace
from typing import IO, TYPE_CHECKING, Final

from corpus.discover import Found, InputError, discover
from corpus.inputs import Fingerprint, InputFile, Part
from corpus.ranges import split_file
from corpus.readers.sniff import FORMATS, Format, detect_format
from corpus.readers.streams import HEAD, is_local, is_url, is_wide, open_bytes, tell_compression, unpack_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "ChangedError",
    "Fingerprint",
    "Format",
    "InputError",
    "InputFile",
    "Part",
    "Plan",
    "Task",
    "check_fingerprint",
    "plan",
    "shard_name",
]

TASK_BYTES: Final = 64 << 20  # twice as much costs a worker 10 MB more: polars keeps 0.4 MB of each row group
TASK_DOCUMENTS: Final = 50_000


class ChangedError(Exception):
    """A file that is no longer the one that was planned."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one worker reads into one shard: parts in order, with about `weight` bytes of text."""

    index: int
    parts: tuple[Part, ...]
    weight: int = 0

    @property
    def name(self) -> str:
        """What the task is called where it fails: the first of its files."""
        return self.parts[0].file.name


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of a run in order, and notes on what was found (empty files, folders that loop)."""

    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[InputFile, ...]:
        """Every file once, in order."""
        return tuple(dict.fromkeys(part.file for task in self.tasks for part in task.parts))

    @property
    def hash(self) -> str:
        """The SHA-256 of all that decides what the tasks read; where the files lie is no part of it."""
        files = {file: i for i, file in enumerate(self.files)}
        known = [asdict(replace(file, path="")) for file in files]
        tasks = [[(files[p.file], p.start, p.end, p.origin) for p in task.parts] for task in self.tasks]
        return hashlib.sha256(json.dumps([known, tasks], sort_keys=True).encode()).hexdigest()


def plan(
    inputs: Sequence[str],
    *,
    format: Format | None = None,  # noqa: A002  (the command's own word)
    decode_all: bool = False,
    task_bytes: int = TASK_BYTES,
    task_documents: int = TASK_DOCUMENTS,
    out: str | None = None,
) -> Plan:
    """Return the plan for `inputs`: files, folders, globs, fsspec URLs, or "-".

    `format` overrides what the files seem to be; with `decode_all` each that is no container is one text.
    What lies in `out` is passed over. Raises InputError for an input that names nothing, or lies there itself.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"unknown format {format!r}; there are {', '.join(FORMATS)}")
    found = discover(list(inputs), out)
    files = [_inspect(one, format, decode_all=decode_all) for one in found.files]
    notes = [*found.notes, *_empty(files)]
    parts = (part for file in files for part in _split(file, task_bytes))
    tasks = tuple(Task(i, *group) for i, group in enumerate(_pack(parts, task_bytes, task_documents)))
    return Plan(tasks, tuple(notes))


def shard_name(index: int, total: int) -> str:
    """Return the name of a shard.

    >>> shard_name(0, 10)
    'part-00000-of-00010.parquet'
    """
    return f"part-{index:05d}-of-{total:05d}.parquet"


def check_fingerprint(file: InputFile) -> None:
    """Raise ChangedError, which names the file, where it is no longer the one that was planned."""
    if file.fingerprint is None:
        return
    try:
        with open_bytes(file.path) as stream:
            now, _ = _fingerprint(file.path, stream)
    except OSError as error:
        raise ChangedError(f"{file.path} was planned and cannot be opened now: {error.strerror or error}") from error
    if now != file.fingerprint:
        raise ChangedError(f"{file.path} changed since the run was planned")


def _empty(files: Iterable[InputFile]) -> Iterator[str]:
    for file in files:
        if file.fingerprint is not None and file.fingerprint.size == 0:
            yield f"{file.name}: the file is empty; it holds no record"


def _inspect(one: Found, override: Format | None, *, decode_all: bool) -> InputFile:
    """Return what the file is, by its first bytes and its name."""
    if one.problem is not None:
        return InputFile(one.path, one.name, override, problem=one.problem)
    if one.path == "-" or _is_pipe(one.path):
        return InputFile(one.path, one.name, override)
    try:
        with open_bytes(one.path) as stream:
            print_, head = _fingerprint(one.path, stream)
    except OSError as error:
        return InputFile(one.path, one.name, override, problem=f"the file cannot be opened: {error.strerror or error}")
    compression = tell_compression(head)
    head = unpack_head(head, compression)
    kind = override or detect_format(one.name, head, every_text=decode_all)
    divisible = not is_wide(head) and (kind != "parquet" or is_local(one.path))
    return InputFile(one.path, one.name, kind, compression, print_, divisible=divisible)


def _is_pipe(path: str) -> bool:
    try:
        return not is_url(path) and not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:
        return False


def _fingerprint(path: str, stream: IO[bytes]) -> tuple[Fingerprint, bytes]:
    """Return the fingerprint of an open file, and its first bytes."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    head = stream.read(HEAD)
    digest = hashlib.sha256(head)
    if size > HEAD:
        stream.seek(max(size - HEAD, HEAD))
        digest.update(stream.read(HEAD))
    return Fingerprint(size, _stamp(path) if size > 2 * HEAD else "", digest.hexdigest()), head


def _stamp(path: str) -> str:
    if not is_url(path):
        return str(os.stat(path).st_mtime_ns)  # noqa: PTH116
    import fsspec  # noqa: PLC0415

    filesystem, inner = fsspec.core.url_to_fs(path)
    info = filesystem.info(inner)
    return str(next((info[k] for k in ("ETag", "etag", "mtime", "LastModified", "created") if info.get(k)), ""))


def _split(file: InputFile, task_bytes: int) -> Iterator[tuple[Part, int]]:
    """Yield the parts of the file, each with about how many bytes of text it holds."""
    if file.fingerprint is None:
        yield Part(file), 0
        return
    kind = file.format if file.divisible else None
    for one in split_file(file.path, kind, file.compression, file.fingerprint.size, task_bytes):
        yield Part(file, one.start, one.end, one.origin), one.weight


def _pack(
    parts: Iterable[tuple[Part, int]], task_bytes: int, task_documents: int
) -> Iterator[tuple[tuple[Part, ...], int]]:
    """Yield the parts in groups of about `task_bytes` bytes or `task_documents` one-document files, and the bytes."""
    held: list[Part] = []
    size = documents = 0
    for part, weight in parts:
        document = part.file.format in ("txt", "html")
        if held and (size + weight > task_bytes or documents + document > task_documents):
            yield tuple(held), size
            held, size, documents = [], 0, 0
        held.append(part)
        size += weight
        documents += document
    if held:
        yield tuple(held), size
