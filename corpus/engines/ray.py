"""Ray: the tasks of a run on a cluster. Ray does the distributing; a task is what it is everywhere."""

from __future__ import annotations

import os
import socket
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.interrupts import Interrupts
from corpus.listener import Listener
from corpus.manifest import TaskReport
from corpus.supervisor import RunError, Supervisor
from corpus.tasks import Progress
from corpus.worker import Crashed, Failed, Order, carry_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.outputs import Output
    from corpus.plan import Task
    from corpus.tasks import Job

_RETRIES = 2  # by Ray, of a task whose worker or machine died; then its records are looked at
_ENVIRONMENT = {"POLARS_MAX_THREADS": "1"}  # each task has its core


def reports(
    job: Job,
    tasks: list[Task],
    total: int,
    out: Output,
    workers: int | None,
    interrupts: Interrupts,
    listener: Listener,
) -> Iterator[TaskReport]:
    """Yield the reports of `tasks` as they end, `workers` at once (None: one for each core of the cluster).

    The cluster is the one that RAY_ADDRESS names or that runs here, else one is started on this machine. Its
    machines need copydesk[ray], the inputs and `out` under the same names. A task whose worker dies is tried
    again by Ray; when that does not help, the supervisor of the local engine carries it out, on the cluster,
    and finds the record that kills. Raises RunError where a task cannot be carried out.
    """
    ray = _connected(workers)
    remote = {
        supervised: ray.remote(num_cpus=1, max_retries=_RETRIES)(_supervise if supervised else _carry_out)
        for supervised in (False, True)
    }
    shared = ray.put((job, total, out))
    width = workers or int(ray.cluster_resources().get("CPU", 1))
    todo = deque((task, False) for task in tasks)
    running: dict[Any, tuple[Task, bool]] = {}
    try:
        while running or (todo and not interrupts.asked):
            while todo and len(running) < width and not interrupts.asked:
                task, supervised = todo.popleft()
                running[remote[supervised].remote(shared, task)] = (task, supervised)
            for ended in ray.wait(list(running), timeout=0.2)[0]:
                task, supervised = running.pop(ended)
                said = _result(ray, ended)
                if isinstance(said, TaskReport):
                    listener.hears(said.task, Progress.of(said.account))
                    yield said
                elif isinstance(said, Crashed) and not supervised:
                    listener.notes(f"{task.name}: {said.reason}; its task is tried again")
                    todo.appendleft((task, True))
                else:
                    raise RunError(said.reason)
    finally:
        for reference in running:
            ray.cancel(reference, force=True)
        ray.shutdown()


def _connected(workers: int | None) -> Any:  # noqa: ANN401 (Ray's module; it has no types that we could rely on)
    try:
        import ray  # noqa: PLC0415
    except ImportError as error:
        raise RunError("the engine ray needs Ray: pip install 'copydesk[ray]'") from error
    address = os.environ.get("RAY_ADDRESS", "local")
    options = {"log_to_driver": False, "logging_level": "error"}
    try:
        if address == "local":
            os.environ.update(_ENVIRONMENT)  # which Ray's processes inherit
            ray.init(address="local", num_cpus=workers, include_dashboard=False, **options)
        else:
            _knock(address)
            ray.init(runtime_env={"env_vars": _ENVIRONMENT}, **options)
    except (OSError, RuntimeError, ValueError) as error:
        raise RunError(f"the Ray cluster cannot be reached: {str(error).strip().splitlines()[0]}") from error
    return ray


def _knock(address: str) -> None:
    """Raise OSError where nobody listens at "host:port" or "ray://host:port": Ray itself would wait for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


def _result(ray: Any, reference: object) -> TaskReport | Failed | Crashed:  # noqa: ANN401
    try:
        said = ray.get(reference)
    except ray.exceptions.RayError as error:
        return Crashed(f"{type(error).__name__}: {str(error).strip().splitlines()[0]}")
    if isinstance(said, TaskReport | Failed | Crashed):
        return said
    return Crashed(f"a worker answered {said!r}")


def _carry_out(shared: tuple[Job, int, Output], task: Task) -> object:
    """Carry out a task in a worker of Ray's."""
    job, total, out = shared
    return carry_out(Order(task), job, total, out, lambda _: None)


def _supervise(shared: tuple[Job, int, Output], task: Task) -> object:
    """Carry out a task that kills in a process of its own, and leave out the records that do."""
    job, total, out = shared
    with Path(os.devnull).open() as nothing:
        try:
            supervisor = Supervisor(job, total, out, nothing, Listener())
            return next(supervisor.reports([task], 1, Interrupts()))
        except RunError as error:
            return Failed(str(error))
