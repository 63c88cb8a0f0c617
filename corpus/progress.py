"""What a person sees while a run goes on: how far it is, how fast, and how long it will take."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import click

from corpus.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.tasks import Progress

_TERMINAL, _LOG = 0.1, 60.0  # seconds between two lines
_SOON = 1.0  # seconds after which a rate says something


class ProgressLine(Listener):
    """A line on standard error: on a terminal always the newest, in a log one every minute.

    `weights` are the bytes of text of each task, as planned: what they hold apart would make a share of them.
    """

    def __init__(self, weights: Mapping[int, int]) -> None:
        self._weights = {task: max(weight, 1) for task, weight in weights.items()}
        self._terminal = sys.stderr.isatty()
        self._stood: dict[int, Progress] = {}
        self._tasks: dict[int, Progress] = {}
        self._began = self._told = time.monotonic()

    def stands(self, task: int, progress: Progress) -> None:
        """Count a task as done, but not as done in this run's time."""
        self._stood[task] = progress

    def hears(self, task: int, progress: Progress) -> None:
        """Take how far a task is."""
        self._tasks[task] = progress
        now = time.monotonic()
        if now - self._told >= (_TERMINAL if self._terminal else _LOG):
            self._told = now
            self._say(self.line(now - self._began))

    def notes(self, sentence: str) -> None:
        """Say what went wrong, above the line."""
        click.echo(f"\r{sentence}\x1b[K" if self._terminal else sentence, err=True)

    def stops(self) -> None:
        """Say what a first Ctrl-C does."""
        self.notes("stopping when the shards in hand are done; Ctrl-C again stops at once")

    def close(self) -> None:
        """Tell how long it took, where a person waited for it."""
        passed = time.monotonic() - self._began
        if self._tasks and (self._terminal or passed >= _LOG):
            self._say(self.line(passed, ended=True))
            if self._terminal:
                click.echo(err=True)

    def _say(self, line: str) -> None:
        if self._terminal:  # a line that is wider than the terminal could not be written over
            click.echo(f"\r{line[: _width() - 1]}\x1b[K", nl=False, err=True)
        else:
            click.echo(line, err=True)

    def line(self, passed: float, *, ended: bool = False) -> str:
        """Return how far the run is after `passed` seconds; what stood before it began took none of them.

        >>> from corpus.tasks import Progress
        >>> line = ProgressLine({0: 2_000_000, 1: 1_000_000, 2: 1_000_000})
        >>> line.stands(2, Progress(records=300, rows=300, rejected=0, share=1.0))
        >>> line.hears(0, Progress(records=500, rows=499, rejected=1, share=0.5))
        >>> line.line(10.0)
        '50%: 800 records, 1 rejected, 50 a second (0.1 MB), 20 s left'
        """
        here, stood = self._tasks.values(), self._stood.values()
        records = sum(p.records for p in here)
        rejected = sum(p.rejected for p in (*here, *stood))
        done = sum(p.share * self._weights[task] for task, p in self._tasks.items())
        todo = sum(weight for task, weight in self._weights.items() if task not in self._stood)
        share = 1 - (todo - done) / max(sum(self._weights.values()), 1)
        rate = f"{records / max(passed, 1e-6):,.0f} a second ({done / max(passed, 1e-6) / 1e6:.1f} MB)"
        left = f", {tell_duration((todo - done) / done * passed)} left" if done and passed >= _SOON else ""
        every = records + sum(p.records for p in stood)
        time_ = f", in {tell_duration(passed)}" if ended else left
        return f"{share:.0%}: {every:,} records, {rejected:,} rejected, {rate}{time_}"


class StageLine:
    """A line on standard error that names the stage of a piece of work: on a terminal always the newest, else none."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Take how many parts of a stage are done."""
        if self._terminal:
            click.echo(f"\r{stage}: {done:,} of {of:,}\x1b[K", nl=False, err=True)

    def close(self) -> None:
        """Clear the line."""
        if self._terminal:
            click.echo("\r\x1b[K", nl=False, err=True)


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def tell_duration(seconds: float) -> str:
    """Return a duration in words.

    >>> tell_duration(40), tell_duration(200), tell_duration(7_500)
    ('40 s', '3 min', '2 h 05')
    """
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"
