"""The output: claimed by one run, or by the parts of one; left as it was where it holds something else."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from corpus.outputs import Bucket, Folder
from corpus.plan import shard_name
from corpus.writer import sync_folder, write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from corpus.manifest import Identity
    from corpus.outputs import Output

# A killed run's workers hold its lock for a moment longer than it lived.
_PATIENCE = 3.0
_OURS = ("manifest.json", "inputs.parquet", "README.md", "report.html", "report-documents", "croissant.json")
_FOLDERS = ("data", "rejected")


class OutputError(Exception):
    """OUT cannot be used for this run; nothing in it was touched."""


@dataclass(frozen=True, slots=True)
class Share:
    """Which of a run's tasks one of `of` parts takes: every `of`-th, counted from 1."""

    part: int
    of: int

    def takes(self, index: int) -> bool:
        """Tell whether the task `index` belongs to this part.

        >>> [index for index in range(7) if Share(1, 3).takes(index)]
        [0, 3, 6]
        """
        return index % self.of == self.part - 1


def read_complete(out: Output, identity: Identity, *, overwrite: bool) -> dict[str, Any] | None:
    """Return the manifest that stands in `out`, if it is this plan's; raise OutputError if it is another's."""
    if isinstance(out, Folder) and out.path.exists() and not out.path.is_dir():
        raise OutputError(f"{out} is a file, not a folder")
    text = None if overwrite else out.read("manifest.json")
    if text is None:
        return None
    try:
        content = dict(json.loads(text))
        found, parts = content["plan"]["id"], content["plan"].get("parts", {})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(
            f"{out}/manifest.json is no manifest of copydesk; choose another folder or --overwrite"
        ) from error
    if found != identity.id:
        raise _other(f"{out} holds a corpus", identity, parts)
    return content


def _other(what: str, identity: Identity, parts: Mapping[str, str]) -> OutputError:
    return OutputError(
        f"{what} made by another plan ({identity.tell_difference(parts)}); choose another folder or --overwrite"
    )


@contextmanager
def claimed(
    out: Output, identity: Identity, *, overwrite: bool = False, share: Share | None = None
) -> Iterator[IO[str]]:
    """Hold `out` for this run alone, or for this part of it beside others, and give the file that is locked.

    Whoever holds that file open holds the lock: workers are given it too, so that nobody begins while a
    worker of a run that was killed is still there. Stores have no locks: runs of one plan may write to one at
    once, since what they put there are the same bytes; of two plans that begin together one is refused.
    """
    if not (overwrite or _is_free(out)) and read_complete(out, identity, overwrite=False) is None:
        raise OutputError(f"{out} is not empty and holds no corpus; choose another folder or --overwrite")
    if isinstance(out, Bucket):
        _begin_in_store(out, identity, overwrite=overwrite)
        with Path(os.devnull).open() as nothing:
            yield nothing
        return
    work = out.path / ".work"
    with ExitStack() as held:
        kind = fcntl.LOCK_EX if share is None else fcntl.LOCK_SH
        lock = held.enter_context(_locked(work / "lock", kind, f"another run is writing to {out}"))
        if share is None:
            _begin(out, identity, overwrite=overwrite)
        else:
            name = f"{share.part}-of-{share.of}"
            held.enter_context(
                _locked(work / f"{name}.lock", fcntl.LOCK_EX, f"another run of part {name} is writing to {out}")
            )
            with _locked(work / "begin.lock", fcntl.LOCK_EX, f"another run is beginning in {out}", patience=60):
                _begin(out, identity, overwrite=False)
        yield lock


def _is_free(out: Output) -> bool:
    """Tell whether there is nothing, or an unfinished run."""
    if isinstance(out, Bucket):
        files = out.sizes()  # asked once: another run may begin meanwhile
        return not files or any(name.startswith(".work/") for name in files)
    return out.is_begun() or not out.path.exists() or not any(out.path.iterdir())


@contextmanager
def held_alone(out: Output) -> Iterator[None]:
    """Hold an unfinished `out` against every other run."""
    if isinstance(out, Bucket):
        yield
        return
    with _locked(out.path / ".work" / "lock", fcntl.LOCK_EX, f"a run is writing to {out}"):
        yield


@contextmanager
def _locked(path: Path, kind: int, refusal: str, *, patience: float = _PATIENCE) -> Iterator[IO[str]]:
    end = time.monotonic() + patience
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+") as stream:
            if not _try_lock(stream, kind):
                if time.monotonic() > end:
                    raise OutputError(refusal)
                time.sleep(0.05)
            elif _stands(stream, path):  # else the run that held it ended, and took it away
                yield stream
                return


def _try_lock(stream: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(stream, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stands(stream: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _begin(out: Folder, identity: Identity, *, overwrite: bool) -> None:
    """Make `out` ready: go on where this plan stopped, or begin; refuse where another plan was begun."""
    if read_complete(out, identity, overwrite=overwrite) is not None:
        return  # it ended while we waited
    if not _goes_on(out, identity, overwrite=overwrite):
        # The manifest first: without it nothing counts as complete.
        out.remove(*_OURS, ".work/plan", *_FOLDERS, "duplicates")
        out.remove(*(f".work/{p.name}" for p in (out.path / ".work").iterdir() if not p.name.endswith("lock")))
    for name in _FOLDERS:
        (out.path / name).mkdir(exist_ok=True)
    sync_folder(out.path)
    with suppress(PermissionError):  # a folder that one may pass through, and not read
        sync_folder(out.path.resolve().parent)
    if out.read(".work/plan") is None:
        write_text(out.path / ".work" / "plan", json.dumps(identity.to_plain()))


def _begin_in_store(out: Bucket, identity: Identity, *, overwrite: bool) -> None:
    """Make `out` ready, as `_begin` does; nothing is removed unless that was asked for, as others may be at work."""
    if read_complete(out, identity, overwrite=overwrite) is not None or _goes_on(out, identity, overwrite=overwrite):
        return
    if overwrite:
        out.remove(*_OURS, ".work", *_FOLDERS, "duplicates")
    if not out.put_new(".work/plan", json.dumps(identity.to_plain())):
        _goes_on(out, identity, overwrite=False)


def _goes_on(out: Output, identity: Identity, *, overwrite: bool) -> bool:
    """Tell whether this plan was begun in `out`; raise OutputError if another was, unless that is overwritten."""
    try:
        begun = read_mark(out)
    except OutputError:
        if not overwrite:
            raise
        return False
    if begun is not None and begun["id"] == identity.id:
        return True
    if begun is not None and not overwrite:
        raise _other(f"{out} holds an unfinished corpus", identity, begun.get("parts", {}))
    return False


def read_mark(out: Output) -> dict[str, Any] | None:
    """Return what the unfinished run in `out` is: its identity in plain data; None where none was begun."""
    text = out.read(".work/plan")
    try:
        return None if text is None else dict(json.loads(text))
    except ValueError as error:
        raise OutputError(f"{out}/.work/plan is damaged; choose another folder or --overwrite") from error


def clear_attempts(out: Output, tasks: Collection[int], total: int) -> None:
    """Remove what attempts at these tasks left under temporary names; of all, if they are all that there are."""
    if isinstance(out, Bucket):
        return
    ours = {
        name
        for index in tasks
        for name in (shard_name(index, total), *(f"{index:05d}.{kind}" for kind in ("json", "ids", "killers")))
    }
    for folder in ("", "data", "rejected", ".work"):
        for left in (out.path / folder).glob(".*.tmp"):
            if len(tasks) == total or left.name[1:].rsplit(".", 3)[0] in ours:
                out.remove(left.relative_to(out.path).as_posix())
