"""Workers, supervised: one that dies is replaced and its task tried again, and the record that kills is found."""

from __future__ import annotations

import json
import os
import signal
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, cast

from corpus.manifest import TaskReport
from corpus.tasks import Progress
from corpus.worker import Crashed, Failed, Lent, Order, Ready, serve
from corpus.writer import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess

    from corpus.interrupts import Interrupts
    from corpus.listener import Listener
    from corpus.outputs import Output
    from corpus.plan import Task
    from corpus.tasks import Job

# Pure modules that each worker needs: the server loads them once. polars is not among them, since its
# threads do not survive a fork.
_PRELOAD = ["__main__", "normalize.presets", "corpus.worker", "corpus.plan", "click"]
# What a worker has freed goes back to the system, which saves 30 MB. Read by the allocators (glibc's;
# polars' jemalloc) when a process starts. glibc keeps 4 MB for the arrays of the next batch: to fetch them anew, page by
# page, takes a tenth of the time.
_ALLOCATORS = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "4194304",
    "MALLOC_MMAP_THRESHOLD_": "4194304",
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0,narenas:1,tcache:false",
}
# After so many bytes of text a worker is replaced: in a long life its memory grows by crumbs that no allocator gives back.
_LIFE = 100 << 20  # two shards of the usual size
_TRIES = 2  # deaths of a task before its records are looked at, and of a record alone before it is blamed
_MOST_UNEXPLAINED = 5
_MOST_STILLBORN = 5


class RunError(Exception):
    """A run that failed; what stands under final names is whole, and the same command goes on from there."""


@dataclass(slots=True)
class Case:
    """What is known of a task whose worker died."""

    killers: dict[int, str] = field(default_factory=dict)
    deaths: int = 0
    unexplained: int = 0
    suspect: int | None = None
    suspicions: int = 0


@dataclass(slots=True)
class _Worker:
    process: ForkServerProcess
    orders: Connection
    lifeline: int
    order: Order | None = None
    ready: bool = False
    read: int = 0
    progress: Progress = field(default_factory=lambda: Progress(0, 0, 0))


