"""A place to break runs of the real command in: inputs, spoiled records, processes to kill, corpora to compare."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[3]

# Read by every Python that the laboratory starts: a text may ask for what is to happen to its worker.
SPOILER = """
import os, signal, time, re
from normalize import pipeline

begin = pipeline.Pipeline.begin

def spoiled(self, text, *rest):
    if "please wait" in text:
        time.sleep(0.003)
    if "please hang" in text:  # one call that holds the GIL for minutes
        re.match(r"(a|a)*b", "a" * 40)
    if "please crash" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "please exit" in text:
        os._exit(3)
    if "please raise" in text:
        raise RuntimeError("as asked")
    if "please exhaust" in text:
        raise MemoryError
    return begin(self, text, *rest)

pipeline.Pipeline.begin = spoiled
"""


@dataclass(frozen=True)
class Lab:
    folder: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def close(self) -> None:
        """End what a failed test left running."""
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    @property
    def inputs(self) -> Path:
        return self.folder / "in"

    def write(self, name: str, texts: list[str], *lines: str) -> Path:
        """Write a file of records, and then `lines` as they are."""
        self.inputs.mkdir(parents=True, exist_ok=True)
        path = self.inputs / name
        records = [json.dumps({"id": f"{name}-{n}", "text": text}) for n, text in enumerate(texts)]
        text = "".join(line + "\n" for line in (*records, *lines))
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return path

    def fill(self, files: int = 3, records: int = 120) -> None:
        """Write inputs that take a while, with what must be rejected among them."""
        for n in range(files):
            texts = [
                f"The  harbour of Vantaa was opened by its mayor on day {k}, please wait.\n" * 4 for k in range(records)
            ]
            bad_byte = '{"text": "The caf\udce9 is closed."}'
            self.write(f"{n}.jsonl", texts, '{"text": broken', '{"text": 7}', bad_byte)

    def command(self, out: str | Path, *options: object, of: str = "run", inputs: str | None = None) -> list[str]:
        read = [inputs or str(self.inputs), "-o"] if of == "run" else []
        usual = ["--preset", "text", "--shard-size", "16KiB", "--workers", "2"] if of == "run" else []
        where = str(out) if "://" in str(out) else str(self.folder / out)
        chosen = [str(o) for o in options]
        return [sys.executable, "-m", "corpus", of, *read, where, *usual, *chosen]

    def start(
        self,
        out: str | Path,
        *options: object,
        of: str = "run",
        inputs: str | None = None,
        shell: str = "",
        stderr: int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """Start the command in a process group of its own; `shell` are words before it, such as a limit."""
        (self.folder / "sitecustomize.py").write_text(SPOILER)
        paths = os.pathsep.join([str(self.folder), str(ROOT)])
        command = self.command(out, *options, of=of, inputs=inputs)
        if shell:
            command = ["bash", "-c", f'{shell}; exec "$@"', "bash", *command]
        process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(
        self, out: str | Path, *options: object, of: str = "run", inputs: str | None = None, shell: str = ""
    ) -> Done:
        return finish(self.start(out, *options, of=of, inputs=inputs, shell=shell))

    def begun(self, out: str | Path, *options: object, shards: int = 1) -> subprocess.Popen[str]:
        """Start a run and wait until it has done some of its shards, but not all."""
        process = self.start(out, *options)
        wait_for(lambda: len(reports(self.folder / out)) >= shards or process.poll() is not None)
        if process.poll() is None:
            return process
        assert finish(process).status == 0  # on a busy machine it may be over before we look
        shutil.rmtree(self.folder / out)
        return self.begun(out, *options, shards=shards)


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def last(self) -> str:
        return (self.out + self.err).strip().splitlines()[-1]


def finish(process: subprocess.Popen[str], timeout: float = 300) -> Done:
    out, err = process.communicate(timeout=timeout)
    assert "Traceback" not in err, err
    return Done(process.returncode, out, err)


def wait_for(condition, timeout: float = 60) -> float:
    """Wait until `condition` holds, and return how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < timeout, "waited in vain"
        time.sleep(0.01)
    return time.monotonic() - began


def reports(out: Path) -> list[Path]:
    return sorted((out / ".work").glob("[0-9]*.json"))


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if status[0] not in "ZX":
                found[int(entry.name)] = int(status[1])
    return found


def descendants(process: int) -> list[int]:
    """Return the living processes that `process` started, and those that they started."""
    parents = _parents()
    found: list[int] = [process]
    for one in found:
        found.extend(child for child, parent in parents.items() if parent == one)
    return found[1:]


def servers(process: int) -> list[int]:
    return [one for one in descendants(process) if "forkserver" in words(one) and _parents().get(one) == process]


def workers(process: int) -> list[int]:
    return [child for server in servers(process) for child in descendants(server)]


def words(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def alive(processes: list[int]) -> list[int]:
    living = _parents()
    return [one for one in processes if one in living]


def kill(process: int, number: int = signal.SIGKILL) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def content(out: Path) -> dict[str, bytes]:
    """Return all that a corpus is, by file; the card names the folder."""
    names = sorted(p for p in out.rglob("*") if p.is_file() and p.name != "README.md")
    return {str(p.relative_to(out)): p.read_bytes() for p in names}


def stands(out: Path) -> dict[str, tuple[int, int]]:
    """Return what lies in a folder, to see that nothing was touched."""
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in out.rglob("*") if p.is_file()}


def temporary(out: Path) -> list[Path]:
    return list(out.rglob(".*.tmp"))


def assert_whole_files(out: Path) -> None:
    """Everything under a final name can be read: nothing half written stands there."""
    for path in [*(out / "data").glob("*"), *(out / "rejected").glob("*")]:
        if not path.name.startswith("."):
            pl.read_parquet(path)
    for path in reports(out):
        json.loads(path.read_text())


def assert_accounts(out: Path) -> dict[str, int]:
    """Records in = rows + dropped + rejected, in the manifest and in the files."""
    account = json.loads((out / "manifest.json").read_text())["account"]
    rows = pl.scan_parquet(out / "data" / "*.parquet").select(pl.len()).collect().item()
    rejected = sum(pl.read_parquet(p).height for p in (out / "rejected").glob("*.parquet"))
    dropped = sum(account["dropped"].values())
    assert (account["rows"], account["rejected"]) == (rows, rejected)
    assert account["records"] == rows + rejected + dropped
    return {"rows": rows, "rejected": rejected}


def ends_as_unbroken(unbroken: tuple[Lab, dict[str, bytes]], out: str, *options: object) -> None:
    """A run into `out` ends in the bytes of the unbroken one."""
    lab, expected = unbroken
    done = lab.run(out, *options)
    assert done.status == 0, done.err
    assert content(lab.folder / out) == expected
