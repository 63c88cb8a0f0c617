"""Whitespace: line ends, runs of spaces, blank lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from normalize.edits import Edit
from normalize.facts import UNKNOWN, Facts
from normalize.steps import Guard, step

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = re.compile("  +")


@step(guard=Guard(literals=("  ",)))
def collapse_spaces(text: str, *, known: Facts = UNKNOWN) -> Iterator[Edit]:
    """Make every run of spaces one space.

    >>> collapse_spaces("one  two")
    'one two'
    """
    for run in _RUN.finditer(text):
        yield Edit(run.start() + 1, run.end(), "", "run")
