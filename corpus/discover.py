"""Inputs into files: folders in sorted order, globs, standard input, fsspec URLs."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.readers.streams import is_url

if TYPE_CHECKING:
    from collections.abc import Iterator


class InputError(ValueError):
    """An INPUT that names nothing: a mistake of the caller, not of the data."""


class Found(NamedTuple):
    """A file: where it is, its name relative to its INPUT, and why it cannot be read (None: it seems it can)."""

    path: str
    name: str
    problem: str | None = None


@dataclass(slots=True)
class Discovery:
    """What the inputs hold, and notes on what was passed over."""

    files: list[Found] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def discover(inputs: list[str], out: str | None = None) -> Discovery:
    """Return the files of all inputs, in the order of the inputs and sorted by name within each.

    What lies in `out` is passed over: a run that was killed has the inputs that it began with, whatever it wrote.

    >>> discover(["no such file"])
    Traceback (most recent call last):
    corpus.discover.InputError: no such file or folder: no such file
    """
    if not inputs:
        raise InputError("no input: name a file, a folder, a glob, a URL, or - for standard input")
    found = Discovery()
    inside = None if out is None else _real(out)
    for one in inputs:
        if inside is not None and f"{_real(one)}/".startswith(f"{inside}/"):
            raise InputError(f"{one} lies in the output {out}; choose another one")
        before = len(found.files)
        _discover(one, found, inside)
        if len(found.files) == before:
            found.notes.append(f"{one}: holds no file")
    if inside is not None:
        found.files = list(_outside(found.files, inside))
    return _distinct(found)


def _absolute(path: str) -> str:
    path = path.removeprefix("file://")
    return path.rstrip("/") if is_url(path) or path == "-" else os.path.abspath(path)  # noqa: PTH100


def _real(path: str) -> str:
    """Return the path that links lead to."""
    path = _absolute(path)
    return path if is_url(path) or path == "-" else os.path.realpath(path)


def _outside(files: list[Found], folder: str) -> Iterator[Found]:
    """Yield the files that do not lie in `folder`, wherever links lead to."""
    real = cache(_real)  # the files of a folder are many
    for file in files:
        parent, slash, _ = _absolute(file.path).rpartition("/")
        if not slash or not f"{real(parent)}/".startswith(f"{folder}/"):
            yield file


def _discover(one: str, found: Discovery, out: str | None) -> None:
    if one == "-":
        found.files.append(Found("-", "-"))
    elif is_url(one):
        _discover_url(one, found)
    elif os.path.isdir(one):  # noqa: PTH112  (paths are text in a plan)
        _walk(one, found, out)
    elif os.path.lexists(one):
        found.files.append(Found(one, os.path.basename(one)))  # noqa: PTH119
    elif glob.has_magic(one):
        _glob(one, found, out)
    else:
        raise InputError(f"no such file or folder: {one}")


def _glob(pattern: str, found: Discovery, out: str | None) -> None:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    files = [m for m in matches if not os.path.isdir(m)]  # noqa: PTH112
    if not matches:
        raise InputError(f"no file matches {pattern}")
    fixed = pattern[: next(i for i, c in enumerate(pattern) if c in "*?[")]
    root = fixed[: fixed.rfind("/") + 1]
    found.files.extend(Found(path, path.removeprefix(root)) for path in files)
    if not files:  # "data/*" where data holds folders only
        for folder in matches:
            _walk(folder, found, out, prefix=folder.removeprefix(root) + "/")


def _walk(root: str, found: Discovery, out: str | None, prefix: str = "") -> None:
    """Add all files below `root` but not in `out`, each real folder once; those behind links come after the others."""
    seen: set[tuple[int, int]] = set()
    linked: list[str] = []
    files: list[Found] = []
    hidden = 0
    waiting = [root]
    while waiting or linked:
        folder = waiting.pop() if waiting else linked.pop(0)
        try:
            status = os.stat(folder)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in seen:
                found.notes.append(f"{folder}: the link leads back to a folder read already; not followed")
                continue
            seen.add((status.st_dev, status.st_ino))
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            name = prefix + os.path.relpath(folder, root)
            files.append(Found(folder, name, f"the folder cannot be opened: {error.strerror or error}"))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                hidden += 1
            elif _is_folder(entry):
                if out is not None and _real(entry.path) == out:
                    continue
                (linked if entry.is_symlink() else waiting).append(entry.path)
            elif entry.is_symlink() or entry.is_file():
                files.append(Found(entry.path, prefix + Path(os.path.relpath(entry.path, root)).as_posix()))
            else:
                found.notes.append(f"{entry.path}: no regular file (a pipe, socket or device); not read")
    if hidden:
        found.notes.append(f"{root}: {hidden} files or folders whose names begin with a dot were not read")
    found.files.extend(sorted(files, key=lambda f: f.name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _discover_url(url: str, found: Discovery) -> None:
    import fsspec  # noqa: PLC0415

    try:
        filesystem, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:  # "Install s3fs to access S3", "Protocol not known: s4"
        raise InputError(f"{url}: {error}") from error
    try:
        paths, base = _matching(filesystem, root)
    except OSError as error:
        raise InputError(f"{url}: {error.strerror or error}") from error
    if not paths:
        raise InputError(f"no such file or folder: {url}")
    found.files.extend(Found(filesystem.unstrip_protocol(p), p.removeprefix(base)) for p in paths)


def _matching(filesystem: Any, root: str) -> tuple[list[str], str]:  # noqa: ANN401 (fsspec's, which has no types)
    """Return the files that a path in a store means, and the path of the folder to which their names are relative."""
    if glob.has_magic(root) and not filesystem.exists(root):
        paths = sorted(p for p in filesystem.glob(root) if not filesystem.isdir(p))
        fixed = root[: next(i for i, c in enumerate(root) if c in "*?[")]
        return paths, fixed[: fixed.rfind("/") + 1]
    if filesystem.isdir(root):
        return sorted(filesystem.find(root)), root.rstrip("/") + "/"
    return [root] if filesystem.exists(root) else [], root[: root.rfind("/") + 1]


def _distinct(found: Discovery) -> Discovery:
    """Leave out a file named twice, and tell apart files that share a name by the path they have."""
    files: dict[str, Found] = {}
    for file in found.files:
        key = _absolute(file.path)
        if key in files:
            found.notes.append(f"{file.path}: named twice among the inputs; read once")
        files.setdefault(key, file)
    files = {key: file._replace(name=_printable(file.name)) for key, file in files.items()}
    counts: dict[str, int] = {}
    for file in files.values():
        counts[file.name] = counts.get(file.name, 0) + 1
    found.files = [f if counts[f.name] == 1 else f._replace(name=_printable(f.path)) for f in files.values()]
    return found


def _printable(name: str) -> str:
    r"""Return `name` as it stands in columns and sentences: bytes that are no UTF-8 and the sign "#" escaped.

    What follows "#" in a record's source is its locator.

    >>> _printable("caf\udce9 #1.txt")
    'caf\\xe9 %231.txt'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("#", "%23")
