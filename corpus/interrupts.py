"""Ctrl-C and the like: asked once, a run ends what it has in hand; asked again, it stops at once."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType


class StoppedError(Exception):
    """A run that was asked to stop; `signal` is by what. What stands under final names is whole."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.signal = number


class Interrupts:
    """Takes SIGINT and SIGTERM while it is entered, where this is the main thread.

    The first SIGINT is noted in `asked`, and `tell` is called. The second, and any SIGTERM, raises StoppedError.
    """

    def __init__(self, tell: Callable[[], None] = lambda: None) -> None:
        self.asked = False
        self._tell = tell
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        """Take the signals."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _take(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and not self.asked:
            self.asked = True
            self._tell()
            return
        raise StoppedError("stopped at once", number)
