"""The output folder: claimed by one run, or by the parts of one; left as it was where it holds something else."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from corpus.plan import shard_name
from corpus.writer import write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from corpus.manifest import Identity

# A killed run's workers hold its lock for a moment longer than it lived.
_PATIENCE = 3.0
_OURS = ("manifest.json", "inputs.parquet", "README.md", "report.html", "croissant.json")


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


def read_complete(out: Path, identity: Identity, *, overwrite: bool) -> dict[str, Any] | None:
    """Return the manifest that stands in `out`, if it is this plan's; raise OutputError if it is another's."""
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file, not a folder")
    path = out / "manifest.json"
    if overwrite or not path.exists():
        return None
    try:
        content = dict(json.loads(path.read_text(encoding="utf-8")))
        found, parts = content["plan"]["id"], content["plan"].get("parts", {})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(f"{path} is no manifest of copydesk; choose another folder or --overwrite") from error
    if found != identity.id:
        raise _other(f"{out} holds a corpus", identity, parts)
    return content


def _other(what: str, identity: Identity, parts: Mapping[str, str]) -> OutputError:
    return OutputError(
        f"{what} made by another plan ({identity.tell_difference(parts)}); choose another folder or --overwrite"
    )


@contextmanager
def claimed(out: Path, identity: Identity, *, overwrite: bool = False, share: Share | None = None) -> Iterator[IO[str]]:
    """Hold `out` for this run alone, or for this part of it beside others, and give the file that is locked.

    Whoever holds that file open holds the lock: workers are given it too, so that nobody begins while a
    worker of a run that was killed is still there.
    """
    work = out / ".work"
    if not (overwrite or work.exists() or _is_empty(out)) and read_complete(out, identity, overwrite=False) is None:
        raise OutputError(f"{out} is not empty and holds no corpus; choose another folder or --overwrite")
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


def _is_empty(folder: Path) -> bool:
    return not folder.exists() or not any(folder.iterdir())


@contextmanager
def held_alone(out: Path) -> Iterator[None]:
    """Hold an unfinished `out` against every other run."""
    with _locked(out / ".work" / "lock", fcntl.LOCK_EX, f"a run is writing to {out}"):
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


def _begin(out: Path, identity: Identity, *, overwrite: bool) -> None:
    """Make `out` ready: go on where this plan stopped, or begin; refuse where another plan was begun."""
    if read_complete(out, identity, overwrite=overwrite) is not None:
        return  # it ended while we waited
    mark = out / ".work" / "plan"
    begun = read_mark(out)
    if begun is not None and begun["id"] == identity.id:
        for name in ("data", "rejected"):
            (out / name).mkdir(exist_ok=True)
        return
    if begun is not None and not overwrite:
        raise _other(f"{out} holds an unfinished corpus", identity, begun.get("parts", {}))
    for name in _OURS:  # the manifest first: without it nothing counts as complete
        (out / name).unlink(missing_ok=True)
    mark.unlink(missing_ok=True)
    for name in ("data", "rejected", "duplicates"):
        shutil.rmtree(out / name, ignore_errors=True)
    for old in mark.parent.iterdir():
        if old.suffix != ".lock" and old.name != "lock":
            old.unlink()
    for name in ("data", "rejected"):
        (out / name).mkdir()
    write_text(mark, json.dumps(identity.to_plain()))


def read_mark(out: Path) -> dict[str, Any] | None:
    """Return what the unfinished run in `out` is: its identity in plain data; None where none was begun."""
    try:
        return dict(json.loads((out / ".work" / "plan").read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise OutputError(f"{out / '.work' / 'plan'} is damaged; choose another folder or --overwrite") from error


def clear_attempts(out: Path, tasks: Collection[int], total: int) -> None:
    """Remove what attempts at these tasks left under temporary names; of all, if they are all that there are."""
    ours = {name for index in tasks for name in (shard_name(index, total), f"{index:05d}.json", f"{index:05d}.killers")}
    for folder in (out, out / "data", out / "rejected", out / ".work"):
        for left in folder.glob(".*.tmp"):
            if len(tasks) == total or left.name[1:].rsplit(".", 3)[0] in ours:
                left.unlink(missing_ok=True)