class Supervisor:
    """The workers of one run."""

    def __init__(
        self,
        job: Job,
        total: int,
        out: Output,
        lock: IO[str],
        listener: Listener,
    ) -> None:
        self._job = job
        self._total = total
        self._out = out
        self._lock = lock
        self._listener = listener
        self._todo: deque[Order] = deque()
        self._cases: dict[int, Case] = {}
        self._workers: list[_Worker] = []
        self._stillborn = 0

    def reports(self, tasks: list[Task], workers: int, interrupts: Interrupts) -> Iterator[TaskReport]:
        """Yield the reports of `tasks` as they end. After an interruption, only those of the tasks in hand.

        Raises RunError where a task cannot be carried out.
        """
        self._cases = {task.index: Case(_read_killers(self._out, task.index)) for task in tasks}
        self._todo.extend(Order(task, self._cases[task.index].killers) for task in tasks)
        try:
            while self._busy() or (self._todo and not interrupts.asked):
                if not interrupts.asked:
                    self._hand_out(workers)
                for worker in self._stirring():
                    yield from self._hear(worker)
            self._dismiss()
        finally:
            self._kill()

    def _busy(self) -> bool:
        return any(worker.order is not None for worker in self._workers)

    def _hand_out(self, workers: int) -> None:
        """Give each idle worker an order, and start as many workers as there are orders and cores for."""
        idle = [worker for worker in self._workers if worker.order is None]
        while len(self._workers) < workers and len(idle) < len(self._todo):
            started = self._start()
            if started is None:
                break
            idle.append(started)
        for worker in idle:
            if worker.ready and self._todo:
                self._give(worker, self._todo.popleft())

    def _start(self) -> _Worker | None:
        """Start a worker; None where the server that forks them died over it: the next start finds another."""
        import multiprocessing  # noqa: PLC0415 (a small input needs no workers)

        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        ours, theirs = context.Pipe()
        watched, lifeline = os.pipe()
        held = (Lent(watched), Lent(self._lock.fileno()))
        arguments = (theirs, self._job, self._total, self._out, os.getpid(), *held)
        process = context.Process(target=serve, args=arguments, daemon=True)
        try:
            with _held_back(signal.SIGINT), _sparing():  # the server and its children never see Ctrl-C
                process.start()
        except (EOFError, ConnectionError) as error:
            for end in (ours, theirs):
                end.close()
            os.close(lifeline)
            self._count_stillborn(f"ended its server ({type(error).__name__})")
            return None
        finally:
            os.close(watched)
        theirs.close()
        worker = _Worker(process, ours, lifeline)
        self._workers.append(worker)
        return worker

    def _give(self, worker: _Worker, order: Order) -> None:
        worker.order, worker.progress = order, Progress(0, 0, 0)
        with suppress(OSError):  # a worker that died while idle is found by its pipe's end
            worker.orders.send(order)

    def _stirring(self) -> Iterator[_Worker]:
        """Yield the workers that have something to say or died."""
        from multiprocessing.connection import wait  # noqa: PLC0415 (as in _start)

        by_signal = {worker.orders: worker for worker in self._workers}
        for stirred in wait(list(by_signal), timeout=0.2):
            yield by_signal[cast("Connection", stirred)]

    def _hear(self, worker: _Worker) -> Iterator[TaskReport]:
        try:
            said = worker.orders.recv()
        except (EOFError, OSError):  # what it said before it died was heard already
            self._bury(worker)
            return
        order = worker.order
        if isinstance(said, Progress) and order is not None:
            worker.progress = said
            if not order.is_probe:
                self._listener.hears(order.task.index, said)
        elif isinstance(said, TaskReport) and order is not None:
            worker.order = None
            worker.read += order.task.weight
            if worker.read >= _LIFE:
                self._retire(worker)
            self._listener.hears(said.task, Progress.of(said.account))
            yield said
        elif isinstance(said, Failed):
            raise RunError(said.reason)
        elif isinstance(said, Crashed) and order is not None:
            worker.order = None
            self._look_into(order, worker.progress, f"failed: {said.reason}")
        elif isinstance(said, Ready):
            self._stillborn = 0
            worker.ready, worker.order = True, None
            if order is not None:  # a probe that killed nobody
                self._give_benefit(order, told=True)

    def _bury(self, worker: _Worker) -> None:
        """Remove a dead worker, and look into what it died of."""
        self._remove(worker)
        how = _tell_death(worker.process.exitcode)
        if not worker.ready:
            self._count_stillborn(how)
        elif worker.order is not None:
            self._look_into(worker.order, worker.progress, how)

    def _count_stillborn(self, how: str) -> None:
        self._stillborn += 1
        if self._stillborn >= _MOST_STILLBORN:
            raise RunError(
                f"no worker can be started: it {how} at once;"
                ' a script that runs a corpus needs `if __name__ == "__main__":`'
            )

    def _look_into(self, order: Order, progress: Progress, how: str) -> None:
        """Decide what to do about an order that died: try again, look at the records in hand, or give up."""
        case = self._cases[order.task.index]
        if order.is_probe:
            self._suspect(order, progress, how)
            return
        case.deaths += 1
        told = f"a worker {how} {_tell_place(order, progress)}"
        if case.deaths < _TRIES:
            self._listener.notes(f"{told}; its task is tried again")
            self._todo.appendleft(Order(order.task, case.killers))
        elif progress.first < progress.end:
            self._listener.notes(f"{told}; they are tried one by one")
            self._todo.appendleft(Order(order.task, case.killers, progress.first, progress.end))
        else:
            self._give_benefit(order, how, progress.place)

    def _suspect(self, probe: Order, progress: Progress, how: str) -> None:
        """Blame a record that killed twice when it was alone; else look at it alone."""
        case, number = self._cases[probe.task.index], progress.first
        if progress.end != number + 1:  # it died before it came to a record
            self._give_benefit(probe, how)
            return
        case.suspicions = case.suspicions + 1 if case.suspect == number else 1
        case.suspect = number
        if case.suspicions <= _TRIES:
            self._todo.appendleft(Order(probe.task, case.killers, number, number + 1))
            return
        case.killers[number] = f"cleaning it ends its worker every time: it {how}"
        self._listener.notes(f"{progress.place} is rejected: {case.killers[number]}")
        case.suspect, case.suspicions = None, 0
        _write_killers(self._out, probe.task.index, case.killers)
        self._todo.appendleft(Order(probe.task, case.killers))

    def _give_benefit(self, order: Order, how: str = "died", place: str = "", *, told: bool = False) -> None:
        """Try a task again whose worker died for no reason that was found, but not for ever."""
        case = self._cases[order.task.index]
        case.unexplained += 1
        if case.unexplained > _MOST_UNEXPLAINED:
            raise RunError(
                f"the worker that reads {order.task.name}{f' (after {place})' if place else ''} {how}"
                f" {case.unexplained} times, and no single record of it is the cause; is there memory enough?"
            )
        if not told:
            self._listener.notes(f"a worker {how} that read {order.task.name}; its task is tried again")
        self._todo.appendleft(Order(order.task, case.killers))

    def _retire(self, worker: _Worker) -> None:
        with suppress(OSError):
            worker.orders.send(None)
        worker.process.join(2)
        worker.process.kill()
        self._remove(worker)

    def _dismiss(self) -> None:
        for worker in self._workers:
            with suppress(OSError):
                worker.orders.send(None)
        for worker in self._workers:
            worker.process.join(2)

    def _kill(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        while self._workers:
            self._remove(self._workers[-1])

    def _remove(self, worker: _Worker) -> None:
        worker.process.join()
        worker.orders.close()
        os.close(worker.lifeline)
        self._workers.remove(worker)


def _read_killers(out: Output, index: int) -> dict[int, str]:
    """Return the records of a task that no worker survived, as an earlier attempt found them."""
    text = out.read(f".work/{index:05d}.killers")
    return {} if text is None else {int(number): reason for number, reason in json.loads(text).items()}


def _write_killers(out: Output, index: int, killers: dict[int, str]) -> None:
    with out.desk() as desk:
        write_text(desk / ".work" / f"{index:05d}.killers", json.dumps(killers))


def _tell_place(order: Order, progress: Progress) -> str:
    """Say at which records a worker was.

    >>> from corpus.inputs import InputFile, Part
    >>> from corpus.plan import Task
    >>> order = Order(Task(0, (Part(InputFile("a.jsonl", "a.jsonl", "jsonl")),)))
    >>> _tell_place(order, Progress(0, 0, 0)), _tell_place(order, Progress(99, 99, 0, 51, 99, "a.jsonl#byte=9000"))
    ('before the first record of a.jsonl', 'at the 48 records up to a.jsonl#byte=9000')
    """
    if not progress.place:
        return f"before the first record of {order.task.name}"
    held = progress.end - progress.first
    return f"at the {held} records up to {progress.place}" if held > 1 else f"at {progress.place}"


def _tell_death(status: int | None) -> str:
    """Say how a process ended.

    >>> _tell_death(-9), _tell_death(3)
    ('was killed by SIGKILL', 'ended with status 3')
    """
    if status is not None and status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}"


@contextmanager
def _held_back(number: signal.Signals) -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (number,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _sparing() -> Iterator[None]:
    """Let the processes that are started here be sparing with memory, unless the environment says otherwise."""
    added = {name: value for name, value in _ALLOCATORS.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]
