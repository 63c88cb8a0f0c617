"""Whoever wants to hear how a run goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.tasks import Progress


class Listener:
    """Hears how a run goes, and keeps it to itself: others override what they want to hear."""

    def stands(self, task: int, progress: Progress) -> None:
        """Take that a task was done before this run began."""

    def hears(self, task: int, progress: Progress) -> None:
        """Take how far a task is; its share is 1 when it is done."""

    def notes(self, sentence: str) -> None:
        """Take what went wrong and is being mended: a worker that died, the record that it died of."""

    def stops(self) -> None:
        """Take that a first Ctrl-C came: the tasks in hand are ended, and no other is begun."""
