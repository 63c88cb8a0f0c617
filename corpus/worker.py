"""A worker: a process that carries out orders one by one and does not outlive the run."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from corpus.plan import ChangedError, shard_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from corpus.manifest import TaskReport
    from corpus.outputs import Output
    from corpus.plan import Task
    from corpus.tasks import Job, Progress

    class _DupFd(Protocol):
        def detach(self) -> int: ...


_LOOK = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Order:
    """Carry out `task`, or clean its records from `first` up to `end` one by one to see which of them kills."""

    task: Task
    killers: dict[int, str] = field(default_factory=dict)
    first: int = 0
    end: int = 0

    @property
    def is_probe(self) -> bool:
        """Whether nothing is to be written."""
        return self.end > 0


@dataclass(frozen=True, slots=True)
class Failed:
    """An order that failed in a way that trying again would not mend; `reason` is a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """An order that ended in an error nobody foresaw: as good as a death."""

    reason: str


class Ready:
    """The answer of a worker that has started, and to a probe that found nothing."""


class Lent:
    """An open file that a worker is to hold too, whatever way it is started."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def __reduce__(self) -> tuple[object, ...]:
        from multiprocessing.reduction import DupFd  # noqa: PLC0415

        return _receive, (DupFd(self._handle),)


def _receive(lent: _DupFd) -> int:
    return lent.detach()


def serve(orders: Connection, job: Job, total: int, out: Output, run: int, lifeline: int, _lock: int) -> None:
    """Carry out orders until there are no more.

    `run` is the process of the run, whose end is ours: `lifeline` is a pipe that it alone can write to.
    """
    os.environ["POLARS_MAX_THREADS"] = "1"  # each worker has its core
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run decides what Ctrl-C means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with(lifeline)
    threading.Thread(target=_watch, args=(run,), daemon=True).start()
    with suppress(EOFError, ConnectionError):  # the run is gone, and we are about to be
        orders.send(Ready())
        while (order := orders.recv()) is not None:
            orders.send(carry_out(order, job, total, out, orders.send))


def carry_out(
    order: Order, job: Job, total: int, out: Output, tell: Callable[[Progress], None]
) -> TaskReport | Ready | Failed | Crashed:
    """Carry out an order, and return its report (Ready after a probe) or what went wrong."""
    from corpus.tasks import probe_task, run_task  # noqa: PLC0415
    from corpus.writer import WriteError  # noqa: PLC0415

    try:
        with out.desk() as desk:
            if order.is_probe:
                probe_task(job, order.task, order.first, order.end, tell, desk, order.killers)
                return Ready()
            return run_task(job, order.task, shard_name(order.task.index, total), desk, tell, order.killers)
    except (WriteError, ChangedError) as error:
        return Failed(str(error))
    except ConnectionError:
        raise
    except OSError as error:
        return Failed(f"{error.filename or out}: {error.strerror or error}")
    except BaseException as error:  # noqa: BLE001 (the boundary: polars' panics are no Exceptions)
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Crashed(f"{type(error).__name__}: {error} ({os.path.basename(last.filename)}:{last.lineno})")  # noqa: PTH119


def end_with(lifeline: int) -> None:
    """Let the kernel end this process when the pipe's other end closes, however its process ended.

    A closing pipe sends SIGIO, whose default is death; a thread alone would wait for the GIL, which one long
    regular expression can hold for minutes.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _watch(run: int) -> None:
    """End when the run has: for a run that was gone before the pipe was watched."""
    while _lives(run):
        time.sleep(_LOOK)
    os._exit(1)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
