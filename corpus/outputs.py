"""Where a corpus is written: a folder of this machine, or one in any store that fsspec knows."""

from __future__ import annotations

import errno
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.readers.streams import is_url

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    Tell = Callable[[str, int, int], None]  # the stage, how many of its parts are done, of how many


def _keep_quiet(_stage: str, _done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or of a file system that all machines of a run share."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def name(self) -> str:
        """What the corpus is called."""
        return self.path.resolve().name

    @property
    def for_all(self) -> bool:
        """Whether other processes see it."""
        return True

    def is_begun(self) -> bool:
        """Tell whether a run has begun here and not swept."""
        return (self.path / ".work").exists()

    def read(self, name: str) -> str | None:
        """Return the text of a file, None where there is none."""
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def read_all(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the texts of those of the files that there are."""
        for name in names:
            text = self.read(name)
            if text is not None:
                yield text

    def sizes(self) -> dict[str, int]:
        """Return the size of each file by its name in the folder."""
        files = (path for path in self.path.rglob("*") if path.is_file())
        return {path.relative_to(self.path).as_posix(): path.stat().st_size for path in files}

    def remove(self, *names: str) -> None:
        """Remove files, and folders with all that is in them."""
        for name in names:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    @contextmanager
    def desk(self) -> Iterator[Path]:
        """Give a folder of this machine to write to: what stands in it in the end stands in the output."""
        yield self.path

    @contextmanager
    def at_hand(self, names: Iterable[str]) -> Iterator[list[Path]]:
        """Give files of the output as files of this machine, to read."""
        yield [self.path / name for name in names]

    @contextmanager
    def whole(self, _tell: Tell = _keep_quiet, *, returned: Collection[str] = ()) -> Iterator[Path]:  # noqa: ARG002 (what is made here stays here)
        """Give the output as a folder of this machine; what is made in it under the names `returned` stays."""
        yield self.path

    @contextmanager
    def made(self) -> Iterator[Path]:
        """Give a folder of this machine that becomes the output."""
        yield self.path


@dataclass(frozen=True, slots=True)
class Bucket:
    """A folder in a store. What a store is given stands there whole or not at all, so nothing is renamed."""

    url: str

    def __str__(self) -> str:
        return self.url

    @property
    def name(self) -> str:
        """What the corpus is called."""
        return self.url.rpartition("/")[2]

    @property
    def for_all(self) -> bool:
        """Whether other processes see it."""
        return not self.url.startswith("memory:")

    def _opened(self) -> tuple[Any, str]:
        import fsspec  # noqa: PLC0415

        try:
            filesystem, root = fsspec.core.url_to_fs(self.url, use_listings_cache=False)
        except (ImportError, ValueError) as error:  # no such scheme, or a package that is not installed
            raise OSError(f"this store cannot be opened: {error}") from error
        return filesystem, root.rstrip("/")

    def is_begun(self) -> bool:
        """Tell whether a run has begun here and not swept."""
        return any(name.startswith(".work/") for name in self.sizes())

    def read(self, name: str) -> str | None:
        """Return the text of a file, None where there is none."""
        return next(self.read_all([name]), None)

    def read_all(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the texts of those of the files that there are."""
        filesystem, root = self._opened()
        paths = [f"{root}/{name}" for name in names]
        found = filesystem.cat(paths, on_error="return") if paths else {}
        for content in found.values():
            if isinstance(content, bytes):
                yield content.decode("utf-8")
            elif not isinstance(content, FileNotFoundError):
                raise content

    def sizes(self) -> dict[str, int]:
        """Return the size of each file by its name in the folder."""
        filesystem, root = self._opened()
        try:
            found = filesystem.find(root, detail=True)
        except FileNotFoundError:
            return {}
        files = {path.removeprefix(f"{root}/"): about for path, about in found.items() if path.startswith(f"{root}/")}
        return {name: int(about["size"]) for name, about in files.items()}

    def remove(self, *names: str) -> None:
        """Remove files, and folders with all that is in them."""
        filesystem, root = self._opened()
        found = [path for path in self.sizes() if any(path == name or path.startswith(f"{name}/") for name in names)]
        if found:
            filesystem.rm([f"{root}/{path}" for path in found])

    def put_new(self, name: str, text: str) -> bool:
        """Write a file that is not there yet; False where another was quicker."""
        filesystem, root = self._opened()
        try:
            filesystem.pipe_file(f"{root}/{name}", text.encode(), mode="create")
        except FileExistsError:
            return False
        return True

    @contextmanager
    def desk(self) -> Iterator[Path]:
        """Give a folder of this machine to write to: what stands in it in the end is put into the store."""
        with tempfile.TemporaryDirectory(prefix="copydesk-") as name:
            for folder in ("data", "rejected", ".work"):
                (Path(name) / folder).mkdir()
            yield Path(name)
            self._put(Path(name))

    def _put(self, desk: Path, wanted: Collection[str] = ()) -> None:
        """Put files into the store, all or those in `wanted`: those that say what is done after what it was done to."""
        filesystem, root = self._opened()
        files = [path.relative_to(desk) for path in desk.rglob("*") if path.is_file()]
        files = [path for path in files if not wanted or path.parts[0] in wanted]
        for path in sorted(files, key=lambda p: (p.parts[0] == ".work", p.name == "manifest.json", p)):
            filesystem.put_file(str(desk / path), f"{root}/{path.as_posix()}")

    @contextmanager
    def at_hand(self, names: Iterable[str]) -> Iterator[list[Path]]:
        """Give files of the output as files of this machine, to read."""
        filesystem, root = self._opened()
        with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
            fetched = {f"{root}/{name}": Path(folder) / name.replace("/", "-") for name in names}
            for path, local in fetched.items():
                filesystem.get_file(path, str(local))
            yield list(fetched.values())

    @contextmanager
    def whole(self, tell: Tell = _keep_quiet, *, returned: Collection[str] = ()) -> Iterator[Path]:
        """Give a copy of the output as a folder of this machine; `tell` hears how many files of it are there.

        What is made in it under the names `returned` is put into the store.
        """
        filesystem, root = self._opened()
        with tempfile.TemporaryDirectory(prefix="copydesk-") as name:
            copy = Path(name) / self.name
            files = [file for file in self.sizes() if file.partition("/")[0] not in _NEVER_READ]
            for number, file in enumerate(files):
                tell("fetching files", number, len(files))
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
                filesystem.get_file(f"{root}/{file}", str(copy / file))
            yield copy
            if returned:
                self._put(copy, returned)

    @contextmanager
    def made(self) -> Iterator[Path]:
        """Give a folder of this machine that becomes the output; OSError where there is something already."""
        if self.sizes():
            raise OSError(errno.ENOTEMPTY, "there is something already; choose another place", self.url)
        with tempfile.TemporaryDirectory(prefix="copydesk-") as name:
            folder = Path(name) / self.name
            folder.mkdir()
            yield folder
            self._put(folder)


Output = Folder | Bucket
# Of a corpus: what runs keep for themselves, and pages for people.
_NEVER_READ = (".work", "report.html", "report-documents")


def open_output(out: Path | str | Output) -> Output:
    """Return the output that a path or an fsspec URL names.

    >>> str(open_output("s3://news/corpus")), str(open_output("file:///srv/corpus"))
    ('s3://news/corpus', '/srv/corpus')
    """
    if isinstance(out, Folder | Bucket):
        return out
    name = str(out)
    if not is_url(name):
        return Folder(Path(out))
    return Folder(Path(name.removeprefix("file://"))) if name.startswith("file://") else Bucket(name.rstrip("/"))
