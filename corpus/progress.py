"""What a person sees while a run goes on: how far it is, how fast, and how long it will take."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from corpus.tasks import Progress

_TERMINAL, _LOG = 0.1, 60.0  # seconds between two lines


class ProgressLine:
    """A line on standard error: on a terminal always the newest, in a log one every minute."""

    def __init__(self, of: int) -> None:
        self._of = of
        self._terminal = sys.stderr.isatty()
        self._tasks: dict[int, Progress] = {}
        self._began = self._told = time.monotonic()

    def __call__(self, task: int, progress: Progress) -> None:
        """Take how far a task is."""
        self._tasks[task] = progress
        now = time.monotonic()
        if now - self._told >= (_TERMINAL if self._terminal else _LOG):
            self._told = now
            line = self.line(now - self._began)
            click.echo(f"\r{line}\x1b[K" if self._terminal else line, nl=not self._terminal, err=True)

    def line(self, passed: float) -> str:
        """Return how far the run is after `passed` seconds.

        >>> from corpus.tasks import Progress
        >>> line = ProgressLine(2)
        >>> line(0, Progress(records=500, rows=499, rejected=1, share=0.5))
        >>> line.line(10.0)
        '25%: 500 records, 1 rejected, 50 a second, 30 s left'
        """
        records = sum(p.records for p in self._tasks.values())
        rejected = sum(p.rejected for p in self._tasks.values())
        share = sum(p.share for p in self._tasks.values()) / max(self._of, 1)
        left = f", {tell_duration(passed / share - passed)} left" if share > 0.001 else ""
        rate = records / max(passed, 1e-6)
        return f"{share:.0%}: {records:,} records, {rejected:,} rejected, {rate:,.0f} a second{left}"

    @staticmethod
    def tell_stopping() -> None:
        """Say what a first Ctrl-C does."""
        click.echo("\nstopping when the shards in hand are done; Ctrl-C again stops at once", err=True)

    def close(self) -> None:
        """End the line."""
        if self._terminal and self._tasks:
            click.echo(err=True)


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


def tell_duration(seconds: float) -> str:
    """Return a duration in words.

    >>> tell_duration(40), tell_duration(200), tell_duration(7_500)
    ('40 s', '3 min', '2 h 05')
    """
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02}"
